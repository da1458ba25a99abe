"""Terms as the formats that are not RDF see them: a text, and a number where it can be one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.results.errors import TooManyRows

__all__ = [
    "BOOLEANS",
    "MANY_ROWS",
    "INTEGERS",
    "REALS",
    "XSD",
    "Limited",
    "Table",
    "Term",
    "number_of",
    "text_of",
]

MANY_ROWS = Bilingual(
    "Le résultat a plus de {most} lignes. Ajoutez LIMIT, ou agrégez.",
    "The result has more than {most} rows. Add LIMIT, or aggregate.",
)

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

XSD = "http://www.w3.org/2001/XMLSchema#"
INTEGERS = frozenset(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
REALS = frozenset({XSD + "double", XSD + "float"})
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}

_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_DECIMAL = re.compile(r"[+-]?([0-9]*)\.?([0-9]*)")
_REAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")


def text_of(term: Term) -> str:
    """An IRI, the text of a literal, `_:label` of a blank node, a triple term as in N-Triples."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return _in_triples(term)


def _in_triples(term: Term) -> str:
    """A term as N-Triples 1.2 has it; the engine leaves out the brackets of a triple term."""
    if isinstance(term, ox.Triple):
        parts = (term.subject, term.predicate, term.object)
        return f"<<( {' '.join(map(_in_triples, parts))} )>>"
    return str(term)


def number_of(literal: ox.Literal) -> int | float | None:
    """The number a literal is, where a double holds all its digits; else None.

    JSON readers and spreadsheets have doubles only: 15 digits are safe. A double that is not a
    number, or infinite, is None too, as they have no way to write it.
    """
    kind, text = literal.datatype.value, literal.value
    if kind in INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else None
    if kind == XSD + "decimal":
        match = _DECIMAL.fullmatch(text)
        if match is None or not 1 <= len(match[1] + match[2]) <= 15:
            return None
        return float(text)
    if kind in REALS and _REAL.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else None
    return None


class Table(Protocol):
    """Rows to write: the names of their columns; how many were given so far, and whether they are all."""

    names: list[str]
    rows: int
    truncated: bool

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]: ...

    def __next__(self) -> tuple[Term | None, ...]: ...


class Limited(Table):
    """The rows of a result up to a limit; afterwards `rows` and `truncated` say what happened.

    Raises TooManyRows past the limit unless `cut`.
    """

    def __init__(self, result: ox.QuerySolutions, most: int | None, cut: bool) -> None:
        self.names = [variable.value for variable in result.variables]
        self.rows = 0
        self.truncated = False
        self._result: ox.QuerySolutions | None = result
        self._most = most
        self._cut = cut

    def __iter__(self) -> Iterator[tuple[Term | None, ...]]:
        return self

    def __next__(self) -> tuple[Term | None, ...]:
        if self._result is None:
            raise StopIteration
        row = next(self._result)
        if self.rows == self._most:
            if not self._cut:
                raise TooManyRows(MANY_ROWS, most=self._most)
            self.truncated = True
            self.close()
            raise StopIteration
        self.rows += 1
        return tuple(row)

    def close(self) -> None:
        """Lets go of the result, whoever still holds these rows."""
        self._result = None
