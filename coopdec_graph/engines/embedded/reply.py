"""An answer on its way from a worker: taken in at the worker's speed, given out at the client's.

So a slow client holds no worker. What is not taken yet waits in memory up to `HOLD_BYTES`, then in
a temporary file without a name.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import IO

from coopdec_graph.errors import QueryError, ResultTooBig
from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual

__all__ = ["HOLD_BYTES", "Reply"]

# An answer of up to so many bytes is whole before its first byte is sent.
HOLD_BYTES = 1024 * 1024
_PIECE = 256 * 1024

_BYTES = Bilingual(
    "Le résultat dépasse {most} octets. Ajoutez LIMIT, ou prenez le téléchargement complet.",
    "The result exceeds {most} bytes. Add LIMIT, or take the complete download.",
)


class Reply:
    """Implements `Answer`. `most` bounds its bytes; `abandon` stops the work for it."""

    def __init__(self, most: int, abandon: Callable[[], None]) -> None:
        self.form = Form.SELECT
        self.format = ""
        self.coding: str | None = None
        self.cut = False
        self.error: QueryError | None = None
        self.done = False
        self._most = most
        self._abandon = abandon
        self._size = 0
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._file: IO[bytes] | None = None
        self._filed = self._given = 0
        self._closed = False
        self._waiting: asyncio.Future[None] | None = None

    # What the worker's side calls.

    def begin(self, form: Form, format: str, coding: str | None) -> None:
        self.form, self.format, self.coding = form, format, coding

    def take(self, piece: bytes) -> bool:
        """Keeps a piece; False when the answer has grown too large, and has failed."""
        self._size += len(piece)
        if self._size > self._most:
            self.fail(ResultTooBig(_BYTES, most=self._most))
            return False
        if self._closed:
            return True
        if self._file is None and self._held_bytes + len(piece) <= HOLD_BYTES:
            self._held.append(piece)
            self._held_bytes += len(piece)
        else:
            self._spill(piece)
            self._wake()
        return True

    def _spill(self, piece: bytes) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(prefix="coopdec-")  # noqa: SIM115 (closed below)
        self._file.seek(self._filed)
        self._file.write(piece)
        self._filed += len(piece)

    def end(self, cut: bool) -> None:
        self.cut = cut
        self.done = True
        self._wake()

    def fail(self, error: QueryError) -> None:
        if not self.done:
            self.error, self.done = error, True
            self._wake()

    # What the client's side calls.

    async def ready(self) -> None:
        """Returns when the answer is whole, or too long to wait for. Raises its error."""
        while not self.done and self._file is None:
            await self._news()
        if self.error is not None:
            raise self.error

    @property
    def whole(self) -> bytes | None:
        if not self.done or self._file is not None or self.error is not None:
            return None
        return self._held[0] if len(self._held) == 1 else b"".join(self._held)

    async def pieces(self) -> AsyncIterator[bytes]:
        while True:
            if self._held:
                piece = self._held.popleft()
                self._held_bytes -= len(piece)
                yield piece
            elif self._file is not None and self._given < self._filed:
                self._file.seek(self._given)
                piece = self._file.read(min(_PIECE, self._filed - self._given))
                self._given += len(piece)
                yield piece
            elif self.error is not None:
                raise self.error
            elif self.done:
                return
            else:
                await self._news()

    async def close(self) -> None:
        self._closed = True
        if not self.done:
            self._abandon()
        self._held.clear()
        if self._file is not None:
            self._file.close()
            self._file, self._filed, self._given = None, 0, 0

    async def _news(self) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
