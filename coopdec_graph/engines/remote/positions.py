"""Positions as they were published, from a store that keeps them in a type of its own.

Virtuoso 7 turns a WKT literal into its `virtrdf:Geometry`, with numbers in single precision:
`POINT(-0.37184 11.78442)` comes back as `POINT(-0.37184000015259 11.784420013428)`. What we publish
has five decimals (a metre), which single precision tells apart up to 128 degrees; beyond, in the
Pacific and its shores, the last decimal of a longitude may differ by one.
"""

from __future__ import annotations

import re

from coopdec_graph.namespaces import GEO

__all__ = ["as_published"]

_THEIRS = b"http://www.openlinksw.com/schemas/virtrdf#Geometry"
_OURS = str(GEO.wktLiteral).encode()
_NUMBER = rb"(-?[0-9]{1,3}(?:\.[0-9]{1,20})?(?:e-?[0-9]{1,2})?)"
_POINT = rb"POINT\(" + _NUMBER + rb" " + _NUMBER + rb"\)"
# In N-Triples, and in SPARQL's JSON with its members in either order.
_LITERALS = re.compile(
    rb"(\"" + _POINT + rb"\"\^\^<)" + _THEIRS + rb">"
    rb"|(\"datatype\" ?: ?\")" + _THEIRS + rb"(\", ?\"value\" ?: ?\")" + _POINT
)
_DECIMALS = 5


def as_published(body: bytes) -> bytes:
    """A result in N-Triples or SPARQL JSON with its points as WKT literals again."""
    return _LITERALS.sub(_literal, body) if _THEIRS in body else body


def _literal(found: re.Match[bytes]) -> bytes:
    if found[1] is not None:
        return b'"' + _written(found[2], found[3]) + b'"^^<' + _OURS + b">"
    return found[4] + _OURS + found[5] + _written(found[6], found[7])


def _written(*numbers: bytes) -> bytes:
    texts = (f"{float(number):.{_DECIMALS}f}".rstrip("0").rstrip(".") for number in numbers)
    return f"POINT({' '.join(texts)})".encode()
