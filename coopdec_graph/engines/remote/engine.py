"""The remote engine: a SPARQL 1.1 store somewhere else, behind the same walls as our own.

    question ─► workers.check ─► HTTP ─► workers.transcode ─► answer
                our parser       store   any of our formats

The workers are those of the embedded engine over an empty store: nothing of a query or of a result
is parsed in this process, which has no memory limit and cannot be killed for one query.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

import pyoxigraph as ox

from coopdec_graph.engines.base import Answer, Lane, Limits, Question
from coopdec_graph.engines.remote.client import RemoteClient
from coopdec_graph.engines.remote.configuration import PUBLISHED, STORE, Kind, RemoteStore
from coopdec_graph.engines.remote.positions import as_published
from coopdec_graph.engines.remote.publication import Marks
from coopdec_graph.engines.remote.text import bound, for_virtuoso, with_prefixes, without_from
from coopdec_graph.errors import (
    EngineBroken,
    Overloaded,
    QueryError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
)
from coopdec_graph.graph.query import Dataset, Form
from coopdec_graph.language import Bilingual

__all__ = ["RemoteEngine", "Workers"]

_BROKEN = Bilingual(
    "La réponse du magasin distant n'est pas un résultat complet.",
    "The remote store's answer is not a complete result.",
)
_NOTHING = Bilingual(
    "Aucune publication dans le magasin distant. Lancez d'abord : coopdec publish",
    "No release in the remote store. First run: coopdec publish",
)
_MANY = Bilingual(
    "Trop de requêtes attendent le magasin distant. Réessayez plus tard.",
    "Too many queries wait for the remote store. Try again later.",
)
_LONG = Bilingual("La requête dépasse {most} octets.", "The query exceeds {most} bytes.")

# Queries under way at once, by lane; as many again may wait, then there is a 503.
_UNDER_WAY = {Lane.PUBLIC: 16, Lane.INTERNAL: 8}
_WAITING = 64
# How long a switch to another release may go unnoticed: publishing leaves the graph of the one
# before alone for longer than that (`settle_seconds`).
_REMEMBERED = 1.0
_SHORT = 10.0
# What Virtuoso has in its own graphs is no part of the data.
_VIRTUOSO_GRAPHS = (
    "http://www.openlinksw.com/schemas/virtrdf#",
    "http://localuriqaserver/sparql",
    "http://www.w3.org/ns/ldp#",
    "http://www.w3.org/2002/07/owl#",
)


class Workers(Protocol):
    """What is asked of the pool of processes; `EmbeddedEngine` over an empty store has it."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def check(self, question: Question, lane: Lane = Lane.PUBLIC) -> Form:
        """The form of a query nothing is wrong with. Raises QueryError."""
        ...

    async def transcode(
        self, question: Question, form: Form, body: bytes, lane: Lane = Lane.PUBLIC
    ) -> Answer:
        """A result in JSON, or N-Triples for a graph, in the format asked. Raises QueryError."""
        ...


