"""A change that is refused leaves the folder byte for byte as it was."""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path

import pytest

from coopdec_graph.errors import (
    CoopdecError,
    QuerySyntaxError,
    QueryTooBig,
    QueryTooSlow,
    ReleaseError,
)
from coopdec_graph.publishing.changes import GraphWrite, NotWritable, SparqlUpdate
from coopdec_graph.publishing.documents import RdfUnreadable
from coopdec_graph.publishing.edits import ChangeRefused
from coopdec_graph.publishing.evaluator import EvaluationLimits
from coopdec_graph.publishing.updates import Editor, NoSuchGraph, OtherRelease, WriterBusy
from tests.pipeline.commands import files_of, leftovers
from tests.publishing.edits_of_atlas import (
    GRAPH,
    LINKS,
    PARTNERSHIP,
    RENAME,
    SOURCE,
    TITLE_TWICE,
    lines,
)

TRIPLE = b"<urn:x:a> <http://exemple.example/p> <urn:x:b> ."
INSERT = "INSERT DATA {{ GRAPH <{graph}> {{ {triples} }} }}"


def turtle(graph: str, content: str, method: str = "PUT") -> GraphWrite:
    return GraphWrite(method, graph, f"{content} .".encode(), "text/turtle")


REFUSED: dict[str, tuple[SparqlUpdate | GraphWrite, type[CoopdecError]]] = {
    "a shape": (SparqlUpdate(TITLE_TWICE), ChangeRefused),
    "a shape, by a graph write": (turtle(SOURCE, f'<{PARTNERSHIP}> <http://purl.org/dc/terms/title> "Encore"@fr', "POST"), ChangeRefused),
    "a person": (SparqlUpdate(INSERT.format(graph=LINKS, triples="<urn:x:a> a foaf:Person")), ChangeRefused),
    "a name of a person": (SparqlUpdate(INSERT.format(graph=f"{GRAPH}derived/names", triples="<urn:x:a> foaf:familyName 'EXEMPLE'")), ChangeRefused),
    "a mailbox": (SparqlUpdate(INSERT.format(graph=LINKS, triples="<urn:x:a> <urn:x:p> 'sacha@example.org'")), ChangeRefused),
    "a masked mailbox": (turtle(LINKS, "<urn:x:a> <urn:x:p> 'sacha [at] example.org'"), ChangeRefused),
    "a mailbox in an IRI": (turtle(LINKS, "<urn:x:a> <urn:x:p> <mailto:sacha@example.org>"), ChangeRefused),
    "a record without its activity": (SparqlUpdate(f"DELETE WHERE {{ GRAPH <{SOURCE}> {{ ?s a cd:Activity }} }}"), ChangeRefused),
    "half a record": (GraphWrite("DELETE", SOURCE), ChangeRefused),
    "the default graph": (SparqlUpdate("INSERT DATA { <urn:x:a> <urn:x:p> 1 }"), NotWritable),
    "the default graph, removed": (SparqlUpdate("DELETE WHERE { ?s ?p ?o }"), NotWritable),
    "everything": (SparqlUpdate("CLEAR ALL"), NotWritable),
    "the vocabulary": (SparqlUpdate(f"CLEAR GRAPH <{GRAPH}vocabulary>"), NotWritable),
    "the provenance": (turtle(f"{GRAPH}provenance", "<urn:x:a> <urn:x:p> 1", "POST"), NotWritable),
    "the findings": (GraphWrite("DELETE", f"{GRAPH}quality"), NotWritable),
    "a graph of the rest of the web": (turtle("http://exemple.example/g", "<urn:x:a> <urn:x:p> 1"), NotWritable),
    "no graph at all": (turtle("pas une IRI", "<urn:x:a> <urn:x:p> 1"), NotWritable),
    "the root of the graphs": (turtle(GRAPH, "<urn:x:a> <urn:x:p> 1"), NotWritable),
    "a graph named by a blank node": (SparqlUpdate("INSERT { GRAPH ?g { <urn:x:a> <urn:x:p> 1 } } WHERE { BIND(<urn:x:g> AS ?g) }"), NotWritable),
    "a blank node": (SparqlUpdate(INSERT.format(graph=LINKS, triples="[] <urn:x:p> 1")), NotWritable),
    "a blank node as value": (turtle(LINKS, "<urn:x:a> <urn:x:p> (1 2)"), NotWritable),
    "a triple term": (turtle(LINKS, "<urn:x:a> <urn:x:p> <<( <urn:x:a> <urn:x:p> 1 )>>"), NotWritable),
    "a directional text": (turtle(LINKS, "<urn:x:a> <urn:x:p> 'a'@ar--rtl"), NotWritable),
    "no SPARQL": (SparqlUpdate("INSERT DATA {"), QuerySyntaxError),
    "a query": (SparqlUpdate("SELECT * { ?s ?p ?o }"), QuerySyntaxError),
    "no Turtle": (turtle(LINKS, "<urn:x:a> <urn:x:p>"), RdfUnreadable),
    "a dataset": (GraphWrite("PUT", LINKS, b'{"@id": "urn:x:g", "@graph": [{"@id": "urn:x:a", "urn:x:p": 1}]}', "application/ld+json"), RdfUnreadable),
    "a context of the web": (GraphWrite("PUT", LINKS, b'{"@context": "http://127.0.0.1:1/c", "@id": "urn:x:a"}', "application/ld+json"), RdfUnreadable),
    "a graph that is not there": (GraphWrite("DELETE", LINKS), NoSuchGraph),
    "half a change": (SparqlUpdate(f"{RENAME} ; {TITLE_TWICE}"), ChangeRefused),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_changes_nothing(out: Path, editor: Editor, case: str):
    request, kind = REFUSED[case]
    before = files_of(out)
    with pytest.raises(kind) as raised:
        editor.apply(request)
    assert type(raised.value) is kind
    assert files_of(out) == before
    assert leftovers(out) == []
    for language in ("fr", "en"):
        told = raised.value.text(language)
        assert "sacha" not in told and "EXEMPLE" not in told


def test_a_broken_rule_is_told_with_its_shape_node_and_need_but_no_value(editor: Editor):
    with pytest.raises(ChangeRefused) as raised:
        editor.apply(SparqlUpdate(TITLE_TWICE.replace("Encore", "Titre secret")))
    (finding,) = raised.value.findings
    assert finding["shape"] == "https://w3id.org/coopdec/shapes#Partnership-title"
    assert (finding["focus"], finding["severity"]) == (PARTNERSHIP, "violation")
    assert set(finding["message"]) == {"fr", "en"}
    assert "secret" not in repr(raised.value.findings)


def test_a_rule_broken_before_a_change_of_other_graphs_does_not_stop_it(editor: Editor):
    """Only what a change adds counts against it: no record that is published is in its way."""
    body = turtle(LINKS, f"<{PARTNERSHIP}> <http://www.w3.org/2002/07/owl#sameAs> <urn:x:b>")
    assert editor.apply(body).published


def test_a_mailbox_that_slipped_can_be_removed_and_nothing_else_published(out: Path):
    """Whatever let it in, the last scan reads the whole graph."""
    graph = out / "current" / "graph.nq"
    slipped = f'<{PARTNERSHIP}> <urn:x:p> "sacha@example.org" <{SOURCE}> .'.encode()
    graph.write_bytes(b"".join(line + b"\n" for line in sorted([*lines(out), slipped])))
    editor = Editor(out)
    with pytest.raises(CoopdecError) as raised:
        editor.apply(turtle(LINKS, "<urn:x:a> <urn:x:p> 1"))
    assert type(raised.value).__name__ == "PersonalDataFound"
    update = f"DELETE WHERE {{ GRAPH <{SOURCE}> {{ ?s <urn:x:p> ?o }} }}"
    assert editor.apply(SparqlUpdate(update)).removed == 1
    assert b"sacha@example.org" not in (out / "current" / "graph.nq").read_bytes()


# ---- Limits --------------------------------------------------------------------------------------

PRODUCT = (
    f"INSERT {{ GRAPH <{LINKS}> {{ ?a <urn:x:p> ?n }} }} WHERE {{"
    " SELECT ?a (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } GROUP BY ?a }"
)


def test_an_update_that_does_not_end_is_killed(out: Path):
    before = files_of(out)
    editor = Editor(out, EvaluationLimits(seconds=3))
    with pytest.raises(QueryTooSlow):
        editor.apply(SparqlUpdate(PRODUCT))
    assert files_of(out) == before
    assert Editor(out).apply(SparqlUpdate(RENAME)).published, "the lock is free again"


def test_an_update_that_takes_all_memory_ends_alone(out: Path):
    before = files_of(out)
    editor = Editor(out, EvaluationLimits(seconds=120, memory=300 * 1024**2))
    wide = f"INSERT {{ GRAPH <{LINKS}> {{ ?a ?b ?f }} }} WHERE {{ ?a ?b ?c . ?d ?e ?f }}"
    with pytest.raises(QueryTooBig):
        editor.apply(SparqlUpdate(wide))
    assert files_of(out) == before


def test_an_update_nested_too_deep_ends_alone(out: Path):
    before = files_of(out)
    deep = "{" * 200_000 + "}" * 200_000
    with pytest.raises((QueryTooBig, QuerySyntaxError)):
        Editor(out).apply(SparqlUpdate(f"INSERT {{}} WHERE {deep}"))
    assert files_of(out) == before


# ---- Others who write ----------------------------------------------------------------------------


def test_a_change_waits_for_no_other_writer(out: Path, editor: Editor):
    before = files_of(out)
    with (out / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(WriterBusy):
            editor.apply(SparqlUpdate(RENAME))
        assert editor.apply(SparqlUpdate(RENAME), dry_run=True).added == 1, "a trial writes nothing"
    assert files_of(out) == before
    assert editor.apply(SparqlUpdate(RENAME)).published


@pytest.mark.parametrize("one_editor", [True, False])
def test_of_changes_at_once_each_is_published_or_told_to_wait(out: Path, one_editor: bool):
    shared = Editor(out)
    done: list[int] = []
    told: list[type[Exception]] = []

    def write(number: int) -> None:
        editor = shared if one_editor else Editor(out)
        body = TRIPLE.replace(b"/p>", b"/p%d>" % number)
        try:
            editor.apply(GraphWrite("POST", LINKS, body, "text/turtle"))
            done.append(number)
        except CoopdecError as error:
            told.append(type(error))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) >= 1 and len(done) + len(told) == 5
    assert set(told) <= {WriterBusy}
    found = {line for line in lines(out) if line.endswith(f" <{LINKS}> .".encode())}
    assert len(found) == len(done), "no change that was published is lost"


def test_a_change_of_another_release_is_refused(out: Path, editor: Editor):
    seen = {(out / "current").resolve().name}
    with pytest.raises(OtherRelease) as raised:
        editor.apply(SparqlUpdate(RENAME), expected={"0" * 16})
    assert next(iter(seen)) in raised.value.text("fr")
    first = editor.apply(SparqlUpdate(RENAME), expected=seen)
    assert first.published
    with pytest.raises(OtherRelease):
        editor.apply(SparqlUpdate(RENAME.replace("corrigé", "revu")), expected=seen)


def test_without_a_release_there_is_nothing_to_change(tmp_path: Path):
    with pytest.raises(ReleaseError):
        Editor(tmp_path).apply(SparqlUpdate(RENAME))
