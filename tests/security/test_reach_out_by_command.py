"""No command calls another host: `query`, `validate`, `read` and `build` on hostile input."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
import rdflib

from tests.pipeline.commands import PAGES, coopdec, mantes, write_pages
from tests.security.attempts import FEDERATED, FROM, UPDATES, Attempt
from tests.security.listeners import MARK, Listener

# A command takes a second: a sample, and each query that has got through before.
QUERIES = {
    it.name: it.query
    for it in [
        *[it for it in FEDERATED if it.name.startswith(("position", "spelling"))][::30],
        *[it for it in FEDERATED if it.name.startswith("target")][::12],
        *[it for it in FEDERATED if it.name.endswith("SERVIxE") or "group, " in it.name],
        *[it for it in FEDERATED if "respelled: a name before" in it.name],
    ]
}

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SH = "http://www.w3.org/ns/shacl#"
# Documents that a careless reader of RDF would complete from elsewhere; whether each is read (its
# suffix says as what) or refused does not matter here.
_RDF_XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:x="@IRI@#"'
_ABOUT = '<rdf:Description rdf:about="urn:a"><rdf:value>v</rdf:value></rdf:Description></rdf:RDF>'
DOCUMENTS = {
    "context.jsonld": '{"@context": "@IRI@", "@id": "urn:a", "@type": "urn:b"}',
    "contexts.jsonld": '{"@context": [{"@vocab": "urn:"}, "@IRI@"], "@id": "urn:a", "b": 1}',
    "import.jsonld": '{"@context": {"@version": 1.1, "@import": "@IRI@"}, "@id": "urn:a"}',
    "scoped.jsonld": '{"@context": {"@vocab": "urn:", "b": {"@id": "urn:b", "@context": "@IRI@"}},'
    ' "@id": "urn:a", "b": {"c": 1}}',
    "type-scoped.jsonld": '{"@context": {"@vocab": "urn:", "T": {"@id": "urn:T", "@context":'
    ' "@IRI@"}}, "@id": "urn:a", "@type": "T"}',
    "nested.jsonld": '{"@id": "urn:a", "urn:b": {"@context": "@IRI@", "@id": "urn:c"}}',
    "relative.jsonld": '{"@context": [{"@base": "@IRI@"}, "context"], "@id": "urn:a"}',
    "redirected.jsonld": '{"@context": "http://localhost:@REDIRECT@/", "@id": "urn:a"}',
    "ipv6.jsonld": '{"@context": "http://[::1]:@PORT@/", "@id": "urn:a"}',
    "decimal.jsonld": '{"@context": "http://2130706433:@PORT@/", "@id": "urn:a"}',
    "escaped.jsonld": '{"\\u0040context": "@IRI@", "@id": "urn:a"}',
    "file.jsonld": '{"@context": "file:///etc/hostname", "@id": "urn:a"}',
    "doctype.rdf": f'<!DOCTYPE x SYSTEM "@IRI@">{_RDF_XML}>{_ABOUT}',
    "public.rdf": f'<!DOCTYPE x PUBLIC "-//X//DTD" "@IRI@">{_RDF_XML}>{_ABOUT}',
    "entity.rdf": f'<!DOCTYPE x [<!ENTITY e SYSTEM "@IRI@">]>{_RDF_XML}>{_ABOUT}'.replace(
        "v<", "&e;<"
    ),
    "parameter.rdf": f'<!DOCTYPE x [<!ENTITY % e SYSTEM "@IRI@"> %e;]>{_RDF_XML}>{_ABOUT}',
    "base.rdf": f'{_RDF_XML} xml:base="@IRI@">{_ABOUT.replace("urn:a", "a")}',
    "include.rdf": f'{_RDF_XML} xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="@IRI@"/>'
    f"{_ABOUT}",
    "stylesheet.rdf": f'<?xml-stylesheet href="@IRI@"?>{_RDF_XML}>{_ABOUT}',
    "schema.rdf": f'{_RDF_XML} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="@IRI@ @IRI@">{_ABOUT}',
    "imports.ttl": "<> a <http://www.w3.org/2002/07/owl#Ontology> ;"
    " <http://www.w3.org/2002/07/owl#imports> <@IRI@> .",
    "imports.nq": "<@IRI@> <http://www.w3.org/2002/07/owl#imports> <@IRI@> <@IRI@> .",
    "imports.trig": "<@IRI@> { <@IRI@> <http://www.w3.org/2002/07/owl#imports> <@IRI@> }",
    "base.ttl": "@base <@IRI@> . <a> <b> <c> .",
    "n3.ttl": "@prefix log: <http://www.w3.org/2000/10/swap/log#> . <@IRI@> log:semantics <@IRI@> .",
    "links.ttl": "<@IRI@> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <@IRI@> ; a <@IRI@> ;"
    " <http://www.w3.org/2000/01/rdf-schema#isDefinedBy> <@IRI@> .",
    "shapes-graph.ttl": f"<> <{SH}shapesGraph> <@IRI@> ; <{SH}shapesGraphWellFormed> true .",
    "entailment.ttl": f"<> <{SH}entailment> <@IRI@> ; <{SH}suggestedShapesGraph> <@IRI@> .",
    **{
        f"{name}.ttl": f"@prefix sh: <{SH}> . <urn:shape> a sh:NodeShape ; sh:targetNode <urn:a> ;"
        f" {constraint} . <urn:a> <urn:p> <@IRI@> ."
        for name, constraint in {
            "service": 'sh:sparql [ sh:select "SELECT $this { SERVICE <@IRI@> { ?a ?b ?c } }" ]',
            "silent": 'sh:sparql [ sh:ask "ASK { SERVICE SILENT <@IRI@> { ?a ?b ?c } }" ]',
            "from": 'sh:sparql [ sh:select "SELECT $this FROM <@IRI@> { ?a ?b ?c }" ]',
            "from-named": 'sh:sparql [ sh:select "SELECT $this FROM NAMED <@IRI@> '
            '{ GRAPH ?g { ?a ?b ?c } }" ]',
            "target": 'sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this FROM <@IRI@> {}" ]',
            "rule": 'sh:rule [ a sh:SPARQLRule ; sh:construct "CONSTRUCT {} FROM <@IRI@> {}" ]',
            "script": 'sh:js [ sh:jsLibrary [ sh:jsLibraryURL "@IRI@" ] ; sh:jsFunctionName "f" ]',
            "prefixes": 'sh:sparql [ sh:prefixes [ sh:declare [ sh:prefix "e" ; sh:namespace "@IRI@" ]'
            ' ] ; sh:select "SELECT $this FROM e: {}" ]',
        }.items()
    },
}

_HTML = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "@IRI@" [
  <!ENTITY e SYSTEM "@IRI@"> <!ENTITY % p SYSTEM "@IRI@"> %p; ]>
<?xml-stylesheet type="text/xsl" href="@IRI@"?>
<html manifest="@IRI@" xmlns:xi="http://www.w3.org/2001/XInclude"><head><base href="@IRI@">
<meta http-equiv="refresh" content="0;url=@IRI@"><link rel="stylesheet" href="@IRI@">
<link rel="preload prefetch icon" href="@IRI@"><link rel="dns-prefetch" href="//localhost:@PORT@">
<script src="@IRI@"></script><script type="application/ld+json">{"@context": "@IRI@"}</script>
<style>@import url(@IRI@); body { background: url(@IRI@) }</style></head>
<body background="@IRI@"><img src="@IRI@" srcset="@IRI@ 2x"><iframe src="@IRI@"></iframe>
<object data="@IRI@"></object><embed src="@IRI@"><video src="@IRI@" poster="@IRI@"></video>
<svg><image href="@IRI@"/><use href="@IRI@#x"/></svg><xi:include href="@IRI@"/>&e;
<form action="@IRI@"></form><a href="@IRI@" ping="@IRI@">SERVICE</a>
<pre>@PAGE@</pre></body></html>"""


