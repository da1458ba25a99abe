"""The HTTP service: SPARQL, resources that dereference, the vocabulary, pages to read."""
