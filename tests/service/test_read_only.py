"""The service never changes the graph, and says so."""

from __future__ import annotations

import pytest

RAW = {"Content-Type": "application/sparql-query"}
UPDATES = (
    "INSERT DATA { <a:a> <a:b> <a:c> }",
    "insert { ?s ?p 1 } where { ?s ?p ?o }",
    "DELETE WHERE { ?s ?p ?o }",
    "DELETE DATA { <a:a> <a:b> <a:c> }",
    "LOAD <http://127.0.0.1:9/>",
    "CLEAR ALL",
    "DROP ALL",
    "CREATE GRAPH <a:a>",
    "COPY <a:a> TO <a:b>",
    "MOVE <a:a> TO <a:b>",
    "ADD <a:a> TO <a:b>",
    "WITH <a:a> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "# first\nPREFIX ex: <http://example.org/#>\nBASE <http://example.org/>\nDROP ALL",
    "ASK {} ; DROP ALL",
)
SAYS = {
    "fr": "Ce point d'accès est en lecture seule : il n'accepte que SELECT, ASK, CONSTRUCT et DESCRIBE.",
    "en": "This endpoint is read-only: it takes SELECT, ASK, CONSTRUCT and DESCRIBE only.",
}


@pytest.mark.parametrize("update", UPDATES)
@pytest.mark.parametrize("language", SAYS)
def test_an_update_is_refused(client, update, language):
    before = client.get("/health").json()
    answer = client.post(
        "/sparql", data={"query": update}, headers={"Accept-Language": language}
    ).json()
    assert client.get("/health").json() == before
    if update.startswith("ASK"):
        assert (answer["status"], answer["code"]) == (400, "QuerySyntaxError")
    else:
        assert (answer["status"], answer["code"], answer["detail"]) == (
            400,
            "UpdateRefused",
            SAYS[language],
        )


def test_the_words_of_an_update_are_fine_elsewhere(client):
    query = "SELECT ?insert { BIND('DELETE DATA {} ; DROP ALL' AS ?insert) } # LOAD <a:a>"
    answer = client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.text == "insert\r\nDELETE DATA {} ; DROP ALL\r\n"


@pytest.mark.parametrize(
    "text",
    ["PREFIX " + "<" * 400_000, "PREFIX" + " " * 400_000 + "x", "PREFIX a:" + "<b" * 200_000],
    ids=["brackets", "spaces", "open IRIs"],
)
def test_no_text_holds_the_service_up_while_it_is_looked_at(client, text):
    """A defect once: the search for an update took time with the square of the text's length."""
    answer = client.post("/sparql", content=text, headers=RAW, timeout=20)
    assert (answer.status_code, answer.json()["code"]) == (400, "QuerySyntaxError")
