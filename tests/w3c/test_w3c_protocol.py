"""The SPARQL Protocol tests, request by request as their manifest has them.

Those that update expect a success our public endpoint never gives: they are in skips.toml, and
test_w3c_read_only.py says what happens instead.
"""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from tests.w3c.results import parse_rows
from tests.w3c.skips import expected
from tests.w3c.suite import Exchange, cases

CASES = cases("ProtocolTest")
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


def test_what_is_collected():
    assert (len(CASES), sum(len(case.exchanges) for case in CASES)) == (34, 39)


@pytest.mark.parametrize("case", expected(CASES))
def test_the_protocol_is_followed(client, case):
    for exchange in case.exchanges:
        check(send(client, exchange), exchange)


def send(client: httpx.Client, exchange: Exchange) -> httpx.Response:
    assert exchange.path.startswith("/sparql/")
    path = "/sparql" + exchange.path.removeprefix("/sparql/")
    return client.request(
        exchange.method, path, content=exchange.body, headers=dict(exchange.headers)
    )


def check(answer: httpx.Response, exchange: Exchange) -> None:
    wanted = exchange.expected
    assert wanted.allows(answer.status_code), (answer.status_code, answer.text)
    if wanted.format is None:
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    if wanted.format == "RDF":
        format = ox.RdfFormat.from_media_type(media_type)
        assert format is not None, media_type
        list(ox.parse(answer.content, format))
        return
    found = parse_rows(answer.content, RESULTS[media_type])
    assert isinstance(found, bool) is (wanted.format == "boolean")
    if wanted.boolean is not None:
        assert found is wanted.boolean
