"""`coopdec link` and `build --wikidata` as users run them: what the graph holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linking import endpoints
from tests.linking.endpoints import Endpoint, endpoint
from tests.linking.link_pages import link, page, put, released, rows
from tests.pipeline.commands import assert_whole, coopdec, leftovers, manifest, release_files

CANDIDATES = "<https://w3id.org/coopdec/graph/candidates>"
LINKS = "<https://w3id.org/coopdec/graph/links>"
SAME = "SELECT ?place ?item { ?place a cd:Place ; schema:sameAs ?item } ORDER BY ?place"
PLACED = "SELECT ?body ?place { ?body dct:spatial ?place . ?place a cd:Place } ORDER BY ?body"
# Those of today, and the one that had the name until lately (89342).
SAINT_DENIS = ("11339", "30247", "89342", "93066", "97411")
OPEN = f"""
    SELECT ?body ?decision ?item ?place WHERE {{ GRAPH {CANDIDATES} {{
        ?alignment cd:alignedBody ?body ; cd:decision ?decision
        OPTIONAL {{ ?alignment cd:alignedItem ?item }}
        OPTIONAL {{ ?alignment cd:alignedPlace ?place }}
    }} }} ORDER BY ?body ?decision ?item ?place
"""


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return released(tmp_path)


def test_a_build_alone_places_bodies_by_the_tables_and_asks_nobody(out: Path) -> None:
    assert rows(out, PLACED) == [
        ("fr/chinon", "fr/commune/37072"),
        ("fr/mantes-la-jolie", "fr/commune/78361"),
    ]
    assert rows(out, SAME) == []
    # Of what nobody was asked, nothing is said.
    assert {row[1] for row in rows(out, OPEN)} == {"review"}
    assert manifest(out)["links"] == {
        "wikidata": None, "bodies": 6, "placed": 2, "refused": 0,
        "accepted": 0, "review": 1, "nil": 0, "unasked": 0,
        "activities": {"accepted": 0, "review": 0, "refused": 0},
    }  # fmt: skip


def test_bodies_get_their_codes_and_places_what_the_tables_know(out: Path) -> None:
    codes = rows(
        out,
        """SELECT ?body ?siren ?insee ?level { ?body cd:siren ?siren ; cd:inseeCode ?insee ;
        cd:level/skos:notation ?level } ORDER BY ?body""",
    )
    assert codes == [
        ("fr/chinon", "213700727", "37072", "commune"),
        ("fr/mantes-la-jolie", "217803618", "78361", "commune"),
    ]
    places = rows(
        out,
        """SELECT ?place ?name ?level ?code ?wkt ?above { ?place a geo:Feature ; skos:prefLabel ?name ;
        cd:level/skos:notation ?level ; igeo:codeINSEE ?code
        OPTIONAL { ?place geo:hasGeometry/geo:asWKT ?wkt } OPTIONAL { ?place dct:isPartOf ?above } }
        ORDER BY ?place""",
    )
    assert places == [
        ("fr/commune/37072", "Chinon", "commune", "37072", "POINT(0.24284 47.16701)", "fr/departement/37"),
        ("fr/commune/78361", "Mantes-la-Jolie", "commune", "78361", "POINT(1.7167 48.99048)", "fr/departement/78"),
        ("fr/departement/37", "Indre-et-Loire", "departement", "37", "", "fr/region/24"),
        ("fr/departement/78", "Yvelines", "departement", "78", "", "fr/region/11"),
        ("fr/region/11", "Île-de-France", "region", "11", "", ""),
        ("fr/region/24", "Centre-Val de Loire", "region", "24", "", ""),
    ]  # fmt: skip
    assert rows(out, "SELECT ?p { ?p a igeo:Commune } ORDER BY ?p") == [
        ("fr/commune/37072",),
        ("fr/commune/78361",),
    ]


def test_links_are_made_and_every_decision_is_there(server: Endpoint, out: Path) -> None:
    done = link(out, server.url)
    assert done.returncode == 0, done.stderr
    assert (
        "6 bodies: 3 placed, 2 linked to Wikidata, 2 to review, 2 without an answer." in done.stdout
    )
    assert f"{len(server.asked)} requests" in done.stdout
    assert rows(out, SAME) == [("fr/commune/78361", "Q207253"), ("tg/wikidata/Q101", "Q101")]
    assert rows(out, PLACED) == [
        ("fr/chinon", "fr/commune/37072"),
        ("fr/mantes-la-jolie", "fr/commune/78361"),
        ("tg/ville-de-modeleville", "tg/wikidata/Q101"),
    ]
    assert [row for row in rows(out, OPEN) if row[1] != "review"] == [
        ("bj/nulle-part", "nil", "", ""),
        ("fr/chinon", "nil", "", "fr/commune/37072"),
    ]
    doubts = [row for row in rows(out, OPEN) if row[1] == "review"]
    assert [row for row in doubts if row[0] == "tg/fictiville"] == [
        ("tg/fictiville", "review", "Q103", ""),
        ("tg/fictiville", "review", "Q104", ""),
    ]
    homonyms = {row[3] for row in doubts if row[0] == "fr/saint-denis"}
    assert homonyms == {f"fr/commune/{code}" for code in SAINT_DENIS}
    assert_whole(out)
    assert leftovers(out) == []


def test_an_accepted_link_says_how_and_why(server: Endpoint, out: Path) -> None:
    link(out, server.url)
    found = rows(
        out,
        f"""SELECT ?body ?place ?item ?method ?confidence ?name ?reason WHERE {{ GRAPH {LINKS} {{
        ?alignment a cd:Alignment ; cd:alignedBody ?body ; cd:alignedPlace ?place ;
        cd:decision <https://w3id.org/coopdec/scheme/decision/accepted> ; cd:method ?method ;
        cd:confidence ?confidence ; rdfs:label ?name ; rdfs:comment ?reason ;
        prov:wasGeneratedBy [ a cd:LinkRun ]
        OPTIONAL {{ ?alignment cd:alignedItem ?item }}
        FILTER(LANG(?reason) = "en") }} }} ORDER BY ?body""",
    )
    assert found == [
        ("fr/chinon", "fr/commune/37072", "", "official-code", "1", "Chinon",
         "“Chinon” (fr/commune/37072) is the only place of this name in the reference table."),
        ("fr/mantes-la-jolie", "fr/commune/78361", "Q207253", "official-code", "1", "Mantes-la-Jolie",
         "“Mantes-la-Jolie” is commune 78361; Q207253 is the only item of this name that bears this code."),
        ("tg/ville-de-modeleville", "tg/wikidata/Q101", "Q101", "exact-name", "1", "Modèleville",
         "“Modèleville” is a name of Q101, the only populated place of this country to bear it."),
    ]  # fmt: skip


def test_a_doubt_is_no_fact_of_the_default_graph(server: Endpoint, out: Path) -> None:
    link(out, server.url)
    seen = rows(out, "SELECT ?decision { ?alignment cd:decision ?decision } GROUP BY ?decision")
    assert seen == [("accepted",)]
    assert rows(out, f"SELECT (COUNT(*) AS ?n) {{ GRAPH {CANDIDATES} {{ ?s ?p ?o }} }}") != [("0",)]


def test_the_linkset_counts_its_links_and_tells_the_measured_precision(
    server: Endpoint, out: Path
) -> None:
    link(out, server.url)
    found = rows(
        out,
        """SELECT ?n ?property ?precision ?floor ?sample { ?set a void:Linkset ; void:triples ?n ;
        void:linkPredicate ?property ; cd:linkPrecision ?precision ;
        cd:linkPrecisionFloor ?floor ; cd:linkPrecisionSample ?sample }""",
    )
    links = rows(out, "SELECT (COUNT(*) AS ?n) { ?s schema:sameAs ?o }")
    assert links == [("5",)]  # two places, three countries
    [(count, property, precision, floor, sample)] = found
    assert (count, property) == ("5", "https://schema.org/sameAs")
    assert 0.995 <= float(floor) < float(precision) <= 1 and int(sample) > 10_000


def test_a_second_run_asks_nothing_and_publishes_the_same(server: Endpoint, out: Path) -> None:
    first = link(out, server.url)
    files, asked = release_files(out), len(server.asked)
    second = link(out, server.url)
    assert (first.returncode, second.returncode) == (0, 0)
    assert release_files(out) == files and len(server.asked) == asked
    offline = link(out, "offline")
    assert offline.returncode == 0 and "0 requests" in offline.stdout


def test_a_build_may_ask_itself(server: Endpoint, tmp_path: Path, out: Path) -> None:
    link(out, server.url)
    other = tmp_path / "other"
    options = ("--wikidata", server.url, "--cache", tmp_path / "cache")
    done = coopdec("build", tmp_path / "pages", "--out", other, *options)
    assert done.returncode == 0, done.stderr
    assert release_files(other)["graph.nq"] == release_files(out)["graph.nq"]


def test_a_build_of_unchanged_pages_keeps_the_links(
    server: Endpoint, tmp_path: Path, out: Path
) -> None:
    link(out, server.url)
    done = coopdec("build", tmp_path / "pages", "--out", out, COOPDEC_LANG="en")
    assert "Nothing changed" in done.stdout
    assert rows(out, SAME) != []


FAULTS = {
    "down": None,
    "429": endpoints.status(429, **{"Retry-After": "3600"}),
    "500": endpoints.status(500),
    "html": endpoints.html,
    "cut": endpoints.cut,
    "ten times too many rows": endpoints.ten_times,
    "slow": endpoints.dripping,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_endpoint_does_the_graph_is_published_and_a_later_run_resumes(
    fault: str, server: Endpoint, out: Path
) -> None:
    behaviour = FAULTS[fault]
    if behaviour is not None:
        server.behaviour = behaviour
    url = server.url if behaviour is not None else "http://127.0.0.1:9/sparql"
    done = link(out, url, "--timeout", "0.3")
    assert done.returncode == 0, done.stderr
    assert "5 body(ies) not asked about." in done.stderr
    assert rows(out, SAME) == []
    # What the tables know is there all the same, and what was not asked is said in the graph.
    assert rows(out, PLACED)[0] == ("fr/chinon", "fr/commune/37072")
    unasked = [row[0] for row in rows(out, OPEN) if row[1] == "unasked"]
    assert unasked == ["bj/nulle-part", "fr/chinon", "fr/mantes-la-jolie", "tg/fictiville", "tg/ville-de-modeleville"]  # fmt: skip
    assert link(out, url, "--timeout", "0.3", "--strict").returncode == 1

    server.behaviour = endpoints.good
    assert link(out, server.url, "--strict").returncode == 0
    assert rows(out, SAME) == [("fr/commune/78361", "Q207253"), ("tg/wikidata/Q101", "Q101")]
    assert [row for row in rows(out, OPEN) if row[1] == "unasked"] == []


TWO_NAMES = {
    "one": page("Mantes la Jolie", "Ville de Modèleville", "Togo", 2011),
    "two": page("Commune de Mantes-la-Jolie", "Fictiville", "Togo", 2012),
}


def test_two_names_of_one_place_share_it(server: Endpoint, tmp_path: Path) -> None:
    out = released(tmp_path, TWO_NAMES)
    assert link(out, server.url).returncode == 0
    assert rows(out, SAME)[0] == ("fr/commune/78361", "Q207253")
    assert rows(out, "SELECT ?body { ?body cd:siren '217803618' } ORDER BY ?body") == [
        ("fr/commune-de-mantes-la-jolie",),
        ("fr/mantes-la-jolie",),
    ]


def test_what_is_refused_under_one_name_of_a_place_is_not_made_under_another(
    server: Endpoint, tmp_path: Path
) -> None:
    out = released(tmp_path, TWO_NAMES)
    said = put(tmp_path / "said.csv", "fr/mantes-la-jolie,Q207253,different,,2026-01-01,essayeur")
    done = link(out, server.url, "--decisions", said)
    assert done.returncode == 0, done.stderr
    assert rows(out, SAME) == [("tg/wikidata/Q101", "Q101")]
    assert ("fr/commune-de-mantes-la-jolie", "review", "Q207253", "fr/commune/78361") in rows(
        out, OPEN
    )


def test_two_people_who_chose_two_items_for_one_place(server: Endpoint, tmp_path: Path) -> None:
    out = released(tmp_path, TWO_NAMES)
    said = put(
        tmp_path / "said.csv",
        "fr/mantes-la-jolie,Q207253,same,,2026-01-01,essayeur",
        "fr/commune-de-mantes-la-jolie,Q201,same,,2026-01-01,essayeur",
    )
    assert link(out, server.url, "--decisions", said).returncode == 0
    assert rows(out, SAME) == [("tg/wikidata/Q101", "Q101")]
    one = put(tmp_path / "one.csv", "fr/mantes-la-jolie,Q201,same,,2026-01-01,essayeur")
    assert link(out, server.url, "--decisions", one).returncode == 0
    # What a person chose for the place goes before the rules, under whatever name.
    assert rows(out, SAME)[0] == ("fr/commune/78361", "Q201")


def test_decisions_that_nothing_answers_to_are_told(
    server: Endpoint, out: Path, tmp_path: Path
) -> None:
    missing = link(out, server.url, "--decisions", tmp_path / "nothing.csv")
    assert missing.returncode == 2 and "There is no file of decisions" in missing.stderr
    said = put(tmp_path / "said.csv", "tg/fictivile,Q104,same,,2026-01-01,essayeur")
    done = link(out, server.url, "--decisions", said)
    assert done.returncode == 0 and "does not have: tg/fictivile." in done.stderr


def test_a_build_that_loses_links_says_so(server: Endpoint, out: Path, tmp_path: Path) -> None:
    link(out, server.url)
    put(out / "decisions.csv", "tg/fictiville,Q104,same,,2026-01-01,essayeur")
    done = coopdec("build", tmp_path / "pages", "--out", out, COOPDEC_LANG="en")
    assert done.returncode == 0
    assert "had 2 links to Wikidata, this one has 1" in done.stderr
    told = coopdec(
        "build", tmp_path / "pages", "--out", out, "--wikidata", "offline",
        "--cache", tmp_path / "cache", COOPDEC_LANG="en",
    )  # fmt: skip
    assert told.returncode == 0 and "links to Wikidata, this one" not in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--wikidata", "ftp://example.org/"), "is not the address of a SPARQL endpoint"),
        (("--wikidata", "http://user:secret@example.org/"), "is not the address"),
        (("--cache-days", "-1"), "--cache-days"),
    ],
)
def test_wrong_usage_changes_nothing(arguments: tuple[str, ...], said: str, out: Path) -> None:
    files = release_files(out)
    done = coopdec("link", "--data", out, *arguments, COOPDEC_LANG="en")
    assert done.returncode == 2 and said in done.stderr
    assert release_files(out) == files


def test_a_folder_without_a_graph(tmp_path: Path) -> None:
    done = coopdec("link", "--data", tmp_path / "nothing", "--wikidata", "offline")
    assert done.returncode == 2 and "ne contient pas de graphe publié" in done.stderr
    assert not (tmp_path / "nothing").exists()
