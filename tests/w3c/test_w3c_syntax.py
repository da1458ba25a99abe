"""Syntax: what SPARQL 1.1 allows is answered, what it does not allow is a syntax error."""

from __future__ import annotations

import httpx
import pytest

from tests.w3c.skips import expected
from tests.w3c.suite import Case, cases, text_of

# Some tests of update requests are filed as negative syntax tests: test_w3c_read_only.py has them.
POSITIVE = [case for case in cases("PositiveSyntaxTest11") if case.folder != "syntax-fed"]
NEGATIVE = [case for case in cases("NegativeSyntaxTest11") if case.source.endswith(".rq")]
FEDERATED = [case for case in cases("PositiveSyntaxTest11") if case.folder == "syntax-fed"]


def send(client: httpx.Client, case: Case) -> httpx.Response:
    """A query over an empty graph; its relative IRIs are those of its file."""
    query = f"BASE <{case.source}> {text_of(case.source)}"
    return client.post("/sparql", data={"query": query, "default-graph-uri": "urn:absent"})


def test_what_is_collected():
    assert (len(POSITIVE), len(NEGATIVE), len(FEDERATED)) == (63, 40, 3)


@pytest.mark.parametrize("case", expected(POSITIVE))
def test_what_is_sparql_is_answered(client, case):
    answer = send(client, case)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("case", expected(NEGATIVE))
def test_what_is_not_sparql_is_a_syntax_error(client, case):
    answer = send(client, case)
    assert (answer.status_code, answer.headers["content-type"], answer.json()["code"]) == (
        400,
        "application/problem+json",
        "QuerySyntaxError",
    )


@pytest.mark.parametrize("case", FEDERATED, ids=lambda case: case.id)
def test_a_service_clause_is_understood_and_refused(client, case):
    answer = send(client, case)
    assert (answer.status_code, answer.json()["code"]) == (403, "QueryForbidden")
