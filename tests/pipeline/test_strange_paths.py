"""File names, folders and settings as people have them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pipeline.commands import assert_whole, coopdec, issues, manifest, mantes, write_pages

NAMES = [
    b"new\nline.txt",
    b"quo\"te'.txt",
    "rtl\u202egnp.txt".encode(),
    b"a..b.txt",
    b"x" * 240 + b".txt",
    b"not-utf8-\xff\xfe.txt",
    b"with space.txt",
    b"[bold]markup[red].txt",
    b"esc\x1b[31m.txt",
    b"-dash.TXT",
]


def test_names_of_every_kind(tmp_path: Path) -> None:
    """A name in no encoding ended a build in a traceback; one with an escape coloured the terminal."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for number, name in enumerate(NAMES):
        doubtful = mantes(f"Titre {number}").replace("31/12/2021", "un jour")
        Path(os.fsdecode(os.fsencode(pages) + b"/" + name)).write_text(doubtful, "utf-8")
    (pages / "esc\x1b[31m refused.txt").write_text("rien")
    out = tmp_path / "out"
    done = coopdec("build", pages, "--out", out)
    assert done.returncode == 0
    assert manifest(out)["published"] == len(NAMES)
    assert_whole(out)
    assert {issue["page"] for issue in issues(out)} >= {
        "new\nline.txt",
        "quo\"te'.txt",
        "not-utf8-??.txt",
        "[bold]markup[red].txt",
    }
    assert done.stdout.splitlines()[0] == "Refusée esc\\x1b[31m refused.txt"
    assert "\x1b" not in done.stdout + done.stderr
    again = coopdec("build", pages, "--out", out)
    assert again.stdout.startswith("Rien n'a changé")
    read = coopdec("read", pages)
    assert [
        line for line in read.stdout.splitlines() if line.startswith(("new", "rtl", "not-u"))
    ] == [
        "new\\nline.txt",
        "not-utf8-??.txt",
        "rtl\\u202egnp.txt",
    ]
    assert "\x1b" not in read.stdout


@pytest.mark.parametrize("content", [None, "notes.pdf"])
def test_no_page(tmp_path: Path, content: str | None) -> None:
    """`read` said nothing at all, and success."""
    folder = tmp_path / "pages"
    folder.mkdir()
    if content:
        (folder / content).write_text("x")
    built = coopdec("build", folder, "--out", tmp_path / "out")
    read = coopdec("read", folder, "--json")
    assert (built.returncode, built.stdout) == (1, "")
    assert built.stderr == (
        "Rien à lire dans ce qui est donné : rien n'est publié. Une page de l'Atlas est un fichier"
        " .txt ou .html, un fichier IATI un .xml, un tableau un .csv, .xlsx ou .ods.\n"
    )
    assert not (tmp_path / "out").exists()
    assert (read.returncode, read.stdout) == (1, "")
    assert read.stderr == (
        "Rien trouvé à lire. Les pages sont des fichiers .txt ou .html, les activités de l'IATI des"
        " fichiers .xml, les tableaux des .csv, .xlsx ou .ods.\n"
    )


def test_a_missing_path(tmp_path: Path) -> None:
    for arguments in (("read", "none"), ("build", "none", "--out", "out")):
        done = coopdec(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "« none » n'existe pas. Donnez une page ou un dossier de pages (.txt, .html).\n"
        )


@pytest.mark.parametrize(
    "base", ["https://example.org/x", "https://", "https://a/\n/", "https://a/#/"]
)
def test_a_base_that_is_not_one(tmp_path: Path, base: str) -> None:
    """A line break in the base ended in a traceback; a base without a host was published."""
    pages = write_pages(tmp_path / "pages", a=mantes())
    done = coopdec("build", pages, "--out", tmp_path / "out", "--base", base)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("La base « ")
    assert not (tmp_path / "out").exists()


def test_another_base(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", p12=mantes())
    done = coopdec("build", pages, "--out", tmp_path / "out", "--base", "https://é.example:81/a/")
    graph = (tmp_path / "out/current/graph.nq").read_text("utf-8")
    assert done.returncode == 0
    assert "<https://é.example:81/a/id/partnership/atlas-12>" in graph
    assert "w3id.org/coopdec/id/" not in graph


@pytest.mark.parametrize("day", ["junk", "2026-13-01", "20260101"])
def test_a_day_that_is_not_one(tmp_path: Path, day: str) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes())
    done = coopdec("build", pages, "--out", tmp_path / "out", "--as-of", day)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"« {day} » n'est pas une date AAAA-MM-JJ.\n"


def test_an_output_folder_in_no_encoding(tmp_path: Path) -> None:
    """The store wants UTF-8: the engine's error reached the user as a traceback."""
    pages = write_pages(tmp_path / "pages", a=mantes())
    out = os.fsdecode(os.fsencode(tmp_path) + b"/o\xffut")
    done = coopdec("build", pages, "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("Impossible d'écrire dans « ")
