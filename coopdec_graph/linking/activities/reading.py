"""The activities of a graph, as they are compared, from its lines of N-Quads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from coopdec_graph.graph.distance import position_of
from coopdec_graph.iati.codelists import codes
from coopdec_graph.iati.versions import LATEST
from coopdec_graph.linking.activities.reported import Body, Period, ReportedActivity, Spot, Title
from coopdec_graph.linking.activities.subjects import Values, one, subjects
from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import parsed
from coopdec_graph.model import FundingKind
from coopdec_graph.namespaces import (
    COUNTRY,
    CURRENCY_EUR,
    SCHEME,
    identifier_key,
    matching_key,
)

__all__ = ["reported_activities"]

_COUNTRIES, _FRANCE, _EURO = str(COUNTRY), str(COUNTRY["FRA"]), str(CURRENCY_EUR)
_YEAR_ONLY = str(SCHEME["precision/year"])
_PROGRAMMES = str(SCHEME["programme/"])
_KINDS = str(SCHEME["funding-kind/"])
# IATI's list OrganisationRole: who funds, and who passes money on (extending).
_PAYERS = frozenset(str(SCHEME[f"iati-organisation-role/{code}"]) for code in "13")
# Its list RelatedActivityType: parent, child, sibling; and the same activity as another reports it.
_RELATIVES = frozenset(str(SCHEME[f"iati-related-activity-type/{code}"]) for code in "123")
_THIRD_PARTY = str(SCHEME["iati-related-activity-type/5"])
# Its list OtherIdentifierType: codes in B are of organisations.
_OF_ORGANISATIONS = str(SCHEME["iati-other-identifier-type/B"])
_SPENT = frozenset({FundingKind.DISBURSEMENT, FundingKind.EXPENDITURE})
# The prefix that 360Giving gives its publishers, and lists of org-id.guide that IATI's does not have.
_OTHER_REGISTERS = frozenset({"360G", "FR-SIREN", "FR-SIRENE", "FR-SIRET", "FR-RNA"})
_FRENCH_REGISTER = re.compile(r"FR-[A-Z]+-([0-9]{9})(?:[0-9]{5})?")


def reported_activities(lines: Iterable[bytes]) -> list[ReportedActivity]:
    """The activities in lines of N-Quads, in the order of their IRIs."""
    notes = _Notes()
    for subject, values in subjects(lines):
        notes.take(subject, values)
    return [notes.activity(iri) for iri in sorted(notes.activities)]


@dataclass(slots=True)
class _Parts:
    """What other resources say of an activity: parties, sums."""

    doers: list[str] = field(default_factory=list)
    payers: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    sums: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    shares: dict[tuple[str, str], Decimal] = field(default_factory=dict)


class _Notes:
    """Takes one subject after the other, and puts an activity together from what it noted."""

    def __init__(self) -> None:
        self.activities: dict[str, Values] = {}
        self._parts: dict[str, _Parts] = defaultdict(_Parts)
        self._bodies: dict[str, Values] = {}
        self._made: dict[str, Body] = {}
        self._spots: dict[str, tuple[str | None, str | None]] = {}
        self._points: dict[str, tuple[float, float]] = {}
        self._periods: dict[str, Period] = {}
        self._pages: dict[str, Sequence[str]] = {}
        self._identifiers: dict[str, str] = {}
        self._related: dict[str, tuple[str, str]] = {}

    def take(self, subject: str, values: Values) -> None:
        types = values.get("rdf:type", ())
        if "cd:Activity" in types:
            self.activities[subject] = values
        elif "org:Membership" in types:
            self._take_membership(values)
        elif "cd:FinancialItem" in types:
            self._take_item(values)
        elif "cd:FundingLine" in types:
            self._take_line(values)
        elif "adms:Identifier" in types:
            self._take_identifier(subject, values)
        elif "cd:RelatedActivity" in types:
            related = one(values, "cd:relatedIdentifier"), one(values, "cd:relationType")
            self._related[subject] = related[0] or "", related[1] or ""
        elif "dct:PeriodOfTime" in types:
            self._periods[subject] = _period(values)
        elif "dct:Location" in types or "cd:Place" in types:
            self._spots[subject] = one(values, "cd:geonamesId"), one(values, "geo:hasGeometry")
        elif "geo:Geometry" in types:
            self._take_point(subject, values)
        elif "prov:Entity" in types:
            self._pages[subject] = values.get("dct:identifier", ())
        elif "rdfs:label" in values or "skos:prefLabel" in values:
            self._bodies[subject] = values

    def _take_membership(self, values: Values) -> None:
        activity, member = one(values, "org:organization"), one(values, "org:member")
        if activity is None or member is None:
            return
        parts = self._parts[activity]
        pays = any(role in _PAYERS for role in values.get("org:role", ()))
        (parts.payers if pays else parts.doers).append(member)
        parts.references += values.get("cd:activityReference", ())

    def _take_item(self, values: Values) -> None:
        kind = (one(values, "cd:fundingKind") or "").removeprefix(_KINDS)
        activity = one(values, "cd:itemOf")
        if activity is not None:
            kinds = (kind, "spent") if kind in _SPENT else (kind,)
            for each in kinds:
                _add(self._parts[activity].sums, each, values)

    def _take_line(self, values: Values) -> None:
        activity = one(values, "cd:fundedActivity")
        if activity is not None:
            _add(self._parts[activity].shares, one(values, "cd:financer") or "", values)

    def _take_identifier(self, subject: str, values: Values) -> None:
        notation, kind = one(values, "skos:notation"), one(values, "cd:identifierType")
        if notation and not (kind or "").startswith(_OF_ORGANISATIONS):
            self._identifiers[subject] = notation

    def _take_point(self, subject: str, values: Values) -> None:
        for wkt in values.get("geo:asWKT", ()):
            point = position_of(wkt)
            if point is not None:
                self._points[subject] = point

    def activity(self, iri: str) -> ReportedActivity:
        values, parts = self.activities[iri], self._parts[iri]
        doers = tuple(map(self._body, sorted(set(parts.doers))))
        reporter = one(values, "cd:reportingOrganisation")
        programme = (one(values, "cd:programme") or "").removeprefix(_PROGRAMMES)
        periods = self._nodes(values, "dct:temporal", self._periods)
        return ReportedActivity(
            iri,
            programme,
            frozenset(self._names(iri, values)),
            None if reporter is None else self._body(reporter),
            one(values, "cd:secondaryReporter") == "true",
            frozenset(self._declared(values, programme)),
            frozenset(_within(programme, parts.references)),
            frozenset(_within(programme, self._related_as(values, _RELATIVES))),
            _titles(values),
            doers,
            tuple(map(self._body, sorted(set(parts.payers)))),
            _countries(values),
            next((self._periods[node] for node in periods), Period()),
            tuple(self._spots_of(values, doers)),
            _by_currency({**parts.sums, **_announced(values)}),
            _by_currency(parts.shares),
            frozenset(self._own(values, is_global=False)),
        )

    def _declared(self, values: Values, programme: str) -> Iterator[str]:
        """What it says it also is: its other identifiers, its address, the same as another reports it."""
        for node in self._nodes(values, "adms:identifier", self._identifiers):
            yield self._identifiers[node].strip()
        yield from values.get("cd:linkedData", ())
        yield from _within(programme, self._related_as(values, {_THIRD_PARTY}))

    def _related_as(self, values: Values, kinds: Collection[str]) -> Iterator[str]:
        """The identifiers of activities that it names as being so related to it."""
        for node in self._nodes(values, "cd:relatedActivity", self._related):
            identifier, kind = self._related[node]
            if kind in kinds:
                yield identifier

    @staticmethod
    def _nodes(values: Values, property: str, known: Mapping[str, object]) -> Iterator[str]:
        return (node for node in values.get(property, ()) if node in known)

    def _names(self, iri: str, values: Values) -> Iterator[str]:
        """Its IRI, its key, and its identifier in its programme where that names it in the world."""
        yield iri
        yield from values.get("dct:identifier", ())
        yield from self._own(values, is_global=True)

    def _own(self, values: Values, *, is_global: bool) -> Iterator[str]:
        """Its identifiers in its programme that are of that kind; few other things have the like."""
        references = self._references(values)
        for page in self._nodes(values, "prov:wasDerivedFrom", self._pages):
            for identifier in filter(_is_distinctive, map(str.strip, self._pages[page])):
                if _is_global(identifier, references) is is_global:
                    yield identifier

    def _references(self, values: Values) -> list[str]:
        """Those of its reporter."""
        reporter = one(values, "cd:reportingOrganisation")
        facts = self._bodies.get(reporter or "", {})
        return [reference.strip() for reference in facts.get("dct:identifier", ())]

    def _body(self, iri: str) -> Body:
        if iri not in self._made:
            self._made[iri] = _body(iri, self._bodies.get(iri, {}))
        return self._made[iri]

    def _spots_of(self, values: Values, doers: Iterable[Body]) -> Iterator[Spot]:
        """Its places, and those of the foreign collectivities that take part in it."""
        for node in self._nodes(values, "cd:location", self._spots):
            yield self._spot(node, None)
        for body in doers:
            facts = self._bodies.get(body.iri, {})
            if not body.is_french:
                for place in self._nodes(facts, "dct:spatial", self._spots):
                    yield self._spot(place, place)

    def _spot(self, node: str, place: str | None) -> Spot:
        geonames, geometry = self._spots[node]
        return Spot(place, geonames, self._points.get(geometry or ""))


def _body(iri: str, values: Values) -> Body:
    labels = (*values.get("skos:prefLabel", ()), *values.get("rdfs:label", ()))
    is_french = "cd:FrenchCollectivity" in values.get("rdf:type", ())
    country = one(values, "cd:country") or (_FRANCE if is_french else None)
    return Body(iri, frozenset(_keys(iri, labels, values)), country, is_french)


def _keys(iri: str, labels: Iterable[str], values: Values) -> Iterator[str]:
    yield iri
    yield from (f"siren {siren}" for siren in values.get("cd:siren", ()))
    # Two names of one collectivity lead to one place; a body that is no collectivity leads to none.
    yield from values.get("dct:spatial", ())
    for reference in values.get("dct:identifier", ()):
        yield f"reference {reference.strip()}"
        french = _FRENCH_REGISTER.fullmatch(reference.strip())
        if french is not None:
            yield f"siren {french[1]}"
    for label in labels:
        yield from _name_keys(label)


def _name_keys(label: str) -> Iterator[str]:
    """ "Commune de Rufisque" and "Rufisque" are one; "Région de Dakar" and "Ville de Dakar" are not."""
    name = parsed(label)
    kind = "subdivision" if name.kind is Kind.SUBDIVISION else "name"
    yield from (f"{kind} {form.key}" for form in name.forms if form.key)


def _within(programme: str, identifiers: Iterable[str]) -> Iterator[str]:
    """Identifiers of activities of the same programme, as given and as the keys that they give here."""
    for identifier in map(str.strip, identifiers):
        yield identifier
        yield f"{programme}-{identifier_key(identifier)}"


def _is_global(identifier: str, references: Iterable[str]) -> bool:
    """Whether its form says who gave it, as IATI demands of identifiers: another may bear no such one.

    It begins with its reporter's reference, or with the code of a register (IATI's list
    OrganisationRegistrationAgency). What a body calls its files itself ("DOSSIER-17") another may too.
    """
    if any(identifier.startswith(f"{one}-") for one in references if one):
        return True
    return any(part in _registers() for part in _prefixes(identifier))


def _prefixes(identifier: str) -> list[str]:
    """What stands before its first hyphen, and before its second."""
    parts = identifier.split("-", 2)
    return ["-".join(parts[:count]) for count in range(1, len(parts))]


@cache
def _registers() -> frozenset[str]:
    return _OTHER_REGISTERS | frozenset(codes(LATEST, "OrganisationRegistrationAgency"))


def _is_distinctive(identifier: str) -> bool:
    """Whether few things are likely to be called so: a bare number, or a short one, may be anything's."""
    letters = any(map(str.isalpha, identifier))
    return len(identifier) >= 8 and letters and any(map(str.isdigit, identifier))


