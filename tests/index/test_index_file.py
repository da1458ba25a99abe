"""The index file: the same for the same graph, refused when it is not one, safe to share."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from coopdec_graph.errors import ReleaseError
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.building import build_index
from coopdec_graph.index.reading import Index, Selection
from coopdec_graph.index.resources import resources
from coopdec_graph.publishing.releases import Release, Releases
from tests.questions.question_pages import PAGES_OF_QUESTIONS, question_release


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("index"))


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


def test_the_same_graph_gives_the_same_index(release: Release, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite"
    build_index(open_store(release.store), again)
    assert again.read_bytes() == release.index.read_bytes()
    assert len(dump(again)) > 100


def test_a_release_without_its_index_is_not_whole(release: Release, tmp_path: Path) -> None:
    import shutil

    copy = Release(Path(shutil.copytree(release.folder, tmp_path / release.id)))
    assert copy.is_whole()
    copy.index.unlink()
    assert not copy.is_whole()


@pytest.mark.parametrize("content", [None, b"", b"not a database" * 100])
def test_what_is_no_index_is_refused(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ReleaseError, match="no index"):
        Index(path)


def test_an_index_of_another_version_is_refused(release: Release, tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    path.write_bytes(release.index.read_bytes())
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE release SET format = 0")
        database.commit()
    with pytest.raises(ReleaseError, match="another version"):
        Index(path)


def test_an_index_is_never_written(release: Release) -> None:
    before = release.index.stat().st_mtime_ns, release.index.read_bytes()
    index = Index(release.index)
    for name in resources():
        index.ranked(name, index.selected(name, Selection(words="eau")), "eau")
    assert (release.index.stat().st_mtime_ns, release.index.read_bytes()) == before
    assert [path.name for path in release.folder.glob("index.sqlite*")] == ["index.sqlite"]


def test_threads_share_an_index(release: Release) -> None:
    index = Index(release.index)

    def asked(number: int) -> tuple[int, list[str]]:
        name = sorted(resources())[number % len(resources())]
        mask = index.selected(name, Selection())
        order = index.ordered(name, mask, resources()[name].sort)
        return int(mask.sum()), [record.iri for record in index.records(name, order)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, range(240)))
    assert all(found[number] == found[number % len(resources())] for number in range(240))


def test_everything_has_a_record(release: Release) -> None:
    index = Index(release.index)
    sizes = {name: index.size(name) for name in resources()}
    assert sizes["partnerships"] == len(PAGES_OF_QUESTIONS)
    assert all(size >= 3 for size in sizes.values())
    for name in resources():
        for iri in index.iris(name):
            record = index.record(name, iri)
            assert record is not None and record.iri == iri
            assert record.values.keys() <= {c.name for c in resources()[name].columns}
    assert index.record("partnerships", "https://example.org/none") is None
    assert Releases(release.folder.parent.parent).current() == release


def handles(path: Path) -> int:
    """The open handles of this process on a file."""

    own = Path("/proc/self/fd")
    return sum(each.readlink() == path for each in own.iterdir() if each.exists())


def test_an_index_has_one_handle_and_outlives_its_file(release: Release, tmp_path: Path) -> None:
    """A release that is replaced and removed is read to the end by who still reads it."""
    import shutil

    path = Path(shutil.copy(release.index, tmp_path / "index.sqlite"))
    index = Index(path)

    def asked(_: int) -> int:
        order = index.ordered("funding", index.selected("funding", Selection()), "year")
        return len(list(index.records("funding", order)))

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(asked, range(64))) == {index.size("funding")}
    assert handles(path) == 1
    path.unlink()
    assert asked(0) == index.size("funding")
    index.close()
    assert handles(path) == 0


def test_a_damaged_index_is_made_anew_by_the_next_build(tmp_path: Path) -> None:
    """It is no file of the manifest: nothing but reading it tells."""
    whole = question_release(tmp_path)
    before = whole.index.read_bytes()
    whole.index.write_bytes(before[:100])
    assert not whole.is_whole()
    again = question_release(tmp_path)
    assert (again.id, again.index.read_bytes()) == (whole.id, before)


def test_themes_have_their_ids_under_any_base(tmp_path: Path) -> None:
    """Schemes are the same for every base: their IRIs do not begin with it."""
    from coopdec_graph.index.records import as_object
    from coopdec_graph.pipeline import BuildOptions, run
    from coopdec_graph.service.api.lists import Lists
    from tests.pipeline.commands import write_pages

    pages = write_pages(tmp_path / "pages", **PAGES_OF_QUESTIONS)
    options = BuildOptions(base="https://exemple.org/d/")
    found = run([pages], tmp_path / "out", options, lambda items, label, total: items).release
    lists = Lists(Index(found.index), "https://exemple.org/d/", found.id)
    for name, resource in resources().items():
        iris = lists.index.iris(name)
        assert iris
        for iri in iris:
            record = lists.index.record(name, iri)
            assert record is not None
            id = str(as_object(record, resource, lists.index, lists.base, ())["id"])
            assert "://" not in id
            assert lists.entity(resource, id) == record
