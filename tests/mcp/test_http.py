"""`/mcp` as HTTP has it: methods, hosts, origins, limits, releases that change, clients that leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.mcp.clients import connected
from tests.service.live_service import serving
from tests.service.processes import wait_until_idle
from tests.service.runaways import RUNAWAYS
from tests.service.test_hot_reload import published, wait_for_release

ACCEPT = {"Accept": "application/json, text/event-stream"}
LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


def call(name: str, **arguments: Any) -> dict[str, Any]:
    params = {"name": name, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}


@pytest.mark.parametrize("path", ["/mcp", "/mcp/"])
def test_a_request_needs_no_session(client: httpx.Client, path: str) -> None:
    response = client.post(path, json=call("completeness", country="TG"), headers=ACCEPT)
    assert response.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in response.headers
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-content-type-options"] == "nosniff"
    body = response.json()
    assert (body["id"], body["result"]["structuredContent"]["total"]) == (7, 1)


@pytest.mark.parametrize("accept", ["text/event-stream", "application/json", "*/*"])
@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_what_is_no_post_is_answered_at_once(
    client: httpx.Client, method: str, accept: str
) -> None:
    response = client.request(method, "/mcp", headers={"Accept": accept})
    assert (response.status_code, response.headers["allow"]) == (405, "OPTIONS, POST")
    assert response.json()["status"] == 405


@pytest.mark.parametrize(
    ("language", "told"), [("fr", "donnez-la au vôtre"), ("en", "give it to yours")]
)
def test_a_browser_is_told_what_this_is(client: httpx.Client, language: str, told: str) -> None:
    response = client.get("/mcp", headers={"Accept": "text/html", "Accept-Language": language})
    assert (response.status_code, response.headers["allow"]) == (405, "OPTIONS, POST")
    assert told in response.text


def test_head_and_options(client: httpx.Client) -> None:
    head = client.head("/mcp")
    assert (head.status_code, head.content) == (405, b"")
    options = client.options("/mcp")
    assert (options.status_code, options.headers["allow"]) == (204, "OPTIONS, POST")


def test_any_page_may_ask_and_any_name_may_lead_here(client: httpx.Client) -> None:
    """The same as at /sparql: nothing here is for one page, one host or one user only."""
    headers = {**ACCEPT, "Origin": "https://app.example", "Host": "data.example.org"}
    response = client.post("/mcp", json=LIST, headers=headers)
    assert (response.status_code, response.headers["access-control-allow-origin"]) == (200, "*")
    assert "access-control-allow-credentials" not in response.headers
    asked = {
        "Origin": "https://app.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, mcp-protocol-version",
    }
    preflight = client.options("/mcp", headers=asked)
    assert preflight.status_code == 200
    assert "mcp-protocol-version" in preflight.headers["access-control-allow-headers"]


def test_what_is_no_message_is_refused(client: httpx.Client) -> None:
    json = {**ACCEPT, "Content-Type": "application/json"}
    modern = {**json, "MCP-Protocol-Version": "2026-07-28"}
    for content in (b"", b"{", b"[]", b"null", b'"x"', b"\xff", b"[" * 100_000, b'{"id": 1}'):
        for headers in (json, modern):
            response = client.post("/mcp", content=content, headers=headers)
            assert response.status_code == 400, content[:20]
    assert client.post("/mcp", content=b"{}", headers=ACCEPT).status_code == 400
    assert client.post("/mcp", json=LIST, headers={"Accept": "text/html"}).status_code == 406
    unknown = {**ACCEPT, "MCP-Protocol-Version": "1999-01-01"}
    assert client.post("/mcp", json=LIST, headers=unknown).status_code == 400


def test_a_body_that_is_too_long(client: httpx.Client) -> None:
    headers = {**ACCEPT, "Content-Type": "application/json"}
    response = client.post("/mcp", content=b" " * 8_388_609, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "TooLarge")


def test_half_a_character_is_no_text(client: httpx.Client) -> None:
    """JSON can spell it, UTF-8 cannot: it is refused, and never repeated."""
    body = (
        '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"_meta": META,'
        ' "name": "NAME", "arguments": ARGUMENTS}}'
    )
    meta = (
        '{"io.modelcontextprotocol/protocolVersion": "2026-07-28",'
        ' "io.modelcontextprotocol/clientCapabilities": {}}'
    )
    for name, arguments in (
        ("search", r'{"text": "\ud800"}'),
        ("search", r'{"\ud800": "x"}'),
        ("completeness", r'{"country": "\udfff"}'),
        (r"\ud800", "{}"),
    ):
        text = body.replace("META", meta).replace("NAME", name).replace("ARGUMENTS", arguments)
        headers = {
            **ACCEPT,
            "Content-Type": "application/json",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": name,
        }
        response = client.post("/mcp", content=text.encode(), headers=headers)
        assert response.status_code in (200, 400)
        assert "error" in response.json() or response.json()["result"]["isError"]


def test_a_client_that_leaves_stops_its_query(data: Path, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with serving(data, log) as client:
        wait_until_idle(client.server, 30)
        for headers in (ACCEPT,):
            with pytest.raises(httpx.ReadTimeout):
                client.post(
                    "/mcp", json=call("sparql", query=RUNAWAYS[0]), headers=headers, timeout=1
                )
        assert wait_until_idle(client.server, 10) < 5
        answer = client.post("/mcp", json=call("completeness"), headers=ACCEPT).json()
        assert answer["result"]["structuredContent"]["total"] == 3
    assert log.read_text() == ""


def test_a_client_stays_while_releases_change(tmp_path: Path) -> None:
    out, pages = tmp_path / "out", tmp_path / "pages"
    out.mkdir()
    pages.mkdir()
    years = "SELECT ?y { ?p cd:startYear ?y }"
    first = published(out, pages / "3203.txt", 2011)
    with (
        serving(out, tmp_path / "server.log") as client,
        connected(f"{str(client.base_url).rstrip('/')}/mcp", "auto") as connection,
    ):
        before = connection.answer("sparql", query=years)
        assert (before["release"], before["rows"]) == (first, [{"y": 2011}])
        second = published(out, pages / "3203.txt", 2012)
        wait_for_release(client, second)
        after = connection.answer("sparql", query=years)
        assert (after["release"], after["rows"]) == (second, [{"y": 2012}])
