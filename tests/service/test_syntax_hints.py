"""A query that does not parse: where, in which line, and what to try, to people and to programs."""

from __future__ import annotations

import html
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.engines.embedded.worker import STACK_BYTES
from coopdec_graph.errors import CoopdecError, QuerySyntaxError
from coopdec_graph.graph.query import check
from coopdec_graph.graph.sparql_tokens import tokens
from coopdec_graph.namespaces import PREFIXES

B = "SELECT * { ?s ?p ?o }"

# Each query with the line and column of its fault (from 1, in characters) and a word of its hint.
FAULTS = {
    "keyword, modifier": (f"{B} LIMT 3", 1, 23, "LIMIT"),
    "keyword, form": ("SELCT * { ?s ?p ?o }", 1, 1, "SELECT"),
    "keyword, clause": ("SELECT * WHER { ?s ?p ?o }", 1, 10, "WHERE"),
    "keyword, pattern": ("SELECT * { ?s ?p ?o OPTINAL { ?s ?p ?x } }", 1, 21, "OPTIONAL"),
    "function, misspelt": ('SELECT * { ?s ?p ?o FILTER(CONTAIN(?o, "a")) }', 1, 28, "CONTAINS"),
    "function, unknown": ("SELECT * { FILTER(foo(?x)) }", 1, 19, "foo"),
    "prefix, unknown": ("SELECT * { ?s foo:bar ?o }", 1, 15, "PREFIX foo:"),
    "prefix, near": ("SELECT * { ?s sko:prefLabel ?o }", 1, 15, "skos:"),
    "prefix, well known": ("SELECT * { ?s dbo:name ?o }", 1, 15, "PREFIX dbo: <http://dbpedia.org/ontology/>"),
    "prefix, after others": ("PREFIX a: <x:>\nSELECT * {\n  ?s a:b cd:c ; nope:d ?o\n}", 3, 17, "nope:"),
    "prefix, no colon": ("PREFIX foo <x:> SELECT * {}", 1, 8, "PREFIX"),
    "prefix, no brackets": ("PREFIX foo: http://a/ SELECT * {}", 1, 13, "PREFIX"),
    "address, bare": ("SELECT * { ?s http://a.example/ ?o }", 1, 15, "<http://…>"),
    "address, with a space": ("SELECT * { ?s <http://a b> ?o }", 1, 15, "IRI"),
    "brace, missing": ("SELECT *\nWHERE {\n ?s ?p ?o\n\n", 3, 10, "}"),
    "bracket, missing": ("SELECT * { FILTER((1 + 2) }", 1, 27, ")"),
    "brace, too many": (f"{B} }}", 1, 23, "}"),
    "dot, missing": ("SELECT * {\n ?s ?p ?o\n ?a ?b ?c\n}", 3, 2, "“.”"),
    "word, bare": ("SELECT * { ?s type ?o }", 1, 15, "?type"),
    "aggregate, bare": ("SELECT COUNT(*) { ?s ?p ?o }", 1, 8, "(COUNT(*) AS ?number)"),
    "aggregate, no brackets": ("SELECT COUNT(*) AS ?n { ?s ?p ?o }", 1, 8, "(COUNT(*) AS ?number)"),
    "aggregate, no name": ("SELECT (COUNT(*)) { ?s ?p ?o }", 1, 17, "(COUNT(*) AS ?number)"),
    "aggregate, no AS": ("SELECT (COUNT(*) ?n) { ?s ?p ?o }", 1, 18, "(COUNT(*) AS ?number)"),
    "group, missing": ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 1, "GROUP BY"),
    "group, in a subquery": (
        "SELECT * {\n  { SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } }\n  ?s ?p ?o\n}", 2, 5, "GROUP BY",
    ),
    "group, with a star": (f"{B} GROUP BY ?s", 1, 1, "SELECT *"),
    "column, twice": ("SELECT (1 AS ?a) (2 AS ?a) {}", 1, 1, "AS"),
    "name, taken": ("SELECT * { ?s ?p ?o BIND(3 AS ?o) }", 1, 31, "?o"),
    "filter, bare": ("SELECT * { ?s ?p ?o FILTER ?o = 3 }", 1, 28, "FILTER(?x = 3)"),
    "equality": ("SELECT * { ?s ?p ?o FILTER(?o == 3) }", 1, 32, "“=”"),
    "inequality": ('SELECT * { ?s ?p ?o FILTER(?o <> "a") }', 1, 31, "!="),
    "sql, and": ("SELECT * { ?s ?p ?o FILTER(?o = 3 AND ?p = 4) }", 1, 35, "&&"),
    "sql, like": ('SELECT * { ?s ?p ?o FILTER(?o LIKE "a%") }', 1, 31, "CONTAINS"),
    "sql, select": ("SELECT name FROM people", 1, 8, "?name"),
    "sql, commas": ("SELECT ?s, ?p { ?s ?p ?o }", 1, 10, "commas"),
    "sql, semicolon": (f"{B};", 1, 22, "“;”"),
    "order": (f"{B} LIMIT 3 ORDER BY ?s", 1, 31, "ORDER BY, then LIMIT"),
    "order, no BY": (f"{B} ORDER ?s", 1, 29, "ORDER BY"),
    "limit, no number": (f"{B} LIMIT x", 1, 29, "whole number"),
    "quotation marks": ("SELECT * { ?s ?p “a” }", 1, 18, "U+201C"),
    "French quotation marks": ("SELECT * { ?s ?p « a » }", 1, 18, "U+00AB"),
    "no-break space": ("SELECT *\N{NO-BREAK SPACE}{ ?s ?p ?o }", 1, 9, "U+00A0"),
    "zero width space": ("SELECT * {\N{ZERO WIDTH SPACE} ?s ?p ?o }", 1, 11, "U+200B"),
    "byte order mark": ("\N{BYTE ORDER MARK}SELECT * {}", 1, 1, "U+FEFF"),
    "text, not closed": ('SELECT * { ?s ?p "abc }', 1, 18, "not closed"),
    "text, with an apostrophe": ("SELECT * { ?s ?p 'l'eau' }", 1, 21, "apostrophe"),
    "empty": ("", 1, 1, "empty"),
    "a greeting": ("hello", 1, 1, "SELECT, ASK"),
    "carriage return and line feed": ("SELECT *\r\n{ ?s ?p ?o }\r\nLIMT 3", 3, 1, "LIMIT"),
    "carriage returns": ("SELECT *\r{ ?s ?p ?o }\rLIMT 3", 3, 1, "LIMIT"),
    "tabs": ("SELECT *\n\t{ ?s\t?p ?o } LIMT 3", 2, 15, "LIMIT"),
    "beyond the basic plane": ('SELECT * { ?s ?p "😀😀" } LIMT 3', 1, 25, "LIMIT"),
    "combining marks": ('SELECT * { ?s ?p "e\u0301" } LIMT 3', 1, 25, "LIMIT"),
    "after a comment": ("# LIMT } {\nSELECT * { ?s ?p ?o }\n# LIMT\nLIMT 3", 4, 1, "LIMIT"),
    "after a text of lines": ('SELECT * { ?s ?p """a\nb } LIMT""" }\nLIMT 3', 3, 1, "LIMIT"),
}  # fmt: skip


