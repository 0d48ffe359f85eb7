"""The door: GraphQL over HTTP, the page of GraphiQL, and the health checks."""
