"""No change makes us call another host, however LOAD and SERVICE are disguised.

Each disguise is first shown to be real: the engine, asked without the guard, does connect.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.engines.embedded.walls import NO_WALL
from coopdec_graph.errors import QueryForbidden, QuerySyntaxError
from coopdec_graph.publishing.changes import GraphWrite, SparqlUpdate, refuse_reaching_out
from coopdec_graph.publishing.documents import RdfUnreadable
from coopdec_graph.publishing.updates import Editor
from tests.pipeline.commands import ROOT, files_of
from tests.publishing.edits_of_atlas import LINKS
from tests.service.live_service import Listener

# %s is the listener's IRI; `ex:` is a prefix of it.
DISGUISES = {
    "load": "LOAD <%s>",
    "load, no space": "LOAD<%s>",
    "case": "lOaD <%s>",
    "silent": "LOAD SILENT <%s>",
    "into": "LOAD <%s> INTO GRAPH <urn:x:g>",
    "silent, into": "load silent <%s> into graph <urn:x:g>",
    "prefixed name": "LOAD ex:a",
    "comments": "#LOAD\nLOAD #'\n <%s> #\"\n INTO #\n GRAPH <urn:x:g>",
    "second operation": "INSERT DATA { <urn:x:a> <urn:x:p> 'a' } ; LOAD <%s>",
    "after a string that looks like the end": "INSERT DATA { <urn:x:a> <urn:x:p> '''a' } ; #''' } ; LOAD <%s>",
    "a prefix of that name": "PREFIX load: <%s#> LOAD load:load",
    "service": "INSERT { ?a ?b ?c } WHERE { SERVICE <%s> { ?a ?b ?c } }",
    "service, silent": "INSERT { ?a ?b ?c } WHERE { sErViCe SILENT <%s> { ?a ?b ?c } }",
    "service, variable": "DELETE { ?a ?b ?c } WHERE { BIND(<%s> AS ?e) LATERAL { SERVICE ?e { ?a ?b ?c } } }",
    "service in DELETE/INSERT": "DELETE { ?a ?b ?c } INSERT { ?a ?b 1 } WHERE { ?a ?b ?c OPTIONAL { SERVICE <%s> { ?a ?d ?e } } }",
    "service in EXISTS": "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c FILTER EXISTS { SERVICE <%s> { ?a ?b ?d } } }",
    "service in a sub-select": "INSERT { ?a ?b ?c } WHERE { { SELECT * { SERVICE <%s> { ?a ?b ?c } } } }",
    "service in GRAPH": "INSERT { ?a ?b ?c } WHERE { GRAPH <urn:x:g> { SERVICE <%s> { ?a ?b ?c } } }",
    "service after USING": "INSERT { ?a ?b ?c } USING <urn:x:g> WHERE { SERVICE <%s> { ?a ?b ?c } }",
    "service after WITH": "WITH <urn:x:g> INSERT { ?a ?b ?c } WHERE { SERVICE <%s> { ?a ?b ?c } }",
}  # fmt: skip


@pytest.fixture(scope="module")
def port() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def update(disguise: str, listener: Listener) -> str:
    return f"PREFIX ex: <{listener.iri}#>\n" + disguise.replace("%s", listener.iri)


def unguarded(text: str) -> str:
    """How the engine ends without any guard: 'done', 'syntax', or the error's name."""
    store = ox.Store()
    node, graph = ox.NamedNode("urn:x:n"), ox.NamedNode("urn:x:g")
    store.add(ox.Quad(node, node, node))
    store.add(ox.Quad(node, node, node, graph))
    try:
        store.update(text)
    except SyntaxError:
        return "syntax"
    except Exception as error:
        return type(error).__name__
    return "done"


@pytest.mark.parametrize("name", DISGUISES)
def test_the_disguise_is_real_and_is_refused(name: str, port: Listener):
    text = update(DISGUISES[name], port)
    before = port.settled()
    assert unguarded(text) != "syntax"
    reached = port.settled()
    assert reached > before
    with pytest.raises(QueryForbidden):
        refuse_reaching_out(text)
    assert port.settled() == reached


@pytest.mark.parametrize("name", ["load", "silent", "second operation", "service, silent"])
def test_the_editor_refuses_it_and_changes_nothing(
    name: str, out: Path, editor: Editor, port: Listener
):
    before, connections = files_of(out), port.settled()
    with pytest.raises(QueryForbidden):
        editor.apply(SparqlUpdate(update(DISGUISES[name], port)))
    assert (files_of(out), port.settled()) == (before, connections)


