"""The index of a release: its entities as records, with filters, facets, orders and words."""
