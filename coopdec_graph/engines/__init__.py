"""SPARQL engines behind one door (`base.py`): the embedded one, and any remote store."""
