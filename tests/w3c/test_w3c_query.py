"""Query evaluation and result formats: every test asked over HTTP, in every format that can say it.

A client sends a query as it is but for one thing: `BASE <IRI of the query's file>` before it, as
the protocol has no parameter for it. The dataset of a test goes into `default-graph-uri` and
`named-graph-uri`, unless the query names one itself; a test without data names an absent graph.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pyoxigraph as ox
import pytest

from tests.w3c.results import Form, Rows, graph_form, normalised, parse_rows, result_set, rows_form
from tests.w3c.skips import FOLDERS, SPELLING, expected
from tests.w3c.suite import Case, cases, file_of, graph_of, text_of

SELECTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
ABSENT_GRAPH = "urn:absent"
# In the text after the last brace, where the modifiers of the whole query stand.
ORDER = re.compile(r"\border\s+by\b", re.IGNORECASE)
FROM = re.compile(r"\bfrom\s+(named\s+)?<", re.IGNORECASE)

EVALUATED = [case for case in cases("QueryEvaluationTest") if case.folder != "service"]
FEDERATED = [case for case in cases("QueryEvaluationTest") if case.folder == "service"]
TABLES = cases("CSVResultFormatTest")


def parameters(case: Case) -> dict[str, list[str]]:
    assert case.source
    text = text_of(case.source)
    query = {"query": [f"BASE <{case.source}> {text}"]}
    if FROM.search(text):
        return query
    return {
        **query,
        "default-graph-uri": list(case.data) or [ABSENT_GRAPH],
        "named-graph-uri": list(case.graphs),
    }


def ask(client: httpx.Client, case: Case, media_type: str) -> httpx.Response:
    """The answer in one format, by the way of asking that goes with it: all three are used."""
    sent, headers = parameters(case), {"Accept": media_type}
    if "json" in media_type or "n-triples" in media_type:
        answer = client.get("/sparql", params=sent, headers=headers)
    elif "xml" in media_type:
        answer = client.post("/sparql", data=sent, headers=headers)
    else:
        [query] = sent.pop("query")
        headers["Content-Type"] = "application/sparql-query"
        answer = client.post("/sparql", params=sent, content=query.encode(), headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    return answer


def test_what_is_collected():
    skipped = [case for case in EVALUATED if case.folder in FOLDERS]
    assert (len(EVALUATED), len(skipped), len(FEDERATED), len(TABLES)) == (302, 70, 7, 3)


@pytest.mark.parametrize("case", expected(EVALUATED))
def test_a_query_is_answered(client, case):
    assert case.result
    if not case.result.endswith(".ttl"):
        compare_rows(
            client, case, parse_rows(file_of(case.result).read_bytes(), of_file(case.result))
        )
    elif (rows := result_set(graph_of(case.result))) is not None:
        compare_rows(client, case, rows)
    else:
        compare_graph(client, case, graph_of(case.result))


def compare_graph(client: httpx.Client, case: Case, wanted: list[ox.Triple]) -> None:
    for media_type, format in GRAPHS.items():
        content = ask(client, case, media_type).content
        found = [quad.triple for quad in ox.parse(content, format)]
        compare(case, media_type, found, wanted, graph_form)


def compare_rows(client: httpx.Client, case: Case, wanted: tuple[set[str], Rows] | bool) -> None:
    for media_type, format in SELECTS.items():
        if isinstance(wanted, bool) and format is ox.QueryResultsFormat.TSV:
            continue  # a table has no yes or no (SPARQL 1.1 Query Results CSV and TSV, 1)
        found = parse_rows(ask(client, case, media_type).content, format)
        if isinstance(wanted, bool) or isinstance(found, bool):
            assert found is wanted, media_type
            continue
        assert found[0] == wanted[0], (media_type, "variables")
        ordered = bool(ORDER.search(text_of(case.source).rpartition("}")[2]))
        compare(case, media_type, found[1], wanted[1], partial(rows_form, ordered=ordered))


def compare(
    case: Case, media_type: str, found: Any, wanted: Any, form: Callable[..., Form]
) -> None:
    """As spelled; a test listed for its spelling must differ so, and be equal once normalised."""
    same = form(found, normalise=False) == form(wanted, normalise=False)
    if case.id not in SPELLING:
        assert same, (media_type, found, wanted)
        return
    assert not same, f"{case.id} is right as it is spelled: take it off the list"
    same = form(found, normalise=True) == form(wanted, normalise=True)
    assert same, (media_type, found, wanted)


def of_file(iri: str) -> ox.QueryResultsFormat:
    format = ox.QueryResultsFormat.from_extension(iri.rpartition(".")[2])
    assert format is not None
    return format


@pytest.mark.parametrize("case", expected(TABLES))
def test_a_table_is_written_as_csv(client, case):
    """Cell by cell, as a table has no types; names of blank nodes are free."""
    wanted = list(csv.reader(io.StringIO(text_of(case.result), newline="")))
    body = ask(client, case, "text/csv").content.decode()
    found = list(csv.reader(io.StringIO(body, newline="")))
    assert body.count("\r\n") == len(found)
    # The columns of SELECT * have no order of their own.
    assert sorted(found[0]) == sorted(wanted[0])
    found = [[row[found[0].index(name)] for name in wanted[0]] for row in found]
    spelled = {
        triple.object.value: normalised(triple.object).value
        for iri in case.data
        for triple in graph_of(iri)
    }
    same = anonymous(found) == anonymous(wanted)
    assert same is (case.id not in SPELLING), (found, wanted)
    respelled = [[spelled.get(cell, cell) for cell in row] for row in wanted]
    assert anonymous(found) == anonymous(respelled)


def anonymous(table: list[list[str]]) -> list[list[str]]:
    """The table with its blank nodes named in the order they appear."""
    names: dict[str, str] = {}
    return [
        [names.setdefault(cell, f"_:{len(names)}") if cell[:2] == "_:" else cell for cell in row]
        for row in table
    ]


@pytest.mark.parametrize("case", FEDERATED, ids=lambda case: case.id)
def test_a_query_to_another_service_is_refused(client, case):
    answer = client.post("/sparql", data=parameters(case))
    assert (answer.status_code, answer.json()["code"]) == (403, "QueryForbidden")
