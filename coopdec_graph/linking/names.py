"""A printed name taken apart: the place it names, and the kind of place its words say.

"Conseil de la Préfecture de Rabat" is an assembly's name; the place is "rabat", a subdivision. The
words are data (`names.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.namespaces import matching_key

__all__ = [
    "Form",
    "ParsedName",
    "compact",
    "core_of_label",
    "departement_of_territory",
    "hinted_kind",
    "hinted_levels",
    "key_of",
    "parsed",
]


@dataclass(frozen=True, slots=True)
class Form:
    """One reading of a name: what is left of it, and whether no word that tells a kind is left."""

    key: str
    bare: bool


@dataclass(frozen=True, slots=True)
class ParsedName:
    """`forms` start with the whole name; `kind` and `levels` are what its words say."""

    forms: tuple[Form, ...]
    kind: Kind | None = None
    levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Prefix:
    words: tuple[str, ...]
    kind: Kind | None
    levels: frozenset[str]
    alone: bool


def _prefix(words: str, table: Mapping[str, Any]) -> _Prefix:
    kind = Kind(table["kind"]) if "kind" in table else None
    levels = frozenset(table.get("levels", ()))
    return _Prefix(tuple(words.split()), kind, levels, table.get("alone", False))


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("names.toml").read_text("utf-8"))


@cache
def _prefixes() -> Mapping[str, tuple[_Prefix, ...]]:
    """By first word, the longest first."""
    found: dict[str, list[_Prefix]] = {}
    for table in _table()["prefix"]:
        for words in table["words"]:
            prefix = _prefix(words, table)
            found.setdefault(prefix.words[0], []).append(prefix)
    longest = {first: sorted(all, key=lambda p: -len(p.words)) for first, all in found.items()}
    return {first: tuple(all) for first, all in longest.items()}


@cache
def _linkers() -> tuple[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], ...]:
    """Each with what it leaves before the name, the longest first."""
    table = {tuple(text.split()): left for text, left in _table()["linkers"].items()}
    return tuple(
        (words, tuple(tuple(text.split()) for text in table[words]))
        for words in sorted(table, key=len, reverse=True)
    )


@cache
def _suffixes() -> Mapping[str, Kind]:
    return {words: Kind(t["kind"]) for t in _table()["suffix"] for words in t["words"]}


@cache
def _words() -> Mapping[str, str]:
    table: Mapping[str, str] = _table()["words"]
    return table


@cache
def _letters() -> Mapping[int, str]:
    return str.maketrans(_table()["letters"])


@cache
def _hints() -> Mapping[str, Kind]:
    return {matching_key(word): Kind(n) for n, all in _table()["hints"].items() for word in all}


@cache
def small_words() -> frozenset[str]:
    """Words that are written small inside a name."""
    return frozenset(_table()["small_words"])


def hinted_kind(printed: str) -> Kind | None:
    """The kind that a list gives for a name; None where it gives none, or one that says nothing."""
    return _hints().get(matching_key(printed))


@cache
def hinted_levels(printed: str) -> tuple[str, ...]:
    """The levels of French bodies that a list gives for a name; none where it gives none."""
    key, hints = matching_key(printed), _table()["french_hints"]
    return tuple(level for level, words in hints.items() if key in words)


def departement_of_territory(iso2: str) -> str | None:
    """The INSEE code of a French territory that has a country code of its own."""
    code: str | None = _table()["territories"].get(iso2)
    return code


def key_of(text: str) -> str:
    """A name as names are compared here: `matching_key`, less its unusual letters and short words."""
    words = _words()
    key = matching_key(text).translate(_letters())
    return " ".join(words.get(word, word) for word in key.split())


def compact(key: str) -> str:
    """A key without its spaces: "al quway iyah" and "al quwayiyah" are one spelling."""
    return key.replace(" ", "")


def parsed(name: str) -> ParsedName:
    """The readings of a name, the whole of it first; the innermost words tell the kind."""
    key = key_of(name)
    forms = [Form(key, _next(key) is None)]
    kind: Kind | None = None
    levels: frozenset[str] = frozenset()
    rest = key
    while (prefix := _next(rest)) is not None:
        left = list(_left(rest, prefix))
        if prefix.kind is not None:
            kind, levels = prefix.kind, prefix.levels
        forms += [Form(text, _next(text) is None) for text in left]
        rest = left[-1]
    return ParsedName(tuple(dict.fromkeys(forms)), kind, levels)


def _next(key: str) -> _Prefix | None:
    """The words a key starts with that may be taken off it."""
    words = key.split()
    for prefix in _prefixes().get(words[0], ()) if words else ():
        if tuple(words[: len(prefix.words)]) == prefix.words and any(_left(key, prefix)):
            return prefix
    return None


def _left(key: str, prefix: _Prefix) -> Iterator[str]:
    """What may be left of a key: with the article that belongs to the name, then without."""
    rest = tuple(key.split()[len(prefix.words) :])
    # The longest linker keeps every shorter reading: "de la" leaves "la paz" and "paz".
    for linker, articles in _linkers():
        if rest[: len(linker)] == linker and len(rest) > len(linker):
            for article in articles:
                yield " ".join((*article, *rest[len(linker) :]))
            return
    if prefix.alone and rest:
        yield " ".join(rest)


def core_of_label(key: str) -> tuple[str, Kind] | None:
    """The name in a label that tells its kind: "province de settat", "settat province"."""
    words = key.split()
    suffix = _suffixes().get(words[-1]) if len(words) > 1 else None
    if suffix is not None:
        return " ".join(words[:-1]), suffix
    prefix = _next(key)
    if prefix is None or prefix.kind is None:
        return None
    return next(iter(_left(key, prefix))), prefix.kind
