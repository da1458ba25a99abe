"""An activity for JSON: stable keys, absent facts left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from coopdec_graph.model import Activity

__all__ = ["record_of"]

# Said beside the record, or the same for every activity of the programme.
_ELSEWHERE = frozenset({"programme", "source", "kind"})


def record_of(activity: Activity | None) -> dict[str, object]:
    """What an activity says, by field of the model; days in ISO 8601, numbers as text, exactly."""
    if activity is None:
        return {}
    return {name: value for name, value in _facts(activity).items() if name not in _ELSEWHERE}


def _facts(value: object) -> dict[str, object]:
    assert is_dataclass(value)
    said = ((field.name, _plain(getattr(value, field.name))) for field in fields(value))
    return {name: found for name, found in said if found not in (None, [], {})}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return str(value)
    if is_dataclass(value):
        return _facts(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(held) for name, held in value.items()}
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
