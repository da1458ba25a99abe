"""What the schema says in words and cannot check: rules drawn from the texts of its annotations.

They are ours as far as their reading goes, and so doubts, never errors. Each function names the
element whose annotation it follows; those of version 1 have none of these words but for shares,
currencies and identifiers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from coopdec_graph.iati.findings import Finding, line_of, path_of, quoted

__all__ = ["check_guidance"]

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DAC = "1"
# Vocabularies of the publisher's own.
_OWN = ("98", "99")
_RECIPIENTS = ("recipient-country", "recipient-region")
# A participating-org without either is refused by the ruleset.
_ORGANISATIONS = frozenset({"provider-org", "receiver-org", "owner-org"})
_MONEY = frozenset({"value", "forecast", "loan-status"})
_NUMERIC_MEASURES = frozenset({"1", "2", "3", "4"})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

Element = etree._Element


def check_guidance(activity: Element, version: str) -> Iterator[Finding]:
    """What an activity does that the words of the schema advise against, by rule."""
    checks = _OF_ANY_VERSION if version.startswith("1.") else (*_OF_ANY_VERSION, *_OF_VERSION_2)
    for check in checks:
        yield from check(activity)


def _finding(rule: str, element: Element, attribute: str = "", **values: object) -> Finding:
    said = {name: str(value) for name, value in values.items()}
    return Finding(rule, line_of(element), path_of(element, attribute), said)


def _children(element: Element, *names: str) -> list[Element]:
    return list(element.iterchildren(*names))


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _number(text: str | None) -> Decimal | None:
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _identifier_missing(activity: Element) -> Iterator[Finding]:
    """iati-identifier: globally unique. Version 1 does not require it."""
    if not _text(activity.find("iati-identifier")):
        yield _finding("identifier-missing", activity)


def _share_range(activity: Element) -> Iterator[Finding]:
    """percentage: "a decimal number between 0 and 100 inclusive"."""
    for element in activity.iter(etree.Element):
        share = _number(element.get("percentage"))
        if share is not None and not 0 <= share <= 100:
            yield _finding("share-range", element, "percentage", value=share)


def _currency(activity: Element) -> Iterator[Finding]:
    """default-currency: where it is not declared, each amount MUST have its own."""
    if (activity.get("default-currency") or "").strip():
        return
    for element in activity.iter(*_MONEY):
        if not (element.get("currency") or "").strip():
            yield _finding("currency-missing", element)


def _identifier_prefix(activity: Element) -> Iterator[Finding]:
    """iati-identifier: it starts with the reporting organisation's, present or former (type B1)."""
    identifier, reporter = activity.find("iati-identifier"), activity.find("reporting-org")
    if identifier is None or reporter is None:
        return
    former = (
        e.get("ref") for e in activity.iterchildren("other-identifier") if e.get("type") == "B1"
    )
    prefixes = [prefix for prefix in (reporter.get("ref"), *former) if prefix]
    text = _text(identifier)
    if text and prefixes and not text.startswith(tuple(prefixes)):
        yield _finding("identifier-prefix", identifier)


def _sector_shares(activity: Element) -> Iterator[Finding]:
    """sector: "All reported sectors from the same vocabulary MUST add up to 100"."""
    by_vocabulary: dict[str, list[Element]] = {}
    for sector in _children(activity, "sector"):
        by_vocabulary.setdefault(sector.get("vocabulary") or _DAC, []).append(sector)
    for vocabulary, sectors in by_vocabulary.items():
        yield from _shares(sectors, "sector-sum", "sector-share-missing", vocabulary)


def _shares(
    elements: Sequence[Element], wrong: str, missing: str | None, vocabulary: str
) -> Iterator[Finding]:
    shares = [_number(element.get("percentage")) for element in elements]
    given = [share for share in shares if share is not None]
    if missing and len(elements) > 1 and len(given) < len(elements):
        yield _finding(missing, elements[shares.index(None)], vocabulary=quoted(vocabulary))
    elif given and sum(given) != 100:
        found = f"{sum(given):f}"
        yield _finding(wrong, elements[0], vocabulary=quoted(vocabulary), found=found)


def _recipient_shares(activity: Element) -> Iterator[Finding]:
    """recipient-country: with several, "the percentage attribute MUST be used". The ruleset sums."""
    recipients = _children(activity, *_RECIPIENTS)
    without = [element for element in recipients if _number(element.get("percentage")) is None]
    if len(recipients) > 1 and without:
        yield _finding("recipient-share-missing", without[0])


def _budget_items(activity: Element) -> Iterator[Finding]:
    """budget-item: with several, "all percentages should add up to 100"."""
    for items in activity.iterchildren("country-budget-items"):
        found = _children(items, "budget-item")
        if len(found) > 1:
            yield from _shares(found, "budget-item-sum", None, "")


def _levels(activity: Element) -> Iterator[Finding]:
    """sector, recipient-country: of the activity or of all its transactions, never of both."""
    transactions = _children(activity, "transaction")
    for names, twice, partly in (
        (("sector",), "sector-twice", "sector-not-everywhere"),
        (_RECIPIENTS, "recipient-twice", "recipient-not-everywhere"),
    ):
        with_it = [t for t in transactions if _children(t, *names)]
        if with_it and _children(activity, *names):
            yield _finding(twice, _children(with_it[0], *names)[0])
        elif with_it and len(with_it) < len(transactions):
            yield _finding(partly, next(t for t in transactions if t not in with_it))


