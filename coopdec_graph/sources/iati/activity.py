"""One activity, element by element, as the programme-neutral model has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from coopdec_graph.iati.codelists import name
from coopdec_graph.model import (
    Activity,
    ActivityDate,
    Agent,
    Classification,
    Code,
    Narrative,
    RelatedActivity,
    SourcePage,
    Text,
)
from coopdec_graph.namespaces import slug
from coopdec_graph.sources.iati.coding import allocations, classification, code, coded
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.money import financial_items
from coopdec_graph.sources.iati.nodes import Account, Node, Omission
from coopdec_graph.sources.iati.organisations import body, other_identifiers, participations
from coopdec_graph.sources.iati.places import locations
from coopdec_graph.sources.iati.values import day, flag, texts, whole
from coopdec_graph.sources.sidecar import is_address
from coopdec_graph.vocabulary import Concept

__all__ = ["LEFT_OUT", "PROGRAMME", "read_activity"]

PROGRAMME = "iati"
_STATUS = "ActivityStatus"

# What the model has no place for, by the rule that leaves it out (docs/reading-iati.md).
LEFT_OUT: Mapping[str, Omission] = {
    "contact-info": Omission.PERSONAL_DATA,
    "activity-website": Omission.WEBSITE,
    "country-budget-items": Omission.COUNTRY_BUDGET_ITEMS,
    "capital-spend": Omission.CAPITAL_SPEND,
    "document-link": Omission.DOCUMENT_LINK,
    "legacy-data": Omission.LEGACY_DATA,
    "conditions": Omission.CONDITIONS,
    "result": Omission.RESULT,
    "crs-add": Omission.CRS_ADD,
    "fss": Omission.FSS,
}
_CLASSIFICATIONS = (
    ("activity-scope", Classification.ACTIVITY_SCOPE, "ActivityScope"),
    ("collaboration-type", Classification.COLLABORATION_TYPE, "CollaborationType"),
    ("default-flow-type", Classification.FLOW_TYPE, "FlowType"),
    ("default-finance-type", Classification.FINANCE_TYPE, "FinanceType"),
    ("default-aid-type", Classification.AID_TYPE, "AidType"),
    ("default-tied-status", Classification.TIED_STATUS, "TiedStatus"),
)
_ALLOCATIONS = (
    "recipient-country",
    "recipient-region",
    "sector",
    "tag",
    "humanitarian-scope",
    "policy-marker",
)
# IATI's list DescriptionType; "not required if only one general description is reported".
_DESCRIPTIONS = {
    None: Narrative.DESCRIPTION,
    "1": Narrative.DESCRIPTION,
    "2": Narrative.OBJECTIVE,
    "3": Narrative.BENEFICIARIES,
    "4": Narrative.OTHER_DESCRIPTION,
}


def read_activity(
    activity: Node,
    account: Account,
    dialect: Dialect,
    source: Callable[[Node, Agent | None], SourcePage],
) -> Activity:
    """The activity that a valid element describes. `source` says where it stands, from its reporter.

    Absent stays absent; every unit of the element is accounted for.
    """
    facts: dict[str, Any] = {}
    for field, read in _FIELDS.items():
        account.field = field
        facts[field] = read(activity, dialect)
    account.field = "dates"
    facts.update(_dates(activity, dialect))
    account.field = "source"
    activity.use()
    page = source(activity, facts["reporter"])
    _leave_out(activity)
    activity.close()
    return Activity(PROGRAMME, page, **facts)


def _leave_out(activity: Node) -> None:
    for element, rule in LEFT_OUT.items():
        activity.leave_out_children(rule, element)
    activity.leave_out_attributes(Omission.BUDGET_NOT_PROVIDED, "budget-not-provided")


def _titles(activity: Node, dialect: Dialect) -> tuple[Text, ...]:
    return tuple(text for node in activity.children("title") for text in texts(node))


def _narratives(activity: Node, dialect: Dialect) -> Mapping[Narrative, tuple[Text, ...]]:
    found: dict[Narrative, tuple[Text, ...]] = {}
    for node in activity.children("description"):
        kind = _DESCRIPTIONS.get(node.get("type"), Narrative.OTHER_DESCRIPTION)
        said = texts(node)
        if said:
            found[kind] = (*found.get(kind, ()), *said)
    return found


def _reporter(activity: Node, dialect: Dialect) -> Agent | None:
    return body(activity.child("reporting-org"))


def _secondary(activity: Node, dialect: Dialect) -> bool | None:
    reporters = activity.children("reporting-org")
    return flag(reporters[0], "secondary-reporter") if reporters else None


def _status(activity: Node, dialect: Dialect) -> Concept | None:
    """A status that IATI does not have is a candidate concept; the version refuses it."""
    node = activity.child("activity-status")
    if node is None:
        return None
    node.leave_out_text(Omission.LABEL_OF_CODE)
    found = code(node, _STATUS)
    if found is None:
        return None
    known = found.list is not None
    label = name(_STATUS, found.value, "fr") or found.value
    path = found.value if known else f"candidate/{slug(found.value)}"
    return Concept("iati-activity-status", path, label, known=known)


def _dates(activity: Node, dialect: Dialect) -> Mapping[str, Any]:
    """The first day of each kind, and the words beside it.

    In version 1 the words are the date itself where no `iso-date` says it.
    """
    dates: dict[ActivityDate, date] = {}
    notes: list[tuple[ActivityDate, Text]] = []
    for node in activity.children("activity-date"):
        kind, when, said = dialect.dates.get(node.get("type") or ""), day(node), texts(node)
        if kind is None:
            node.refuse("iati-code-without-equivalent", node.get("type"))
        elif kind in dates:
            node.refuse("iati-repeated")
        else:
            notes += [(kind, text) for text in said]
            if when is not None:
                dates[kind] = when
    return {"dates": dates, "date_notes": tuple(notes)}


def _classified(activity: Node, dialect: Dialect) -> tuple[tuple[Classification, Code], ...]:
    return tuple(
        found
        for element, kind, codelist in _CLASSIFICATIONS
        for node in activity.children(element)
        for found in classification(node, kind, codelist)
    )


def _allocated(activity: Node, dialect: Dialect) -> Any:
    return allocations(activity, dialect, *_ALLOCATIONS)


def _items(activity: Node, dialect: Dialect) -> Any:
    return financial_items(activity, dialect, activity.identifier("default-currency"))


def _related(activity: Node, dialect: Dialect) -> tuple[RelatedActivity, ...]:
    found = []
    for node in activity.children("related-activity"):
        node.leave_out_text(Omission.LABEL_OF_CODE)
        identifier, kind = node.identifier("ref"), node.identifier("type")
        if identifier and kind:
            found.append(RelatedActivity(identifier, coded(kind, "RelatedActivityType")))
    return tuple(found)


def _linked_data(activity: Node, dialect: Dialect) -> str | None:
    printed = activity.get("linked-data-uri")
    if printed is None or is_address(printed):
        return printed
    activity.refuse_attribute("linked-data-uri", "iati-value", printed)
    return None


_Reader = Callable[[Node, Dialect], Any]
# By the field of the model; in this order what is read first decides.
_FIELDS: Mapping[str, _Reader] = {
    "titles": _titles,
    "reporter": _reporter,
    "secondary_reporter": _secondary,
    "narratives": _narratives,
    "participations": participations,
    "other_identifiers": lambda activity, dialect: other_identifiers(activity),
    "declared_status": _status,
    "classifications": _classified,
    "allocations": _allocated,
    "locations": locations,
    "items": _items,
    "related": _related,
    "humanitarian": lambda activity, dialect: flag(activity, "humanitarian"),
    "hierarchy": lambda activity, dialect: whole(activity, "hierarchy"),
    "linked_data": _linked_data,
}
