"""The messages of the Reconciliation Service API 0.2 over HTTP: manifest, batches, extension, suggest."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from tests.service.reconciliation.conftest import matched
from tests.service.reconciliation.release import BASE
from tests.service.reconciliation.schemas import examples, needs_schemas, valid

MANTES = "id/collectivity/fr/mantes-la-jolie"
PLACE = "id/place/fr/commune/78361"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def problem(answer: httpx.Response, status: int, code: str) -> str:
    """The detail of an error, which is one of the service's own documents."""
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    return body["detail"]


def test_the_manifest(client):
    root = str(client.base_url).rstrip("/")
    for path in ("/reconcile", "/reconcile/"):
        answer = client.get(path, params={"lang": "en"})
        assert answer.headers["content-type"] == "application/json"
        valid(answer.json(), "manifest")
        assert answer.json() == {
            "versions": ["0.2"],
            "name": "coopdec-graph",
            "identifierSpace": BASE,
            "schemaSpace": "https://w3id.org/coopdec/def#",
            "documentation": f"{root}/docs",
            "serviceVersion": client.get("/health").json()["version"],
            "logo": f"{root}/static/icon.svg",
            "defaultTypes": [
                {"id": "Collectivity", "name": "collectivity"},
                {"id": "Financer", "name": "financer"},
                {"id": "Theme", "name": "theme"},
                {"id": "Place", "name": "place"},
            ],
            "view": {"url": f"{root}/reconcile/view?id={{{{id}}}}"},
            "preview": {
                "url": f"{root}/reconcile/preview?id={{{{id}}}}",
                "width": 420,
                "height": 320,
            },
            "suggest": {
                kind: {"service_url": root, "service_path": f"/reconcile/suggest/{kind}"}
                for kind in ("entity", "property", "type")
            },
            "extend": {
                "propose_properties": {
                    "service_url": root,
                    "service_path": "/reconcile/extend/properties",
                },
                "property_settings": [],
            },
            "batchSize": 100,
        }


def test_every_address_of_the_manifest_answers(client):
    manifest = client.get("/reconcile").json()
    addresses = [manifest["documentation"], manifest["logo"]]
    for kind in ("view", "preview"):
        addresses.append(manifest[kind]["url"].replace("{{id}}", MANTES))
        addresses.append(manifest[kind]["url"].replace("{{id}}", MANTES.replace("/", "%2F")))
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        addresses.append(service["service_url"] + service["service_path"] + "?prefix=a")
    statuses = [client.get(address).status_code for address in addresses]
    assert statuses == [200, 200, 303, 303, 200, 200, 200, 200, 200, 200]


def test_the_manifest_names_the_address_the_client_used(client):
    answer = client.get("/reconcile", headers={"Host": "data.example.org"})
    assert answer.json()["view"]["url"] == "http://data.example.org/reconcile/view?id={{id}}"


def test_a_whole_answer(client):
    queries = {"q0": {"query": "mantes la jolie", "type": "Collectivity"}, "q1": {"query": "Zz"}}
    answer = client.get("/reconcile", params={"queries": json.dumps(queries), "lang": "en"})
    valid(answer.json(), "reconciliation-result-batch")
    assert answer.headers["content-language"] == "en"
    assert answer.headers["vary"] == "Accept-Language"
    assert answer.json() == {
        "q0": {
            "result": [
                {
                    "id": MANTES,
                    "name": "Mantes la Jolie",
                    "description": "municipality (France) 78361 · France · 2 partnerships",
                    "type": [
                        {"id": "Collectivity", "name": "collectivity"},
                        {"id": "FrenchCollectivity", "name": "French collectivity"},
                        {"id": "Financer", "name": "financer"},
                    ],
                    "score": 100.0,
                    "match": True,
                    "features": [{"id": "name", "value": 100.0}, {"id": "type", "value": True}],
                }
            ]
        },
        "q1": {"result": []},
    }


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/"])
def test_get_and_post_give_the_same_bytes(client, path):
    queries = {f"q{n}": {"query": name} for n, name in enumerate(("Rabat", "Mantes", "Autre"))}
    for name, message in (("queries", queries), ("extend", {"ids": [MANTES], "properties": []})):
        field = {name: json.dumps(message)}
        got, posted = client.get(path, params=field), client.post(path, data=field)
        assert (got.status_code, posted.status_code) == (200, 200)
        assert got.content == posted.content


