"""The JSON schemas and example messages of the specification, beside the checkout if they are there."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.service.live_service import ROOT

FOLDER = ROOT.parent / "shared" / "reconciliation"
needs_schemas = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the schemas of the specification are not beside the checkout"
)


@cache
def _registry() -> Registry[Any]:
    registry: Registry[Any] = Registry()
    for path in sorted((FOLDER / "schemas").glob("*.json")):
        schema = json.loads(path.read_text("utf-8"))
        resource = Resource.from_contents(schema, default_specification=DRAFT7)
        registry = registry.with_resource(schema["$id"], resource)
        # `type.json` is called by its name alone too, from inside itself and from others.
        registry = registry.with_resource(path.name, resource)
    return registry


def valid(message: object, schema: str) -> None:
    """Raises ValidationError; without the schemas nothing is checked here."""
    if FOLDER.is_dir():
        text = json.loads((FOLDER / "schemas" / f"{schema}.json").read_text("utf-8"))
        jsonschema.Draft7Validator(text, registry=_registry()).validate(message)


def examples(folder: str, kind: str) -> list[Path]:
    """Those of the specification that are valid, or invalid."""
    return sorted((FOLDER / "examples" / folder / kind).glob("*.json"))
