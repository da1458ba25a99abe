"""The routes of `/reconcile`, over one release."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.service.facts import address_of
from coopdec_graph.service.formats import language_of
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import BadRequest, NotFound
from coopdec_graph.service.protocol import form_pairs, only, pairs_of
from coopdec_graph.service.reconciliation.answers import (
    extended,
    proposed,
    results,
    suggested_entities,
    suggested_properties,
    suggested_types,
)
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.jsonp import answer, check_callback
from coopdec_graph.service.reconciliation.kinds import TYPES
from coopdec_graph.service.reconciliation.manifest import (
    PATH,
    PREVIEW_PATH,
    PROPOSE_PATH,
    SUGGEST_PATH,
    VIEW_PATH,
    manifest,
)
from coopdec_graph.service.reconciliation.messages import read_extension, read_queries
from coopdec_graph.service.reconciliation.openapi import ENDPOINT, FORM, SUGGEST, WITH_ID, WITH_TYPE
from coopdec_graph.service.reconciliation.preview import preview
from coopdec_graph.service.reconciliation.shelf import Shelf
from coopdec_graph.service.routing import readable

__all__ = ["MOST_BYTES", "reconciliation_router"]

# The body of a POST.
MOST_BYTES = 1_000_000
_METHODS = "GET, HEAD, OPTIONS, POST"
_AT_ONCE = 2

_BOTH = Bilingual(
    "« queries » et « extend » sont donnés à la fois.", "Both “queries” and “extend” are given."
)
_NOTHING = Bilingual(
    "Il manque le champ « queries » ou « extend ».", "The field “queries” or “extend” is missing."
)
_MISSING = Bilingual("Il manque le paramètre « {name} ».", "The parameter “{name}” is missing.")
_WHOLE = Bilingual(
    "Le paramètre « {name} » doit être un nombre entier.",
    "The parameter “{name}” must be a whole number.",
)
_TYPE = Bilingual(
    "Ce type n'existe pas. Types : {types}.", "There is no such type. Types: {types}."
)
_UNKNOWN = Bilingual("Cet identifiant n'est celui de rien.", "Nothing has this identifier.")
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)

Pairs = list[tuple[str, str]]


def reconciliation_router(pages: Pages, shelf: Shelf) -> APIRouter:
    """Routes that match names with what one release holds."""
    router = APIRouter(tags=["reconciliation"])
    service = _Service(pages, shelf)
    readable(router, PATH, service.read, **ENDPOINT)
    router.add_api_route(PATH, service.posted, methods=["POST"], response_class=Response, **FORM)
    for path in (PATH, f"{PATH}/"):
        router.add_api_route(path, _options, methods=["OPTIONS"], include_in_schema=False)
    # What some clients make of an address they were given.
    readable(router, f"{PATH}/", service.read)
    router.add_api_route(
        f"{PATH}/",
        service.posted,
        methods=["POST"],
        include_in_schema=False,
        response_class=Response,
    )
    readable(router, f"{SUGGEST_PATH}/entity", service.entities, **SUGGEST["entity"])
    readable(router, f"{SUGGEST_PATH}/type", service.types, **SUGGEST["type"])
    readable(router, f"{SUGGEST_PATH}/property", service.properties, **SUGGEST["property"])
    readable(router, PROPOSE_PATH, service.proposals, **WITH_TYPE)
    readable(router, VIEW_PATH, service.view, **WITH_ID["view"])
    readable(router, PREVIEW_PATH, service.preview, **WITH_ID["preview"])
    return router


def _options(request: Request) -> Response:
    return Response(status_code=204, headers={"Allow": _METHODS})


class _Service:
    """The endpoints. An answer is made in a thread, a few at a time: the event loop goes on."""

    def __init__(self, pages: Pages, shelf: Shelf) -> None:
        self._pages = pages
        self._base = pages.addresses.base
        self._shelf = shelf
        # They share one interpreter: more at once would only slow everything else down.
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def read(self, request: Request) -> Response:
        return await self._answered(request, _pairs(request), self._asked)

    async def posted(self, request: Request) -> Response:
        pairs = _pairs(request) + await form_pairs(request, MOST_BYTES)
        if all(name not in ("queries", "extend") for name, _ in pairs):
            raise BadRequest(_NOTHING)
        return await self._answered(request, pairs, self._asked)

    async def entities(self, request: Request) -> Response:
        async def found(pairs: Pairs, request: Request, language: Language) -> object:
            prefix, skip, types = _prefix(pairs), _number(pairs, "cursor") or 0, _types(pairs)
            return await self._made(suggested_entities, prefix, types, skip, language)

        return await self._answered(request, _pairs(request), found)

    async def types(self, request: Request) -> Response:
        async def found(pairs: Pairs, request: Request, language: Language) -> object:
            return suggested_types(_prefix(pairs), _number(pairs, "cursor") or 0, language)

        return await self._answered(request, _pairs(request), found)

    async def properties(self, request: Request) -> Response:
        async def found(pairs: Pairs, request: Request, language: Language) -> object:
            return suggested_properties(_prefix(pairs), _number(pairs, "cursor") or 0, language)

        return await self._answered(request, _pairs(request), found)

    async def proposals(self, request: Request) -> Response:
        async def found(pairs: Pairs, request: Request, language: Language) -> object:
            types = _types(pairs)
            return proposed(types[0] if types else None, _number(pairs, "limit"), language)

        return await self._answered(request, _pairs(request), found)

    async def view(self, request: Request) -> Response:
        """Leads to the page of an entity."""
        path = self._pages.addresses.local((await self._entity(request)).iri)
        if path is None:
            raise NotFound(_UNKNOWN)
        return RedirectResponse(path, 303)

    async def preview(self, request: Request) -> Response:
        """A small page for the frame of a client (specification, "Preview Service")."""
        entity = await self._entity(request)
        index = await self._shelf.index()
        return await run_in_threadpool(preview, self._pages, request, index, entity)

    async def _entity(self, request: Request) -> Entity:
        id = _required(_pairs(request), "id")
        entity = (await self._shelf.index()).with_id(id)
        if entity is None:
            raise NotFound(_UNKNOWN)
        return entity

    async def _asked(self, pairs: Pairs, request: Request, language: Language) -> object:
        """The manifest without a question; the answer to a batch, or to a data extension query."""
        queries, extend = only(pairs, "queries"), only(pairs, "extend")
        if queries is not None and extend is not None:
            raise BadRequest(_BOTH)
        if queries is not None:
            return await self._made(results, read_queries(queries), language)
        if extend is not None:
            return await self._made(extended, read_extension(extend), language)
        return manifest(address_of(request), self._base, language)

    async def _made(self, make: Callable[..., object], *asked: object) -> object:
        """What a function of `answers` makes of the index and what was asked."""
        index = await self._shelf.index()
        async with self._turns:
            return await run_in_threadpool(make, index, *asked)

    async def _answered(
        self,
        request: Request,
        pairs: Pairs,
        found: Callable[[Pairs, Request, Language], Awaitable[object]],
    ) -> Response:
        callback, language = only(pairs, "callback"), language_of(request)
        check_callback(callback)
        return answer(await found(pairs, request, language), language, callback)


def _pairs(request: Request) -> Pairs:
    query: Any = request.scope["query_string"]
    return pairs_of(query)


def _required(pairs: Pairs, name: str) -> str:
    value = only(pairs, name)
    if value is None:
        raise BadRequest(_MISSING, name=name)
    return value


def _prefix(pairs: Pairs) -> str:
    return _required(pairs, "prefix")


def _number(pairs: Pairs, name: str) -> int | None:
    text = only(pairs, name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        raise BadRequest(_WHOLE, name=name)
    return int(text)


def _types(pairs: Pairs) -> list[str]:
    """The types an address names; an empty one is none."""
    found = [value for name, value in pairs if name == "type" and value]
    if any(type not in TYPES for type in found):
        raise BadRequest(_TYPE, types=", ".join(TYPES))
    return found
