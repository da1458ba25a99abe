"""The command with `--admin-token-file`: a write is published, then served, with no restart."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import httpx
import pytest

from tests.service.live_service import ROOT, build, command, environment, serving

TOKEN = "kq7Vn0pWz3Yh1sRt5uXa8bCd2eFg4iJl"
GRAPH = "https://w3id.org/coopdec/graph/links/essai"
WRITE = f"INSERT DATA {{ GRAPH <{GRAPH}> {{ <urn:x:a> <urn:x:b> 'c' }} }}"
FOUND = f"ASK {{ GRAPH <{GRAPH}> {{ <urn:x:a> <urn:x:b> 'c' }} }}"
PREFLIGHT = {
    "Origin": "https://elsewhere.example",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization",
}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    out, pages = tmp_path / "out", tmp_path / "pages"
    out.mkdir()
    pages.mkdir()
    (pages / "3203.txt").write_text((ROOT / "data" / "atlas" / "3203.txt").read_text())
    build(out, pages, out / "registry.csv")
    return out


def wait_until_found(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    while not client.get("/sparql", params={"query": FOUND}).json()["boolean"]:
        assert time.monotonic() < deadline, "what was written is not served"
        time.sleep(0.05)


def test_a_write_is_served_and_needs_the_token(published, tmp_path):
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN + "\n")
    token_file.chmod(0o600)
    options = ("--admin-token-file", token_file)
    with serving(published, tmp_path / "log", options=options) as client:
        before = client.get("/ready").json()["release"]
        refused = client.post("/admin/update", data={"update": WRITE})
        assert (refused.status_code, refused.json()["code"]) == (401, "Unauthorised")
        assert client.get("/ready").json()["release"] == before
        headers = {"Authorization": f"Bearer {TOKEN}"}
        done = client.post("/admin/update", data={"update": WRITE}, headers=headers)
        assert (done.status_code, done.json()["added"]) == (200, 1)
        wait_until_found(client)
        assert client.get("/ready").json()["release"] == done.json()["release"] != before
        # No page of another site may write, whatever its visitor holds.
        preflight = client.options("/admin/update", headers=PREFLIGHT)
        assert not [name for name in preflight.headers if name.startswith("access-control")]
        assert client.options("/sparql", headers=PREFLIGHT).status_code == 200
    log = (tmp_path / "log").read_text()
    assert TOKEN not in log


def test_without_a_token_file_there_is_no_such_address(client):
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for method, path in (("POST", "/admin/update"), ("PUT", f"/admin/graph-store?graph={GRAPH}")):
        answer = client.request(method, path, content=WRITE, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "HTTP")


def test_a_token_file_that_everybody_can_read_is_refused(published, tmp_path):
    token_file = tmp_path / "token"
    token_file.write_text(TOKEN)
    token_file.chmod(0o644)
    arguments = command("serve", "--data", published, "--admin-token-file", token_file)
    ended = subprocess.run(arguments, env=environment(ROOT), capture_output=True, text=True)
    assert (ended.returncode, TOKEN in ended.stdout + ended.stderr) == (2, False)
    assert f"chmod 600 {token_file}" in ended.stderr.replace("\n", "")