def _transactions(activity: Element) -> Iterator[Finding]:
    """transaction/sector: one per vocabulary; transaction/recipient-country or -region: one."""
    for transaction in activity.iterchildren("transaction"):
        seen: set[str] = set()
        for sector in transaction.iterchildren("sector"):
            vocabulary = sector.get("vocabulary") or _DAC
            if vocabulary in seen:
                yield _finding("sector-repeated", sector, vocabulary=quoted(vocabulary))
            seen.add(vocabulary)
        recipients = _children(transaction, *_RECIPIENTS)
        if len(recipients) > 1:
            yield _finding("recipient-repeated", recipients[1])


def _budget_period(activity: Element) -> Iterator[Finding]:
    """budget/period-end: "must not be greater than one year"."""
    for budget in activity.iterchildren("budget"):
        start, end = (_day(budget.find(name)) for name in ("period-start", "period-end"))
        if (
            start
            and end
            and (end.year - start.year, end.month, end.day) > (1, start.month, start.day)
        ):
            yield _finding("budget-too-long", budget, start=start, end=end)


def _day(element: Element | None) -> date | None:
    found = _DAY.match((element.get("iso-date") or "").strip()) if element is not None else None
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _languages(activity: Element) -> Iterator[Finding]:
    """xml:lang of the activity: where it is not declared, each narrative MUST have its own."""
    default = activity.xpath("boolean(ancestor-or-self::*[@xml:lang != ''])")
    for narrative in activity.iter("narrative"):
        if not default and not narrative.get(_LANGUAGE):
            yield _finding("language-missing", narrative)
        if not _text(narrative):
            yield _finding("text-empty", narrative)


def _names(activity: Element) -> Iterator[Finding]:
    """ref: without it "the narrative MUST contain the name of the organisation"."""
    for body in activity.iter(*_ORGANISATIONS):
        named = any(_text(narrative) for narrative in body.iterchildren("narrative"))
        if not named and not (body.get("ref") or "").strip():
            yield _finding("organisation-unnamed", body)


def _no_budget(activity: Element) -> Iterator[Finding]:
    """budget-not-provided: "MUST only be used when no budget elements are present"."""
    budgets = _children(activity, "budget")
    if budgets and activity.get("budget-not-provided") is not None:
        yield _finding("budget-not-provided", budgets[0])


def _markers(activity: Element) -> Iterator[Finding]:
    """policy-marker: significance for the DAC's, a text for the publisher's own (99) only."""
    for marker in activity.iterchildren("policy-marker"):
        vocabulary = marker.get("vocabulary") or _DAC
        if vocabulary == _DAC and not marker.get("significance"):
            yield _finding("significance-missing", marker)
        if vocabulary != "99" and _children(marker, "narrative"):
            yield _finding("marker-narrative", marker)


def _own_vocabularies(activity: Element) -> Iterator[Finding]:
    """vocabulary-uri: strongly recommended for 98 and 99; sectors "must also include a narrative"."""
    for element in activity.iter("sector", "recipient-region", "policy-marker", "tag"):
        vocabulary = element.get("vocabulary")
        explained = element.get("vocabulary-uri") or _children(element, "narrative")
        if vocabulary in _OWN and not explained:
            yield _finding("own-vocabulary-unexplained", element, vocabulary=vocabulary)


def _aid_types(activity: Element) -> Iterator[Finding]:
    """aidTypeBase: "Each selected vocabulary should only be used once"."""
    for holder, name in (
        (activity, "default-aid-type"),
        *((transaction, "aid-type") for transaction in activity.iterchildren("transaction")),
    ):
        types = _children(holder, name)
        used = Counter(element.get("vocabulary") or _DAC for element in types)
        for vocabulary, times in used.items():
            if times > 1:
                yield _finding("aid-type-repeated", types[1], vocabulary=quoted(vocabulary))


def _indicators(activity: Element) -> Iterator[Finding]:
    """baseline, target, actual: "a valid number for all non-qualitative measures"."""
    for indicator in activity.iterfind("result/indicator"):
        if indicator.get("measure") not in _NUMERIC_MEASURES:
            continue
        for element in indicator.iter("baseline", "target", "actual"):
            value = element.get("value")
            if value is not None and _number(value) is None:
                yield _finding("indicator-not-a-number", element, "value", value=quoted(value))


_Check = Callable[[Element], Iterator[Finding]]
_OF_ANY_VERSION: tuple[_Check, ...] = (_identifier_missing, _share_range, _currency)
_OF_VERSION_2: tuple[_Check, ...] = (
    _identifier_prefix,
    _sector_shares,
    _recipient_shares,
    _budget_items,
    _levels,
    _transactions,
    _budget_period,
    _languages,
    _names,
    _no_budget,
    _markers,
    _own_vocabularies,
    _aid_types,
    _indicators,
)
