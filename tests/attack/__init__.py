"""Attacks on a running service: what is refused, what it costs, and what it leaves behind."""
