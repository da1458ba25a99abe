"""One activity as all the statements it gives: as printed, prose, derived, provenance, suggestions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from coopdec_graph.graph.conversion import amounts_in_euros
from coopdec_graph.graph.derived_facts import derived_facts
from coopdec_graph.graph.provenance import page_provenance
from coopdec_graph.graph.sector_suggestions import sector_suggestions
from coopdec_graph.graph.source_facts import narrative, source_facts
from coopdec_graph.graph.statements import Statement
from coopdec_graph.model import Activity, SourceMetadata
from coopdec_graph.namespaces import Minter
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.resources import resource_folder
from coopdec_graph.vocabulary import CONCEPT_FILES, CORRESPONDENCE_FILES, LIST_FILES

__all__ = ["VOCABULARY_FILES", "build", "vocabulary_quads"]

VOCABULARY_FILES = ("coopdec.ttl", *CONCEPT_FILES, *LIST_FILES, *CORRESPONDENCE_FILES)


def build(
    activity: Activity, key: str, mint: Minter, terms: SourceMetadata, as_of: date, rates: RateTable
) -> Iterator[Statement]:
    """The statements of one activity, in its own named graphs but for its suggestions. Pure: no file,
    no clock.
    """
    captured = activity.source.captured
    day = max(as_of, captured.date()) if captured else as_of
    yield from source_facts(activity, key, mint, terms)
    yield from narrative(activity, key, mint)
    yield from derived_facts(activity, key, mint, day)
    yield from amounts_in_euros(activity, key, mint, rates)
    yield from page_provenance(activity, key, mint, terms)
    yield from sector_suggestions(activity, key, mint)


def vocabulary_quads(mint: Minter) -> Iterator[ox.Quad]:
    """The ontology, its schemes and what leads from them to the lists of others, in the vocabulary
    graph.
    """
    graph = ox.NamedNode(str(mint.graph("vocabulary")))
    for name in VOCABULARY_FILES:
        path = resource_folder("ontology") / name
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)
