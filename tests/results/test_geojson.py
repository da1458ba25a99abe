"""GeoJSON of rows: geometries as RFC 7946 has them, properties with their digits."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.results.errors import NotWritable
from coopdec_graph.results.wkt import UnknownCrs, UnreadableWkt, geometry_of
from tests.results.answers import values, written

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [1, 2], [2, 2], [1, 1]]
EPSG = "http://www.opengis.net/def/crs/EPSG/0/4326"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

READ = [
    ("POINT(1 2)", "Point", [1, 2]),
    ("  point ( -1.5e1\n+.25 ) ", "Point", [-15, 0.25]),
    ("POINT Z (1 2 3)", "Point", [1, 2, 3]),
    ("POINTZ(1 2 3)", "Point", [1, 2, 3]),
    ("POINT(1 2 3)", "Point", [1, 2, 3]),
    ("POINT M (1 2 9)", "Point", [1, 2]),
    ("POINT ZM (1 2 3 9)", "Point", [1, 2, 3]),
    ("POINT EMPTY", "Point", []),
    ("LINESTRING(1 2, 3 4)", "LineString", [[1, 2], [3, 4]]),
    ("POLYGON((0 0,4 0,4 4,0 4,0 0))", "Polygon", [SQUARE]),
    ("POLYGON((0 0,0 4,4 4,4 0,0 0),(1 1,2 2,1 2,1 1))", "Polygon", [SQUARE, HOLE]),
    ("POLYGON EMPTY", "Polygon", []),
    ("MULTIPOINT(1 2,3 4)", "MultiPoint", [[1, 2], [3, 4]]),
    ("MULTIPOINT((1 2),(3 4))", "MultiPoint", [[1, 2], [3, 4]]),
    ("MULTILINESTRING((1 2,3 4),EMPTY)", "MultiLineString", [[[1, 2], [3, 4]], []]),
    ("MULTIPOLYGON(((0 0,4 0,4 4,0 4,0 0)))", "MultiPolygon", [[SQUARE]]),
    (f"<{CRS84}> POINT(1 2)", "Point", [1, 2]),
    (f"<{EPSG}> POINT(48.8 2.3)", "Point", [2.3, 48.8]),
    ("<urn:ogc:def:crs:EPSG::4326>POINT Z(48 2 9)", "Point", [2, 48, 9]),
]


@pytest.mark.parametrize(("text", "kind", "coordinates"), READ)
def test_wkt_is_read(text, kind, coordinates):
    assert geometry_of(text) == {"type": kind, "coordinates": coordinates}


def test_collections():
    assert geometry_of(f"<{EPSG}> GEOMETRYCOLLECTION(POINT(1 2), LINESTRING EMPTY)") == {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Point", "coordinates": [2, 1]},
            {"type": "LineString", "coordinates": []},
        ],
    }
    assert geometry_of("GEOMETRYCOLLECTION EMPTY")["geometries"] == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "POINT", "POINT()", "POINT(1)", "POINT(1 2", "POINT(1 2))", "POINT(1 2, 3 4)"),
        *("POINT(1 2 3 4 5)", "POINT(1 a)", "POINT(1,2)", "POINT(1e999 2)", "POINT(NaN 2)"),
        *("LINESTRING(1 2)", "POLYGON((0 0,1 1,0 0))", "POLYGON((0 0,4 0,4 4,0 4))"),
        *("CURVEPOLYGON((0 0,1 0,1 1,0 0))", "TIN EMPTY", "SRID=4326;POINT(1 2)", "POINT(١ ٢)"),
        *("GEOMETRYCOLLECTION(" * 100_000, "(" * 1_000, "POINT(1 2) POINT(1 2)", "EMPTY"),
        *("<> POINT(1 2", "é", "\x00"),
    ],
)
def test_what_is_no_wkt_is_refused(text):
    with pytest.raises(UnreadableWkt):
        geometry_of(text)


def test_other_reference_systems_are_refused():
    iri = "http://www.opengis.net/def/crs/EPSG/0/2154"
    with pytest.raises(UnknownCrs, match=iri):
        geometry_of(f"<{iri}> POINT(600000 6800000)")
    with pytest.raises(NotWritable, match=f"row 2 is in <{iri}>"):
        written(
            values('"POINT(1 2)"^^geo:wktLiteral', f'"<{iri}> POINT(1 2)"^^geo:wktLiteral'),
            "geojson",
        )


@given(text=st.text("POINTLESRGYMUZ()0123456789.,-+eE <>", max_size=60))
def test_no_text_is_read_by_half(text):
    with contextlib.suppress(UnreadableWkt, UnknownCrs):
        assert geometry_of(text)["type"]


def test_rows_become_features():
    rows = (
        '"no place" UNDEF 1 UNDEF',
        '"é\\n\\"q\\""@fr "POINT(1 2)"^^geo:wktLiteral 1.50 true',
        '<http://a/> "POINT EMPTY"^^geo:wktLiteral 123456789012345678 "x"^^xsd:boolean',
        '<<( <a:a> <a:b> 1 )>> "text"  "NaN"^^xsd:double 2.5e0',
        'UNDEF UNDEF 0.1234567890123456 "2021"^^xsd:gYear',
    )
    body, done = written(values(*rows, names="?a ?place ?b ?c"), "geojson")
    document = json.loads(body)
    assert (document["type"], done.rows, done.truncated) == ("FeatureCollection", 5, False)
    assert [feature["type"] for feature in document["features"]] == ["Feature"] * 5
    assert [feature["geometry"] for feature in document["features"]] == [
        None,
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": []},
        None,
        None,
    ]
    assert [feature["properties"] for feature in document["features"]] == [
        {"a": "no place", "b": 1, "c": None},
        {"a": 'é\n"q"', "b": 1.5, "c": True},
        {"a": "http://a/", "b": "123456789012345678", "c": "x"},
        {
            "a": '<<( <a:a> <a:b> "1"^^<http://www.w3.org/2001/XMLSchema#integer> )>>',
            "b": "NaN",
            "c": 2.5,
        },
        {"a": None, "b": "0.1234567890123456", "c": "2021"},
    ]


def test_which_column_is_the_geometry():
    pair = '"POINT(1 2)"^^geo:wktLiteral "POINT(3 4)"^^geo:wktLiteral'
    found = {
        names: json.loads(written(values(pair, names=names), "geojson")[0])["features"][0]
        for names in ("?a ?b", "?a ?wkt", "?Geometry ?b", "?wkt ?geometry")
    }
    assert {names: f["geometry"]["coordinates"] for names, f in found.items()} == {
        "?a ?b": [1, 2],
        "?a ?wkt": [3, 4],
        "?Geometry ?b": [1, 2],
        "?wkt ?geometry": [1, 2],
    }
    assert found["?a ?wkt"]["properties"] == {"a": "POINT(1 2)"}


def test_a_result_without_any_geometry_is_refused():
    with pytest.raises(NotWritable, match="takes a column of geo:wktLiteral"):
        written(values("1", '"POINT(1 2)"'), "geojson")
    with pytest.raises(NotWritable, match="geometry of row 1 is no WKT"):
        written(values('"POINT(1)"^^geo:wktLiteral'), "geojson")
    empty = written("SELECT ?a { ?a a ?b }", "geojson")[0]
    assert json.loads(empty) == {"type": "FeatureCollection", "features": []}


@pytest.mark.parametrize("most", [0, 1, 2, 3])
def test_a_cut_collection_says_so(most):
    rows = [f'"POINT({n} 0)"^^geo:wktLiteral' for n in range(3)]
    document = json.loads(written(values(*rows), "geojson", most, cut=True)[0])
    assert len(document["features"]) == most
    assert document.get("truncated") == ({"rows": most} if most < 3 else None)
