"""The routes of administrators, spoken to over HTTP: only with the token, whole or not at all."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.service.admin import read_token
from tests.pipeline.commands import files_of
from tests.publishing.edits_of_atlas import GRAPH, LINKS, PARTNERSHIP, RENAME, SOURCE, TITLE_TWICE
from tests.service.live_service import ROOT, environment

TOKEN = secrets.token_urlsafe(32)
BEARER = {"Authorization": f"Bearer {TOKEN}"}
UPDATE = {"Content-Type": "application/sparql-update"}
TURTLE = {"Content-Type": "text/turtle"}
TRIPLE = b"<urn:x:a> <http://exemple.example/p> <urn:x:b> ."


@dataclass(frozen=True)
class Desk:
    """A client with the token, the folder it changes, and what the server has logged."""

    client: httpx.Client
    folder: Path
    log: Path

    @property
    def release(self) -> str:
        return (self.folder / "current").resolve().name

    def update(self, text: str, **headers: str) -> httpx.Response:
        return self.client.post("/admin/update", content=text.encode(), headers=UPDATE | headers)

    def graph(self, method: str, graph: str = LINKS, body: bytes = TRIPLE) -> httpx.Response:
        return self.client.request(
            method, "/admin/graph-store", params={"graph": graph}, content=body, headers=TURTLE
        )


def token_file(folder: Path, text: str = f"{TOKEN}\n", mode: int = 0o600) -> Path:
    path = folder / "token"
    path.write_text(text)
    path.chmod(mode)
    return path


@pytest.fixture(scope="module")
def started(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("admin")
    shutil.copytree(data, folder / "out", symlinks=True)
    log = folder / "server.log"
    command = [sys.executable, "-W", "error", "-m", "tests.service.admin_app"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, str(folder / "out"), str(token_file(folder))],
            cwd=ROOT,
            env=environment(ROOT),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=address(process, log), headers=BEARER, timeout=60) as client:
            yield Desk(client, folder / "out", log)
    finally:
        process.terminate()
        process.wait(20)
    assert TOKEN not in log.read_text()
    assert "Traceback" not in log.read_text()


def address(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the server listens, once it says so."""
    tick = threading.Event()
    while process.poll() is None:
        found = re.search(r"running on (http://[0-9.]+:[0-9]+)", log.read_text())
        if found:
            return found[1]
        tick.wait(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def desk(started: Desk, data: Path) -> Desk:
    """The server over a folder as it was built: each test starts from the same graph."""
    shutil.rmtree(started.folder)
    shutil.copytree(data, started.folder, symlinks=True)
    return started


# ---- The token -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Authorization", f"Bearer {TOKEN[:-1]}")],
        [("Authorization", f"Bearer {TOKEN}x")],
        [("Authorization", f"Basic {TOKEN}")],
        [("Authorization", TOKEN)],
        [("Authorization", "Bearer \xff\xfe".encode("latin-1"))],
        [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")],
        [("Cookie", f"token={TOKEN}")],
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/admin/update"),
        ("PUT", f"/admin/graph-store?graph={LINKS}"),
        ("POST", f"/admin/graph-store?graph={LINKS}"),
        ("DELETE", f"/admin/graph-store?graph={SOURCE}"),
        ("POST", f"/admin/update?access_token={TOKEN}"),
    ],
)
def test_without_the_token_nothing_is_done(desk: Desk, method: str, path: str, headers):
    before = files_of(desk.folder)
    url = str(desk.client.base_url).rstrip("/") + path
    kind = TURTLE if "graph-store" in path else UPDATE
    with httpx.Client(headers=[*kind.items(), *headers]) as client:
        answer = client.request(method, url, content=RENAME.encode())
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="coopdec-graph"'
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "Unauthorised"
    assert files_of(desk.folder) == before


def test_the_scheme_is_compared_without_case(desk: Desk):
    answer = desk.update("INSERT DATA {}", Authorization=f"bearer {TOKEN}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("", 0o600),
        ("court", 0o600),
        ("x" * 23, 0o600),
        ("x" * 1025, 0o600),
        ("deux mots et quelques autres encore", 0o600),
        (f"{TOKEN}\n{TOKEN}\n", 0o600),
        ("é" * 30, 0o600),
        (TOKEN, 0o644),
        (TOKEN, 0o604),
        (TOKEN, 0o602),
    ],
)
def test_a_weak_or_open_token_is_refused_and_never_repeated(tmp_path: Path, text: str, mode: int):
    path = token_file(tmp_path, text, mode)
    with pytest.raises(UsageError) as raised:
        read_token(path)
    assert str(path) in raised.value.text("fr") and str(path) in raised.value.text("en")
    if len(text) > 6:
        assert text not in str(raised.value)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_a_token_is_one_line(tmp_path: Path, ending: str):
    assert read_token(token_file(tmp_path, TOKEN + ending)) == TOKEN


