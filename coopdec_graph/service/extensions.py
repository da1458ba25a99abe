"""Documents of the service itself, whose format an extension of the path may name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request

from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.service.formats import accept_of, by_extension, choose
from coopdec_graph.service.problems import NotFound
from coopdec_graph.service.problems_description import problems_of
from coopdec_graph.service.questions_description import CACHED, NOT_MODIFIED
from coopdec_graph.service.routing import readable

__all__ = ["format_by_extension", "readable_in_formats", "responses_in_formats"]

_UNKNOWN = Bilingual("« {path} » n'existe pas.", "“{path}” does not exist.")
# What OpenAPI says of a route that ends with `.{extension}`.
_EXTENSION: dict[str, Any] = {
    "parameters": [
        {
            "name": "extension",
            "in": "path",
            "required": True,
            "schema": {
                "type": "string",
                "enum": [each.extension for each in formats_of(Form.GRAPH)],
            },
            "example": "ttl",
        }
    ]
}


def format_by_extension(request: Request) -> Format:
    """The format asked for by extension or Accept. Raises NotFound and NotAcceptable."""
    extension = request.path_params.get("extension")
    _, named = (None, None) if extension is None else by_extension(f"x.{extension}")
    if extension is not None and named is None:
        raise NotFound(_UNKNOWN, path=request.url.path)
    return choose(accept_of(request), named, formats_of(Form.GRAPH))


def responses_in_formats(*statuses: int) -> dict[Any, Any]:
    """What OpenAPI says of the answers of a document: its formats, and these errors besides."""
    content: dict[str, object] = {each.media_type: {} for each in formats_of(Form.GRAPH)}
    return {
        200: {"headers": CACHED, "content": content},
        **NOT_MODIFIED,
        **problems_of(406, *statuses),
    }


def readable_in_formats(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Any],
    summary: str,
    responses: dict[Any, Any],
) -> None:
    """Adds a document at `path`, in the format that Accept chooses, and at `path.{extension}`."""
    readable(router, path, endpoint, summary=summary, responses=responses)
    readable(
        router,
        path + ".{extension}",
        endpoint,
        summary=f"{summary}, in one format",
        responses={**responses, **problems_of(404)},
        openapi_extra=_EXTENSION,
    )
