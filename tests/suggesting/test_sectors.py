"""Sectors suggested by words: what is enough, what is not, and that nothing of it is a fact."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.graph.sector_suggestions import sector_suggestions
from coopdec_graph.iati.codelists import codes
from coopdec_graph.model import (
    Activity,
    Allocation,
    AllocationKind,
    Code,
    Narrative,
    SourcePage,
    Text,
)
from coopdec_graph.namespaces import Minter
from coopdec_graph.publishing.links import LinkOptions
from coopdec_graph.publishing.relink import relink
from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.base import Document
from coopdec_graph.suggesting.sectors import Suggestion, sectors, suggested_sectors
from coopdec_graph.words import stems
from tests.pipeline.commands import PAGES, ROOT, environment

SECTORS = {sector.code: sector for sector in sectors()}


def activity(title: str = "", language: str | None = "fr", **prose: str) -> Activity:
    return Activity(
        "atlas",
        SourcePage("page.txt", "0" * 64, "901"),
        titles=(Text(title, language),),
        narratives={Narrative(name): (Text(text, language),) for name, text in prose.items()},
    )


def found(title: str = "", **prose: str) -> dict[str, str]:
    suggestions = suggested_sectors(activity(title, **prose))
    return {suggestion.code: str(suggestion.confidence) for suggestion in suggestions}


def of_page(name: str) -> tuple[Suggestion, ...]:
    page = SOURCES["atlas"].read(Document(PAGES / name, name)).activity
    assert page is not None
    return suggested_sectors(page)


# ---- The expressions -----------------------------------------------------------------------------


def test_each_sector_is_a_code_in_force_under_its_french_name() -> None:
    held = codes("2.03", "Sector")
    assert len(SECTORS) == len(sectors()) >= 70
    assert [sector.code for sector in sectors()] == sorted(SECTORS)
    for sector in sectors():
        assert held[sector.code].status == "active"
        assert sector.name == held[sector.code].name_fr


def test_no_expression_is_empty_or_there_twice() -> None:
    for sector in sectors():
        stemmed = Counter(tuple(stems(expression)) for expression in sector.words)
        assert sector.words and () not in stemmed
        assert [one for one, times in stemmed.items() if times > 1] == [], sector.code


def test_every_expression_alone_in_a_title_suggests_its_sector() -> None:
    for sector in sectors():
        for expression in sector.words:
            assert sector.code in found(expression), expression


# ---- What is enough ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Accès à l'eau potable à Modèleville", "14030"),
        ("ACCES A L’EAU POTABLE", "14030"),
        ("Collecte du déchet", "14050"),
        ("Protections sociales", "16010"),
        ("Accueil d'enfants et de jeunes", "16015"),
        ("Biodiversité", "41030"),
    ],
)
def test_words_are_found_whatever_their_form(title: str, code: str) -> None:
    assert code in found(title)


@pytest.mark.parametrize(
    "title",
    [
        "",
        "jumelage",
        "Éducation, santé et droits",
        "Éducation et santé",
        "Éducation + santé",
        "Protection des élus ; sociale",
        "Protection - sociale",
        "Coopération entre deux villes",
    ],
)
def test_words_that_name_no_sector_suggest_none(title: str) -> None:
    assert found(title) == {}


def test_one_expression_outside_the_title_is_thin_and_two_are_not() -> None:
    assert found(description="Une protection sociale.") == {}
    assert found(description="Une protection sociale. Protection sociale encore.") == {}
    two = found(description="Une protection sociale.", objective="Des travailleurs sociaux.")
    assert two == {"16010": "0.40"}
    assert found("Protection sociale") == {"16010": "0.40"}
    assert found("Protection sociale", description="Protection sociale") == {"16010": "0.40"}


def test_context_and_history_tell_of_other_things() -> None:
    prose = {"context": "Des déchets. Un recyclage.", "history": "Eau potable, puits, forages."}
    assert found("Coopération", **prose) == {}
    assert found("Coopération", beneficiaries="Des étudiants, une université.") == {}


def test_three_at_most_the_surest_first() -> None:
    title = "Musée, festival et théâtre ; eau potable et puits ; déchets ; sport"
    suggested = suggested_sectors(activity(title))
    assert [(one.code, str(one.confidence)) for one in suggested] == [
        ("16061", "0.67"),
        ("14030", "0.57"),
        ("14050", "0.40"),
    ]
    assert suggested[1].evidence == (("title", "eau potable"), ("title", "puits"))


@pytest.mark.parametrize("language", [None, "en", "frk", ""])
def test_only_french_is_read(language: str | None) -> None:
    assert suggested_sectors(activity("Protection sociale", language)) == ()
    assert suggested_sectors(activity("Protection sociale", "fr-CA")) != ()


def test_a_source_that_names_its_sectors_needs_no_suggestion() -> None:
    said = Allocation(AllocationKind.SECTOR, 1, Code("16010", "dac"))
    assert suggested_sectors(replace(activity("Eau potable"), allocations=(said,))) == ()
    country = Allocation(AllocationKind.RECIPIENT_COUNTRY, 1, Code("MA"))
    assert suggested_sectors(replace(activity("Eau potable"), allocations=(country,))) != ()


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_text_gives_the_same_few_suggestions_twice(title: str, description: str) -> None:
    read = activity(title, description=description)
    suggested = suggested_sectors(read)
    assert suggested == suggested_sectors(read)
    assert len(suggested) <= 3 and len({one.code for one in suggested}) == len(suggested)
    for one in suggested:
        assert one.code in SECTORS and 0 < one.confidence < 1
        assert {expression for _, expression in one.evidence} <= set(SECTORS[one.code].words)


# ---- The pages of the repository, counted by hand ------------------------------------------------


def test_the_page_of_mantes_speaks_of_social_protection_and_training() -> None:
    """Its theme is local governance."""
    assert of_page("mantes-la-jolie-rabat.txt") == (
        Suggestion(
            "16010",
            Decimal("0.62"),
            (
                ("localObjective", "travailleurs sociaux"),
                ("title", "protection sociale"),
                ("title", "situation de rue"),
            ),
        ),
        Suggestion(
            "16015",
            Decimal("0.62"),
            (
                ("description", "accueil des enfants"),
                ("title", "centre social"),
                ("title", "enfants et jeunes"),
            ),
        ),
        Suggestion(
            "11430",
            Decimal("0.50"),
            (("localObjective", "formateurs"), ("title", "encadrement du personnel")),
        ),
    )


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("15460.txt", ["14030"]),
        ("3203.txt", []),
        ("3788.txt", ["16061"]),
        ("6090.txt", []),
        ("6311.txt", ["14030", "14010"]),
        ("6669.txt", []),
        ("8257.txt", []),
    ],
)
def test_the_other_pages(name: str, suggested: list[str]) -> None:
    assert [one.code for one in of_page(name)] == suggested


# ---- In the graph --------------------------------------------------------------------------------

BASE = "https://w3id.org/coopdec/"


def test_suggestions_are_nodes_of_the_candidates() -> None:
    statements = list(sector_suggestions(activity("Eau potable"), "atlas-901", Minter()))
    assert {str(graph) for graph, *_ in statements} == {f"{BASE}graph/candidates"}
    assert {str(subject) for _, subject, *_ in statements} == {
        f"{BASE}id/sector-suggestion/atlas-901/14030"
    }
    assert len(statements) == 7


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("suggested") / "out"
    command = [sys.executable, "-m", "coopdec_graph", "build", str(PAGES), "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment())
    return out


def suggestions_in(folder: Path) -> list[str]:
    (graph,) = (path for path in folder.glob("releases/*/graph.nq"))
    return [line for line in graph.read_text("utf-8").splitlines() if "/sector-suggestion/" in line]


def test_a_release_has_them_apart(built: Path) -> None:
    lines = suggestions_in(built)
    assert len({line.split(" ")[0] for line in lines}) == 7
    assert all(line.endswith(f" <{BASE}graph/candidates> .") for line in lines)
    (folder,) = built.glob("releases/*/store")
    store = ox.Store.read_only(str(folder))
    assert not store.query(f"ASK {{ ?s a <{BASE}def#SectorSuggestion> }}")
    assert store.query(f"ASK {{ GRAPH ?g {{ ?s a <{BASE}def#SectorSuggestion> }} }}")


def test_linking_again_keeps_them(built: Path) -> None:
    before = suggestions_in(built)
    release, _ = relink(built, LinkOptions(), lambda items, label, total: items)
    after = [
        line
        for line in release.quads.read_text("utf-8").splitlines()
        if "/sector-suggestion/" in line
    ]
    assert after == before != []
