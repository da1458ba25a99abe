"""`coopdec query`: every form in every format, and every way to be refused."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.local_server import counting_server
from tests.pipeline.commands import COMMAND, ROOT, coopdec, environment

NIORT = "https://w3id.org/coopdec/id/partnership/atlas-6090"
TITLE = "Coopération développement Niort - Atakpamé - Covè"
SELECT = f"SELECT ?t WHERE {{ <{NIORT}> dct:title ?t }}"
ASK = f"ASK {{ <{NIORT}> a cd:Partnership }}"
CONSTRUCT = f"CONSTRUCT {{ <{NIORT}> dct:title ?t }} WHERE {{ <{NIORT}> dct:title ?t }}"
DESCRIBE = f"DESCRIBE <{NIORT}>"


def test_rows_in_every_format(built: Path) -> None:
    def answer(format: str) -> str:
        done = coopdec("query", "--data", built, "-", "--format", format, stdin=SELECT)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert list(csv.reader(io.StringIO(answer("csv")))) == [["t"], [TITLE]]
    assert answer("tsv").splitlines() == ["?t", f'"{TITLE}"@fr']
    assert json.loads(answer("json"))["results"]["bindings"] == [
        {"t": {"type": "literal", "value": TITLE, "xml:lang": "fr"}}
    ]
    assert f'<literal xml:lang="fr">{TITLE}</literal>' in answer("xml")
    assert f" {TITLE} " in answer("table")
    assert answer("table").splitlines()[-1] == "1 ligne(s)"


def test_yes_or_no_in_every_format(built: Path) -> None:
    for format, expected in (
        ("table", "oui\n"),
        ("csv", "true"),
        ("tsv", "true"),
        ("json", '{"head":{},"boolean":true}'),
    ):
        done = coopdec("query", "--data", built, "-", "--format", format, stdin=ASK)
        assert (done.returncode, done.stdout) == (0, expected)


def test_graphs_in_every_format(built: Path) -> None:
    found = {}
    for query, format, parser in (
        (CONSTRUCT, "turtle", ox.RdfFormat.TURTLE),
        (CONSTRUCT, "table", ox.RdfFormat.TURTLE),
        (CONSTRUCT, "json", ox.RdfFormat.JSON_LD),
        (CONSTRUCT, "xml", ox.RdfFormat.RDF_XML),
        (DESCRIBE, "turtle", ox.RdfFormat.TURTLE),
    ):
        done = coopdec("query", "--data", built, "-", "--format", format, stdin=query)
        assert (done.returncode, done.stderr) == (0, "")
        quads = ox.parse(done.stdout.encode(), format=parser)
        found[query, format] = {str(quad.triple) for quad in quads}
    described = found.pop((DESCRIBE, "turtle"))
    (constructed,) = set(map(frozenset, found.values()))
    assert len(constructed) == 1
    assert constructed < described
    assert TITLE in str(constructed)


@pytest.mark.parametrize(
    ("query", "format", "offered"),
    [
        (SELECT, "turtle", "table, json, csv, tsv, xml, csv-bom, geojson, xlsx, parquet"),
        (DESCRIBE, "tsv", "table, turtle, jsonld, nt, rdfxml"),
    ],
)
def test_a_format_that_does_not_fit(built: Path, query: str, format: str, offered: str) -> None:
    done = coopdec("query", "--data", built, "-", "--format", format, stdin=query)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"Le format « {format} » ne convient pas à ce résultat. Choisissez parmi : {offered}.\n"
    )


def test_a_syntax_error_says_where(built: Path) -> None:
    done = coopdec("query", "--data", built, "-", stdin="SELECT * WHERE {\n  ?s ?p }")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "La requête n'est pas du SPARQL valable, ligne 2, colonne 9 : « } » n'est pas attendu ici.",
        "    ?s ?p }",
        "          ^",
    ]


def test_a_syntax_error_has_a_hint(built: Path) -> None:
    query = "SELECT * WHERE { ?s ?p ?o }\nLIMT [b]3[/b]"
    done = coopdec("query", "--data", built, "-", stdin=query, COOPDEC_LANG="en")
    assert done.stderr.splitlines() == [
        "The query is not valid SPARQL, line 2, column 1: “LIMT” is not expected here.",
        "  LIMT [b]3[/b]",
        "  ^",
        "Did you mean LIMIT?",
    ]


def test_other_servers_are_never_asked_and_nothing_is_changed(built: Path) -> None:
    before = (built / "current/graph.nq").read_bytes()
    with counting_server() as server:
        for query in (
            f"SELECT * {{ SERVICE <{server.address}/sparql> {{ ?s ?p ?o }} }}",
            f"SELECT * {{ ?s ?p ?o .SERVICE SILENT<{server.address}/sparql>{{}} }}",
            f"LOAD <{server.address}/data.ttl>",
            "PREFIX a: <urn:a> INSERT DATA { a:a a:b a:c }",
        ):
            done = coopdec("query", "--data", built, "-", stdin=query)
            assert (done.returncode, done.stdout) == (2, ""), query
            assert done.stderr.startswith(("SERVICE est refusé", "Ce point d'accès est en lecture"))
        refused_from = f"SELECT * FROM <{server.address}/g> {{ ?s ?p ?o }}"
        coopdec("query", "--data", built, "-", stdin=refused_from)
    assert server.requests == []
    assert (built / "current/graph.nq").read_bytes() == before


@pytest.mark.parametrize("data", ["none", "file"])
def test_no_published_graph(tmp_path: Path, data: str) -> None:
    (tmp_path / "file").touch()
    done = coopdec("query", "--data", data, "-", stdin=ASK, cwd=tmp_path)
    served = coopdec("serve", "--data", data, "--port", "0", cwd=tmp_path)
    for refusal in (done, served):
        assert (refusal.returncode, refusal.stdout) == (2, "")
        assert refusal.stderr.startswith(f"« {data} » ne contient pas de graphe publié.")


def test_query_files(built: Path, tmp_path: Path) -> None:
    """A file saved with a byte order mark was a syntax error."""
    (tmp_path / "marked.rq").write_bytes(b"\xef\xbb\xbf" + ASK.encode())
    (tmp_path / "latin.rq").write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    marked = coopdec("query", "--data", built, tmp_path / "marked.rq", "--format", "csv")
    latin = coopdec("query", "--data", built, tmp_path / "latin.rq")
    missing = coopdec("query", "--data", built, tmp_path / "none.rq")
    assert (marked.returncode, marked.stdout) == (0, "true")
    assert (latin.returncode, latin.stderr) == (
        2,
        f"« {tmp_path}/latin.rq » n'est pas en UTF-8.\n",
    )
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith(f"« {tmp_path}/none.rq » ne peut pas être lu : ")


@pytest.mark.parametrize("format", ["table", "csv"])
def test_a_reader_that_leaves(built: Path, format: str) -> None:
    """`coopdec query … | head` ended with exit 1, which means refused data."""
    process = subprocess.Popen(
        [*COMMAND, "query", "--data", str(built), "-", "--format", format],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdout.close()
    process.stdin.write(b"SELECT * { GRAPH ?g { ?s ?p ?o } }")
    process.stdin.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), said) == (0, b"")


@pytest.mark.parametrize("unbuffered", ["1", ""])
@pytest.mark.parametrize("format", ["csv", "table"])
def test_a_full_disk(built: Path, format: str, unbuffered: str) -> None:
    """Output to a full disk ended in a traceback; in a buffer, as Python ended, with exit 120."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "query", "--data", str(built), "-", "--format", format],
            input=SELECT.encode(),
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment(PYTHONUNBUFFERED=unbuffered),
            cwd=ROOT,
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("Le système refuse : ")
    assert len(done.stderr.splitlines()) == 1


def test_an_output_that_is_closed() -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "--version"],
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_accents_survive_the_c_locale(built: Path) -> None:
    query = 'SELECT ?t { ?p dct:title ?t FILTER(CONTAINS(?t, "Atakpamé")) }'
    for format in ("csv", "table"):
        done = coopdec(
            *("query", "--data", built, "-", "--format", format),
            stdin=query,
            LC_ALL="C",
            PYTHONUTF8="0",
            PYTHONCOERCECLOCALE="0",
        )
        assert done.returncode == 0
        assert TITLE in done.stdout


def test_values_cannot_steer_the_terminal(built: Path) -> None:
    query = 'SELECT ("[bold]a\\u001B[31mb\\u202E[/]" AS ?x) {}'
    done = coopdec("query", "--data", built, "-", stdin=query)
    assert "[bold]a\\x1b[31mb\\u202e[/]" in done.stdout
    assert "\x1b" not in done.stdout
