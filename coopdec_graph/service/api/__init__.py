"""`/api/v1`: the lists of the release's entities, answered from its index."""
