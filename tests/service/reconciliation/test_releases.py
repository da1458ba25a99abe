"""The index is that of the release being served, and of any release: with or without links."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor

from tests.service.live_service import serving
from tests.service.reconciliation.conftest import ask_of, features, matched
from tests.service.reconciliation.release import (
    FOREIGN_BODIES,
    FRENCH_BODIES,
    MONEY_AND_THEMES,
    UNLINKED,
    WHOLE,
    publish,
    quads,
)

MANTES = "id/collectivity/fr/mantes-la-jolie"


def wait_for(client, release: str) -> None:
    deadline = time.monotonic() + 30
    while client.get("/ready").json()["release"] != release:
        assert time.monotonic() < deadline, "the new release is not served"
        time.sleep(0.05)


def test_a_release_without_links_and_places_then_one_with_them(tmp_path, serve):
    plain = quads(FRENCH_BODIES, FOREIGN_BODIES, MONEY_AND_THEMES, without=UNLINKED)
    publish(tmp_path / "out", plain)
    with serve(tmp_path / "out") as client:
        ask = ask_of(client)
        assert matched(ask("Mantes-la-Jolie")) == [MANTES]
        assert matched(ask("Mantes-la-Jolie", "Collectivity", country="FR")) == [MANTES]
        (found,) = ask("Mantes-la-Jolie", "Collectivity", inseeCode="78361")
        assert (found["match"], features(found)) == (False, {"name": 100.0, "type": True})
        assert found["description"] == "France · 2 partenariats"
        assert ask("Mantes-la-Jolie", "Place") == ask("Cherbourg-Octeville", date="2010") == []
        wait_for(client, publish(tmp_path / "out", quads(*WHOLE)).id)
        assert matched(ask("Mantes-la-Jolie", "Collectivity", inseeCode="78361")) == [MANTES]


def test_an_empty_release(tmp_path, serve):
    publish(tmp_path / "out", quads("part:atlas-1 | a | cd:Partnership\n"))
    with serve(tmp_path / "out") as client:
        assert ask_of(client)("Mantes-la-Jolie") == []
        assert client.get("/reconcile/suggest/entity?prefix=a").json() == {"result": []}


def test_another_base(tmp_path, serve):
    """Bodies are in the deployment's own space; a theme keeps its IRI, which then is its identifier."""
    base = "https://data.example.org/atlas/"
    text = quads(*WHOLE).replace("<https://w3id.org/coopdec/id/", f"<{base}id/")
    publish(tmp_path / "out", text, base)
    with serve(tmp_path / "out") as client:
        ask = ask_of(client)
        assert client.get("/reconcile").json()["identifierSpace"] == base
        assert matched(ask("Mantes-la-Jolie", "Collectivity")) == [MANTES]
        (theme,) = matched(ask("Eau et déchets", "Theme"))
        assert theme == "https://w3id.org/coopdec/scheme/theme/eau-et-dechets"
        view = client.get("/reconcile/view", params={"id": theme})
        assert view.headers["location"] == "/doc/scheme/theme/eau-et-dechets"


def test_many_first_requests_at_once(tmp_path):
    publish(tmp_path / "out", quads(*WHOLE))
    batch = {"queries": json.dumps({"q": {"query": "Mantes-la-Jolie", "type": "Place"}})}
    with serving(tmp_path / "out", tmp_path / "log") as client, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client.post("/reconcile", data=batch), range(32)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (tmp_path / "log").read_text() == ""


def test_loops_in_the_graph_end(tmp_path, serve):
    loop = """
    place:a | a | cd:Place ; cd:FrenchCollectivity
    place:a | skos:prefLabel | "Boucle A"@fr
    place:a | dct:isPartOf | place:b
    place:a | dct:spatial | place:b
    place:b | a | cd:Place ; cd:FrenchCollectivity
    place:b | skos:prefLabel | "Boucle B"@fr
    place:b | dct:isPartOf | place:a
    place:b | dct:spatial | place:a
    """
    publish(tmp_path / "out", quads(loop))
    with serve(tmp_path / "out") as client:
        (found,) = ask_of(client)("Boucle A", departement="78", siren="217803618")
        assert (found["id"], found["match"]) == ("id/place/a", False)
