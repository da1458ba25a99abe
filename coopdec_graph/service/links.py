"""A value with the place it leads to, and the choice of a name by language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.language import Language

__all__ = ["Link", "best_names"]


@dataclass(frozen=True, slots=True)
class Link:
    """A value to show: its text, where it leads, if anywhere, and the language of the text."""

    text: str
    href: str | None = None
    language: str | None = None


def best_names(labels: Iterable[tuple[str, Term | None]], language: Language) -> dict[str, str]:
    """One name per IRI: in the reader's language where there is one, else in any."""
    best: dict[str, tuple[bool, str]] = {}
    for iri, label in labels:
        if isinstance(label, ox.Literal):
            candidate = (label.language != language, label.value)
            best[iri] = min(best.get(iri, candidate), candidate)
    return {iri: name for iri, (_, name) in best.items()}
