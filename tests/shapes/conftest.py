"""The shapes and the concept schemes that ship with the product, read once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import SKOS, Graph, URIRef

from coopdec_graph.validation import Shapes
from coopdec_graph.vocabulary import CONCEPT_FILES, CORRESPONDENCE_FILES, LIST_FILES

ROOT = Path(__file__).parents[2]
IATI_ROLES = URIRef("https://w3id.org/coopdec/scheme/iati-organisation-role")


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    return Shapes.load(ROOT / "shapes")


@pytest.fixture(scope="session")
def vocabulary() -> Graph:
    """Our own concepts, what leads from them to the lists of others, and the one list of others
    that a shape asks for: the roles of IATI.
    """
    ours = _read(*CONCEPT_FILES, *CORRESPONDENCE_FILES)
    ours += _read(*LIST_FILES).triples((None, SKOS.inScheme, IATI_ROLES))
    return ours


@pytest.fixture(scope="session")
def lists() -> Graph:
    return _read(*LIST_FILES)


def _read(*names: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(ROOT / "ontology" / name)
    return graph
