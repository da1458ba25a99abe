"""The sums of an activity: budgets, planned disbursements, transactions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from coopdec_graph.model import Classification, Code, FinancialItem, FundingKind, Text
from coopdec_graph.privacy import scrub
from coopdec_graph.sources.iati.coding import allocations, classification, code
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.nodes import Node, Omission
from coopdec_graph.sources.iati.organisations import body
from coopdec_graph.sources.iati.values import amount, dated, day, flag, texts

__all__ = ["financial_items"]

_CURRENCY = re.compile(r"[A-Z]{3}")
_SAID = tuple[tuple[Classification, Code], ...]
_OF_TRANSACTIONS = (
    ("disbursement-channel", Classification.DISBURSEMENT_CHANNEL, "DisbursementChannel"),
    ("flow-type", Classification.FLOW_TYPE, "FlowType"),
    ("finance-type", Classification.FINANCE_TYPE, "FinanceType"),
    ("aid-type", Classification.AID_TYPE, "AidType"),
    ("tied-status", Classification.TIED_STATUS, "TiedStatus"),
)


class _Sum(NamedTuple):
    amount: Decimal | None = None
    currency: str | None = None
    value_date: date | None = None
    printed: str | None = None


def financial_items(
    activity: Node, dialect: Dialect, currency: str | None
) -> tuple[FinancialItem, ...]:
    """Every sum, in the order of the file. `currency` is the activity's own, for sums without one."""
    found: list[FinancialItem] = []
    for node in activity.children("budget", "planned-disbursement", "transaction"):
        item = _READERS[node.name](node, dialect, currency, len(found) + 1)
        if item is not None:
            found.append(item)
    return tuple(found)


def _sum(node: Node | None, default: str | None) -> _Sum:
    if node is None:
        return _Sum()
    number = amount(node)
    said = node.identifier("currency") or default
    # A code that no list has is kept; what is no code of three letters names no currency.
    currency = said if said and _CURRENCY.fullmatch(said) else None
    if said is not None and currency is None:
        node.note("iati-currency", said)
    unread = number is None or (said is not None and currency is None)
    printed = scrub(" ".join(filter(None, (node.text(), said)))) if unread else None
    return _Sum(number, currency, day(node, "value-date"), printed or None)


def _budget(node: Node, dialect: Dialect, currency: str | None, rank: int) -> FinancialItem:
    value = _sum(node.child("value"), currency)
    return FinancialItem(
        FundingKind.BUDGET,
        rank,
        value.amount,
        value.currency,
        value.value_date,
        start=dated(node.child("period-start")),
        end=dated(node.child("period-end")),
        classifications=tuple(_budget_codes(node)),
        printed=value.printed,
    )


def _budget_codes(node: Node) -> Iterator[tuple[Classification, Code]]:
    """Codes in attributes. That a budget without a status is indicative is not written down."""
    for name, kind, codelist in (
        ("type", Classification.BUDGET_TYPE, "BudgetType"),
        ("status", Classification.BUDGET_STATUS, "BudgetStatus"),
    ):
        found = code(node, codelist, name)
        if found is not None:
            yield kind, found


def _planned(node: Node, dialect: Dialect, currency: str | None, rank: int) -> FinancialItem:
    node.leave_out_attributes(Omission.UPDATED, "updated")
    value = _sum(node.child("value"), currency)
    provider, receiver = node.child("provider-org"), node.child("receiver-org")
    return FinancialItem(
        FundingKind.PLANNED_DISBURSEMENT,
        rank,
        value.amount,
        value.currency,
        value.value_date,
        start=dated(node.child("period-start")),
        end=dated(node.child("period-end")),
        provider=body(provider),
        receiver=body(receiver),
        classifications=tuple(_budget_codes(node)),
        printed=value.printed,
        provider_activity=_activity(provider, "provider-activity-id"),
        receiver_activity=_activity(receiver, "receiver-activity-id"),
    )


def _activity(node: Node | None, name: str) -> str | None:
    return None if node is None else node.identifier(name)


def _transaction(
    node: Node, dialect: Dialect, currency: str | None, rank: int
) -> FinancialItem | None:
    """None, with an error, where it does not say whether money came or went."""
    kind = _kind(node, dialect)
    if kind is None:
        return None
    value = _sum(node.child("value"), currency)
    provider, receiver = node.child("provider-org"), node.child("receiver-org")
    return FinancialItem(
        kind,
        rank,
        value.amount,
        value.currency,
        value.value_date,
        day=dated(node.child("transaction-date")),
        provider=body(provider),
        receiver=body(receiver),
        reference=node.identifier("ref"),
        descriptions=_descriptions(node),
        classifications=_classifications(node),
        allocations=allocations(node, dialect, "sector", "recipient-country", "recipient-region"),
        printed=value.printed,
        provider_activity=_activity(provider, "provider-activity-id"),
        receiver_activity=_activity(receiver, "receiver-activity-id"),
        humanitarian=flag(node, "humanitarian"),
    )


def _kind(node: Node, dialect: Dialect) -> FundingKind | None:
    said = node.child("transaction-type")
    printed = None if said is None else said.get("code")
    if said is not None:
        said.leave_out_text(Omission.LABEL_OF_CODE)
    kind = dialect.transactions.get(printed or "")
    if kind is None:
        node.refuse("iati-transaction-type", printed)
    return kind


def _descriptions(node: Node) -> tuple[Text, ...]:
    return tuple(text for each in node.children("description") for text in texts(each))


def _classifications(node: Node) -> _SAID:
    return tuple(
        found
        for name, kind, codelist in _OF_TRANSACTIONS
        for element in node.children(name)
        for found in classification(element, kind, codelist)
    )


_READERS = {
    "budget": _budget,
    "planned-disbursement": _planned,
    "transaction": _transaction,
}
