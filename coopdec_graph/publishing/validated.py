"""Statements of links that satisfy the shapes: what breaks one is left out alone, and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from coopdec_graph.graph.statements import Statement, as_rdflib, merge_n_quads, n_quads
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.validation import Severity, validate

__all__ = ["Made", "RefusedLink", "valid_quads"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RefusedLink:
    """What has no links because they break a shape: a defect of ours, or of a table."""

    subject: str
    shape: str


@dataclass(frozen=True, slots=True)
class Made:
    """N-Quads, and what was left out of them."""

    quads: bytes
    refused: tuple[RefusedLink, ...] = ()


def valid_quads(
    items: Sequence[T],
    statements_of: Callable[[Sequence[T]], Sequence[Statement]],
    around: Callable[[T], Sequence[Statement]],
    name: Callable[[T], str],
) -> Made:
    """The statements of some items, validated together.

    `around` gives what the shapes want to see of an item and is published elsewhere, `name` what an
    item that is refused is called.
    """
    statements = statements_of(items)
    data = as_rdflib([*statements, *(fact for item in items for fact in around(item))])
    broken = validate(data, shipped_shapes(), shipped_vocabulary()).by_severity(Severity.VIOLATION)
    if not broken:
        return Made(n_quads(statements))
    if len(items) == 1:
        return Made(b"", (RefusedLink(name(items[0]), broken[0].shape),))
    # One of them is at fault, and the others are not to suffer for it: halved until it is alone.
    middle = len(items) // 2
    first = valid_quads(items[:middle], statements_of, around, name)
    second = valid_quads(items[middle:], statements_of, around, name)
    return Made(merge_n_quads(first.quads, second.quads), (*first.refused, *second.refused))
