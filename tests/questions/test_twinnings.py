"""The question that asks Wikidata, for which a SPARQL server of our own stands: refused unless its
endpoint is listed, answered wherever questions are where it is."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from coopdec_graph.federation.allow_list import AllowList, Endpoint
from coopdec_graph.federation.client import Client
from coopdec_graph.federation.resolve import resolve_services
from coopdec_graph.graph.query import run
from coopdec_graph.namespaces import COUNTRY
from coopdec_graph.questions.catalogue import catalogue
from coopdec_graph.questions.shown import sparql_of
from tests.federation.endpoints import sparql_server
from tests.mcp.clients import connected
from tests.pipeline.commands import coopdec
from tests.service.live_service import serving

NAME = "twinnings-missing-from-wikidata"
PATH = f"/api/v1/questions/{NAME}"
WIKIDATA = "https://query.wikidata.org/sparql"
PAGE = {"Accept": "text/html", "Accept-Language": "en"}
YVELINES = "http://www.wikidata.org/entity/Q12820"


@pytest.fixture(scope="module")
def alone(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service without a list."""
    log = tmp_path_factory.mktemp("log") / "server.log"
    with serving(data, log) as client:
        yield client
    assert log.read_text() == ""


# ---- Where the endpoint is not listed ----------------------------------------------------------


