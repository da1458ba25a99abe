"""From the model to RDF, and the only door to the embedded store."""
