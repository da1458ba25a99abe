"""Suggests DAC sectors from the title, the objectives and the description of an activity.

Each sector has expressions (sectors.toml). One read in the title counts two points, elsewhere one, and
each counts once. Two points are needed: an expression in the title, or two elsewhere. Words are
compared by their French stems. An expression is its words in a row within one clause, articles and the
lightest prepositions apart: « éducation, santé » is not « éducation à la santé ».
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from coopdec_graph.model import Activity, AllocationKind, Narrative, Text
from coopdec_graph.words import stems_without

__all__ = ["Sector", "Suggestion", "sectors", "suggested_sectors"]

_TITLE = "title"
# Where an activity says what it does. Its context and history tell of other things.
_READ = (Narrative.OBJECTIVE, Narrative.LOCAL_OBJECTIVE, Narrative.DESCRIPTION)
_IN_TITLE, _ELSEWHERE = 2, 1
_ENOUGH = 2
_MOST = 3
_CENT = Decimal("0.01")
# What ends a clause: any sign but those within a word, and a dash between words.
_CLAUSE = re.compile(r"[^\w\s'’-]+|\s-+\s|\n")
_LIGHT = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "l", "la", "le", "les"])


@dataclass(frozen=True, slots=True)
class Sector:
    """A code of the DAC, its French name there, and the expressions that hint at it."""

    code: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code of the DAC. `evidence` are the expressions, each with the field it was read in.

    `confidence` is from 0 to 1 and orders suggestions; it is no probability.
    """

    code: str
    confidence: Decimal
    evidence: tuple[tuple[str, str], ...]


def suggested_sectors(activity: Activity) -> tuple[Suggestion, ...]:
    """The sectors that the words hint at most, three at most, the surest first.

    None for an activity whose source names its sectors, and none where the evidence is thin.
    """
    if any(one.kind is AllocationKind.SECTOR for one in activity.allocations):
        return ()
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for field, text in _texts(activity):
        for clause in _CLAUSE.split(text):
            for code, expression in _read(stems_without(clause, _LIGHT)):
                found[code].setdefault(expression, field)
    ordered = sorted((-_points(read), code) for code, read in found.items())
    return tuple(
        _suggestion(code, found[code], -points)
        for points, code in ordered[:_MOST]
        if -points >= _ENOUGH
    )


def _texts(activity: Activity) -> Iterator[tuple[str, str]]:
    """What is read, by field, the title first: French texts only."""
    yield from ((_TITLE, text.value) for text in activity.titles if _is_french(text))
    for narrative in _READ:
        texts = activity.narratives.get(narrative, ())
        yield from ((str(narrative), text.value) for text in texts if _is_french(text))


def _is_french(text: Text) -> bool:
    return (text.language or "").partition("-")[0].lower() == "fr"


def _read(stems: list[str]) -> Iterator[tuple[str, str]]:
    """The codes and expressions whose stems stand in a row."""
    known = _by_first_stem()
    for start, stem in enumerate(stems):
        for wanted, code, expression in known.get(stem, ()):
            if tuple(stems[start : start + len(wanted)]) == wanted:
                yield code, expression


def _points(read: Mapping[str, str]) -> int:
    return sum(_IN_TITLE if field == _TITLE else _ELSEWHERE for field in read.values())


def _suggestion(code: str, read: Mapping[str, str], points: int) -> Suggestion:
    evidence = tuple(sorted((field, expression) for expression, field in read.items()))
    return Suggestion(code, (Decimal(points) / (points + 3)).quantize(_CENT), evidence)


@cache
def sectors() -> tuple[Sector, ...]:
    """The sectors that have expressions, in order of their codes."""
    text = Path(__file__).with_name("sectors.toml").read_text("utf-8")
    known = tomllib.loads(text)["sector"]
    return tuple(Sector(one["code"], one["name"], tuple(one["words"])) for one in known)


@cache
def _by_first_stem() -> Mapping[str, list[tuple[tuple[str, ...], str, str]]]:
    known: dict[str, list[tuple[tuple[str, ...], str, str]]] = defaultdict(list)
    for sector in sectors():
        for expression in sector.words:
            stems = tuple(stems_without(expression, _LIGHT))
            known[stems[0]].append((stems, sector.code, expression))
    return known