def test_as_many_attempts_as_promised():
    assert (len(QUERIES), len(UPDATES), len(DOCUMENTS)) == (35, 19, 36)


@pytest.mark.parametrize("name", QUERIES)
def test_a_federated_query_is_refused(name: str, data: Path, listener: Listener):
    before = listener.settled()
    done = coopdec("query", "--data", data, "-", stdin=listener.fill(QUERIES[name]))
    assert listener.settled() == before
    assert (done.returncode, done.stdout) == (2, "")
    assert "SERVICE" in done.stderr


@pytest.mark.parametrize("update", UPDATES[::3], ids=lambda it: it.name)
def test_an_update_is_refused(update: Attempt, data: Path, listener: Listener):
    before = listener.settled()
    done = coopdec("query", "--data", data, "-", stdin=listener.fill(update.query))
    assert listener.settled() == before
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("name", ["FROM", "FROM NAMED", "both", "DESCRIBE FROM"])
def test_a_graph_is_named_never_fetched(name: str, data: Path, listener: Listener):
    before = listener.settled()
    query = listener.fill(FROM[name].replace("@T@", "@IRI@"))
    done = coopdec("query", "--data", data, "-", "--format", "json", stdin=query)
    assert listener.settled() == before
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found == [] or found["results"]["bindings"] == []


