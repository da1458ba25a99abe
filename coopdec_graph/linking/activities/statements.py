"""Decisions on pairs of activities as RDF: links in graph/links, what is not accepted in graph/candidates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import URIRef

from coopdec_graph.graph.statements import Sink, Statement
from coopdec_graph.linking.activities.groups import counted_of
from coopdec_graph.linking.activities.rules import ACCEPTED, PairDecision
from coopdec_graph.linking.statements import add_decision
from coopdec_graph.namespaces import CD, Minter

__all__ = ["pair_statements"]


def pair_statements(
    decisions: Iterable[PairDecision], run: URIRef, mint: Minter
) -> Iterator[Statement]:
    """An alignment for each decision; and for each activity that is not counted, the one that is.

    The links of one project are given together (`groups.grouped`).
    """
    decisions = list(decisions)
    links, candidates = Sink(mint.graph("links")), Sink(mint.graph("candidates"))
    for decision in decisions:
        first, second = (URIRef(one.iri) for one in decision.pair)
        node = mint.alignment(first, second.removeprefix(mint.base))
        sink = links if decision.decision == ACCEPTED else candidates
        add_decision(sink, node, decision, run)
        sink.add(node, CD.alignedActivity, first, second)
    for uncounted, counted in counted_of(decisions):
        links.add(URIRef(uncounted), CD.alsoReportedAs, URIRef(counted))
    yield from links
    yield from candidates
