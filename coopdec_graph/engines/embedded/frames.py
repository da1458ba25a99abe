"""The frames that the service and a worker exchange over their socket pair.

A frame is one byte of kind, four of length (big-endian), and the payload. Control frames hold a
JSON object; data frames hold bytes as they are.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, Final

__all__ = ["DATA", "END", "ERROR", "HEAD", "JOB", "FrameReader", "control", "data"]

JOB: Final = 1
HEAD: Final = 2
DATA: Final = 3
END: Final = 4
ERROR: Final = 5

_PREFIX = struct.Struct(">BI")


def control(kind: int, payload: Any) -> bytes:
    """A frame with a JSON payload."""
    content = json.dumps(payload, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return _PREFIX.pack(kind, len(content)) + content


def data(payload: bytes | bytearray) -> bytes:
    """A frame with raw bytes."""
    return _PREFIX.pack(DATA, len(payload)) + payload


class FrameReader:
    """Cuts a stream of bytes into frames, however it was cut on its way."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, received: bytes) -> Iterator[tuple[int, bytes]]:
        """The frames that are complete now, as kind and payload."""
        self._held += received
        start = 0
        while len(self._held) - start >= _PREFIX.size:
            kind, length = _PREFIX.unpack_from(self._held, start)
            end = start + _PREFIX.size + length
            if len(self._held) < end:
                break
            payload = bytes(self._held[start + _PREFIX.size : end])
            start = end
            yield kind, payload
        del self._held[:start]
