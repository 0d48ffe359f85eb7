"""What questline is measured against: an ASGI endpoint with SQL written by hand, no GraphQL."""
