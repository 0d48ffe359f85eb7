"""Tests of the compiled executor: it answers as graphql-core does, to the letter."""
