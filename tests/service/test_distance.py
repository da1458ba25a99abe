"""Distances and GeoSPARQL over HTTP: `cd:distanceKm`, and every function the description names."""

from __future__ import annotations

import math
from decimal import Decimal

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.graph.distance import FUNCTIONS
from coopdec_graph.graph.query import run
from coopdec_graph.namespaces import CD, GEO
from coopdec_graph.service.description import GEOSPARQL_FUNCTIONS

PARIS = '"POINT(2.3522 48.8566)"^^geo:wktLiteral'
RABAT = '"POINT(-6.8498 34.0209)"^^geo:wktLiteral'
LINE = '"LINESTRING(0 0, 1 1)"^^geo:wktLiteral'
SQUARE = '"POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"^^geo:wktLiteral'
EPSG = "<http://www.opengis.net/def/crs/EPSG/0/4326>"
CRS84 = "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"


def value(client: httpx.Client, expression: str) -> dict[str, str] | None:
    query = f"SELECT ({expression} AS ?x) {{}}"
    answer = client.get("/sparql", params={"query": query, "format": "json"})
    assert answer.status_code == 200, answer.text
    (row,) = answer.json()["results"]["bindings"]
    return row.get("x")


def test_paris_and_rabat(client):
    assert value(client, f"cd:distanceKm({PARIS}, {RABAT})") == {
        "type": "literal",
        "datatype": "http://www.w3.org/2001/XMLSchema#decimal",
        "value": "1816.091",
    }


def test_it_is_the_distance_of_geosparql(client):
    for unit, factor in (("uom:metre", 1000), ("uom:kilometre", 1)):
        found = value(client, f"geof:distance({PARIS}, {RABAT}, {unit})")
        assert math.isclose(float(found["value"]) / factor, 1816.091, abs_tol=0.001)


def test_it_sorts_and_filters(client):
    query = f"""
        SELECT ?name (cd:distanceKm({PARIS}, ?place) AS ?km) WHERE {{
          VALUES (?name ?place) {{
            ("Rabat" {RABAT}) ("Paris" {PARIS}) ("Praia" "POINT(-23.51 14.93)"^^geo:wktLiteral)
            ("nowhere" "POINT EMPTY"^^geo:wktLiteral)
          }}
          FILTER(cd:distanceKm({PARIS}, ?place) < 2000)
        }} ORDER BY ?km"""
    answer = client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.text == "name,km\r\nParis,0\r\nRabat,1816.091\r\n"


@pytest.mark.parametrize(
    "place",
    [
        '"point(-6.8498 34.0209)"^^geo:wktLiteral',
        '"  POINT  (  -6.8498   34.0209  )  "^^geo:wktLiteral',
        '"POINT Z (-6.8498 34.0209 75)"^^geo:wktLiteral',
        f'"{CRS84} POINT(-6.8498 34.0209)"^^geo:wktLiteral',
        f'"{EPSG} POINT(34.0209 -6.8498)"^^geo:wktLiteral',
        '"POINT(-6.8498e0 3.40209E1)"^^geo:wktLiteral',
    ],
)
def test_every_way_to_write_a_point(client, place):
    assert value(client, f"cd:distanceKm({PARIS}, {place})")["value"] == "1816.091"


@pytest.mark.parametrize(
    "arguments",
    [
        PARIS,
        f"{PARIS}, {RABAT}, {RABAT}",
        f'{PARIS}, "POINT(1 1)"',
        f'{PARIS}, "POINT(1 1)"@fr',
        f"{PARIS}, <http://a.example/>",
        f"{PARIS}, 3",
        f"{PARIS}, ?unbound",
        f"{PARIS}, {LINE}",
        f"{PARIS}, {SQUARE}",
        f'{PARIS}, "POINT EMPTY"^^geo:wktLiteral',
        f'{PARIS}, "POINT()"^^geo:wktLiteral',
        f'{PARIS}, "POINT(181 0)"^^geo:wktLiteral',
        f'{PARIS}, "POINT(0 91)"^^geo:wktLiteral',
        f'{PARIS}, "POINT(1e999 0)"^^geo:wktLiteral',
        f'{PARIS}, "POINT(nan nan)"^^geo:wktLiteral',
        f'{PARIS}, "POINT(1 2"^^geo:wktLiteral',
        f'{PARIS}, "<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(1 2)"^^geo:wktLiteral',
        f'{PARIS}, "POINT({" " * 100_000}1 2)"^^geo:wktLiteral',
        f'{PARIS}, "POINT({"1" * 100_000} 2)"^^geo:wktLiteral',
        f'{PARIS}, ""^^geo:wktLiteral',
    ],
    ids=range(20),
)
def test_what_is_no_point_has_no_distance(arguments):
    """In the engine itself: the text of the query may be as long as it likes."""
    result = run(ox.Store(), f"SELECT (cd:distanceKm({arguments}) AS ?x) {{}}")
    assert [row["x"] for row in result] == [None]


places = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@given(places, places)
def test_the_distance_is_one(first, second):
    function = FUNCTIONS[ox.NamedNode(str(CD.distanceKm))]
    points = [
        ox.Literal(f"POINT({x:.9f} {y:.9f})", datatype=ox.NamedNode(str(GEO.wktLiteral)))
        for x, y in (first, second)
    ]
    there, back = Decimal(function(*points).value), Decimal(function(*reversed(points)).value)
    assert there == back
    assert 0 <= there <= Decimal("20015.115")
    assert Decimal(function(points[0], points[0]).value) == 0


ARGUMENTS = {
    "distance": f"{PARIS}, {RABAT}, uom:metre",
    "relate": f'{PARIS}, {PARIS}, "T*F**FFF*"',
    "length": f"{LINE}, uom:metre",
    "perimeter": f"{SQUARE}, uom:metre",
}
ONE = (
    *("asGeoJSON", "centroid", "convexHull", "coordinateDimension", "dimension", "envelope"),
    *("getSRID", "isEmpty", "isSimple", "spatialDimension"),
)


@pytest.mark.parametrize("iri", GEOSPARQL_FUNCTIONS, ids=lambda iri: iri.rpartition("/")[2])
def test_every_function_of_the_description_gives_a_value(client, iri):
    name = iri.rpartition("/")[2]
    arguments = ARGUMENTS.get(name) or (SQUARE if name in ONE else f"{SQUARE}, {PARIS}")
    found = value(client, f"<{iri}>({arguments})")
    assert found is not None and found["value"]


def test_the_functions_are_counted():
    assert len(GEOSPARQL_FUNCTIONS) == len(set(GEOSPARQL_FUNCTIONS)) == 38


def test_a_function_there_is_not(client):
    answer = client.get("/sparql", params={"query": f"SELECT (geof:buffer({PARIS}) AS ?x) {{}}"})
    assert (answer.status_code, answer.json()["code"]) == (400, "QuerySyntaxError")
    assert "geosparql/buffer" in answer.json()["detail"]
