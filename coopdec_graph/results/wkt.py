"""Reads WKT literals (GeoSPARQL 1.1, 8.5; OGC 06-103r4, 7) as GeoJSON geometries (RFC 7946, 3.1).

The engine's own `geof:asGeoJSON` drops altitudes, knows no other axis order than CRS84's and takes
part in a query only; libraries that read WKT bring a geometry engine in C with them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

__all__ = ["UnknownCrs", "UnreadableWkt", "geometry_of"]

Geometry = dict[str, Any]
Position = list[float]

# RFC 7946, 3.1.8: nested collections should be avoided.
_DEEPEST = 8
_LITERAL = re.compile(r"\s*(?:<([^<>\s]*)>\s*)?(.*)", re.DOTALL)
_TOKEN = re.compile(r"\s*([A-Za-z]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[(),])", re.ASCII)
_CRS84 = re.compile(
    r"(?:https?://www\.opengis\.net/def/crs/OGC/[\d.]+/|urn:ogc:def:crs:OGC:[\d.]*:)CRS84"
)
_EPSG_4326 = re.compile(
    r"(?:https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/|urn:ogc:def:crs:EPSG:[\d.]*:)4326"
)
_NAMES = {
    name.upper(): name
    for name in (
        *("Point", "LineString", "Polygon"),
        *("MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"),
    )
}


class UnreadableWkt(ValueError):
    """The text is not WKT of a type that GeoJSON has."""


class UnknownCrs(ValueError):
    """The coordinates are of a reference system that GeoJSON has not; the argument is its IRI."""


def geometry_of(literal: str) -> Geometry:
    """The geometry a WKT literal says, in longitude and latitude.

    Without an IRI the literal is in CRS84; EPSG:4326 has the latitude first and is turned round.
    Altitudes stay, measures are dropped, rings turn as RFC 7946 (3.1.6) wants. Raises
    UnreadableWkt, UnknownCrs.
    """
    match = _LITERAL.fullmatch(literal)
    assert match is not None
    iri, text = match[1], match[2]
    swapped = bool(iri and _EPSG_4326.fullmatch(iri))
    if iri and not swapped and not _CRS84.fullmatch(iri):
        raise UnknownCrs(iri)
    return _Reader(text, swapped).whole()


class _Reader:
    """Goes through the tokens of one WKT text."""

    def __init__(self, text: str, swapped: bool) -> None:
        self._tokens = self._split(text)
        self._next = 0
        self._swapped = swapped
        self._measured = False

    def whole(self) -> Geometry:
        geometry = self._geometry(0)
        self._take("")
        return geometry

    @staticmethod
    def _split(text: str) -> list[str]:
        tokens, place = [], 0
        text = text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise UnreadableWkt
            tokens.append(match[1])
            place = match.end()
        return [*tokens, ""]

    def _peek(self) -> str:
        return self._tokens[self._next].upper()

    def _pop(self) -> str:
        token = self._peek()
        self._next += token != ""
        return token

    def _take(self, wanted: str) -> None:
        if self._pop() != wanted:
            raise UnreadableWkt

    def _geometry(self, depth: int) -> Geometry:
        word = self._pop()
        keyword = word if word in _NAMES else re.sub("(ZM|Z|M)$", "", word)
        dimensions = word[len(keyword) :]
        if keyword not in _NAMES or depth > _DEEPEST:
            raise UnreadableWkt
        if not dimensions and self._peek() in ("Z", "M", "ZM"):
            dimensions = self._pop()
        self._measured = dimensions == "M"
        if keyword == "GEOMETRYCOLLECTION":
            parts = self._list(lambda: self._geometry(depth + 1))
            return {"type": _NAMES[keyword], "geometries": parts}
        return {"type": _NAMES[keyword], "coordinates": self._coordinates(keyword)}

    def _coordinates(self, keyword: str) -> list[Any]:
        if keyword == "POINT":
            points = self._list(self._position)
            if len(points) > 1:
                raise UnreadableWkt
            return points[0] if points else []
        reader: dict[str, Callable[[], list[Any]]] = {
            "LINESTRING": self._line,
            "POLYGON": self._polygon,
            "MULTIPOINT": lambda: self._list(self._point),
            "MULTILINESTRING": lambda: self._list(self._line),
            "MULTIPOLYGON": lambda: self._list(self._polygon),
        }
        return reader[keyword]()

    def _list(self, item: Callable[[], Any]) -> list[Any]:
        """Items between brackets, or EMPTY."""
        if self._peek() == "EMPTY":
            self._pop()
            return []
        self._take("(")
        items = [item()]
        while self._peek() == ",":
            self._pop()
            items.append(item())
        self._take(")")
        return items

    def _position(self) -> Position:
        numbers = []
        while self._peek() not in ("", "(", ")", ","):
            numbers.append(self._number())
        if not 2 <= len(numbers) <= 4:
            raise UnreadableWkt
        first, second, *rest = numbers
        place = [second, first] if self._swapped else [first, second]
        return place if self._measured else [*place, *rest[:1]]

    def _number(self) -> float:
        try:
            number = float(self._pop())
        except ValueError:
            raise UnreadableWkt from None
        if not math.isfinite(number):
            raise UnreadableWkt
        return int(number) if number.is_integer() else number

    def _point(self) -> Position:
        """A point of several, with or without brackets of its own."""
        if self._peek() != "(":
            return self._position()
        self._pop()
        position = self._position()
        self._take(")")
        return position

    def _line(self) -> list[Position]:
        line = self._list(self._position)
        if len(line) == 1:
            raise UnreadableWkt
        return line

    def _polygon(self) -> list[list[Position]]:
        """Rings: the outer one turns left, holes turn right."""
        rings = self._list(self._ring)
        return [
            ring if (_turns_left(ring) or not ring) == (number == 0) else ring[::-1]
            for number, ring in enumerate(rings)
        ]

    def _ring(self) -> list[Position]:
        ring: list[Position] = self._list(self._position)
        if ring and (len(ring) < 4 or ring[0] != ring[-1]):
            raise UnreadableWkt
        return ring


def _turns_left(ring: list[Position]) -> bool:
    """Whether a ring goes against the clock: the sign of its area."""
    pairs = zip(ring, ring[1:], strict=False)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) >= 0
