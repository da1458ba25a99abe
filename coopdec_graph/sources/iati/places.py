"""The places of an activity: their names, points and codes."""

from __future__ import annotations

from decimal import Decimal

from coopdec_graph.model import Location
from coopdec_graph.sources.iati.coding import code
from coopdec_graph.sources.iati.dialects import Dialect
from coopdec_graph.sources.iati.nodes import Node, Omission
from coopdec_graph.sources.iati.values import decimal, share, texts

__all__ = ["locations"]

# WGS 84: "always" this one, the standard says.
_WGS84 = "http://www.opengis.net/def/crs/EPSG/0/4326"
_DETAILS = (
    "activity-description",
    "administrative",
    "description",
    "exactness",
    "feature-designation",
    "location-class",
    "location-reach",
    "location-type",
)
_Point = tuple[Decimal | None, Decimal | None]


def locations(activity: Node, dialect: Dialect) -> tuple[Location, ...]:
    found = []
    for rank, node in enumerate(activity.children("location"), start=1):
        node.leave_out_children(Omission.LOCATION_DETAIL, *_DETAILS)
        node.leave_out_attributes(Omission.LOCATION_DETAIL, "percentage")
        latitude, longitude = _where(node)
        names = tuple(text for each in node.children("name") for text in texts(each))
        found.append(
            Location(
                rank,
                names,
                latitude,
                longitude,
                _gazetteer(node, dialect),
                node.identifier("ref"),
            )
        )
    return tuple(found)


def _where(node: Node) -> _Point:
    """Latitude and longitude: of the point, else of the coordinates of version 1."""
    point = node.child("point")
    if point is None:
        return _coordinates(node.child("coordinates"))
    node.leave_out_children(Omission.LOCATION_DETAIL, "coordinates")
    return _point(point)


def _gazetteer(node: Node, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """What the place is in gazetteers; version 1 has an entry's code as text."""
    codes = []
    for each in node.children("location-id"):
        vocabulary, value = each.identifier("vocabulary"), each.identifier("code")
        each.leave_out_text(Omission.LABEL_OF_CODE)
        if vocabulary and value:
            codes.append((vocabulary, value))
    for each in node.children("gazetteer-entry"):
        agency = code(each, "GeographicVocabulary", "gazetteer-ref", dialect)
        value = each.identifier_text()
        if agency and value:
            codes.append((agency.value, value))
    return tuple(codes)


def _point(node: Node) -> _Point:
    """Two numbers with a space between."""
    system, pos = node.get("srsName"), node.child("pos")
    printed = "" if pos is None else pos.text()
    parts = [decimal(part) for part in printed.split()]
    if system == _WGS84 and len(parts) == 2:
        return _within(node, parts[0], parts[1], printed)
    node.refuse("iati-value", printed or system)
    return None, None


def _coordinates(node: Node | None) -> _Point:
    """Version 1: two attributes."""
    if node is None:
        return None, None
    node.leave_out_attributes(Omission.LOCATION_DETAIL, "precision")
    latitude, longitude = share(node, "latitude"), share(node, "longitude")
    return _within(node, latitude, longitude, f"{latitude} {longitude}")


def _within(
    node: Node, latitude: Decimal | None, longitude: Decimal | None, printed: str
) -> _Point:
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        node.refuse("iati-value", printed)
        return None, None
    return latitude, longitude
