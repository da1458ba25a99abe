"""Whatever a graph says within its shapes, what is written is valid; the rest is left out."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from coopdec_graph.exporting.base import Publisher
from coopdec_graph.exporting.iati.activities import NotExportable, activity_element
from coopdec_graph.exporting.iati.checking import refused_by
from coopdec_graph.exporting.reading import Reader
from coopdec_graph.iati.codelists import codes
from coopdec_graph.iati.rules import check
from coopdec_graph.iati.schemas import schema_errors
from coopdec_graph.namespaces import COUNTRY, PREFIXES, SCHEME

IRI = "https://w3id.org/coopdec/id/partnership/atlas-1"
XSD = PREFIXES["xsd"]
ROLES = ("collectivite-francaise", "partenaire-etranger", "maitre-d-ouvrage", "maitre-d-oeuvre")
CLASSES = (
    "cd:FrenchCollectivity",
    "cd:ForeignCollectivity",
    "cd:FinancerGroup",
    "org:Organization",
)
PROSE = ("context", "history", "objective", "localObjective", "description", "beneficiaries")

# Control characters and everything else that a literal may hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
YEARS = st.integers(1, 9999)
AMOUNTS = st.decimals(0, 10**9, places=2)


def node(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


class Graph:
    """A store that is filled statement by statement."""

    def __init__(self) -> None:
        self.store = ox.Store()

    def say(self, subject: str, property: str, *values: ox.NamedNode | ox.Literal) -> None:
        for value in values:
            self.store.add(ox.Quad(ox.NamedNode(subject), node(property), value))


@st.composite
def graphs(draw: st.DrawFn) -> ox.Store:
    """An activity with any of the facts it may have, each absent, once or several times."""
    graph = Graph()
    graph.say(IRI, "rdf:type", node("cd:Activity"), node("cd:Partnership"))
    literals = st.builds(lambda text: ox.Literal(text, language="fr"), TEXTS)
    graph.say(IRI, "dct:title", *draw(st.lists(literals, max_size=2)))
    for name in draw(st.lists(st.sampled_from(PROSE), unique=True)):
        graph.say(IRI, f"cd:{name}", *draw(st.lists(literals, max_size=2)))
    countries = draw(st.lists(st.sampled_from(["MAR", "TGO", "BEN", "DEU"]), unique=True))
    graph.say(IRI, "dct:spatial", *(ox.NamedNode(COUNTRY[code]) for code in countries))
    for name in ("declaredStatus", "computedStatus"):
        status = draw(st.sampled_from(["", "en-cours", "termine", "candidate/ailleurs"]))
        if status:
            graph.say(IRI, f"cd:{name}", ox.NamedNode(SCHEME[f"status/{status}"]))
    for status, code in (("en-cours", 2), ("termine", 4)):
        match = ox.NamedNode(SCHEME[f"iati-activity-status/{code}"])
        graph.say(SCHEME[f"status/{status}"], "skos:closeMatch", match)
    period(graph, draw)
    bodies = list(some_bodies(graph, draw))
    for rank, (body, role) in enumerate(
        draw(st.lists(st.tuples(bodies_of(bodies), st.sampled_from(ROLES))))
    ):
        membership = f"{IRI}/m{rank}"
        graph.say(membership, "org:organization", ox.NamedNode(IRI))
        graph.say(membership, "org:member", ox.NamedNode(body))
        graph.say(membership, "org:role", ox.NamedNode(SCHEME[f"role/{role}"]))
        graph.say(membership, "cd:sourceRank", typed(str(rank), "integer"))
    money(graph, draw, bodies)
    themes(graph, draw)
    return graph.store


def bodies_of(bodies: list[str]) -> st.SearchStrategy[str]:
    return st.sampled_from(bodies)


def period(graph: Graph, draw: st.DrawFn) -> None:
    start, end = draw(st.none() | YEARS), draw(st.none() | st.dates())
    graph.say(IRI, "dct:temporal", ox.NamedNode(f"{IRI}/period"))
    if start is not None:
        graph.say(f"{IRI}/period", "dcat:startDate", typed(f"{start:04}-01-01", "date"))
        graph.say(f"{IRI}/period", "cd:startPrecision", ox.NamedNode(SCHEME["precision/year"]))
    if end is not None:
        graph.say(f"{IRI}/period", "dcat:endDate", typed(end.isoformat(), "date"))


def some_bodies(graph: Graph, draw: st.DrawFn) -> Iterator[str]:
    for number in range(3):
        body = f"https://w3id.org/coopdec/id/collectivity/x/{number}"
        graph.say(body, "rdf:type", node(draw(st.sampled_from(CLASSES))))
        graph.say(body, "skos:prefLabel", ox.Literal(f"n°{draw(TEXTS)}", language="fr"))
        place = f"https://w3id.org/coopdec/id/place/x/{number}"
        if draw(st.booleans()):
            wkt = draw(
                st.sampled_from(
                    ["POINT(1.5 2)", "POINT EMPTY", "no geometry", "LINESTRING(1 1,2 2)"]
                )
            )
            graph.say(body, "dct:spatial", ox.NamedNode(place))
            graph.say(place, "skos:prefLabel", ox.Literal(draw(TEXTS), language="fr"))
            graph.say(place, "geo:hasGeometry", ox.NamedNode(f"{place}/g"))
            literal = ox.Literal(wkt, datatype=node("geo:wktLiteral"))
            graph.say(f"{place}/g", "geo:asWKT", literal)
        yield body


def money(graph: Graph, draw: st.DrawFn, bodies: list[str]) -> None:
    rows = st.tuples(st.none() | bodies_of(bodies), st.none() | YEARS, st.none() | AMOUNTS)
    for number, (financer, year, amount) in enumerate(draw(st.lists(rows, max_size=4))):
        line = f"{IRI}/line/{number}"
        graph.say(line, "cd:fundedActivity", ox.NamedNode(IRI))
        if financer is not None:
            graph.say(line, "cd:financer", ox.NamedNode(financer))
        if year is not None:
            graph.say(line, "cd:year", typed(f"{year:04}", "gYear"))
        if amount is not None:
            graph.say(line, "cd:amount", typed(f"{amount:f}", "decimal"))


def themes(graph: Graph, draw: st.DrawFn) -> None:
    names = draw(st.lists(st.sampled_from(["eau", "fête", "candidate/x/y"]), unique=True))
    for name in names:
        theme = SCHEME[f"theme/{name}"]
        graph.say(IRI, "dct:subject", ox.NamedNode(theme))
        dac = draw(st.lists(st.sampled_from(["15112", "140", "99810"]), unique=True, max_size=2))
        graph.say(theme, "skos:closeMatch", *(ox.NamedNode(SCHEME[f"dac/{code}"]) for code in dac))
        for goal in draw(st.lists(st.sampled_from(["6", "16", "16.6"]), unique=True)):
            iri = f"http://metadata.un.org/sdg/{goal}"
            graph.say(theme, "skos:relatedMatch", ox.NamedNode(iri))
            graph.say(iri, "skos:notation", ox.Literal(goal))
    if names:
        graph.say(IRI, "cd:mainTheme", ox.NamedNode(SCHEME[f"theme/{names[0]}"]))


@settings(max_examples=150, deadline=None)
@given(graphs())
def test_what_is_written_is_valid(store: ox.Store) -> None:
    reader = Reader(store)
    try:
        activity = activity_element(IRI, reader, Publisher())
    except NotExportable:
        return
    # The lists we hold are older than the vocabularies of goals and targets.
    doubts = {(found.rule, found.values.get("value")) for found in check(activity, "2.03")}
    assert doubts <= {("code-unknown", "2"), ("code-unknown", "3")}
    assert refused_by(activity) is None
    again = etree.fromstring(etree.tostring(activity))
    assert schema_errors(again, "2.03") == ()
    shares: dict[str, list[str]] = {}
    for sector in activity.findall("sector"):
        shares.setdefault(str(sector.get("vocabulary")), []).append(str(sector.get("percentage")))
    assert shares != {}
    assert [found for found in shares.values() if found != ["100"]] == []
    recipients = [country.get("percentage") for country in activity.findall("recipient-country")]
    assert recipients in ([], ["100"])
    dates = {
        date.get("type"): str(date.get("iso-date")) for date in activity.findall("activity-date")
    }
    assert dates["1"] <= dates.get("3", "9999-12-31")
    assert activity.findall("transaction") == activity.findall("contact-info") == []
    for path, attribute, codelist in (
        ("participating-org", "role", "OrganisationRole"),
        ("participating-org", "type", "OrganisationType"),
        ("participating-org", "crs-channel-code", "CRSChannelCode"),
        ("activity-status", "code", "ActivityStatus"),
        ("description", "type", "DescriptionType"),
        ("other-identifier", "type", "OtherIdentifierType"),
        ("recipient-country", "code", "Country"),
        ("activity-scope", "code", "ActivityScope"),
        ("location/location-id", "vocabulary", "GeographicVocabulary"),
        ("location/exactness", "code", "GeographicExactness"),
        ("sector", "vocabulary", "SectorVocabulary"),
        ("budget", "status", "BudgetStatus"),
    ):
        used = {element.get(attribute) for element in activity.findall(path)} - {None}
        assert used - set(codes("2.03", codelist)) == set(), (path, attribute)


@settings(max_examples=80, deadline=None)
@given(graphs())
def test_no_sum_is_invented(store: ox.Store) -> None:
    """What is written of money is what the lines say, line by line and year by year."""
    reader = Reader(store)
    try:
        activity = activity_element(IRI, reader, Publisher())
    except NotExportable:
        return
    lines = reader.lines(IRI)
    known = [(line.year, line.amount) for line in lines if line.year and line.amount is not None]
    planned = [
        (int(str(one.find("period-start").get("iso-date"))[:4]), str(one.findtext("value")))  # type: ignore[union-attr]
        for one in activity.findall("planned-disbursement")
    ]
    assert planned == [(year, f"{amount:f}") for year, amount in known]
    whole = {
        line.year
        for line in lines
        if all(o.year is not None and (o.year != line.year or o.amount is not None) for o in lines)
    }
    budgets = {
        int(str(one.find("period-start").get("iso-date"))[:4]): str(one.findtext("value"))  # type: ignore[union-attr]
        for one in activity.findall("budget")
    }
    expected = {
        year: f"{sum(amount for known_year, amount in known if known_year == year and amount is not None):f}"
        for year in whole
        if year is not None
    }
    assert budgets == expected
