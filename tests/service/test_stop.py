"""A stop signal ends the service, even while a query runs that cannot be stopped."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from coopdec_graph.pipeline import BuildOptions, run

PAGES = Path(__file__).parents[2] / "data" / "atlas"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def ask(address: str) -> None:
    query = urllib.parse.urlencode({"query": ENDLESS})
    # The service is stopped under the request: what this test is about.
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"{address}/sparql?{query}", timeout=60).read()


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_does_not_wait_for_a_query(tmp_path: Path, sent: signal.Signals) -> None:
    """SIGTERM left the process running until its query ended."""
    run([PAGES], tmp_path, BuildOptions(), lambda items, label, total: items)
    command = [sys.executable, "-m", "coopdec_graph", "serve", "--data", tmp_path, "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}/health", timeout=30) as answer:
            assert answer.status == 200
        asking = threading.Thread(target=ask, args=(address[0],), daemon=True)
        asking.start()
        asking.join(1)
        assert asking.is_alive()
        process.send_signal(sent)
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
