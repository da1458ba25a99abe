"""What the service asks of an engine, whichever it is: a query in, an answer or an error out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from coopdec_graph.errors import (
    EngineBroken,
    NoFormat,
    Overloaded,
    QueryTooBig,
    QueryTooSlow,
    ResultTooBig,
)
from coopdec_graph.graph.query import Dataset, Form, Term

__all__ = [
    "Answer",
    "Engine",
    "EngineBroken",
    "Lane",
    "Limits",
    "NoFormat",
    "Overloaded",
    "Question",
    "QueryTooBig",
    "QueryTooSlow",
    "ResultTooBig",
]


class Lane(StrEnum):
    """Who asks. The service's own queries are few and cheap: they have a worker of their own."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take. Times in seconds, sizes in bytes.

    `query_bytes` bounds the text; `waiting_bytes` what all clients together have not taken yet; `rows` and `result_bytes` bound the answer, which is refused
    beyond, never cut in silence.
    """

    seconds: float = 30.0
    memory: int = 1024**3
    rows: int = 1_000_000
    result_bytes: int = 512 * 1024**2
    waiting_bytes: int = 4 * 1024**3
    query_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """One query. `formats` says, for each form the query may turn out to have, the short name of
    the format to answer in (`results/formats.py`); a form it lacks is refused with NoFormat.

    Without `dataset` the query sees every published graph. Relative IRIs of the query are resolved
    against `base`. `bindings` replace variables of our own query files.

    `rows` cuts the answer, which then says so; None leaves the engine's limit, beyond which it is
    refused. `bytes` is the most the answer may have, if less than the engine's limit. `seconds`
    counts from now. `codings` are the content codings the client takes, best first.
    """

    text: str
    formats: Mapping[Form, str]
    dataset: Dataset | None = None
    bindings: Mapping[str, Term] = field(default_factory=dict)
    rows: int | None = None
    bytes: int | None = None
    seconds: float | None = None
    codings: tuple[str, ...] = ()
    base: str | None = None


class Answer(Protocol):
    """A result on its way: `whole` is its bytes when it is complete already, else None.

    A result that is not whole is read from `pieces`, which raises QueryError when it cannot be
    completed: whoever sends it on must then break the transfer off.
    """

    @property
    def form(self) -> Form: ...

    @property
    def format(self) -> str: ...

    @property
    def coding(self) -> str | None: ...

    @property
    def cut(self) -> bool: ...

    @property
    def whole(self) -> bytes | None: ...

    def pieces(self) -> AsyncIterator[bytes]: ...

    async def close(self) -> None:
        """Gives back what it holds; a query that is still running is stopped."""
        ...


class Engine(Protocol):
    """One release behind a door. Every method may be called from one event loop only."""

    limits: Limits

    async def start(self) -> None:
        """Ready to answer when it returns. Raises EngineBroken."""
        ...

    async def ask(self, question: Question, lane: Lane = Lane.PUBLIC) -> Answer:
        """The answer, complete or begun. Raises QueryError."""
        ...

    async def stop(self) -> None:
        """Stops every query and gives back all that is held."""
        ...
