"""Content codings (RFC 9110, 8.4.1): gzip and zstd, the same bytes for the same body."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

import zstandard

__all__ = ["CODINGS", "LEAST_BYTES", "CodedSink"]

# Below this, a body and its coding fit the same packet.
LEAST_BYTES = 1_024


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...

    def flush(self) -> bytes: ...


def _gzip() -> _Compressor:
    # 16 + 15: a gzip header, whose time zlib leaves at 0. Level 4: 6 is slower for a few per cent.
    return zlib.compressobj(4, zlib.DEFLATED, 16 + zlib.MAX_WBITS)


def _zstd() -> _Compressor:
    return zstandard.ZstdCompressor(level=3).compressobj()


_COMPRESSORS: dict[str, Callable[[], _Compressor]] = {"zstd": _zstd, "gzip": _gzip}
# The one we prefer first.
CODINGS = tuple(_COMPRESSORS)


class CodedSink:
    """Codes what it passes on to `write`, unless the whole body is small.

    `codings` are those the client takes, best first; none leaves the body as it is. Nothing is
    passed on until `least` bytes have come, or the end: from then on `coding` says which coding
    the body has. `close` must be called after the last byte.
    """

    def __init__(
        self,
        write: Callable[[bytes], object],
        codings: Sequence[str],
        least: int = LEAST_BYTES,
    ) -> None:
        self._write = write
        self._wanted = next((coding for coding in codings if coding in _COMPRESSORS), None)
        self._least = least
        self._waiting = b""
        self._compressor: _Compressor | None = None
        self._started = False

    @property
    def coding(self) -> str | None:
        """The value for `Content-Encoding`, if any."""
        return self._wanted if self._compressor else None

    def write(self, data: bytes) -> int:
        if self._started:
            self._pass_on(data)
            return len(data)
        self._waiting += data
        if len(self._waiting) >= self._least:
            self._start()
        return len(data)

    def flush(self) -> None:
        """Nothing: half a result is of no use, and flushing a compressor costs bytes."""

    def close(self) -> None:
        """Passes on what is left, and the end of the coding."""
        if not self._started:
            self._start()
        if self._compressor is not None:
            self._write(self._compressor.flush())

    def _start(self) -> None:
        self._started = True
        if self._wanted is not None and len(self._waiting) >= self._least:
            self._compressor = _COMPRESSORS[self._wanted]()
        self._pass_on(self._waiting)
        self._waiting = b""

    def _pass_on(self, data: bytes) -> None:
        if self._compressor is not None:
            data = self._compressor.compress(data)
        if data:
            self._write(data)
