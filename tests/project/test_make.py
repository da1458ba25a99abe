"""`make serve`, the README's first command, in the environment that make has made."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    not (ROOT / ".venv" / "bin" / "coopdec").exists(),
    reason="make has not made .venv/ here: run `make test`",
)


@contextmanager
def make_serve(out: Path) -> Iterator[tuple[str, str]]:
    """What `make serve` says until it serves, and the address it gives."""
    command = ["make", "serve", f"OUT={out}", "PORT=0"]
    environment = {**os.environ, "COOPDEC_LANG": "fr"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = ""
        assert process.stdout is not None
        for line in process.stdout:
            said += line
            found = re.search(r"Ouvrez (http://127\.0\.0\.1:\d+)/", line)
            if found:
                yield said, found[1]
                break
        else:
            raise AssertionError(f"make serve ended: {said}")
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def fetched(address: str) -> str:
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")


def test_make_serve_builds_serves_and_does_not_build_again(tmp_path: Path) -> None:
    out = tmp_path / "build"
    with make_serve(out) as (said, address):
        assert "6 partenariat(s) publié(s), 2 fiche(s) refusée(s)" in said
        assert "Refusée 8257.txt" in said
        assert "Conseil de la Préfecture de Rabat" in fetched(address + "/")
    release = (out / "current").resolve()
    with make_serve(out) as (said, address):
        assert "Rien n'a changé" in said
        assert "Construction" not in said
        assert '"status":"ok"' in fetched(address + "/health")
    assert (out / "current").resolve() == release
    status = subprocess.run(
        ["git", "status", "--porcelain", "data/registry.csv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert status.stdout == "", "the committed registry does not know the committed pages"
