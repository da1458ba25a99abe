"""The service description tests (SPARQL 1.1 Service Description, W3C 2013).

The suite gives their names only: what each asks is read from the specification.
"""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from tests.w3c.suite import cases

CASES = cases("ServiceDescriptionTest")
SD = "http://www.w3.org/ns/sparql-service-description#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ACCEPTS = (
    "*/*",
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
)

# Section 3: each property with the class it is of, and the class or kind of its values.
PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", "Feature"),
    "defaultEntailmentRegime": ("Service", "EntailmentRegime"),
    "entailmentRegime": ("NamedGraph", "EntailmentRegime"),
    "defaultSupportedEntailmentProfile": ("Service", "EntailmentProfile"),
    "supportedEntailmentProfile": ("NamedGraph", "EntailmentProfile"),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", "Feature"),
    "supportedLanguage": ("Service", "Language"),
    "propertyFeature": ("Service", "Feature"),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
CLASSES = {
    "Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime",
    "EntailmentProfile", "GraphCollection", "Dataset", "Graph", "NamedGraph",
}  # fmt: skip
BROADER = {"Dataset": "GraphCollection"}
# The instances the vocabulary defines, which need no description of their own.
INSTANCES = {
    "SPARQL10Query": "Language",
    "SPARQL11Query": "Language",
    "SPARQL11Update": "Language",
    "DereferencesURIs": "Feature",
    "UnionDefaultGraph": "Feature",
    "RequiresDataset": "Feature",
    "EmptyGraphs": "Feature",
    "BasicFederatedQuery": "Feature",
}


def describe(client: httpx.Client, accept: str = "*/*") -> list[ox.Triple]:
    answer = client.get("/sparql", headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    media_type = answer.headers["content-type"].partition(";")[0]
    assert accept in ("*/*", media_type)
    format = ox.RdfFormat.from_media_type(media_type)
    assert format is not None, media_type
    quads = ox.parse(answer.content, format, base_iri=str(answer.url))
    return [quad.triple for quad in quads]


def test_what_is_collected():
    assert [case.name for case in CASES] == [
        "has-endpoint-triple",
        "returns-rdf",
        "conforms-to-schema",
    ]


@pytest.mark.parametrize("accept", ACCEPTS)
def test_returns_rdf(client, accept):
    assert describe(client, accept)


def test_has_endpoint_triple(client):
    found = describe(client)
    endpoints = [triple for triple in found if triple.predicate.value == SD + "endpoint"]
    assert [triple.object for triple in endpoints] == [
        ox.NamedNode(str(client.base_url).rstrip("/") + "/sparql")
    ]


def test_conforms_to_schema(client):
    """Every term of the vocabulary exists and stands between classes that it is defined for."""
    found = describe(client)
    names = {term.value for triple in found for term in terms(triple) if term.value.startswith(SD)}
    assert names <= {SD + name for name in (*PROPERTIES, *CLASSES, *INSTANCES)}
    types = {
        node: {
            triple.object.value.removeprefix(SD)
            for triple in found
            if triple.subject == node and triple.predicate == TYPE
        }
        for node in {triple.subject for triple in found}
    }
    endpoints = [triple.subject for triple in found if triple.predicate.value == SD + "endpoint"]
    assert [node for node, classes in types.items() if "Service" in classes] == endpoints
    used = [triple for triple in found if triple.predicate.value.startswith(SD)]
    assert [str(triple) for triple in used if not fits(triple, types)] == []


def terms(triple: ox.Triple) -> list[ox.NamedNode]:
    parts = (triple.subject, triple.predicate, triple.object)
    return [term for term in parts if isinstance(term, ox.NamedNode)]


def fits(triple: ox.Triple, types: dict[object, set[str]]) -> bool:
    """A node without a type has the one that the property gives it (RDF Schema, 3.1 and 3.2)."""
    domain, target = PROPERTIES[triple.predicate.value.removeprefix(SD)]
    if isinstance(triple.object, ox.Literal):
        return False
    if target is None:
        return isinstance(triple.object, ox.NamedNode) and stands(types[triple.subject], domain)
    known = INSTANCES.get(triple.object.value.removeprefix(SD))
    stated = {known} if known else types.get(triple.object, set())
    return stands(types[triple.subject], domain) and stands(stated, target)


def stands(stated: set[str], wanted: str) -> bool:
    """Whether the classes a node says it has leave room for another."""
    ours = stated & CLASSES
    return not ours or wanted in ours | {BROADER[name] for name in ours if name in BROADER}
