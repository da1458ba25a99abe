"""An engine's answer on its way to a client: streamed, its failure visible, a slow client let go."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from coopdec_graph.engines.base import Answer
from coopdec_graph.errors import QueryError
from coopdec_graph.results.formats import Format
from coopdec_graph.service.departure import ClientLeft, Departure

__all__ = ["BrokenOff", "Transferred", "answer_headers", "transfer", "whole_body"]


class BrokenOff(Exception):
    """The answer failed after its first bytes had left. It is no defect: the server hangs up."""


# A transfer that takes longer is broken off: what waits for it takes room on the disk.
_LONGEST_SECONDS = 3600.0


def answer_headers(answer: Answer, format: Format, name: str = "coopdec") -> dict[str, str]:
    """The headers of an answer in a format; `name` is that of the file it would be kept as."""
    headers = {"content-type": format.content_type, "vary": "Accept, Accept-Encoding"}
    if answer.coding is not None:
        headers["content-encoding"] = answer.coding
    if format.extension:
        kind = "inline" if format.text else "attachment"
        headers["content-disposition"] = f'{kind}; filename="{name}.{format.extension}"'
    if answer.cut:
        headers["x-truncated"] = "rows"
    return headers


async def whole_body(answer: Answer) -> bytes:
    """All of an answer, for what must be read before it is sent."""
    if answer.whole is not None:
        return answer.whole
    return b"".join([piece async for piece in answer.pieces()])


async def transfer(head_only: bool, answer: Answer, headers: dict[str, str], send: Send) -> None:
    """Sends an answer: in one go with its length when it is whole, else as it comes.

    An answer that fails on its way raises BrokenOff: the transfer then ends without its last
    chunk, which no client takes for a complete one (RFC 9112, section 8).
    """
    body = answer.whole
    if body is not None:
        headers["content-length"] = str(len(body))
    started = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": started})
    if body is None and not head_only:
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                async for piece in answer.pieces():
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        except (QueryError, TimeoutError) as error:
            raise BrokenOff from error
    await send({"type": "http.response.body", "body": b"" if head_only else body or b""})


class Transferred(Response):
    """A response that sends an engine's answer, then gives it back; nobody waits for who has left."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        super().__init__()
        self._answer = answer
        self._sent = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with Departure(receive):
                await transfer(scope["method"] == "HEAD", self._answer, self._sent, send)
        except ClientLeft:
            pass
        finally:
            await self._answer.close()
