"""Points that a store keeps in a type of its own come back as they were published."""

from __future__ import annotations

import json
import re
import struct

from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.engines.remote.positions import as_published

THEIRS = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
OURS = "http://www.opengis.net/ont/geosparql#wktLiteral"


def single(value: float) -> float:
    """As a store that keeps single precision has it."""
    return float(struct.unpack("f", struct.pack("f", value))[0])


def degrees(most: int) -> st.SearchStrategy[float]:
    return st.integers(-most * 100_000, most * 100_000).map(lambda n: n / 100_000)


def text(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def kept_and_back(longitude: float, latitude: float) -> str:
    kept = f"POINT({single(longitude):.14g} {single(latitude):.14g})"
    line = f'<urn:s> <urn:p> "{kept}"^^<{THEIRS}> .'
    return as_published(line.encode()).decode()


@given(degrees(127), degrees(90))
def test_five_decimals_survive_single_precision(longitude: float, latitude: float) -> None:
    published = f"POINT({text(longitude)} {text(latitude)})"
    expected = f'<urn:s> <urn:p> "{published}"^^<{OURS}> .'
    assert kept_and_back(longitude, latitude) == expected


@given(degrees(180))
def test_beyond_the_last_decimal_may_differ_by_one(longitude: float) -> None:
    found = re.search(r"POINT\((\S+) 1\)", kept_and_back(longitude, 1))
    assert found is not None
    assert abs(float(found[1]) - longitude) < 0.000_015


def test_both_formats_and_nothing_else_is_touched() -> None:
    value = {
        "type": "typed-literal",
        "datatype": THEIRS,
        "value": "POINT(-0.37184000015259 11.784420013428)",
    }
    spoken = {"type": "literal", "value": f"POINT(1.123456789 2)^^<{THEIRS}>"}
    body = json.dumps({"results": {"bindings": [{"w": value, "t": spoken}]}})
    found = json.loads(as_published(body.encode()))["results"]["bindings"][0]
    assert found["w"] == {
        "type": "typed-literal",
        "datatype": OURS,
        "value": "POINT(-0.37184 11.78442)",
    }
    assert found["t"] == spoken
    area = f'<urn:s> <urn:p> "POLYGON((0 0,1 1,0 1,0 0))"^^<{THEIRS}> .'.encode()
    assert as_published(area) == area
    assert as_published(b"<urn:s> <urn:p> <urn:o> .") == b"<urn:s> <urn:p> <urn:o> ."
