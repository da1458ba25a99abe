"""HTTP around an answer of the API: validators, codings, headers, bodies in pieces."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from fastapi import Request
from starlette.responses import Response, StreamingResponse
from werkzeug.http import parse_etags

from coopdec_graph.results.coding import CodedSink
from coopdec_graph.results.formats import Format
from coopdec_graph.service.codings import accepted_codings

__all__ = ["caching", "in_json", "in_pieces", "kept", "unchanged", "whole"]


def caching(tag: str, *more: str) -> dict[str, str]:
    """A weak validator: a content coding changes the bytes. Whoever keeps an answer asks again.

    `more` are the headers that an answer varies by besides those of its form.
    """
    vary = ", ".join(("Accept", "Accept-Encoding", *more))
    return {"ETag": f'W/"{tag}"', "Cache-Control": "no-cache", "Vary": vary}


def unchanged(request: Request, tag: str, *more: str) -> Response | None:
    """304 for a client that has this already (RFC 9110, 13.1.2); `more` as for `caching`."""
    if parse_etags(request.headers.get("if-none-match")).contains_weak(tag):
        return Response(status_code=304, headers=caching(tag, *more))
    return None


def in_json(
    request: Request, document: Mapping[str, Any], headers: Mapping[str, str], media_type: str
) -> Response:
    """A whole document."""
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return whole(request, body, headers, media_type)


def kept(
    request: Request, body: bytes, media_type: str, headers: Mapping[str, str], *more: str
) -> Response:
    """A whole body whose digest is its validator; `more` as for `caching`."""
    tag = hashlib.sha256(body).hexdigest()[:32]
    found = unchanged(request, tag, *more)
    return found or whole(request, body, {**caching(tag, *more), **headers}, media_type)


def in_pieces(
    request: Request, pieces: Iterable[bytes], headers: Mapping[str, str], format: Format
) -> Response:
    """A body that is sent while it is made; a small one has its length."""
    if request.method == "HEAD" and format.compact:
        # A workbook is made whole: nobody waits for what is not sent.
        return StreamingResponse(iter(()), 200, {**headers, "content-type": format.content_type})
    left = iter(pieces)
    first = next(left, b"")
    second = next(left, None)
    if second is None:
        return whole(request, first, headers, format.content_type, format.compact)
    sent = {**headers, "content-type": format.content_type}
    codings = () if format.compact else accepted_codings(request.headers.get("accept-encoding"))
    if codings:
        sent["content-encoding"] = codings[0]
    if request.method == "HEAD":
        return StreamingResponse(iter(()), 200, sent)
    all_pieces = chain((first, second), left)
    return StreamingResponse(_coded(all_pieces, codings[:1]), 200, sent)


def _coded(pieces: Iterable[bytes], codings: tuple[str, ...]) -> Iterator[bytes]:
    waiting: list[bytes] = []
    sink = CodedSink(waiting.append, codings, least=0)
    for piece in pieces:
        sink.write(piece)
        yield from waiting
        waiting.clear()
    sink.close()
    yield from waiting


def whole(
    request: Request,
    body: bytes,
    headers: Mapping[str, str],
    media_type: str,
    compact: bool = False,
) -> Response:
    """A whole body in a coding that the client takes; `compact` as for a format."""
    codings = () if compact else accepted_codings(request.headers.get("accept-encoding"))
    pieces: list[bytes] = []
    sink = CodedSink(pieces.append, codings)
    sink.write(body)
    sink.close()
    coding = {} if sink.coding is None else {"content-encoding": sink.coding}
    return Response(b"".join(pieces), 200, {**headers, **coding}, media_type)
