"""Rows of the other themes' table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from coopdec_graph.privacy import scrub
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.record import PrintedTheme
from coopdec_graph.sources.atlas.tables import Row, rows
from coopdec_graph.sources.atlas.values import read_integer
from coopdec_graph.vocabulary import Concept, thesaurus

__all__ = ["read_themes"]


def read_themes(section: Section, ledger: Ledger) -> tuple[PrintedTheme, ...]:
    themes = [_theme(row, section.label.field, ledger) for row in rows(section, ledger)]
    return tuple(theme for theme in themes if theme is not None)


def _theme(row: Row, field: str, ledger: Ledger) -> PrintedTheme | None:
    theme = _theme_of_cells(row.cells) if row.cells is not None else _theme_of_text(row.text)
    if theme is None:
        ledger.refuse("theme-row-unread", [row.line], field, scrub(row.text))
        return None
    ledger.use(row.line, field)
    return theme


def _theme_of_cells(cells: tuple[str, ...]) -> PrintedTheme | None:
    labels = [scrub(cell) for cell in cells[:3]]
    priority = read_integer(cells[3]) if cells[3] else None
    gap = any(not upper and lower for upper, lower in zip(labels, labels[1:], strict=False))
    if not labels[0] or gap or (cells[3] and priority is None):
        return None
    return PrintedTheme(tuple(label for label in labels if label), priority)


def _theme_of_text(text: str) -> PrintedTheme | None:
    """A flattened row: only labels of the thesaurus tell where one cell ends."""
    words = text.split(" ")
    priority = read_integer(words[-1])
    labels = _known_labels(words if priority is None else words[:-1], None)
    return PrintedTheme(tuple(labels), priority) if labels else None


@cache
def _longest_label() -> int:
    """In words: no more of a row than that is looked up as one label."""
    return max(len(concept.label.split()) for concept in thesaurus().concepts)


def _known_labels(words: Sequence[str], parent: Concept | None) -> list[str]:
    """The words as a path of known concepts, each under the one before; [] if there is none."""
    for end in range(min(len(words), _longest_label()), 0, -1):
        concept = thesaurus().find("theme", " ".join(words[:end]), parent)
        if not concept.known:
            continue
        if end == len(words):
            return [concept.label]
        below = _known_labels(words[end:], concept)
        if below:
            return [concept.label, *below]
    return []
