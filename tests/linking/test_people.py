"""What people decided: it goes before any rule, is applied as written, and is never overwritten."""

from __future__ import annotations

import stat
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.linking.people import (
    DecisionsDamaged,
    HumanDecision,
    HumanDecisions,
    Verdict,
    append,
)
from tests.linking.endpoints import Endpoint, endpoint
from tests.linking.link_pages import COLUMNS, link, page, put, released, rows
from tests.pipeline.commands import coopdec, release_files

SAME = "SELECT ?place ?item { ?place a cd:Place ; schema:sameAs ?item } ORDER BY ?place"
DECIDED = """
    SELECT ?body ?item ?decision ?method ?role ?reason WHERE { GRAPH ?g {
        ?alignment cd:alignedBody ?body ; cd:alignedItem ?item ; cd:decision ?decision ;
            cd:method ?method ; cd:reviewerRole ?role ; rdfs:comment ?reason
        FILTER(LANG(?reason) = "en")
    } } ORDER BY ?body ?item
"""


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return released(tmp_path)


def test_a_person_settles_what_the_rules_could_not(server: Endpoint, out: Path) -> None:
    said = put(
        out / "decisions.csv",
        "tg/fictiville,Q104,same,La préfecture,2026-02-03,documentaliste",
        "fr/saint-denis,fr/commune/93066,same,,2026-02-03,documentaliste",
    )
    before = said.read_bytes()
    done = link(out, server.url)
    assert done.returncode == 0, done.stderr
    assert ("tg/wikidata/Q104", "Q104") in rows(out, SAME)
    assert ("fr/saint-denis", "fr/commune/93066") in rows(
        out, "SELECT ?body ?place { ?body dct:spatial ?place }"
    )
    assert rows(out, DECIDED) == [
        ("tg/fictiville", "Q104", "accepted", "human-review", "documentaliste", "Review: La préfecture"),
    ]  # fmt: skip
    # What was passed over is said too, and no machine writes in the file.
    refused = rows(out, "SELECT ?item { GRAPH ?g { ?a cd:alignedItem ?item ; cd:decision <https://w3id.org/coopdec/scheme/decision/refused> } }")  # fmt: skip
    assert refused == [("Q103",)]
    assert said.read_bytes() == before


def test_a_refusal_takes_a_link_of_the_rules_away(server: Endpoint, out: Path) -> None:
    put(
        out / "decisions.csv",
        "tg/ville-de-modeleville,Q101,different,Une homonyme,2026-02-03,stagiaire",
        "fr/mantes-la-jolie,Q207253,different,,2026-02-03,stagiaire",
    )
    assert link(out, server.url).returncode == 0
    assert rows(out, SAME) == []
    assert rows(out, DECIDED) == [
        ("fr/mantes-la-jolie", "Q207253", "refused", "human-review", "stagiaire", "Review."),
        ("tg/ville-de-modeleville", "Q101", "refused", "human-review", "stagiaire", "Review: Une homonyme"),
    ]  # fmt: skip


def test_of_two_candidates_the_one_that_is_left_is_a_single_survivor(
    server: Endpoint, out: Path
) -> None:
    put(out / "decisions.csv", "tg/fictiville,Q103,different,,2026-02-03,documentaliste")
    assert link(out, server.url).returncode == 0
    assert ("tg/wikidata/Q104", "Q104") in rows(out, SAME)


def test_a_doubt_of_a_person_stops_a_link_of_the_rules(server: Endpoint, out: Path) -> None:
    put(out / "decisions.csv", "tg/ville-de-modeleville,Q101,unsure,,2026-02-03,documentaliste")
    assert link(out, server.url).returncode == 0
    assert rows(out, SAME) == [("fr/commune/78361", "Q207253")]


def test_decisions_are_reversible(server: Endpoint, out: Path) -> None:
    link(out, server.url)
    untouched = release_files(out)["graph.nq"]
    put(out / "decisions.csv", "tg/fictiville,Q104,same,,2026-02-03,documentaliste")
    link(out, server.url)
    assert release_files(out)["graph.nq"] != untouched
    (out / "decisions.csv").unlink()
    link(out, server.url)
    assert release_files(out)["graph.nq"] == untouched


