"""Demo users in any number: whole lives, made from a seed and loaded through COPY."""

from app.bulk.load import Loaded, load

__all__ = ["Loaded", "load"]
