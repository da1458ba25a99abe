"""An activity of the graph as an `iati-activity` of version 2.03 (docs/iati.md).

Elements stand in the order that the schema wants. What the graph does not say is not written; an
activity that lacks what the standard demands is not exported, and the reason is given.
"""

from __future__ import annotations

import pyoxigraph as ox
from lxml import etree

from coopdec_graph.exporting.base import Publisher
from coopdec_graph.exporting.iati.flows import add_flow_types
from coopdec_graph.exporting.iati.money import add_budgets, add_planned_disbursements
from coopdec_graph.exporting.iati.organisations import add_owner, add_participants
from coopdec_graph.exporting.iati.places import add_countries, add_locations
from coopdec_graph.exporting.iati.sectors import add_sectors, add_tags
from coopdec_graph.exporting.iati.xml import add, add_narratives
from coopdec_graph.exporting.periods import years_of
from coopdec_graph.exporting.reading import Reader, Thing
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import SCHEME

__all__ = ["NotExportable", "activity_element"]

_NO_TITLE = Bilingual("sans titre", "without a title")
_NO_STATUS = Bilingual(
    "état ni déclaré ni calculable", "status neither declared nor to be computed"
)
_NO_START = Bilingual("sans année de début", "without a start year")
_BACKWARDS = Bilingual("finit avant de commencer", "ends before it starts")
_NOBODY = Bilingual("personne n'y prend part", "nobody takes part in it")

# DescriptionType of the standard, by our properties.
_DESCRIPTIONS = (
    ("cd:description", "1"),
    ("cd:objective", "2"),
    ("cd:localObjective", "2"),
    ("cd:objectiveInFrance", "2"),
    ("cd:beneficiaries", "3"),
    ("cd:context", "4"),
    ("cd:history", "4"),
)
_GENERAL = "1"
_PLANNED_START, _PLANNED_END = "1", "3"
_OWN_IDENTIFIER, _OTHER_IDENTIFIER = "A1", "A9"
_WEB_PAGE = "A12"
_IATI_STATUS = str(SCHEME["iati-activity-status/"])
_YEAR_ONLY = str(SCHEME["precision/year"])
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class NotExportable(Exception):
    """The standard demands what the graph does not say of this activity."""

    def __init__(self, reason: Bilingual) -> None:
        self.reason = reason
        super().__init__(reason.en)


def activity_element(iri: str, reader: Reader, publisher: Publisher) -> etree._Element:
    """The element of an activity. Raises NotExportable."""
    facts = reader.thing(iri)
    members, lines = reader.members(iri), reader.lines(iri)
    activity = etree.Element("iati-activity")
    activity.set(_LANGUAGE, "fr")
    activity.set("default-currency", "EUR")
    activity.set("linked-data-uri", iri)
    key = iri.rpartition("/")[2]
    add(activity, "iati-identifier", f"{publisher.reference}-{key}")
    _add_reporter(activity, publisher)
    _add_texts(activity, facts)
    years = years_of(facts, lines, reader)
    add_participants(activity, members, lines, years, reader)
    if activity.find("participating-org") is None:
        raise NotExportable(_NOBODY)
    _add_other_identifiers(activity, key, facts, reader)
    add(activity, "activity-status", code=_status(facts, reader))
    _add_dates(activity, facts, reader)
    shareless = add_countries(activity, facts)
    add_locations(activity, members, shareless, reader)
    add_sectors(activity, facts, reader)
    add_tags(activity, facts, reader)
    add_flow_types(activity, facts, lines, years, reader)
    add_budgets(activity, lines)
    add_planned_disbursements(activity, lines, reader)
    _add_pages(activity, facts, reader)
    return activity


def _add_reporter(activity: etree._Element, publisher: Publisher) -> None:
    reporter = add(activity, "reporting-org", ref=publisher.reference, type=publisher.type)
    # Who republishes has no part in the activities.
    reporter.set("secondary-reporter", "1")
    add(reporter, "narrative", publisher.name)


def _add_texts(activity: etree._Element, facts: Thing) -> None:
    titles = facts.texts("dct:title")
    if not titles:
        raise NotExportable(_NO_TITLE)
    add_narratives(add(activity, "title"), titles)
    found = [(text, type) for name, type in _DESCRIPTIONS for text in facts.texts(name)]
    # The standard demands a description: without prose, the title is all that is known.
    for text, type in found or [(title, _GENERAL) for title in titles[:1]]:
        add_narratives(add(activity, "description", type=type), [text])


def _add_other_identifiers(
    activity: etree._Element, key: str, facts: Thing, reader: Reader
) -> None:
    """Our key, and the identifier that the programme itself gives the activity."""
    add(activity, "other-identifier", ref=key, type=_OWN_IDENTIFIER)
    for page in map(reader.thing, facts.iris("prov:wasDerivedFrom")):
        for number in page.texts("dct:identifier"):
            other = add(activity, "other-identifier", ref=number.value, type=_OTHER_IDENTIFIER)
            for publisher in page.iris("dct:publisher")[:1]:
                add_owner(other, reader.shared(publisher))


def _status(facts: Thing, reader: Reader) -> str:
    """What the page declares; where it does not, what its dates give on the day of the release."""
    for property in ("cd:declaredStatus", "cd:computedStatus"):
        for status in map(reader.shared, facts.iris(property)):
            matches = (*status.iris("skos:exactMatch"), *status.iris("skos:closeMatch"))
            codes = [iri.removeprefix(_IATI_STATUS) for iri in matches if _IATI_STATUS in iri]
            if len(codes) == 1:
                return codes[0]
    raise NotExportable(_NO_STATUS)


def _add_dates(activity: etree._Element, facts: Thing, reader: Reader) -> None:
    """Both as planned: a page does not say whether what it prints has come true."""
    period = [reader.thing(node) for node in facts.iris("dct:temporal")]
    start = next((value for value in (one.one("dcat:startDate") for one in period) if value), None)
    end = next((value for value in (one.one("dcat:endDate") for one in period) if value), None)
    if start is None:
        raise NotExportable(_NO_START)
    if end is not None and end < start:
        raise NotExportable(_BACKWARDS)
    first = add(activity, "activity-date", type=_PLANNED_START, iso_date=start)
    if any(one.one("cd:startPrecision") == _YEAR_ONLY for one in period):
        add_narratives(first, _known_to_the_year(start[:4]))
    if end is not None:
        add(activity, "activity-date", type=_PLANNED_END, iso_date=end)


def _known_to_the_year(year: str) -> list[ox.Literal]:
    return [
        ox.Literal(f"{year} (seule l'année est connue)", language="fr"),
        ox.Literal(f"{year} (only the year is known)", language="en"),
    ]


def _add_pages(activity: etree._Element, facts: Thing, reader: Reader) -> None:
    """The page of the activity in its programme, where its address is known."""
    for page in map(reader.thing, facts.iris("prov:wasDerivedFrom")):
        for address in page.iris("dct:source"):
            document = add(activity, "document-link", url=address, format="text/html")
            add_narratives(add(document, "title"), facts.texts("dct:title")[:1])
            add(document, "category", code=_WEB_PAGE)
