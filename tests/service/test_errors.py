"""Every error is a problem document (RFC 9457) in the reader's language, or a page for browsers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from starlette.requests import Request

from coopdec_graph import errors
from coopdec_graph.language import Bilingual
from coopdec_graph.service import problems
from tests.service.live_service import ROOT

ERRORS = {
    ("GET", "/nowhere"): (
        404, "HTTP",
        "Introuvable", "Rien ne répond à l'adresse /nowhere.",
        "Not found", "Nothing answers at /nowhere.",
    ),
    ("GET", "/doc/x"): (
        404, "NotFound",
        "Introuvable", "Rien n'est connu de <https://w3id.org/coopdec/id/x>.",
        "Not found", "Nothing is known of <https://w3id.org/coopdec/id/x>.",
    ),
    ("DELETE", "/sparql"): (
        405, "HTTP",
        "Méthode non permise", "DELETE n'est pas permis à l'adresse /sparql.",
        "Method not allowed", "DELETE is not allowed at /sparql.",
    ),
    ("POST", "/sparql"): (
        415, "UnsupportedType",
        "Type de contenu refusé",
        "Le corps doit être en application/x-www-form-urlencoded ou application/sparql-query (UTF-8).",
        "Unsupported media type",
        "The body must be application/x-www-form-urlencoded or application/sparql-query (UTF-8).",
    ),
    ("GET", "/sparql?query=SELECT+*+{+BIND(<a:a>+AS+?s)+FILTER+EXISTS+{}+}&update=1"): (
        400, "BadRequest",
        "Requête incorrecte", "Ce point d'accès est en lecture seule : « update » n'est pas accepté.",
        "Bad request", "This endpoint is read-only: “update” is not accepted.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("request_line", ERRORS)
def test_an_error_is_a_problem_in_two_languages(client, request_line):
    method, path = request_line
    status, code, fr_title, fr_detail, en_title, en_detail = ERRORS[request_line]
    for language, title, detail in (("fr", fr_title, fr_detail), ("en", en_title, en_detail)):
        answer = client.request(method, path, headers={"Accept-Language": language})
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"] == language
        assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))
        assert answer.json() == {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": path.partition("?")[0],
            "code": code,
        }
        assert answer.status_code == status
        page = client.request(
            method, path, headers={"Accept-Language": language, "Accept": "text/html,*/*;q=0.8"}
        )
        assert (page.status_code, page.headers["content-type"]) == (
            status,
            "text/html; charset=utf-8",
        )
        assert f"<h1>{title}</h1>" in page.text


def test_every_error_class_has_a_status():
    tree = [errors.CoopdecError]
    for cls in tree:
        tree += cls.__subclasses__()
    statuses = {
        cls.__name__: problems.status_of(cls.__new__(cls))
        for cls in tree
        if cls.__module__ in ("coopdec_graph.errors", "coopdec_graph.service.problems")
    }
    assert statuses | {"NotAcceptable": 406} == {
        "CoopdecError": 500, "UsageError": 400, "PageUnreadable": 500, "RegistryError": 500,
        "BuildRefused": 500, "ExportRefused": 500, "ReleaseError": 503, "QueryError": 400, "QuerySyntaxError": 400,
        "QueryForbidden": 403, "UpdateRefused": 400, "QueryFailed": 500, "NoFormat": 406,
        "QueryTooSlow": 504, "QueryTooBig": 507, "ResultTooBig": 507, "Overloaded": 503,
        "EngineBroken": 502, "BadRequest": 400, "NotFound": 404,
        "UnsupportedType": 415, "TooLarge": 413, "NotAcceptable": 406,
    }  # fmt: skip


def test_who_is_turned_away_is_told_when_to_come_back():
    """And details of an error are members of their own, which never replace a standard one."""
    scope = {"type": "http", "method": "GET", "path": "/sparql", "headers": [], "query_string": b""}
    error = errors.Overloaded(Bilingual("Trop.", "Too many.")).detailed(
        {"waiting": 7, "status": 200, "reason": {"fr": "pleine", "en": "full"}}
    )
    answer = problems.problem(Request(scope), error)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, str(error.seconds))
    body = json.loads(answer.body)
    assert (body["status"], body["waiting"], body["reason"]) == (503, 7, "pleine")


def test_what_the_engine_cannot_do_is_said_without_files(client):
    query = "SELECT * { BIND(1 AS ?x) LATERAL { ?x ?x ?x } } GROUP BY ?y"
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code in (200, 400, 500)
    assert "Traceback" not in answer.text and str(ROOT) not in answer.text


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_defect_of_ours_shows_nothing_of_its_inside(serve, data, tmp_path, language):
    """A copy of the program without the ontology's pages: asking for one meets a missing file."""
    project = tmp_path / "project"
    for folder in ("coopdec_graph", "ontology", "shapes", "data/reference"):
        shutil.copytree(ROOT / folder, project / folder)
    shutil.rmtree(project / "ontology" / "html")
    detail = {
        "fr": "Le service a rencontré un défaut. Il est noté dans son journal.",
        "en": "The service met a defect of its own. It is noted in its log.",
    }
    title = {"fr": "Erreur du service", "en": "Internal error"}
    with serve(data, project) as client:
        headers = {"Accept-Language": language, "Origin": "http://a.example"}
        answer = client.get("/def.html", headers=headers)
        assert answer.json() == {
            "type": "about:blank",
            "title": title[language],
            "status": 500,
            "detail": detail[language],
            "instance": "/def.html",
            "code": "Unexpected",
        }
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.get("/health").status_code == 200
    assert "FileNotFoundError" in (tmp_path / "server.log").read_text()


def test_a_folder_without_a_release_and_a_taken_port_are_told(tmp_path, address, data):
    command = [sys.executable, "-c", "from coopdec_graph.cli import main; main()", "serve"]
    empty = subprocess.run([*command, "--data", tmp_path], cwd=ROOT, capture_output=True, text=True)
    assert (empty.returncode, "Traceback" in empty.stderr) == (2, False)
    port = address.rpartition(":")[2]
    taken = subprocess.run(
        [*command, "--data", data, "--port", port], cwd=ROOT, capture_output=True, text=True
    )
    assert (taken.returncode, "Traceback" in taken.stderr) == (2, False)
