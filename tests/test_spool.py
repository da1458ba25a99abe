"""A sequence on disk gives its items back, in any order, and leaves nothing behind."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.spool import Spool

FOLDER = Path(__file__).parent


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@given(st.lists(st.one_of(st.text(max_size=5), st.binary(max_size=5), st.none())), st.data())
def test_items_come_back_as_they_were(items: list[object], data: st.DataObject) -> None:
    spool = Spool(items, FOLDER)
    assert (list(spool), len(spool), spool[1:3]) == (items, len(items), items[1:3])
    # Two walks at once do not disturb each other.
    assert list(zip(spool, spool, strict=True)) == [(item, item) for item in items]
    if items:
        place = data.draw(st.integers(-len(items), len(items) - 1))
        assert spool[place] == items[place] and items[place] in spool
    with pytest.raises(IndexError):
        spool[len(items)]


def test_items_are_put_at_the_end(tmp_path: Path) -> None:
    def items() -> Iterator[str]:
        yield "c"
        raise ValueError("planted")

    spool = Spool("a", tmp_path)
    first = spool[0]
    spool.extend("b")
    with pytest.raises(ValueError, match="planted"):
        spool.extend(items())
    spool.extend("d")

    assert (first, list(spool)) == ("a", ["a", "b", "c", "d"])


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    gc.collect()
    before = open_files()
    spool = Spool(range(3), tmp_path)
    assert (list(tmp_path.iterdir()), open_files()) == ([], before + 1)
    del spool
    gc.collect()
    assert open_files() == before


def test_an_error_while_it_is_written_leaves_nothing(tmp_path: Path) -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("planted")

    gc.collect()
    before = open_files()
    with pytest.raises(ValueError, match="planted"):
        Spool(items(), tmp_path)
    gc.collect()
    assert (list(tmp_path.iterdir()), open_files()) == ([], before)


def test_a_full_disk_is_told_once() -> None:
    """Closing the file wrote what was left of it again, and failed again, as a traceback."""
    code = "\n".join(
        [
            "import resource, signal, sys; from pathlib import Path",
            "from coopdec_graph.spool import Spool",
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
            "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))",
            "try: Spool([b'x' * 1000], Path('.'))",
            "except OSError as error: print(error.strerror)",
        ]
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("File too large\n", "")
