"""An engine whose questions may name the endpoints of a list: these are asked first."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from coopdec_graph.engines.base import Answer, Engine, Lane, Limits, Question
from coopdec_graph.engines.remote.text import bound
from coopdec_graph.errors import QueryTooSlow
from coopdec_graph.federation.allow_list import AllowList
from coopdec_graph.federation.client import Client
from coopdec_graph.federation.resolve import resolve_services
from coopdec_graph.language import Bilingual

__all__ = ["FederatingEngine"]

_SLOW_SERVICE = Bilingual(
    "Les points d'accès que la requête appelle n'ont pas répondu dans le temps de la requête.",
    "The endpoints that the query calls did not answer within the time of the query.",
)


class FederatingEngine:
    """An engine in front of another, which has no network and refuses every SERVICE left."""

    def __init__(self, engine: Engine, allow: AllowList) -> None:
        self.limits: Limits = engine.limits
        self._engine = engine
        self._allow = allow
        self._client = Client()

    async def start(self) -> None:
        await self._engine.start()

    async def stop(self) -> None:
        await self._engine.stop()

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        """The engine's answer, the rows of allow-listed services already in the query."""
        if self._allow.endpoints and "service" in question.text.lower():
            question = await self._with_services(question)
        return await self._engine.ask(question, lane)

    async def _with_services(self, question: Question) -> Question:
        """The question with their rows; what that takes is of the query's own time.

        Parameters are written as terms: an endpoint is sent those that its pattern has.
        """
        loop = asyncio.get_running_loop()
        limit = self._engine.limits.seconds
        deadline = loop.time() + min(question.seconds or limit, limit)
        text = bound(question.text, question.bindings)
        try:
            async with asyncio.timeout_at(deadline):
                text = await resolve_services(text, self._allow, self._client)
        except TimeoutError:
            raise QueryTooSlow(_SLOW_SERVICE) from None
        return replace(question, text=text, bindings={}, seconds=max(0.1, deadline - loop.time()))
