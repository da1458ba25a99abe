"""What the DAC's rules make of the French money of an activity: assistance, if the country may have it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lxml import etree

from coopdec_graph.exporting.bodies import known
from coopdec_graph.exporting.iati.xml import add
from coopdec_graph.exporting.reading import Line, Reader, Thing
from coopdec_graph.exporting.recipients import recipients
from coopdec_graph.reference.oda import is_oda_recipient

__all__ = ["add_flow_types"]

# CollaborationType, FlowType, FinanceType and AidType of the standard: bilateral, ODA, standard grant,
# project-type intervention.
_TYPES = (
    ("collaboration-type", "1"),
    ("default-flow-type", "10"),
    ("default-finance-type", "110"),
    ("default-aid-type", "C01"),
)


def add_flow_types(
    activity: etree._Element,
    facts: Thing,
    lines: Sequence[Line],
    years: Collection[int],
    reader: Reader,
) -> None:
    """The four types, where French public money goes to countries that are all on the DAC's list of
    recipients in each of the years; else none.
    """
    countries = recipients(facts)
    payers = (reader.shared(line.financer) for line in lines if line.financer is not None)
    eligible = countries and all(is_oda_recipient(one.alpha2, years) for one in countries)
    if eligible and any(known(payer).french for payer in payers):
        for tag, code in _TYPES:
            add(activity, tag, code=code)
