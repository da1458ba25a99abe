"""Questions over several programmes: nothing is lost, counted twice, or counted for partnerships.

The answers counted by hand are in answers.py, and those of the questions about partnerships stay
what they were when the pages alone were there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.base import Engine
from coopdec_graph.graph.build import vocabulary_quads
from coopdec_graph.graph.query import run
from coopdec_graph.namespaces import Minter
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices, bindings, own_choices
from tests.questions.test_answers import asked
from tests.questions.test_contributing import value_of
from tests.remote.stores import Loop

Lists = Mapping[Kind, Choices]
# Lists that need no release.
OWN = {kind: own for kind in Kind if (own := own_choices(kind)) is not None}
VALUES = ["value-by-country", "value-by-sector"]

DATA = """
PREFIX a: <https://w3id.org/coopdec/id/activity/>
PREFIX cd: <https://w3id.org/coopdec/def#>
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX dac: <https://w3id.org/coopdec/scheme/dac/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX kind: <https://w3id.org/coopdec/scheme/funding-kind/>
PREFIX of: <https://w3id.org/coopdec/scheme/allocation-kind/>
PREFIX programme: <https://w3id.org/coopdec/scheme/programme/>

a:shared a cd:Activity ; cd:programme programme:iati ; dct:identifier "shared" .
# Two sectors and two countries without a percentage: nothing says how to divide.
[] cd:allocationOf a:shared ; cd:allocationKind of:sector ; cd:allocatedTo dac:15112 ; cd:printedCode "15112" .
[] cd:allocationOf a:shared ; cd:allocationKind of:sector ; cd:allocatedTo dac:14030 ; cd:printedCode "14030" .
[] cd:allocationOf a:shared ; cd:allocationKind of:recipient-country ; cd:allocatedTo country:MAR ; cd:printedCode "MAR" .
[] cd:allocationOf a:shared ; cd:allocationKind of:recipient-country ; cd:allocatedTo country:TGO ; cd:printedCode "TGO" .
a:s1 cd:itemOf a:shared ; cd:fundingKind kind:commitment ; cd:amountInEuros 100.0 .
# A sum with a sector and a country of its own, which come before those of its activity.
a:s2 cd:itemOf a:shared ; cd:fundingKind kind:disbursement ; cd:amountInEuros 10.0 .
[] cd:allocationOf a:s2 ; cd:allocationKind of:sector ; cd:allocatedTo dac:11220 ; cd:printedCode "11220" .
[] cd:allocationOf a:s2 ; cd:allocationKind of:recipient-country ; cd:allocatedTo country:BEN ; cd:printedCode "BEN" .

# The same project, reported a second time: counted where it is kept.
a:again a cd:Activity ; cd:programme programme:iati ; dct:identifier "again" ; cd:alsoReportedAs a:shared .
[] cd:allocationOf a:again ; cd:allocationKind of:sector ; cd:allocatedTo dac:15112 ; cd:printedCode "15112" .
a:t1 cd:itemOf a:again ; cd:fundingKind kind:commitment ; cd:amountInEuros 100.0 .

