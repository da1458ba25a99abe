"""Wikidata as this product asks it: countries, names of places, what they are, items by code.

Plain SPARQL 1.1: the public service answers it, and so does any store that holds the same
statements. Each query is a file with `VALUES ?x { }` marks, filled with whole terms. Answers are
kept (cache.py); what cannot be had raises Unasked, whose reason goes into the decision.
"""

from __future__ import annotations

import random
import re
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from coopdec_graph.language import Bilingual
from coopdec_graph.linking.cache import AnswerCache
from coopdec_graph.linking.endpoint import Endpoint, Failure, Row, TooLong
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.resources import query_text

__all__ = [
    "Coded",
    "Facts",
    "Limits",
    "Named",
    "TooManyPlaces",
    "Unasked",
    "Wikidata",
    "default_limits",
    "default_url",
    "filled_query",
]

_OFFLINE = Bilingual(
    "hors ligne, et la réponse n'est pas dans le cache",
    "offline, and the answer is not in the cache",
)
_OPEN = Bilingual(
    "le point d'accès n'est plus interrogé : {reason}",
    "the endpoint is no longer asked: {reason}",
)
_ENOUGH = Bilingual(
    "le plus grand nombre d'essais ({most}) est atteint", "the most tries ({most}) are spent"
)

_ENTITY = PREFIXES["wd"]
_QID = re.compile(re.escape(_ENTITY) + r"(Q[1-9][0-9]{0,11})")
_LABEL = PREFIXES["rdfs"] + "label"
_MARK = r"(VALUES \?{name} \{{) (\}})"
_LIMIT = re.compile(r"^LIMIT 1$", re.MULTILINE)

T = TypeVar("T")
Values = Mapping[str, Iterable[ox.NamedNode | ox.Literal]]


class Unasked(Exception):
    """Wikidata could not be asked; `reason` says why, in both languages."""

    def __init__(self, reason: Bilingual) -> None:
        self.reason = reason
        super().__init__(reason.en)


