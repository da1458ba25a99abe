"""The IRIs that a query names, found by its tokens."""

from __future__ import annotations

import pytest

from coopdec_graph.service.mcp.named_terms import named_terms

CD = "https://w3id.org/coopdec/def#"


@pytest.mark.parametrize(
    ("query", "iris"),
    [
        ("SELECT * { ?s cd:a <urn:b> , cd:a }", [f"{CD}a", "urn:b"]),
        ("SELECT * { ?s a <urn:b> # cd:a\n }", ["urn:b"]),
        ("SELECT * { ?s ?p 'cd:a', \"<urn:b>\", '''cd:c\n<urn:d>''', 'it\\'s cd:e' }", []),
        ("PREFIX x: <urn:x:> PREFIX y:<urn:y:>\nASK { x:a y:b nope:c }", ["urn:x:a", "urn:y:b"]),
        ("prefix cd: <urn:x:> ASK { ?s cd:a ?o }", ["urn:x:a"]),
        ("PREFIX : <urn:x:> ASK { ?s :a ?o }", ["urn:x:a"]),
        ("BASE <http://x.example/a/b> ASK { <c> <#d> </e> }",)
        + (["http://x.example/a/c", "http://x.example/a/b#d", "http://x.example/e"],),
        ("ASK { cd:a\\-b ?p cd:c%20d }", [f"{CD}a-b", f"{CD}c%20d"]),
        ("CONSTRUCT { ?s cd:made [ cd:made {| cd:made 1 |} ] } WHERE { ?s cd:a ?o }", [f"{CD}a"]),
        ("CONSTRUCT WHERE { ?s cd:a ?o }", [f"{CD}a"]),
        ("CONSTRUCT FROM <urn:g> WHERE { ?s cd:a ?o }", ["urn:g", f"{CD}a"]),
        ("CONSTRUCT { ?s cd:never 'closed", []),
        ("ASK { ?s ?p '1'^^cd:datatype, '2'^^<urn:datatype> ; cd:a ?o }", [f"{CD}a"]),
        ("ASK { ?s (cd:a|^cd:b)/cd:c* ?o }", [f"{CD}a", f"{CD}b", f"{CD}c"]),
        ("PREFIX PREFIX BASE CONSTRUCT", []),
        ("SELECT ('a' AS ?prefix) { ?s cd:a ?o }", [f"{CD}a"]),
        ("", []),
        ("<", []),
    ],
)
def test_what_a_query_names(query: str, iris: list[str]) -> None:
    assert [named.iri for named in named_terms(query)] == iris


def test_they_are_told_as_they_are_written() -> None:
    found = named_terms("PREFIX x: <urn:x:> ASK { x:a <urn:x:b> x:a <urn:x:a> }")
    assert [named.written for named in found] == ["x:a", "<urn:x:b>"]


@pytest.mark.parametrize("piece", ["<", "'", '"', "cd:", "\\", "{", "^^", "construct{", "prefix "])
def test_no_text_takes_long(piece: str) -> None:
    named_terms(piece * 200_000)
