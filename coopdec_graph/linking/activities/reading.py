"""The activities of a graph, as they are compared, from its lines of N-Quads.

One subject after the other: what is kept of each is small, so that a graph of a hundred thousand
activities is read beside its own bytes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby

import pyoxigraph as ox
from rdflib import DCAT, DCTERMS, ORG, PROV, RDF, RDFS, SKOS, URIRef

from coopdec_graph.graph.distance import position_of
from coopdec_graph.linking.activities.reported import Body, Period, ReportedActivity, Spot, Title
from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import parsed
from coopdec_graph.model import FundingKind
from coopdec_graph.namespaces import (
    ADMS,
    CD,
    COUNTRY,
    CURRENCY_EUR,
    GEO,
    SCHEME,
    identifier_key,
    matching_key,
)

__all__ = ["has_several_sources", "reported_activities"]

_PROPERTIES = (
    RDF.type, RDFS.label, SKOS.prefLabel, SKOS.notation, PROV.wasDerivedFrom, ADMS.identifier,
    DCTERMS.identifier, DCTERMS.title, DCTERMS.temporal, DCTERMS.spatial, DCAT.startDate,
    DCAT.endDate, ORG.organization, ORG.member, ORG.role, GEO.hasGeometry, GEO.asWKT,
    CD.programme, CD.reportingOrganisation, CD.secondaryReporter, CD.recipientCountry, CD.location,
    CD.relatedActivity, CD.relatedIdentifier, CD.relationType, CD.identifierType, CD.startPrecision,
    CD.activityReference, CD.country, CD.siren, CD.geonamesId, CD.itemOf, CD.fundingKind, CD.amount,
    CD.currency, CD.fundedActivity, CD.financer, CD.totalAmount, CD.linkedData,
)  # fmt: skip
_READ = frozenset(f"<{property}>".encode() for property in _PROPERTIES)
_PROGRAMME, _REPORTER = (f"<{p}>".encode() for p in (CD.programme, CD.reportingOrganisation))
_VOCABULARY = b"/graph/vocabulary> ."

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
_FRENCH_REGISTER = re.compile(r"FR-[A-Z]+-([0-9]{9})(?:[0-9]{5})?")

Values = Mapping[str, Sequence[str]]


def has_several_sources(lines: Iterable[bytes]) -> bool:
    """Whether activities of two programmes, or of two reporters, are there to be compared."""
    seen: dict[bytes, set[bytes]] = {_PROGRAMME: set(), _REPORTER: set()}
    for line in lines:
        if _PROGRAMME in line or _REPORTER in line:
            _, property, rest = line.split(b" ", 2)
            if property in seen:
                seen[property].add(rest.split(b" ", 1)[0])
    return any(len(objects) > 1 for objects in seen.values())


def reported_activities(lines: Iterable[bytes]) -> list[ReportedActivity]:
    """The activities in lines of N-Quads, in the order of their IRIs."""
    kept = sorted(line for line in lines if _is_read(line))
    notes = _Notes()
    for subject, group in groupby(_triples(kept), key=lambda triple: triple[0]):
        values: dict[str, list[str]] = defaultdict(list)
        for _, property, value in group:
            if value not in values[property]:
                values[property].append(value)
        notes.take(subject, values)
    return [notes.activity(iri) for iri in sorted(notes.activities)]


def _is_read(line: bytes) -> bool:
    parts = line.split(b" ", 2)
    return len(parts) > 2 and parts[1] in _READ and not line.endswith(_VOCABULARY)


def _triples(lines: Sequence[bytes]) -> Iterator[tuple[str, str, str]]:
    """A title is given with its language before it, since languages are compared."""
    title = str(DCTERMS.title)
    for quad in ox.parse(b"\n".join(lines), format=ox.RdfFormat.N_QUADS):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and not isinstance(value, ox.Triple):
            property, text = quad.predicate.value, value.value
            if property == title and isinstance(value, ox.Literal):
                text = f"{value.language or ''}@{text}"
            yield subject.value, property, text


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
        self.activities: dict[str, dict[str, Sequence[str]]] = {}
        self._parts: dict[str, _Parts] = defaultdict(_Parts)
        self._bodies: dict[str, dict[str, Sequence[str]]] = {}
        self._made: dict[str, Body] = {}
        self._spots: dict[str, tuple[str | None, str | None]] = {}
        self._points: dict[str, tuple[float, float]] = {}
        self._periods: dict[str, Period] = {}
        self._pages: dict[str, Sequence[str]] = {}
        self._identifiers: dict[str, str] = {}
        self._related: dict[str, tuple[str, str]] = {}

    def take(self, subject: str, values: Mapping[str, list[str]]) -> None:
        types = values.get(str(RDF.type), ())
        if str(CD.Activity) in types:
            self.activities[subject] = dict(values)
        elif str(ORG.Membership) in types:
            self._take_membership(values)
        elif str(CD.FinancialItem) in types:
            self._take_item(values)
        elif str(CD.FundingLine) in types:
            self._take_line(values)
        elif str(ADMS.Identifier) in types:
            self._take_identifier(subject, values)
        elif str(CD.RelatedActivity) in types:
            related = _one(values, CD.relatedIdentifier), _one(values, CD.relationType)
            self._related[subject] = related[0] or "", related[1] or ""
        elif str(DCTERMS.PeriodOfTime) in types:
            self._periods[subject] = _period(values)
        elif str(DCTERMS.Location) in types or str(CD.Place) in types:
            self._spots[subject] = _one(values, CD.geonamesId), _one(values, GEO.hasGeometry)
        elif str(GEO.Geometry) in types:
            self._take_point(subject, values)
        elif str(PROV.Entity) in types:
            self._pages[subject] = values.get(str(DCTERMS.identifier), ())
        elif str(RDFS.label) in values or str(SKOS.prefLabel) in values:
            self._bodies[subject] = dict(values)

    def _take_membership(self, values: Values) -> None:
        activity, member = _one(values, ORG.organization), _one(values, ORG.member)
        if activity is None or member is None:
            return
        parts = self._parts[activity]
        pays = any(role in _PAYERS for role in values.get(str(ORG.role), ()))
        (parts.payers if pays else parts.doers).append(member)
        parts.references += values.get(str(CD.activityReference), ())

    def _take_item(self, values: Values) -> None:
        kind = (_one(values, CD.fundingKind) or "").removeprefix(_KINDS)
        activity = _one(values, CD.itemOf)
        if activity is not None:
            kinds = (kind, "spent") if kind in _SPENT else (kind,)
            for one in kinds:
                _add(self._parts[activity].sums, one, values)

    def _take_line(self, values: Values) -> None:
        activity = _one(values, CD.fundedActivity)
        if activity is not None:
            _add(self._parts[activity].shares, _one(values, CD.financer) or "", values)

    def _take_identifier(self, subject: str, values: Values) -> None:
        notation, kind = _one(values, SKOS.notation), _one(values, CD.identifierType)
        if notation and not (kind or "").startswith(_OF_ORGANISATIONS):
            self._identifiers[subject] = notation

    def _take_point(self, subject: str, values: Values) -> None:
        for wkt in values.get(str(GEO.asWKT), ()):
            point = position_of(wkt)
            if point is not None:
                self._points[subject] = point

    def activity(self, iri: str) -> ReportedActivity:
        values, parts = self.activities[iri], self._parts[iri]
        doers = tuple(map(self._body, sorted(set(parts.doers))))
        reporter = _one(values, CD.reportingOrganisation)
        programme = (_one(values, CD.programme) or "").removeprefix(_PROGRAMMES)
        periods = self._nodes(values, DCTERMS.temporal, self._periods)
        return ReportedActivity(
            iri,
            programme,
            frozenset(self._names(iri, values)),
            None if reporter is None else self._body(reporter),
            _one(values, CD.secondaryReporter) == "true",
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
        )

    def _declared(self, values: Values, programme: str) -> Iterator[str]:
        """What it says it also is: its other identifiers, its address, the same as another reports it."""
        for node in self._nodes(values, ADMS.identifier, self._identifiers):
            yield self._identifiers[node].strip()
        yield from values.get(str(CD.linkedData), ())
        yield from _within(programme, self._related_as(values, {_THIRD_PARTY}))

    def _related_as(self, values: Values, kinds: Collection[str]) -> Iterator[str]:
        """The identifiers of activities that it names as being so related to it."""
        for node in self._nodes(values, CD.relatedActivity, self._related):
            identifier, kind = self._related[node]
            if kind in kinds:
                yield identifier

    @staticmethod
    def _nodes(values: Values, property: URIRef, known: Mapping[str, object]) -> Iterator[str]:
        return (node for node in values.get(str(property), ()) if node in known)

    def _names(self, iri: str, values: Values) -> Iterator[str]:
        """Its IRI, its key, and its identifier in its programme where no other thing has the like."""
        yield iri
        yield from values.get(str(DCTERMS.identifier), ())
        for page in self._nodes(values, PROV.wasDerivedFrom, self._pages):
            yield from filter(_is_distinctive, map(str.strip, self._pages[page]))

    def _body(self, iri: str) -> Body:
        if iri not in self._made:
            self._made[iri] = _body(iri, self._bodies.get(iri, {}))
        return self._made[iri]

    def _spots_of(self, values: Values, doers: Iterable[Body]) -> Iterator[Spot]:
        """Its places, and those of the foreign collectivities that take part in it."""
        for node in self._nodes(values, CD.location, self._spots):
            yield self._spot(node, None)
        for body in doers:
            facts = self._bodies.get(body.iri, {})
            if not body.is_french:
                for place in self._nodes(facts, DCTERMS.spatial, self._spots):
                    yield self._spot(place, place)

    def _spot(self, node: str, place: str | None) -> Spot:
        geonames, geometry = self._spots[node]
        return Spot(place, geonames, self._points.get(geometry or ""))


def _body(iri: str, values: Values) -> Body:
    labels = (*values.get(str(SKOS.prefLabel), ()), *values.get(str(RDFS.label), ()))
    is_french = str(CD.FrenchCollectivity) in values.get(str(RDF.type), ())
    country = _one(values, CD.country) or (str(COUNTRY.FRA) if is_french else None)
    return Body(iri, frozenset(_keys(iri, labels, values)), country, is_french)


def _keys(iri: str, labels: Iterable[str], values: Values) -> Iterator[str]:
    yield iri
    yield from (f"siren {siren}" for siren in values.get(str(CD.siren), ()))
    # Two names of one collectivity lead to one place; a body that is no collectivity leads to none.
    yield from values.get(str(DCTERMS.spatial), ())
    for reference in values.get(str(DCTERMS.identifier), ()):
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


def _is_distinctive(identifier: str) -> bool:
    """Whether nothing else is likely to be called so: a bare number, or a short one, may be anything's."""
    letters = any(map(str.isalpha, identifier))
    return len(identifier) >= 8 and letters and any(map(str.isdigit, identifier))


