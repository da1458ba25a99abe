"""Names of the published test graph, and requests that change it."""

from __future__ import annotations

from pathlib import Path

BASE = "https://w3id.org/coopdec/"
GRAPH = f"{BASE}graph/"
KEY = "atlas-3203"
PARTNERSHIP = f"{BASE}id/partnership/{KEY}"
SOURCE = f"{GRAPH}source/{KEY}"
LINKS = f"{GRAPH}links/exemple"
SAME_AS = b"<http://www.w3.org/2002/07/owl#sameAs>"

RENAME = f"""
    WITH <{SOURCE}> DELETE {{ ?p dct:title ?old }} INSERT {{ ?p dct:title "Titre corrigé"@fr }}
    WHERE {{ ?p a cd:Partnership ; dct:title ?old }}
"""
# A funding line of 8000.50 euros is not one of 8000.5: only the file tells them apart.
RAISE = """
    DELETE { GRAPH ?g { ?line cd:amount ?old } } INSERT { GRAPH ?g { ?line cd:amount ?new } }
    WHERE { GRAPH ?g { ?line a cd:FundingLine ; cd:amount ?old } BIND(?old + 1 AS ?new) }
"""
TITLE_TWICE = f'INSERT DATA {{ GRAPH <{SOURCE}> {{ <{PARTNERSHIP}> dct:title "Encore"@fr }} }}'


def lines(out: Path) -> list[bytes]:
    """The lines of the current graph."""
    return (out / "current" / "graph.nq").read_bytes().rstrip(b"\n").split(b"\n")


def in_graph(found: set[bytes], *names: str) -> set[bytes]:
    """Those lines that are in one of some graphs, named below `graph/`."""
    ends = tuple(f" <{GRAPH}{name}> .".encode() for name in names)
    return {line for line in found if line.endswith(ends)}
