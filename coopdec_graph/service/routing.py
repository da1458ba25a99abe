"""Registers a route for reading: GET, described in OpenAPI, and HEAD beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import Response

__all__ = ["readable"]


def _name_of(path: str) -> str:
    """What a generated client calls the operation."""
    return f"get_{re.sub('[^a-z0-9]+', '_', path).strip('_') or 'home'}"


def readable(
    router: APIRouter | FastAPI, path: str, endpoint: Callable[..., Any], **description: Any
) -> None:
    """Adds `endpoint` at `path`. Without a summary the route stays out of OpenAPI."""
    shown = "summary" in description
    description.setdefault("response_class", Response)
    if shown:
        description.setdefault("response_description", description["summary"])
        description.setdefault("operation_id", _name_of(path))
    router.add_api_route(path, endpoint, methods=["GET"], include_in_schema=shown, **description)
    router.add_api_route(
        path,
        endpoint,
        methods=["HEAD"],
        include_in_schema=False,
        response_class=description["response_class"],
    )
