"""What goes around an answer: bodies in pieces, HEAD, 304, limits of what is made whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import Response

from coopdec_graph.errors import Overloaded, ResultTooBig
from coopdec_graph.index.resources import resources
from coopdec_graph.results.formats import PARQUET, XLSX
from coopdec_graph.service.api import tables
from coopdec_graph.service.api.answers import in_pieces
from coopdec_graph.service.api.formats import CSV

PATH = "/api/v1"


def request(method: str) -> Request:
    headers = [(b"accept-encoding", b"gzip")]
    return Request({"type": "http", "method": method, "headers": headers, "path": "/"})


def sent(response: Response) -> tuple[dict[str, str], bytes]:
    """The headers and body that an application sends."""
    messages: list[dict[str, object]] = []

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        messages.append(message)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    asyncio.run(response({"type": "http", "method": "GET"}, receive, send))  # type: ignore[arg-type]
    pairs = messages[0]["headers"]
    assert isinstance(pairs, list)
    headers = {name.decode(): value.decode() for name, value in pairs}
    return headers, b"".join(m.get("body", b"") for m in messages[1:])  # type: ignore[misc]


def test_head_of_a_body_in_pieces_has_the_headers_of_get() -> None:
    def pieces() -> Iterator[bytes]:
        yield from (b"x" * 2_000 for _ in range(3))

    got, body = sent(in_pieces(request("GET"), pieces(), {"etag": "a"}, CSV))
    head, nothing = sent(in_pieces(request("HEAD"), pieces(), {"etag": "a"}, CSV))
    assert got == head
    assert got["content-encoding"] == "gzip" and "content-length" not in got
    assert (len(body) > 0, nothing) == (True, b"")


def test_head_makes_no_workbook() -> None:
    def pieces() -> Iterator[bytes]:
        raise AssertionError("it was made")
        yield b""

    headers, body = sent(in_pieces(request("HEAD"), pieces(), {}, XLSX))
    assert (headers["content-type"], body) == (XLSX.media_type, b"")


@pytest.mark.parametrize("format", [XLSX, PARQUET])
def test_a_workbook_has_its_limit_and_only_two_are_made_at_a_time(format: object) -> None:
    assert format in (XLSX, PARQUET)
    rows = tables.Rows(["a"], [])
    most = tables.MOST_OF_A_WORKBOOK[format]  # type: ignore[index]
    with pytest.raises(ResultTooBig, match=f"{most} at most"):
        tables.workbook_of(rows, most + 1, format)  # type: ignore[arg-type]
    with tables._WORKSHOP, tables._WORKSHOP, pytest.raises(Overloaded):
        tables.workbook_of(rows, 0, format)  # type: ignore[arg-type]
    assert tables.workbook_of(rows, 0, format)  # type: ignore[arg-type]


@pytest.mark.parametrize("address", [*resources(), "partnerships.csv", "partnerships/atlas-901"])
def test_304_varies_as_200_does(address: str, client: httpx.Client) -> None:
    whole = client.get(f"{PATH}/{address}")
    kept = client.get(f"{PATH}/{address}", headers={"if-none-match": whole.headers["etag"]})
    assert (kept.status_code, kept.headers["vary"]) == (304, whole.headers["vary"])


def test_the_value_that_a_facet_shows_is_one_that_a_filter_takes(client: httpx.Client) -> None:
    compared = 0
    for name, resource in resources().items():
        document = client.get(f"{PATH}/{name}?facets=*&limit=0&facet_limit=1000").json()
        filters = {each.link: each.name for each in resource.filters if each.link}
        for facet in set(document["facets"]) & set(filters):
            for value in document["facets"][facet]["rows"]:
                asked = {filters[facet]: value["value"], "limit": 0}
                found = client.get(f"{PATH}/{name}", params=asked).json()
                assert found["total"] == value["count"], (name, facet, value)
                compared += 1
    assert compared > 50


def test_the_next_page_shows_as_many_values_of_a_facet(client: httpx.Client) -> None:
    first = client.get(f"{PATH}/partnerships?limit=1&facets=theme&facet_limit=1").json()
    then = client.get(first["next"]).json()
    assert len(then["facets"]["theme"]["rows"]) == len(first["facets"]["theme"]["rows"]) == 1


def test_chosen_columns_are_described_as_chosen(client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/partnerships.csv?fields=title,status")
    link = answer.headers["link"].partition(">")[0].lstrip("<")
    described = client.get(link).json()["tableSchema"]["columns"]
    header = answer.text.splitlines()[0].split(",")
    assert [column["name"] for column in described] == header
    assert header == ["iri", "id", "title", "status_name", "status_iri"]


def test_a_feature_has_its_position_whatever_columns_are_chosen(client: httpx.Client) -> None:
    for query in ("", "?fields=name"):
        found = client.get(f"{PATH}/places.geojson{query}").json()["features"]
        assert len([each for each in found if each["geometry"]]) >= 3


@pytest.mark.parametrize(
    "address", ["partnerships?lang=xx", "search?q=a&nope=1", "search?q=a&format=csv"]
)
def test_what_nobody_would_look_at_is_refused(address: str, client: httpx.Client) -> None:
    assert client.get(f"{PATH}/{address}").status_code in (400, 406)
