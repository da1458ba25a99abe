"""What we compute from a page, apart from what it says, each value with how it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from rdflib import DCAT, DCTERMS, PROV, SKOS, XSD, Literal, URIRef

from coopdec_graph.graph.agents import agent_iri
from coopdec_graph.graph.codes import country_iri
from coopdec_graph.graph.source_facts import funding_iris
from coopdec_graph.graph.statements import Sink, Statement, decimal, literal
from coopdec_graph.model import Activity, ActivityDate, Role, Text
from coopdec_graph.namespaces import CD, SCHEME, Minter

__all__ = ["derived_facts", "preferred_names", "total_amount"]


def derived_facts(activity: Activity, key: str, mint: Minter, as_of: date) -> Iterator[Statement]:
    """Total, computed status, period and countries of one activity.

    `as_of` is the day the status is computed for.
    """
    sink = Sink(mint.graph("derived", key))
    deriver = _Deriver(sink, activity, key, mint)
    deriver.add_total()
    deriver.add_status(as_of)
    deriver.add_period()
    deriver.add_countries()
    return iter(sink)


def total_amount(activity: Activity) -> Decimal | None:
    """The sum of the lines, in euros; None without lines or when one could not be read.

    The 1 % columns are left out: the page does not say whether they are part of the amount.
    """
    amounts = [line.amount for line in activity.funding]
    if not amounts or any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _start(activity: Activity) -> tuple[date, str] | None:
    """The first day, and whether it is known to the day or the year; an actual day comes first."""
    dates = activity.dates
    day = dates.get(ActivityDate.ACTUAL_START) or dates.get(ActivityDate.PLANNED_START)
    if day is not None:
        return day, "day"
    return None if activity.start_year is None else (date(activity.start_year, 1, 1), "year")


def _end(activity: Activity) -> date | None:
    dates = activity.dates
    actual = dates.get(ActivityDate.ACTUAL_END) or dates.get(ActivityDate.PLANNED_END)
    return activity.end_date or actual


class _Deriver:
    """Adds derived values of one activity, each with a node that says how it was made."""

    def __init__(self, sink: Sink, activity: Activity, key: str, mint: Minter) -> None:
        self._sink, self._activity, self._key, self._mint = sink, activity, key, mint
        self._subject = mint.activity(activity.kind, key)
        self._page = mint.source(key, activity.source.digest)

    def _derivation(self, name: str, predicate: URIRef, method: str, *used: URIRef) -> URIRef:
        node = self._mint.derivation(self._key, name)
        self._sink.type(node, CD.Derivation, PROV.Activity)
        self._sink.add(node, CD.derivedSubject, self._subject)
        self._sink.add(node, CD.derivedProperty, predicate)
        self._sink.add(node, CD.method, SCHEME[f"method/{method}"])
        self._sink.add(node, PROV.used, *used)
        return node

    def add_total(self) -> None:
        total = total_amount(self._activity)
        if total is None:
            return
        lines = [iri for _, iri in funding_iris(self._activity, self._key, self._mint)]
        self._sink.add(self._subject, CD.totalAmount, decimal(total))
        self._derivation("total-amount", CD.totalAmount, "sum-of-funding-lines", *lines)

    def add_status(self, as_of: date) -> None:
        end = self._activity.end_date
        if end is None:
            return
        status = SCHEME[f"status/{'termine' if end < as_of else 'en-cours'}"]
        self._sink.add(self._subject, CD.computedStatus, status)
        node = self._derivation(
            "computed-status", CD.computedStatus, "status-from-end-date", self._page
        )
        self._sink.add(node, CD.asOf, Literal(as_of, datatype=XSD.date))

    def add_period(self) -> None:
        start, end = _start(self._activity), _end(self._activity)
        if start is None and end is None:
            return
        period = self._mint.period(self._key)
        self._sink.add(self._subject, DCTERMS.temporal, period)
        self._sink.type(period, DCTERMS.PeriodOfTime)
        if start is not None:
            day, precision = start
            self._sink.add(period, DCAT.startDate, Literal(day, datatype=XSD.date))
            self._sink.add(period, CD.startPrecision, SCHEME[f"precision/{precision}"])
        if end is not None:
            self._sink.add(period, DCAT.endDate, Literal(end, datatype=XSD.date))
            self._sink.add(period, CD.endPrecision, SCHEME["precision/day"])
        self._derivation("period", DCTERMS.temporal, "period-from-printed-dates", self._page)

    def add_countries(self) -> None:
        partners = [
            partner
            for partner in self._activity.members(Role.FOREIGN_PARTNER)
            if partner.country is not None
        ]
        if not partners:
            return
        countries = [country_iri(partner.country) for partner in partners if partner.country]
        bodies = [agent_iri(partner, self._key, self._mint) for partner in partners]
        self._sink.add(self._subject, DCTERMS.spatial, *countries)
        self._derivation("countries", DCTERMS.spatial, "countries-of-foreign-partners", *bodies)


def preferred_names(
    activities: Iterable[tuple[str, Activity]], publishers: Iterable[str], mint: Minter
) -> Iterator[Statement]:
    """One preferred name per body: the form most pages print, the first in order among equals.

    Takes pairs of key and activity, and the names of the pages' publishers. Every printed form stays
    as `rdfs:label` in its source graph.
    """
    forms: dict[URIRef, Counter[Text]] = {
        mint.organisation(publisher): Counter([Text(publisher)]) for publisher in publishers
    }
    for key, activity in activities:
        for agent in activity.agents():
            name = Text(agent.name, agent.language)
            forms.setdefault(agent_iri(agent, key, mint), Counter())[name] += 1
        if activity.diplomatic_post is not None:
            post = mint.diplomatic_post(activity.diplomatic_post)
            forms.setdefault(post, Counter())[Text(activity.diplomatic_post)] += 1
    sink = Sink(mint.graph("derived", "names"))
    for iri, counted in forms.items():
        best = min(counted, key=lambda name: (-counted[name], name.value, name.language or ""))
        sink.add(iri, SKOS.prefLabel, literal(best))
        node = mint.derivation_of_name(iri)
        sink.type(node, CD.Derivation, PROV.Activity)
        sink.add(node, CD.derivedSubject, iri)
        sink.add(node, CD.derivedProperty, SKOS.prefLabel)
        sink.add(node, CD.method, SCHEME["method/most-frequent-printed-name"])
    return iter(sink)
