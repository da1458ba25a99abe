"""Sums that a programme reports, budgets and transactions, as RDF."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rdflib import DCAT, DCTERMS, XSD, Literal, URIRef

from coopdec_graph.graph.agents import add_agent
from coopdec_graph.graph.allocations import add_allocations
from coopdec_graph.graph.codes import add_classifications
from coopdec_graph.graph.statements import Sink, decimal, text
from coopdec_graph.model import Activity, FinancialItem
from coopdec_graph.namespaces import CD, CURRENCY, SCHEME, Minter

__all__ = ["add_financial_items", "item_iris"]


def item_iris(activity: Activity, key: str, mint: Minter) -> Iterator[tuple[FinancialItem, URIRef]]:
    """Each financial item with its IRI."""
    for item in activity.items:
        yield item, mint.financial_item(key, item.rank)


def add_financial_items(
    sink: Sink, subject: URIRef, activity: Activity, key: str, mint: Minter
) -> None:
    """A cd:FinancialItem each. Amounts keep their currency: nothing is converted here."""
    for item, iri in item_iris(activity, key, mint):
        _add_item(sink, iri, subject, item, key, mint)
        add_classifications(sink, iri, item.classifications)
        add_allocations(sink, iri, item.allocations, mint)


def _add_item(
    sink: Sink, iri: URIRef, subject: URIRef, item: FinancialItem, key: str, mint: Minter
) -> None:
    sink.type(iri, CD.FinancialItem)
    sink.add(iri, CD.itemOf, subject)
    sink.add(iri, CD.fundingKind, SCHEME[f"funding-kind/{item.kind}"])
    sink.add(iri, CD.amount, decimal(item.amount))
    if item.currency:
        sink.add(iri, CD.currency, CURRENCY[item.currency])
    sink.add(iri, CD.valueDate, _day(item.value_date))
    sink.add(iri, DCAT.startDate, _day(item.start))
    sink.add(iri, DCAT.endDate, _day(item.end))
    sink.add(iri, DCTERMS.date, _day(item.day))
    for predicate, agent in ((CD.provider, item.provider), (CD.receiver, item.receiver)):
        if agent is not None:
            sink.add(iri, predicate, add_agent(sink, agent, key, mint))
    for predicate, activity in (
        (CD.providerActivity, item.provider_activity),
        (CD.receiverActivity, item.receiver_activity),
    ):
        sink.add(iri, predicate, None if activity is None else Literal(activity))
    if item.humanitarian is not None:
        sink.add(iri, CD.humanitarian, Literal(item.humanitarian))
    if item.reference:
        sink.add(iri, DCTERMS.identifier, Literal(item.reference))
    sink.add(iri, CD.sourceRank, Literal(item.rank))
    sink.add(iri, CD.sourceText, text(item.printed, None))


def _day(value: date | None) -> Literal | None:
    return None if value is None else Literal(value, datatype=XSD.date)
