"""The answer to a question in JSON: rows as plain objects, beside what produced them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from coopdec_graph.graph.query import Term
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.questions.catalogue import QuestionFile
from coopdec_graph.questions.shown import sparql_of
from coopdec_graph.results.terms import INTEGERS, REALS

__all__ = ["columns_of", "document_of", "plain_rows", "shown", "yes_or_no"]

_XSD = PREFIXES["xsd"]
_NUMBERS = frozenset({*INTEGERS, *REALS, f"{_XSD}decimal", f"{_XSD}gYear"})
_BOOLEAN = f"{_XSD}boolean"


def columns_of(body: bytes) -> list[str]:
    """The columns of a SPARQL result in JSON."""
    names: list[str] = json.loads(body)["head"]["vars"]
    return names


def yes_or_no(body: bytes) -> bool:
    """The answer to an ASK in JSON."""
    return bool(json.loads(body)["boolean"])


def plain_rows(body: bytes) -> list[dict[str, object]]:
    """The rows of a SPARQL result in JSON, each with every column; what is unbound is None."""
    result = json.loads(body)
    columns = result["head"]["vars"]
    found = result["results"]["bindings"]
    return [{name: _value(row.get(name)) for name in columns} for row in found]


def _value(term: Mapping[str, Any] | None) -> object:
    """A number or a boolean where the datatype says so; else the text, or the IRI."""
    if term is None:
        return None
    text, datatype = shown(term), term.get("datatype")
    if datatype == _BOOLEAN:
        return text in ("true", "1")
    if datatype not in _NUMBERS:
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        # A year may have a time zone.
        return text
    if not number.is_finite():
        # JSON has no way to write it.
        return text
    if datatype in REALS:
        return float(number)
    return int(number) if number == number.to_integral_value() else float(number)


def shown(term: Mapping[str, Any]) -> str:
    """A term as text; a triple term as SPARQL 1.2 writes it."""
    value = term["value"]
    if term["type"] != "triple":
        return str(value)
    parts = (shown(value[part]) for part in ("subject", "predicate", "object"))
    return f"<<( {' '.join(parts)} )>>"


def document_of(
    question: QuestionFile,
    bindings: Mapping[str, Term],
    release: str,
    body: bytes,
    cut: bool,
    total: int | None,
) -> dict[str, object]:
    """The document, from rows as an engine writes them in JSON.

    `total` is that of a cut answer: None when there are more rows than an answer may have.
    """
    rows = plain_rows(body)
    return {
        "question": question.name,
        "release": release,
        "parameters": {name: term.value for name, term in bindings.items()},
        "reading": question.reading.to_dict(),
        "total": total if cut else len(rows),
        "truncated": cut,
        "sparql": sparql_of(question, bindings),
        "columns": list(question.columns),
        "rows": rows,
    }
