"""How a theme leads to the lists of others: by its own mappings, or by those of a broader theme."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox
import pytest

from coopdec_graph.graph.build import vocabulary_quads
from coopdec_graph.graph.query import run
from coopdec_graph.namespaces import Minter
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.questions.kinds import Kind
from coopdec_graph.questions.values import bindings, own_choices

DATA = """
PREFIX cd: <https://w3id.org/coopdec/def#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX p: <https://w3id.org/coopdec/id/partnership/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX theme: <https://w3id.org/coopdec/scheme/theme/>
PREFIX xkos: <http://rdf-vocabulary.ddialliance.org/xkos#>

p:water a cd:Partnership ; dct:identifier "water" ; dct:title "W" ; dct:subject theme:eau-et-assainissement .
# Two themes that nobody decided, that one mapped theme stands above.
p:support a cd:Partnership ; dct:identifier "support" ; dct:title "S" ;
    dct:subject <https://w3id.org/coopdec/scheme/theme/candidate/tutelle> ,
        <https://w3id.org/coopdec/scheme/theme/candidate/conseil> ;
    cd:declaredStatus <https://w3id.org/coopdec/scheme/status/termine> .
<https://w3id.org/coopdec/scheme/theme/candidate/conseil> a skos:Concept ;
    skos:broader theme:gouvernance-locale-et-appui-institutionnel .
<https://w3id.org/coopdec/scheme/theme/candidate/tutelle> a skos:Concept ;
    skos:broader theme:gouvernance-locale-et-appui-institutionnel .
# A theme decided by itself, below that one.
p:own a cd:Partnership ; dct:identifier "own" ; dct:title "O" ; dct:subject theme:appui-institutionnel .
# Decided to have none, and below it; the theme above these is mapped.
p:french a cd:Partnership ; dct:identifier "french" ; dct:title "F" ; dct:subject theme:francophonie .
p:songs a cd:Partnership ; dct:identifier "songs" ; dct:title "G" ;
    dct:subject <https://w3id.org/coopdec/scheme/theme/candidate/chanson> .
<https://w3id.org/coopdec/scheme/theme/candidate/chanson> a skos:Concept ; skos:broader theme:francophonie .
p:silent a cd:Partnership ; dct:identifier "silent" ; dct:title "N" .
# Its only mapped ancestor is broader than the sectors that it has.
p:politics a cd:Partnership ; dct:identifier "politics" ; dct:title "P" ;
    dct:subject <https://w3id.org/coopdec/scheme/theme/candidate/frontieres> .
<https://w3id.org/coopdec/scheme/theme/candidate/frontieres> a skos:Concept ;
    skos:broader theme:politique-humanitaire-et-cooperation-transfrontaliere .
p:broad a cd:Partnership ; dct:identifier "broad" ; dct:title "B" ;
    dct:subject theme:politique-humanitaire-et-cooperation-transfrontaliere .
