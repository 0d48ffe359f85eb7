"""Completing and taking back, for this room's own mutations and for the rooms above it."""
