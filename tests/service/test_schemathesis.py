"""The running service against its own description: no 5xx, no answer but those it describes.

Two ways: schemathesis makes requests of the description alone, right and wrong ones; then values
that the release has are asked for, which no description knows, so that rows and profiles come back.
Every request is sent as GET (or POST) and as HEAD. Nothing here is random.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import cycle, islice, zip_longest
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import sampled_from
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from coopdec_graph.index.resources import resources
from coopdec_graph.questions.catalogue import catalogue
from tests.service import sparql_bodies
from tests.service.live_service import ROOT

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
# What a client may say it takes besides the first format, and in which language it reads.
ACCEPT = (
    *("*/*", "application/json", "application/ld+json", "text/csv", "text/turtle", "text/html"),
    *("application/geo+json", "application/vnd.apache.parquet", "image/png", "", "text/*;q=0.5"),
)
LANGUAGES = ("fr", "en", "de", "en;q=0.1, fr;q=0")
# One of each form of result, and what is wrong with others.
QUERIES = (
    "SELECT * { ?s a cd:Partnership ; dct:title ?title }",
    "SELECT (1.5 AS ?n) (<< ?s ?p ?o >> AS ?t) { ?s ?p ?o } LIMIT 1",
    "ASK { ?s a cd:Partnership }",
    "CONSTRUCT WHERE { ?s a cd:Partnership }",
    "DESCRIBE ?s { ?s a cd:Partnership }",
    "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }",
    "DROP ALL",
    "SELECT",
    "",
    "SELECT * { \x00",
)
HOSTILE = ("", "é\u202e", "'\"<>&*", "-1", "9" * 400, "%\n", "\x7f", "../..", "a" * 5_000)


@pytest.fixture(scope="module")
def described(address: str) -> BaseSchema:
    return schemathesis.openapi.from_url(f"{address}/openapi.json")


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def held(case: schemathesis.Case, session: requests.Session, **headers: str) -> int:
    """Sends a request, holds the answer against the description, and HEAD against the answer."""
    response = case.call(session=session, headers=headers, allow_redirects=False)
    case.validate_response(response, checks=CHECKS)
    if case.method == "GET":
        sent = response.request.copy()
        sent.method = "HEAD"
        head = session.send(sent, allow_redirects=False, timeout=60)
        assert head.content == b""
        assert head.status_code == response.status_code, head.url
        (kind,) = response.headers.get("content-type", [""])
        assert _media_type(head.headers.get("content-type", "")) == _media_type(kind), head.url
    return response.status_code


def _media_type(text: str) -> str:
    """Without its parameters: each answer of several parts has another boundary."""
    return text.partition(";")[0]


def test_the_tool_itself_finds_nothing(address: str, tmp_path: Path) -> None:
    """Its examples and its boundary values, right and wrong, of each operation: none is left out."""
    (tmp_path / "schemathesis.toml").write_text(f'hooks = "{sparql_bodies.__name__}"\n')
    options = {
        "checks": ",".join(check.__name__ for check in CHECKS),
        "phases": "examples,coverage",
    }
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
            *(f"--{name}={value}" for name, value in options.items()),
            *("--generation-deterministic", "--continue-on-failure", "--no-color"),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    selected, tested = (
        re.search(rf"{word}: (\S+)", done.stdout) for word in ("Selected", "Tested")
    )
    assert selected and tested
    assert selected[1] == f"{tested[1]}/{tested[1]}"


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_requests_made_of_the_description(
    mode: schemathesis.GenerationMode, described: BaseSchema, session: requests.Session
) -> None:
    """As the tool makes them, each with another Accept and language, as GET and as HEAD."""
    sent = Counter[int]()
    for found in described.get_all_operations():
        for case, accept, language in some(found.ok().as_strategy(mode)):
            headers = {"Accept": accept, "Accept-Language": language}
            sent[held(case, session, **headers)] += 1
    assert sum(sent.values()) > 250 and {200, 400, 404, 406} <= set(sent), sent


def some(cases: Any) -> list[tuple[schemathesis.Case, str, str]]:
    """Some values of a strategy, the same each time; none if it has none (nothing can be wrong)."""
    made: list[tuple[schemathesis.Case, str, str]] = []

    @settings(max_examples=5, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(cases, sampled_from(ACCEPT), sampled_from(LANGUAGES))
    def make(case: schemathesis.Case, accept: str, language: str) -> None:
        made.append((case, accept, language))

    with contextlib.suppress(Unsatisfiable):
        make()
    return made


def operation_at(described: BaseSchema, path: str, method: str = "GET") -> APIOperation:
    return described[path][method]


@pytest.mark.parametrize("name", resources())
def test_lists_asked_for_what_the_release_has(
    name: str, described: BaseSchema, session: requests.Session, client: httpx.Client
) -> None:
    """Each filter with a value and each other parameter, one by one and several at once."""
    operation = operation_at(described, f"/api/v1/{name}")
    statuses = Counter(
        held(operation.Case(query=query), session) for query in queries(name, operation, client)
    )
    assert set(statuses) == {200, 400, 406}
    assert statuses[200] > 40 and statuses[400] > 20, statuses


def queries(name: str, operation: APIOperation, client: httpx.Client) -> Iterator[dict[str, Any]]:
    known = values(name, operation, client)
    for parameter, found in known.items():
        for value in (*found, *HOSTILE):
            yield {parameter: value}
    # The first of each with the second of each, and so on, a few at a time.
    columns = [[(key, value) for value in found] for key, found in known.items()]
    for row in zip_longest(*columns):
        together = [pair for pair in row if pair is not None and pair[0] != "cursor"]
        for start in range(0, len(together), 4):
            yield dict(together[start : start + 4])


def values(name: str, operation: APIOperation, client: httpx.Client) -> dict[str, list[Any]]:
    """Some right values of each parameter: what the description lists, else what the release has."""
    whole = client.get(f"/api/v1/{name}", params={"facets": "*", "limit": 1}).json()
    found: dict[str, list[Any]] = {}
    for parameter in operation.query:
        schema = parameter.definition["schema"]
        facet = whole["facets"].get(parameter.name, {"rows": []})
        rows = [row.get("code") or row["value"] for row in facet["rows"]]
        found[parameter.name] = schema.get("enum") or rows or [parameter.definition["example"]]
    if whole["next"] is not None:
        found["cursor"] = [httpx.URL(whole["next"]).params["cursor"]]
    return found


@pytest.mark.parametrize("name", resources())
def test_profiles_of_what_the_release_has(
    name: str, described: BaseSchema, session: requests.Session, client: httpx.Client
) -> None:
    operation = operation_at(described, f"/api/v1/{name}/{{id}}")
    ids = [row["id"] for row in client.get(f"/api/v1/{name}").json()["rows"]]
    statuses = Counter(
        held(operation.Case(path_parameters={"id": id}, query={"format": format}), session)
        for id in (*ids[:12], *HOSTILE[1:])
        for format in ("json", "jsonld", "turtle", "csv")
    )
    assert set(statuses) == {200, 303, 404, 406}


@pytest.mark.parametrize("name", catalogue())
def test_each_question_in_each_format(
    name: str, described: BaseSchema, session: requests.Session
) -> None:
    operation = operation_at(described, f"/api/v1/questions/{name}")
    example = dict(catalogue()[name].example)
    (formats,) = (p.definition["schema"]["enum"] for p in operation.query if p.name == "format")
    # No list of endpoints was given.
    fine = 403 if catalogue()[name].asks_others else 200
    for format in formats:
        assert held(operation.Case(query={**example, "format": format}), session) == fine
    required = {p.name for p in operation.query if p.definition["required"]}
    for parameter in operation.query:
        for value in HOSTILE:
            query = {**{key: example[key] for key in required}, parameter.name: value}
            assert held(operation.Case(query=query), session) in (fine, 400, 406)


@pytest.mark.parametrize("query", QUERIES)
def test_queries_in_each_format(
    query: str, described: BaseSchema, session: requests.Session
) -> None:
    get = operation_at(described, "/sparql")
    post = operation_at(described, "/sparql", "POST")
    (formats,) = (p.definition["schema"]["enum"] for p in get.query if p.name == "format")
    for format in formats:
        one = held(get.Case(query={"query": query, "format": format}), session)
        form = {"query": query, "format": format, "max-rows": 1}
        other = held(post.Case(body=form, media_type="application/x-www-form-urlencoded"), session)
        assert one == other
    for accept in ACCEPT:
        held(post.Case(body=query, media_type="application/sparql-query"), session, Accept=accept)


def test_reconciliation_of_what_the_release_has(
    described: BaseSchema, session: requests.Session, client: httpx.Client
) -> None:
    get = operation_at(described, "/reconcile")
    post = operation_at(described, "/reconcile", "POST")
    batch = json.dumps({"q0": {"query": "Mantes-la-Jolie"}, "q1": {"query": "Reims", "limit": 1}})
    ids = [
        one["id"]
        for one in client.get("/reconcile", params={"queries": batch}).json()["q0"]["result"]
    ]
    extension = json.dumps({"ids": ids, "properties": [{"id": "country"}]})
    forms = [{"queries": batch}, {"extend": extension}, {"queries": batch, "extend": extension}]
    forms += [{key: value} for key in ("queries", "extend") for value in HOSTILE]
    media_type = "application/x-www-form-urlencoded"
    for form in forms:
        for callback in ({}, {"callback": "a.b"}, {"callback": "alert(1)"}):
            assert held(get.Case(query={**form, **callback}), session) in (200, 400)
        assert held(post.Case(body=form, media_type=media_type), session) in (200, 400)
    for path, found in (("view", 303), ("preview", 200)):
        operation = operation_at(described, f"/reconcile/{path}")
        assert {held(operation.Case(query={"id": id}), session) for id in ids} == {found}
        assert {held(operation.Case(query={"id": id}), session) for id in HOSTILE} == {404}
    prefixes = islice(cycle(("ma", "", "é", "zz")), 8)
    for prefix, kind in zip(prefixes, cycle(("entity", "type", "property")), strict=False):
        operation = operation_at(described, f"/reconcile/suggest/{kind}")
        assert held(operation.Case(query={"prefix": prefix, "cursor": 1}), session) == 200


def test_things_and_graphs_of_the_release(
    described: BaseSchema, session: requests.Session, client: httpx.Client
) -> None:
    iris = [row["iri"] for row in client.get("/api/v1/partnerships").json()["rows"]]
    paths = [iri.partition("/id/")[2] for iri in iris]
    for path in (*paths, *(f"{paths[0]}.{end}" for end in ("ttl", "jsonld", "html", "csv"))):
        for accept in ACCEPT:
            for place in ("/id/{path}", "/doc/{path}", "/scheme/{path}", "/graph/{path}"):
                case = operation_at(described, place).Case(path_parameters={"path": path})
                held(case, session, Accept=accept)
    for path in ("links", "vocabulary.nt", "source/atlas-3203", "nothing"):
        for accept in ACCEPT:
            case = operation_at(described, "/graph/{path}").Case(path_parameters={"path": path})
            held(case, session, Accept=accept)
            held(operation_at(described, "/.well-known/void").Case(), session, Accept=accept)
    graph = operation_at(described, "/graph-store")
    for query in (
        {"default": ""},
        {"graph": iris[0]},
        {},
        {"graph": "x"},
        {"default": "", "graph": "x"},
    ):
        for format in ("turtle", "nt", "csv"):
            held(graph.Case(query={**query, "format": format}), session)


@pytest.mark.parametrize(
    "asked", ["bytes=0-9", "bytes=-1", "bytes=9-1", "bytes=x", "bytes=0-1,4-5", "x=1"]
)
def test_parts_of_the_dump(asked: str, described: BaseSchema, session: requests.Session) -> None:
    held(operation_at(described, "/dump.nq").Case(), session, Range=asked)
