"""The throwaway service for other teams' tests: a database, a user and a clock of its own."""
