"""The cells of a list are those of its query, and its statements are statements of the graph."""

from __future__ import annotations

import csv
import io
import json
import warnings

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from coopdec_graph.index.records import cell_names
from coopdec_graph.index.resources import Type, resources
from coopdec_graph.service.api.context import context
from tests.api.conftest import Get, Select


def normal(text: str) -> object:
    """Numbers by what they are worth; several values in one cell without their order."""
    try:
        return float(text)
    except ValueError:
        return sorted(text.replace("; ", " ").split())


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", resources())
def test_the_cells_are_those_of_the_query(
    name: str, language: str, client: httpx.Client, get: Get, select: Select
) -> None:
    text = client.get(f"/api/v1/{name}.csv", params={"lang": language}).text
    cells = {row["iri"]: row for row in csv.DictReader(io.StringIO(text))}
    rows = select(get(name, lang=language, limit=0)["sparql"])
    assert sorted(cells) == sorted(row["iri"] for row in rows)
    shared = sorted(set(cell_names(resources()[name], ())) & set().union(*rows))
    # More than the IRI and a name: a renamed column would be compared with nothing.
    assert len(shared) >= 5
    for row in rows:
        ours = {column: normal(cells[row["iri"]][column]) for column in shared}
        assert ours == {column: normal(row.get(column, "")) for column in shared}


@pytest.mark.parametrize("name", resources())
def test_what_the_context_makes_of_a_list_is_in_the_graph(
    name: str, client: httpx.Client, store: ox.Store
) -> None:
    """With a reader that is not ours, and the context as it is published."""
    answer = client.get(f"/api/v1/{name}.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    document = answer.json()
    published = client.get(document["@context"])
    assert published.headers["content-type"] == "application/ld+json"
    assert published.json() == {"@context": json.loads(json.dumps(context()))}
    graph = statements({**document, **published.json()})
    subjects = {str(subject) for subject, _, _ in graph}
    assert {row["iri"] for row in document["rows"]} <= subjects
    known = set(store)
    assert [triple for triple in map(_in_store, graph) if triple not in known] == []


def statements(document: dict[str, object]) -> set[tuple[rdflib.term.Node, ...]]:
    """What a document says, as rdflib reads it."""
    found = rdflib.Dataset()
    with warnings.catch_warnings():
        # Its reader of JSON-LD uses what rdflib itself advises against.
        warnings.simplefilter("ignore", DeprecationWarning)
        found.parse(data=json.dumps(document), format="json-ld")
    return {(s, p, o) for s, p, o, _ in found.quads()}


def _in_store(triple: tuple[rdflib.term.Node, ...]) -> ox.Quad:
    line = " ".join(node.n3() for node in triple)
    quad = next(ox.parse(f"{line} .".encode(), format=ox.RdfFormat.N_TRIPLES))
    # The store has literals in their canonical form.
    held = ox.Store()
    held.add(quad)
    return next(iter(held))


@pytest.mark.parametrize("name", resources())
def test_turtle_says_the_same_as_json_ld(name: str, client: httpx.Client) -> None:
    turtle = rdflib.Graph()
    turtle.parse(data=client.get(f"/api/v1/{name}.ttl").text, format="turtle")
    document = client.get(f"/api/v1/{name}.jsonld").json()
    assert set(turtle) == statements({**document, "@context": context()})
    assert len(turtle) >= 5


def test_a_key_means_one_thing_wherever_it_stands() -> None:
    meant: dict[str, set[object]] = {}
    for resource in resources().values():
        for column in resource.columns:
            meant.setdefault(column.name, set()).add(
                (column.property, column.type in (Type.LINK, Type.LINKS))
            )
    computed = {name for name, meanings in meant.items() if len(meanings) > 1}
    # Computed by the same rule, once for one place and once for several.
    assert computed == set()
