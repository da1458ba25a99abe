"""`coopdec export qb`: each line in one cell, and a cube that keeps its vocabulary's constraints."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings

from coopdec_graph.exporting.cube.cells import added_up
from coopdec_graph.exporting.reading import Reader
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.publishing.releases import Release, Releases
from tests.exporting.conftest import Export, Made
from tests.exporting.cube_constraints import CONSTRAINTS, NORMALISE, PREFIXES
from tests.exporting.test_iati_of_any_graph import IRI, graphs
from tests.pipeline.commands import PAGES, build

BASE = "https://w3id.org/coopdec/"
CD = f"{BASE}def#"
OBSERVATIONS = f"""
SELECT ?observation ?type ?year ?country ?theme ?euros ?lines ?unread WHERE {{
  ?observation a qb:Observation ; <{CD}financerType> ?type ; <{CD}year> ?year ;
    <{CD}partnerCountry> ?country ; <{CD}mainTheme> ?theme ; <{CD}announcedTotal> ?euros ;
    <{CD}lineCount> ?lines .
  OPTIONAL {{ ?observation <{CD}unreadLineCount> ?unread }}
}} ORDER BY ?observation
"""


def loaded(path: Path) -> ox.Store:
    """The cube, normalised as the specification does it."""
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    for update in NORMALISE:
        store.update(PREFIXES + update)
    return store


def end(term: ox.NamedNode | ox.Literal) -> str:
    return term.value.rpartition("/")[2]


def cells(store: ox.Store) -> list[tuple[str, ...]]:
    """The observations: financer type, year, country, theme, euros, lines."""
    rows = store.query(PREFIXES + OBSERVATIONS)
    return [tuple(end(row[name]) for name in NAMES) for row in rows]  # type: ignore[union-attr]


NAMES = ("type", "year", "country", "theme", "euros", "lines")
GOVERNANCE = "gouvernance-locale-et-appui-institutionnel"
EDUCATION = "education-emploi-formation-professionnelle"
CULTURE = "infrastructures-equipements-et-manifestations-culturelles"


def test_each_line_is_in_one_cell(made: Made) -> None:
    """Counted by hand from tests/questions/question_pages.py."""
    path, outcome = made("qb")
    assert outcome.activities == 5
    assert cells(loaded(path)) == [
        ("collectivite-francaise", "2019", "MAR", GOVERNANCE, "5000", "1"),
        ("collectivite-francaise", "2020", "BEN", EDUCATION, "2000", "1"),
        ("collectivite-francaise", "2022", "BEN", EDUCATION, "500", "1"),
        ("etat-francais", "2019", "MAR", GOVERNANCE, "7000", "1"),
        # 3,000 of one partnership and 4,000 of another.
        ("etat-francais", "2020", "MAR", GOVERNANCE, "7000", "2"),
        # With Benin and Togo: once, under neither.
        ("etat-francais", "2021", "plusieurs-pays", CULTURE, "9000", "1"),
        ("groupe-de-financeurs", "2020", "MAR", GOVERNANCE, "1000", "1"),
    ]


def test_the_cells_add_up_to_the_lines(made: Made) -> None:
    store = loaded(made("qb")[0])
    assert sum(Decimal(cell[4]) for cell in cells(store)) == 31500
    assert sum(int(cell[5]) for cell in cells(store)) == 8
    # The ninth line has an amount that nobody can read.
    unread = store.query(f"SELECT ?n {{ <{BASE}id/cube/funding> <{CD}unreadLineCount> ?n }}")
    assert [row[0].value for row in unread] == ["1"]  # type: ignore[union-attr]


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_constraint_is_kept(name: str, cube: ox.Store) -> None:
    assert bool(cube.query(PREFIXES + CONSTRAINTS[name])) is False


@pytest.fixture(scope="module")
def cube(release: Release, tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    from coopdec_graph.exporting import EXPORTERS
    from coopdec_graph.exporting.base import Settings
    from coopdec_graph.exporting.delivery import export

    path = tmp_path_factory.mktemp("cube") / "cube.ttl"
    export(EXPORTERS["qb"], release, Wanted(), Settings(), path, lambda items, *_: items)
    return loaded(path)


SOME = "?o a qb:Observation"
# What breaks each constraint that such a cube can break.
FAULTS = {
    "IC-1 unique data set": f"DELETE {{ ?o qb:dataSet ?d }} WHERE {{ {SOME} ; qb:dataSet ?d }}",
    "IC-2 unique structure": "DELETE { ?d qb:structure ?s } WHERE { ?d qb:structure ?s }",
    "IC-3 structure includes a measure": (
        "DELETE { ?m a qb:MeasureProperty } WHERE { ?m a qb:MeasureProperty }"
    ),
    "IC-4 dimensions have a range": f"DELETE WHERE {{ <{CD}year> rdfs:range ?r }}",
    "IC-5 dimensions of concepts have code lists": f"DELETE WHERE {{ <{CD}mainTheme> qb:codeList ?l }}",
    "IC-6 only attributes may be optional": (
        "INSERT { ?c qb:componentRequired false } WHERE { ?c qb:measure ?m }"
    ),
    "IC-11 all dimensions are there": f"DELETE WHERE {{ ?o <{CD}partnerCountry> ?c }}",
    "IC-12 no two observations are alike": (
        f"INSERT {{ <urn:copy> ?p ?v }} WHERE {{ {SOME} ; <{CD}year> ?y ; ?p ?v FILTER(?y = '2021'^^xsd:gYear) }}"
    ),
    "IC-13 required attributes are there": f"DELETE WHERE {{ ?o <{CD}currency> ?c }}",
    "IC-14 all measures are there": f"DELETE WHERE {{ ?o <{CD}lineCount> ?n }}",
    "IC-19 codes are from the code list": "DELETE WHERE { ?c skos:inScheme ?s }",
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_breaks_the_constraint(name: str, cube: ox.Store) -> None:
    broken = ox.Store()
    broken.bulk_extend(cube)
    broken.update(PREFIXES + FAULTS[name])
    assert bool(broken.query(PREFIXES + CONSTRAINTS[name])) is True


def test_a_choice_and_the_same_bytes_each_time(made: Made, export: Export, tmp_path: Path) -> None:
    chosen, _ = made("qb", Wanted(country="TG"), name="chosen")
    assert [cell[2:5] for cell in cells(loaded(chosen))] == [("plusieurs-pays", CULTURE, "9000")]
    out = tmp_path / "again.ttl"
    assert export("qb", "--country", "TG", "--out", out).returncode == 0
    assert out.read_bytes() == chosen.read_bytes()


def test_each_term_has_a_name_in_both_languages(made: Made, tmp_path: Path) -> None:
    """Of the pages of the repository, with candidates among their themes or not."""
    build(PAGES, tmp_path / "built")
    store = loaded(made("qb", of=Releases(tmp_path / "built").current())[0])
    unnamed = """
    SELECT DISTINCT ?thing WHERE {
      { ?thing a qb:ComponentSpecification . ?thing qb:componentProperty ?p } UNION { ?thing a qb:DataSet }
      BIND (COALESCE(?p, ?thing) AS ?named)
      FILTER NOT EXISTS { ?named rdfs:label ?fr . ?named rdfs:label ?en FILTER(LANG(?fr) = "fr" && LANG(?en) = "en") }
    }"""
    assert list(store.query(PREFIXES + unnamed)) == []  # type: ignore[arg-type]
    assert sum(Decimal(cell[4]) for cell in cells(store)) == 48999


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_no_sum_is_repeated_or_lost(store: ox.Store) -> None:
    """Whatever an activity has, its lines are in the cells once, or among the unread ones."""
    reader = Reader(store)
    sums = added_up([IRI], reader)
    lines = reader.lines(IRI)
    read = [line for line in lines if line.year is not None and line.amount is not None]
    assert sum(cell.lines for cell in sums.cells.values()) == len(read)
    assert sums.unread == len(lines) - len(read)
    total = sum((cell.euros for cell in sums.cells.values()), Decimal())
    assert total == sum((line.amount or Decimal() for line in read), Decimal())