def test_the_documents_are_real(control, tmp_path: Path):
    """A reader that is not told otherwise fetches: contexts when it parses, FROM when it queries."""
    _, listener = control
    before = listener.settled()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's, of a class of its own
        for name in ("context.jsonld", "import.jsonld", "redirected.jsonld"):
            rdflib.Graph().parse(data=listener.fill(DOCUMENTS[name]), format="json-ld")
            after = listener.settled()
            assert after > before, name
            before = after
        list(rdflib.Dataset().query(f"SELECT * FROM <{listener.iri}> {{ ?s ?p ?o }}"))
    assert listener.settled() > before


def test_validate_fetches_nothing(tmp_path: Path, listener: Listener):
    before = listener.settled()
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(listener.fill(text), "utf-8")
    done = coopdec("validate", *sorted(DOCUMENTS), "--json", cwd=tmp_path)
    assert listener.settled() == before
    reports = {report["file"]: report for report in json.loads(done.stdout)}
    assert set(reports) == set(DOCUMENTS)
    assert MARK not in done.stdout + done.stderr
    # What is to be fetched before it can be read is refused; the rest is read as it stands.
    unread = {name for name, report in reports.items() if "error" in report}
    assert unread >= {name for name in DOCUMENTS if name.endswith(".jsonld")} - {"file.jsonld"}
    assert not {name for name in unread if name.endswith((".ttl", ".nq", ".trig"))}


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_a_page_is_read_as_it_stands(suffix: str, tmp_path: Path, listener: Listener):
    before = listener.settled()
    page = tmp_path / f"page.{suffix}"
    page.write_text(listener.fill(_HTML).replace("@PAGE@", mantes("Un")), "utf-8")
    done = coopdec("read", page, "--json")
    assert listener.settled() == before
    assert done.returncode in (0, 1)
    assert json.loads(done.stdout)["page"] == page.name
    assert MARK not in done.stdout


def test_a_build_fetches_nothing(tmp_path: Path, listener: Listener):
    before = listener.settled()
    pages = write_pages(tmp_path, a=mantes(listener.fill("Un @IRI@ SERVICE <@IRI@>")))
    html = listener.fill(_HTML).replace("@PAGE@", (PAGES / "3203.txt").read_text("utf-8"))
    (pages / "b.html").write_text(html, "utf-8")
    out = tmp_path / "out"
    done = coopdec("build", pages, "--registry", tmp_path / "registry.csv", "--out", out)
    assert listener.settled() == before
    assert done.returncode == 0, done.stderr
    assert MARK not in (out / "current" / "graph.nq").read_text("utf-8")
    # What it published is served and validated without fetching either.
    done = coopdec("validate", out / "current" / "graph.nq", "--json")
    assert done.returncode == 0
    assert listener.settled() == before
