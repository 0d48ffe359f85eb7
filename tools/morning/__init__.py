"""A morning with Questline, played against a throwaway service and told in the terminal."""