def test_head_options_and_other_origins(client):
    queries = {"queries": json.dumps({"q": {"query": "Rabat"}})}
    got, head = client.get("/reconcile", params=queries), client.head("/reconcile", params=queries)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(got.content))
    options = client.options("/reconcile")
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    asked = {"Origin": "https://refine.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/reconcile", headers=asked)
    assert preflight.headers["access-control-allow-origin"] == "*"
    for path in (
        "/reconcile",
        "/reconcile/suggest/type?prefix=",
        f"/reconcile/preview?id={MANTES}",
    ):
        origin = {"Origin": "https://refine.example"}
        assert client.get(path, headers=origin).headers["access-control-allow-origin"] == "*"
    assert client.put("/reconcile").status_code == 405


@needs_schemas
@pytest.mark.parametrize(
    "path", examples("reconciliation-query-batch", "valid"), ids=lambda p: p.stem
)
def test_valid_batches_of_the_specification(client, path: Path):
    answer = client.post("/reconcile", data={"queries": path.read_text("utf-8")})
    assert answer.status_code == 200
    valid(answer.json(), "reconciliation-result-batch")
    assert set(answer.json()) == set(json.loads(path.read_text("utf-8")))


@needs_schemas
@pytest.mark.parametrize(
    "path", examples("reconciliation-query-batch", "invalid"), ids=lambda p: p.stem
)
def test_invalid_batches_of_the_specification(client, path: Path):
    problem(client.post("/reconcile", data={"queries": path.read_text("utf-8")}), 400, "BadRequest")


@needs_schemas
@pytest.mark.parametrize("path", examples("data-extension-query", "valid"), ids=lambda p: p.stem)
def test_valid_extensions_of_the_specification(client, path: Path):
    asked = json.loads(path.read_text("utf-8"))
    answer = client.post("/reconcile", data={"extend": json.dumps(asked)})
    assert answer.status_code == 200
    valid(answer.json(), "data-extension-response")
    ids = [one["id"] for one in asked["properties"]]
    assert [one["id"] for one in answer.json()["meta"]] == ids
    assert {tuple(row) for row in answer.json()["rows"].values()} == {tuple(ids)}


def test_the_examples_of_the_specification_are_read():
    if examples("reconciliation-query-batch", "valid"):
        assert len(examples("reconciliation-query-batch", "valid")) == 4
        assert len(examples("reconciliation-query-batch", "invalid")) == 3
        assert len(examples("data-extension-query", "valid")) == 2


def test_data_extension(client):
    properties = [
        "country", "countryName", "level", "inseeCode", "siren", "wikidata", "geonamesId",
        "departement", "place", "partnerships", "iri", "broader", "date", "colour",
    ]  # fmt: skip
    ids = [MANTES, BASE + PLACE, "scheme/theme/eau-et-assainissement", "id/nobody"]
    message = {"ids": ids, "properties": [{"id": one, "settings": {}} for one in properties]}
    answer = client.post("/reconcile?lang=en", data={"extend": json.dumps(message)}).json()
    valid(answer, "data-extension-response")
    assert [one["id"] for one in answer["meta"]] == properties
    assert [one["type"]["id"] for one in answer["meta"] if "type" in one] == [
        "Place",
        "Place",
        "Theme",
    ]
    filled = {
        id: {name: values for name, values in row.items() if values}
        for id, row in answer["rows"].items()
    }
    yvelines = {"id": "id/place/fr/departement/78", "name": "Yvelines"}
    assert filled == {
        MANTES: {
            "country": [{"str": "FR"}],
            "countryName": [{"str": "France"}],
            "level": [{"str": "commune"}],
            "inseeCode": [{"str": "78361"}],
            "siren": [{"str": "217803618"}],
            "wikidata": [{"str": "Q202368"}],
            "departement": [yvelines],
            "place": [{"id": PLACE, "name": "Mantes-la-Jolie"}],
            "partnerships": [{"int": 2}],
            "iri": [{"str": BASE + MANTES}],
        },
        BASE + PLACE: {
            "country": [{"str": "FR"}],
            "countryName": [{"str": "France"}],
            "level": [{"str": "commune"}],
            "inseeCode": [{"str": "78361"}],
            "wikidata": [{"str": "Q202368"}],
            "departement": [yvelines],
            "partnerships": [{"int": 2}],
            "iri": [{"str": BASE + PLACE}],
        },
        "scheme/theme/eau-et-assainissement": {
            "partnerships": [{"int": 1}],
            "iri": [{"str": f"{BASE}scheme/theme/eau-et-assainissement"}],
            "broader": [{"id": "scheme/theme/eau-et-dechets", "name": "Water and waste"}],
        },
        "id/nobody": {},
    }


def proposed(client, **parameters) -> list[str]:
    answer = client.get("/reconcile/extend/properties", params=parameters).json()
    valid(answer, "data-extension-property-proposal")
    assert answer.get("type") == parameters.get("type")
    assert answer.get("limit") == parameters.get("limit")
    return [one["id"] for one in answer["properties"]]


