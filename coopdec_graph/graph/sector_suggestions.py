"""The sectors that the words of an activity hint at, in the graph of candidates."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import PROV, Literal

from coopdec_graph.graph.statements import Sink, Statement, decimal
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import CD, SCHEME, Minter
from coopdec_graph.suggesting.sectors import suggested_sectors

__all__ = ["sector_suggestions"]


def sector_suggestions(activity: Activity, key: str, mint: Minter) -> Iterator[Statement]:
    """A node for each suggested sector, with the words that made it. No fact of the activity."""
    sink = Sink(mint.graph("candidates"))
    for suggestion in suggested_sectors(activity):
        node = mint.sector_suggestion(key, suggestion.code)
        sink.type(node, CD.SectorSuggestion, PROV.Entity)
        sink.add(node, CD.suggestedFor, mint.activity(activity.kind, key))
        sink.add(node, CD.suggestedSector, SCHEME[f"dac/{suggestion.code}"])
        sink.add(node, CD.method, SCHEME["method/words-of-the-text"])
        sink.add(node, CD.confidence, decimal(suggestion.confidence))
        sink.add(node, CD.feature, *(Literal(f"{f}: {said}") for f, said in suggestion.evidence))
    return iter(sink)