def test_a_decision_holds_without_wikidata(tmp_path: Path, out: Path) -> None:
    """The graph of the project's own pages shows the links that its file of decisions has."""
    said = put(
        tmp_path / "said.csv",
        "fr/mantes-la-jolie,Q207253,same,Commune 78361,2026-02-03,documentaliste",
    )
    done = coopdec("build", tmp_path / "pages", "--out", out, "--decisions", said)
    assert done.returncode == 0, done.stderr
    assert rows(out, SAME) == [("fr/commune/78361", "Q207253")]


GOOD = "ma/rabat,Q1,same,,2026-01-01,documentaliste"
DAMAGED = {
    "columns": ("body;object\n", 1, "columns"),
    "cells": (COLUMNS + "ma/rabat,Q1,same\n", 2, "6 cells"),
    "body": (COLUMNS + "Rabat !,Q1,same,,2026-01-01,x\n", 2, "Rabat !"),
    "object": (COLUMNS + "ma/rabat,3551,same,,2026-01-01,x\n", 2, "3551"),
    "no such place": (COLUMNS + "ma/rabat,fr/commune/00000,same,,2026-01-01,x\n", 2, "fr/commune/00000"),
    "decision": (COLUMNS + "ma/rabat,Q1,yes,,2026-01-01,x\n", 2, "yes"),
    "date": (COLUMNS + "ma/rabat,Q1,same,,2026-02-30,x\n", 2, "2026-02-30"),
    "role": (COLUMNS + "ma/rabat,Q1,same,,2026-01-01,\n", 2, "role"),
    "other country": (COLUMNS + "ma/rabat,fr/commune/78361,same,,2026-01-01,x\n", 2, "fr/commune/78361"),
    "telephone": (COLUMNS + "ma/rabat,Q1,same,Appelé au 06 12 34 56 78,2026-01-01,x\n", 2, "telephone"),
    "person": (COLUMNS + "ma/rabat,Q1,same,,2026-01-01,Mme Specimen\n", 2, "person"),
    "mailbox": (COLUMNS + "ma/rabat,Q1,same,,2026-01-01,a.b@example.org\n", 2, "e-mail"),
    "long": (COLUMNS + f"ma/rabat,Q1,same,{'x' * 501},2026-01-01,x\n", 2, "500"),
    "twice": (COLUMNS + GOOD + "\n" + GOOD + "\n", 3, "line 2"),
    "two items": (COLUMNS + GOOD + "\nma/rabat,Q2,same,,2026-01-01,x\n", 3, "line 2"),
    "quotation": (COLUMNS + 'ma/rabat,"Q1,same\n', 2, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    content, line, told = DAMAGED[case]
    file = tmp_path / "decisions.csv"
    file.write_text(content, "utf-8")
    with pytest.raises(DecisionsDamaged) as refused:
        HumanDecisions.load(file)
    text = refused.value.text("en")
    assert f"line {line}" in text and told in text
    assert "@" not in text


def test_a_damaged_file_stops_the_command_and_nothing_is_published(tmp_path: Path) -> None:
    out = released(tmp_path)
    files = release_files(out)
    put(out / "decisions.csv", "ma/rabat,Q1,peut-être,,2026-01-01,x")
    done = coopdec("link", "--data", out, "--wikidata", "offline")
    assert done.returncode == 2 and "ligne 2" in done.stderr and "peut-être" in done.stderr
    built = coopdec("build", tmp_path / "pages", "--out", out)
    assert built.returncode == 2 and "ligne 2" in built.stderr
    assert release_files(out) == files


def decision(number: int, body: str = "ma/rabat") -> HumanDecision:
    return HumanDecision(body, f"Q{number}", Verdict.DIFFERENT, "", "2026-01-01", "essai")


def test_rows_are_added_and_those_that_are_there_stay_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    # As a spreadsheet leaves it: quoted, and without its last line end.
    file.write_text(COLUMNS + '"ma/rabat","Q9",same,"a, b",2026-01-01,essai', "utf-8")
    file.chmod(0o640)
    before = file.read_bytes()
    append(file, [decision(1), decision(2)])
    after = file.read_bytes()
    assert after.startswith(before + b"\n")
    assert len(HumanDecisions.load(file).rows) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["decisions.csv"]


def test_a_file_stays_as_a_spreadsheet_left_it(tmp_path: Path) -> None:
    """Its mark of UTF-8, its line ends, and the link that leads to it."""
    kept, file = tmp_path / "kept.csv", tmp_path / "decisions.csv"
    before = (
        b"\xef\xbb\xbf"
        + (COLUMNS + "ma/rabat,Q9,different,,2026-01-01,essai\n").replace("\n", "\r\n").encode()
    )
    kept.write_bytes(before)
    file.symlink_to(kept)
    append(file, [decision(1)])
    assert file.is_symlink()
    assert kept.read_bytes() == before + b"ma/rabat,Q1,different,,2026-01-01,essai\r\n"
    assert len(HumanDecisions.load(file).rows) == 2


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: append(file, [decision(number)]), range(1, 41)))
    rows = HumanDecisions.load(file).rows
    assert sorted(int(row.object[1:]) for row in rows) == list(range(1, 41))


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (COLUMNS.encode() + b"ma/rabat,Q1,same,caf\xe9,2026-01-01,x\n", 2, "UTF-8"),
        (COLUMNS.encode("utf-16"), 1, "UTF-8"),
    ],
)
def test_another_encoding_is_told_with_its_line(
    content: bytes, line: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "decisions.csv").write_bytes(content)
    with pytest.raises(DecisionsDamaged) as refused:
        HumanDecisions.load(tmp_path / "decisions.csv")
    assert f"line {line}" in refused.value.text("en") and told in refused.value.text("fr")


