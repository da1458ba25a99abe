"""What the suite would change: each of its updates and graph writes is refused and changes nothing."""

from __future__ import annotations

import httpx
import pytest

from tests.w3c.graph_store import endpoint_path, writes
from tests.w3c.suite import Case, cases, text_of

VALID = cases("UpdateEvaluationTest", "PositiveUpdateSyntaxTest11")
INVALID = [
    *cases("NegativeUpdateSyntaxTest11"),
    *(case for case in cases("NegativeSyntaxTest11") if case.source.endswith(".ru")),
]
WRITES = writes()
COUNT = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g"


def test_what_is_collected():
    assert (len(VALID), len(INVALID), len(WRITES)) == (136, 21, 21)


@pytest.fixture(scope="module")
def before(client):
    return content(client)


def content(client: httpx.Client) -> str:
    answer = client.get("/sparql", params={"query": COUNT}, headers={"Accept": "text/csv"})
    assert answer.status_code == 200
    return answer.text


def ways(client: httpx.Client, case: Case) -> dict[str, httpx.Response]:
    """The answer to every way to send an update."""
    update = f"BASE <{case.source}> {text_of(case.source)}"
    direct = {"Content-Type": "application/sparql-update"}
    return {
        "form": client.post("/sparql", data={"update": update}),
        "body": client.post("/sparql", content=update.encode(), headers=direct),
        "address": client.get("/sparql", params={"update": update}),
        "as a query": client.post("/sparql", data={"query": update}),
    }


def problems(answers: dict[str, httpx.Response]) -> dict[str, str]:
    """The code of each answer; None of them may be anything but a client's error."""
    for way, answer in answers.items():
        assert 400 <= answer.status_code < 500, (way, answer.text)
        assert answer.headers["content-type"] == "application/problem+json", way
    return {way: answer.json()["code"] for way, answer in answers.items()}


@pytest.mark.parametrize("case", VALID, ids=lambda case: case.id)
def test_an_update_is_refused_and_changes_nothing(client, before, case):
    codes = problems(ways(client, case))
    # Some have nothing that an update begins with: a comment, or a prologue alone.
    assert codes.pop("as a query") in ("UpdateRefused", "QuerySyntaxError")
    assert codes == {"form": "BadRequest", "body": "UnsupportedType", "address": "BadRequest"}
    assert content(client) == before


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case.id)
def test_what_is_no_update_either_is_refused(client, before, case):
    problems(ways(client, case))
    assert content(client) == before


@pytest.mark.parametrize("number", range(len(WRITES)), ids=lambda n: f"{WRITES[n][0]}-{n}")
def test_a_graph_is_not_written(client, before, number):
    _, exchange = WRITES[number]
    answer = client.request(
        exchange.method,
        endpoint_path(exchange.path),
        content=exchange.body,
        headers=exchange.headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (405, "HTTP")
    assert {"GET", "HEAD"} <= set(answer.headers["allow"].split(", ")) <= {"GET", "HEAD", "OPTIONS"}
    assert content(client) == before
