"""GeoNames as a second witness: it confirms a link, stops one, finds one, and tells the place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.linking.asking import Asker
from coopdec_graph.linking.bodies import FrenchTable
from coopdec_graph.linking.cache import AnswerCache
from coopdec_graph.linking.decisions import Decision, NameQuery, Outcome
from coopdec_graph.linking.linker import Linker, linker_of, linker_without_wikidata
from coopdec_graph.linking.places import KnownPlaces
from coopdec_graph.linking.wikidata import Wikidata, default_limits
from tests.linking import endpoints
from tests.linking.endpoints import Endpoint, Handler, endpoint

# Numbers and positions of real towns; the items are invented.
WORLD = """
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Name and number lead to one item.
wd:Q301 rdfs:label "Atakpamé"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2367886" .
# They lead to two.
wd:Q302 rdfs:label "Sokodé"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .
wd:Q303 rdfs:label "Tout autre nom"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2364104" .
# The number alone leads to one.
wd:Q304 rdfs:label "Palimé-la-Neuve"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2365560" .
# To a mountain; to a town that is no more; to two.
wd:Q305 rdfs:label "Mont"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q8502 ; wdt:P1566 "2363534" .
wd:Q306 rdfs:label "Ancienne"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2367990" ;
    wdt:P576 "1999-01-01T00:00:00Z"^^xsd:dateTime .
wd:Q307 rdfs:label "Une"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2363490" .
wd:Q308 rdfs:label "Deux"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2363490" .
# Without a number, but where GeoNames has the name; and far from it.
wd:Q309 rdfs:label "Dapaong"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ;
    wdt:P625 "Point(0.21 10.86)"^^geo:wktLiteral .
wd:Q310 rdfs:label "Mango"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ;
    wdt:P625 "Point(1.2 6.2)"^^geo:wktLiteral .
# Two positions are none.
wd:Q311 rdfs:label "Tchambaville"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ;
    wdt:P625 "Point(1 9)"^^geo:wktLiteral , "Point(1 8)"^^geo:wktLiteral .
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        server.store.load(WORLD.encode(), format=ox.RdfFormat.TURTLE)
        yield server


def decided(server: Endpoint, folder: Path, name: str, **said: str) -> Decision:
    query = NameQuery(name, "TG", **said)
    return linker_of(server.url, folder).link([query])[query]


def place_of(decision: Decision) -> str:
    return decision.place.key if decision.place is not None else ""


def test_two_sources_that_agree(server: Endpoint, tmp_path: Path) -> None:
    found = decided(server, tmp_path, "Ville d'Atakpamé")
    assert (found.outcome, found.qid, place_of(found)) == (
        "accepted",
        "Q301",
        "tg/geonames/2367886",
    )
    assert found.features["geonames"] == "agrees"


def test_two_sources_that_disagree_wait_for_a_person(server: Endpoint, tmp_path: Path) -> None:
    found = decided(server, tmp_path, "Sokodé")
    assert (found.outcome, found.qid, place_of(found)) == ("review", None, "")
    assert [one.qid for one in found.candidates] == ["Q302", "Q303"]
    assert "2364104" in found.reason.en and "Q303" in found.reason.fr


def test_a_number_finds_what_no_name_does(server: Endpoint, tmp_path: Path) -> None:
    found = decided(server, tmp_path, "Kpalimé")
    assert (found.outcome, found.qid, found.method) == ("accepted", "Q304", "geonames-id")
    assert (place_of(found), found.confidence) == ("tg/geonames/2365560", 0.9)


@pytest.mark.parametrize("name", ["Tsévié", "Aného", "Vogan"])
def test_a_number_of_the_wrong_kind_ended_or_borne_twice_finds_nothing(
    name: str, server: Endpoint, tmp_path: Path
) -> None:
    found = decided(server, tmp_path, name)
    assert (found.outcome, found.qid, place_of(found)) == ("nil", None, "")


def test_what_a_person_refused_is_not_found_by_its_number(server: Endpoint, tmp_path: Path) -> None:
    query = NameQuery("Kpalimé", "TG", refused=frozenset({"Q304"}))
    found = linker_of(server.url, tmp_path).link([query])[query]
    assert (found.outcome, found.qid) == ("nil", None)


def asked(server: Endpoint, folder: Path, query: NameQuery) -> Decision:
    return linker_of(server.url, folder).link([query])[query]


