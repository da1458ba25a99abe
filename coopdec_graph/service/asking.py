"""Asks an engine for rows and says how many there are; asks it the questions of the catalogue.

For answers that are documents in JSON, made in this process: they must be small.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coopdec_graph.engines.base import Engine, Question
from coopdec_graph.errors import ResultTooBig
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.questions.catalogue import QuestionFile
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import Choices, bindings
from coopdec_graph.service.question_answers import document_of
from coopdec_graph.service.transfer import whole_body

__all__ = ["Asking", "Rows", "first_rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows as an engine writes them in JSON. `total` is that of rows that are cut: None for more
    than an answer may have."""

    body: bytes
    cut: bool
    total: int | None


async def first_rows(engine: Engine, question: Question) -> Rows:
    """The rows of a SELECT, as many as the question settles for. Raises QueryError."""
    # Beyond the engine's own limit an answer is refused: up to it, it is cut.
    most = min(question.rows or engine.limits.rows, engine.limits.rows)
    answer = await engine.ask(replace(question, formats={Form.SELECT: "json"}, rows=most))
    try:
        body = await whole_body(answer)
    finally:
        await answer.close()
    return Rows(body, answer.cut, await _counted(engine, question) if answer.cut else None)


async def _counted(engine: Engine, question: Question) -> int | None:
    """How many rows there are: the lines of the answer as TSV, in which a row is a line."""
    whole = replace(question, formats={Form.SELECT: "tsv"}, rows=None, bytes=None)
    try:
        answer = await engine.ask(whole)
    except ResultTooBig:
        return None
    try:
        if answer.whole is not None:
            return answer.whole.count(b"\n") - 1
        return sum([piece.count(b"\n") async for piece in answer.pieces()]) - 1
    except ResultTooBig:
        return None
    finally:
        await answer.close()


class Asking:
    """The questions of the catalogue over one release. For the event loop only."""

    def __init__(self, engine: Engine, release: str, choices: Mapping[Kind, Choices]) -> None:
        self.engine = engine
        self.release = release
        self.choices = choices

    async def bound(self, question: QuestionFile, given: Mapping[str, str]) -> dict[str, Term]:
        """The terms of the parameters given. Raises UsageError."""
        # In a thread: a list, and the nearest of many thousand names, take a while.
        return await asyncio.to_thread(bindings, question, given, self.choices)

    async def document(
        self, question: QuestionFile, bound: Mapping[str, Term], rows: int, most_bytes: int
    ) -> dict[str, object]:
        """The answer, with as many rows. Raises QueryError."""
        query = question.asked_with(bound)
        asked = Question(query, {}, bindings=bound, rows=rows, bytes=most_bytes)
        found = await first_rows(self.engine, asked)
        return await asyncio.to_thread(
            document_of, question, bound, self.release, found.body, found.cut, found.total
        )