# A category alone, and one beside a purpose.
a:category a cd:Activity ; cd:programme programme:iati ; dct:identifier "category" .
[] cd:allocationOf a:category ; cd:allocationKind of:sector ; cd:allocatedTo dac:112 ; cd:printedCode "112" .
a:c1 cd:itemOf a:category ; cd:fundingKind kind:budget ; cd:amountInEuros 7.0 .
"""


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in vocabulary_quads(Minter()))
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return store


def rows(
    graph: ox.Store, name: str, given: Mapping[str, str] | None = None
) -> list[tuple[str, ...]]:
    """Where, of what kind, how much and what was left out, with the ends of IRIs."""
    question = catalogue()[name]
    bound = bindings(question, given or {}, OWN)
    result = run(graph, question.asked_with(bound), bindings=bound)
    assert isinstance(result, ox.QuerySolutions)
    key = "sector" if name == "value-by-sector" else "where"
    columns = [key, "kind", "value_in_euros", "items", "unvalued"]
    columns += ["unshared"] if name == "value-by-sector" else []
    return [
        tuple("" if row[c] is None else row[c].value.rpartition("/")[2] for c in columns)
        for row in result
    ]


def test_what_has_several_sectors_and_no_shares_is_not_divided(graph: ox.Store) -> None:
    assert rows(graph, "value-by-sector") == [
        # What the two do not get is in the row without a sector: a hundred of the commitment.
        ("", "commitment", "100", "1", "0", "1"),
        ("112", "budget", "7", "1", "0", "0"),
        ("11220", "disbursement", "10", "1", "0", "0"),
        ("14030", "commitment", "0", "1", "0", "1"),
        ("15112", "commitment", "0", "1", "0", "1"),
    ]


def test_what_has_several_countries_and_no_shares_has_none(graph: ox.Store) -> None:
    assert rows(graph, "value-by-country") == [
        ("", "budget", "7", "1", "0"),
        ("", "commitment", "100", "1", "0"),
        ("BEN", "disbursement", "10", "1", "0"),
    ]


def test_a_project_that_is_reported_twice_is_counted_once(graph: ox.Store) -> None:
    found = {row[0] for row in _all(graph, "activities", "identifier")}

    assert found == {"shared", "category"}
    kinds = {(kind, count) for kind, count in _all(graph, "sums-by-kind", "kind", "items")}
    assert kinds == {("budget", "1"), ("commitment", "1"), ("disbursement", "1")}


def _all(graph: ox.Store, name: str, *columns: str) -> list[tuple[str, ...]]:
    question = catalogue()[name]
    bound = bindings(question, {}, OWN)
    result = run(graph, question.asked_with(bound), bindings=bound)
    assert isinstance(result, ox.QuerySolutions)
    return [tuple("" if row[c] is None else row[c].value for c in columns) for row in result]


@pytest.mark.parametrize("name", VALUES)
def test_no_sum_is_lost_or_counted_twice(
    name: str, store: ox.Store, here: Engine, there: Engine, loop: Loop, lists: Lists
) -> None:
    """Over all rows of a kind, the values are the euros of its sums; each sum is said by a row."""
    euros: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    items: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item, programme, kind, amount in _sums(store):
        items[programme, kind].add(item)
        euros[programme, kind] += Decimal(amount or 0)
    for engine in (here, there):
        found: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        said: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in asked(engine, loop, name, {"lines": "yes"}, lists):
            key = value_of(row["of"]), value_of(row["kind"])
            found[key] += Decimal(value_of(row["value_in_euros"]))
            counted = value_of(row["counted"]).split()
            assert len(counted) == len(set(counted)) == int(value_of(row["items"]))
            said[key].update(counted)
        assert found == euros
        assert said == items
    assert len(euros) == 5


def _sums(store: ox.Store) -> list[tuple[str, str, str, str]]:
    query = """
        PREFIX cd: <https://w3id.org/coopdec/def#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?item ?programme ?kind ?amount WHERE {
          ?item cd:fundingKind/skos:notation ?kind ; cd:itemOf|cd:fundedActivity ?activity .
          ?activity cd:programme/skos:notation ?programme FILTER NOT EXISTS { ?activity cd:alsoReportedAs ?kept }
          OPTIONAL { { ?item cd:amountInEuros ?amount } UNION { ?item cd:fundedActivity ?a ; cd:amount ?amount } }
        }"""
    result = run(store, query, bindings={})
    assert isinstance(result, ox.QuerySolutions)
    columns = ("item", "programme", "kind", "amount")
    return [
        (row[0].value, row[1].value, row[2].value, "" if row[3] is None else row[3].value)
        for row in ([solution[c] for c in columns] for solution in result)
    ]
