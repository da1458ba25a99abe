"""The standard ruleset, evaluated: rules as IATI publishes them, in JSON, over XPaths.

What each kind of rule means: https://github.com/IATI/IATI-Rulesets (SPEC). All kinds of the schema
of rulesets are known; one that is not raises KeyError when a version's rules are first used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, cast

from lxml import etree

from coopdec_graph.iati.findings import Finding, at, line_of, path_of, quoted
from coopdec_graph.iati.rulesets import ruleset

__all__ = ["check_ruleset"]

_NOW = "NOW"
_ACTIVITY = "//iati-activity"
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class _Case:
    """One case of a rule: `context` finds the elements that it is about, in the activity."""

    kind: str
    context: etree.XPath | None
    condition: etree.XPath | None
    paths: tuple[str, ...]
    facts: Mapping[str, Any]


class _Place:
    """What an XPath found, as text, and where."""

    def __init__(self, found: Any) -> None:
        if isinstance(found, str):
            parent, name = found.getparent(), found.attrname  # type: ignore[attr-defined]
            self.element, self.attribute, self.text = parent, name or "", str(found)
        else:
            self.element, self.attribute = found, ""
            self.text = (found.text or "").strip()

    def finding(self, rule: str, values: Mapping[str, str]) -> Finding:
        path = path_of(self.element, self.attribute)
        return Finding(rule, line_of(self.element), path, values)


def check_ruleset(activity: etree._Element, version: str, today: date | None) -> Iterator[Finding]:
    """The rules of a version that an activity breaks.

    `today` is the day that "NOW" means in a rule; with None such a rule is not looked at.
    """
    for case in _cases(version):
        for context in _contexts(case, activity):
            if case.condition is None or case.condition(context):
                yield from _KINDS[case.kind](case, context, today)


def _contexts(case: _Case, activity: etree._Element) -> list[etree._Element]:
    if case.context is None:
        return [activity]
    return cast("list[etree._Element]", case.context(activity))


@cache
def _cases(version: str) -> tuple[_Case, ...]:
    cases = []
    for context, kinds in ruleset(version).items():
        for kind, said in kinds.items():
            _KINDS[kind]  # a kind that we do not know is an error of ours, not of a file
            cases += [_case(context, kind, facts) for facts in said["cases"]]
    return tuple(cases)


def _case(context: str, kind: str, facts: Mapping[str, Any]) -> _Case:
    condition = facts.get("condition")
    return _Case(
        kind,
        None if context == _ACTIVITY else etree.XPath("." + context),
        etree.XPath(f"boolean({condition})") if condition else None,
        tuple(dict.fromkeys(facts.get("paths", ()))),
        facts,
    )


@cache
def _xpath(path: str) -> etree.XPath:
    return etree.XPath(path)


def _places(context: etree._Element, path: str) -> list[_Place]:
    return [_Place(found) for found in cast("list[Any]", _xpath(path)(context))]


def _all_places(context: etree._Element, paths: Sequence[str]) -> list[_Place]:
    return [place for path in paths for place in _places(context, path)]


def _said(paths: Sequence[str]) -> str:
    return ", ".join(map(_shown, paths))


def _shown(path: str) -> str:
    """`sector/@code` as other findings name it."""
    element, _, attribute = path.rpartition("/@")
    return at(element, attribute) if element else path


def _here(context: etree._Element, rule: str, values: Mapping[str, str]) -> Finding:
    return Finding(rule, line_of(context), path_of(context), values)


def _at_least_one(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    if not _all_places(context, case.paths):
        yield _here(context, "ruleset-atleast_one", {"paths": _said(case.paths)})


def _no_more_than_one(
    case: _Case, context: etree._Element, today: date | None
) -> Iterator[Finding]:
    found = _all_places(context, case.paths)
    if len(found) > 1:
        yield found[1].finding("ruleset-no_more_than_one", {"paths": _said(case.paths)})


def _dependent(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    present = [path for path in case.paths if _places(context, path)]
    if present and len(present) < len(case.paths):
        yield _here(context, "ruleset-dependent", {"paths": _said(case.paths)})


def _sum(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    """Exact, as the rule has it: 33.33 three times is no 100. Without values nothing is summed.

    A difference that the rounding of each value explains is a doubt.
    """
    found = _all_places(context, case.paths)
    numbers = [number for number in map(_number, found) if number is not None]
    total, wanted = sum(numbers, Decimal(0)), Decimal(str(case.facts["sum"]))
    if not numbers or total == wanted:
        return
    explained = abs(total - wanted) <= sum(map(_rounding, numbers), Decimal(0)) and len(numbers) > 1
    rule = "ruleset-sum-rounded" if explained else "ruleset-sum"
    values = {"paths": _said(case.paths), "sum": f"{wanted:f}", "found": f"{total:f}"}
    yield found[0].finding(rule, values)


def _rounding(number: Decimal) -> Decimal:
    """Half of a number's last digit: 33.3 may be what 33.349 was."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)  # the number is finite
    return Decimal(5).scaleb(min(exponent, 0) - 1)


