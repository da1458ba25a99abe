"""The embedded engine: one release, answered by worker processes that can be killed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from coopdec_graph.engines.base import Answer, Lane, Limits, Question
from coopdec_graph.engines.embedded import frames
from coopdec_graph.engines.embedded.nursery import Holding
from coopdec_graph.engines.embedded.pool import Pool, Sizes
from coopdec_graph.engines.embedded.reply import Reply, Room
from coopdec_graph.graph.query import Form

__all__ = ["EmbeddedEngine"]


class EmbeddedEngine:
    """Implements `Engine`; `check` and `transcode` serve a remote engine, over an empty store."""

    def __init__(
        self, holding: Holding, limits: Limits | None = None, sizes: Sizes | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._room = Room(self.limits.waiting_bytes)
        self._pool = Pool(holding, self.limits.memory, sizes or Sizes())

    async def start(self) -> None:
        await self._pool.start()

    async def stop(self) -> None:
        self._pool.stop()
        # The loop closes its side of the sockets when it runs next.
        await asyncio.sleep(0)

    @property
    def quiet(self) -> bool:
        """Whether no query runs or waits."""
        return self._pool.quiet

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        """The answer, complete or begun. Raises QueryError."""
        return await self._run(question, lane, {"task": "query"})

    async def check(self, question: Question, lane: Lane = Lane.PUBLIC) -> Form:
        """The form of a query that nothing is wrong with. Raises QueryError."""
        reply = await self._run(question, lane, {"task": "check"})
        return reply.form

    async def transcode(
        self, question: Question, form: Form, body: bytes, lane: Lane = Lane.PUBLIC
    ) -> Answer:
        """The result `body`, as JSON or for a graph as N-Triples, written as the question asks.

        Raises QueryFailed when `body` is not a whole result.
        """
        task = {"task": "transcode", "form": form, "body": True}
        return await self._run(question, lane, task, body)

    async def _run(
        self, question: Question, lane: Lane, task: Mapping[str, Any], body: bytes = b""
    ) -> Reply:
        seconds = min(question.seconds or self.limits.seconds, self.limits.seconds)
        most = min(question.bytes or self.limits.result_bytes, self.limits.result_bytes)
        reply = Reply(
            most,
            self._room,
            lambda: self._pool.abandon(reply),
            to_the_end=question.rows is not None,
        )
        try:
            await self._pool.run(self._job(question, seconds, task, body), reply, seconds, lane)
        except BaseException:
            await reply.close()
            raise
        return reply

    def _job(
        self, question: Question, seconds: float, task: Mapping[str, Any], body: bytes
    ) -> bytes:
        dataset = question.dataset
        most = self.limits.rows if question.rows is None else min(question.rows, self.limits.rows)
        job = {
            "body": False,
            **task,
            "text": question.text,
            "formats": question.formats,
            "dataset": dataset and (dataset.default_graphs, dataset.named_graphs),
            "bindings": {name: str(term) for name, term in question.bindings.items()},
            "rows": most,
            "cut": question.rows is not None and question.rows <= self.limits.rows,
            "codings": question.codings,
            "seconds": seconds,
            "base": question.base,
        }
        sent = frames.control(frames.JOB, job)
        if not job["body"]:
            return sent
        return sent + frames.data(body) + frames.control(frames.END, {})
