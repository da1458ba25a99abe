"""Documents of the service itself, whose format an extension of the path may name."""

from __future__ import annotations

from typing import Any

from fastapi import Request

from coopdec_graph.graph.query import Form
from coopdec_graph.language import Bilingual
from coopdec_graph.results.formats import Format, formats_of
from coopdec_graph.service.formats import accept_of, by_extension, choose
from coopdec_graph.service.problems import NotFound

__all__ = ["EXTENSION", "format_by_extension"]

_UNKNOWN = Bilingual("« {path} » n'existe pas.", "“{path}” does not exist.")
# What OpenAPI says of a route that ends with `.{extension}`.
EXTENSION: dict[str, Any] = {
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
