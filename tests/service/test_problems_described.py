"""Errors as OpenAPI describes them: every operation's, with a model and examples that hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from starlette.requests import Request

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.service import problems
from tests.service.live_service import ROOT, Serve

PROBLEM = "application/problem+json"
TITLES = {
    400: ("Requête incorrecte", "Bad request"),
    403: ("Requête refusée", "Forbidden"),
    404: ("Introuvable", "Not found"),
    405: ("Méthode non permise", "Method not allowed"),
    406: ("Format indisponible", "Not acceptable"),
    413: ("Requête trop longue", "Content too large"),
    415: ("Type de contenu refusé", "Unsupported media type"),
    416: ("Partie introuvable", "Range not satisfiable"),
    500: ("Erreur du service", "Internal error"),
    502: ("Le moteur ne répond pas", "Bad gateway"),
    503: ("Service indisponible", "Service unavailable"),
    504: ("Limite de temps atteinte", "Time limit reached"),
    507: ("Limite de taille atteinte", "Size limit reached"),
}
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SERVICE = "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }"
# One request for each status that a request alone can bring about.
REQUESTS: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "GET", "/api/v1/partnerships", {"params": {"country": "Marok"}}),
    (400, "GET", "/api/v1/partnerships", {"params": {"sort": "colour"}}),
    (400, "GET", "/sparql", {"params": {"query": "SELEKT"}}),
    (400, "GET", "/dump.nq", {"headers": {"Range": "bytes=x"}}),
    (403, "GET", "/sparql", {"params": {"query": SERVICE}}),
    (404, "GET", "/nowhere/é ?", {}),
    (404, "GET", "/api/v1/places/a b", {}),
    (404, "GET", "/api/v1/questions/fundng", {}),
    (405, "DELETE", "/api/v1/places", {}),
    (406, "GET", "/api/v1/funding", {"params": {"format": "geojson"}}),
    (413, "POST", "/reconcile", {"data": {"queries": "x" * 1_000_001}}),
    (415, "POST", "/sparql", {"content": b"x"}),
    (416, "GET", "/dump.nq", {"headers": {"Range": "bytes=99999999999-"}}),
    (504, "GET", "/sparql", {"params": {"query": SLOW, "timeout": "0.2"}}),
]


@pytest.fixture(scope="module")
def described(client: httpx.Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Of a schema that refers to components."""
    whole = {**schema, "components": described["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def told(described: dict[str, Any], answer: httpx.Response, status: int, place: int) -> None:
    """Holds an answer against the model, in the language at a place of LANGUAGES."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["content-language"] == LANGUAGES[place]
    body = answer.json()
    validator(described, {"$ref": "#/components/schemas/Problem"}).validate(body)
    assert (body["title"], body["status"]) == (TITLES[status][place], status)


@pytest.mark.parametrize(("status", "method", "path", "sent"), REQUESTS)
def test_an_error_has_the_form_that_is_described(
    status: int,
    method: str,
    path: str,
    sent: dict[str, Any],
    client: httpx.Client,
    described: dict[str, Any],
) -> None:
    details = []
    for place, language in enumerate(LANGUAGES):
        headers = {**sent.get("headers", {}), "Accept-Language": language}
        answer = client.request(method, path, **{**sent, "headers": headers})
        told(described, answer, status, place)
        details.append(answer.json()["detail"])
    assert details[0] != details[1]


def test_a_result_that_is_too_big(
    serve: Serve, data: Any, described: dict[str, Any], tmp_path: Any
) -> None:
    from tests.service.live_service import serving

    with serving(data, tmp_path / "log", ROOT, ["--rows", "3"]) as client:
        for place, language in enumerate(LANGUAGES):
            answer = client.get(
                "/sparql",
                params={"query": "SELECT * { ?s ?p ?o } LIMIT 4"},
                headers={"Accept-Language": language},
            )
            told(described, answer, 507, place)


def test_each_class_of_errors_has_the_form_that_is_described(described: dict[str, Any]) -> None:
    statuses = set()
    for kind, status in problems.STATUS.items():
        error = kind.__new__(kind)
        CoopdecError.__init__(error, Bilingual("Voilà.", "There."))
        for place, language in enumerate(LANGUAGES):
            headers = [(b"accept-language", language.encode())]
            scope = {"type": "http", "method": "GET", "path": "/é", "headers": headers}
            made = problems.problem(Request({**scope, "query_string": b""}), error)
            answer = httpx.Response(made.status_code, headers=made.raw_headers, content=made.body)
            told(described, answer, status, place)
            assert answer.json()["detail"] == ("Voilà.", "There.")[place]
            assert answer.json()["instance"] == "/%C3%A9"
        statuses.add(status)
    assert statuses | {405, 416} == set(TITLES)


def test_every_operation_says_every_error(described: dict[str, Any]) -> None:
    shared = described["components"]["responses"]
    for name, operation in operations(described):
        if name == "post /mcp":
            # JSON-RPC has errors of its own, and HTTP statuses for what is none.
            continue
        errors = {s: r for s, r in operation["responses"].items() if s >= "400"}
        assert "500" in errors or name == "get /health", name
        for status, response in errors.items():
            assert response["$ref"] == f"#/components/responses/Problem{status}", name
            assert f"Problem{status}" in shared
    # Of the described statuses; no operation has a method that it is not described with.
    assert {int(name.removeprefix("Problem")) for name in shared} == set(TITLES) - {405}


def test_examples_of_errors_hold(described: dict[str, Any]) -> None:
    problem = validator(described, {"$ref": "#/components/schemas/Problem"})
    for name, response in described["components"]["responses"].items():
        examples = response["content"][PROBLEM]["examples"]
        assert list(examples) == list(LANGUAGES)
        status = int(name.removeprefix("Problem"))
        for place, example in enumerate(examples.values()):
            problem.validate(example["value"])
            assert example["value"]["status"] == status
            assert example["value"]["title"] == TITLES[status][place]


def test_every_parameter_and_every_document_has_an_example_that_holds(
    described: dict[str, Any],
) -> None:
    parameters = documents = 0
    for name, operation in operations(described):
        for parameter in operation.get("parameters", ()):
            schema = parameter["schema"]
            example = parameter.get("example", schema.get("example"))
            assert example is not None, (name, parameter["name"])
            validator(described, schema).validate(example)
            parameters += 1
        for media in operation["responses"].get("200", {}).get("content", {}).values():
            if "example" in media:
                validator(described, media["schema"]).validate(media["example"])
                documents += 1
    assert parameters > 300
    assert documents >= 6 + 6 + 1 + 29 + 1


def test_examples_are_answered(client: httpx.Client, described: dict[str, Any]) -> None:
    """Those of the lists are what the service answers, but for the time it took."""
    for path in ("/api/v1/partnerships", "/api/v1/funding"):
        content = described["paths"][path]["get"]["responses"]["200"]["content"]
        example = content["application/json"]["example"]
        facets = {"facets": ",".join(example["facets"]), "facet_limit": "1", "limit": "1"}
        answer = client.get(path, params=facets).json()
        assert {**answer, "took_ms": 1.0} == example