@pytest.mark.parametrize(
    "text",
    [
        "\\u004COAD <%s>",
        "LO\\u0041D <%s>",
        "INSERT { ?a ?b ?c } WHERE { SERV\\u0049CE <%s> { ?a ?b ?c } }",
        "INSERT { ?a ?b ?c } WHERE { \u017fERVICE <%s> { ?a ?b ?c } }",
        "LOAD",
        "LOADSILENT",
    ],
)
def test_what_the_engine_cannot_read_is_a_syntax_error(text: str, port: Listener, editor: Editor):
    before = port.settled()
    with pytest.raises(QuerySyntaxError):
        editor.apply(SparqlUpdate(update(text, port)))
    assert port.settled() == before


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <urn:x:load> <urn:x:service> 'LOAD SERVICE' }",
        "PREFIX load: <urn:x:> PREFIX service: <urn:y:> INSERT DATA { load:load service:a 1 }",
        "# LOAD <http://a/> SERVICE <http://a/>\nINSERT DATA {}",
        "INSERT { ?load ?b ?service } WHERE { ?load ?b ?service }",
        "INSERT DATA { <urn:x:a> <urn:x:p> 'download', 'Service' }",
        "INSERT DATA { <urn:x:a> a cv:PublicService }",
    ],
)
def test_the_words_elsewhere_are_fine(text: str):
    refuse_reaching_out(text)


def test_no_mixture_of_fragments_gets_through(port: Listener):
    """What the guard lets through never connects; what it stops for syntax does not parse."""
    fragments = [
        "LOAD", "load ", "SERVICE", "service ", "<%s>", "{?a ?b ?c}", "{", "}", ";", "'", '"', "'''",
        "#", "\n", "\\'", "ex:a", " ", "\\u0041", "SILENT", "INTO GRAPH <urn:x:g>", "INSERT", "WHERE",
        "INSERT DATA {}", "CLEAR ALL", "DELETE WHERE", "@en", "<urn:x:a>", ".", "loload", "serservice",
    ]  # fmt: skip
    dice = random.Random(7)
    refused = parsed = 0
    before = port.settled()
    for _ in range(6_000):
        middle = "".join(dice.choices(fragments, k=dice.randint(1, 6)))
        frame = dice.choice(
            ["{}", "INSERT DATA {{}};{}", "INSERT{{?a ?b ?c}}WHERE{{{}}}", "{};LOAD<%s>"]
        )
        text = update(frame.format(middle), port)
        try:
            refuse_reaching_out(text)
        except QueryForbidden:
            refused += 1
        except QuerySyntaxError:
            continue
        else:
            parsed += unguarded(text) != "syntax"
            assert port.connections == before, text
    assert refused > 20 and parsed > 50
    assert port.settled() == before


@pytest.mark.parametrize("kind", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_no_body_makes_us_fetch(kind: str, port: Listener, editor: Editor):
    bodies = {
        "text/turtle": f"<urn:x:a> <http://www.w3.org/2002/07/owl#imports> <{port.iri}> .",
        "application/ld+json": json.dumps({"@context": [{}, port.iri], "@id": "urn:x:a"}),
        "application/rdf+xml": f'<!DOCTYPE r [<!ENTITY e SYSTEM "{port.iri}">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="urn:x:a"><p xmlns="urn:x:">&e;</p></rdf:Description></rdf:RDF>',
    }
    before = port.settled()
    request = GraphWrite("PUT", LINKS, bodies[kind].encode(), kind)
    if kind == "text/turtle":
        assert editor.apply(request, dry_run=True).added == 1
    else:
        with pytest.raises(RdfUnreadable):
            editor.apply(request, dry_run=True)
    assert port.settled() == before


def test_below_the_guard_stands_a_wall(port: Listener, tmp_path: Path):
    """Even an update that the guard would miss reaches nobody, and writes no file."""
    script = """
import json, os, sys
import pyoxigraph as ox
from coopdec_graph.publishing.evaluator import _raise_walls
wall = _raise_walls({"parent": os.getppid(), "seconds": 20, "memory": 2**30})
ends = []
for attempt in (
    lambda: ox.Store().update(f"LOAD <{sys.argv[1]}>"),
    lambda: ox.Store().update(f"INSERT {{?a ?b ?c}} WHERE {{SERVICE <{sys.argv[1]}> {{?a ?b ?c}}}}"),
    lambda: open(sys.argv[2], "w").write("x" * 10_000),
):
    try:
        attempt()
        ends.append("done")
    except OSError:
        ends.append("refused")
print(json.dumps([wall, ends]))
"""
    before = port.settled()
    arguments = [sys.executable, "-c", script, port.iri, str(tmp_path / "file")]
    done = subprocess.run(arguments, capture_output=True, cwd=ROOT, timeout=60, text=True)
    wall, ends = json.loads(done.stdout)
    if wall == NO_WALL:
        pytest.skip("this system has neither seccomp nor user namespaces")
    assert ends == ["refused"] * 3
    assert port.settled() == before
