"""Sidecar files: what is known of a document and the document does not say, in TOML beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date, datetime
from pathlib import Path

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.sources.files import read_bytes, unreadable

__all__ = ["address", "is_address", "moment", "read_facts", "wrong"]

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`@]+")


def read_facts(file: Path, known: Collection[str], most: int) -> Mapping[str, object]:
    """What a sidecar says, by key; nothing when there is none. Raises PageUnreadable if wrong."""
    if not file.exists():
        return {}
    content = read_bytes(file, most)
    try:
        facts = tomllib.loads(content.decode("utf-8"))
    except ValueError as error:
        raise wrong(str(error), known) from None
    except RecursionError:
        raise wrong("nesting", known) from None
    unknown = sorted(set(facts) - set(known))
    if unknown:
        raise wrong(f"unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}", known)
    return facts


def wrong(reason: str, known: Collection[str]) -> PageUnreadable:
    """The error of a sidecar that says what it cannot."""
    return unreadable("sidecar-wrong", reason=reason, known=", ".join(sorted(known)))


def is_address(text: str) -> bool:
    """Whether a text is an http address, without `@`."""
    return _ADDRESS.fullmatch(text) is not None


def address(facts: Mapping[str, object], key: str) -> str | None:
    """An http address without `@`, or None. Raises ValueError for anything else."""
    value = facts.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not is_address(value):
        raise ValueError(f"{key} must be an http address")
    return value


def moment(facts: Mapping[str, object], key: str) -> datetime | None:
    """A date and time with its offset, or None. Raises ValueError for anything else."""
    value = facts.get(key)
    if value is None:
        return None
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{key} needs an offset, as 2021-05-03T10:15:00+02:00")
        return value
    if isinstance(value, date):
        raise ValueError(f"{key} needs a time, as 2021-05-03T10:15:00+02:00")
    raise ValueError(f"{key} must be a date and time, as 2021-05-03T10:15:00+02:00")
