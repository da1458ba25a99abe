"""The Model Context Protocol: the questions, a search and SPARQL as tools of a language model's client.

What a tool does is apart from how it is reached: `tools.py` lists them, `protocol.py` hands them to
the official SDK, `http.py` and `stdio.py` are the two ways in.
"""
