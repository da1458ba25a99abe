"""Who bore a name when, from `data/reference/french_history.csv`.

Until 2019 the days are known. After it only the editions are, each the state of the 1st of
January: between two of them the answer is "not known", which is None here and never a guess.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from coopdec_graph.reference.french import EDITION, FrenchBody, Level, french_bodies
from coopdec_graph.reference.names import body_name, place_key
from coopdec_graph.resources import reference_file

__all__ = ["NameHeld", "bearers", "current_codes", "names_held"]

# The first day of which the table knows every name of a level.
_KNOWN_FROM: Mapping[Level, date] = {
    Level.COMMUNE: date(1943, 1, 1),
    Level.DELEGATED_COMMUNE: date(1943, 1, 1),
    Level.ASSOCIATED_COMMUNE: date(1943, 1, 1),
    Level.DEPARTEMENT: date(1976, 1, 1),
    Level.REGION: date(1986, 1, 1),
    Level.EPCI: date(2019, 1, 1),
    Level.EPT: date(2023, 1, 1),
}
_LATEST = date(EDITION, 1, 1)
_ALWAYS, _NEVER = date.min, date.max


@dataclass(frozen=True, slots=True)
class NameHeld:
    """A name that a body bore. `valid_from` and `valid_until` are ISO dates, perhaps only a year
    or a month, the second being the first day without it; None where no day is known.

    `first_edition` and `last_edition` are the first and last COG editions that have the name;
    None when it ended before 2019. `successors` are codes of the same level, or `level:code`.
    """

    level: Level
    code: str
    siren: str | None
    name: str
    valid_from: str | None
    valid_until: str | None
    first_edition: int | None
    last_edition: int | None
    successors: tuple[str, ...]
    reason: str | None

    @property
    def is_current(self) -> bool:
        """Whether the latest edition still has it; for régions and the like, no end is known."""
        if self.last_edition is not None:
            return self.last_edition == EDITION
        return self.valid_until is None

    def held_on(self, day: date) -> bool | None:
        """Whether the name was borne that day; None when the sources leave it open."""
        return self.held_during(day, day)

    def held_during(self, first: date, last: date) -> bool | None:
        """Whether it was borne from the first day to the last: True on each, False on none of them.

        None when the sources leave it open, or when it was borne on some of the days only.
        """
        earliest, surely_from = self._start()
        surely_until, latest = self._end()
        if last < earliest or first >= latest:
            return False
        return True if surely_from <= first and last < surely_until else None

    def _start(self) -> tuple[date, date]:
        """No earlier than the first; certainly begun on the second."""
        if self.valid_from:
            return _bounds(self.valid_from)
        first = self.first_edition
        before = _edition_before(self.level, first) if first else None
        if first and before:
            return date(before, 1, 1) + timedelta(days=1), date(first, 1, 1)
        return _ALWAYS, _KNOWN_FROM.get(self.level, _LATEST)

    def _end(self) -> tuple[date, date]:
        """Certainly not ended before the first; ended by the second."""
        if self.valid_until:
            return _bounds(self.valid_until)
        if self.is_current or self.last_edition is None:
            return _NEVER, _NEVER
        after = _edition_after(self.level, self.last_edition)
        return date(self.last_edition, 1, 1) + timedelta(days=1), date(after, 1, 1)


def _bounds(text: str) -> tuple[date, date]:
    """The first and last day that a date may mean: `2016-09` is any day of September."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        day = date(parts[0], parts[1], parts[2])
        return day, day
    if len(parts) == 2:
        following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date(parts[0], parts[1], 1), following - timedelta(days=1)
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def _editions(level: Level) -> list[int]:
    """Years the sources have: no communes of 2020, no EPT before 2023."""
    if level is Level.EPCI:
        return list(range(2019, EDITION + 1))
    if level is Level.EPT:
        return list(range(2023, EDITION + 1))
    return [2019, *range(2021, EDITION + 1)]


