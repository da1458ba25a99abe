"""Our own query files, asked of the engine from the threads that make pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

import pyoxigraph as ox

from coopdec_graph.engines.base import Engine, Lane, Question
from coopdec_graph.errors import EngineBroken
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.resources import query_text

__all__ = ["Queries", "Row"]

Row = Mapping[str, Term | None]

_SHAPE = Bilingual("Le moteur a rendu un autre résultat.", "The engine gave another result.")


class Queries:
    """Asks for query files by name (`coopdec_graph/queries/`), their parameters bound as terms.

    `rows` and `graph` are for threads other than the event loop's own: each call waits for its
    answer. `rows_of` is for the loop itself. All raise QueryError.
    """

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self._engine = engine
        self._loop = loop

    def rows(self, name: str, **bound: Term) -> list[Row]:
        """The rows of a SELECT."""
        return _rows(self._ask(name, Form.SELECT, "json", bound))

    async def rows_of(self, name: str, **bound: Term) -> list[Row]:
        """The rows of a SELECT, for a coroutine of the engine's event loop."""
        return _rows(await self._whole(_question(name, Form.SELECT, "json", bound)))

    def graph(self, name: str, format: str, **bound: Term) -> bytes:
        """The graph of a CONSTRUCT, in the format of this short name."""
        return self._ask(name, Form.GRAPH, format, bound)

    def _ask(self, name: str, form: Form, format: str, bound: Mapping[str, Term]) -> bytes:
        whole = self._whole(_question(name, form, format, bound))
        return asyncio.run_coroutine_threadsafe(whole, self._loop).result()

    async def _whole(self, question: Question) -> bytes:
        answer = await self._engine.ask(question, Lane.INTERNAL)
        try:
            if answer.whole is not None:
                return answer.whole
            return b"".join([piece async for piece in answer.pieces()])
        finally:
            await answer.close()


def _question(name: str, form: Form, format: str, bound: Mapping[str, Term]) -> Question:
    return Question(query_text(name), {form: format}, bindings=bound)


def _rows(body: bytes) -> list[Row]:
    result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(result, ox.QuerySolutions):
        raise EngineBroken(_SHAPE)
    names = [variable.value for variable in result.variables]
    # A result may hold terms of RDF 1.2 that our own queries never ask for.
    return [{name: cast("Term | None", row[name]) for name in names} for row in result]
