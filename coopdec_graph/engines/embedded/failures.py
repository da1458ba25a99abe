"""Errors across the border between two processes: as JSON, never as pickled objects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from coopdec_graph.errors import (
    NoFormat,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooBig,
    ResultTooBig,
    UpdateRefused,
)
from coopdec_graph.language import Bilingual
from coopdec_graph.results.errors import NotWritable

__all__ = ["from_wire", "to_wire"]

_CLASSES: dict[str, type[QueryError]] = {
    kind.__name__: kind
    for kind in (
        NoFormat,
        NotWritable,
        QueryFailed,
        QueryForbidden,
        QuerySyntaxError,
        QueryTooBig,
        ResultTooBig,
        UpdateRefused,
    )
}


def to_wire(error: QueryError) -> dict[str, Any]:
    """The error as a JSON object: its nearest class that both sides know, its message in both languages, its details."""
    known = (kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _CLASSES)
    return {
        "class": next(known, QueryFailed.__name__),
        "fr": error.text("fr"),
        "en": error.text("en"),
        "details": dict(error.details),
    }


def from_wire(payload: Mapping[str, Any]) -> QueryError:
    """The same error again."""
    kind = _CLASSES[payload["class"]]
    return kind(Bilingual(payload["fr"], payload["en"])).detailed(payload["details"])
