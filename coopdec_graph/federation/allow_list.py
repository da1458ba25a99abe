"""Which endpoints SERVICE may name: a TOML file, compared part by part and never as bare text."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["AllowList", "Endpoint"]

_UNREADABLE = Bilingual(
    "Liste de fédération illisible : {path} ({reason}).",
    "Federation list that cannot be read: {path} ({reason}).",
)
_ENTRY = Bilingual(
    "Liste de fédération {path}, entrée {number} : {reason}.",
    "Federation list {path}, entry {number}: {reason}.",
)

# What an IRI must be to be compared at all: ASCII, no user, no fragment, no empty segment.
_IRI = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>[a-z0-9_-]++(?:\.[a-z0-9_-]++)*+|\[[0-9a-f:.]++\])"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>(?:/[a-z0-9._~!$&'()*+,;=:@%-]++)*+/?)"
    r"(?P<query>\?[a-z0-9._~!$&'()*+,;=:@%/?-]*+)?",
    re.IGNORECASE | re.ASCII,
)
# Escapes that a server may undo after us: a dot, a slash, a backslash, a percent sign, NUL.
_HIDDEN = re.compile(r"%(?:2e|2f|5c|25|00)|%(?![0-9a-f]{2})", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


class _Parts(NamedTuple):
    """An IRI in parts that can be compared as they are (RFC 3986, 6.2.2.1 and 6.2.3)."""

    scheme: str
    host: str
    port: int
    path: str
    query: str


def _parts(iri: str) -> _Parts | None:
    """The parts of an IRI, or None when it is not written plainly enough to be compared."""
    found = _IRI.fullmatch(iri)
    if found is None or _HIDDEN.search(iri):
        return None
    path = found["path"] or "/"
    scheme = found["scheme"].lower()
    port = int(found["port"] or _DEFAULT_PORTS[scheme])
    if not {".", ".."}.isdisjoint(path.split("/")) or not 0 < port < 65_536:
        return None
    return _Parts(scheme, found["host"].lower(), port, path, found["query"] or "")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One entry: every IRI below `prefix` may be asked, within a time and a number of bytes.

    `private` lets its host have an address that is not public: a store of one's own network.
    `asked_at` is what is called in place of the prefix, a mirror of it; nothing below the prefix
    is then covered. Raises ValueError for an IRI that cannot be compared.
    """

    prefix: str
    seconds: float = 10
    most_bytes: int = 10_000_000
    private: bool = False
    asked_at: str | None = None

    def __post_init__(self) -> None:
        for name, iri in (("prefix", self.prefix), ("asked_at", self.asked_at)):
            if iri is not None and _parts(iri) is None:
                raise ValueError(f"{name} = {iri!r}")

    def covers(self, iri: str) -> bool:
        """Whether an IRI is the prefix or continues it by whole segments of its path."""
        own, asked = _parts(self.prefix), _parts(iri)
        if own is None or asked is None:
            return False
        if (own.scheme, own.host, own.port) != (asked.scheme, asked.host, asked.port):
            return False
        if own.query or self.asked_at is not None:
            return (own.path, own.query) == (asked.path, asked.query)
        below = asked.path.startswith(own.path.rstrip("/") + "/")
        return not asked.query and (below or own.path == asked.path)


@dataclass(frozen=True, slots=True)
class AllowList:
    """The endpoints SERVICE may name. Without any, SERVICE stays refused."""

    endpoints: tuple[Endpoint, ...] = ()

    @classmethod
    def load(cls, path: Path) -> AllowList:
        """The list of a TOML file, one `[[endpoint]]` per entry. Raises UsageError."""
        try:
            document = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            raise UsageError(_UNREADABLE, path=path, reason=error.strerror) from None
        except ValueError as error:  # neither UTF-8 nor TOML
            raise UsageError(_UNREADABLE, path=path, reason=error) from None
        entries = document.get("endpoint", [])
        if set(document) - {"endpoint"} or not isinstance(entries, list):
            raise UsageError(_UNREADABLE, path=path, reason="[[endpoint]]")
        return cls(tuple(_endpoint(path, *numbered) for numbered in enumerate(entries, start=1)))

    def find(self, iri: str) -> Endpoint | None:
        """The entry with the longest prefix that covers an IRI, or None."""
        covering = [endpoint for endpoint in self.endpoints if endpoint.covers(iri)]
        return max(covering, key=lambda endpoint: len(endpoint.prefix), default=None)


def _endpoint(path: Path, number: int, entry: Any) -> Endpoint:
    wrong = _wrong(entry)
    if wrong is None:
        try:
            return Endpoint(**entry)
        except ValueError as error:
            wrong = str(error)
    raise UsageError(_ENTRY, path=path, number=number, reason=wrong)


def _wrong(entry: Any) -> str | None:
    """The key of an entry that is missing, unknown or has no such value; None when all is well."""
    if not isinstance(entry, Mapping):
        return repr(entry)
    unknown = sorted(set(entry) - {field.name for field in fields(Endpoint)})
    if unknown:
        return f"{unknown[0]} ?"
    checks = {
        "prefix": isinstance(entry.get("prefix"), str),
        "seconds": _positive(entry.get("seconds", 1), float),
        "most_bytes": _positive(entry.get("most_bytes", 1), int),
        "private": isinstance(entry.get("private", False), bool),
        "asked_at": isinstance(entry.get("asked_at", ""), str),
    }
    bad = next((name for name, fine in checks.items() if not fine), None)
    return bad and f"{bad} = {entry.get(bad)!r}"


def _positive(value: Any, kind: type[float]) -> bool:
    numbers = (int, kind)
    return isinstance(value, numbers) and not isinstance(value, bool) and 0 < value < math.inf
