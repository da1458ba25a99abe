"""Wikidata as this product asks it: countries, names of places, what they are, items by code.

Plain SPARQL 1.1: the public service answers it, and so does any store that holds the same
statements. Each query is a file with `VALUES ?x { }` marks, filled with whole terms. What cannot be
had raises Unasked (asking.py), whose reason goes into the decision.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from coopdec_graph.linking.asking import Asker, Limits
from coopdec_graph.linking.cache import Answers
from coopdec_graph.linking.endpoint import Row, TooLong, checked_address
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.resources import query_text

__all__ = [
    "Coded",
    "Described",
    "Facts",
    "Named",
    "TooManyPlaces",
    "Wikidata",
    "asker_of",
    "batches",
    "default_limits",
    "default_url",
    "filled_query",
    "item_of",
    "qid_in",
    "value_in",
]

_ENTITY = PREFIXES["wd"]
_QID = re.compile(re.escape(_ENTITY) + r"(Q[1-9][0-9]{0,11})")
_LABEL = PREFIXES["rdfs"] + "label"
_NUMBER = re.compile(r"[1-9][0-9]{0,9}", re.ASCII)
_POINT = re.compile(r"(?i:point) ?\((-?[0-9.]{1,20}) (-?[0-9.]{1,20})\)")
_MARK = r"(VALUES \?{name} \{{) (\}})"
_LIMIT = re.compile(r"^LIMIT 1$", re.MULTILINE)

T = TypeVar("T")
Values = Mapping[str, Iterable[ox.NamedNode | ox.Literal]]


class TooManyPlaces(Exception):
    """A country has more names than one answer may hold, or the endpoint gave up listing them."""


@dataclass(frozen=True, slots=True)
class Named:
    """One name of an item; `label` tells a label from an alias."""

    qid: str
    name: str
    language: str
    label: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The kinds an item reaches, what it was merged into, whether it has ended, its countries.

    An end that Wikidata knows no date of is one. Statements that have ended are left out.
    """

    kinds: frozenset[str]
    merged: str | None = None
    is_over: bool = False
    countries: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Described:
    """The numbers that an item has in GeoNames; its point (latitude, longitude) if it has one only."""

    geonames: tuple[int, ...]
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Coded:
    """An item that bears a code, with its French name if it has one."""

    code: str
    qid: str
    name: str


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("wikidata.toml").read_text("utf-8"))


@cache
def _languages() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(Path(__file__).with_name("languages.toml").read_text("utf-8"))


def default_limits() -> Limits:
    return Limits(**_table()["limits"])


def default_url() -> str:
    url: str = _table()["endpoint"]
    return url


def asker_of(
    url: str | None, store: Answers, offline: bool = False, timeout: float | None = None
) -> Asker:
    """Who asks an endpoint; `url` "offline" or None is the public service. Raises UsageError."""
    address = default_url() if url in (None, "offline") else checked_address(str(url))
    limits = default_limits()
    if timeout is not None:
        limits = replace(limits, timeout=timeout)
    return Asker(address, store, limits, offline=offline or url == "offline")


def filled_query(name: str, values: Values, limit: int | None = None) -> str:
    """A query of `queries/wikidata/` with terms in its `VALUES ?x { }` marks.

    Terms are written by pyoxigraph, escapes and all: no text of ours or anyone's is pasted in.
    """
    query = query_text(f"wikidata/{name}")
    for variable, terms in values.items():
        block = " ".join(str(term) for term in terms)
        mark = re.compile(_MARK.format(name=variable))
        if not mark.search(query):
            raise KeyError(variable)
        # A function, for a backslash in a term is no escape of a replacement.
        query = mark.sub(partial(_between, block), query)
    return query if limit is None else _LIMIT.sub(f"LIMIT {limit}", query)


def _between(block: str, mark: re.Match[str]) -> str:
    return f"{mark[1]} {block} {mark[2]}"


