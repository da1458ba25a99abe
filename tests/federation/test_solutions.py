"""The answer of an endpoint as inline data: every term exact, nothing injected, nothing cut."""

from __future__ import annotations

import json
import re
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.federation.solutions import MOST_ROWS, NotAResult, TooManyRows, inline_data

XSD = "http://www.w3.org/2001/XMLSchema#"


def body(names: list[str], *rows: dict[str, Any]) -> bytes:
    return json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()


def literal(value: str, **more: str) -> dict[str, str]:
    return {"type": "literal", "value": value, **{k.replace("_", ":"): v for k, v in more.items()}}


def uri(value: str) -> dict[str, str]:
    return {"type": "uri", "value": value}


def read_back(data: str) -> list[list[Any]]:
    result = ox.Store().query(f"SELECT * {{ {data} }}")
    assert isinstance(result, ox.QuerySolutions)
    return [list(row) for row in result]


def test_each_kind_of_term() -> None:
    triple = {"subject": uri("http://h/s"), "predicate": uri("http://h/p"), "object": literal("o")}
    row = {
        "a": uri("http://h/é?x=(1)"),
        "b": literal("x"),
        "c": literal("x", xml_lang="fr"),
        "d": literal("x", xml_lang="ar", its_dir="rtl"),
        "e": literal("1850-01-01", datatype=f"{XSD}date"),
        "f": {"type": "typed-literal", "value": "1", "datatype": f"{XSD}integer"},
        "g": {"type": "triple", "value": triple},
    }
    data = inline_data(body([*row, "h"], row), {*row, "h"})
    assert data == (
        "VALUES (?a ?b ?c ?d ?e ?f ?g ?h) { ("
        f'<http://h/é?x=(1)> "x" "x"@fr "x"@ar--rtl "1850-01-01"^^<{XSD}date> '
        f'"1"^^<{XSD}integer> <<( <http://h/s> <http://h/p> "o" )>> UNDEF) }}'
    )
    named = ox.NamedNode
    assert read_back(data) == [
        [
            named("http://h/é?x=(1)"),
            ox.Literal("x"),
            ox.Literal("x", language="fr"),
            ox.Literal("x", language="ar", direction=ox.BaseDirection("rtl")),
            ox.Literal("1850-01-01", datatype=named(f"{XSD}date")),
            ox.Literal(1),
            ox.Triple(named("http://h/s"), named("http://h/p"), ox.Literal("o")),
            None,
        ]
    ]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_is_the_same_literal_in_the_query(text: str) -> None:
    data = inline_data(body(["a"], {"a": literal(text)}), {"a"})
    assert read_back(data) == [[ox.Literal(text)]]
    assert "\n" not in data


def test_rows_and_columns_are_counted_as_they_are() -> None:
    assert inline_data(body([]), set()) == "VALUES () {  }"
    assert inline_data(body([], {}, {}), set()) == "VALUES () { () () }"
    assert inline_data(body(["a", "b"]), {"a", "b"}) == "VALUES (?a ?b) {  }"
    assert [len(read_back(inline_data(body([], *[{}] * n), set()))) for n in (0, 1, 3)] == [0, 1, 3]


def test_a_column_that_the_pattern_does_not_have_is_left_out() -> None:
    row = {"a": literal("x"), "_star_fake": literal("y"), "b } SERVICE": literal("z")}
    assert inline_data(body([*row], row, row), {"a", "c"}) == 'VALUES (?a) { ("x") ("x") }'


def test_a_blank_node_is_one_iri_in_its_result_and_in_no_other() -> None:
    first, second = ({"a": {"type": "bnode", "value": v}} for v in ("nodeID://b1", "b } 2"))
    answer = body(["a"], first, second, first)
    found = [re.findall(r"<(urn:uuid:[0-9a-f-]{36})>", inline_data(answer, {"a"})) for _ in "12"]
    assert [(len(iris), iris[0] == iris[2], len(set(iris))) for iris in found] == [(3, True, 2)] * 2
    assert len({iri for iris in found for iri in iris}) == 4


def test_more_rows_than_allowed_are_refused_and_not_cut() -> None:
    rows: list[dict[str, Any]] = [{"a": literal("x")}] * MOST_ROWS
    assert inline_data(body(["a"], *rows), {"a"}).count('("x")') == MOST_ROWS
    with pytest.raises(TooManyRows):
        inline_data(body(["a"], *rows, {}), {"a"})


def deep(levels: int) -> bytes:
    opening = b'{"type":"triple","value":{"subject":{},"predicate":{},"object":'
    return b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":' + opening * levels


COMPLETE = body(["a"], {"a": literal("x")}, {"a": literal("y")})
NOT_RESULTS = [
    b"",
    b"null",
    b"[]",
    b'"x"',
    b"\xff",
    b"<html></html>",
    COMPLETE + b"The SPARQL operation has been cancelled",
    COMPLETE * 2,
    b'{"head":{},"boolean":true}',
    b'{"head":{"vars":["a"]}}',
    b'{"head":{"vars":["a"]},"results":{"bindings":3}}',
    b'{"head":{"vars":3},"results":{"bindings":[]}}',
    b'{"head":{"vars":[{}]},"results":{"bindings":[]}}',
    body(["a"], {"b": literal("x")}),
    *(
        body(["a"], {"a": cell})
        for cell in (
            uri("relative"),
            uri("http://h/ >"),
            uri("http://h/> } SERVICE <http://i/"),
            uri("http://h/\\u003e"),
            literal("x", xml_lang="en } x"),
            literal("x", xml_lang="en_US"),
            literal("x", xml_lang="en", its_dir="up"),
            literal("x", datatype="x> y"),
            literal("\ud800"),
            {"type": "literal", "value": 5},
            {"type": "literal", "value": True},
            {"type": "uri", "value": 5},
            {"type": "bnode", "value": 5},
            {"type": "bnode"},
            {"type": "other", "value": "x"},
            {"value": "x"},
            {},
            "x",
            None,
            {"type": "triple", "value": {"subject": uri("http://h/")}},
        )
    ),
    deep(10),
    deep(100_000),
    deep(100_000) + b"{}" + b"}}" * 100_000 + b"}]}}",
    b"[" * 1_000_000,
    b'{"head":{"vars":[]},"results":{"bindings":[]},"x":' + b"9" * 100_000 + b"}",
]


@pytest.mark.parametrize("answer", NOT_RESULTS, ids=range(len(NOT_RESULTS)))
def test_what_is_no_result_is_refused(answer: bytes) -> None:
    with pytest.raises(NotAResult):
        inline_data(answer, {"a"})


@pytest.mark.parametrize("length", range(len(COMPLETE)))
def test_a_cut_answer_is_refused_wherever_it_is_cut(length: int) -> None:
    with pytest.raises(NotAResult):
        inline_data(COMPLETE[:length], {"a"})
