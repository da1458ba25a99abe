"""The IRIs that a query names, as IRIs or as prefixed names: found to be checked before it runs.

Left out are what is in a string or a comment, what a query declares, what CONSTRUCT makes, datatypes.
The tokens may guess wrongly (`graph/sparql_tokens.py`); that only decides what is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from coopdec_graph.graph.sparql_tokens import Token, tokens
from coopdec_graph.namespaces import PREFIXES

__all__ = ["Named", "named_terms"]

_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Named:
    """An IRI, and how the query writes it."""

    iri: str
    written: str


def named_terms(query: str) -> list[Named]:
    """Each IRI once, in the order in which the query names them."""
    prefixes = dict(PREFIXES)
    base = ""
    found: dict[str, Named] = {}
    for token in _asked_for(list(tokens(query)), prefixes):
        if token.kind == "base":
            base = urljoin(base, token.text[1:-1])
            continue
        iri = _iri(token, prefixes, base)
        if iri is not None:
            found.setdefault(iri, Named(iri, token.text))
    return list(found.values())


def _iri(token: Token, prefixes: dict[str, str], base: str) -> str | None:
    """None for a prefix that is not declared: the parser will say so."""
    if token.kind == "iri":
        return urljoin(base, token.text[1:-1]) if base else token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    namespace = prefixes.get(prefix)
    return None if namespace is None else namespace + _ESCAPED.sub(r"\1", local)


def _asked_for(found: Sequence[Token], prefixes: dict[str, str]) -> Iterator[Token]:
    """The IRIs and names that are looked for in the graph, and (as `base`) those of BASE.

    Prefixes that are declared are noted on the way: a query declares them first.
    """
    place = 0
    while place < len(found):
        token = found[place]
        word = token.text.lower() if token.kind == "word" else ""
        after = [each.kind for each in found[place + 1 : place + 3]]
        if word == "prefix" and after == ["name", "iri"]:
            prefixes[found[place + 1].text[:-1]] = found[place + 2].text[1:-1]
            place += 2
        elif word == "base" and after[:1] == ["iri"]:
            iri = found[place + 1]
            yield Token("base", iri.text, iri.start, iri.end)
            place += 1
        elif word == "construct":
            place = _after_template(found, place)
        elif token.text == "^^":
            place += 1
        elif token.kind in ("iri", "name"):
            yield token
        place += 1


def _after_template(found: Sequence[Token], place: int) -> int:
    """The place of the bracket that closes a template: what it makes need not be in the graph."""
    if place + 1 >= len(found) or found[place + 1].text != "{":
        return place
    depth, end = 0, place
    for end in range(place + 1, len(found)):
        if found[end].kind == "sign":
            depth += {"{": 1, "}": -1}.get(found[end].text, 0)
        if not depth:
            break
    return end
