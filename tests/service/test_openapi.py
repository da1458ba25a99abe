"""/openapi.json is complete, and /docs shows it without leaving this host."""

from __future__ import annotations

import re

import pytest

from coopdec_graph.index.resources import resources
from coopdec_graph.questions.catalogue import catalogue


@pytest.fixture(scope="module")
def described(client) -> dict:
    return client.get("/openapi.json").json()


def test_every_route_is_described(described):
    """But HEAD, which is GET without its body, and the description itself."""
    found = {(path, method) for path, methods in described["paths"].items() for method in methods}
    reads = [
        "/",
        "/health",
        "/sparql",
        "/id/{path}",
        "/alignment/{path}",
        "/scheme/{path}",
        "/doc/{path}",
        "/graph/{path}",
        "/graph-store",
        "/.well-known/void",
        "/dump.nq",
        "/catalog",
        "/catalog.{extension}",
        "/profiles",
        "/profiles.{extension}",
        "/shapes/dcat-ap",
    ]
    reads += [
        f"/{name}{end}" for name in ("def", "shapes") for end in ("", ".{extension}", "/{version}")
    ]
    reads += ["/reconcile", "/reconcile/view", "/reconcile/preview", "/reconcile/extend/properties"]
    reads += [f"/reconcile/suggest/{kind}" for kind in ("entity", "type", "property")]
    reads += ["/api/v1/questions", *(f"/api/v1/questions/{name}" for name in catalogue())]
    reads += ["/api/v1", "/api/v1/search", "/api/v1/context.jsonld"]
    reads += [f"/api/v1/{name}{end}" for name in resources() for end in ("", "/{id}")]
    reads += ["/questions", "/questions/{name}"]
    posts = [("/sparql", "post"), ("/reconcile", "post"), ("/mcp", "post")]
    assert found == {*((path, "get") for path in reads), *posts}


def test_operations_are_named_once_and_say_what_they_do(described):
    operations = [o for methods in described["paths"].values() for o in methods.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids)) > 10
    for operation in operations:
        assert operation["summary"] and operation["tags"]
        assert "422" not in operation["responses"]
        assert all(response["description"] for response in operation["responses"].values())
    assert described["openapi"].startswith("3.1")


def test_path_parameters_are_declared(described):
    for path, methods in described["paths"].items():
        for operation in methods.values():
            declared = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", path)), path


def test_references_resolve(described):
    for reference in re.findall(r"'\$ref': '#/([^']+)'", str(described)):
        node = described
        for step in reference.split("/"):
            node = node[step]
        assert node


def test_sparql_says_what_it_answers(described):
    for method in ("get", "post"):
        responses = described["paths"]["/sparql"][method]["responses"]
        errors = {"400", "403", "406", "413", "415", "500", "502", "503", "504", "507"}
        assert set(responses) == {"200", *errors}
        assert {"application/sparql-results+json", "text/csv", "text/turtle", "text/html"} <= set(
            responses["200"]["content"]
        )


def test_the_documentation_page_is_all_from_here(client):
    page = client.get("/docs").text
    assets = re.findall(r"""(?:src|href)=["']([^"']+)""", page) + re.findall(
        r"url: '([^']+)'", page
    )
    assert len(assets) == 4
    for asset in assets:
        assert asset.startswith("/") and not asset.startswith("//")
        assert client.get(asset).status_code == 200
    assert not re.findall(r"""https?://""", page)
