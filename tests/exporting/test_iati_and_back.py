"""Graph, IATI, graph again: what the standard can carry comes back as it was."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from coopdec_graph.exporting.reading import Reader, Thing
from coopdec_graph.graph.store import open_store
from coopdec_graph.namespaces import PREFIXES, SCHEME
from coopdec_graph.pipeline import BuildOptions, run
from coopdec_graph.publishing.releases import Release
from tests.exporting.conftest import Made

BASE = "https://w3id.org/coopdec/"
THEME = f"{SCHEME}theme/"
KEYS = ("atlas-901", "atlas-902", "atlas-904", "atlas-905")


@pytest.fixture
def again(made: Made, tmp_path: Path) -> Reader:
    """The export of the release, built as a release of IATI activities."""
    path, outcome = made("iati", name="cooperation.xml")
    assert outcome.activities == len(KEYS)
    options = BuildOptions(programme="iati")
    built = run([path], tmp_path / "again", options, lambda items, label, total: items)
    assert [record for record in built.records if record.refused] == []
    return Reader(open_store(built.release.store))


@pytest.fixture
def before(release: Release) -> Reader:
    return Reader(open_store(release.store))


def pairs(before: Reader, again: Reader) -> Mapping[str, tuple[Thing, Thing]]:
    """Each activity as it was, and as it came back."""
    return {
        key: (
            before.thing(f"{BASE}id/partnership/{key}"),
            again.thing(f"{BASE}id/activity/iati-coopdec-graph-{key}"),
        )
        for key in KEYS
    }


def linked(reader: Reader, property: str, iri: str) -> list[Thing]:
    """The things that lead to a node by a property, in the order of their ranks."""
    prefix, _, local = property.partition(":")
    query = f"SELECT ?thing {{ ?thing <{PREFIXES[prefix]}{local}> <{iri}> }}"
    found = [reader.thing(row[0].value) for row in reader.store.query(query)]  # type: ignore[union-attr]
    return sorted(found, key=lambda thing: int(thing.one("cd:sourceRank") or 0))


def test_texts_dates_and_identifiers_come_back(before: Reader, again: Reader) -> None:
    for key, (was, now) in pairs(before, again).items():
        assert now.texts("dct:title") == was.texts("dct:title")
        (period,) = (before.thing(iri) for iri in was.iris("dct:temporal"))
        assert now.one("cd:plannedStart") == period.one("dcat:startDate")
        assert now.one("cd:plannedEnd") == period.one("dcat:endDate")
        identifiers = [again.thing(iri) for iri in now.iris("adms:identifier")]
        assert {one.one("skos:notation") for one in identifiers} == {
            key,
            key.removeprefix("atlas-"),
        }


def test_money_comes_back_line_by_line(before: Reader, again: Reader) -> None:
    """Each line as a planned disbursement, with its financer's name."""
    compared = 0
    for was, now in pairs(before, again).values():
        lines = [
            (
                f"{line.year}-01-01",
                f"{line.amount}",
                before.thing(str(line.financer)).one("skos:prefLabel"),
            )
            for line in before.lines(was.iri)
            if line.year is not None and line.amount is not None
        ]
        items = [
            (
                item.one("dcat:startDate"),
                item.one("cd:amount"),
                name(again, item.one("cd:provider")),
            )
            for item in linked(again, "cd:itemOf", now.iri)
            if item.one("cd:fundingKind") == f"{SCHEME}funding-kind/planned-disbursement"
        ]
        assert items == lines
        compared += len(items)
    assert compared == 8


def name(reader: Reader, iri: str | None) -> str | None:
    return None if iri is None else reader.thing(iri).one("rdfs:label")


def test_countries_and_themes_come_back(before: Reader, again: Reader) -> None:
    for was, now in pairs(before, again).values():
        countries = was.iris("dct:spatial")
        assert now.iris("cd:recipientCountry") == (countries if len(countries) == 1 else ())
        allocations = linked(again, "cd:allocationOf", now.iri)
        own = [one for one in allocations if one.one("cd:vocabularyUri") == f"{SCHEME}theme"]
        themes = [f"{THEME}{one.one('cd:printedCode')}" for one in own]
        assert themes[0] == was.one("cd:mainTheme")
        assert set(themes) == set(was.iris("dct:subject"))
