"""Where the client's answers come from: what a host and a folder have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

__all__ = ["API", "SPARQL", "Document", "Pairs", "Source"]

API = "/api/v1"
SPARQL = "/sparql"

Document = dict[str, Any]
Pairs = Sequence[tuple[str, str]]


class Source(Protocol):
    """Documents of the API (docs/api.md, docs/questions.md). Every method raises Problem."""

    def release(self) -> str:
        """The publication that is served now."""

    def listed(self, resource: str, pairs: Pairs) -> Document:
        """A page of a list."""

    def entity(self, resource: str, id: str) -> Document:
        """A profile."""

    def search(self, pairs: Pairs) -> Document:
        """The best of every resource."""

    def questions(self) -> Document:
        """The catalogue of questions."""

    def answer(self, question: str, pairs: Pairs) -> Document:
        """The answer to a question."""

    def sparql(self, query: str) -> bytes | str:
        """A result of SPARQL in JSON, or a graph in Turtle as a text."""

    def close(self) -> None:
        """Gives everything back."""
