"""Reference data that ships with the product, as plain objects: bodies and places, no RDF."""
