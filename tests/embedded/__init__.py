"""Tests of the embedded server's supervisor."""
