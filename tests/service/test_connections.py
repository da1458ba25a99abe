"""What a client may make the server hold: a head, a connection, a place on the disk."""

from __future__ import annotations

import asyncio
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from coopdec_graph.engines.embedded.reply import HOLD_BYTES, Reply, Room
from coopdec_graph.errors import Overloaded


def connected(client: httpx.Client) -> socket.socket:
    parts = urlsplit(str(client.base_url))
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=30)


@pytest.mark.parametrize("line", [b"X-Long: " + b"a" * 1000, b"X: 1"], ids=["long", "many"])
def test_a_head_that_does_not_end_is_refused(client, line):
    with connected(client) as link:
        link.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
        for _ in range(2_000_000 // len(line)):
            try:
                link.sendall(line + b"\r\n")
            except OSError:
                break
        assert link.recv(4096).startswith(b"HTTP/1.1 431 ")
    assert client.get("/health").status_code == 200


def test_a_long_body_is_no_long_head(client):
    query = "ASK {} #" + "x" * 900_000
    answer = client.post("/sparql", data={"query": query})
    assert (answer.status_code, answer.json()["boolean"]) == (200, True)


def test_a_page_of_a_heavy_result_is_refused_and_the_download_is_not(client):
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(17))
    query = f'SELECT ?n ?x17 {{ BIND("abc" AS ?x0) {doubled} VALUES ?n {{ 1 2 3 4 5 6 7 8 }} }}'
    page = client.get("/sparql", params={"query": query}, headers={"Accept": "text/html"})
    assert page.status_code == 507
    assert "Le résultat dépasse 2097152 octets." in page.text
    download = client.get("/sparql", params={"query": query, "format": "csv"})
    assert (download.status_code, len(download.content)) == (200, 7 + 8 * (4 + 3 * 2**17))


def test_a_nested_result_is_no_defect_on_a_page(client):
    deep = "<<( <urn:s> <urn:p> " * 2_000 + "1" + " )>>" * 2_000
    query = "SELECT (<<( <urn:a> <urn:b> 'c' )>> AS ?x) {}"
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    page = client.get("/sparql", params={"query": query}, headers=headers)
    assert (page.status_code, "&lt;&lt;( urn:a urn:b c )&gt;&gt;" in page.text) == (200, True)
    for text in (f"SELECT ({deep} AS ?x) {{}}", f"SELECT * {{ VALUES ?x {{ {deep} }} }}"):
        page = client.post("/sparql", data={"query": text}, headers=headers)
        assert page.status_code in (400, 500, 507)
        assert "nested too deeply" in page.text or "line 1" in page.text


def test_a_page_is_not_for_who_refuses_pages(client):
    answer = client.get("/sparql", params={"query": "{"}, headers={"Accept": "text/html;q=0"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_all_answers_together_have_so_much_room():
    async def story() -> list[object]:
        room = Room(3_000_000)
        replies = [Reply(10**9, room, lambda: None) for _ in range(3)]
        piece = b"x" * HOLD_BYTES
        found: list[object] = [reply.take(piece) for reply in replies for _ in range(2)]
        found.append([type(reply.error) for reply in replies])
        await replies[0].close()
        late = Reply(10**9, room, lambda: None)
        found += [late.take(piece), late.take(piece), late.take(piece)]
        for reply in (*replies, late):
            await reply.close()
        return found

    told = asyncio.run(story())
    assert told == [
        *(True, True, True, True, True, False),
        [type(None), type(None), Overloaded],
        *(True, True, False),
    ]
