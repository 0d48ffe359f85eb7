"""Measures the service beside other ways to give the same answers: `make bench`."""
