"""No reasoning is assumed: an instance states the superclasses that the ontology gives its class."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, RDFS, Graph, URIRef

from coopdec_graph.graph.statements import rdflib_graph
from tests.pipeline.commands import PAGES, build

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    out = tmp_path_factory.mktemp("types") / "out"
    build(PAGES, out)
    path = out / "current" / "graph.nq"
    return rdflib_graph(ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS))


def test_every_instance_states_its_superclasses(published: Graph) -> None:
    ontology = Graph().parse(ROOT / "ontology" / "coopdec.ttl")
    checked = 0
    for subclass, superclass in ontology.subject_objects(RDFS.subClassOf):
        for instance in published.subjects(RDF.type, subclass):
            assert (instance, RDF.type, superclass) in published, (instance, superclass)
            checked += 1
    assert checked > 50


def test_a_body_is_an_organisation_and_has_one_preferred_name(published: Graph) -> None:
    org = URIRef("http://www.w3.org/ns/org#Organization")
    skos_label = URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    bodies = set(published.subjects(RDF.type, org))
    assert len(bodies) >= 18
    assert {len(list(published.objects(body, skos_label))) for body in bodies} == {1}
