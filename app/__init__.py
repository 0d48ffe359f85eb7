"""Questline: one async GraphQL API service for personal growth apps."""