def fault(query: str) -> QuerySyntaxError:
    """The error on a query; found on a stack as deep as a worker's, for the engine recurses."""
    before = threading.stack_size(STACK_BYTES)
    try:
        with ThreadPoolExecutor(1) as pool:
            error = pool.submit(check, query).exception()
    finally:
        threading.stack_size(before)
    assert type(error) is QuerySyntaxError, error
    return error


@pytest.mark.parametrize("name", FAULTS)
def test_the_fault_is_found_and_a_hint_given(name):
    query, line, column, word = FAULTS[name]
    error = fault(query)
    hint = error.details["hint"]
    assert (error.details["line"], error.details["column"]) == (line, column)
    assert set(hint) == {"fr", "en"} and hint["fr"] != hint["en"]
    assert word in hint["en"]
    for language, place in (("fr", f"ligne {line}, colonne {column}"), ("en", f"line {line}, column {column}")):  # fmt: skip
        text = error.text(language)
        assert place in text.splitlines()[0]
        assert hint[language] == text.splitlines()[-1]
        assert "expected" not in text.replace("is not expected here", "")


def test_the_faults_are_counted():
    assert len(FAULTS) == 55


@pytest.mark.parametrize("name", FAULTS)
def test_the_mark_stands_below_the_fault(name):
    query, line, column, _ = FAULTS[name]
    lines = fault(query).text("en").splitlines()
    source = re.split(r"\r\n|\r|\n", query)[line - 1]
    if not source.strip():
        assert "^" not in lines
        return
    marks = [number for number, text in enumerate(lines) if text.strip() == "^"]
    shown, mark = lines[marks[0] - 1], lines[marks[0]]
    assert shown[2:3] == "…" or source[:5].isspace() or len(shown) >= 3
    # Wide characters take two places; everything before the fault is narrow but in one case.
    wide = 2 if "😀" in source else 0
    assert mark.index("^") == 2 + column - 1 + wide


