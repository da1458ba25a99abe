"""Cuts a page into sections: which line opens which field.

Prose may hold lines that equal a label. A page prints its labels in one order, so the reading
kept is the longest run of label lines that follows that order; among equals, the earliest.
Label lines outside that run stay in the text they stand in, and are noted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coopdec_graph.sources.atlas.labels import Label, match_label
from coopdec_graph.sources.atlas.lines import Line

__all__ = ["Page", "Section", "cut"]


@dataclass(frozen=True, slots=True)
class Section:
    """A label line and the lines up to the next label."""

    label: Label
    head: Line
    body: tuple[Line, ...]

    def filled(self) -> tuple[Line, ...]:
        return tuple(line for line in self.body if not line.blank)


@dataclass(frozen=True, slots=True)
class Page:
    """A page in sections; `preamble` is what stands before the first label."""

    preamble: tuple[Line, ...]
    sections: tuple[Section, ...]

    def lines(self) -> Iterator[Line]:
        yield from self.preamble
        for section in self.sections:
            yield section.head
            yield from section.body


def cut(lines: Sequence[Line]) -> Page:
    """The sections of a page. Without any label, everything is preamble."""
    lines = tuple(_labels_apart(lines))
    heads = _heads(lines)
    if not heads:
        return Page(tuple(lines), ())
    bounds = [*(index for index, _ in heads), len(lines)]
    sections = tuple(
        Section(label, lines[index], tuple(lines[index + 1 : end]))
        for (index, label), end in zip(heads, bounds[1:], strict=True)
    )
    return Page(tuple(lines[: bounds[0]]), sections)


def _labels_apart(lines: Iterable[Line]) -> Iterator[Line]:
    """A label and its value that a tab joins, as in a copied table, come as two lines of one number."""
    for line in lines:
        label, tab, value = line.text.partition("\t")
        if tab and line.cells is None and match_label(label.removesuffix(":").rstrip()):
            yield replace(line, text=label.rstrip())
            yield replace(line, text=value.strip())
        else:
            yield line


@dataclass(frozen=True, slots=True)
class _Chain:
    """The best run of labels that ends at `rank`, linked backwards."""

    length: int
    index: int
    label: Label
    before: _Chain | None


def _heads(lines: Sequence[Line]) -> list[tuple[int, Label]]:
    best: dict[int, _Chain] = {}
    for index, label in _candidates(lines):
        before = _longest(best[rank] for rank in best if rank < label.rank)
        length = 1 + (before.length if before else 0)
        if label.rank not in best or length > best[label.rank].length:
            best[label.rank] = _Chain(length, index, label, before)
    chain = _longest(best.values())
    heads: list[tuple[int, Label]] = []
    while chain is not None:
        heads.append((chain.index, chain.label))
        chain = chain.before
    return heads[::-1]


def _longest(chains: Iterable[_Chain]) -> _Chain | None:
    return max(chains, key=lambda chain: (chain.length, -chain.index), default=None)


def _candidates(lines: Sequence[Line]) -> list[tuple[int, Label]]:
    """The lines that may open a section, in page order.

    A label with a colon, or one that only begins its line, counts where the page does not print
    that label on a line of its own: else it is more likely a heading of somebody's text.
    """
    whole = [(index, label) for index, label in _matches(lines) if not lines[index].inline]
    printed = {label.rank for _, label in whole}
    begun = [(index, label) for index, label in _matches(lines) if lines[index].inline]
    begun += _matches_before_colon(lines)
    return sorted(
        [*whole, *(found for found in begun if found[1].rank not in printed)],
        key=lambda found: found[0],
    )


def _matches(lines: Sequence[Line]) -> Iterator[tuple[int, Label]]:
    for index, line in enumerate(lines):
        label = match_label(line.text) if line.text else None
        if label is not None:
            yield index, label


def _matches_before_colon(lines: Sequence[Line]) -> Iterator[tuple[int, Label]]:
    for index, line in enumerate(lines):
        label = match_label(line.text[:-1].rstrip()) if line.text.endswith(":") else None
        if label is not None:
            yield index, label