def _number(place: _Place) -> Decimal | None:
    """None for what the schema refuses anyway."""
    try:
        number = Decimal(place.text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _date_order(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    """Equal days are in order. Where a date is given several times, each is held to the rule."""
    less, more = case.facts["less"], case.facts["more"]
    early = _days(context, less, today)
    late = [day for day, _ in _days(context, more, today)]
    for day, place in early:
        if place is not None and late and day > min(late):
            rule = "ruleset-not-after-today" if more == _NOW else "ruleset-date_order"
            values = {
                "less": _shown(less),
                "more": _shown(more),
                "early": str(day),
                "late": str(min(late)),
            }
            yield place.finding(rule, values)


def _days(
    context: etree._Element, path: str, today: date | None
) -> list[tuple[date, _Place | None]]:
    if path == _NOW:
        return [] if today is None else [(today, None)]
    days = [(_day(place.text), place) for place in _places(context, path)]
    return [(day, place) for day, place in days if day is not None]


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text.strip())
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _regex_matches(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    """The whole text has the form: searched for anywhere, IATI's own regex would refuse nothing."""
    form = re.compile(case.facts["regex"])
    for place in _all_places(context, case.paths):
        if not form.fullmatch(place.text):
            yield _misshapen("ruleset-regex_matches", place, form)


def _regex_no_matches(
    case: _Case, context: etree._Element, today: date | None
) -> Iterator[Finding]:
    form = re.compile(case.facts["regex"])
    for place in _all_places(context, case.paths):
        if form.search(place.text):
            yield _misshapen("ruleset-regex_no_matches", place, form)


def _misshapen(rule: str, place: _Place, form: re.Pattern[str]) -> Finding:
    return place.finding(rule, {"value": quoted(place.text), "regex": form.pattern})


def _starts_with(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    prefixes = _places(context, case.facts["start"])
    for place in _all_places(context, case.paths):
        if prefixes and not place.text.startswith(prefixes[0].text):
            values = {
                "value": quoted(place.text),
                "start": _shown(case.facts["start"]),
                "prefix": quoted(prefixes[0].text),
            }
            yield place.finding("ruleset-startswith", values)


def _unique(case: _Case, context: etree._Element, today: date | None) -> Iterator[Finding]:
    seen: set[str] = set()
    for place in _all_places(context, case.paths):
        if place.text in seen:
            values = {"value": quoted(place.text), "paths": _said(case.paths)}
            yield place.finding("ruleset-unique", values)
        seen.add(place.text)


_KINDS: Mapping[str, Callable[[_Case, etree._Element, date | None], Iterator[Finding]]] = {
    "atleast_one": _at_least_one,
    "date_order": _date_order,
    "dependent": _dependent,
    "no_more_than_one": _no_more_than_one,
    "regex_matches": _regex_matches,
    "regex_no_matches": _regex_no_matches,
    "startswith": _starts_with,
    "sum": _sum,
    "unique": _unique,
}