def test_a_token_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(UsageError):
        read_token(tmp_path / "none")
    with pytest.raises(UsageError):
        read_token(tmp_path)


def test_the_service_without_a_token_has_no_such_routes(client: httpx.Client):
    for method, path in (("POST", "/admin/update"), ("PUT", f"/admin/graph-store?graph={LINKS}")):
        answer = client.request(method, path, content=b"CLEAR ALL", headers=UPDATE | BEARER)
        assert (answer.status_code, answer.json()["code"]) == (404, "HTTP")


# ---- Updates -------------------------------------------------------------------------------------


def test_an_update_is_published(desk: Desk):
    before = desk.release
    answer = desk.update(RENAME)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "no-store"
    assert told["release"] == desk.release != before
    assert answer.headers["etag"] == f'"{desk.release}"'
    assert (told["published"], told["added"], told["removed"]) == (True, 1, 1)
    assert [finding["severity"] for finding in told["findings"]] == ["info"]
    assert set(told) == {"release", "published", "added", "removed", "findings"}


def test_an_update_in_a_form_is_decoded_once(desk: Desk):
    text = f'INSERT DATA {{ GRAPH <{LINKS}> {{ <urn:x:a> <urn:x:p> "a+b %2B é & c" }} }}'
    answer = desk.client.post("/admin/update", data={"update": text})
    assert answer.json()["added"] == 1
    assert '"a+b %2B é & c"' in (desk.folder / "current/graph.nq").read_text("utf-8")


def test_a_dry_run_publishes_nothing(desk: Desk):
    before = files_of(desk.folder)
    answer = desk.client.post(
        "/admin/update", params={"dry-run": "true"}, content=RENAME.encode(), headers=UPDATE
    )
    told = answer.json()
    assert (answer.status_code, told["published"], told["added"]) == (200, False, 1)
    assert told["release"] == desk.release
    assert files_of(desk.folder) == before
    put = desk.client.put(
        "/admin/graph-store",
        params={"graph": LINKS, "dry-run": "true"},
        content=TRIPLE,
        headers=TURTLE,
    )
    assert (put.status_code, put.json()["published"]) == (200, False)
    assert files_of(desk.folder) == before


def test_a_broken_shape_refuses_all_and_says_which(desk: Desk):
    before = files_of(desk.folder)
    for language in ("fr", "en"):
        answer = desk.update(f"{RENAME} ; {TITLE_TWICE}", **{"Accept-Language": language})
        problem = answer.json()
        assert (answer.status_code, problem["status"]) == (422, 422)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == language
        assert problem["code"] == "ChangeRefused"
        (finding,) = problem["findings"]
        assert finding["focus"] == PARTNERSHIP
        assert finding["shape"].endswith("#Partnership-title")
        assert set(finding["message"]) == {"fr", "en"}
        assert "Encore" not in answer.text
    assert files_of(desk.folder) == before


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("INSERT DATA {", 400, "QuerySyntaxError"),
        ("LOAD <http://127.0.0.1:1/>", 403, "QueryForbidden"),
        ("CLEAR DEFAULT ; CLEAR ALL", 403, "NotWritable"),
        (f"INSERT DATA {{ GRAPH <{LINKS}> {{ <urn:x:a> <urn:x:p> 'sacha@example.org' }} }}", 422, "ChangeRefused"),
        ("# " + "x" * 10_000, 413, "TooLarge"),
    ],
)  # fmt: skip
def test_what_is_refused_and_how(desk: Desk, text: str, status: int, code: str):
    before = files_of(desk.folder)
    # Asked by a browser too, the answer is for programs.
    answer = desk.update(text, Accept="text/html")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "sacha" not in answer.text
    assert files_of(desk.folder) == before


