"""Counts the rows in the bytes that the engine writes, and stops after so many.

The engine writes rows two to three times faster than Python can step through them, so rows are
counted in its bytes, whose shape is known: no spaces, one order of members. A cutter stands
between the engine and a sink. Bytes come in pieces that end anywhere.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod

import pyoxigraph as ox

from coopdec_graph.results.sinks import Sink

__all__ = ["Cutter", "Enough", "UncountedStart", "cutter_of"]


_MOST_HELD = 64 * 1024


class Enough(Exception):
    """More rows exist than are wanted: stops the engine from within `write`."""


class UncountedStart:
    """Holds the start of a document back from a cutter: in as many bytes as rows are wanted there
    cannot be more rows. Most documents end before, and are never counted."""

    def __init__(self, cutter: Cutter, most: int) -> None:
        self._cutter = cutter
        self._room = min(most, _MOST_HELD)
        self._held: list[bytes] | None = []

    def write(self, data: bytes) -> int:
        """Raises Enough as the cutter does."""
        if self._held is None:
            return self._cutter.write(data)
        self._held.append(data)
        self._room -= len(data)
        if self._room < 0:
            held, self._held = self._held, None
            self._cutter.write(b"".join(held))
        return len(data)

    def flush(self) -> None:
        """The cutter passes it on."""

    def finish(self, sink: Sink) -> bool:
        """Writes what is held to the sink; False when it is the cutter's to finish."""
        if self._held is None:
            return False
        for piece in self._held:
            sink.write(piece)
        return True


class Cutter(ABC):
    """A sink that passes on at most so many rows; `rows` says how many it has passed on.

    A row is counted by the bytes that start it. These are found from their first byte on with
    `ahead` more bytes known, so that many are always held back.
    """

    ahead: int

    def __init__(self, sink: Sink, most: int) -> None:
        self._sink = sink
        self._most = most
        self._held = b""
        self.rows = 0

    def write(self, data: bytes) -> int:
        """Raises Enough where one row more than wanted starts; the rows before it are written."""
        piece = self._held + data
        split = self._split(piece)
        found = self._count(piece, split)
        if self.rows + found > self._most:
            place = self._place(piece, self._most - self.rows)
            self.rows = self._most
            self._sink.write(piece[:place])
            raise Enough
        self.rows += found
        self._passed(piece, split)
        if split:
            self._sink.write(piece[:split])
        self._held = piece[split:]
        return len(data)

    def flush(self) -> None:
        """Passed on, for what it is worth before `finish`."""
        self._sink.flush()

    def finish(self) -> None:
        """Writes what is held back at the end of a whole document: too short to start a row."""
        self._sink.write(self._held)

    @abstractmethod
    def ending(self) -> bytes:
        """What closes the document after Enough, and says in it, where it can, that it is cut."""

    def _split(self, piece: bytes) -> int:
        return max(len(piece) - self.ahead, 0)

    @abstractmethod
    def _count(self, piece: bytes, split: int) -> int:
        """How many rows start before `split`."""

    @abstractmethod
    def _place(self, piece: bytes, number: int) -> int:
        """Where to cut so that row `number` of those that start in the piece is left out."""

    def _passed(self, piece: bytes, split: int) -> None:  # noqa: B027
        """Takes note of the state at `split`."""


class _Tsv(Cutter):
    """A row starts where anything follows the end of a line; in a literal that is `\\n` or `\\r`."""

    ahead = 1

    def ending(self) -> bytes:
        return b""

    def _count(self, piece: bytes, split: int) -> int:
        return piece.count(b"\n", 0, split)

    def _place(self, piece: bytes, number: int) -> int:
        place = 0
        for _ in range(number + 1):
            place = piece.index(b"\n", place) + 1
        return place


class _Csv(Cutter):
    """As TSV, with CRLF at the end of a line, which may also stand between quotes.

    A quote between quotes is doubled, which opens and closes nothing.
    """

    ahead = 2
    _quoted = False

    def ending(self) -> bytes:
        return b""

    def _count(self, piece: bytes, split: int) -> int:
        # One more byte than `split`: CRLF that starts before it.
        parts = piece[: split + 1].split(b'"') if split else []
        return sum(part.count(b"\r\n") for part in parts[self._quoted :: 2])

    def _place(self, piece: bytes, number: int) -> int:
        quoted = self._quoted
        for match in re.finditer(rb'"|\r\n', piece):
            if match[0] == b'"':
                quoted = not quoted
            elif not quoted:
                if number == 0:
                    return match.end()
                number -= 1
        raise AssertionError("a counted row is there")

    def _passed(self, piece: bytes, split: int) -> None:
        self._quoted ^= piece.count(b'"', 0, split) % 2 == 1


