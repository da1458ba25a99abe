"""Progress: a bar where somebody watches, plain lines elsewhere, results never mixed with it."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

from tests.pipeline.commands import COMMAND, PAGES, ROOT, coopdec, environment


def on_a_terminal(*arguments: str) -> tuple[int, str]:
    """Exit code and everything shown, with all three streams on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment(TERM="xterm-256color", COLUMNS="120", LINES="40"),
        cwd=ROOT,
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    return process.wait(), shown.decode("utf-8")


def test_a_bar_on_a_terminal(tmp_path: Path) -> None:
    code, shown = on_a_terminal("build", str(PAGES), "--out", str(tmp_path))
    assert code == 0
    assert "━" in shown
    assert "Construction et validation" in shown
    assert "8/8" in shown
    assert "\x1b[" in shown
    assert "6 partenariat(s) publié(s)" in shown
    assert "Traceback" not in shown


def test_plain_lines_elsewhere(tmp_path: Path) -> None:
    done = coopdec("build", PAGES, "--out", tmp_path)
    assert (
        done.stderr
        == "Lecture des pages : 8/8\nConstruction et validation : 8/8\nRapprochement des collectivités : 14/14\n"
    )
    assert "\x1b" not in done.stdout
    assert done.stdout.splitlines()[-1].startswith(
        "6 partenariat(s) publié(s), 2 fiche(s) refusée(s)."
    )


def test_plain_lines_in_english(tmp_path: Path) -> None:
    done = coopdec("build", PAGES, "--out", tmp_path, COOPDEC_LANG="en")
    assert (
        done.stderr == "Reading pages: 8/8\nBuilding and validating: 8/8\nLinking bodies: 14/14\n"
    )
    assert done.stdout.splitlines()[-1].startswith("6 partnership(s) published, 2 page(s) refused.")


def test_a_table_fits_the_terminal_and_cuts_nothing(built: Path, tmp_path: Path) -> None:
    question = tmp_path / "q.rq"
    question.write_text("SELECT ?p { ?p a cd:Partnership } ORDER BY ?p LIMIT 1")
    code, shown = on_a_terminal("query", "--data", str(built), str(question))
    assert code == 0
    assert "https://w3id.org/coopdec/id/partnership/" in shown
    assert "…" not in shown
