"""Which partnerships IATI is told to be official development assistance, and which partners local."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from lxml import etree

from coopdec_graph.exporting.base import Publisher
from coopdec_graph.exporting.iati.activities import activity_element
from coopdec_graph.exporting.reading import Reader
from coopdec_graph.namespaces import COUNTRY, SCHEME
from tests.exporting.test_iati_of_any_graph import IRI, Graph, node, typed

OURS, THEIRS = f"{IRI}/ours", f"{IRI}/theirs"
TYPES = ("collaboration-type", "default-flow-type", "default-finance-type", "default-aid-type")
ASSISTANCE = ["1", "10", "110", "C01"]


def partnership(countries: list[str], years: list[int], payer: str, start: int) -> Graph:
    """With a French and a foreign collectivity, each foreign one of the first country."""
    graph = Graph()
    graph.say(IRI, "rdf:type", node("cd:Activity"), node("cd:Partnership"))
    graph.say(IRI, "dct:title", ox.Literal("Eau", language="fr"))
    graph.say(IRI, "cd:declaredStatus", ox.NamedNode(SCHEME["status/en-cours"]))
    active = ox.NamedNode(SCHEME["iati-activity-status/2"])
    graph.say(SCHEME["status/en-cours"], "skos:closeMatch", active)
    graph.say(IRI, "dct:temporal", ox.NamedNode(f"{IRI}/period"))
    graph.say(f"{IRI}/period", "dcat:startDate", typed(f"{start}-01-01", "date"))
    graph.say(IRI, "dct:spatial", *(ox.NamedNode(COUNTRY[code]) for code in countries))
    for rank, (body, kind) in enumerate([(OURS, "French"), (THEIRS, "Foreign")], start=1):
        graph.say(body, "rdf:type", node(f"cd:{kind}Collectivity"))
        graph.say(body, "skos:prefLabel", ox.Literal(kind, language="en"))
        role = "collectivite-francaise" if kind == "French" else "partenaire-etranger"
        graph.say(f"{IRI}/m{rank}", "org:organization", ox.NamedNode(IRI))
        graph.say(f"{IRI}/m{rank}", "org:member", ox.NamedNode(body))
        graph.say(f"{IRI}/m{rank}", "org:role", ox.NamedNode(SCHEME[f"role/{role}"]))
        graph.say(f"{IRI}/m{rank}", "cd:sourceRank", typed(str(rank), "integer"))
    graph.say(THEIRS, "cd:country", ox.NamedNode(COUNTRY[countries[0]]))
    for year in years:
        graph.say(f"{IRI}/{year}", "cd:fundedActivity", ox.NamedNode(IRI))
        graph.say(f"{IRI}/{year}", "cd:financer", ox.NamedNode(payer))
        graph.say(f"{IRI}/{year}", "cd:year", typed(f"{year}", "gYear"))
        graph.say(f"{IRI}/{year}", "cd:amount", typed("1000", "decimal"))
    return graph


def told(graph: Graph) -> tuple[list[str], list[str | None]]:
    """The four types that are written, and the channels of the two collectivities."""
    activity: etree._Element = activity_element(
        IRI, Reader(graph.store), Publisher("FR-X-1", "Essai", "90")
    )
    types = [one.get("code") or "" for tag in TYPES for one in activity.findall(tag)]
    parts = [one for one in activity.findall("participating-org") if one.get("role") == "4"]
    return types, [one.get("crs-channel-code") for one in parts]


@pytest.mark.parametrize(
    ("countries", "years", "types", "channel"),
    [
        (["MAR"], [2021, 2022], ASSISTANCE, "12002"),
        (["DEU"], [2021], [], None),
        # Chile left the list after the flows of 2017.
        (["CHL"], [2016, 2017], ASSISTANCE, "12002"),
        (["CHL"], [2017, 2018], [], None),
        # Of years whose list is not known, nothing is said.
        (["MAR"], [2010], [], None),
        (["MAR"], [2026, 2027], [], None),
        # Every country must be on it; a partner's channel depends on its own alone.
        (["SEN", "MLI"], [2021], ASSISTANCE, "12002"),
        (["SEN", "ITA"], [2021], [], "12002"),
    ],
)
def test_assistance_is_what_goes_to_countries_on_the_list_of_its_years(
    countries: list[str], years: list[int], types: list[str], channel: str | None
) -> None:
    assert told(partnership(countries, years, OURS, 2019)) == (types, ["11002", channel])


def test_without_sums_of_french_bodies_nothing_is_assistance() -> None:
    """The partner's own money is none; where no sum is printed, the start tells the year."""
    assert told(partnership(["MAR"], [2021], THEIRS, 2019)) == ([], ["11002", "12002"])
    assert told(partnership(["MAR"], [], OURS, 2019)) == ([], ["11002", "12002"])
    assert told(partnership(["MAR"], [], OURS, 2009)) == ([], ["11002", None])
