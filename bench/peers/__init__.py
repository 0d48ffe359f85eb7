"""Other GraphQL services over the same database, which `PEERS=1` measures beside."""
