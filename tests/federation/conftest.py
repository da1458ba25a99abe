"""A real SPARQL server on loopback, and a local graph to join with its answers."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest

from tests.federation.endpoints import sparql_server

LOCAL = """
PREFIX ex: <http://example.org/>
ex:a ex:name "Modèleville" ; ex:twin ex:x .
ex:b ex:name "Fictiville" ; ex:twin ex:y , ex:z .
ex:c ex:name "Exempleville" .
ex:g { ex:a ex:note "n" }
"""
REMOTE = r"""
PREFIX ex: <http://example.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:x ex:label "Ville X"@fr , "Town \"X\"\\\n{ SERVICE <http://h/> }"@en-GB ; ex:people 12 .
ex:y ex:label "Ville Y" ; ex:people 1.5 ; ex:at [ ex:lat "1" ; ex:of ex:y ] .
ex:z ex:people 3e0 ; ex:founded "1850-01-01"^^xsd:date ; ex:at [ ex:lat "2" ] .
ex:a ex:name "Modèleville" .
"""


@pytest.fixture(scope="session")
def remote() -> Iterator[str]:
    with sparql_server(REMOTE) as iri:
        yield iri


@pytest.fixture(scope="session")
def local() -> ox.Store:
    store = ox.Store()
    store.load(LOCAL.encode(), format=ox.RdfFormat.TRIG)
    return store
