"""What a file of a release will hold, in memory or in a file of its own, and its lines in order."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

__all__ = ["Content", "Lines", "Measured", "lines_of", "measured", "write_sorted"]

# A path is a file that whoever publishes the content may take away.
Content = bytes | Path

_PIECE = 1 << 20
# Lines sorted in memory at a time, in bytes.
_RUN = 64 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What a manifest says of a content, in bytes, and its number of lines."""

    bytes: int
    sha256: str
    lines: int


def lines_of(content: Content) -> Iterator[bytes]:
    """The lines, without their ends; no empty one."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            yield from filter(None, (line.rstrip(b"\n") for line in file))
    else:
        yield from filter(None, content.split(b"\n"))


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of some contents, as often as they are asked for; `wanted` leaves some out."""

    parts: tuple[Content | Lines, ...]
    wanted: Callable[[bytes], bool] | None = None

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            lines = iter(part) if isinstance(part, Lines) else lines_of(part)
            yield from lines if self.wanted is None else filter(self.wanted, lines)


def measured(content: Content) -> Measured:
    """Raises OSError."""
    digest, size, lines = hashlib.sha256(), 0, 0
    for piece in _pieces(content):
        digest.update(piece)
        size += len(piece)
        lines += piece.count(b"\n")
    return Measured(size, digest.hexdigest(), lines)


def _pieces(content: Content) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def write_sorted(lines: Iterable[bytes], target: Path, run: int = _RUN) -> Path:
    """Writes each line once, in code point order, whatever the size of all; returns `target`.

    Sorts `run` bytes at a time, each such run in a file without a name beside `target`, and merges
    them. Raises OSError.
    """
    with ExitStack() as stack, target.open("wb") as file:
        runs = [
            stack.enter_context(_written(ordered, target.parent)) for ordered in _runs(lines, run)
        ]
        last = b""
        for line in heapq.merge(*runs):
            if line != last:
                file.write(line)
                last = line
    return target


def _runs(lines: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    taken, size = set[bytes](), 0
    for line in lines:
        if line:
            taken.add(line)
            size += len(line)
        if size >= most:
            yield sorted(taken)
            taken, size = set(), 0
    yield sorted(taken)


def _written(lines: Iterable[bytes], folder: Path) -> IO[bytes]:
    """A file with the lines, each with its end, to be read from its start."""
    file = TemporaryFile(dir=folder)  # noqa: SIM115 (the caller's to close)
    file.writelines(line + b"\n" for line in lines)
    file.seek(0)
    return file
