"""Sums of other currencies in euros, apart from the sums, each with its rate, its day and its table."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rdflib import DCTERMS, PROV, RDFS, XSD, Literal, URIRef

from coopdec_graph.graph.financial_items import item_iris
from coopdec_graph.graph.statements import Sink, Statement, decimal
from coopdec_graph.model import Activity, FinancialItem
from coopdec_graph.namespaces import CD, SCHEME, Minter
from coopdec_graph.reference.rates import Rate, RateTable

__all__ = ["amounts_in_euros"]

_CONVERTED = "converted-at-reference-rate"


def amounts_in_euros(
    activity: Activity, key: str, mint: Minter, rates: RateTable
) -> Iterator[Statement]:
    """The euros of each financial item, where it is in euros or the table has a rate for its day.

    The day is that of the value, else of the transaction, else the first of the period. Without a
    day or a rate there is no conversion, and the item has its own amount only.
    """
    sink = Sink(mint.graph("derived", key))
    for item, iri in item_iris(activity, key, mint):
        if item.amount is None:
            continue
        if item.currency == "EUR":
            _add(sink, item, iri, item.amount, key, mint)
        elif (rate := _rate(item, rates)) is not None:
            node = _add(sink, item, iri, rate.in_euros(item.amount), key, mint, _CONVERTED)
            _add_rate(sink, node, rate, rates, mint)
    return iter(sink)


def _rate(item: FinancialItem, rates: RateTable) -> Rate | None:
    day = item.value_date or item.day or item.start
    return None if day is None or item.currency is None else rates.rate(item.currency, day)


def _add(
    sink: Sink,
    item: FinancialItem,
    iri: URIRef,
    euros: Decimal,
    key: str,
    mint: Minter,
    method: str = "already-in-euros",
) -> URIRef:
    node = mint.derivation(key, f"euros/{item.rank}")
    sink.add(iri, CD.amountInEuros, decimal(euros))
    sink.type(node, CD.Derivation, PROV.Activity)
    sink.add(node, CD.derivedSubject, iri)
    sink.add(node, CD.derivedProperty, CD.amountInEuros)
    sink.add(node, CD.method, SCHEME[f"method/{method}"])
    return node


def _add_rate(sink: Sink, node: URIRef, rate: Rate, rates: RateTable, mint: Minter) -> None:
    table = mint.rate_table(rates.digest)
    sink.add(node, CD.rate, decimal(rate.units))
    sink.add(node, CD.asOf, Literal(rate.day, datatype=XSD.date))
    sink.add(node, PROV.used, table)
    sink.type(table, PROV.Entity)
    sink.add(table, RDFS.label, Literal(rates.name))
    sink.add(table, DCTERMS.identifier, Literal(f"sha256:{rates.digest}"))
