"""Where bytes go, and what may stand in between."""

from __future__ import annotations

import re
from typing import Protocol

__all__ = ["Guarded", "HoldBack", "Sink", "XmlText"]


class Sink(Protocol):
    """Takes bytes. `write` takes them all, or raises; the number it returns is their number."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


class Guarded:
    """What the engine writes to: after an error it takes no more.

    The engine has a buffer, which it writes out once more as it is dropped.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._failed = False

    def write(self, data: bytes) -> int:
        if not self._failed:
            try:
                self._sink.write(data)
            except BaseException:
                self._failed = True
                raise
        return len(data)

    def flush(self) -> None:
        """Nothing: the document is flushed at its end."""


class HoldBack:
    """Keeps the last `size` bytes back: what may still follow goes before them."""

    def __init__(self, sink: Sink, size: int) -> None:
        self._sink = sink
        self._size = size
        self.held = b""

    def write(self, data: bytes) -> int:
        piece = self.held + data
        split = max(len(piece) - self._size, 0)
        if split:
            self._sink.write(piece[:split])
        self.held = piece[split:]
        return len(data)

    def flush(self) -> None:
        """Nothing: the caller writes `held` and flushes."""


# What XML 1.0 (2.2) has no place for, in UTF-8. A carriage return has one, but a parser takes a
# raw one for the end of a line (2.11).
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20)])
_UNFIT = re.compile(rb"[\x00-\x08\x0b-\x1f]|\xef\xbf[\xbe\xbf]")
_CUT_CHARACTER = re.compile(rb"\xef\xbf?\Z")


class XmlText:
    """Makes well-formed XML of what the engine writes.

    The engine writes every character of a literal as it is. A character that XML cannot hold
    becomes U+FFFD, a carriage return a reference.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._held = b""

    def write(self, data: bytes) -> int:
        piece = self._held + data if self._held else data
        cut = _CUT_CHARACTER.search(piece, max(len(piece) - 2, 0))
        self._held = b""
        if cut:
            self._held = piece[cut.start() :]
            piece = piece[: cut.start()]
        # Counting first: it is eight times faster than the pattern.
        if b"\xef\xbf" in piece or len(piece.translate(None, _CONTROLS)) != len(piece):
            piece = _UNFIT.sub(_fitting, piece)
        self._sink.write(piece)
        return len(data)

    def flush(self) -> None:
        """Passed on; nothing is held back at the end of a document, whose last byte is `>`."""
        self._sink.flush()


def _fitting(match: re.Match[bytes]) -> bytes:
    return b"&#13;" if match[0] == b"\r" else b"\xef\xbf\xbd"
