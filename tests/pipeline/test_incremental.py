"""A build redoes only what changed, and what it gives is what a fresh build gives."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.errors import BuildRefused
from tests.pipeline.commands import (
    PAGES,
    REFUSED,
    build,
    coopdec,
    files_of,
    leftovers,
    mantes,
    release_files,
    write_pages,
)

VERSIONS = {
    "plain": mantes("Un"),
    "retitled": mantes("Un bis"),
    "dearer": mantes("Un").replace("Mantes la Jolie 5000 2019", "Mantes la Jolie 6000 2019"),
    "doubtful": mantes("Un").replace("31/12/2021", "un jour"),
    "other name of a body": mantes("Deux").replace("Mantes la Jolie", "MANTES LA JOLIE"),
    "refused": REFUSED,
    "not a page": "rien",
}
NAMES = ("3203", "b", "c")
states = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(sorted(VERSIONS)), min_size=1)


def set_pages(folder: Path, state: dict[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, version in state.items():
        (folder / f"{name}.txt").write_text(VERSIONS[version], "utf-8")


def attempt(pages: Path, out: Path) -> dict[str, bytes] | None:
    """The files of the release, or None where nothing could be published."""
    try:
        build(pages, out)
    except BuildRefused:
        return None
    return release_files(out)


@given(st.lists(states, min_size=2, max_size=3))
@settings(max_examples=4, deadline=None)
def test_a_rebuild_gives_what_a_fresh_build_gives(history: list[dict[str, str]]) -> None:
    """Pages are added, edited and removed; the fresh build starts from the same registry."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept, pages = folder / "kept", folder / "pages"
        for number, state in enumerate(history):
            fresh = folder / f"fresh{number}"
            fresh.mkdir()
            if (kept / "registry.csv").exists():
                shutil.copy(kept / "registry.csv", fresh)
            set_pages(pages, state)
            assert attempt(pages, kept) == attempt(pages, fresh)
            if (fresh / "current").exists():
                assert files_of(kept / "cache") == files_of(fresh / "cache")


def test_unchanged_pages_are_not_built_again(tmp_path: Path) -> None:
    first = coopdec("build", PAGES, "--out", tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    second = coopdec("build", PAGES, "--out", tmp_path)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.name != ".lock"}
    release = (tmp_path / "current").resolve().name
    assert (first.returncode, second.returncode) == (0, 0)
    assert before == after
    assert second.stdout == f"Rien n'a changé : publication {release}, 6 partenariat(s).\n"
    assert second.stderr == ""


def test_an_edited_page_is_the_only_one_built_again(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes("Un"), b=mantes("Deux"), c=mantes("Trois"))
    build(pages, tmp_path / "out")
    before = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out/cache").iterdir()}
    write_pages(pages, b=mantes("Deux").replace("Mantes la Jolie 5000", "Mantes la Jolie 5100"))
    assert build(pages, tmp_path / "out").fresh
    after = {p.name: p.stat().st_mtime_ns for p in (tmp_path / "out/cache").iterdir()}
    assert len(before) == len(after) == 3
    assert len(before.items() & after.items()) == 2


def test_a_page_edited_during_a_build_is_seen_by_the_next_one(tmp_path: Path) -> None:
    """The digest of the inputs was taken after reading: the edit was never published."""
    pages = write_pages(tmp_path / "pages", a=mantes("Un"))
    from coopdec_graph.pipeline import BuildOptions, run

    def edit_after_reading(items, label, total):  # type: ignore[no-untyped-def]
        yield from items
        write_pages(pages, a=mantes("Deux"))

    run([pages], tmp_path / "out", BuildOptions(), edit_after_reading)
    assert b"Deux : formation" not in release_files(tmp_path / "out")["graph.nq"]
    assert build(pages, tmp_path / "out").fresh
    assert b"Deux : formation" in release_files(tmp_path / "out")["graph.nq"]


def test_damaged_cache_entries_are_made_again(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes("Un"), b=mantes("Deux"))
    build(pages, tmp_path / "out")
    expected = files_of(tmp_path / "out")
    for path, content in zip(
        sorted((tmp_path / "out/cache").iterdir()), [b"", b'{"quads": "'], strict=True
    ):
        path.write_bytes(content)
    shutil.rmtree(tmp_path / "out/releases")
    build(pages, tmp_path / "out")
    assert files_of(tmp_path / "out") == expected


def test_a_damaged_release_is_made_again(tmp_path: Path) -> None:
    """A current release that lacked a file was taken for an unchanged one."""
    pages = write_pages(tmp_path / "pages", a=mantes("Un"))
    build(pages, tmp_path / "out")
    expected = files_of(tmp_path / "out")
    for damage in ("graph.nq", "store/CURRENT", "manifest.json"):
        (tmp_path / "out/current" / damage).unlink()
        build(pages, tmp_path / "out")
        assert files_of(tmp_path / "out") == expected
        assert (tmp_path / "out/current/store/CURRENT").exists()
    assert leftovers(tmp_path / "out") == []
