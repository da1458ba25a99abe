"""`/dump.nq`: the release's own file, byte for byte, in parts, and not twice."""

from __future__ import annotations

import base64
import hashlib

import pytest


@pytest.fixture(scope="module")
def quads(data) -> bytes:
    return (data / "current" / "graph.nq").read_bytes()


def test_it_is_the_file_of_the_release(client, data, quads):
    answer = client.get("/dump.nq")
    digest = hashlib.sha256(quads)
    release = (data / "current").resolve().name
    assert answer.status_code == 200
    assert answer.content == quads
    wanted = {
        "content-type": "application/n-quads",
        "content-length": str(len(quads)),
        "accept-ranges": "bytes",
        "etag": f'"{digest.hexdigest()}"',
        "repr-digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
        "content-disposition": f'attachment; filename="coopdec-{release}.nq"',
    }
    assert {name: answer.headers.get(name) for name in wanted} == wanted


def test_head_has_the_same_headers_and_no_body(client):
    head, get = client.head("/dump.nq"), client.get("/dump.nq")
    assert (head.status_code, head.content) == (200, b"")
    differing = {name for name in get.headers if get.headers[name] != head.headers.get(name)}
    assert differing <= {"date"}


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 1), ("bytes=100-199", 100, 200), ("bytes=1000-", 1000, None), ("bytes=-50", -50, None)],
)  # fmt: skip
def test_a_part_of_it(client, quads, asked, start, end):
    answer = client.get("/dump.nq", headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, quads[start:end])


@pytest.mark.parametrize("asked", ["bytes=99999999999-", "bytes=5-1"])
def test_a_part_there_is_not(client, asked):
    assert client.get("/dump.nq", headers={"Range": asked}).status_code in (400, 416)


def test_a_download_goes_on_only_if_it_is_the_same_release(client, quads):
    tag = client.head("/dump.nq").headers["etag"]
    same = client.get("/dump.nq", headers={"Range": "bytes=10-", "If-Range": tag})
    other = client.get("/dump.nq", headers={"Range": "bytes=10-", "If-Range": '"other"'})
    assert (same.status_code, same.content) == (206, quads[10:])
    assert (other.status_code, other.content) == (200, quads)


@pytest.mark.parametrize(
    ("tags", "status"),
    [("{tag}", 304), ('"x", {tag}', 304), ("W/{tag}", 304), ("*", 304), ('"x"', 200), ("", 200)],
)
def test_it_is_not_sent_to_who_has_it(client, tags, status):
    tag = client.head("/dump.nq").headers["etag"]
    answer = client.get("/dump.nq", headers={"If-None-Match": tags.format(tag=tag)})
    assert (answer.status_code, answer.headers["etag"]) == (status, tag)
    assert bool(answer.content) is (status == 200)


def test_it_cannot_be_written(client):
    answer = client.put("/dump.nq", content=b"x")
    assert (answer.status_code, answer.json()["code"]) == (405, "HTTP")
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
