"""One server over the small release of `release.py`, and ways to ask it; answers are checked against
the schemas of the specification where these are at hand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.service.live_service import serving
from tests.service.reconciliation.release import WHOLE, publish, quads
from tests.service.reconciliation.schemas import valid

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="session")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of the small release. At the end the server must have logged nothing."""
    folder, log = tmp_path_factory.mktemp("reconcile"), tmp_path_factory.mktemp("log") / "log"
    publish(folder, quads(*WHOLE))
    with serving(folder, log) as client:
        yield client
    assert log.read_text() == ""


def ask_of(client: httpx.Client) -> Ask:
    def ask(query: str | None = None, type: Any = None, **fields: Any) -> list[dict[str, Any]]:
        """The candidates for one query; keywords are properties, but `limit` and `lang`."""
        message: dict[str, Any] = {"query": query, "type": type, "limit": fields.pop("limit", None)}
        parameters = {"lang": fields.pop("lang", "fr")}
        message["properties"] = [{"pid": pid, "v": v} for pid, v in fields.items()]
        batch = {"q": {name: value for name, value in message.items() if value is not None}}
        answer = client.post("/reconcile", params=parameters, data={"queries": json.dumps(batch)})
        assert answer.status_code == 200, answer.text
        valid(answer.json(), "reconciliation-result-batch")
        return answer.json()["q"]["result"]

    return ask


@pytest.fixture
def ask(client: httpx.Client) -> Ask:
    return ask_of(client)


def matched(found: list[dict[str, Any]]) -> list[str]:
    """The identifiers of the candidates that are a match."""
    return [one["id"] for one in found if one["match"]]


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    named = {one["id"]: one["value"] for one in candidate["features"]}
    assert len(named) == len(candidate["features"])
    return named
