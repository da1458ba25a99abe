"""A remote SPARQL 1.1 store, read and loaded by the standard protocols."""
