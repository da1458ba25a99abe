"""An endpoint that is down, slow, busy or wrong: linking ends, says what was not asked, and a later
run goes on from what was answered."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from coopdec_graph import __version__
from coopdec_graph.linking.asking import Asker
from coopdec_graph.linking.bodies import FrenchTable
from coopdec_graph.linking.cache import AnswerCache
from coopdec_graph.linking.decisions import NameQuery, Outcome
from coopdec_graph.linking.linker import Linker
from coopdec_graph.linking.wikidata import Wikidata, default_limits
from tests.linking import endpoints
from tests.linking.endpoints import Behaviour, Endpoint, endpoint

TOGO, BENIN = NameQuery("Modèleville", "TG"), NameQuery("Exempleville", "BJ")
MANTES = NameQuery("Mantes la Jolie", "FR")
ALL = (TOGO, BENIN, MANTES)
RIGHT = {TOGO: "Q101", BENIN: "Q111", MANTES: "Q207253"}


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


class Waits(list[float]):
    """Takes the place of sleeping."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def linker(url: str, folder: Path, waits: Waits | None = None, **limits: float) -> Linker:
    bounds = replace(default_limits(), **{"timeout": 5.0, **limits})
    sleep = Waits() if waits is None else waits
    asker = Asker(url, AnswerCache(folder), bounds, sleep=sleep)
    return Linker(Wikidata(asker), FrenchTable())


