"""`coopdec review` on pairs of activities: both side by side, and what becomes of the answer."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from coopdec_graph.publishing.releases import Releases
from tests.linking.activities.reports import linked, partnership, report
from tests.linking.link_pages import COLUMNS
from tests.pipeline.commands import coopdec

TODAY = date.today().isoformat()
ATLAS, REPORT = "partnership/atlas-3203", "activity/iati-XM-PUBLIEUR-17"
OTHER = "activity/iati-XM-AUTRE-2019"
ACTIVITIES = (
    partnership("3203"),
    report("XM-PUBLIEUR-17", {"fr": "Eau potable des écoles rurales", "en": "Water in schools"}),
    report("XM-AUTRE-2019", reporter="XM-AUTRE", secondary=True, budget=None),
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A release of three activities that may all be one project."""
    graph, outcome = linked(ACTIVITIES)
    releases = Releases(tmp_path / "out")
    facts = {"base": "https://w3id.org/coopdec/", "as_of": "2026-11-23", "inputs": ""}
    with releases.writing():
        releases.publish(
            {"graph.nq": graph, "issues.jsonl": b""}, {**facts, "links": outcome.facts}
        )
    return tmp_path / "out"


def review(out: Path, answers: str = "", **env: str):
    given = ("review", "--data", out, "--role", "documentaliste")
    return coopdec(*given, stdin=answers, **{"COOPDEC_LANG": "en", **env})


def decisions(out: Path) -> list[str]:
    file = out / "decisions.csv"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def waiting(out: Path) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(coopdec("review", "--data", out, "--list").stdout)
    return [question for question in listed if "activity" in question]


def test_the_queue_as_json(out: Path) -> None:
    found = waiting(out)
    assert [(q["activity"], q["candidates"][0]["object"]) for q in found] == [  # type: ignore[index]
        (ATLAS, REPORT),
        (ATLAS, OTHER),
        (REPORT, OTHER),
    ]
    first = found[0]
    assert first["facts"] == {
        "title": ["Accès à l'eau potable des écoles rurales"],
        "programme": ["Atlas français de la coopération décentralisée"],
        "party": ["Chinon", "Ville de Rufisque"],
        "start": ["2019-01-01"],
        "end": ["2021-12-31"],
        "amount": ["42000 EUR"],
    }
    [candidate] = first["candidates"]  # type: ignore[misc]
    assert candidate["facts"]["reporter"] == ["Publieur XM-PUBLIEUR"]
    assert candidate["facts"]["amount"] == ["42000 EUR (budget)"]
    assert candidate["facts"]["title"] == ["Eau potable des écoles rurales", "Water in schools"]
    assert candidate["confidence"] > 0.5 and "amounts: same" in candidate["features"]
    assert first["reason"] == {
        "fr": "Les faits concordent, mais aucune ne donne d'identifiant de l'autre.",
        "en": "The facts agree, but neither gives an identifier of the other.",
    }


def test_both_are_shown_side_by_side_in_each_language(out: Path) -> None:
    done = review(out, "q\n")
    assert done.returncode == 0, done.stderr
    [titles] = [line for line in done.stdout.splitlines() if "Would be counted" in line]
    assert "1: the same project?" in titles
    for told in ("1/3", ATLAS, REPORT, "Water in schools", "Reported by:", "42000 EUR (budget)",
                 "title: near", "parties: both-sides"):  # fmt: skip
        assert told in done.stdout, told
    french = review(out, "q\n", COOPDEC_LANG="fr").stdout
    assert "Serait comptée" in french and "Déclarée par :" in french


def test_an_answer_is_a_row_and_what_follows_from_it_is_not_asked(out: Path) -> None:
    done = review(out, "1\nMême convention\n1\n\n")
    assert done.returncode == 0, done.stderr
    # The third pair is one project by the answers to the first two.
    assert "3/3" not in done.stdout and "2 decision(s) saved" in done.stdout
    assert decisions(out) == [
        COLUMNS.strip(),
        f"{ATLAS},{REPORT},same,Même convention,{TODAY},documentaliste",
        f"{ATLAS},{OTHER},same,,{TODAY},documentaliste",
    ]
    assert waiting(out) == []


@pytest.mark.parametrize(
    ("answer", "verdict"), [("d1", "different"), ("a", "different"), ("u1", "unsure")]
)
def test_the_other_answers(out: Path, answer: str, verdict: str) -> None:
    review(out, f"{answer}\n\nq\n")
    assert decisions(out)[1:] == [f"{ATLAS},{REPORT},{verdict},,{TODAY},documentaliste"]
    assert len(waiting(out)) == 2


def test_what_is_decided_is_applied_by_link(out: Path) -> None:
    review(out, "1\n\nd1\n\nq\n")
    # No server answers there: bodies are not asked about, activities need nobody.
    done = coopdec("link", "--data", out, "--wikidata", "offline", COOPDEC_LANG="en")
    assert done.returncode == 0, done.stderr
    assert "Projects reported twice: 1 links, 0 to review." in done.stdout
    assert waiting(out) == []
    manifest = json.loads((out / "current" / "manifest.json").read_text("utf-8"))
    assert manifest["links"]["activities"] == {"accepted": 1, "review": 0, "refused": 1}


def test_only_one_candidate_can_be_chosen(out: Path) -> None:
    done = review(out, "2\nq\n")
    assert "is no answer" in done.stdout and decisions(out) == []


def test_titles_do_not_steer_the_terminal(tmp_path: Path) -> None:
    odd = "Eau\x1b[31m potable [bold]des[/bold] écoles rurales"
    graph, outcome = linked([partnership("3203", odd), report("XM-PUBLIEUR-17", {"fr": odd})])
    releases = Releases(tmp_path / "out")
    facts = {"base": "https://w3id.org/coopdec/", "as_of": "2026-11-23", "inputs": ""}
    with releases.writing():
        releases.publish({"graph.nq": graph, "issues.jsonl": b""}, facts)
    done = review(tmp_path / "out", "q\n")
    assert done.returncode == 0 and "\x1b" not in done.stdout and "[bold]" in done.stdout
