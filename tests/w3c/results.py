"""Results compared as SPARQL means it: rows as a multiset, blank nodes up to their names.

Each result becomes an RDF dataset in canonical form (RDFC-1.0), so that two results are the same
exactly when their datasets are equal. `normalised` spells literals as the store does, which keeps
the value of `01` and `1.0E3` and not their spelling.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pyoxigraph as ox

__all__ = ["Form", "Rows", "graph_form", "normalised", "parse_rows", "result_set", "rows_form"]

Term = ox.NamedNode | ox.Literal | ox.BlankNode
Rows = list[dict[str, Term]]
Form = frozenset[ox.Quad]

_RESULT_SET = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_ROW = ox.NamedNode("urn:row")
_TIMES = ox.NamedNode("urn:times")
_PLACE = ox.NamedNode("urn:place")


def parse_rows(content: bytes, format: ox.QueryResultsFormat) -> tuple[set[str], Rows] | bool:
    """The variables and rows of a result, or its answer to ASK."""
    parsed = ox.parse_query_results(content, format)
    if isinstance(parsed, ox.QueryBoolean):
        return bool(parsed)
    names = [variable.value for variable in parsed.variables]
    rows = [{name: row[name] for name in names if row[name] is not None} for row in parsed]
    return set(names), rows


def result_set(triples: Iterable[ox.Triple]) -> tuple[set[str], Rows] | None:
    """The variables and rows that a graph describes in the older result-set vocabulary, if any."""
    values: dict[Term, dict[str, list[Term]]] = {}
    for triple in triples:
        name = triple.predicate.value.removeprefix(_RESULT_SET)
        values.setdefault(triple.subject, {}).setdefault(name, []).append(triple.object)
    for described in values.values():
        if "resultVariable" in described:
            solutions = [values[solution]["binding"] for solution in described["solution"]]
            rows = [_bindings([values[node] for node in nodes]) for nodes in solutions]
            return {variable.value for variable in described["resultVariable"]}, rows
    return None


def _bindings(described: list[dict[str, list[Term]]]) -> dict[str, Term]:
    return {binding["variable"][0].value: binding["value"][0] for binding in described}


def normalised(term: Term) -> Term:
    """The term as a store gives it back."""
    if not isinstance(term, ox.Literal):
        return term
    store = ox.Store()
    store.add(ox.Quad(_ROW, _ROW, term))
    [quad] = store
    return quad.object


def rows_form(rows: Rows, *, ordered: bool, normalise: bool) -> Form:
    """The canonical form of rows; their order counts when `ordered`."""
    change = normalised if normalise else lambda term: term
    seen = [frozenset((name, change(term)) for name, term in row.items()) for row in rows]
    if ordered:
        return _canonical(_described(row, _PLACE, place) for place, row in enumerate(seen))
    return _canonical(_described(row, _TIMES, times) for row, times in Counter(seen).items())


def _described(
    row: frozenset[tuple[str, Term]], predicate: ox.NamedNode, number: int
) -> list[ox.Quad]:
    node = ox.BlankNode()
    cells = [ox.Quad(node, ox.NamedNode(f"urn:cell:{name}"), term) for name, term in row]
    return [ox.Quad(_ROW, _ROW, node), ox.Quad(node, predicate, ox.Literal(number)), *cells]


def graph_form(triples: Iterable[ox.Triple], *, normalise: bool) -> Form:
    """The canonical form of a graph."""
    change = normalised if normalise else lambda term: term
    return _canonical(
        [ox.Quad(triple.subject, triple.predicate, change(triple.object))] for triple in triples
    )


def _canonical(parts: Iterable[list[ox.Quad]]) -> Form:
    dataset = ox.Dataset(quad for part in parts for quad in part)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(dataset)
