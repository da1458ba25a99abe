"""The dataset as a whole: its VoID description, and the release's N-Quads byte for byte."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any, cast

from fastapi import APIRouter, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send
from werkzeug.http import parse_etags

from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import accept_of, choose
from coopdec_graph.service.graph_store import CONTENT, offered_formats, shown_as_text
from coopdec_graph.service.problems import BadRequest
from coopdec_graph.service.problems_description import ENGINE, problems_of
from coopdec_graph.service.routing import readable
from coopdec_graph.service.statistics import Statistics
from coopdec_graph.service.void import DUMP_PATH, VOID_PATH, dataset_facts

__all__ = ["dataset_router"]

_RANGE = Bilingual("L'en-tête « Range » ne peut pas être lu.", "The header “Range” cannot be read.")
_N_QUADS = "application/n-quads"
_FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"content": CONTENT},
    **problems_of(406, *ENGINE),
}
_DUMP: dict[int | str, dict[str, Any]] = {
    200: {"content": {_N_QUADS: {}}},
    206: {
        "description": "The part that Range asks for; several parts have their own type",
        "content": {_N_QUADS: {}, "multipart/byteranges": {}},
    },
    304: {"description": "What the client has is still the release"},
    **problems_of(400, 416, 500),
}


def dataset_router(release: Release, addresses: Addresses, statistics: Statistics) -> APIRouter:
    """Routes over one release."""
    router = APIRouter(tags=["dataset"])
    facts = cast(Mapping[str, Mapping[str, str]], release.manifest()["files"])[release.quads.name]
    stat = release.quads.stat()

    async def description(request: Request) -> Response:
        plain = shown_as_text(request, None)
        offered = offered_formats()
        format = offered[0] if plain else choose(accept_of(request), None, offered)
        found = await dataset_facts(statistics, addresses, address_of(request))
        kind = "text/plain; charset=utf-8" if plain else format.content_type
        return Response(found.written(format), 200, {"Vary": "Accept"}, media_type=kind)

    async def dump(request: Request) -> Response:
        return _dump(request, release, facts["sha256"], stat)

    readable(
        router,
        VOID_PATH,
        description,
        summary="The dataset: figures, licence, access (VoID)",
        responses=_FORMATS,
    )
    readable(
        router,
        DUMP_PATH,
        dump,
        summary="The release's N-Quads, byte for byte",
        responses=_DUMP,
    )
    return router


class _File(FileResponse):
    """A file whose errors are ours: the framework's are plain text, in English."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def checked(message: Message) -> None:
            status = message.get("status", 200)
            if status == 400:
                raise BadRequest(_RANGE)
            if status == 416:
                size = Headers(raw=message["headers"])["content-range"]
                raise HTTPException(status, headers={"Content-Range": size})
            await send(message)

        await super().__call__(scope, receive, checked)


def _dump(request: Request, release: Release, sha256: str, stat: os.stat_result) -> Response:
    """The file, or a part of it (RFC 9110, 14), or 304 for who has it (13.1.2); its digest (RFC 9530)."""
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    headers = {"ETag": f'"{sha256}"', "Repr-Digest": f"sha-256=:{digest}:"}
    if parse_etags(request.headers.get("if-none-match")).contains_weak(sha256):
        return Response(status_code=304, headers=headers)
    name = f"coopdec-{release.id}.nq"
    return _File(release.quads, 200, headers, _N_QUADS, filename=name, stat_result=stat)
