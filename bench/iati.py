"""Measures the reader of IATI files on a made one, and a build of it: how fast, and in what memory.

Run: python bench/iati.py [--activities N]

The activity is one of the tests, with every element of the schema once, again and again. Nothing
here is a test. See bench/README.md.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.iati.checking import check_file
from coopdec_graph.sources.iati.splitting import split

FULL = Path(__file__).parents[1] / "tests" / "iati" / "files" / "full-2.03.xml"
READ = 2_000
BUILT = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--activities", type=int, default=20_000)
    activities = parser.parse_args().activities
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.xml"
        _make(path, activities)
        _split(path)
        _read(path)
        _check(path)
        for built in (BUILT, 4 * BUILT):
            _make(path, built)
            _build(path, built)


def _make(path: Path, activities: int) -> None:
    text = FULL.read_text("utf-8")
    start, end = text.index("  <iati-activity "), text.index("</iati-activities>")
    with path.open("w", encoding="utf-8") as file:
        file.write(text[:start])
        for number in range(activities):
            file.write(text[start:end].replace("EXEMPLE-1</iati-id", f"EXEMPLE-{number}</iati-id"))
        file.write(text[end:])


def _split(path: Path) -> None:
    size = path.stat().st_size / 1e6
    before = _memory()
    started = time.perf_counter()
    with path.open("rb") as file:
        found = len(split(file))
    took = time.perf_counter() - started
    print(f"split: {found} activities, {size:.0f} MB, {size / took:.0f} MB/s, ", end="")
    print(f"{_memory() - before:.1f} MB more memory")


def _read(path: Path) -> None:
    source = SOURCES["iati"]
    documents = list(source.documents([path]))[:READ]
    source.read(documents[0])
    started = time.perf_counter()
    for document in documents:
        source.read(document)
    took = time.perf_counter() - started
    print(f"read: {len(documents) / took:.0f} activities/s in one process")


def _check(path: Path) -> None:
    started = time.perf_counter()
    checked = check_file(path, date.today())
    took = time.perf_counter() - started
    print(f"check: {checked.activities / took:.0f} activities/s, {len(checked.findings)} findings")


def _build(path: Path, activities: int) -> None:
    """The command as a user runs it; its memory is that of its largest process."""
    with tempfile.TemporaryDirectory() as out:
        command = ["-m", "coopdec_graph", "build", "--source", f"iati={path}", "--out", out]
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = time.perf_counter() - started
        assert process.returncode == 0
        print(f"build: {activities} activities, {activities / took:.0f}/s, ", end="")
        print(f"{used.ru_maxrss / 1024:.0f} MB in the largest process")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
