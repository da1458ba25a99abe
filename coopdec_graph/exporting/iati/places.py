"""Countries and places: which country benefits, and where its bodies are."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from lxml import etree

from coopdec_graph.countries import Country
from coopdec_graph.exporting.iati.xml import add, add_narratives
from coopdec_graph.exporting.reading import Member, Reader, Thing
from coopdec_graph.exporting.recipients import recipients
from coopdec_graph.namespaces import SCHEME
from coopdec_graph.results.wkt import UnknownCrs, UnreadableWkt, geometry_of

__all__ = ["add_countries", "add_locations"]

_MULTINATIONAL = "3"
_GEONAMES, _ISO_COUNTRY = "G1", "A4"
_APPROXIMATE = "2"
_EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
_FOREIGN = str(SCHEME["role/partenaire-etranger"])

_PLACE_OF = (
    ox.Literal("Lieu du partenaire étranger, d'après son nom.", language="fr"),
    ox.Literal("Place of the foreign partner, by its name.", language="en"),
)
_COUNTRY_OF = (
    ox.Literal("Pays de partenaires étrangers ; sa part n'est pas connue.", language="fr"),
    ox.Literal("Country of foreign partners; its share is not known.", language="en"),
)


def add_countries(activity: etree._Element, facts: Thing) -> tuple[Country, ...]:
    """One country: it benefits, whole. Several: the standard asks for shares, which no page says.

    Then the scope is multinational, and the countries that come back are to be locations.
    """
    named = recipients(facts)
    if len(named) == 1:
        add(activity, "recipient-country", code=named[0].alpha2, percentage="100")
        return ()
    if named:
        add(activity, "activity-scope", code=_MULTINATIONAL)
    return named


def add_locations(
    activity: etree._Element,
    members: Iterable[Member],
    named: Iterable[Country],
    reader: Reader,
) -> None:
    """Countries without a share, and the places that the foreign partners' names were linked to."""
    for country in named:
        location = add(activity, "location", ref=country.alpha2)
        add(location, "location-id", vocabulary=_ISO_COUNTRY, code=country.alpha2)
        names = (ox.Literal(country.fr, language="fr"), ox.Literal(country.en, language="en"))
        add_narratives(add(location, "name"), names)
        add_narratives(add(location, "description"), _COUNTRY_OF)
    bodies = dict.fromkeys(member.body for member in members if member.role == _FOREIGN)
    places = (place for body in bodies for place in reader.shared(body).iris("dct:spatial"))
    for place in dict.fromkeys(places):
        _add_place(activity, reader.shared(place), reader)


def _add_place(activity: etree._Element, place: Thing, reader: Reader) -> None:
    location = add(activity, "location", ref=place.iri.partition("/id/place/")[2] or None)
    for code in place.texts("cd:geonamesId"):
        add(location, "location-id", vocabulary=_GEONAMES, code=code.value)
    names = place.texts("skos:prefLabel")
    if names:
        add_narratives(add(location, "name"), names)
    add_narratives(add(location, "description"), _PLACE_OF)
    position = _position(place, reader)
    if position is not None:
        point = add(location, "point", srsName=_EPSG_4326)
        add(point, "pos", position)
        # The middle of a town, or of a region, is not where the work is done.
        add(location, "exactness", code=_APPROXIMATE)


def _position(place: Thing, reader: Reader) -> str | None:
    """Latitude, then longitude; None of a place whose geometry is no point."""
    for node in place.iris("geo:hasGeometry"):
        for wkt in reader.shared(node).texts("geo:asWKT"):
            try:
                geometry = geometry_of(wkt.value)
            except (UnknownCrs, UnreadableWkt):
                continue
            if geometry["type"] == "Point" and geometry["coordinates"]:
                longitude, latitude = geometry["coordinates"][:2]
                return f"{latitude} {longitude}"
    return None
