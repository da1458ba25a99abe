"""What we compute from a page, apart from what it says, each value with how it was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from rdflib import DCAT, DCTERMS, PROV, SKOS, XSD, Literal, URIRef

from coopdec_graph.graph.agents import agent_iri
from coopdec_graph.graph.source_facts import funding_iris
from coopdec_graph.graph.statements import Sink, Statement, decimal, text
from coopdec_graph.model import Activity
from coopdec_graph.namespaces import CD, SCHEME, Minter

__all__ = ["derived_facts", "preferred_names", "total_amount"]

_DAY = SCHEME["precision/day"]
_YEAR = SCHEME["precision/year"]


def derived_facts(
    activity: Activity, key: str, mint: Minter, as_of: date | None
) -> Iterator[Statement]:
    """Total, computed status and period of one partnership.

    `as_of` is the day the status is computed for; without it there is no computed status.
    """
    sink = Sink(mint.graph("derived", key))
    _add_total(sink, activity, key, mint)
    _add_status(sink, activity, key, mint, as_of)
    _add_period(sink, activity, key, mint)
    return iter(sink)


def _derivation(
    sink: Sink, key: str, mint: Minter, name: str, predicate: URIRef, method: str
) -> URIRef:
    node = mint.derivation(key, name)
    sink.type(node, CD.Derivation)
    sink.add(node, CD.derivedSubject, mint.partnership(key))
    sink.add(node, CD.derivedProperty, predicate)
    sink.add(node, CD.method, SCHEME[f"method/{method}"])
    return node


def total_amount(activity: Activity) -> Decimal | None:
    """The sum of the lines, in euros; None without lines or when one could not be read.

    The 1 % columns are left out: the page does not say whether they are part of the amount.
    """
    amounts = [line.amount for line in activity.funding]
    if not amounts or any(amount is None for amount in amounts):
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def _add_total(sink: Sink, activity: Activity, key: str, mint: Minter) -> None:
    total = total_amount(activity)
    if total is None:
        return
    sink.add(mint.partnership(key), CD.totalAmount, decimal(total))
    node = _derivation(sink, key, mint, "total-amount", CD.totalAmount, "sum-of-funding-lines")
    sink.add(node, PROV.used, *(iri for _, iri in funding_iris(activity, key, mint)))


def _add_status(sink: Sink, activity: Activity, key: str, mint: Minter, as_of: date | None) -> None:
    if activity.end_date is None or as_of is None:
        return
    status = "termine" if activity.end_date < as_of else "en-cours"
    sink.add(mint.partnership(key), CD.computedStatus, SCHEME[f"status/{status}"])
    node = _derivation(
        sink, key, mint, "computed-status", CD.computedStatus, "status-from-end-date"
    )
    sink.add(node, CD.asOf, Literal(as_of, datatype=XSD.date))
    sink.add(node, PROV.used, mint.source(key, activity.source.digest))


def _add_period(sink: Sink, activity: Activity, key: str, mint: Minter) -> None:
    if activity.start_year is None and activity.end_date is None:
        return
    period = mint.period(key)
    sink.add(mint.partnership(key), DCTERMS.temporal, period)
    sink.type(period, DCTERMS.PeriodOfTime)
    if activity.start_year is not None:
        first_day = Literal(date(activity.start_year, 1, 1), datatype=XSD.date)
        sink.add(period, DCAT.startDate, first_day)
        sink.add(period, CD.startPrecision, _YEAR)
    if activity.end_date is not None:
        sink.add(period, DCAT.endDate, Literal(activity.end_date, datatype=XSD.date))
        sink.add(period, CD.endPrecision, _DAY)
    node = _derivation(sink, key, mint, "period", DCTERMS.temporal, "period-from-printed-dates")
    sink.add(node, PROV.used, mint.source(key, activity.source.digest))


def preferred_names(
    activities: Iterable[tuple[str, Activity]], mint: Minter
) -> Iterator[Statement]:
    """One preferred name per body: the form most pages print, the first in order among equals.

    Takes pairs of key and activity; every printed form stays as `rdfs:label` in its source graph.
    """
    forms: dict[URIRef, Counter[str]] = {}
    for key, activity in activities:
        for agent in activity.agents():
            forms.setdefault(agent_iri(agent, key, mint), Counter())[agent.name] += 1
        if activity.diplomatic_post is not None:
            post = mint.diplomatic_post(activity.diplomatic_post)
            forms.setdefault(post, Counter())[activity.diplomatic_post] += 1
    sink = Sink(mint.graph("derived", "names"))
    for iri, counted in forms.items():
        best = min(counted, key=lambda name: (-counted[name], name))
        sink.add(iri, SKOS.prefLabel, text(best))
    return iter(sink)