def test_the_number_does_not_bring_back_what_a_person_refused(
    server: Endpoint, tmp_path: Path
) -> None:
    """Name and number lead to two items; without one of them the other is the only one."""
    for refused, left in (("Q303", "Q302"), ("Q302", "Q303")):
        found = asked(server, tmp_path, NameQuery("Sokodé", "TG", refused=frozenset({refused})))
        assert (found.outcome, found.qid) == ("accepted", left)
        assert [one.qid for one in found.candidates] == [left]


def test_an_item_that_a_person_doubts_is_shown_though_its_number_found_it(
    server: Endpoint, tmp_path: Path
) -> None:
    found = asked(server, tmp_path, NameQuery("Kpalimé", "TG", doubted=frozenset({"Q304"})))
    assert (found.outcome, found.qid, found.method) == ("review", None, "doubted")
    assert [one.qid for one in found.candidates] == ["Q304"]


@pytest.mark.parametrize("name", ["Atakpamé", "Dapaong"])
def test_the_item_of_a_place_that_a_person_refused_is_not_linked(
    name: str, server: Endpoint, tmp_path: Path
) -> None:
    """By its number, and by where it lies."""
    place = {"Atakpamé": "tg/geonames/2367886", "Dapaong": "tg/geonames/2367164"}[name]
    item = {"Atakpamé": "Q301", "Dapaong": "Q309"}[name]
    refused = asked(server, tmp_path, NameQuery(name, "TG", refused=frozenset({place})))
    assert place_of(refused) != place
    if name == "Atakpamé":
        assert (refused.outcome, refused.qid, refused.method) == ("review", None, "place-refused")
    doubted = asked(server, tmp_path, NameQuery(name, "TG", doubted=frozenset({place})))
    assert (doubted.outcome, doubted.qid, place_of(doubted)) == ("review", None, "")
    assert [one.key for one in doubted.places] == [place]
    chosen = NameQuery(name, "TG", item=item, refused=frozenset({place}))
    kept = asked(server, tmp_path, chosen)
    assert (kept.outcome, kept.qid, place_of(kept)) == ("accepted", item, f"tg/wikidata/{item}")


def test_a_place_that_a_person_doubts_is_none_without_wikidata() -> None:
    query = NameQuery("Sokodé", "TG", doubted=frozenset({"tg/geonames/2364104"}))
    found = linker_without_wikidata().link([query])[query]
    assert (found.outcome, place_of(found)) == ("review", "")


def test_an_item_without_a_number_is_the_place_of_the_table_that_lies_where_it_does(
    server: Endpoint, tmp_path: Path
) -> None:
    near, far = decided(server, tmp_path, "Dapaong"), decided(server, tmp_path, "Mango")
    assert (near.qid, place_of(near)) == ("Q309", "tg/geonames/2367164")
    assert (far.qid, place_of(far)) == ("Q310", "tg/wikidata/Q310")
    assert far.place is not None and far.place.point == (6.2, 1.2)
    assert far.place.located_by == "Q310"


def test_of_two_positions_none_is_taken(server: Endpoint, tmp_path: Path) -> None:
    found = decided(server, tmp_path, "Tchambaville")
    assert found.place is not None
    assert (found.place.key, found.place.point, found.place.level) == (
        "tg/wikidata/Q311", None, "settlement",
    )  # fmt: skip


def test_a_place_that_a_person_chose_settles_which_item(server: Endpoint, tmp_path: Path) -> None:
    found = decided(server, tmp_path, "Sokodé", place="tg/geonames/2365560")
    # The item of the name stays: a person spoke of the place.
    assert (found.outcome, place_of(found)) == ("review", "tg/geonames/2365560")
    alone = decided(server, tmp_path, "Nulle Part", place="tg/geonames/2365560")
    assert (alone.outcome, alone.qid) == ("accepted", "Q304")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Sokodé", "tg/geonames/2364104"),  # a town of 15,000 or more
        ("Préfecture de Bassar", "tg/geonames/2367567"),  # the name says the kind
        ("Bassar", ""),  # a town and a subdivision
        ("Modèleville", ""),
    ],
)
def test_without_wikidata_the_tables_place_what_they_are_sure_of(name: str, place: str) -> None:
    query = NameQuery(name, "TG")
    found = linker_without_wikidata().link([query])[query]
    assert (found.outcome, found.qid, place_of(found)) == (Outcome.UNASKED, None, place)


