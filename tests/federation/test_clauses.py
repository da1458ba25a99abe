"""Which parts of a query are SERVICE clauses, by the terminals of the grammar."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.errors import QueryForbidden, QuerySyntaxError
from coopdec_graph.federation.clauses import Kind, find_clauses, tokens
from coopdec_graph.namespaces import PREFIXES

W3C = Path(__file__).parents[3] / "shared" / "w3c" / "sparql11"

# What a text is made of: any of these may follow any other.
PIECES = st.sampled_from(
    [
        *"{}()[]<>'\"#\\?$:;.,@^&|!=*+-/ \n\r\t_%é\ud7ff",
        "SERVICE",
        "SILENT",
        "SELECT",
        "'''",
        '"""',
        "<http://h/sparql>",
        "ex:a",
        "\\u0053",
        "?service",
        "1.5e3",
        "@fr--ltr",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_joined_tokens_are_the_text(text: str) -> None:
    found = list(tokens(text))
    assert "".join(token.text for token in found) == text
    assert [text[token.start : token.end] for token in found] == [t.text for t in found]


@given(st.lists(PIECES, max_size=60).map("".join))
def test_a_clause_is_a_part_of_the_text_with_its_own_braces(text: str) -> None:
    try:
        clauses = find_clauses(text)
    except (QueryForbidden, QuerySyntaxError):
        return
    end = 0
    for clause in clauses:
        part = text[clause.start : clause.end]
        assert part[:7].upper() == "SERVICE"
        assert part[-1] == "}"
        assert clause.query.endswith("}")
        assert clause.start >= end
        end = clause.end


@pytest.mark.skipif(not W3C.exists(), reason="the W3C tests are not beside this repository")
def test_every_query_of_the_w3c_is_tokens_of_the_grammar() -> None:
    queries = [p for p in sorted(W3C.rglob("*.rq")) if "bad" not in p.name]
    unread = [
        path.name
        for path in queries
        if any(token.kind is Kind.OTHER for token in tokens(path.read_text("utf-8")))
    ]
    assert unread == []
    assert len(queries) >= 200


@pytest.mark.skipif(not W3C.exists(), reason="the W3C tests are not beside this repository")
def test_the_clauses_of_the_w3c() -> None:
    found: dict[str, object] = {}
    for path in sorted((W3C / "service").glob("*.rq")):
        try:
            clauses = find_clauses(path.read_text("utf-8"))
            found[path.stem] = [(clause.iri, clause.silent) for clause in clauses]
        except QueryForbidden as error:
            found[path.stem] = error.text("en").split(":")[0]
    nested = "A SERVICE inside a SERVICE is refused"
    assert found == {
        "service01": [("http://example.org/sparql", False)],
        "service02": [("http://example1.org/sparql", False), ("http://example2.org/sparql", False)],
        "service03": nested,
        "service04a": [("http://example.org/sparql", False)],
        "service05": "SERVICE ?service is refused",
        "service06": nested,
        "service07": [("http://invalid.endpoint.org/sparql", True)],
    }


SERVICE = "SERVICE <http://h/> { ?s ?p ?o }"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p 'SERVICE <http://h/> { }' }",
        'SELECT * { ?s ?p "SERVICE <http://h/> { }" }',
        "SELECT * { ?s ?p '''\nSERVICE <http://h/> { }''' }",
        'SELECT * { ?s ?p """\n"SERVICE <http://h/> { }""" }',
        "SELECT * { ?s ?p 'it\\'s SERVICE <http://h/> { }' }",
        f"SELECT * {{ # {SERVICE}\n }}",
        f"# {SERVICE}\rSELECT * {{ }}",
        "SELECT * { ?service ?SERVICE $service }",
        "SELECT * { <http://h/SERVICE> <http://h/service/> _:SERVICE }",
        "PREFIX service: <http://h/> SELECT * { service:x service: ex:SERVICE . { } }",
        "SELECT * { ?s ?p 'x'@service , 'x'^^service:x . { } }",
        "SELECT * { ?s ?p ex:a\\'SERVICE . { } }",
        # Not where a pattern may stand.
        f"SELECT * {{ }} {SERVICE}",
        f"SELECT * {{ {{ SELECT * {{ }} {SERVICE} }} }}",
        f"DESCRIBE <http://h/> {SERVICE}",
        f"SELECT * {{ ( {SERVICE} ) }}",
        "SELECT * { SERVICE <http://h/> }",
        "SELECT * { SERVICE { } { } }",
        "SELECT * { SERVICE SILENT }",
        "SELECT * { SERVICE",
        # Not SPARQL.
        f"SELECT * {{ {SERVICE} ",
        f"SELECT * {{ {SERVICE} }} }}",
        f"SELECT * {{ ( {SERVICE} }} )",
        f"SELECT * {{ {SERVICE} ?s ?p 'x }}",
        f"SELECT * {{ {SERVICE} ?s ?p '''x' }}",
        "SELECT * { \\u0053ERVICE <http://h/> { } }",
        "SELECT * { S\u0415RVICE <http://h/> { } }",
        "SELECT * { SERVICE\u00a0<http://h/> { } }",
        "",
    ],
)
def test_what_is_not_a_clause(query: str) -> None:
    assert find_clauses(query) == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("SERVICE <http://h/> { ?s ?p ?o }", "{ ?s ?p ?o }"),
        ("service<http://h/>{?s ?p ?o}", "{?s ?p ?o}"),
        ("SeRvIcE #}\n <http://h/> #{\r { ?s ?p ?o #}\n }", "{ ?s ?p ?o #}\n }"),
        ("SERVICE <http://h/> { { } UNION { } { ?s ?p '}' } }", "{ { } UNION { } { ?s ?p '}' } }"),
        ("SERVICE <http://h/> { ?s ?p '''}'\n}''' }", "{ ?s ?p '''}'\n}''' }"),
        ("SERVICE <http://h/> { ?s ?p <http://h/#}> }", None),
        ("SERVICE <http://h/> { FILTER(?a < 3 && ?b > 2) }", "{ FILTER(?a < 3 && ?b > 2) }"),
        ("SERVICE <http://h/> { FILTER(?a<?b) }", "{ FILTER(?a<?b) }"),
        ("SERVICE <http://h/> { ?s ex:a\\}b ?o }", None),
    ],
)
def test_what_is_asked(text: str, asked: str | None) -> None:
    query = f"SELECT * {{ ?a ?b ?c .{text} }}"
    clauses = find_clauses(query)
    assert [clause.query for clause in clauses] == ([f"SELECT * WHERE {asked}"] if asked else [])
    assert [query[clause.start : clause.end] for clause in clauses] == ([text] if asked else [])


