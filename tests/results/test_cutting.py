"""Rows are counted in the bytes of the engine: exactly, wherever the pieces end."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rdflib.query import Result
from SPARQLWrapper.SmartWrapper import Bindings

from coopdec_graph.results.cutting import Enough, cutter_of
from coopdec_graph.results.errors import TooManyRows
from tests.results.answers import Collecting, format_named, values, written

ENGINE = ox.QueryResultsFormat
FORMATS = {"json": ENGINE.JSON, "csv": ENGINE.CSV, "tsv": ENGINE.TSV, "xml": ENGINE.XML}

# Texts made of what could be taken for the bounds of a row.
HOSTILE = st.lists(
    st.sampled_from(
        ['"', "\\", "},{", "{}", "},{}", '},{"', "{", "}", ",", ":", "]", "[", "\r\n", "\n", "\r",
         "\t", "<result>", "</result>", "&", "a", "é", "😀", '"bindings":[', '":"', "\\\\"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
LITERALS = st.one_of(
    HOSTILE.map(ox.Literal),
    HOSTILE.map(lambda text: ox.Literal(text, language="fr")),
    HOSTILE.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://a/b"))),
)
TERMS = st.one_of(
    st.none(),
    LITERALS,
    st.just(ox.NamedNode("http://a/b")),
    st.just(ox.BlankNode("b")),
    LITERALS.map(lambda text: ox.Triple(ox.NamedNode("a:a"), ox.NamedNode("a:b"), text)),
)
ROWS = st.integers(0, 3).flatmap(
    lambda width: st.lists(st.tuples(*[TERMS] * width), max_size=12)
)  # fmt: skip
# Of no special kind, but for a variable that is called like a member.
NAMES = ("bindings", "results", "c")


def _sparql(term: object) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, ox.Triple):
        return f"<<( {term.subject} {term.predicate} {term.object} )>>"
    # A blank node cannot stand in VALUES.
    return "<b:b>" if isinstance(term, ox.BlankNode) else str(term)


def _serialised(rows: Sequence[Sequence[object]], format: ox.QueryResultsFormat) -> bytes:
    width = len(rows[0]) if rows else 2
    names = NAMES[:width]
    block = " ".join(f"({' '.join(map(_sparql, row))})" for row in rows)
    variables = " ".join(f"?{name}" for name in names)
    result = ox.Store().query(f"SELECT {variables or '*'} {{ VALUES ({variables}) {{ {block} }} }}")
    assert isinstance(result, ox.QuerySolutions)
    return result.serialize(format=format) or b""


def _fed(body: bytes, format: ox.QueryResultsFormat, most: int, sizes: Sequence[int]):
    """What a cutter passes on of a body in pieces: the bytes, the rows, whether it stopped."""
    sink = Collecting()
    cutter = cutter_of(format, sink, most)
    place = turn = 0
    try:
        while place < len(body):
            size = sizes[turn % len(sizes)]
            cutter.write(body[place : place + size])
            place, turn = place + size, turn + 1
        cutter.finish()
    except Enough:
        return sink.body + cutter.ending(), cutter.rows, True
    return sink.body, cutter.rows, False


def _strict_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode(), newline=""), strict=True))


@settings(max_examples=400, deadline=None)
@given(
    rows=ROWS,
    most=st.integers(0, 14),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    name=st.sampled_from(sorted(FORMATS)),
)
@example(rows=[(ox.Literal("},{"),)] * 3, most=2, sizes=[1], name="json")
@example(rows=[(None,)] * 3, most=1, sizes=[1], name="json")
@example(rows=[()] * 3, most=1, sizes=[3], name="csv")
def test_a_cut_document_has_exactly_the_rows_wanted(rows, most, sizes, name):
    format = FORMATS[name]
    whole = _serialised(rows, format)
    wanted = rows[:most]
    body, count, stopped = _fed(whole, format, most, sizes)
    assert (count, stopped) == (len(wanted), len(rows) > most)
    expected = _serialised(wanted, format) if wanted or not rows else None
    if not stopped:
        assert body == whole
    elif name == "json":
        document, short = json.loads(body), json.loads(whole)
        assert document.pop("truncated") == {"rows": most}
        short["results"]["bindings"] = short["results"]["bindings"][:most]
        assert document == short
    elif name == "xml":
        tree, full = ElementTree.fromstring(body), ElementTree.fromstring(whole)
        found = tree.findall(".//{*}result")
        assert [*map(ElementTree.tostring, found)] == [
            *map(ElementTree.tostring, full.findall(".//{*}result")[:most])
        ]
        assert body.endswith(b"<!-- truncated after %d rows --></sparql>" % most)
    elif expected is not None:
        assert body == expected
    else:
        assert body == whole[: len(body)] and body.count(b"\n") == 1


@settings(max_examples=100, deadline=None)
@given(texts=st.lists(HOSTILE, max_size=9), most=st.integers(0, 9))
def test_readers_find_the_rows(texts, most):
    query = values(*(str(ox.Literal(text)) for text in texts))
    kept = texts[:most]
    bodies = {name: written(query, name, most, cut=True) for name in FORMATS}
    for _, done in bodies.values():
        # So few bytes that there cannot be too many rows are not counted.
        assert done.rows in (None, len(kept)) and done.truncated is (len(texts) > most)
    bindings = json.loads(bodies["json"][0])["results"]["bindings"]
    assert [row["a"]["value"] for row in bindings] == kept
    assert [row[0] if row else "" for row in _strict_csv(bodies["csv"][0])[1:]] == kept
    tree = ElementTree.fromstring(bodies["xml"][0])
    found = tree.findall(".//{http://www.w3.org/2005/sparql-results#}literal")
    assert [node.text or "" for node in found] == kept
    engine = ox.parse_query_results(bodies["tsv"][0], format=ENGINE.TSV)
    assert isinstance(engine, ox.QuerySolutions)
    assert [row["a"].value for row in engine] == kept


@pytest.mark.parametrize("length", [8_180, 8_192, 8_200, 100_000])
@pytest.mark.parametrize("filling", ["x", "{}", '"', "\\", "},{", "\r\n", "😀"])
def test_literals_longer_than_a_piece(length, filling):
    text = (filling * length)[:length]
    query = values(str(ox.Literal(text)), "UNDEF", str(ox.Literal(text)), '"last"')
    for name in FORMATS:
        body, done = written(query, name, 3, cut=True)
        assert (done.rows, done.truncated) == (3, True)
        whole, done = written(query, name, 4, cut=True)
        assert done.rows in (None, 4) and not done.truncated
        assert (whole, None) == (written(query, name)[0], written(query, name)[1].rows)
        assert len(body) < len(whole) + 40
    assert [len(row) for row in json.loads(written(query, "json", 3, True)[0])["results"]["bindings"]] == [1, 0, 1]  # fmt: skip


@pytest.mark.parametrize("name", [*FORMATS, "csv-bom", "geojson", "xlsx", "parquet"])
def test_one_row_too_many_is_an_error_unless_cutting_is_allowed(name):
    query = values('"POINT(1 2)"^^geo:wktLiteral', '"POINT(3 4)"^^geo:wktLiteral')
    assert written(query, name, 2)[1].rows == 2
    with pytest.raises(TooManyRows, match="more than 1 rows"):
        written(query, name, 1)
    assert written(query, name, 1, cut=True)[1].rows == 1


class _Answered:
    """What SPARQLWrapper makes its rows of."""

    def __init__(self, document: object) -> None:
        self._convertJSON = lambda: document


def test_who_reads_a_cut_json_document():
    body, _ = written(values("1", "2", "3"), "json", 2, cut=True)
    assert [str(row["a"]) for row in Result.parse(io.BytesIO(body), format="json")] == ["1", "2"]
    wrapped = Bindings(_Answered(json.loads(body)))
    assert [row["a"].value for row in wrapped.bindings] == ["1", "2"]
    assert json.loads(body)["truncated"] == {"rows": 2}
    # Oxigraph takes no other member after the rows: it refuses a cut document instead of
    # reading it as a whole one.
    with pytest.raises(SyntaxError, match="after the end of the bindings"):
        list(ox.parse_query_results(body, format=ENGINE.JSON))


def test_a_cut_stops_the_engine():
    """A result of 10**12 rows is not looked through."""
    digits = " ".join(map(str, range(10)))
    blocks = " ".join(f"VALUES ?v{number} {{ {digits} }}" for number in range(12))
    for name in FORMATS:
        _, done = written(f"SELECT * {{ {blocks} }}", name, 25_000, cut=True)
        assert (done.rows, done.truncated) == (25_000, True)


def test_a_format_of_another_form_is_refused():
    with pytest.raises(ValueError, match="no turtle of rows"):
        written(values("1"), "turtle")
    with pytest.raises(ValueError, match="no xlsx of a yes or no"):
        written("ASK {}", "xlsx")
    with pytest.raises(ValueError, match="no csv of a graph"):
        written("CONSTRUCT WHERE { ?s ?p ?o }", "csv")


def test_yes_or_no_has_no_rows():
    for name, body in {"json": b'{"head":{},"boolean":true}', "csv": b"true"}.items():
        found, done = written("ASK {}", name, 0)
        assert (found, done.rows, done.truncated) == (body, None, False)


def test_csv_for_spreadsheets_has_a_mark_and_nothing_else_differs():
    query = values('"é"', '"x;y"')
    assert written(query, "csv-bom")[0] == b"\xef\xbb\xbf" + written(query, "csv")[0]
    assert format_named("csv-bom").content_type == "text/csv; charset=utf-8"
