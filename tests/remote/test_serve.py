"""`coopdec serve --remote`: the same answers over HTTP, whichever engine gives them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import httpx
import pytest

from coopdec_graph.publishing.releases import Release
from tests.remote.stores import ROOT, Store
from tests.service.live_service import command, environment, serving

PARTNERSHIP = "/doc/partnership/atlas-3203"
SUMS = (
    "SELECT ?name (SUM(?amount) AS ?euros) { ?line cd:financer/skos:prefLabel ?name ;"
    " cd:amount ?amount } GROUP BY ?name ORDER BY ?name"
)
REQUESTS = [
    ("/sparql", {"query": SUMS, "format": "csv"}),
    ("/sparql", {"query": "SELECT (COUNT(*) AS ?n) { ?p a cd:Partnership }", "format": "tsv"}),
    ("/sparql", {"query": "ASK { ?p a cd:Partnership }", "format": "json"}),
    ("/sparql", {"query": "SELECT nonsense", "lang": "en"}),
    ("/sparql", {"query": "ASK { SERVICE <http://127.0.0.1:9/> {} }", "lang": "en"}),
    ("/sparql", {"query": "DROP ALL", "lang": "en"}),
    ("/sparql", {"query": SUMS, "format": "turtle", "lang": "en"}),
    (f"{PARTNERSHIP}.nt", {}),
    ("/doc/partnership/nobody", {"lang": "en"}),
]


def configuration(store: Store, folder: Path) -> Path:
    file = folder / "store.toml"
    lines = [f"{key} = {json.dumps(value)}" for key, value in store.table().items()]
    file.write_text("\n".join(lines) + "\n")
    return file


def answers(client: httpx.Client) -> list[tuple[int, str, list[str]]]:
    """What each request gets; the lines of a graph may come in any order."""
    found = []
    for path, parameters in REQUESTS:
        answer = client.get(path, params=parameters)
        lines = answer.text.splitlines()
        order = sorted(lines) if path.endswith(".nt") else lines
        found.append((answer.status_code, answer.headers["content-type"], order))
    return found


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_served_remote_store_answers_as_the_embedded_engine_does(
    request, name, data: Path, release: Release, tmp_path: Path
) -> None:
    store: Store = request.getfixturevalue(name)
    file = configuration(store, tmp_path)
    arguments = command("publish", "--data", data, "--remote", file)
    done = subprocess.run(arguments, env=environment(ROOT), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with serving(data, tmp_path / "embedded.log") as embedded:
        expected = answers(embedded)
        page = embedded.get(PARTNERSHIP, headers={"Accept": "text/html"})
    with serving(data, tmp_path / "remote.log", options=("--remote", file)) as remote:
        assert answers(remote) == expected
        assert [status for status, _, _ in expected] == [
            200,
            200,
            200,
            400,
            403,
            400,
            406,
            200,
            404,
        ]
        found = remote.get(PARTNERSHIP, headers={"Accept": "text/html"})
        assert (found.status_code, page.status_code) == (200, 200)
        assert found.text == page.text
        assert remote.get("/ready").json() == {"status": "ready", "release": release.id}
    assert (tmp_path / "remote.log").read_text() == ""