def test_a_refused_place_is_refused_and_said(server: Endpoint, out: Path) -> None:
    put(
        out / "decisions.csv", "fr/chinon,fr/commune/37072,different,Un hameau,2026-02-03,stagiaire"
    )
    assert link(out, server.url).returncode == 0
    assert "fr/chinon" not in {
        body for body, _ in rows(out, "SELECT ?body ?p { ?body dct:spatial ?p }")
    }
    said = rows(
        out,
        """SELECT ?place ?role WHERE { GRAPH ?g { ?a cd:alignedBody ?body ; cd:alignedPlace ?place ;
        cd:decision <https://w3id.org/coopdec/scheme/decision/refused> ; cd:reviewerRole ?role } }""",
    )
    assert said == [("fr/commune/37072", "stagiaire")]


def test_a_doubt_says_who_and_why(server: Endpoint, out: Path) -> None:
    put(
        out / "decisions.csv",
        "tg/ville-de-modeleville,Q101,unsure,Deux villages,2026-02-03,stagiaire",
    )
    assert link(out, server.url).returncode == 0
    assert rows(out, DECIDED) == [
        ("tg/ville-de-modeleville", "Q101", "review", "no-link", "stagiaire", "Review: Deux villages"),
    ]  # fmt: skip


def test_a_place_that_a_person_doubts_is_not_the_bodys(server: Endpoint, out: Path) -> None:
    put(out / "decisions.csv", "fr/chinon,fr/commune/37072,unsure,Un hameau,2026-02-03,stagiaire")
    assert link(out, server.url).returncode == 0
    placed = rows(out, "SELECT ?body ?p { ?body dct:spatial ?p }")
    assert "fr/chinon" not in {body for body, _ in placed}
    said = rows(
        out,
        """SELECT ?place ?decision ?role WHERE { GRAPH ?g { ?a cd:alignedBody ?body ;
        cd:alignedPlace ?place ; cd:decision ?decision ; cd:reviewerRole ?role } }""",
    )
    assert said == [("fr/commune/37072", "review", "stagiaire")]


def test_an_item_chosen_for_a_name_of_several_communes_is_told_by_its_code(
    server: Endpoint, out: Path
) -> None:
    """It ended in a crash: nothing said which of the communes the item is."""
    item = """
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wdt: <http://www.wikidata.org/prop/direct/> .
    wd:Q701 rdfs:label "Saint-Denis"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "93066" .
    """
    server.store.load(item.encode(), format=ox.RdfFormat.TURTLE)
    put(out / "decisions.csv", "fr/saint-denis,Q701,same,,2026-02-03,documentaliste")
    assert link(out, server.url).returncode == 0
    assert ("fr/commune/93066", "Q701") in rows(out, SAME)
    put(out / "decisions.csv", "fr/saint-denis,Q203,same,,2026-02-03,documentaliste")
    assert link(out, server.url).returncode == 0
    # No commune of that name has the code of that item: the place must be chosen too.
    assert "Q203" not in {found for _, found in rows(out, SAME)}
    open_ones = rows(out, "SELECT ?b ?r { GRAPH ?g { ?a cd:alignedItem wd:Q203 ; cd:alignedBody ?b ; rdfs:comment ?r FILTER(LANG(?r) = 'en') } }")  # fmt: skip
    assert [body for body, reason in open_ones if "choose it too" in reason] == ["fr/saint-denis"]


