"""What is read of a graph to compare activities, whole; and lines that are not of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from coopdec_graph.linking.activities.reading import reported_activities
from coopdec_graph.linking.activities.reported import Body, Period, ReportedActivity, Spot, Title
from coopdec_graph.linking.activities.subjects import has_several_sources
from tests.linking.activities.reports import graph_of, linked, partnership, read, report

ID = "https://w3id.org/coopdec/id/"
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
EUR = "http://publications.europa.eu/resource/authority/currency/EUR"
USD = "http://publications.europa.eu/resource/authority/currency/USD"


def body(end: str, *keys: str, country: str | None = None, is_french: bool = False) -> Body:
    code = None if country is None else COUNTRY + country
    return Body(ID + end, frozenset({ID + end, *keys}), code, is_french)


def test_a_partnership_is_read_whole() -> None:
    """With the places and codes that linking gave its bodies."""
    graph, _ = linked([partnership("3203")])
    [found] = reported_activities(graph.split(b"\n"))
    chinon = body(
        "collectivity/fr/chinon", "name chinon", "siren 213700727", ID + "place/fr/commune/37072",
        country="FRA", is_french=True,
    )  # fmt: skip
    place = ID + "place/sn/geonames/2246512"
    rufisque = body(
        "collectivity/sn/ville-de-rufisque", "name ville de rufisque", "name rufisque", place,
        country="SEN",
    )  # fmt: skip
    assert found == ReportedActivity(
        ID + "partnership/atlas-3203",
        "atlas",
        # Its bare number is no name: another thing may have it.
        frozenset({ID + "partnership/atlas-3203", "atlas-3203"}),
        titles=(Title("acces a l eau potable des ecoles rurales", "fr"),),
        doers=(chinon, rufisque),
        countries=frozenset({COUNTRY + "SEN"}),
        period=Period(date(2019, 1, 1), date(2021, 12, 31), start_is_day=False),
        spots=(Spot(place, "2246512", found.spots[0].point),),
        totals={EUR: frozenset({Decimal(42000)})},
        shares={EUR: frozenset({Decimal(12000), Decimal(30000)})},
    )
    longitude, latitude = found.spots[0].point or (0.0, 0.0)
    assert (round(longitude, 1), round(latitude, 1)) == (-17.3, 14.7)


def test_a_report_is_read_whole() -> None:
    [found] = read(
        report(
            "XM-PUBLIEUR-2019-17",
            {"fr": "Eau", "en": "Water"},
            doers=["Région de Dakar"],
            payers=["Agence Exemple"],
            countries=["SN", "ML"],
            budget=500,
            currency="USD",
            point=("14.7", "-17.2"),
            secondary=True,
            declares=["atlas-3203"],
            parts=["XM-A-1"],
            related=[("1", "XM-B-2"), ("5", "XM-C-3"), ("4", "XM-D-4")],
            linked_data="https://exemple.org/17",
        )
    )
    reporter = body(
        "organisation/ref/XM-PUBLIEUR", "reference XM-PUBLIEUR", "name publieur xm publieur"
    )
    assert found == ReportedActivity(
        ID + "activity/iati-XM-PUBLIEUR-2019-17",
        "iati",
        frozenset(
            {
                ID + "activity/iati-XM-PUBLIEUR-2019-17",
                "iati-XM-PUBLIEUR-2019-17",
                "XM-PUBLIEUR-2019-17",
            }
        ),
        reporter,
        is_secondary=True,
        declared=frozenset({"atlas-3203", "XM-C-3", "iati-XM-C-3", "https://exemple.org/17"}),
        parts=frozenset({"XM-A-1", "iati-XM-A-1"}),
        relatives=frozenset({"XM-B-2", "iati-XM-B-2"}),
        titles=(Title("eau", "fr"), Title("water", "en")),
        doers=(
            body(
                "organisation/region-de-dakar", "subdivision region de dakar", "subdivision dakar"
            ),
        ),
        payers=(body("organisation/agence-exemple", "name agence exemple"),),
        countries=frozenset({COUNTRY + "SEN", COUNTRY + "MLI"}),
        period=Period(date(2019, 1, 1), date(2021, 12, 31), start_is_day=True),
        spots=(Spot(None, None, (-17.2, 14.7)),),
        totals={USD: frozenset({Decimal(500)})},
    )


def test_a_line_that_could_not_be_read_leaves_no_total() -> None:
    [whole] = read(partnership("1", lines=[("Chinon", 5000), ("", 7000)]))
    assert whole.totals == {EUR: frozenset({Decimal(12000)})}
    [none] = read(partnership("1", lines=[]))
    assert none.totals == {} and none.shares == {}


def test_lines_in_any_order_give_the_same() -> None:
    lines = graph_of([partnership("1"), report("XM-PUBLIEUR-17")]).split(b"\n")
    assert reported_activities(reversed(lines)) == reported_activities(lines)
    assert reported_activities([]) == [] == reported_activities([b"", b"# nothing"])


def test_the_vocabulary_is_no_activity() -> None:
    assert reported_activities(graph_of([]).split(b"\n")) == []


def test_one_source_needs_no_reading() -> None:
    one = [partnership("1"), partnership("2")]
    assert not has_several_sources(graph_of(one).split(b"\n"))
    assert not has_several_sources(graph_of([report("XM-A-1"), report("XM-A-2")]).split(b"\n"))
    for other in (report("XM-A-1"), report("XM-A-1", reporter="")):
        assert has_several_sources(graph_of([*one, other]).split(b"\n"))
    reporters = [report("XM-A-1"), report("XM-B-1", reporter="XM-B")]
    assert has_several_sources(graph_of(reporters).split(b"\n"))
