"""A build that is killed, or cannot write, leaves the previous graph served and whole."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

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

BY_CHANCE, WHILE_PUBLISHING = 13, 12


def start(pages: Path, out: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*COMMAND, "build", str(pages), "--out", str(out)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
        cwd=ROOT,
    )


def wait_for(process: subprocess.Popen[bytes], there: Callable[[], bool]) -> None:
    while process.poll() is None and not there():
        time.sleep(0.0005)


def publishing(out: Path) -> bool:
    """Whether the release itself is being written: what is read and validated lies beside it."""
    drafts = [path for path in out.glob(".draft-*") if not path.name.endswith("-work")]
    return bool(drafts) or (out / ".current.next").is_symlink()


def test_kill_9_at_any_moment_leaves_a_whole_graph(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    write_pages(pages, a=mantes("Un"), b=mantes("Deux"), c=mantes("Trois"))
    began = time.monotonic()
    assert start(pages, out).wait() == 0
    duration = time.monotonic() - began
    chance, killed = random.Random(7), 0
    for number in range(BY_CHANCE + WHILE_PUBLISHING):
        write_pages(pages, b=mantes(f"Deux, version {number}"))
        before = (out / "current").resolve()
        process = start(pages, out)
        if number < BY_CHANCE:
            time.sleep(chance.uniform(0, duration))
        else:
            wait_for(process, lambda: publishing(out))
            time.sleep(chance.uniform(0, 0.12))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        assert_whole(out)
        after = (out / "current").resolve()
        switched = f"Deux, version {number} :".encode() in (after / "graph.nq").read_bytes()
        assert after == before or switched
    assert killed > BY_CHANCE, "the builds ended before they could be killed"
    write_pages(pages, b=mantes("Deux, à la fin"))
    assert coopdec("build", pages, "--out", out).returncode == 0
    assert_whole(out)
    assert leftovers(out) == []
    assert len(list((out / "releases").iterdir())) <= 3


def test_leftovers_of_every_kind_are_cleared_even_when_nothing_changed(tmp_path: Path) -> None:
    pages, out = write_pages(tmp_path / "pages", a=mantes()), tmp_path / "out"
    build(pages, out)
    (out / ".draft-1" / "store").mkdir(parents=True)
    (out / ".registry.csv.1.draft").touch()
    (out / ".current.next").symlink_to("releases/none")
    (out / "cache" / f"{'0' * 64}.1.draft").touch()
    done = coopdec("build", pages, "--out", out)
    assert done.stdout.startswith("Rien n'a changé")
    assert leftovers(out) == []


def test_a_half_removed_release_is_not_taken_for_a_whole_one(tmp_path: Path) -> None:
    """A kill while pruning left a folder with a store and no graph, and the next build used it."""
    pages, out = write_pages(tmp_path / "pages", a=mantes("Un")), tmp_path / "out"
    build(pages, out)
    first = (out / "current").resolve()
    write_pages(pages, a=mantes("Deux"))
    build(pages, out)
    (first / "graph.nq").unlink()
    (first / "manifest.json").unlink()
    write_pages(pages, a=mantes("Un"))
    build(pages, out)
    assert_whole(out)
    assert b"Un : formation" in (out / "current" / "graph.nq").read_bytes()


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="needs two cores to use two processes")
def test_a_process_that_the_system_ends_is_one_clear_error(tmp_path: Path) -> None:
    """It was a traceback, with the exit code of refused data."""
    names = {f"p{number}": mantes(f"Titre {number}", 1900 + number) for number in range(130)}
    pages, out = write_pages(tmp_path / "pages", **names), tmp_path / "out"
    with (tmp_path / "errors").open("wb") as errors:
        process = subprocess.Popen(
            [*COMMAND, "build", str(pages), "--out", str(out)],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment(),
            cwd=ROOT,
        )
        wait_for(process, lambda: len(workers(process.pid)) >= 2 and any(out.glob("cache/*.json")))
        os.kill(workers(process.pid)[0], signal.SIGKILL)
        assert process.wait() == 2
    told = (tmp_path / "errors").read_text()
    assert "Le système a mis fin à un des processus" in told and "Traceback" not in told
    assert leftovers(out) == [] and not (out / "current").exists()
    assert coopdec("build", pages, "--out", out).returncode == 0
    assert_whole(out)


def workers(parent: int) -> list[int]:
    """The processes that another one spawned to work, the youngest last."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


@pytest.mark.parametrize("most", [2_000, 40_000])
def test_a_full_disk_is_one_clear_error(tmp_path: Path, most: int) -> None:
    """No file may pass `most` bytes: the cache, the graph or the store cannot be written."""
    pages, out = write_pages(tmp_path / "pages", a=mantes("Un")), tmp_path / "out"
    build(pages, out)
    before = (out / "current").readlink()
    write_pages(pages, a=mantes("Deux"))
    done = subprocess.run(
        [*COMMAND, "build", str(pages), "--out", str(out)],
        capture_output=True,
        text=True,
        env=environment(),
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
    )
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].startswith("Impossible d'écrire dans « ")
    assert "Traceback" not in done.stderr
    assert (out / "current").readlink() == before
    assert_whole(out)
    assert leftovers(out) == []


@pytest.mark.parametrize("blocked", ["cache", "current"])
def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, blocked: str) -> None:
    pages, out = write_pages(tmp_path / "pages", a=mantes()), tmp_path / "out"
    out.mkdir()
    if blocked == "current":
        (out / blocked / "sub").mkdir(parents=True)
    else:
        (out / blocked).touch()
    done = coopdec("build", pages, "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith(f"Impossible d'écrire dans « {out}")
    assert leftovers(out) == []
