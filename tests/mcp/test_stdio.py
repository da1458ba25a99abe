"""`coopdec mcp`: what stands on its two streams, and how it ends."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.mcp.clients import connected, stdio_parameters
from tests.pipeline.commands import coopdec
from tests.service.live_service import ROOT, command, environment
from tests.service.processes import processes_of
from tests.service.runaways import RUNAWAYS

INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def message(id: int, method: str, params: Any) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}) + "\n"


def started(data: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("mcp", "--data", data),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(ROOT),
        text=True,
    )


def test_standard_output_has_messages_only_and_the_end_of_input_ends_it(data: Path) -> None:
    asked = message(1, "initialize", INITIALIZE)
    asked += json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}) + "\n"
    asked += "this is no message\n"
    asked += message(2, "tools/call", {"name": "completeness", "arguments": {}})
    with started(data) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(asked)
        process.stdin.flush()
        answers = [json.loads(process.stdout.readline()) for _ in range(2)]
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, "Traceback" in err) == (0, "", False)
    assert answers[0]["result"]["serverInfo"]["name"] == "coopdec-graph"
    assert "« search »" in answers[0]["result"]["instructions"]
    assert answers[1]["result"]["structuredContent"]["total"] == 3


def test_the_end_of_input_ends_a_query_too(data: Path) -> None:
    asked = message(1, "initialize", INITIALIZE)
    asked += json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"}) + "\n"
    endless = {"name": "sparql", "arguments": {"query": RUNAWAYS[0]}}
    asked += message(2, "tools/call", endless)
    with started(data) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(asked)
        process.stdin.flush()
        process.stdout.readline()
        began = time.monotonic()
        _, err = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in err) == (0, False)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_all_its_processes(data: Path, number: signal.Signals) -> None:
    with started(data) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(message(1, "initialize", INITIALIZE))
        process.stdin.flush()
        process.stdout.readline()
        family = processes_of(process.pid)
        assert len(family) > 2
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode != 0
    assert (out, "Traceback" in err) == ("", False)
    deadline = time.monotonic() + 10
    while any(one.exists() for one in family):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_its_limits_are_those_of_the_command(data: Path) -> None:
    options = ("--timeout", "1", "--rows", "500", "--memory", "512", "--size", "1")
    with connected(stdio_parameters(data, *options), "auto") as connection:
        counted = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
        assert connection.refusal("sparql", query=counted)["code"] == "QueryTooSlow"
        answer = connection.answer("sparql", query="SELECT * { ?s ?p ?o }", limit=1000)
        assert (len(answer["rows"]), answer["truncated"]) == (500, True)
        assert connection.answer("funding-lines")["total"] == 9


def test_a_folder_without_a_release(tmp_path: Path) -> None:
    done = coopdec("mcp", "--data", tmp_path, COOPDEC_LANG="en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no published graph" in done.stderr