@pytest.mark.parametrize("extension", ["", ".csv", ".xlsx"])
def test_the_service_refuses(extension: str, alone: httpx.Client) -> None:
    answer = alone.get(f"{PATH}{extension}?country=MA", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (403, "QueryForbidden")
    assert answer.json()["detail"].startswith("SERVICE is refused")


def test_the_page_says_so_and_keeps_its_form(alone: httpx.Client) -> None:
    page = alone.get(f"/questions/{NAME}?ask=1&country=MA", headers=PAGE)
    assert page.status_code == 403
    assert 'role="alert"' in page.text and "SERVICE is refused" in page.text
    assert 'value="MA"' in page.text
    assert "if the operator allowed it" in page.text


def test_the_command_refuses(data: Path) -> None:
    done = coopdec("ask", NAME, "country=MA", "--data", data, COOPDEC_LANG="en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "SERVICE is refused" in done.stderr


def test_another_entry_does_not_allow_it(data: Path, tmp_path: Path) -> None:
    other = tmp_path / "federation.toml"
    other.write_text('[[endpoint]]\nprefix = "https://example.org/sparql"\n', "utf-8")
    asked = ("ask", NAME, "country=MA", "--data", data, "--federation", other)
    done = coopdec(*asked, COOPDEC_LANG="en")
    assert done.returncode == 2
    assert WIKIDATA in done.stderr


# ---- Where it is -------------------------------------------------------------------------------


def test_the_service_answers_and_nothing_keeps_the_answer(client: httpx.Client) -> None:
    answer = client.get(PATH, params={"country": "Maroc"})
    assert [row["french_item"] for row in answer.json()["rows"]] == [YVELINES]
    text = client.get(f"{PATH}.csv", params={"country": "MA"})
    assert [row["status"] for row in csv.DictReader(io.StringIO(text.text))] == ["missing"]
    for each in (answer, text):
        assert each.headers["cache-control"] == "no-store"
        assert "etag" not in each.headers
    again = client.get(PATH, params={"country": "MA"}, headers={"If-None-Match": "*"})
    assert again.status_code == 200
    # The query that is shown is one that the endpoint takes.
    shown = client.get("/sparql", params={"query": answer.json()["sparql"]})
    assert len(shown.json()["results"]["bindings"]) == 1


def test_the_page_shows_the_rows(client: httpx.Client) -> None:
    page = client.get(f"/questions/{NAME}?ask=1&country=MA", headers=PAGE)
    assert page.status_code == 200
    assert YVELINES in page.text and "missing" in page.text


def test_the_tool_answers(client: httpx.Client) -> None:
    with connected(str(client.base_url).rstrip("/") + "/mcp", "auto") as connection:
        assert connection.answer(NAME, country="MA")["total"] == 1
        assert connection.answer(NAME, country="TG")["total"] == 0


def test_the_command_answers_with_a_list(data: Path, allowed: Path) -> None:
    asked = ("ask", NAME, "country=MA", "--data", data, "--federation", allowed, "--format", "csv")
    done = coopdec(*asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert [row["french_item"] for row in csv.DictReader(io.StringIO(done.stdout))] == [YVELINES]


def test_an_endpoint_that_is_gone_is_a_failure(data: Path, tmp_path: Path) -> None:
    gone = tmp_path / "federation.toml"
    gone.write_text(
        f'[[endpoint]]\nprefix = "{WIKIDATA}"\nprivate = true\nasked_at = "http://127.0.0.1:9/q"\n'
    )
    done = coopdec("ask", NAME, "country=MA", "--data", data, "--federation", gone)
    assert done.returncode == 1
    with serving(data, tmp_path / "log", options=("--federation", gone)) as broken:
        answer = broken.get(PATH, params={"country": "MA"})
        assert (answer.status_code, answer.json()["code"]) == (502, "FederationFailed")
        page = broken.get(f"/questions/{NAME}?ask=1&country=MA", headers=PAGE)
        assert (page.status_code, WIKIDATA in page.text) == (502, True)


# ---- What is missing ---------------------------------------------------------------------------

PREFIXES = """
PREFIX b: <https://example.org/body/>
PREFIX cd: <https://w3id.org/coopdec/def#>
PREFIX country: <http://publications.europa.eu/resource/authority/country/>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX form: <https://w3id.org/coopdec/scheme/form/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX x: <https://example.org/twinning/>
"""
FRENCH, FOREIGN = "cd:FrenchCollectivity", "cd:ForeignCollectivity"


def body(name: str, kind: str, item: str) -> str:
    country = "country:FRA" if kind == FRENCH else "country:DEU"
    return (
        f'b:{name} a {kind} ; cd:country {country} ; skos:prefLabel "{name}" ;'
        f" dct:spatial [ schema:sameAs wd:{item} ] .\n"
    )


def twinning(name: str, *members: str, form: str = "jumelage") -> str:
    return (
        f'x:{name} a cd:Partnership ; dct:identifier "{name}" ; dct:title "{name}" ;'
        f" cd:partnershipForm form:{form} ; dct:spatial country:DEU ;"
        f" org:hasMember {', '.join('b:' + member for member in members)} .\n"
    )


GRAPH = PREFIXES + "".join(
    [
        body("f1", FRENCH, "Q1"),
        body("f2", FRENCH, "Q2"),
        body("g1", FOREIGN, "Q11"),
        body("g2", FOREIGN, "Q12"),
        body("g3", FOREIGN, "Q13"),
        'b:g4 a cd:ForeignCollectivity ; cd:country country:DEU ; skos:prefLabel "g4" .\n',
        twinning("both", "f1", "g1"),
        twinning("one-way", "f1", "g2"),
        twinning("other-way", "f2", "g1"),
        twinning("none", "f2", "g2"),
        twinning("several", "f1", "g3", "g4"),
        twinning("unsaid", "f1", "f2", "g2", "g3"),
        twinning("project", "f2", "g3", form="projet-de-cooperation-decentralisee"),
    ]
)
THERE = (
    PREFIXES
    + """
wd:Q183 wdt:P298 "DEU" .
wd:Q1 wdt:P17 wd:Q142 ; p:P190 [ ps:P190 wd:Q11 ] , [ ps:P190 wd:Q12 ] , [ ps:P190 wd:Q99 ] .
wd:Q2 wdt:P17 wd:Q142 .
wd:Q11 wdt:P17 wd:Q183 ; p:P190 [ ps:P190 wd:Q1 ] , [ ps:P190 wd:Q1 ] , [ ps:P190 wd:Q2 ] .
wd:Q12 wdt:P17 wd:Q183 . wd:Q13 wdt:P17 wd:Q183 . wd:Q99 wdt:P17 wd:Q183 .
"""
)


def test_each_way_of_missing() -> None:
    """Two items in Wikidata are twins both ways, one way, the other way, or not."""
    graph = ox.Store()
    graph.load(GRAPH.encode(), format=ox.RdfFormat.TURTLE)
    shown = sparql_of(catalogue()[NAME], {"country": ox.NamedNode(str(COUNTRY["DEU"]))})
    with sparql_server(THERE) as address:
        allow = AllowList((Endpoint(WIKIDATA, private=True, asked_at=address),))
        text = asyncio.run(resolve_services(shown, allow, Client()))
    result = run(graph, text)
    assert isinstance(result, ox.QuerySolutions)
    rows = [tuple(row[c].value for c in ("title", "foreign_name", "status")) for row in result]
    assert rows == [
        ("none", "g2", "missing"),
        ("one-way", "g2", "inverse-missing"),
        ("other-way", "g1", "inverse-missing"),
        ("several", "g3", "missing"),
    ]
