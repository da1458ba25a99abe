"""Graph Store Protocol: every read of its tests, over graphs as the tests' writes leave them.

`/graph-store?graph=…` and `?default` identify a graph indirectly, `/graph/…` directly.
"""

from __future__ import annotations

import httpx
import pyoxigraph as ox
import pytest

from tests.service.live_service import serving
from tests.w3c.graph_store import Read, endpoint_path, planned
from tests.w3c.published import publish
from tests.w3c.results import graph_form
from tests.w3c.suite import cases

CASES = cases("GraphStoreProtocolTest")
INDIRECT = [read for read in planned() if read.exchange.path.startswith("/gsp?graph=")]
DIRECT = [read for read in planned() if read.exchange.path.startswith("/gsp/")]
DEFAULT = [read for read in planned() if read.exchange.path == "/gsp?default"]


def identified(reads: list[Read]) -> pytest.MarkDecorator:
    ids = [f"{read.case.id}-{number}" for number, read in enumerate(reads)]
    return pytest.mark.parametrize("read", reads, ids=ids)


def test_what_is_collected():
    assert len(CASES) == 13
    assert (len(INDIRECT), len(DIRECT), len(DEFAULT)) == (11, 6, 1)
    assert {read.case.id for read in planned()} == {case.id for case in CASES}


@identified(INDIRECT)
def test_a_graph_is_read_by_its_iri_in_a_parameter(client, read):
    check(send(client, read), read)


@identified(DIRECT)
def test_a_graph_is_read_by_its_own_address(client, read):
    check(send(client, read), read)


@identified(DEFAULT)
def test_the_default_graph_is_read(tmp_path, read):
    """Ours is the union of what is published: here of one graph alone."""
    publish(tmp_path / "data", {"http://www.example/graph/only": read.content})
    with serving(tmp_path / "data", tmp_path / "server.log") as client:
        check(send(client, read), read)
    assert (tmp_path / "server.log").read_text() == ""


def send(client: httpx.Client, read: Read) -> httpx.Response:
    exchange = read.exchange
    return client.request(exchange.method, endpoint_path(exchange.path), headers=exchange.headers)


def check(answer: httpx.Response, read: Read) -> None:
    wanted = read.exchange.expected
    assert wanted.allows(answer.status_code), (answer.status_code, answer.text)
    if read.content is None:
        assert answer.status_code == 404
        return
    assert wanted.content_type is not None
    found_type, wanted_type = (
        value.partition(";")[0] for value in (answer.headers["content-type"], wanted.content_type)
    )
    assert found_type == wanted_type
    if read.exchange.method == "HEAD":
        assert (answer.content, wanted.body) == (b"", None)
        return
    assert wanted.body is not None
    found, expected = (
        [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]
        for text in (answer.text, wanted.body)
    )
    assert graph_form(found, normalise=False) == graph_form(expected, normalise=False)
