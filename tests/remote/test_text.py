"""The text a store is sent: prefixes, terms in the place of variables, graphs that stay hidden."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.engines.remote.text import bound, for_virtuoso, with_prefixes, without_from
from coopdec_graph.errors import QueryFailed
from coopdec_graph.namespaces import PREFIXES

X = ox.NamedNode("urn:x")


@pytest.mark.parametrize(
    ("query", "declared"),
    [
        ("SELECT * { ?s a cd:Partnership }", set()),
        ("PREFIX cd: <urn:mine#> SELECT * { ?s a cd:P }", {"cd"}),
        ("# PREFIX org: <urn:>\nprefix\n# c\n cd:\t<urn:#>BASE<urn:b>prefix skos:<urn:s> ASK {}", {"cd", "skos"}),
        ("SELECT * { ?s ?p 'PREFIX cd: <urn:x>' }", set()),
        ("PREFIX é: <urn:e> PREFIX : <urn:> PREFIX dct: <urn:d> ASK { é:a :b dct:c }", {"dct"}),
    ],
)  # fmt: skip
def test_prefixes_are_declared_once_and_lines_hold(query: str, declared: set[str]) -> None:
    sent = with_prefixes(query)
    assert sent.endswith(query)
    added = sent.removesuffix(query)
    assert "\n" not in added
    assert {name for name in PREFIXES if f"PREFIX {name}:" not in added} == declared
    ox.Store().query(sent)


def test_a_base_comes_first() -> None:
    sent = with_prefixes("BASE <b/> ASK { <c> ?p ?o }", "http://example.org/a/")
    assert sent.startswith("BASE <http://example.org/a/> PREFIX")
    ox.Store().query(sent)


def test_a_bound_variable_comes_back() -> None:
    store = ox.Store()
    store.add(ox.Quad(X, ox.NamedNode("urn:p"), ox.Literal("?e is <urn:e>")))
    query = 'SELECT ?e ?o WHERE { ?e <urn:p> ?o FILTER(?o = "?e is <urn:e>") # ?e }\n}'
    rows = list(store.query(bound(query, {"e": X})))
    assert [(row["e"], row["o"].value) for row in rows] == [(X, "?e is <urn:e>")]


def test_an_inner_select_is_bound() -> None:
    store = ox.Store()
    store.add(ox.Quad(X, ox.NamedNode("urn:p"), ox.Literal("o")))
    inner = "SELECT DISTINCT ?e ?o (STR(?e) AS ?t) WHERE { ?e <urn:p> ?o }"
    sent = bound(f"SELECT ?e ?o ?t WHERE {{ {{ {inner} }} }}", {"e": X})
    assert "SELECT DISTINCT  ?o (STR(<urn:x>) AS ?t)" in sent
    (row,) = store.query(sent)
    assert [row["e"], row["o"].value, row["t"].value] == [X, "o", "urn:x"]


def test_an_inner_group_by_is_bound() -> None:
    store = ox.Store()
    store.add(ox.Quad(X, ox.NamedNode("urn:p"), ox.Literal("o")))
    inner = "SELECT ?e ?o (COUNT(*) AS ?n) { ?e ?p ?o } GROUP BY ?e ?o LIMIT 1"
    sent = bound(f"SELECT ?e ?o ?n {{ {{ {inner} }} }}", {"e": X})
    assert "GROUP BY  ?o LIMIT 1" in sent
    (row,) = store.query(sent)
    assert [row["e"], row["o"].value, row["n"].value] == [X, "o", "1"]


def test_a_variable_that_groups_is_bound() -> None:
    store = ox.Store()
    store.add(ox.Quad(X, ox.NamedNode("urn:p"), ox.Literal("o")))
    query = "SELECT ?e (COUNT(*) AS ?n) { ?e ?p ?o } GROUP BY ?e HAVING (?e != 1) ORDER BY ?e"
    (row,) = store.query(bound(query, {"e": X}))
    assert [row["e"], row["n"].value] == [X, "1"]


def test_a_construct_is_bound_in_its_template_too() -> None:
    store = ox.Store()
    store.add(ox.Quad(X, ox.NamedNode("urn:p"), ox.Literal("o")))
    query = "CONSTRUCT { ?e ?p ?o } WHERE { { ?e ?p ?o } UNION { ?o ?p ?e } }"
    assert bound(query, {"e": X}).count("<urn:x>") == 3
    assert [t.subject for t in store.query(bound(query, {"e": X}))] == [X]


@given(st.text(), st.sampled_from([None, "fr"]))
def test_no_literal_ends_early(value: str, language: str | None) -> None:
    try:
        term = ox.Literal(value, language=language)
    except ValueError:
        return
    sent = bound("SELECT ?v ?w { BIND(?v AS ?w) }", {"v": term})
    assert [row["w"] for row in ox.Store().query(sent)] == [term]


def test_a_blank_node_is_refused() -> None:
    with pytest.raises(QueryFailed):
        bound("ASK { ?e ?p ?o }", {"e": ox.BlankNode()})


def test_from_is_found_by_the_parser() -> None:
    assert without_from("ASK { ?s ?p 'x' }") is None
    respelled = without_from("PREFIX from: <urn:from#> SELECT ?from { ?from a from:x }")
    assert respelled is not None
    ox.Store().query(respelled)
    with pytest.raises(SyntaxError):
        ox.Store().query(without_from("SELECT * FrOm <urn:g> {}") or "")


@pytest.mark.parametrize(
    ("query", "filters", "named"),
    [
        ("SELECT * { GRAPH ?g { ?s ?p ?o } }", ["?g NOT IN (<urn:u>, <urn:v>)"], ()),
        (
            "SELECT * { gRaPh # ?x {\n $é{ ?s ?p ?o } GRAPH ?h {} }",
            ["?é NOT IN (<urn:u>, <urn:v>)", "?h NOT IN (<urn:u>, <urn:v>)"],
            (),
        ),
        ("SELECT * { GRAPH <urn:g> { ?s ?p ?o } }", [], ("urn:g",)),
        ("SELECT * { GRAPH <urn:g> { ?s ?p ?o } GRAPH<urn:h>{} }", [], ("urn:g", "urn:h")),
        ("SELECT * { GRAPH cd:g { ?s ?p ?o } }", ["?coopdec_graph_0 = cd:g"], ()),
        (
            "SELECT ?s { GRAPH <urn:g> { ?s ?p ?o } GRAPH ?g { ?s ?p ?o } }",
            ["?coopdec_graph_0 = <urn:g>", "?g NOT IN (<urn:u>, <urn:v>)"],
            (),
        ),
        ('SELECT * { ?s ?p \'GRAPH ?g {\', """GRAPH ?g { """ }', [], ()),
        ("SELECT * { ?graph ?p ?o . ?x a cd:graph . ?y ?z ?w }", [], ()),
        ("ASK { ?a ?b ?c FILTER(?a<'b>c GRAPH ?g {') }", [], ()),
    ],
)
def test_named_graphs_of_virtuoso(query: str, filters: list[str], named: tuple[str, ...]) -> None:
    sent, names = for_virtuoso(query, ["urn:u", "urn:v"])
    assert names == named
    assert sent.count("FILTER") - query.count("FILTER") == len(filters)
    assert [text for text in filters if f"FILTER({text})" not in sent] == []
    assert sent.count("\n") == query.count("\n")
    ox.Store().query(sent, prefixes=PREFIXES)
