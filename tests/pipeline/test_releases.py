"""Which releases are kept, who may write, and that nobody else's file is touched."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from coopdec_graph.publishing.releases import Release
from tests.pipeline.commands import (
    COMMAND,
    ROOT,
    assert_whole,
    build,
    coopdec,
    environment,
    leftovers,
    mantes,
    write_pages,
)


def publish(tmp_path: Path, *titles: str) -> list[str]:
    """One release per title; their names."""
    names = []
    for title in titles:
        build(write_pages(tmp_path / "pages", a=mantes(title)), tmp_path / "out")
        names.append((tmp_path / "out/current").resolve().name)
    return names


def kept(tmp_path: Path) -> set[str]:
    return {path.name for path in (tmp_path / "out/releases").iterdir()}


def test_the_last_three_releases_are_kept(tmp_path: Path) -> None:
    names = publish(tmp_path, "Un", "Deux", "Trois", "Quatre", "Cinq")
    assert len(set(names)) == 5
    assert kept(tmp_path) == set(names[2:])
    assert_whole(tmp_path / "out")


def test_going_back_to_a_kept_release_makes_it_the_newest(tmp_path: Path) -> None:
    one, two, three, again = publish(tmp_path, "Un", "Deux", "Trois", "Deux")
    assert again != one, "the registry knows more by now"
    assert kept(tmp_path) == {two, three, again}


def test_a_release_that_is_held_is_never_removed(tmp_path: Path) -> None:
    (held,) = publish(tmp_path, "Un")
    with Release(tmp_path / "out" / "releases" / held).held():
        names = publish(tmp_path, "Deux", "Trois", "Quatre", "Cinq")
        assert kept(tmp_path) == {held, *names[1:]}
    names = publish(tmp_path, "Six", "Sept", "Huit")
    assert kept(tmp_path) == set(names)


def test_the_release_that_a_server_answers_from_is_never_removed(tmp_path: Path) -> None:
    """It follows new releases, so that which one that is depends on when it looks."""
    publish(tmp_path, "Un")
    server = subprocess.Popen(
        [*COMMAND, "serve", "--data", str(tmp_path / "out"), "--port", "0"],
        stdout=subprocess.PIPE,
        env=environment(COOPDEC_LANG="en"),
        cwd=ROOT,
        text=True,
    )
    assert server.stdout is not None
    try:
        address = server.stdout.readline().split()[1]
        with urllib.request.urlopen(address) as answer:
            assert answer.status == 200
        for title in ("Deux", "Trois", "Quatre", "Cinq", "Six"):
            publish(tmp_path, title)
            with urllib.request.urlopen(f"{address}health") as answer:
                assert json.load(answer)["release"] in kept(tmp_path)
            with urllib.request.urlopen(f"{address}sparql?query=ASK%7B%3Fs%3Fp%3Fo%7D") as answer:
                assert b"true" in answer.read()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


def test_a_second_build_into_the_same_folder_is_told_to_wait(tmp_path: Path) -> None:
    (name,) = publish(tmp_path, "Un")
    with (tmp_path / "out" / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = coopdec("build", tmp_path / "pages", "--out", tmp_path / "out")
        english = coopdec("build", tmp_path / "pages", "--out", tmp_path / "out", COOPDEC_LANG="en")
    out = tmp_path / "out"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Une autre construction écrit déjà dans « {out} ». Attendez qu'elle finisse.\n"
    )
    assert english.stderr == f"Another build is already writing to “{out}”. Wait for it to end.\n"
    assert kept(tmp_path) == {name}


def test_files_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    """`cache/` and `releases/` may have been somebody's before: pruning removed what was there."""
    out = tmp_path / "out"
    theirs = [out / "cache/notes.txt", out / "cache/sub/a.txt", out / "releases/v1/notes.txt"]
    for path in theirs:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("à moi")
    publish(tmp_path, "Un", "Deux", "Trois", "Quatre", "Cinq")
    assert [path.read_text() for path in theirs] == ["à moi"] * 3


def test_an_old_release_without_manifest_does_not_stop_a_build(tmp_path: Path) -> None:
    first, *_ = publish(tmp_path, "Un", "Deux", "Trois")
    (tmp_path / "out/releases" / first / "manifest.json").unlink()
    os.utime(tmp_path / "out/releases" / first, (0, 0))
    publish(tmp_path, "Quatre")
    assert first not in kept(tmp_path)


def test_out_may_be_a_link_or_a_folder_yet_to_be_made(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes())
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    build(pages, tmp_path / "link")
    build(pages, tmp_path / "not/yet/there")
    assert_whole(tmp_path / "real")
    assert_whole(tmp_path / "not/yet/there")
    assert (tmp_path / "link").is_symlink()


def test_a_folder_of_releases_can_be_moved(tmp_path: Path) -> None:
    publish(tmp_path, "Un")
    shutil.move(tmp_path / "out", tmp_path / "moved")
    assert_whole(tmp_path / "moved")


@pytest.mark.parametrize("out", ["file", "file/below", "dangling"])
def test_out_that_cannot_be_a_folder(tmp_path: Path, out: str) -> None:
    pages = write_pages(tmp_path / "pages", a=mantes())
    (tmp_path / "file").write_text("à moi")
    (tmp_path / "dangling").symlink_to("nowhere")
    done = coopdec("build", pages, "--out", out, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Impossible d'écrire dans « {out} » : ")
    assert (tmp_path / "file").read_text() == "à moi"
    assert leftovers(tmp_path) == []
