"""The years that an activity's money is for."""

from __future__ import annotations

from collections.abc import Sequence

from coopdec_graph.exporting.reading import Line, Reader, Thing

__all__ = ["years_of"]


def years_of(facts: Thing, lines: Sequence[Line], reader: Reader) -> frozenset[int]:
    """The years of the sums, else that of the start."""
    years = frozenset(line.year for line in lines if line.year is not None)
    starts = (reader.thing(node).one("dcat:startDate") for node in facts.iris("dct:temporal"))
    return years or frozenset(int(start[:4]) for start in starts if start)
