"""`coopdec review`: the evidence a person sees, and what becomes of their answers."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from coopdec_graph.linking.people import HumanDecisions
from tests.linking.endpoints import Endpoint, endpoint
from tests.linking.link_pages import COLUMNS, link, page, released, rows
from tests.pipeline.commands import COMMAND, ROOT, coopdec, environment

TODAY = date.today().isoformat()


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture
def out(server: Endpoint, tmp_path: Path) -> Path:
    out = released(tmp_path)
    assert link(out, server.url).returncode == 0
    return out


def review(out: Path, answers: str = "", *arguments: object, **env: str):
    given = ("review", "--data", out, "--role", "documentaliste", *arguments)
    return coopdec(*given, stdin=answers, **{"COOPDEC_LANG": "en", **env})


def decisions(out: Path) -> list[str]:
    file = out / "decisions.csv"
    return file.read_text("utf-8").splitlines()[1:] if file.exists() else []


def test_the_queue_as_json(out: Path) -> None:
    done = coopdec("review", "--data", out, "--list")
    waiting = json.loads(done.stdout)
    assert [question["body"] for question in waiting] == ["fr/saint-denis", "tg/fictiville"]
    assert [one["object"] for one in waiting[0]["candidates"]] == [
        f"fr/commune/{code}" for code in ("11339", "30247", "89342", "93066", "97411")
    ]
    foreign = waiting[1]
    assert (foreign["name"], foreign["country"]) == ("Fictiville", "Togo")
    assert [(one["object"], one["name"]) for one in foreign["candidates"]] == [
        ("Q103", "Fictiville"),
        ("Q104", "Fictiville"),
    ]
    assert "kinds: settlement" in foreign["candidates"][0]["features"]
    assert foreign["reason"]["en"].startswith("2 places bear this name")
    [partnership] = foreign["partnerships"]
    assert "Saint-Denis" in partnership["members"] and partnership["title"].startswith("Essai")


def test_the_evidence_is_side_by_side_and_an_answer_is_a_row(out: Path) -> None:
    done = review(out, "4\nVue de la carte\n2\n\n")
    assert done.returncode == 0, done.stderr
    for told in ("1/2", "2/2", "Saint-Denis", "fr/commune/93066",
                 "Q104", "The Atlas says", "Who it may be", "2 decision(s) saved"):  # fmt: skip
        assert told in done.stdout, told
    assert decisions(out) == [
        f"fr/saint-denis,fr/commune/93066,same,Vue de la carte,{TODAY},documentaliste",
        f"tg/fictiville,Q104,same,,{TODAY},documentaliste",
    ]


def test_what_was_decided_is_applied_and_not_asked_again(server: Endpoint, out: Path) -> None:
    review(out, "4\n\n2\n\n")
    assert link(out, server.url).returncode == 0
    assert ("fr/saint-denis", "fr/commune/93066") in rows(
        out, "SELECT ?body ?place { ?body dct:spatial ?place }"
    )
    assert json.loads(coopdec("review", "--data", out, "--list").stdout) == []
    assert "0 decision(s)" in review(out).stdout


def test_each_answer(out: Path) -> None:
    done = review(out, "d1\n\na\nAucune\n")
    assert done.returncode == 0
    assert [line.split(",")[:3] for line in decisions(out)] == [
        ["fr/saint-denis", "fr/commune/11339", "different"],
        ["tg/fictiville", "Q103", "different"],
        ["tg/fictiville", "Q104", "different"],
    ]
    # A candidate that was judged is not shown again; the others are.
    waiting = json.loads(coopdec("review", "--data", out, "--list").stdout)
    assert [(q["body"], len(q["candidates"])) for q in waiting] == [("fr/saint-denis", 4)]


def test_unsure_passing_and_leaving(out: Path) -> None:
    assert review(out, "u2\n\nq\n").returncode == 0
    assert [line.split(",")[1:3] for line in decisions(out)] == [["fr/commune/30247", "unsure"]]
    before = decisions(out)
    assert review(out, "\n\n").returncode == 0
    assert decisions(out) == before


def test_input_that_ends_early_keeps_what_was_answered(out: Path) -> None:
    done = review(out, "3\n")
    assert done.returncode == 0, done.stderr
    assert len(decisions(out)) == 1
    assert review(out, "").returncode == 0


@pytest.mark.parametrize("answer", ["0", "9", "x", "1 2", "d", "d9", "²", "\x1b[A", "1" * 500])
def test_what_is_no_answer_is_asked_again(answer: str, out: Path) -> None:
    done = review(out, f"{answer}\nq\n")
    assert done.returncode == 0 and "is no answer" in done.stdout
    assert "\x1b" not in done.stdout
    assert decisions(out) == []


def test_a_role_is_needed_and_is_no_mailbox(out: Path) -> None:
    done = coopdec("review", "--data", out, COOPDEC_LANG="en")
    assert done.returncode == 2 and "--role" in done.stderr
    given = ("review", "--data", out, "--role", "sacha.specimen@example.org")
    refused = coopdec(*given, stdin="1\n\n", COOPDEC_LANG="en")
    assert refused.returncode == 2 and "--role: an e-mail address" in refused.stderr
    assert "specimen" not in refused.stdout + refused.stderr
    assert decisions(out) == []


def test_a_file_that_cannot_be_written_is_told(out: Path) -> None:
    (out / "decisions.csv").mkdir()
    done = review(out, "1\n\n")
    assert done.returncode == 2 and "decisions.csv" in done.stderr


def test_names_do_not_steer_the_terminal(server: Endpoint, tmp_path: Path) -> None:
    name = "Ficti\x1b[31mville [bold]x[/bold]"
    out = released(tmp_path / "odd", {"odd": page("Saint-Denis", name, "Togo", 2012)})
    link(out, server.url)
    done = review(out, "q\n")
    assert done.returncode == 0 and "\x1b" not in done.stdout


def test_on_a_real_terminal(out: Path) -> None:
    """A pseudo-terminal: columns side by side, colours, links, an answer typed at the prompt."""
    main, terminal = pty.openpty()
    command = [*COMMAND, "review", "--data", str(out), "--role", "essai"]
    env = {
        **environment(COOPDEC_LANG="fr"),
        "TERM": "xterm-256color",
        "COLUMNS": "120",
        "LINES": "40",
    }
    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=env, cwd=ROOT
    )
    os.close(terminal)
    shown = _until(main, "Votre réponse")
    os.write(main, b"4\n")
    shown += _until(main, "Pourquoi")
    os.write(main, b"\n")
    shown += _until(main, "2/2")
    os.write(main, b"q\n")
    assert process.wait(20) == 0
    os.close(main)
    assert "Ce que dit l'Atlas" in shown and "Qui cela peut être" in shown
    side_by_side = [
        line for line in shown.splitlines() if "Ce que dit" in line and "Qui cela" in line
    ]
    assert side_by_side, shown
    assert [line.split(",")[1] for line in decisions(out)] == ["fr/commune/93066"]


def _until(terminal: int, text: str, seconds: float = 20) -> str:
    """What is shown until a text is."""
    shown, end = b"", time.monotonic() + seconds
    while text.encode() not in shown:
        left = end - time.monotonic()
        assert left > 0 and select.select([terminal], [], [], left)[0], shown.decode(
            "utf-8", "replace"
        )
        shown += os.read(terminal, 65536)
    return shown.decode("utf-8", "replace")


def test_the_file_of_the_project_is_read_whole() -> None:
    file = ROOT / "data" / "links" / "decisions.csv"
    assert file.read_text("utf-8").startswith(COLUMNS)
    assert len(HumanDecisions.load(file).rows) >= 2