def _edition_before(level: Level, year: int) -> int | None:
    return max((known for known in _editions(level) if known < year), default=None)


def _edition_after(level: Level, year: int) -> int:
    return min(known for known in _editions(level) if known > year)


@cache
def names_held() -> tuple[NameHeld, ...]:
    """Every row of the table: a body that never changed has none."""
    with reference_file("french_history.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(_held(row) for row in rows)


def _held(row: list[str]) -> NameHeld:
    level, code, siren, name, start, end, first, last, successors, reason = row
    return NameHeld(
        Level(level),
        code,
        siren or None,
        name,
        start or None,
        end or None,
        int(first) if first else None,
        int(last) if last else None,
        tuple(successors.split("|")) if successors else (),
        reason or None,
    )


def bearers(
    name: str, day: date | None = None, level: Level | None = None
) -> tuple[tuple[NameHeld, bool | None], ...]:
    """Who bore a name, each with whether it did that day; those who surely did not are left out.

    Without a day, every bearer there ever was, with None. Names are compared as in
    `french.with_name`: the prefix of the name gives the levels when none is asked for.
    """
    bare = body_name(name)
    whole = _by_key().get(place_key(name), ())
    if level is not None:
        whole = tuple(held for held in whole if held.level is level)
    stripped = tuple(
        held
        for held in (_by_key().get(bare.key, ()) if not whole and bare.levels else ())
        if held.level in bare.levels and (level is None or held.level is level)
    )
    found = [(held, None if day is None else held.held_on(day)) for held in whole or stripped]
    return tuple((held, sure) for held, sure in found if sure is not False)


@cache
def _by_key() -> Mapping[str, tuple[NameHeld, ...]]:
    index: defaultdict[str, list[NameHeld]] = defaultdict(list)
    for held in (*names_held(), *_unchanged()):
        keys = {place_key(held.name)}
        if held.level in (Level.EPCI, Level.EPT):
            keys.add(body_name(held.name).key)
        for key in keys:
            index[key].append(held)
    return {key: tuple(found) for key, found in index.items()}


def _unchanged() -> Iterator[NameHeld]:
    """Bodies of the latest edition that the table has no row for: they have always been so."""
    changed = {(held.level, held.code) for held in names_held()}
    for body in french_bodies():
        if body.level is not Level.ARRONDISSEMENT and (body.level, body.code) not in changed:
            yield _as_always(body)


def _as_always(body: FrenchBody) -> NameHeld:
    first = _editions(body.level)[0]
    names = (body.level, body.code, body.siren, body.name)
    return NameHeld(*names, None, None, first, EDITION, (), None)


def current_codes(code: str, level: Level = Level.COMMUNE) -> tuple[tuple[Level, str], ...]:
    """The bodies of the latest edition that hold what was this one: itself, or its successors.

    Followed from one change to the next. Empty when the sources name no successor.
    """
    found: dict[tuple[Level, str], None] = {}
    seen: set[tuple[Level, str]] = set()
    waiting = [(level, code)]
    while waiting:
        key = waiting.pop(0)
        if key in seen:
            continue
        seen.add(key)
        if key in _existing():
            found[key] = None
            continue
        for held in _by_code().get(key, ()):
            waiting += [_successor(held, successor) for successor in held.successors]
    return tuple(found)


def _successor(held: NameHeld, text: str) -> tuple[Level, str]:
    level, _, code = text.rpartition(":")
    if level:
        return Level(level), code
    parts = (Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE)
    return (Level.COMMUNE if held.level in parts else held.level), code


@cache
def _existing() -> frozenset[tuple[Level, str]]:
    return frozenset((body.level, body.code) for body in french_bodies() if body.is_body)


@cache
def _by_code() -> Mapping[tuple[Level, str], tuple[NameHeld, ...]]:
    index: defaultdict[tuple[Level, str], list[NameHeld]] = defaultdict(list)
    for held in names_held():
        index[held.level, held.code].append(held)
    return {key: tuple(found) for key, found in index.items()}