@pytest.mark.parametrize(
    ("parameters", "content", "kind", "status"),
    [
        ({}, b"update=INSERT+DATA+{}&update=CLEAR+ALL", "application/x-www-form-urlencoded", 400),
        ({}, b"query=ASK+{}", "application/x-www-form-urlencoded", 400),
        ({}, b"", "application/x-www-form-urlencoded", 400),
        ({"using-graph-uri": LINKS}, b"INSERT DATA {}", "application/sparql-update", 400),
        ({}, b"update=CLEAR+ALL&using-named-graph-uri=a", "application/x-www-form-urlencoded", 400),
        ({"dry-run": "yes"}, b"INSERT DATA {}", "application/sparql-update", 400),
        ({}, b"INSERT DATA { <urn:x:\xff> }", "application/sparql-update", 400),
        ({}, b"INSERT DATA {}", "application/sparql-query", 415),
        ({}, b"INSERT DATA {}", "", 415),
    ],
)
def test_requests_that_the_protocol_does_not_have(desk: Desk, parameters, content, kind, status):
    before = files_of(desk.folder)
    headers = {"Content-Type": kind}
    answer = desk.client.post("/admin/update", params=parameters, content=content, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert files_of(desk.folder) == before


# ---- Graph store ---------------------------------------------------------------------------------


def test_a_graph_is_written_added_to_and_removed(desk: Desk):
    statuses = [
        desk.graph("PUT").status_code,
        desk.graph("PUT").status_code,
        desk.graph("POST", body=TRIPLE.replace(b":b>", b":c>")).status_code,
        desk.graph("DELETE").status_code,
        desk.graph("DELETE").status_code,
    ]
    assert statuses == [201, 200, 200, 200, 404]
    assert desk.graph("POST", f"{GRAPH}links/nouveau").status_code == 201


@pytest.mark.parametrize(
    ("query", "kind", "status"),
    [
        ("", "text/turtle", 400),
        ("?default", "text/turtle", 400),
        (f"?graph={LINKS}&graph={LINKS}", "text/turtle", 400),
        ("?graph=http://exemple.example/g", "text/turtle", 403),
        (f"?graph={GRAPH}vocabulary", "text/turtle", 403),
        (f"?graph={LINKS}", "text/csv", 415),
        (f"?graph={LINKS}", "application/n-quads", 415),
        (f"?graph={LINKS}", "application/ld+json", 400),
    ],
)
def test_graph_writes_that_are_refused(desk: Desk, query: str, kind: str, status: int):
    before = files_of(desk.folder)
    headers = {"Content-Type": kind}
    answer = desk.client.put(f"/admin/graph-store{query}", content=TRIPLE, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert files_of(desk.folder) == before


def test_a_body_that_is_too_long_is_not_read_to_its_end(desk: Desk):
    def endless() -> Iterator[bytes]:
        for _ in range(1_000):
            yield b"#" * 1_000 + b"\n"

    answer = desk.client.put(
        "/admin/graph-store", params={"graph": LINKS}, content=endless(), headers=TURTLE
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")


# ---- Several administrators ----------------------------------------------------------------------


def test_if_match_keeps_an_update_from_being_lost(desk: Desk):
    seen = desk.release
    first = desk.update(RENAME, **{"If-Match": f'"{seen}"'})
    assert first.status_code == 200
    late = desk.update(RENAME.replace("corrigé", "revu"), **{"If-Match": f'"{seen}"'})
    assert (late.status_code, late.json()["code"]) == (412, "OtherRelease")
    assert desk.release == first.json()["release"]
    after = desk.update("INSERT DATA {}", **{"If-Match": f'"{seen}", {first.headers["etag"]}'})
    assert after.status_code == 200
    assert desk.update("INSERT DATA {}", **{"If-Match": "*"}).status_code == 200
    assert desk.update("INSERT DATA {}", **{"If-Match": seen}).status_code == 400


def test_of_writes_at_once_each_is_published_or_told_when_to_come_back(desk: Desk):
    answers: list[httpx.Response] = []

    def write(number: int) -> None:
        answers.append(desk.graph("POST", body=TRIPLE.replace(b"/p>", b"/p%d>" % number)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done = [answer for answer in answers if answer.status_code in (200, 201)]
    told = [answer for answer in answers if answer.status_code == 503]
    assert (len(done) + len(told), len(done) >= 1) == (4, True)
    assert {answer.headers["retry-after"] for answer in told} <= {"10"}
    lines = (desk.folder / "current/graph.nq").read_text("utf-8").splitlines()
    assert len([line for line in lines if line.endswith(f" <{LINKS}> .")]) == len(done)
    manifest = json.loads((desk.folder / "current/manifest.json").read_text())
    assert manifest["quads"] == len(lines)
