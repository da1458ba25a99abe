"""The comparison itself: a suite that cannot fail shows nothing."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from tests.w3c.results import graph_form, normalised, parse_rows, result_set, rows_form

A, B = ox.NamedNode("a:a"), ox.NamedNode("a:b")
ONE, OTHER = ox.BlankNode("one"), ox.BlankNode("other")
XSD = "http://www.w3.org/2001/XMLSchema#"


def same(left, right, *, ordered=False, normalise=False) -> bool:
    return rows_form(left, ordered=ordered, normalise=normalise) == rows_form(
        right, ordered=ordered, normalise=normalise
    )


SAME = {
    "another order": ([{"x": A}, {"x": B}], [{"x": B}, {"x": A}]),
    "other names of blank nodes": ([{"x": ONE, "y": ONE}], [{"x": OTHER, "y": OTHER}]),
    "crossed names of blank nodes": ([{"x": ONE, "y": OTHER}], [{"x": OTHER, "y": ONE}]),
    "nothing": ([], []),
}
DIFFERENT = {
    "a row more": ([{"x": A}], [{"x": A}, {"x": B}]),
    "a row twice": ([{"x": A}], [{"x": A}, {"x": A}]),
    "an empty row": ([], [{}]),
    "another variable": ([{"x": A}], [{"y": A}]),
    "an unbound variable": ([{"x": A, "y": A}], [{"x": A}]),
    "one blank node for two": ([{"x": ONE, "y": ONE}], [{"x": ONE, "y": OTHER}]),
    "one blank node in two rows": ([{"x": ONE}, {"x": ONE}], [{"x": ONE}, {"x": OTHER}]),
    "a name for a string": ([{"x": A}], [{"x": ox.Literal("a:a")}]),
    "another language": ([{"x": ox.Literal("a", language="fr")}], [{"x": ox.Literal("a")}]),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_the_same(name):
    assert same(*SAME[name])


@pytest.mark.parametrize("name", DIFFERENT)
@pytest.mark.parametrize("ordered", [False, True])
def test_what_is_different(name, ordered):
    assert not same(*DIFFERENT[name], ordered=ordered)
    assert not same(*DIFFERENT[name], ordered=ordered, normalise=True)


def test_an_order_counts_where_it_is_asked_for():
    rows = [{"x": A}, {"x": B}, {"x": ONE}]
    assert same(rows, [{"x": A}, {"x": B}, {"x": OTHER}], ordered=True)
    assert not same(rows, [{"x": B}, {"x": A}, {"x": OTHER}], ordered=True)


def test_a_literal_is_spelled_as_the_store_spells_it():
    decimal, integer = ox.NamedNode(XSD + "decimal"), ox.NamedNode(XSD + "integer")
    spelled = ox.Literal("1.0", datatype=decimal)
    assert normalised(spelled) == ox.Literal("1", datatype=decimal) != spelled
    assert normalised(A) == A
    rows = ([{"x": spelled}], [{"x": normalised(spelled)}])
    assert not same(*rows)
    assert same(*rows, normalise=True)
    assert not same(rows[0], [{"x": ox.Literal("1", datatype=integer)}], normalise=True)


def test_graphs():
    left, right = ([ox.Triple(A, B, node), ox.Triple(node, B, A)] for node in (ONE, OTHER))
    assert graph_form(left, normalise=False) == graph_form([*right, right[0]], normalise=False)
    assert graph_form(left, normalise=False) != graph_form(right[:1], normalise=False)


def test_results_are_read_with_their_variables():
    json = (
        b'{"head":{"vars":["x","y"]},"results":{"bindings":[{"x":{"type":"uri","value":"a:a"}}]}}'
    )
    assert parse_rows(json, ox.QueryResultsFormat.JSON) == ({"x", "y"}, [{"x": A}])
    yes = b'{"head":{},"boolean":true}'
    assert parse_rows(yes, ox.QueryResultsFormat.JSON) is True


def test_results_are_read_from_a_graph_that_describes_them():
    turtle = """
        @prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
        [] a rs:ResultSet ; rs:resultVariable "x", "y" ;
           rs:solution [ rs:binding [ rs:variable "x" ; rs:value <a:a> ] ],
                       [ rs:binding [ rs:variable "x" ; rs:value <a:b> ],
                                    [ rs:variable "y" ; rs:value 1 ] ] .
    """
    triples = [quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)]
    found = result_set(triples)
    assert found is not None
    assert found[0] == {"x", "y"}
    assert same(found[1], [{"x": A}, {"x": B, "y": ox.Literal(1)}])
    assert result_set([ox.Triple(A, B, A)]) is None
