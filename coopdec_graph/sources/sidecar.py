"""Sidecar files: what is known of a document and the document does not say, in TOML beside it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from coopdec_graph.errors import PageUnreadable
from coopdec_graph.sources.files import read_bytes, unreadable

__all__ = ["Sidecar", "address", "is_address", "moment", "read_facts", "read_sidecar", "wrong"]

_KEYS = ("url", "captured", "publisher", "licence")
_MOST_BYTES = 20_000

# RFC 3987, without users: what a graph can hold as it is. Letters of any script, no private ones.
# One repetition after another, never one within another: an address is any length.
_PATH = r"(?:[\w.~!$&'()*+,;=:/-]|%[0-9A-Fa-f]{2})*"
_QUERY = r"(?:[\w.~!$&'()*+,;=:/?-]|%[0-9A-Fa-f]{2})*"
_ADDRESS = re.compile(
    rf"https?://[\w.-]+(?::[0-9]{{1,5}})?(?:/{_PATH})?(?:\?{_QUERY})?(?:#{_QUERY})?"
)


@dataclass(frozen=True, slots=True)
class Sidecar:
    """`NAME.toml` beside a file `NAME`: where it was found, when, whose it is and on what terms.

    `url` and `licence` are addresses.
    """

    url: str | None = None
    captured: datetime | None = None
    publisher: str | None = None
    licence: str | None = None


def read_sidecar(path: Path) -> Sidecar:
    """The sidecar of a file; an empty one when there is none. Raises PageUnreadable if wrong."""
    facts = read_facts(path.with_name(path.name + ".toml"), _KEYS, _MOST_BYTES)
    try:
        return Sidecar(
            address(facts, "url"),
            moment(facts, "captured"),
            _name(facts.get("publisher")),
            address(facts, "licence"),
        )
    except ValueError as error:
        raise wrong(str(error), _KEYS) from None


def _name(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise ValueError("publisher must be a name")
    return value.strip()


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
