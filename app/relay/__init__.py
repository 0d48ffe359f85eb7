"""The relay: carries the outbox to a destination, at least once and in order per user."""