LONG = "SELECT * { " + "?s ?p ?o . " * 1_000 + "LIMT 3 " + "?s ?p ?o . " * 1_000 + "}"
HOSTILE = {
    "a long line": LONG,
    "a long token": 'SELECT * { ?s ?p "' + "a" * 40_000 + '" ?x }',
    "control characters": "SELECT * {\x1b[31m ?s \x07\u202e ?p ?o }",
    "NUL": "SELECT * {\0}",
    "markup": "SELECT * { <script>alert(1)</script> }",
    "braces of a template": "SELECT * { {token} {hint} %s {0} } }",
    "too long to be looked at": "SELECT * { " + "?s ?p ?o . " * 10_000 + "LIMT }",
    "dots": "SELECT * { " + "a." * 20_000,
    "blank nodes": "SELECT * { " + "_:" + "." * 40_000,
    "quotation marks": "SELECT * { " + '"\n' * 20_000,
    "angles": "SELECT * { " + "<" * 40_000,
    "prefixes": "SELECT * { " + " ".join(f"p{n}:x" for n in range(5_000)),
    "lines": "\r" * 40_000 + "x",
    "hashes": "#" * 40_000 + "\nx",
    "surrogates": "SELECT * { ?s ?p '\\uD800' }",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_gets_a_short_and_clean_answer(name):
    error = fault(HOSTILE[name])
    query = HOSTILE[name]
    for language in ("fr", "en"):
        text = error.text(language)
        assert len(text) < 800
        assert all(character.isprintable() or character == "\n" for character in text)
        assert max(map(len, text.splitlines())) < 300
    line, column = error.details["line"], error.details["column"]
    lines = re.split(r"\r\n|\r|\n", query)
    assert 1 <= line <= len(lines)
    assert 1 <= column <= len(lines[line - 1]) + 1


@settings(max_examples=300)
@given(st.text(st.sampled_from(list("?sp{}()[]<>\"'.;,:=@#^|&!*+-/\\ \n\r\t10aé😀\u00a0_"))))
def test_any_text_is_answered(text):
    """Whatever is sent, the answer is a result or one of our errors, its place within the text."""
    for query in (text, f"SELECT * {{ {text} }}", f"SELECT {text} {{ ?s ?p ?o }}"):
        try:
            check(query)
        except QuerySyntaxError as error:
            if "line" in error.details:
                lines = re.split(r"\r\n|\r|\n", query)
                assert 1 <= error.details["line"] <= len(lines)
                assert 1 <= error.details["column"] <= len(lines[error.details["line"] - 1]) + 1
        except CoopdecError:
            pass


@given(st.text(max_size=200))
def test_tokens_stand_where_they_say(text):
    end = 0
    for token in tokens(text):
        assert text[token.start : token.end] == token.text != ""
        assert token.start >= end
        end = token.end


def test_every_prefix_we_declare_needs_no_declaration():
    for prefix in PREFIXES:
        check(f"SELECT * {{ ?s {prefix}:x ?o }}")
    assert len(PREFIXES) == 25


# ---- Over HTTP ---------------------------------------------------------------------------------

QUERY = f"{B} LIMT 3"
HINTS = {"fr": "Vouliez-vous dire LIMIT ?", "en": "Did you mean LIMIT?"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_programs_get_line_column_and_hint(client, language):
    """Members of their own (RFC 9457, 3.2)."""
    answer = client.get("/sparql", params={"query": QUERY}, headers={"Accept-Language": language})
    found = answer.json()
    detail = found.pop("detail")
    assert found == {
        "type": "about:blank",
        "title": {"fr": "Requête incorrecte", "en": "Bad request"}[language],
        "status": 400,
        "instance": "/sparql",
        "code": "QuerySyntaxError",
        "line": 1,
        "column": 23,
        "hint": HINTS[language],
    }
    head, excerpt, mark, hint = detail.splitlines()
    assert "23" in head and excerpt == f"  {QUERY}" and mark == " " * 24 + "^"
    assert hint == HINTS[language]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_shows_the_line_and_the_hint(client, language):
    answer = client.get(
        "/sparql", params={"query": QUERY, "lang": language}, headers={"Accept": "text/html"}
    )
    assert answer.status_code == 400
    shown = re.search(r'<pre id="error">(.*?)</pre>', answer.text, re.DOTALL)
    assert shown is not None
    lines = html.unescape(shown[1]).splitlines()
    assert lines[1:] == [f"  {QUERY}", " " * 24 + "^", HINTS[language]]
    assert 'aria-invalid="true" aria-describedby="error"' in answer.text
    assert 'role="alert"' in answer.text
    assert QUERY in html.unescape(answer.text.partition("<textarea")[2])


def test_a_text_of_markup_stays_text(client):
    query = "SELECT * { <script>alert(1)</script> }"
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "ASK {{ SERVICE <{iri}> {{ ?s ?p ?o }} }} LIMT",
        "ASK {{ SERVICE SILENT <{iri}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ SERVICE <{iri}> {{ ?s ?p ?o }} ?a ?b",
        "SELECT (COUNT(*) AS ?n) {{ SERVICE <{iri}> {{ ?s ?p ?o }} }} ORDER ?n",
        "ASK {{ FILTER EXISTS {{ sErViCe <{iri}> {{ ?s ?p ?o }} }} }} foo:bar",
    ],
)
def test_looking_for_the_fault_calls_nobody(client, listener, query):
    """Parts of a query are parsed again, and what parses is evaluated."""
    text = query.format(iri=listener.iri)
    before = listener.settled()
    answer = client.get("/sparql", params={"query": text})
    assert answer.status_code in (400, 403)
    with pytest.raises(CoopdecError):
        check(text)
    assert listener.settled() == before
