"""The database's own account of itself: reads a migrated catalogue, writes the schema page."""