MERGED = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
wd:Q810 rdfs:label "Chinon"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q93 ; wdt:P374 "37072" .
wd:Q811 owl:sameAs wd:Q810 .
"""


@pytest.mark.parametrize(
    ("decision", "linked", "told"),
    [("different", False, "refused"), ("unsure", False, "review"), ("same", True, "accepted")],
)
def test_what_was_said_of_an_item_holds_after_a_merger(
    decision: str, linked: bool, told: str, server: Endpoint, out: Path
) -> None:
    """Q811 was judged, then Wikidata merged it into Q810."""
    server.store.load(MERGED.encode(), format=ox.RdfFormat.TURTLE)
    put(out / "decisions.csv", f"fr/chinon,Q811,{decision},,2026-02-03,stagiaire")
    assert link(out, server.url).returncode == 0
    assert (("fr/commune/37072", "Q810") in rows(out, SAME)) is linked
    found = rows(out, "SELECT ?item ?d { GRAPH ?g { ?a cd:alignedItem ?item ; cd:decision ?d ; cd:reviewerRole ?r } }")  # fmt: skip
    assert found == [("Q810", told)]


def test_a_refusal_holds_for_what_was_merged_into_the_refused_item(
    server: Endpoint, tmp_path: Path
) -> None:
    """Fondue (Q106) is Q107 today: it got two decisions, and lost its links to a shape."""
    out = released(tmp_path / "one", {"fondue": page("Mantes la Jolie", "Fondue", "Togo", 2011)})
    put(out / "decisions.csv", "tg/fondue,Q107,different,,2026-02-03,stagiaire")
    done = link(out, server.url)
    assert done.returncode == 0 and "break a rule" not in done.stderr
    found = rows(out, "SELECT ?item ?d { GRAPH ?g { ?a cd:alignedItem ?item ; cd:alignedBody ?b ; cd:decision ?d FILTER(CONTAINS(STR(?b), '/tg/')) } }")  # fmt: skip
    assert found == [("Q107", "refused")]


def test_one_item_is_not_two_places(server: Endpoint, tmp_path: Path) -> None:
    """A town and a subdivision of one name whose item has the numbers of both."""
    item = """
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wdt: <http://www.wikidata.org/prop/direct/> .
    wd:Q800 rdfs:label "Bassar"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91, wd:Q94 ;
        wdt:P1566 "2367567", "2367568" .
    """
    server.store.load(item.encode(), format=ox.RdfFormat.TURTLE)
    out = released(
        tmp_path / "two",
        {
            "town": page("Mantes la Jolie", "Ville de Bassar", "Togo", 2011),
            "division": page("Mantes la Jolie", "Préfecture de Bassar", "Togo", 2012),
        },
    )
    assert link(out, server.url).returncode == 0
    assert "Q800" not in {item for _, item in rows(out, SAME)}
    said = put(out / "decisions.csv", "tg/ville-de-bassar,Q800,same,,2026-02-03,stagiaire")
    assert said.exists() and link(out, server.url).returncode == 0
    assert [place for place, item in rows(out, SAME) if item == "Q800"] == ["tg/geonames/2367568"]


def test_a_contradiction_is_not_added(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    append(file, [decision(1)])
    before = file.read_bytes()
    with pytest.raises(DecisionsDamaged):
        append(file, [decision(1)])
    assert file.read_bytes() == before


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="@"), max_size=40)


@given(TEXTS, st.sampled_from(Verdict))
def test_what_is_written_is_read_again(why: str, verdict: Verdict) -> None:
    row = HumanDecision("ma/rabat", "Q1", verdict, why.strip(), "2026-01-01", "essai, à l'essai")
    text = HumanDecisions([row]).to_csv()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "decisions.csv"
        file.write_text(text, "utf-8", newline="")
        assert HumanDecisions.load(file).rows == (row,)
