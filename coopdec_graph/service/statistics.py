"""Figures about a release: each is computed once, when it is first asked for, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from coopdec_graph.errors import QueryTooBig, QueryTooSlow, ResultTooBig
from coopdec_graph.graph.query import Term
from coopdec_graph.service.queries import Queries, Row

__all__ = ["Statistics"]

Rows = Sequence[Row] | None
Key = tuple[str, tuple[tuple[str, str], ...]]


class Statistics:
    """For the event loop only: who asks while a figure is being computed waits for the same one."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._tasks: dict[Key, asyncio.Task[Rows]] = {}

    async def rows(self, name: str, **bound: Term) -> Rows:
        """The rows of a query file; None when they cost more than one query may.

        Raises QueryError for what may be over at the next attempt.
        """
        key = name, tuple((name, str(term)) for name, term in sorted(bound.items()))
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(self._computed(name, bound))
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._forget_failed(key, done))
        # Whoever leaves does not stop it for the others.
        return await asyncio.shield(task)

    async def _computed(self, name: str, bound: Mapping[str, Term]) -> Rows:
        try:
            return await self._queries.rows_of(name, **bound)
        except (QueryTooSlow, QueryTooBig, ResultTooBig):
            return None

    def _forget_failed(self, key: Key, task: asyncio.Task[Rows]) -> None:
        if task.cancelled() or task.exception() is not None:
            del self._tasks[key]
