"""An answer on its way from a worker: taken in at the worker's speed, given out at the client's.

So a slow client holds no worker. What is not taken yet waits in memory up to `HOLD_BYTES`, then in
a temporary file without a name.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import IO

from coopdec_graph.errors import Overloaded, QueryError, ResultTooBig
from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual

__all__ = ["HOLD_BYTES", "Reply", "Room"]

_LOG = logging.getLogger(__name__)

# An answer of up to so many bytes is whole before its first byte is sent.
HOLD_BYTES = 1024 * 1024
_PIECE = 256 * 1024

_BYTES = Bilingual(
    "Le résultat dépasse {most} octets. Ajoutez LIMIT, ou prenez le téléchargement complet.",
    "The result exceeds {most} bytes. Add LIMIT, or take the complete download.",
)
_ROOM = Bilingual(
    "Trop de résultats attendent d'être pris. Réessayez dans quelques secondes.",
    "Too many results are waiting to be taken. Try again in a few seconds.",
)
_DISK = Bilingual(
    "Le service n'a plus de place pour un long résultat. Réessayez plus tard.",
    "The service has no room left for a long result. Try again later.",
)


class Room:
    """The bytes that all answers together may have waiting in files."""

    def __init__(self, most: int) -> None:
        self._left = most

    def take(self, size: int) -> bool:
        """Whether there is room for so much more; it is taken then."""
        if size > self._left:
            return False
        self._left -= size
        return True

    def give_back(self, size: int) -> None:
        self._left += size


class Reply:
    """Implements `Answer`. `most` bounds its bytes, `room` what waits of all; `abandon` stops the
    work for it. With `to_the_end` nothing is given out before all is there: only then is it known
    whether the answer is cut.
    """

    def __init__(
        self, most: int, room: Room, abandon: Callable[[], None], to_the_end: bool = False
    ) -> None:
        self.form = Form.SELECT
        self.format = ""
        self.coding: str | None = None
        self.cut = False
        self.error: QueryError | None = None
        self.done = False
        self._most = most
        self._room = room
        self._abandon = abandon
        self._to_the_end = to_the_end
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
        """Keeps a piece; False when there is no room for it, and the answer has failed."""
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
            return self._spilled(piece)
        return True

    def _spilled(self, piece: bytes) -> bool:
        if not self._room.take(len(piece)):
            self.fail(Overloaded(_ROOM))
            return False
        try:
            self._spill(piece)
        except OSError as error:
            _LOG.error("no temporary file for an answer: %s", error.strerror)
            self._room.give_back(len(piece))
            self.fail(Overloaded(_DISK))
            return False
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
        while not self.done and (self._to_the_end or self._file is None):
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
            self._room.give_back(self._filed)
            self._file, self._filed, self._given = None, 0, 0

    async def _news(self) -> None:
        self._waiting = asyncio.get_running_loop().create_future()
        await self._waiting

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
