"""`coopdec read`: for people, for programs, and for who wants to know of each line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipeline.commands import PAGES, ROOT, coopdec, environment, mantes, write_pages

FIELDS = {
    "title": None,
    "diplomatic_post": None,
    "first_agreement_year": None,
    "start_year": None,
    "end_date": None,
    "declared_status": None,
    "main_theme": [],
    "secondary_themes": [],
    "project_owners": [],
    "project_managers": [],
    "foreign_partners": [],
    "french_partners": [],
    "form": None,
    "duration_scheme": None,
    "funding": [],
    "prose": {},
}


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "page-empty"), (b"rien", "page-not-atlas"), (b"%PDF\x00", "page-binary")],
)
def test_an_unreadable_page_has_every_key(tmp_path: Path, content: bytes, code: str) -> None:
    """The keys of the record were missing from its JSON."""
    page = tmp_path / "page.txt"
    page.write_bytes(content)
    done = coopdec("read", page, "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 1
    assert {name: record.get(name, "absent") for name in FIELDS} == FIELDS
    assert [issue["code"] for issue in record["issues"]] == [code]
    assert set(record["issues"][0]["message"]) == {"fr", "en"}


def test_one_page_is_one_object_and_several_are_lines() -> None:
    one = coopdec("read", PAGES / "3203.txt", "--json")
    several = coopdec("read", PAGES, "--json")
    record = json.loads(one.stdout)
    lines = [json.loads(line) for line in several.stdout.splitlines()]
    assert (one.returncode, several.returncode) == (0, 0)
    assert set(FIELDS) <= set(record)
    assert len(lines) == 8
    assert record in lines
    assert record["foreign_partners"] == [
        {"name": "Zorgho et communes du Ganzourgou", "country": "Burkina Faso"}
    ]


def test_plain_lines_hold_whole_values(tmp_path: Path) -> None:
    """Away from a terminal values were broken over lines of eighty columns."""
    pages = write_pages(tmp_path, a=mantes("Un").replace("31/12/2021", "un jour"))
    done = coopdec("read", pages / "a.txt")
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0] == "a.txt"
    assert "  main_theme: Politique, humanitaire et coopération transfrontalière" in lines
    assert "  project_owners: Mantes la Jolie" in lines
    assert "    Conseil de la Préfecture de Rabat" in lines
    assert not [line for line in lines if line != line.rstrip()]
    assert "  attention a.txt:" in lines[-1]
    english = coopdec("read", pages / "a.txt", COOPDEC_LANG="en")
    assert "  warning a.txt:" in english.stdout.splitlines()[-1]


def test_explain_accounts_for_each_line(tmp_path: Path) -> None:
    pages = write_pages(tmp_path, a=mantes("Un"))
    done = coopdec("read", pages / "a.txt", "--explain")
    total = len([line for line in mantes("Un").splitlines() if line.strip()])
    rows = [
        line for line in done.stdout.splitlines() if line.split()[:1] and line.split()[0].isdigit()
    ]
    assert done.returncode == 0
    assert f" = {total} lignes non vides" in done.stdout
    assert len([row for row in rows if " = " not in row]) == total
    assert "EXEMPLE" not in done.stdout


# The command, and at its end what the system says of its process.
MEASURED = """
import sys
from coopdec_graph.cli.main import main
try:
    main()
finally:
    print(open("/proc/self/status").read(), file=sys.stderr)
"""


def test_readings_are_not_held_in_memory(tmp_path: Path) -> None:
    def memory(rows: int) -> int:
        """The most that the command takes, in kilobytes."""
        text = "x" * 10_000
        lines = ["Identifier,Title,Description", *(f"{n},Puits,{text}" for n in range(rows))]
        (tmp_path / "t.csv").write_text("\n".join(lines))
        (tmp_path / "t.csv.toml").write_text('publisher = "Fondation Exemple"\n')
        command = [sys.executable, "-c", MEASURED, "read", "--programme", "360giving"]
        done = subprocess.run(
            [*command, str(tmp_path / "t.csv"), "--json"],
            capture_output=True,
            check=True,
            env=environment(),
            cwd=ROOT,
        )
        assert len(done.stdout.splitlines()) == rows
        return int(done.stderr.rpartition(b"VmHWM:")[2].split()[0])

    # Forty million characters.
    assert memory(4_000) - memory(2) < 40_000


def test_an_unknown_programme_is_refused_by_name(tmp_path: Path) -> None:
    done = coopdec("read", tmp_path, "--programme", "nowhere")
    assert (done.returncode, done.stdout) == (2, "")
    assert "« nowhere »" in done.stderr and "atlas" in done.stderr
