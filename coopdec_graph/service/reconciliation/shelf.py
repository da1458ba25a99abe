"""The index of the release being served: built when it is first asked for, once, then kept."""

from __future__ import annotations

import asyncio

from coopdec_graph.reference.history import bearers
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.reconciliation.index import Index
from coopdec_graph.service.reconciliation.loading import load_entities, load_levels

__all__ = ["Shelf"]


class Shelf:
    """For the event loop only: who asks while the index is being built waits for the same one."""

    def __init__(self, queries: Queries, base: str) -> None:
        self._queries = queries
        self._base = base
        self._task: asyncio.Task[Index] | None = None

    async def index(self) -> Index:
        """Raises QueryError for what may be over at the next attempt."""
        if self._task is None:
            self._task = asyncio.create_task(asyncio.to_thread(self._built))
            self._task.add_done_callback(self._forget_failed)
        # Whoever leaves does not stop it for the others.
        return await asyncio.shield(self._task)

    def _built(self) -> Index:
        entities = load_entities(self._queries, self._base)
        index = Index(entities, load_levels(self._queries), self._base)
        # The tables of past names are read on first use: here, not while a client waits for a batch.
        bearers("")
        return index

    def _forget_failed(self, task: asyncio.Task[Index]) -> None:
        if task.cancelled() or task.exception() is not None:
            self._task = None