CASES: dict[str, tuple[Behaviour, str]] = {
    "429": (endpoints.status(429), "429"),
    "429 for a day": (endpoints.status(429, Retry_After="86400"), "429"),
    "500": (endpoints.status(500), "500"),
    "502": (endpoints.status(502), "502"),
    "503": (endpoints.status(503, Retry_After="1"), "503"),
    "400": (endpoints.status(400), "400"),
    "403": (endpoints.status(403), "403"),
    "404": (endpoints.status(404), "404"),
    "HTML": (endpoints.html, "text/html"),
    "HTML said to be JSON": (endpoints.html_said_to_be_json, "malformed"),
    "JSON cut": (endpoints.cut, "malformed"),
    "JSON shorter than said": (endpoints.shorter_than_said, "malformed"),
    "ten times the rows": (endpoints.ten_times, "repeats rows"),
    "other variables": (endpoints.other_variables, "malformed"),
    "a boolean": (endpoints.yes_or_no, "malformed"),
    "a redirect": (endpoints.elsewhere, "redirects elsewhere"),
    "a connection closed": (endpoints.hangs_up, "malformed"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_was_not_asked_is_said_and_asked_later(
    case: str, server: Endpoint, tmp_path: Path
) -> None:
    server.behaviour, word = CASES[case]
    decisions = linker(server.url, tmp_path).link(ALL)
    for query in ALL:
        assert decisions[query].outcome is Outcome.UNASKED, decisions[query]
        assert decisions[query].qid is None and decisions[query].confidence == 0
        assert word in decisions[query].reason.en
        assert decisions[query].reason.fr.startswith("Non demandé")
    assert len(server.asked) <= 3 * default_limits().tries
    assert not list(tmp_path.rglob("*.json")), "a bad answer was kept"
    assert server.strangers == [], "a redirect was followed"

    server.behaviour = endpoints.good
    later = linker(server.url, tmp_path).link(ALL)
    assert {query: later[query].qid for query in ALL} == RIGHT


def test_rows_nobody_asked_for(server: Endpoint, tmp_path: Path) -> None:
    server.behaviour = endpoints.invented_rows
    decisions = linker(server.url, tmp_path).link(ALL)
    assert decisions[TOGO].outcome is Outcome.UNASKED
    assert "100000 rows" in decisions[TOGO].reason.en
    assert decisions[MANTES].qid == "Q207253"


@pytest.mark.parametrize("behaviour", [endpoints.silent, endpoints.dripping])
def test_a_slow_endpoint_is_left_at_the_deadline(
    behaviour: Behaviour, server: Endpoint, tmp_path: Path
) -> None:
    server.behaviour = behaviour
    begun = time.monotonic()
    slow = linker(server.url, tmp_path, timeout=0.5, patience_seconds=1.0)
    decisions = slow.link(ALL)
    assert time.monotonic() - begun < 20
    assert {one.outcome for one in decisions.values()} == {Outcome.UNASKED}
    assert "did not answer within 0.5 s" in decisions[TOGO].reason.en


def test_an_endless_answer_is_left(server: Endpoint, tmp_path: Path) -> None:
    server.behaviour = endpoints.endless
    bounded = linker(server.url, tmp_path, answer_bytes=1_000_000)
    decisions = bounded.link(ALL)
    assert {one.outcome for one in decisions.values()} == {Outcome.UNASKED}
    assert "longer than 1000000 bytes" in decisions[MANTES].reason.en


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/sparql"
    client = linker(url, tmp_path)
    decisions = client.link([NameQuery(f"Nom {n}", "TG") for n in range(50)] + list(ALL))
    assert {one.outcome for one in decisions.values()} == {Outcome.UNASKED}
    # After some tries in a row nobody is asked any more.
    assert client.wikidata.asker.requests <= default_limits().patience_tries


def test_it_waits_longer_each_time_and_as_long_as_it_is_asked_to(
    server: Endpoint, tmp_path: Path
) -> None:
    waits = Waits()
    server.behaviour = endpoints.after(3, endpoints.good, endpoints.status(503))
    assert linker(server.url, tmp_path / "a", waits).link([TOGO])[TOGO].qid == "Q101"
    assert len(waits) == 3
    assert 0.5 <= waits[0] <= 1 <= waits[1] <= 2 <= waits[2] <= 4

    waits = Waits()
    server.behaviour = endpoints.after(1, endpoints.good, endpoints.status(429, Retry_After="7"))
    assert linker(server.url, tmp_path / "b", waits).link([TOGO])[TOGO].qid == "Q101"
    assert len(waits) == 1 and 7 <= waits[0] <= 8


def test_one_country_failing_leaves_the_others(server: Endpoint, tmp_path: Path) -> None:
    def fails_for_togo(handler: endpoints.Handler, query: str) -> None:
        wrong = "?country" in query and "entity/Q945>" in query
        (endpoints.cut if wrong else endpoints.good)(handler, query)

    server.behaviour = fails_for_togo
    decisions = linker(server.url, tmp_path).link(ALL)
    assert decisions[TOGO].outcome is Outcome.UNASKED
    assert (decisions[BENIN].qid, decisions[MANTES].qid) == ("Q111", "Q207253")
    asked = len(server.asked)

    server.behaviour = endpoints.good
    again = linker(server.url, tmp_path)
    assert {q: one.qid for q, one in again.link(ALL).items()} == RIGHT
    # Only what had failed, and what it leads to: names, what they are, where they are.
    assert len(server.asked) - asked == again.wikidata.asker.requests == 3


def test_a_country_too_large_to_list_is_asked_by_spelling(server: Endpoint, tmp_path: Path) -> None:
    """Too many rows, or the endpoint's own time limit: names are asked for one by one."""

    def no_listing(handler: endpoints.Handler, query: str) -> None:
        (endpoints.status(500) if "?language" in query else endpoints.good)(handler, query)

    names = [
        NameQuery(name, "TG")
        for name in (
            "MODÈLEVILLE",
            "Ville de Modèleville",
            "vieille fictive",
            "Modelvile",
            "Nulle-Part",
        )
    ]
    expected = ["Q101", "Q101", "Q103", None, None]
    few = linker(server.url, tmp_path / "rows", country_rows=3).link(names)
    assert [few[name].qid for name in names] == expected
    server.behaviour = no_listing
    slow = linker(server.url, tmp_path / "time").link(names)
    assert [slow[name].qid for name in names] == expected
    assert "too large to be read whole" in slow[names[-1]].reason.en


def test_how_it_asks(server: Endpoint, tmp_path: Path) -> None:
    linker(server.url, tmp_path).link([NameQuery('Mo"d\\èle\n} UNION { ?s ?p ?o', "TG"), *ALL])
    assert {agent.split()[0] for agent in server.agents} == {f"coopdec-graph/{__version__}"}
    assert all(query.lstrip().startswith("#+ title_fr") for query in server.asked)


def test_a_name_cannot_change_the_query(server: Endpoint, tmp_path: Path) -> None:
    evil = NameQuery('Modèleville"@fr } ?item ?property ?name } #\\', "TG")
    few = linker(server.url, tmp_path, country_rows=1)
    decisions = few.link([evil, TOGO])
    assert decisions[TOGO].qid == "Q101"
    assert decisions[evil].outcome in (Outcome.NIL, Outcome.REVIEW)
    assert few.wikidata.asker.requests == len(server.asked)
