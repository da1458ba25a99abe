"""Links of activities in a graph: which graph holds what, and that it stays within the shapes."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.graph.statements import rdflib_graph
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.publishing.links import LinkOptions
from coopdec_graph.publishing.records import shipped_shapes, shipped_vocabulary
from coopdec_graph.validation import Severity, validate
from tests.linking.activities.reports import graph_of, linked, linked_again, partnership, report
from tests.linking.link_pages import put

ATLAS, REPORT = "partnership/atlas-3203", "activity/iati-XM-PUBLIEUR-17"
ALIKE = "activity/iati-XM-AUTRE-2019"
TWICE = (
    partnership("3203"),
    report("XM-PUBLIEUR-17", declares=["atlas-3203"]),
    report("XM-TIERS-2020-4", reporter="XM-TIERS", declares=["atlas-3203"], countries=["MA"]),
)
OTHERS = (
    partnership("3204", "Formation des élus municipaux de Rufisque", lines=[("Chinon", 9000)]),
    report("XM-AUTRE-2019", {"fr": "Formation des élus municipaux de Rufisque"}, "XM-AUTRE", budget=9000),
)  # fmt: skip


def rows(graph: bytes, query: str) -> list[tuple[str, ...]]:
    store = ox.Store()
    store.bulk_load(graph, format=ox.RdfFormat.N_QUADS)
    found = store.query(query, prefixes=PREFIXES)
    return [tuple(_short(term.value) for term in row) for row in found]


def _short(value: str) -> str:
    for start in ("/id/", "/scheme/decision/", "/scheme/link-method/", "/graph/"):
        if start in value:
            return value.partition(start)[2]
    return value


PAIRS = """
    SELECT ?graph ?one ?other ?decision ?method { GRAPH ?graph {
        ?alignment a cd:Alignment ; cd:alignedActivity ?one , ?other ;
            cd:decision ?decision ; cd:method ?method }
        FILTER(STR(?one) < STR(?other)) }
    ORDER BY ?graph ?one ?other
