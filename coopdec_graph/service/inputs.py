"""What is asked, apart from how it came: an address over HTTP, or a call of the Python client."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request

from coopdec_graph.language import Language
from coopdec_graph.service.formats import accept_of, language_of
from coopdec_graph.service.protocol import pairs_of

__all__ = ["Inputs", "inputs_of"]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Names and values as they were written, the media types that are accepted, the language."""

    pairs: Sequence[tuple[str, str]]
    accept: str | None
    language: Language


def inputs_of(request: Request) -> Inputs:
    """What the address and the headers of a request ask. Raises BadRequest."""
    pairs = pairs_of(request.scope["query_string"])
    return Inputs(pairs, accept_of(request), language_of(request))