def _titles(values: Values) -> tuple[Title, ...]:
    found = (text.partition("@") for text in values.get(str(DCTERMS.title), ()))
    keyed = (Title(matching_key(text), language or None) for language, _, text in found)
    return tuple(title for title in keyed if title.key)


def _countries(values: Values) -> frozenset[str]:
    said = (*values.get(str(CD.recipientCountry), ()), *values.get(str(DCTERMS.spatial), ()))
    return frozenset(iri for iri in said if iri.startswith(str(COUNTRY)))


def _period(values: Values) -> Period:
    precision = _one(values, CD.startPrecision)
    start, end = _day(_one(values, DCAT.startDate)), _day(_one(values, DCAT.endDate))
    return Period(start, end, start is not None and precision != _YEAR_ONLY)


def _day(text: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text) if text else None
    return None


def _add(sums: dict[tuple[str, str], Decimal], kind: str, values: Values) -> None:
    """Adds the amount to the sum of its kind and currency."""
    amount, currency = _one(values, CD.amount), _one(values, CD.currency)
    with suppress(InvalidOperation):
        if amount and currency:
            sums[kind, currency] = sums.get((kind, currency), Decimal()) + Decimal(amount)


def _announced(values: Values) -> dict[tuple[str, str], Decimal]:
    """The total of a partnership, in euros: there is none where a line could not be read."""
    return {
        (FundingKind.ANNOUNCED, str(CURRENCY_EUR)): Decimal(total)
        for total in values.get(str(CD.totalAmount), ())[:1]
    }


def _by_currency(sums: Mapping[tuple[str, str], Decimal]) -> dict[str, frozenset[Decimal]]:
    found: dict[str, set[Decimal]] = defaultdict(set)
    for (_, currency), amount in sums.items():
        if amount > 0:
            found[currency].add(amount)
    return {currency: frozenset(amounts) for currency, amounts in found.items()}


def _one(values: Values, property: URIRef) -> str | None:
    found = values.get(str(property), ())
    return found[0] if found else None