class TooManyPlaces(Exception):
    """A country has more names than one answer may hold, or the endpoint gave up listing them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """As `[limits]` of wikidata.toml has them."""

    country_rows: int
    batch: int
    answer_bytes: int
    tries: int
    total_tries: int
    first_pause: float
    longest_pause: float
    timeout: float
    patience_tries: int
    patience_seconds: float


@dataclass(frozen=True, slots=True)
class Named:
    """One name of an item; `label` tells a label from an alias."""

    qid: str
    name: str
    language: str
    label: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The kinds an item reaches, the dates (ISO 8601) it ended at, what it was merged into."""

    kinds: frozenset[str]
    ended: tuple[str, ...] = ()
    merged: str | None = None

    @property
    def is_over(self) -> bool:
        """Whether it ended before today; an end that Wikidata knows no date of is one."""
        today = date.today().isoformat()
        return any(end[:10] <= today or not end[:4].isdigit() for end in self.ended)


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
    """Asks one endpoint, one query after the other. `endpoint` None: offline, the cache only."""

    def __init__(
        self,
        url: str,
        store: AnswerCache,
        limits: Limits | None = None,
        *,
        offline: bool = False,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.url = url
        self.requests = 0
        self.from_cache = 0
        self._limits = limits or default_limits()
        self._store = store
        self._offline = offline
        self._sleep = sleep
        self._clock = clock
        self._endpoint = Endpoint(url, self._limits.timeout, self._limits.answer_bytes)
        self._down: Bilingual | None = None
        self._failed_tries = 0
        self._failing_since: float | None = None

    # ---- What is asked --------------------------------------------------------------------------

    def countries(self, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The items of countries by ISO 3166-1 alpha-2 code; a code may have several, or none."""
        found: dict[str, list[str]] = {code: [] for code in codes}
        for batch in _batches(sorted(found), self._limits.batch):
            query = filled_query("countries", {"iso": map(ox.Literal, batch)})
            for row in self._ask(query, ("iso", "item"), 5 * len(batch) + 20):
                qid = _qid(row, "item")
                if qid is not None and _value(row, "iso") in found:
                    found[_value(row, "iso")].append(qid)
        return {code: tuple(sorted(items)) for code, items in found.items()}

    def names_in(self, iso2: str, countries: Sequence[str]) -> list[Named]:
        """Every name of every place of a country. Raises TooManyPlaces."""
        most = self._limits.country_rows
        values: Values = {
            "country": map(_item, countries),
            "root": _roots(),
            "language": map(ox.Literal, languages_of(iso2)),
        }
        query = filled_query("names_of_country", values, most + 1)
        try:
            # The endpoint's own time limit says what a limit of rows says: too much at once.
            rows = self._ask(query, ("item", "property", "name"), most + 1, heavy=True)
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
        for batch in _batches(sorted(set(spellings)), size):
            literals = [ox.Literal(text, language=tag) for text in batch for tag in languages]
            values: Values = {"country": map(_item, countries), "root": _roots(), "name": literals}
            # Of one name no country has more than some hundred places.
            most = 400 * len(batch)
            query = filled_query("names_spelled", values, most + 1)
            found += _names(self._ask(query, ("item", "property", "name"), most))
        return found

    def facts(self, qids: Iterable[str]) -> dict[str, Facts]:
        """What items are. An item that nothing is known of is not in the answer."""
        found: dict[str, list[Row]] = {}
        kinds = {root: kind for kind, roots in _table()["roots"].items() for root in roots}
        for batch in _batches(sorted(set(qids)), 4 * self._limits.batch):
            values: Values = {"item": map(_item, batch), "root": _roots()}
            query = filled_query("facts", values)
            for row in self._ask(query, ("item", "fact", "value"), (len(kinds) + 6) * len(batch)):
                qid = _qid(row, "item")
                if qid is not None:
                    found.setdefault(qid, []).append(row)
        return {qid: _facts(rows, kinds) for qid, rows in found.items()}

    def coded(self, scheme: str, codes: Iterable[str]) -> list[Coded]:
        """The items that bear codes of a scheme (`[codes]` of wikidata.toml)."""
        wanted = sorted({code for code in codes if code})
        property = ox.NamedNode(PREFIXES["wdt"] + _table()["codes"][scheme])
        found: list[Coded] = []
        for batch in _batches(wanted, self._limits.batch):
            values: Values = {"property": [property], "code": map(ox.Literal, batch)}
            query = filled_query("coded", values)
            for row in self._ask(query, ("code", "item", "name"), 5 * len(batch) + 20):
                qid, code = _qid(row, "item"), _value(row, "code")
                if qid is not None and code in batch:
                    found.append(Coded(code, qid, _value(row, "name")))
        return found

    # ---- How it is asked ------------------------------------------------------------------------

    def _ask(
        self, query: str, names: Sequence[str], most_rows: int, heavy: bool = False
    ) -> list[Row]:
        """The rows, from the cache or the endpoint. Raises Unasked; TooLong for a heavy query."""
        held = self._store.get(self.url, query)
        if held is not None:
            self.from_cache += 1
            return held
        if self._offline:
            raise Unasked(_OFFLINE)
        rows = self._persistently(query, names, most_rows, heavy)
        self._store.put(self.url, query, rows)
        return rows

    def _persistently(
        self, query: str, names: Sequence[str], most_rows: int, heavy: bool
    ) -> list[Row]:
        for attempt in range(1, self._limits.tries + 1):
            self._check_patience()
            self.requests += 1
            began = self._clock()
            try:
                rows = self._endpoint.select(query, names, most_rows)
            except Failure as failure:
                self._failed(failure, began)
                if heavy and isinstance(failure, TooLong):
                    raise
                if not failure.again or attempt == self._limits.tries:
                    raise Unasked(failure.reason) from None
                self._pause(failure, attempt)
            else:
                self._failed_tries, self._failing_since = 0, None
                return rows
        raise AssertionError("the last try returns or raises")

    def _failed(self, failure: Failure, began: float) -> None:
        """Counts tries in a row that brought nothing; too many of them, and nobody is asked again."""
        self._failed_tries += 1
        if self._failing_since is None:
            self._failing_since = began
        lasted = self._clock() - self._failing_since
        limits = self._limits
        if self._failed_tries >= limits.patience_tries or lasted >= limits.patience_seconds:
            self._down = _filled(_OPEN, failure.reason)

    def _check_patience(self) -> None:
        if self._down is not None:
            raise Unasked(self._down)
        most = self._limits.total_tries
        if self.requests >= most:
            raise Unasked(Bilingual(_ENOUGH.text("fr", most=most), _ENOUGH.text("en", most=most)))

    def _pause(self, failure: Failure, attempt: int) -> None:
        """Waits as long as asked to, else twice as long as before, with a random part."""
        limits = self._limits
        if self._down is not None:
            return
        if failure.pause is not None:
            if failure.pause > limits.longest_pause:
                self._down = _filled(_OPEN, failure.reason)
                return
            self._sleep(failure.pause + random.uniform(0, limits.first_pause))
            return
        longest = min(limits.longest_pause, limits.first_pause * 2 ** (attempt - 1))
        self._sleep(random.uniform(longest / 2, longest))


def languages_of(iso2: str) -> list[str]:
    """The languages whose names of places are asked for in a country."""
    everywhere = _table()["languages"]["everywhere"]
    return list(dict.fromkeys([*everywhere, *_languages().get(iso2, ())]))


def _filled(text: Bilingual, reason: Bilingual) -> Bilingual:
    return Bilingual(text.text("fr", reason=reason.fr), text.text("en", reason=reason.en))


def _roots() -> Iterator[ox.NamedNode]:
    return (_item(root) for roots in _table()["roots"].values() for root in roots)


def _item(qid: str) -> ox.NamedNode:
    return ox.NamedNode(_ENTITY + qid)


def _batches(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _value(row: Row, name: str) -> str:
    value: str = row.get(name, {}).get("value", "")
    return value


def _qid(row: Row, name: str) -> str | None:
    """The Q-id of an item; None for lexemes, statements and whatever else a store may hold."""
    found = _QID.fullmatch(_value(row, name))
    return None if found is None else found[1]


def _names(rows: Iterable[Row]) -> Iterator[Named]:
    for row in rows:
        qid = _qid(row, "item")
        if qid is not None and "name" in row:
            language = row["name"].get("xml:lang", "")
            label = _value(row, "property") == _LABEL
            yield Named(qid, _value(row, "name"), language, label)


def _facts(rows: Iterable[Row], kinds: Mapping[str, str]) -> Facts:
    reached: set[str] = set()
    ended: list[str] = []
    merged: str | None = None
    for row in rows:
        fact = _value(row, "fact").rsplit("/", 1)[-1]
        qid = _qid(row, "value")
        if fact == "P31" and qid is not None and qid in kinds:
            reached.add(kinds[qid])
        elif fact in ("P576", "P582"):
            ended.append(_value(row, "value"))
        elif fact == "owl#sameAs" and qid is not None:
            merged = qid
    return Facts(frozenset(reached), tuple(sorted(ended)), merged)
