"""The same pages give the same bytes, whoever builds, wherever, in whatever order."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.pipeline.commands import PAGES, ROOT, coopdec, files_of, mantes, write_pages
from tests.pipeline.commands import build as build_here


def test_two_builds_into_two_folders_are_byte_identical(tmp_path: Path) -> None:
    for name, seed in (("one", "1"), ("two", "2")):
        done = coopdec("build", PAGES, "--out", tmp_path / name, PYTHONHASHSEED=seed)
        assert done.returncode == 0
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert one == two
    assert any(name.startswith("cache/") for name in one)
    assert (tmp_path / "one/current").readlink() == (tmp_path / "two/current").readlink()


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference")
    write_pages(folder / "pages", a=mantes("Un"), b=mantes("Deux"), p12=mantes("Trois"))
    build_here(folder / "pages", folder / "out")
    return files_of(folder / "out")


def copy_with(folder: Path, names: list[str], when: int) -> Path:
    texts = {"a": mantes("Un"), "b": mantes("Deux"), "12": mantes("Trois")}
    folder.mkdir()
    for name in names:
        path = folder / f"{name}.txt"
        path.write_text(texts[name], "utf-8")
        os.utime(path, (when, when))
    return folder


def test_other_times_and_order_of_creation(tmp_path: Path, reference: dict[str, bytes]) -> None:
    pages = copy_with(tmp_path / "pages", ["b", "12", "a"], when=1_000_000)
    build_here(pages, tmp_path / "out")
    assert files_of(tmp_path / "out") == reference


def test_other_spellings_of_the_path(tmp_path: Path, reference: dict[str, bytes]) -> None:
    pages = copy_with(tmp_path / "pages", ["12", "a", "b"], when=2_000_000)
    (tmp_path / "link").symlink_to(pages)
    for number, spelling in enumerate(
        [
            [tmp_path / "pages" / ".." / "pages"],
            [tmp_path / "link"],
            [pages / "b.txt", pages / "12.txt", pages / "a.txt"],
            [pages / "b.txt", pages, pages],
        ]
    ):
        build_here(spelling, tmp_path / f"out{number}")
        assert files_of(tmp_path / f"out{number}") == reference


def test_other_working_folder(tmp_path: Path) -> None:
    pages = copy_with(tmp_path / "pages", ["a", "b", "12"], when=3_000_000)
    assert coopdec("build", pages, "--out", tmp_path / "one").returncode == 0
    assert coopdec("build", ".", "--out", "../two", cwd=pages).returncode == 0
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")


def test_nothing_built_names_the_machine(tmp_path: Path) -> None:
    shutil.copytree(PAGES, tmp_path / "copied-pages")
    build_here(tmp_path / "copied-pages", tmp_path / "out")
    for name, content in files_of(tmp_path / "out").items():
        assert str(tmp_path).encode() not in content, name
        assert str(ROOT).encode() not in content, name