def test_proposals_of_properties(client):
    body = [
        "country", "countryName", "level", "inseeCode", "siren", "wikidata", "geonamesId",
        "departement", "place", "partnerships", "iri",
    ]  # fmt: skip
    assert proposed(client, type="Collectivity") == body
    assert proposed(client, type="Theme") == ["broader", "partnerships", "iri"]
    assert proposed(client, type="Place", limit=2) == ["country", "countryName"]
    assert proposed(client) == [*body[:9], "broader", "partnerships", "iri"]
    detail = problem(client.get("/reconcile/extend/properties?type=Person"), 400, "BadRequest")
    assert "ForeignCollectivity" in detail


def suggested(client, kind: str, **parameters) -> list[dict]:
    answer = client.get(f"/reconcile/suggest/{kind}", params=parameters).json()
    valid(
        answer,
        f"suggest-{'entities' if kind == 'entity' else f'{kind}s'}-response".replace(
            "propertys", "properties"
        ),
    )
    return answer["result"]


def ids(found: list[dict]) -> list[str]:
    return [one["id"] for one in found]


def test_suggested_entities(client):
    assert suggested(client, "entity", prefix="conseil de la préf", lang="en") == [
        {
            "id": "id/collectivity/ma/conseil-de-la-prefecture-de-rabat",
            "name": "Conseil de la Préfecture de Rabat",
            "description": "subdivision · Morocco · 1 partnership",
            "notable": [
                {"id": "Collectivity", "name": "collectivity"},
                {"id": "ForeignCollectivity", "name": "foreign collectivity"},
            ],
        }
    ]
    # The beginning of a word will do; the most used come first.
    assert ids(suggested(client, "entity", prefix="JOLI")) == [MANTES, PLACE]
    assert ids(suggested(client, "entity", prefix="joli", type="Place")) == [PLACE]
    assert ids(suggested(client, "entity", prefix="joli", cursor=1)) == [PLACE]
    for known in (PLACE, BASE + PLACE):
        assert ids(suggested(client, "entity", prefix=known)) == [PLACE]
    assert suggested(client, "entity", prefix="oli") == []
    assert suggested(client, "entity", prefix="") == []


def test_suggested_types_and_properties(client):
    assert suggested(client, "type", prefix="étrang", lang="fr") == [
        {
            "id": "ForeignCollectivity",
            "name": "collectivité étrangère",
            "broader": [{"id": "Collectivity", "name": "collectivité"}],
        }
    ]
    assert len(suggested(client, "type", prefix="")) == 6
    assert ids(suggested(client, "type", prefix="", cursor=4)) == ["Theme", "Place"]
    assert ids(suggested(client, "property", prefix="ins")) == ["inseeCode"]
    assert ids(suggested(client, "property", prefix="country")) == ["country", "countryName"]
    assert suggested(client, "property", prefix="xyz") == []


def test_the_view_leads_to_the_page_of_an_entity(client):
    for id, path in (
        (MANTES, "/doc/collectivity/fr/mantes-la-jolie"),
        (BASE + MANTES, "/doc/collectivity/fr/mantes-la-jolie"),
        ("scheme/theme/eau-et-dechets", "/doc/scheme/theme/eau-et-dechets"),
    ):
        answer = client.get("/reconcile/view", params={"id": id})
        assert (answer.status_code, answer.headers["location"]) == (303, path)
        assert client.get(path).status_code == 200
    problem(client.get("/reconcile/view?id=id/nobody"), 404, "NotFound")
    problem(client.get("/reconcile/view"), 400, "BadRequest")


def test_the_preview_is_a_small_page_that_others_may_frame(client):
    answer = client.get("/reconcile/preview", params={"id": MANTES, "lang": "fr"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    for text in (">Mantes la Jolie</a>", "commune 78361 · France", "217803618", ">Yvelines<"):
        assert text in answer.text
    english = client.get(
        "/reconcile/preview", params={"id": MANTES}, headers={"Accept-Language": "en-GB"}
    )
    assert "French collectivity" in english.text and '<html lang="en">' in english.text
    problem(client.get("/reconcile/preview?id=id/nobody"), 404, "NotFound")
    for path in ("/reconcile", "/reconcile/suggest/type?prefix=", "/reconcile/previews"):
        assert "frame-ancestors 'none'" in client.get(path).headers["content-security-policy"]


def test_an_identifier_is_found_as_a_name_is(client, ask):
    for text in (PLACE, BASE + PLACE):
        assert matched(ask(text)) == [PLACE]
    assert ask(PLACE, "Theme") == []