def _titles(values: Values) -> tuple[Title, ...]:
    found = (text.partition("@") for text in values.get("dct:title", ()))
    keyed = (Title(matching_key(text), language or None) for language, _, text in found)
    return tuple(title for title in keyed if title.key)


def _countries(values: Values) -> frozenset[str]:
    said = (*values.get("cd:recipientCountry", ()), *values.get("dct:spatial", ()))
    return frozenset(iri for iri in said if iri.startswith(_COUNTRIES))


def _period(values: Values) -> Period:
    precision = one(values, "cd:startPrecision")
    start, end = _day(one(values, "dcat:startDate")), _day(one(values, "dcat:endDate"))
    return Period(start, end, start is not None and precision != _YEAR_ONLY)


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None


def _add(sums: dict[tuple[str, str], Decimal], kind: str, values: Values) -> None:
    """Adds the amount to the sum of its kind and currency."""
    amount, currency = _decimal(one(values, "cd:amount")), one(values, "cd:currency")
    if amount is not None and currency:
        sums[kind, currency] = sums.get((kind, currency), Decimal()) + amount


def _decimal(text: str | None) -> Decimal | None:
    with suppress(InvalidOperation):
        return Decimal(text) if text else None
    return None


def _announced(values: Values) -> dict[tuple[str, str], Decimal]:
    """The total of a partnership, in euros: there is none where a line could not be read."""
    total = _decimal(one(values, "cd:totalAmount"))
    return {} if total is None else {(FundingKind.ANNOUNCED, _EURO): total}


def _by_currency(sums: Mapping[tuple[str, str], Decimal]) -> dict[str, frozenset[Decimal]]:
    found: dict[str, set[Decimal]] = defaultdict(set)
    for (_, currency), amount in sums.items():
        if amount > 0:
            found[currency].add(amount)
    return {currency: frozenset(amounts) for currency, amounts in found.items()}
