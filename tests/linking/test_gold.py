"""How right the links are, measured on the gold list against a real SPARQL server.

The floors are those the product promises (docs/link-names.md): precision of accepted links, recall of
what the name and the country alone decide, and silence about places that Wikidata lacks.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import pytest

from coopdec_graph.linking.decisions import NameQuery, Outcome
from coopdec_graph.linking.linker import linker_of
from tests.linking import gold
from tests.linking.disguise import DISGUISES, TYPO

PRECISION, RECALL, RECALL_OF_TYPOS = 0.995, 0.90, 0.50
NIL_ACCURACY = 0.98
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def cells(wikidata: str, answers: Path):
    asked = gold.queries(gold.gold())
    decisions = linker_of(wikidata, answers).link(query for _, _, query in asked)
    found = gold.tallies(asked, {query: one.qid for query, one in decisions.items()})
    print("\n" + gold.table(found))
    return found


def test_the_list_is_the_one_we_know(wikidata: str) -> None:
    assert len(gold.gold()) > 4000
    assert {row.stratum for row in gold.gold()} == set(gold.STRATA)
    shares = Counter(row.stratum for row in gold.gold() if gold.decidable(row))
    assert all(shares[stratum] > 20 for stratum in gold.STRATA)


@pytest.mark.parametrize("stratum", gold.STRATA)
def test_accepted_links_are_right(stratum: str, cells) -> None:
    tally = gold.total(cells, lambda manner, of: of == stratum)
    low, high = tally.interval
    assert tally.precision >= PRECISION, f"{tally.precision:.4f} ({low:.4f} to {high:.4f})"
    for manner in DISGUISES:
        assert cells[manner, stratum].precision >= PRECISION, manner


def test_precision_is_not_luck(cells) -> None:
    """The whole interval is above the floor."""
    assert gold.total(cells).interval[0] >= PRECISION


@pytest.mark.parametrize("stratum", gold.STRATA)
def test_what_is_decidable_is_found(stratum: str, cells) -> None:
    for manner in DISGUISES:
        floor = RECALL_OF_TYPOS if manner == TYPO else RECALL
        assert cells[manner, stratum].recall >= floor, manner
    assert gold.total(cells, lambda manner, of: of == stratum).recall >= RECALL


def test_the_published_precision_is_the_one_measured(cells) -> None:
    """What the linkset says of itself (coopdec_graph/linking/measured.toml)."""
    tally = gold.total(cells)
    measured = tomllib.loads((ROOT / "coopdec_graph/linking/measured.toml").read_text("utf-8"))
    assert measured == {"links": tally.linked, "right": tally.right}


def test_places_by_the_tables_alone_are_right(wikidata: str) -> None:
    tally = gold.places_by_tables(gold.queries(gold.gold()))
    low, high = tally.interval
    print(f"GeoNames alone: {tally.right} of {tally.linked} ({low:.4f} to {high:.4f})")
    assert tally.linked > 10_000 and tally.precision >= PRECISION


def test_places_that_wikidata_lacks_are_not_linked(poorer_wikidata: str, answers: Path) -> None:
    rows = gold.removed()
    assert len(rows) > 250
    asked = gold.queries(rows)
    decisions = linker_of(poorer_wikidata, answers).link(query for _, _, query in asked)
    silent: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for _, row, query in asked:
        names[row.stratum] += 1
        silent[row.stratum] += decisions[query].qid is None
    for stratum in gold.STRATA:
        print(f"NIL accuracy, {stratum}: {silent[stratum]} of {names[stratum]}")
        if names[stratum]:
            assert silent[stratum] / names[stratum] >= NIL_ACCURACY, stratum


def test_the_others_are_linked_as_before(poorer_wikidata: str, answers: Path) -> None:
    gone = {row.qid for row in gold.removed()}
    asked = gold.queries([row for row in gold.gold() if row.qid not in gone], ["plain", TYPO])
    decisions = linker_of(poorer_wikidata, answers).link(query for _, _, query in asked)
    cells = gold.tallies(asked, {query: one.qid for query, one in decisions.items()})
    assert gold.total(cells).precision >= PRECISION
    assert {one.outcome for one in decisions.values()} <= {*Outcome} - {Outcome.UNASKED}


@pytest.mark.parametrize(
    ("name", "iso2", "qid"),
    [
        ("Conseil de la Préfecture de Rabat", "MA", "Q966104"),
        ("CONSEIL DE LA PREFECTURE DE RABAT", "MA", "Q966104"),
        ("Préfecture de Rabat", "MA", "Q966104"),
        ("Ville de Rabat", "MA", "Q3551"),
        ("Rabat", "MA", None),
        ("Mantes la Jolie", "FR", "Q207253"),
        ("VILLE DE MANTES LA JOLIE", "FR", "Q207253"),
        ("Mantes-la-Jolei", "FR", "Q207253"),
        ("Mantes-la-Ville", "FR", None),
        ("Saint-Denis", "FR", None),
    ],
)
def test_the_names_everybody_gets_wrong(
    name: str, iso2: str, qid: str | None, wikidata: str, answers: Path
) -> None:
    query = NameQuery(name, iso2)
    assert linker_of(wikidata, answers).link([query])[query].qid == qid