class RemoteEngine:
    """Implements `Engine` over a remote store."""

    def __init__(self, store: RemoteStore, limits: Limits, workers: Workers) -> None:
        self.limits = limits
        self._store = store
        self._workers = workers
        self._marks = Marks(store.base)
        self._client: RemoteClient | None = None
        self._lanes = {lane: _Gate(most, _WAITING) for lane, most in _UNDER_WAY.items()}
        self._slot: str | None = None
        self._slot_read = -_REMEMBERED
        self._slot_lock = asyncio.Lock()

    async def start(self) -> None:
        """Ready to answer when it returns. Raises EngineBroken when the store does not answer."""
        await self._workers.start()
        self._client = RemoteClient(self._store, sum(_UNDER_WAY.values()))
        try:
            await self._ask_store("ASK {}", Form.ASK, Dataset(), _SHORT)
            await self._default_graph(_SHORT)
        except EngineBroken:
            await self.stop()
            raise
        except QueryError as error:
            await self.stop()
            raise EngineBroken(error.message, **error.values) from None

    async def stop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        await self._workers.stop()

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        """The answer, complete or begun. Raises QueryError."""
        if len(question.text.encode("utf-8", "replace")) > self.limits.query_bytes:
            raise QueryForbidden(_LONG, most=self.limits.query_bytes)
        seconds = self.limits.seconds
        clock = _Clock(seconds if question.seconds is None else min(question.seconds, seconds))
        form = await self._workers.check(clock.on(question), lane)
        async with self._lanes[lane].passed(clock.left):
            dataset = await self._dataset(question, clock)
            text = with_prefixes(bound(question.text, question.bindings), question.base)
            if self._store.kind is Kind.VIRTUOSO and dataset.named_graphs is None:
                text, dataset = await self._for_virtuoso(text, dataset)
            body = await self._ask_store(text, form, dataset, clock.left)
            if self._store.kind is Kind.VIRTUOSO:
                body = await asyncio.to_thread(as_published, body)
            # Within the gate, which bounds how many whole bodies are held at once.
            return await self._written(clock.on(question), form, body, lane)

    async def _written(self, question: Question, form: Form, body: bytes, lane: Lane) -> Answer:
        try:
            answer = await self._workers.transcode(question, form, body, lane)
        except QueryFailed:
            raise EngineBroken(_BROKEN) from None
        if answer.form is not form:
            await answer.close()
            raise EngineBroken(_BROKEN)
        return _Checked(answer)

    async def _ask_store(self, text: str, form: Form, dataset: Dataset, seconds: float) -> bytes:
        if self._client is None:
            raise EngineBroken(_BROKEN)
        return await self._client.ask(text, form, dataset, seconds, self.limits.result_bytes)

    async def _dataset(self, question: Question, clock: _Clock) -> Dataset:
        """The graphs to name in the request: those asked for, or where the union lies."""
        asked = question.dataset
        if asked is not None:
            # By the protocol the side that is not named is empty. Virtuoso would show all of it.
            nothing = (self._marks.nothing,)
            return Dataset(asked.default_graphs or nothing, asked.named_graphs or nothing)
        if self._store.default_graph == STORE or await self._names_its_dataset(question, clock):
            return Dataset()
        return Dataset(default_graphs=(await self._default_graph(clock.left),))

    async def _for_virtuoso(self, text: str, dataset: Dataset) -> tuple[str, Dataset]:
        if dataset.default_graphs is None:
            return text, dataset
        hidden = (*_VIRTUOSO_GRAPHS, self._marks.graph, *self._marks.slots)
        # Token by token, which a long query makes long: not on the event loop.
        text, named = await asyncio.to_thread(for_virtuoso, text, hidden)
        return text, Dataset(dataset.default_graphs, named or None)

    async def _names_its_dataset(self, question: Question, clock: _Clock) -> bool:
        """Whether the query has a FROM clause, which our default graph would silence."""
        respelled = without_from(question.text)
        if respelled is None:
            return False
        try:
            await self._workers.check(replace(clock.on(question), text=respelled))
        except (QuerySyntaxError, QueryForbidden):
            return True
        return False

    async def _default_graph(self, seconds: float) -> str:
        """The graph a plain query sees. Raises EngineBroken when nothing was published."""
        if self._store.default_graph != PUBLISHED:
            return self._store.default_graph
        async with self._slot_lock:
            if self._slot is None or time.monotonic() - self._slot_read > _REMEMBERED:
                slots = await self._published(seconds)
                # While a release is switched to, a store may show no statement, or two.
                if len(slots) == 1:
                    self._slot = slots[0]
                    self._slot_read = time.monotonic()
        if self._slot is None:
            raise EngineBroken(_NOTHING)
        return self._slot

    async def _published(self, seconds: float) -> list[str]:
        query = self._marks.current_slot()
        body = await self._ask_store(query, Form.SELECT, Dataset(), seconds)
        try:
            result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
            assert isinstance(result, ox.QuerySolutions)
            found = [row["union"] for row in result]
        except (SyntaxError, ValueError, KeyError, AssertionError):
            raise EngineBroken(_BROKEN) from None
        return [term.value for term in found if isinstance(term, ox.NamedNode)]


class _Clock:
    """The time one question has, all its steps together."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return self._end - time.monotonic()

    def on(self, question: Question) -> Question:
        """The question with the time that is left."""
        return replace(question, seconds=max(self.left, 0.001))


class _Gate:
    """So many at once, so many waiting, the others turned away."""

    def __init__(self, most: int, waiting: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._room = most + waiting

    @asynccontextmanager
    async def passed(self, seconds: float) -> AsyncIterator[None]:
        """Lets one through within this time. Raises Overloaded."""
        if self._room == 0:
            raise Overloaded(_MANY)
        self._room -= 1
        try:
            try:
                await asyncio.wait_for(self._free.acquire(), max(seconds, 0))
            except TimeoutError:
                raise Overloaded(_MANY) from None
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._room += 1


class _Checked:
    """An answer whose source may turn out to be cut while it is given out."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.form, self.format, self.coding = answer.form, answer.format, answer.coding
        self.cut = answer.cut

    @property
    def whole(self) -> bytes | None:
        return self._answer.whole

    async def pieces(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.pieces():
                yield piece
            self.cut = self._answer.cut
        except QueryFailed:
            raise EngineBroken(_BROKEN) from None

    async def close(self) -> None:
        await self._answer.close()
