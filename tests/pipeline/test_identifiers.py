"""Identifiers that are drawn once, kept in the registry, and replaced when the Atlas's is known."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.pipeline.commands import (
    ask,
    build,
    coopdec,
    issues,
    manifest,
    mantes,
    release_files,
    rows,
    write_pages,
)

KEYS = "SELECT ?key { ?p a cd:Partnership ; dct:identifier ?key } ORDER BY ?key"


def keys(out: Path) -> list[str]:
    return [key for (key,) in rows(out, KEYS)]


def test_a_drawn_identifier_stays_whatever_the_folder(tmp_path: Path) -> None:
    registry = tmp_path / "registry.csv"
    pages = write_pages(tmp_path / "pages", a=mantes("Un"))
    build(pages, tmp_path / "one", registry=registry)
    write_pages(pages, a=mantes("Un, corrigé"))
    build(pages, tmp_path / "two", registry=registry)
    renamed = write_pages(tmp_path / "renamed", other=mantes("Un, corrigé"))
    build(renamed, tmp_path / "three", registry=registry)
    (key,) = keys(tmp_path / "one")
    assert len(key) == 10
    assert keys(tmp_path / "two") == keys(tmp_path / "three") == [key]
    assert not (tmp_path / "one/registry.csv").exists()


def test_a_later_capture_brings_the_number(tmp_path: Path) -> None:
    registry = tmp_path / "registry.csv"
    build(write_pages(tmp_path / "before", a=mantes("Un")), tmp_path / "out", registry=registry)
    (old,) = keys(tmp_path / "out")
    build(write_pages(tmp_path / "after", p42=mantes("Un")), tmp_path / "out", registry=registry)
    assert keys(tmp_path / "out") == ["atlas-42"]
    base = "https://w3id.org/coopdec/id/partnership"
    assert ask(tmp_path / "out", f"ASK {{ <{base}/{old}> dct:isReplacedBy <{base}/atlas-42> }}")


def test_a_number_is_used_whichever_capture_is_read_first(tmp_path: Path) -> None:
    """`42.txt` comes before `a.txt`: the partnership was published twice, under two identifiers."""
    for number, names in enumerate((("p42", "a"), ("a", "z"))):
        pages = write_pages(tmp_path / f"pages{number}", **{name: mantes("Un") for name in names})
        if number == 1:
            (pages / "z.toml").write_text("project_id = 42\n")
        out = tmp_path / f"out{number}"
        build(pages, out)
        assert keys(out) == ["atlas-42"]
        assert len(manifest(out)["refused"]) == 1  # type: ignore[arg-type]
        assert [i["code"] for i in issues(out) if i.get("level") == "error"] == [
            "duplicate-partnership"
        ]


def test_building_again_from_the_registry_changes_nothing(tmp_path: Path) -> None:
    """The first build left a registry that made the second give another graph."""
    pages = write_pages(
        tmp_path / "pages", a=mantes("Un"), b=mantes("Deux"), p42=mantes("Un"), p7=mantes("Trois")
    )
    build(pages, tmp_path / "one")
    (tmp_path / "two").mkdir()
    shutil.copy(tmp_path / "one/registry.csv", tmp_path / "two/registry.csv")
    build(pages, tmp_path / "two")
    assert release_files(tmp_path / "one") == release_files(tmp_path / "two")
    assert (tmp_path / "one/registry.csv").read_bytes() == (
        tmp_path / "two/registry.csv"
    ).read_bytes()


def test_a_damaged_registry_stops_the_build(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes("Un"))
    registry = tmp_path / "registry.csv"
    registry.write_text("id,match_keys,captures,replaced_by\nX,,,\n")
    done = coopdec("build", pages, "--out", tmp_path / "out", "--registry", registry)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Le registre « {registry} » est abîmé (ligne 2) : ")
    assert registry.read_text() == "id,match_keys,captures,replaced_by\nX,,,\n"
    assert not (tmp_path / "out/current").exists()


def test_a_registry_that_cannot_be_a_file(tmp_path: Path) -> None:
    """A folder named as registry ended in a traceback."""
    pages = write_pages(tmp_path / "pages", a=mantes("Un"))
    folder = coopdec("build", pages, "--out", tmp_path / "out", "--registry", tmp_path)
    below = coopdec("build", pages, "--out", tmp_path / "out", "--registry", pages / "a.txt/r.csv")
    assert (folder.returncode, folder.stdout) == (1, "")
    assert (below.returncode, below.stdout) == (2, "")
    assert str(tmp_path) in folder.stderr
    assert not (tmp_path / "out/current").exists()