def test_the_prologue_goes_along_and_our_prefixes_only_when_used() -> None:
    query = (
        "BASE <http://b/> PREFIX ex: <http://e/> # mine\n PREFIX skos: <http://own/>\n"
        "SELECT * { SERVICE ex:sparql\\/q { ?s skos:note ?o ; dct:title ?t } }"
    )
    (clause,) = find_clauses(query)
    assert clause.iri == "http://e/sparql/q"
    assert clause.variables == {"s", "o", "t"}
    assert clause.query == (
        f"PREFIX dct: <{PREFIXES['dct']}>\n"
        "BASE <http://b/> PREFIX ex: <http://e/> # mine\n PREFIX skos: <http://own/>\n"
        "SELECT * WHERE { ?s skos:note ?o ; dct:title ?t }"
    )


def test_the_last_declaration_of_a_prefix_counts_and_ours_are_known() -> None:
    query = (
        "PREFIX p: <http://one/> PREFIX p: <http://two/> PREFIX : <http://three/>"
        "SELECT * { SERVICE p:x {} SERVICE : {} SERVICE cd:x {} }"
    )
    found = [clause.iri for clause in find_clauses(query)]
    assert found == ["http://two/x", "http://three/", f"{PREFIXES['cd']}x"]


def test_a_prefix_that_nobody_declared() -> None:
    with pytest.raises(QuerySyntaxError, match="nope:"):
        find_clauses("SELECT * { SERVICE nope:x { } }")


@pytest.mark.parametrize(
    "inner",
    [
        "SERVICE <http://h/> { }",
        "OPTIONAL { SERVICE SILENT <http://h/> { } }",
        "FILTER EXISTS { service <http://h/> { } }",
        "{ SELECT * { SERVICE ?x { } } }",
        "SERVICE:x { }",
        "?s ?p trueSERVICE <http://h/> { }",
        "SERVICESILENT <http://h/> { }",
    ],
)
def test_a_service_inside_a_service_is_refused(inner: str) -> None:
    with pytest.raises(QueryForbidden, match="inside"):
        find_clauses(f"SELECT * {{ SERVICE <http://h/> {{ {inner} }} }}")


@pytest.mark.parametrize("endpoint", ["?e", "$e", "SILENT ?e"])
def test_a_variable_endpoint_is_refused(endpoint: str) -> None:
    with pytest.raises(QueryForbidden, match=r"[?$]e is refused"):
        find_clauses(f"SELECT * {{ VALUES ?e {{ <http://h/> }} SERVICE {endpoint} {{ }} }}")


@pytest.mark.parametrize(
    "expression",
    ["?o<'b>c'", "?o<ex:b#>\n1", "(?o)<'b>'", "1<2#>\n", "true<'b>'", "'a'@fr<'b>'", "ex:a<'b>'"],
)
def test_a_less_than_that_may_hide_text_is_refused(expression: str) -> None:
    query = f"SELECT * {{ BIND(({expression}) AS ?n) {SERVICE} }}"
    # The quote that is left open by one of the two readings already stops some.
    try:
        assert find_clauses(query) == []
    except QueryForbidden as error:
        assert "“<”" in error.text("en")


@pytest.mark.parametrize(
    "text",
    [
        "VALUES (?a ?b) { (<http://h/#a> <http://h/it's>) }",
        "FILTER(?o IN (<a#b>, <#c>))",
        "FILTER(?o = <a#b>)",
        "?s <p#q> <it's> .",
        "?s (<p#q>|<r#s>)* ?o .",
    ],
)
def test_an_iri_that_can_only_be_one_is_no_matter(text: str) -> None:
    assert len(find_clauses(f"SELECT * {{ {text} {SERVICE} }}")) == 1


@pytest.mark.parametrize(
    "text",
    ["'" * 60_000, '"' * 60_001, "<" * 60_000, "a." * 30_000, ":%4" * 20_000, "{" * 60_000,
     "'\\" * 30_000, "#" * 60_000, "''" * 30_000 + "x", "SERVICE " * 8_000],
)  # fmt: skip
def test_a_long_hostile_text_is_read_in_linear_time(text: str) -> None:
    begun = time.monotonic()
    assert find_clauses(text) == []
    assert time.monotonic() - begun < 10