[] cd:fundedActivity p:water ; cd:amount 100 . [] cd:fundedActivity p:water ; cd:amount 50 .
[] cd:fundedActivity p:broad ; cd:amount 30 . [] cd:fundedActivity p:broad .
[] cd:fundedActivity p:french ; cd:amount 20 .
"""


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple) for quad in vocabulary_quads(Minter()))
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return store


def asked(graph: ox.Store, name: str, given: Mapping[str, str]) -> list[dict[str, str | None]]:
    question = catalogue()[name]
    lists = {k: own for k in Kind if (own := own_choices(k)) is not None}
    bound = bindings(question, given, lists)
    result = run(graph, question.asked_with(bound), bindings=bound)
    assert isinstance(result, ox.QuerySolutions)
    return [
        {c: None if row[c] is None else row[c].value for c in question.columns} for row in result
    ]


def test_the_sectors_of_a_theme(graph: ox.Store) -> None:
    rows = {row["identifier"]: row for row in asked(graph, "iati-activities", {})}
    assert rows["water"]["sector_codes"] == "140; 14010; 14031; 14032"
    assert rows["water"]["relations"] == "closeMatch; narrowMatch; narrowMatch; narrowMatch"
    assert rows["water"]["confidences"] == "0.9; 0.6; 0.7; 0.7"
    assert rows["broad"]["sector_codes"] == "151; 720"


def test_a_theme_without_a_mapping_follows_the_nearest_above_once(graph: ox.Store) -> None:
    rows = {row["identifier"]: row for row in asked(graph, "iati-activities", {})}
    assert rows["support"]["sector_codes"] == "15112"
    assert rows["support"]["mapped"] == "gouvernance-locale-et-appui-institutionnel"
    assert rows["own"]["sector_codes"] == "15110; 15112"
    assert rows["own"]["mapped"] == "appui-institutionnel; appui-institutionnel"
    # A part of the broader theme need not be a part of this one.
    assert rows["politics"]["sector_codes"] is None


def test_a_theme_decided_to_have_none_follows_no_broader_one(graph: ox.Store) -> None:
    rows = {row["identifier"]: row for row in asked(graph, "iati-activities", {})}
    assert rows["french"]["sector_codes"] is None and rows["songs"]["sector_codes"] is None
    found = asked(graph, "partnerships-of-sdg", {"sdg": "11"})
    assert found == []


def test_what_codes_cover_is_counted_once_and_never_divided(graph: ox.Store) -> None:
    """Of eight partnerships: water, support, own; broad; french, songs; politics; silent."""
    columns = ("reach", "partnerships", "partnership_share", "euros", "euro_share", "unread")
    rows = asked(graph, "dac-coverage", {})
    assert [tuple(row[column] for column in columns) for row in rows] == [
        ("purpose", "3", "0.375", "150", "0.75", "0"),
        ("sector", "1", "0.125", "30", "0.15", "1"),
        ("none", "2", "0.25", "20", "0.1", "0"),
        ("undecided", "1", "0.125", "0", "0", "0"),
        ("no-theme", "1", "0.125", "0", "0", "0"),
    ]


def test_a_status_leads_to_its_code(graph: ox.Store) -> None:
    rows = {row["identifier"]: row for row in asked(graph, "iati-activities", {})}
    assert rows["support"]["status_code"] == "4"
    assert (rows["water"]["status"], rows["water"]["status_code"]) == (None, None)


@pytest.mark.parametrize(
    ("sector", "found"),
    [
        ("140", ["water"]),
        ("14010", ["water"]),
        ("150", ["broad", "own", "support"]),
        ("151", ["broad", "own", "support"]),
        ("15112", ["own", "support"]),
        ("15185", []),
        ("720", ["broad"]),
    ],
)
def test_a_sector_has_what_its_purposes_have(graph: ox.Store, sector: str, found: object) -> None:
    rows = asked(graph, "iati-activities", {"dac": sector})
    assert [row["identifier"] for row in rows] == found


def test_a_goal_is_related_through_the_nearest_theme(graph: ox.Store) -> None:
    rows = asked(graph, "partnerships-of-sdg", {"sdg": "16"})
    found = sorted((str(row["title"]), str(row["mapped"]).rpartition("/")[2]) for row in rows)
    local = "gouvernance-locale-et-appui-institutionnel"
    politics = "politique-humanitaire-et-cooperation-transfrontaliere"
    own = "appui-institutionnel"
    assert found == [("B", politics), ("O", own), ("P", politics), ("S", local), ("S", local)]
    assert [row["title"] for row in asked(graph, "partnerships-of-sdg", {"sdg": "6"})] == ["W"]


def test_most_goals_have_no_theme(graph: ox.Store) -> None:
    found = [n for n in range(1, 18) if asked(graph, "partnerships-of-sdg", {"sdg": str(n)})]
    assert found == [6, 16, 17]
