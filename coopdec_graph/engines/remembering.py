"""Remembers small answers: a release never changes, so neither does what a query finds in it.

The same few questions are asked again and again, by pages, dashboards and the forms of others.
"""

from __future__ import annotations

import re
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable
from dataclasses import dataclass

from coopdec_graph.engines.base import Answer, Engine, Lane, Limits, Question
from coopdec_graph.graph.query import Dataset, Form

__all__ = ["RememberingEngine"]

_MOST_BYTES = 64 * 1024**2
_MOST_OF_ONE = 64 * 1024
# What a remembered answer takes besides its body and its question's texts.
_OVERHEAD = 1024
# Functions whose value is another each time (SPARQL 1.1, 17.4). In a name or a text they do no
# harm: such a query is only not remembered.
_CHANGING = re.compile(r"rand|now|uuid|bnode", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A whole answer; `size` is the memory it takes with its query, in bytes, at most."""

    form: Form
    format: str
    coding: str | None
    cut: bool
    whole: bytes
    size: int

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.whole

    async def close(self) -> None:
        """There is nothing to give back."""


class RememberingEngine:
    """An engine in front of another, over one release that does not change."""

    def __init__(self, engine: Engine) -> None:
        self.limits: Limits = engine.limits
        self._engine = engine
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0

    async def start(self) -> None:
        await self._engine.start()

    async def stop(self) -> None:
        self._kept.clear()
        self._bytes = 0
        await self._engine.stop()

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        """The answer, remembered or asked for. Raises QueryError, which is never remembered."""
        key = _key(question)
        kept = self._kept.get(key)
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        answer = await self._engine.ask(question, lane)
        body = answer.whole
        if body is None or len(body) > _MOST_OF_ONE or _CHANGING.search(question.text):
            return answer
        size = len(body) + _key_size(question) + _OVERHEAD
        kept = _Kept(answer.form, answer.format, answer.coding, answer.cut, body, size)
        await answer.close()
        self._keep(key, kept)
        return kept

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        if kept.size > _MOST_OF_ONE or key in self._kept:
            return
        self._kept[key] = kept
        self._bytes += kept.size
        while self._bytes > _MOST_BYTES:
            self._bytes -= self._kept.popitem(last=False)[1].size


def _key(question: Question) -> Hashable:
    """All that an answer depends on; the time it may take is not of that."""
    return (
        question.text,
        tuple(question.formats.items()),
        question.dataset,
        tuple((name, str(term)) for name, term in question.bindings.items()),
        question.rows,
        question.bytes,
        question.codings,
        question.base,
    )


def _key_size(question: Question) -> int:
    """Bytes of what a client may make long in a question: a million of graph names, for one."""
    dataset = question.dataset or Dataset()
    texts = (
        question.text,
        question.base or "",
        *(str(term) for term in question.bindings.values()),
        *(dataset.default_graphs or ()),
        *(dataset.named_graphs or ()),
    )
    return sum(map(sys.getsizeof, texts))
