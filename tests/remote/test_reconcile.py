"""`/reconcile` over a remote store: the same answers as over the embedded engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.remote.stores import ROOT, Store
from tests.remote.test_serve import configuration
from tests.service.live_service import command, environment, serving
from tests.service.reconciliation.release import WHOLE, publish, quads

NAMES = ("Mantes-la-Jolie", "Préfecture de Rabat", "Cherbourg-Octeville", "Saint-Denis", "Autre")
QUERIES = {name: {"query": name} for name in NAMES}
EXTEND = {
    "ids": ["id/collectivity/fr/mantes-la-jolie", "scheme/theme/eau-et-assainissement"],
    "properties": [{"id": name} for name in ("siren", "departement", "broader", "partnerships")],
}


def answers(client: httpx.Client) -> list[httpx.Response]:
    fields = ({"queries": json.dumps(QUERIES)}, {"extend": json.dumps(EXTEND)})
    return [client.post("/reconcile", data=field) for field in fields]


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_remote_store_gives_the_same_answers(request, name, tmp_path: Path) -> None:
    store: Store = request.getfixturevalue(name)
    data = tmp_path / "data"
    publish(data, quads(*WHOLE))
    file = configuration(store, tmp_path)
    arguments = command("publish", "--data", data, "--remote", file, "--replace")
    done = subprocess.run(arguments, env=environment(ROOT), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with serving(data, tmp_path / "embedded.log") as embedded:
        expected = answers(embedded)
    with serving(data, tmp_path / "remote.log", options=("--remote", file)) as remote:
        found = answers(remote)
    assert [answer.status_code for answer in found] == [200, 200]
    assert [answer.json() for answer in found] == [answer.json() for answer in expected]
    assert len(expected[0].json()["Mantes-la-Jolie"]["result"]) == 2
