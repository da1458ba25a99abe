"""No text in any parameter of a list is anything but data, or refused."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection

import httpx
import pytest

from coopdec_graph.index.resources import resources
from coopdec_graph.service.api.requests import RESERVED
from tests.questions.test_values import HOSTILE

SENT = [value for value in HOSTILE if "\ud800" not in value and len(value) <= 10_000]
EMPTY = ("fields", "facets", "format")
PARAMETERS = [
    (name, parameter)
    for name, resource in resources().items()
    for parameter in [*(each.name for each in resource.filters), *RESERVED]
]


@pytest.mark.parametrize(("name", "parameter"), PARAMETERS)
def test_no_hostile_value_ends_in_a_defect(name: str, parameter: str, client: httpx.Client) -> None:
    everything = client.get(f"/api/v1/{name}?limit=0").json()["total"]
    assert len(SENT) > 25
    for value in SENT:
        answer = client.get(f"/api/v1/{name}", params={parameter: value})
        if answer.status_code == 200:
            # Words that nothing has, a language nobody speaks here, or a list that is empty.
            assert parameter in ("q", "lang") or (value == "" and parameter in EMPTY), value
            assert answer.json()["total"] == (0 if parameter == "q" else everything)
        else:
            status = {"format": 406}.get(parameter, 400)
            assert answer.status_code == status, (value, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"
            assert len(answer.content) < 4_000


@pytest.mark.parametrize("size", [5_000, 60_000, 1_000_000])
def test_a_value_of_any_length_is_answered(size: int, client: httpx.Client) -> None:
    """Refused as a value, or by the server as an address that is too long; it goes on serving."""
    # httpx sends no address so long.
    host, port = client.base_url.host, client.base_url.port
    for parameter in ("country", "q", "cursor", "sort", "financer"):
        with closing(HTTPConnection(host, port, timeout=30)) as connection:
            connection.request("GET", f"/api/v1/funding?{parameter}={'x' * size}")
            assert connection.getresponse().status in (400, 414, 431), parameter
    assert client.get("/api/v1/funding?limit=1").status_code == 200