def test_a_number_of_another_place_is_not_believed(tmp_path: Path) -> None:
    """The item of one town bears the number of another: the place is the item's own."""
    wrong = """
    @prefix geo: <http://www.opengis.net/ont/geosparql#> .
    @prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wdt: <http://www.wikidata.org/prop/direct/> .
    wd:Q101 wdt:P1566 "2365267" ; wdt:P625 "Point(1.0 9.0)"^^geo:wktLiteral .
    """
    with endpoint() as server:
        server.store.load(wrong.encode(), format=ox.RdfFormat.TURTLE)
        found = decided(server, tmp_path, "Ville de Modèleville")
    assert (found.qid, place_of(found)) == ("Q101", "tg/wikidata/Q101")


def test_a_number_on_an_item_of_another_country_finds_nothing(tmp_path: Path) -> None:
    abroad = """
    @prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wdt: <http://www.wikidata.org/prop/direct/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    wd:Q400 rdfs:label "Ailleurs"@fr ; wdt:P17 wd:Q142 ; wdt:P31 wd:Q91 ; wdt:P1566 "2365267" .
    """
    with endpoint() as server:
        server.store.load(abroad.encode(), format=ox.RdfFormat.TURTLE)
        found = decided(server, tmp_path, "Lomé")
    assert (found.outcome, found.qid) == ("nil", None)


def test_a_witness_that_cannot_be_asked_makes_no_link(server: Endpoint, tmp_path: Path) -> None:
    """Name and number lead to two items; with the numbers out of reach, the name alone must not do."""

    def silent_on_numbers(handler: Handler, query: str) -> None:
        if "P1566" in query:
            handler.reply(b"no", "text/plain", 500)
        else:
            endpoints.good(handler, query)

    query = NameQuery("Sokodé", "TG")
    asker = Asker(server.url, AnswerCache(tmp_path), default_limits(), sleep=lambda seconds: None)
    linker = Linker(Wikidata(asker), FrenchTable(), KnownPlaces())
    server.behaviour = silent_on_numbers
    try:
        found = linker.link([query])[query]
    finally:
        server.behaviour = endpoints.good
    assert (found.outcome, found.qid) == ("unasked", None)
    assert "500" in found.reason.en
    assert decided(server, tmp_path, "Sokodé").outcome == "review"


HEAD = """
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
"""


def test_the_number_of_another_place_finds_nothing(tmp_path: Path) -> None:
    """The item of Kara bore Lomé's number, and was linked to Lomé, 380 km away."""
    kara = f"""{HEAD}
    wd:Q960 rdfs:label "Kara"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 ; wdt:P1566 "2365267" ;
        wdt:P625 "Point(1.19 9.55)"^^geo:wktLiteral .
    """
    with endpoint() as server:
        server.store.load(kara.encode(), format=ox.RdfFormat.TURTLE)
        found = decided(server, tmp_path, "Lomé")
    assert (found.outcome, found.qid) == ("nil", None)


def test_the_accepted_item_is_among_the_candidates_however_many(tmp_path: Path) -> None:
    """It was cut off behind eight better scores, and the run ended in a crash."""
    others = "\n".join(
        f'wd:Q{number} rdfs:label "Neufville"@fr ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q56061 .'
        for number in range(900, 910)
    )
    one = 'wd:Q950 skos:altLabel "Neufville"@en ; wdt:P17 wd:Q945 ; wdt:P31 wd:Q91 .'
    with endpoint() as server:
        server.store.load(f"{HEAD}{others}\n{one}".encode(), format=ox.RdfFormat.TURTLE)
        found = decided(server, tmp_path, "Ville de Neufville")
    assert (found.outcome, found.qid, place_of(found)) == ("accepted", "Q950", "tg/wikidata/Q950")
    assert found.candidates[0].qid == "Q950" and len(found.candidates) == 8


def test_an_item_that_a_person_chose_is_no_place_of_its_name_because_nobody_answers() -> None:
    """The item of Mango lies far from GeoNames' Mango: offline it was taken for it."""
    query = NameQuery("Mango", "TG", item="Q310")
    found = linker_without_wikidata().link([query])[query]
    assert (found.outcome, found.qid, place_of(found)) == ("accepted", "Q310", "tg/wikidata/Q310")


def test_an_item_that_a_person_chose_is_what_wikidata_says_it_is(
    server: Endpoint, tmp_path: Path
) -> None:
    """A name that leads nowhere: the item is a subdivision, and not a town for want of a word."""
    found = decided(server, tmp_path, "Nulle Part", item="Q104")
    assert found.place is not None
    assert (found.place.key, found.place.level) == ("tg/wikidata/Q104", "subdivision")