class Wikidata:
    """Questions about places. `today` is the day that ended statements are judged on."""

    def __init__(self, asker: Asker, today: date | None = None) -> None:
        self.asker = asker
        self._limits = asker.limits
        self._today = today or date.today()

    def countries(self, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The items of countries by ISO 3166-1 alpha-2 code; a code may have several, or none."""
        found: dict[str, list[str]] = {code: [] for code in codes}
        for batch in batches(sorted(found), self._limits.batch):
            query = filled_query("countries", {"iso": map(ox.Literal, batch)})
            for row in self.asker.ask(query, ("iso", "item"), 5 * len(batch) + 20):
                qid = qid_in(row, "item")
                if qid is not None and value_in(row, "iso") in found:
                    found[value_in(row, "iso")].append(qid)
        return {code: tuple(sorted(items)) for code, items in found.items()}

    def names_in(self, iso2: str, countries: Sequence[str]) -> list[Named]:
        """Every name of every place of a country. Raises TooManyPlaces."""
        most = self._limits.country_rows
        values: Values = {
            "country": map(item_of, countries),
            "root": _roots(),
            "language": map(ox.Literal, languages_of(iso2)),
        }
        query = filled_query("names_of_country", values, most + 1)
        try:
            # The endpoint's own time limit says what a limit of rows says: too much at once.
            rows = self.asker.ask(query, ("item", "property", "name"), most + 1, heavy=True)
        except TooLong:
            raise TooManyPlaces from None
        if len(rows) > most:
            raise TooManyPlaces
        return list(_names(rows))

    def names_spelled(
        self, iso2: str, countries: Sequence[str], spellings: Iterable[str]
    ) -> list[Named]:
        """The names of places of a country that are spelled exactly so, in its languages."""
        found: list[Named] = []
        languages = languages_of(iso2)
        size = max(1, self._limits.batch // len(languages))
        for batch in batches(sorted(set(spellings)), size):
            literals = [ox.Literal(text, language=tag) for text in batch for tag in languages]
            values: Values = {
                "country": map(item_of, countries),
                "root": _roots(),
                "name": literals,
            }
            # Of one name no country has more than some hundred places.
            most = 400 * len(batch)
            query = filled_query("names_spelled", values, most + 1)
            found += _names(self.asker.ask(query, ("item", "property", "name"), most))
        return found

    def facts(self, qids: Iterable[str]) -> dict[str, Facts]:
        """What items are. An item that nothing is known of is not in the answer."""
        found: dict[str, list[Row]] = {}
        kinds = {root: kind for kind, roots in _table()["roots"].items() for root in roots}
        for batch in batches(sorted(set(qids)), 4 * self._limits.batch):
            values: Values = {"item": map(item_of, batch), "root": _roots()}
            query = filled_query("facts", values)
            for row in self.asker.ask(
                query, ("item", "fact", "value"), (len(kinds) + 12) * len(batch)
            ):
                qid = qid_in(row, "item")
                if qid is not None:
                    found.setdefault(qid, []).append(row)
        return {qid: _facts(rows, kinds, self._today) for qid, rows in found.items()}

    def facts_followed(self, qids: Iterable[str]) -> dict[str, Facts]:
        """What items are, and what those are that they were merged into."""
        facts = self.facts(qids)
        merged = {fact.merged for fact in facts.values() if fact.merged is not None}
        return {**facts, **self.facts(merged - facts.keys())}

    def coded(self, scheme: str, codes: Iterable[str]) -> list[Coded]:
        """The items that bear codes of a scheme (`[codes]` of wikidata.toml)."""
        wanted = sorted({code for code in codes if code})
        property = ox.NamedNode(PREFIXES["wdt"] + _table()["codes"][scheme])
        found: list[Coded] = []
        for batch in batches(wanted, self._limits.batch):
            values: Values = {"property": [property], "code": map(ox.Literal, batch)}
            query = filled_query("coded", values)
            for row in self.asker.ask(query, ("code", "item", "name"), 5 * len(batch) + 20):
                qid, code, name = qid_in(row, "item"), value_in(row, "code"), value_in(row, "name")
                if qid is not None and code in batch:
                    found.append(Coded(code, qid, "" if any(find_mailboxes(name)) else name))
        return found

    def described(self, qids: Iterable[str]) -> dict[str, Described]:
        """Where places are, and their numbers in GeoNames; an item without either is left out."""
        found: dict[str, list[Row]] = {}
        for batch in batches(sorted(set(qids)), 4 * self._limits.batch):
            query = filled_query("described", {"item": map(item_of, batch)})
            for row in self.asker.ask(query, ("item", "fact", "value"), 20 * len(batch) + 100):
                qid = qid_in(row, "item")
                if qid is not None:
                    found.setdefault(qid, []).append(row)
        return {qid: _described(rows) for qid, rows in found.items()}


def languages_of(iso2: str) -> list[str]:
    """The languages whose names of places are asked for in a country."""
    everywhere = _table()["languages"]["everywhere"]
    return list(dict.fromkeys([*everywhere, *_languages().get(iso2, ())]))


def _roots() -> Iterator[ox.NamedNode]:
    return (item_of(root) for roots in _table()["roots"].values() for root in roots)


def item_of(qid: str) -> ox.NamedNode:
    """The IRI of an item."""
    return ox.NamedNode(_ENTITY + qid)


def batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values, so many at a time."""
    return (values[start : start + size] for start in range(0, len(values), size))


def value_in(row: Row, name: str) -> str:
    """The text of a term; empty where it is unbound."""
    value: str = row.get(name, {}).get("value", "")
    return value


def qid_in(row: Row, name: str) -> str | None:
    """The Q-id of an item; None for lexemes, statements and whatever else a store may hold."""
    found = _QID.fullmatch(value_in(row, name))
    return None if found is None else found[1]


def _names(rows: Iterable[Row]) -> Iterator[Named]:
    for row in rows:
        qid = qid_in(row, "item")
        # Somebody may have written an address where a name belongs.
        if qid is not None and "name" in row and not any(find_mailboxes(value_in(row, "name"))):
            language = row["name"].get("xml:lang", "")
            label = value_in(row, "property") == _LABEL
            yield Named(qid, value_in(row, "name"), language, label)


def _facts(rows: Iterable[Row], kinds: Mapping[str, str], today: date) -> Facts:
    reached: set[str] = set()
    countries: set[str] = set()
    merged: str | None = None
    over = False
    for row in rows:
        fact = value_in(row, "fact").rsplit("/", 1)[-1]
        qid = qid_in(row, "value")
        if fact == "P31" and qid is not None and qid in kinds:
            reached.add(kinds[qid])
        elif fact == "P17" and qid is not None:
            countries.add(qid)
        elif fact in ("P576", "P582"):
            end = value_in(row, "value")
            over = over or end[:10] <= today.isoformat() or not end[:4].isdigit()
        elif fact == "owl#sameAs" and qid is not None:
            merged = qid
    return Facts(frozenset(reached), merged, over, frozenset(countries))


def _described(rows: Iterable[Row]) -> Described:
    numbers: set[int] = set()
    points: set[tuple[float, float]] = set()
    for row in rows:
        value = value_in(row, "value")
        point = _POINT.fullmatch(value)
        if _NUMBER.fullmatch(value):
            numbers.add(int(value))
        elif point is not None and abs(float(point[1])) <= 180 and abs(float(point[2])) <= 90:
            points.add((float(point[2]), float(point[1])))
    # Of two points none is taken: they may be of a place that moved, or of two places.
    return Described(tuple(sorted(numbers)), next(iter(points)) if len(points) == 1 else None)
