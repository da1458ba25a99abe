"""Security headers on every answer, and cross-origin reads."""

from __future__ import annotations

import re

import pytest

OURS = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
STYLED = f"{OURS}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
PATHS = {
    "/": OURS,
    "/sparql": OURS,
    "/doc/partnership/atlas-3203": OURS,
    "/shapes": OURS,
    "/static/style.css": OURS,
    "/health": OURS,
    "/catalog": OURS,
    "/nowhere": OURS,
    "/sparql?query=SELECT": OURS,
    "/docsx": OURS,
    "/def": STYLED,
    "/def.html": STYLED,
    "/docs": f"{STYLED}; script-src 'self' 'unsafe-inline'",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_shielded(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})
    names = ("content-security-policy", "x-content-type-options", "referrer-policy")
    assert [answer.headers[name] for name in names] == [
        PATHS[path],
        "nosniff",
        "strict-origin-when-cross-origin",
    ]


def test_our_pages_need_no_script_and_no_inline_style(client):
    for path in [p for p, policy in PATHS.items() if policy == OURS and p != "/static/style.css"]:
        page = client.get(path, headers={"Accept": "text/html"}).text
        # A block of data is no script: the policy has nothing to let through.
        page = re.sub(r'<script type="application/ld\+json">[^<]*</script>', "", page)
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page), path


def test_other_sites_may_read(client):
    origin = {"Origin": "https://app.example"}
    for path in ("/sparql?query=ASK{}", "/", "/nowhere", "/doc/partnership/atlas-3203.ttl"):
        answer = client.get(path, headers=origin)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
    answer = client.post("/sparql", data={"query": "ASK{}"}, headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_browser_may_ask_first(client, method):
    answer = client.options(
        "/sparql",
        headers={
            "Origin": "https://app.example",
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "content-type, x-requested-with",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    assert method in answer.headers["access-control-allow-methods"]
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert {"content-type", "x-requested-with"} <= set(allowed)


def test_a_browser_may_not_write(client):
    headers = {"Origin": "https://app.example", "Access-Control-Request-Method": "DELETE"}
    assert client.options("/sparql", headers=headers).status_code == 400
