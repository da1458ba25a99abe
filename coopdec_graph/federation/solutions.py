"""The answer of an endpoint (SPARQL 1.1 Query Results JSON Format), written as inline data.

The engine's own reader of this format is not used: it recurses without a limit on nested triple
terms, which would end the process, and refuses blank nodes as some servers label them.
"""

from __future__ import annotations

import json
from collections.abc import Set
from typing import Any
from uuid import UUID, uuid4, uuid5

import pyoxigraph as ox

__all__ = ["MOST_ROWS", "NotAResult", "TooManyRows", "inline_data"]

MOST_ROWS = 10_000


class NotAResult(Exception):
    """The bytes are no complete SPARQL result, or hold a term that cannot be written."""


class TooManyRows(Exception):
    """More rows than a query takes; nothing is cut."""


def inline_data(body: bytes, variables: Set[str]) -> str:
    """The rows of a result as `VALUES (…) {…}` on one line (SPARQL 1.1, 10.2).

    Columns that are not in `variables` are left out. A blank node becomes a `urn:uuid:` IRI, the
    same wherever the result has it and in no other result: it joins with nothing else, as a blank
    node, and VALUES can hold it (RDF 1.1 Concepts, 3.5). Raises NotAResult and TooManyRows.
    """
    try:
        document = json.loads(body)
        names, rows = document["head"]["vars"], document["results"]["bindings"]
        columns = [name for name in dict.fromkeys(names) if name in variables]
        if len(rows) > MOST_ROWS:
            raise TooManyRows
        genid = uuid4()
        written = " ".join(_row(row, set(names), columns, genid) for row in rows)
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        raise NotAResult from None
    header = " ".join(f"?{name}" for name in columns)
    return f"VALUES ({header}) {{ {written} }}"


def _row(row: dict[str, Any], names: set[str], columns: list[str], genid: UUID) -> str:
    if row.keys() - names:
        raise NotAResult
    cells = (_term(row[name], genid) if name in row else "UNDEF" for name in columns)
    return f"({' '.join(cells)})"


def _term(cell: dict[str, Any], genid: UUID) -> str:
    """A term as SPARQL writes it. The engine's terms check and escape what they are given."""
    value = cell["value"]
    match cell["type"]:
        case "uri":
            return str(ox.NamedNode(value))
        case "bnode":
            return str(ox.NamedNode(uuid5(genid, value).urn))
        case "literal" | "typed-literal":  # the second is Virtuoso's
            return str(_literal(cell))
        case "triple":
            parts = (_term(value[part], genid) for part in ("subject", "predicate", "object"))
            return f"<<( {' '.join(parts)} )>>"
        case _:
            raise NotAResult


def _literal(cell: dict[str, Any]) -> ox.Literal:
    value, language, datatype = cell["value"], cell.get("xml:lang"), cell.get("datatype")
    if not isinstance(value, str):
        raise NotAResult
    if language:
        direction = cell.get("its:dir")
        base = ox.BaseDirection(direction) if direction else None
        return ox.Literal(value, language=language, direction=base)
    return ox.Literal(value, datatype=ox.NamedNode(datatype) if datatype else None)
