"""Funding lines as yearly budgets and, one by one, as planned disbursements.

A page announces sums; it does not say that they were paid: no `transaction` is ever written.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from coopdec_graph.exporting.iati.organisations import add_organisation
from coopdec_graph.exporting.iati.xml import add
from coopdec_graph.exporting.reading import Line, Reader

__all__ = ["add_budgets", "add_planned_disbursements"]

_INDICATIVE = "1"


def add_budgets(activity: etree._Element, lines: Sequence[Line]) -> None:
    """The sum of each year, indicative. A year of which a line is unread has none: a sum of the
    others would look like the year's; so has no year at all once a line is of an unknown year."""
    if any(line.year is None for line in lines):
        return
    for year in sorted({line.year for line in lines if line.year is not None}):
        amounts = [line.amount for line in lines if line.year == year]
        known = [amount for amount in amounts if amount is not None]
        if len(known) == len(amounts):
            budget = add(activity, "budget", status=_INDICATIVE)
            _add_period_and_value(budget, year, sum(known, Decimal()))


def add_planned_disbursements(
    activity: etree._Element, lines: Sequence[Line], reader: Reader
) -> None:
    """Each line whose year and amount are known, with who pays it. Who receives it no page says."""
    for line in lines:
        if line.year is not None and line.amount is not None:
            planned = add(activity, "planned-disbursement")
            _add_period_and_value(planned, line.year, line.amount)
            if line.financer is not None:
                add_organisation(planned, "provider-org", reader.shared(line.financer))


def _add_period_and_value(parent: etree._Element, year: int, amount: Decimal) -> None:
    first = f"{year:04}-01-01"
    add(parent, "period-start", iso_date=first)
    add(parent, "period-end", iso_date=f"{year:04}-12-31")
    # The standard asks for a day whose rate converts the sum: the first of the year it is for.
    add(parent, "value", f"{amount:f}", currency="EUR", value_date=first)