"""
COUNTED = (
    "SELECT ?graph ?one ?other { GRAPH ?graph { ?one cd:alsoReportedAs ?other } } ORDER BY ?one"
)


def test_links_stand_in_one_graph_and_doubts_in_the_other() -> None:
    graph, outcome = linked([*TWICE, *OTHERS])
    assert rows(graph, PAIRS) == [
        ("candidates", ALIKE, "partnership/atlas-3204", "review", "concordant-facts"),
        ("candidates", "activity/iati-XM-TIERS-2020-4", ATLAS, "review", "declared-identifier"),
        ("links", REPORT, ATLAS, "accepted", "declared-identifier"),
    ]
    assert rows(graph, COUNTED) == [("links", REPORT, ATLAS)]
    assert outcome.facts["activities"] == {"accepted": 1, "review": 2, "refused": 0}
    assert outcome.refused == () and outcome.unknown == ()


def test_an_alignment_says_how_sure_on_what_evidence_and_why() -> None:
    graph, _ = linked(TWICE[:2])
    found = rows(
        graph,
        """SELECT ?confidence ?feature ?fr ?en { GRAPH ?g {
            ?alignment cd:alignedActivity ?one ; cd:confidence ?confidence ; cd:feature ?feature ;
                rdfs:comment ?fr , ?en ; prov:wasGeneratedBy [ a cd:LinkRun ] }
        FILTER(LANG(?fr) = "fr" && LANG(?en) = "en" && CONTAINS(STR(?one), "/partnership/")) }
        ORDER BY ?feature""",
    )
    assert [row[1] for row in found] == [
        "amounts: same",
        "country: same",
        "dates: same",
        "identifier: declared",
        "parties: both-sides",
        "title: same, 1.00",
    ]
    assert {(row[0], *row[2:]) for row in found} == {
        (
            "1",
            "L'une donne comme sien un identifiant de l'autre, et rien ne s'y oppose.",
            "One gives an identifier of the other as its own, and nothing speaks against it.",
        )
    }


def test_places_of_bodies_are_evidence() -> None:
    """The foreign partner has its place from the tables of this very run."""
    near = report("XM-PUBLIEUR-17", point=("14.72", "-17.28"), declares=["atlas-3203"])
    graph, _ = linked([partnership("3203"), near])
    assert ("place: near, 1 km",) in rows(graph, "SELECT ?f { GRAPH ?g { ?a cd:feature ?f } }")


def test_the_whole_graph_keeps_the_shapes() -> None:
    graph, _ = linked([*TWICE, *OTHERS])
    quads = list(ox.parse(graph, format=ox.RdfFormat.N_QUADS))
    kept = [q for q in quads if q.graph_name.value.endswith(("/links", "/candidates"))]
    assert len(kept) > 50
    report_ = validate(rdflib_graph(kept), shipped_shapes(), shipped_vocabulary())
    about = [one for one in report_.by_severity(Severity.VIOLATION) if "alignment" in one.focus]
    assert about == []


def test_linking_again_gives_the_same_bytes() -> None:
    graph, first = linked([*TWICE, *OTHERS])
    assert linked_again(graph, LinkOptions()) == (graph, first)


def test_one_source_alone_gives_nothing() -> None:
    graph, outcome = linked([partnership("3203"), partnership("3204")])
    assert outcome.facts["activities"] == {"accepted": 0, "review": 0, "refused": 0}
    assert b"alignedActivity> <https://w3id.org/coopdec/id" not in graph


def test_what_people_said_is_applied_and_told(tmp_path: Path) -> None:
    file = put(
        tmp_path / "decisions.csv",
        f"partnership/atlas-3204,{ALIKE},same,Même convention,2026-02-03,documentaliste",
        f"{REPORT},{ATLAS},different,,2026-02-03,documentaliste",
        f"{ATLAS},activity/iati-GONE-1,same,,2026-02-03,documentaliste",
    )
    graph, outcome = linked([*TWICE[:2], *OTHERS], file)
    assert rows(graph, PAIRS) == [
        ("candidates", REPORT, ATLAS, "refused", "human-review"),
        ("links", ALIKE, "partnership/atlas-3204", "accepted", "human-review"),
    ]
    assert rows(graph, COUNTED) == [("links", ALIKE, "partnership/atlas-3204")]
    said = rows(graph, "SELECT ?role ?why { GRAPH ?g { ?a cd:alignedActivity ?b ; cd:reviewerRole ?role ; rdfs:comment ?why } FILTER(LANG(?why) = 'fr') } GROUP BY ?role ?why ORDER BY ?why")  # fmt: skip
    assert said == [
        ("documentaliste", "Relecture : Même convention"),
        ("documentaliste", "Relecture."),
    ]
    assert outcome.unknown == ("activity/iati-GONE-1",)


def test_a_sum_over_programmes_counts_each_project_once() -> None:
    """The idiom of docs/questions.md: what is counted elsewhere is left out."""
    query = """
        SELECT (COUNT(?activity) AS ?projects) (SUM(?amount) AS ?euros) WHERE {
          { SELECT ?activity (SUM(?sum) AS ?amount) WHERE {
              { ?activity cd:totalAmount ?sum } UNION { ?item cd:itemOf ?activity ; cd:amount ?sum }
            } GROUP BY ?activity }
          %s
        }"""
    graph, _ = linked(TWICE[:2])
    store = ox.Store()
    store.bulk_load(graph, format=ox.RdfFormat.N_QUADS)

    def ask(without: str) -> list[tuple[str, ...]]:
        found = store.query(query % without, prefixes=PREFIXES, use_default_graph_as_union=True)
        return [tuple(term.value for term in row) for row in found]

    assert ask("") == [("2", "84000")]
    assert ask("FILTER NOT EXISTS { ?activity cd:alsoReportedAs ?counted }") == [("1", "42000")]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_the_documents_does_not_matter(order: int) -> None:
    activities = [*TWICE, *OTHERS]
    assert linked(activities[::order])[0] == linked(activities)[0]


def test_graph_of_has_no_links() -> None:
    assert b"alignedActivity> <https://w3id.org/coopdec/id" not in graph_of(TWICE)