class _Xml(Cutter):
    """A row starts with `<result>`: `<` never stands in a text or an attribute."""

    ahead = 7

    def ending(self) -> bytes:
        return f"</results><!-- truncated after {self.rows} rows --></sparql>".encode()

    def _count(self, piece: bytes, split: int) -> int:
        return piece.count(b"<result>")

    def _place(self, piece: bytes, number: int) -> int:
        place = -1
        for _ in range(number + 1):
            place = piece.index(b"<result>", place + 1)
        return place


_BINDINGS = b'"bindings":['
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|(\},\{)', re.DOTALL)


class _Json(Cutter):
    """The first row starts the array of bindings, each other one follows `},`.

    Between two rows stands `},{"` or, where a row binds nothing, `},{}`. The first can also be
    the end of a string; then a value ends, and `}` or `,` follows instead of the name of a
    variable. The second can stand anywhere in a string: only where `{}` is seen are the strings
    told from the rest.
    """

    ahead = 4
    _open = False
    _in_string = False

    def ending(self) -> bytes:
        return b']},"truncated":{"rows":%d}}' % self.rows

    def _split(self, piece: bytes) -> int:
        if not self._open:
            # The head stays whole until the byte after the bracket is known. `bindings` may be a
            # variable, but then no colon follows.
            start = piece.find(_BINDINGS) + len(_BINDINGS)
            return start if len(_BINDINGS) <= start < len(piece) else 0
        split = super()._split(piece)
        # Never between a backslash and what it escapes.
        backslashes = split - len(piece[:split].rstrip(b"\\"))
        return split - backslashes % 2

    def write(self, data: bytes) -> int:
        opened = self._open
        super().write(data)
        if not opened and self._open:
            super().write(b"")
        return len(data)

    def _count(self, piece: bytes, split: int) -> int:
        if not self._open:
            return int(split > 0 and piece[split : split + 1] == b"{")
        # The ends let in what starts before `split`, no more.
        if piece.find(b"{}", 0, split + 3) < 0:
            return (
                piece.count(b'},{"', 0, split + 3)
                - piece.count(b'},{"}', 0, split + 4)
                - piece.count(b'},{",', 0, split + 4)
            )
        parts = _unescaped(piece[: split + 2]).split(b'"') if split else []
        return sum(part.count(b"},{") for part in parts[self._in_string :: 2])

    def _place(self, piece: bytes, number: int) -> int:
        if not self._open:
            return piece.index(_BINDINGS) + len(_BINDINGS)
        # A string that is open at the start is closed by the first quote.
        opening = b'"' if self._in_string else b""
        for match in _TOKENS.finditer(opening + piece):
            if match[1]:
                if number == 0:
                    return match.start() + 1 - len(opening)
                number -= 1
        raise AssertionError("a counted row is there")

    def _passed(self, piece: bytes, split: int) -> None:
        if not self._open:
            self._open = split > 0
            return
        # No string is open between two rows, so only what follows the last such place is looked at.
        start = piece.rfind(b'},{"', 0, split)
        known = start >= 0 and piece[start + 4 : start + 5] not in b"},"
        tail = piece[start:split] if known else piece[:split]
        quotes = _unescaped(tail).count(b'"')
        self._in_string = (self._in_string and not known) ^ (quotes % 2 == 1)


def _unescaped(text: bytes) -> bytes:
    """JSON without its escaped backslashes and quotes; it must not start within an escape."""
    if b"\\" not in text:
        return text
    return text.replace(b"\\\\", b"").replace(b'\\"', b"")


_CUTTERS: dict[ox.QueryResultsFormat, type[Cutter]] = {
    ox.QueryResultsFormat.CSV: _Csv,
    ox.QueryResultsFormat.JSON: _Json,
    ox.QueryResultsFormat.TSV: _Tsv,
    ox.QueryResultsFormat.XML: _Xml,
}


def cutter_of(format: ox.QueryResultsFormat, sink: Sink, most: int) -> Cutter:
    """The cutter for a format of rows."""
    return _CUTTERS[format](sink, most)
