"""A code is not enough: the item that bears it must bear the name, be a place, and bear it still."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.linking.decisions import Decision, NameQuery
from coopdec_graph.linking.linker import linker_of
from tests.linking.endpoints import endpoint

PREFIXES = """
@prefix p: <http://www.wikidata.org/prop/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CHINON = 'rdfs:label "Chinon"@fr ; wdt:P17 wd:Q142 ; wdt:P374 "37072"'
ENDED = 'ps:P374 "37072" ; pq:P582 "2015-01-01T00:00:00Z"^^xsd:dateTime'


def decided(folder: Path, triples: str, name: str) -> Decision:
    query = NameQuery(name, "FR")
    with endpoint() as server:
        server.store.load((PREFIXES + triples).encode(), format=ox.RdfFormat.TURTLE)
        return linker_of(server.url, folder).link([query])[query]


@pytest.mark.parametrize(
    ("triples", "outcome", "method"),
    [
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q93 .", "accepted", "code-commune"),
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q484170 .", "accepted", "code-commune"),
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q5 .", "review", "wrong-kind"),
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q93 ; p:P374 <urn:s> . <urn:s> {ENDED} .", "nil", "no-item"),
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q93 ; p:P374 <urn:s> . <urn:s> ps:P374 '37072' .",
         "accepted", "code-commune"),
        (f"wd:Q501 {CHINON} ; wdt:P31 wd:Q93 ; p:P374 <urn:s> , <urn:t> . <urn:s> {ENDED} . <urn:t> ps:P374 '37072' .",
         "accepted", "code-commune"),
    ],
)  # fmt: skip
def test_the_item_of_a_commune(triples: str, outcome: str, method: str, tmp_path: Path) -> None:
    found = decided(tmp_path, triples, "Chinon")
    assert (found.outcome, found.method) == (outcome, method)
    assert found.place is not None and found.place.key == "fr/commune/37072"


@pytest.mark.parametrize(
    ("label", "outcome"),
    [("communauté urbaine Grand Paris Seine et Oise", "accepted"), ("Musée du tracteur", "review")],
)
def test_the_item_of_a_grouping_has_the_words_of_its_name(
    label: str, outcome: str, tmp_path: Path
) -> None:
    item = f'wd:Q502 rdfs:label "{label}"@fr ; wdt:P17 wd:Q142 ; wdt:P1616 "200059889" .'
    found = decided(tmp_path, item, "Communauté urbaine Grand Paris Seine et Oise")
    assert found.outcome == outcome


def test_a_name_that_is_an_address_is_not_taken(tmp_path: Path) -> None:
    """What anybody may write there must not reach the graph, nor cost a body its links."""
    item = f'wd:Q501 {CHINON} ; rdfs:label "sacha.specimen@example.org"@fr ; wdt:P31 wd:Q93 .'
    found = decided(tmp_path, item, "Chinon")
    assert "specimen" not in repr(found)
