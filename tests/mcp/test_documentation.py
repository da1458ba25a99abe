"""docs/mcp.md against the product."""

from __future__ import annotations

import json
import re

from coopdec_graph.service.mcp import http
from coopdec_graph.service.mcp.question_tools import MOST_BYTES
from coopdec_graph.service.mcp.tool import MOST_ROWS
from tests.docs.test_docs import DOCS, names, table
from tests.mcp.clients import Connection
from tests.mcp.test_tools import BESIDE

TEXT = (DOCS / "mcp.md").read_text("utf-8")


def test_every_tool_is_documented() -> None:
    documented = [name for cells in table(DOCS / "mcp.md", "Tool") for name in names(cells[0])]
    assert documented == BESIDE


def test_the_limits_are_documented() -> None:
    limits = (MOST_ROWS, MOST_BYTES, http._MOST_BODY_BYTES)
    assert [limit for limit in limits if f"{limit:,}" not in TEXT] == []


def test_the_configurations_are_json() -> None:
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
    here, there = (block["mcpServers"]["coopdec"] for block in blocks)
    assert (here["command"], here["args"][:2]) == ("coopdec", ["mcp", "--data"])
    assert there["url"].endswith("/mcp")


def test_the_error_that_is_shown_is_the_one_that_comes(connection: Connection) -> None:
    error = connection.refusal("sparql", query="SELECT * { ?line cd:ammount ?euros }")
    assert f"```text\n{error['message']['en']}\n```" in TEXT
