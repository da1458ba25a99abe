"""A campaign as RDF: places, links with the decisions behind them, and doubts, each in its graph.

graph/places       the territories that accepted alignments lead to, and those they lie in
graph/links        body to place, place to item, the decisions; the linkset and the run
graph/candidates   what was not accepted, with the places it is about
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Protocol

from rdflib import DCTERMS, PROV, RDFS, SKOS, VOID, XSD, Literal, URIRef

from coopdec_graph.graph.codes import country_iri
from coopdec_graph.graph.statements import Sink, Statement, decimal, text
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.linking.alignments import Alignment, alignments_of
from coopdec_graph.linking.campaign import Linked
from coopdec_graph.linking.figures import wilson
from coopdec_graph.namespaces import CD, GEO, IGEO, SCHEMA, SCHEME, SF, WIKIDATA, Minter
from coopdec_graph.reference.french import Level
from coopdec_graph.reference.places import Place
from coopdec_graph.reference.world import world_countries

__all__ = [
    "LINK_GRAPHS",
    "Decided",
    "Run",
    "add_decision",
    "batch_statements",
    "country_links",
    "run_statements",
]

LINK_GRAPHS = ("places", "links", "candidates")

_CLASSES: Mapping[str, URIRef] = {
    Level.COMMUNE: IGEO.Commune,
    Level.DELEGATED_COMMUNE: IGEO.CommuneDeleguee,
    Level.ASSOCIATED_COMMUNE: IGEO.CommuneAssociee,
    Level.ARRONDISSEMENT: IGEO.ArrondissementMunicipal,
    Level.EPCI: IGEO.Intercommunalite,
    Level.DEPARTEMENT: IGEO.Departement,
    Level.REGION: IGEO.Region,
}
_GROUPS = frozenset({Level.EPCI, Level.EPT})
_COMMUNES = frozenset({Level.COMMUNE, Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE})
_WIKIDATA_SITE = URIRef("http://www.wikidata.org/")

_RUN = Bilingual("Rapprochements par {software}, {how}", "Alignments by {software}, {how}")
_TABLES = Bilingual("référentiels seuls", "reference tables only")
_ASKED = Bilingual("référentiels et Wikidata", "reference tables and Wikidata")
_LINKSET = Bilingual("Liens des lieux vers Wikidata", "Links of places to Wikidata")
_RIGHTS = Bilingual(
    "Lieux : INSEE, Code officiel géographique (Licence Ouverte) ; GeoNames (CC BY 4.0) ; Wikidata (CC0)",
    "Places: INSEE, French official geographic code (Licence Ouverte); GeoNames (CC BY 4.0); Wikidata (CC0)",
)
_BY_CODE = Bilingual(
    "L'élément du pays au code {code}, d'après le référentiel des pays.",
    "The item of the country with the code {code}, by the reference list of countries.",
)


@dataclass(frozen=True, slots=True)
class Run:
    """A campaign as a whole. `asked` is the endpoint; None when only our tables were used.

    `digest` tells a run from another: what was asked of whom, after which decisions of people.
    """

    digest: str
    software: str
    asked: str | None


def batch_statements(linked: Iterable[Linked], run: Run, mint: Minter) -> Iterator[Statement]:
    """What some bodies give: a body's statements do not depend on the other bodies."""
    places, links = Sink(mint.graph("places")), Sink(mint.graph("links"))
    candidates = Sink(mint.graph("candidates"))
    writer = _Writer(run, mint)
    for one in linked:
        for alignment in alignments_of(one):
            if alignment.is_accepted and alignment.place is not None:
                writer.add_place(places, alignment.place)
                writer.add_link(links, one, alignment, alignment.place)
            elif alignment.place_judged and alignment.place is not None:
                writer.add_place(candidates, alignment.place)
            if alignment.is_accepted or run.asked or alignment.decision != "unasked":
                writer.add_alignment(links if alignment.is_accepted else candidates, alignment)
    yield from places
    yield from links
    yield from candidates


class _Writer:
    def __init__(self, run: Run, mint: Minter) -> None:
        self._run = mint.link_run(run.digest)
        self._mint = mint

    def add_place(self, sink: Sink, place: Place) -> None:
        """A place, and those it lies in."""
        iri = self._mint.place(place.key)
        sink.type(iri, CD.Place, GEO.Feature)
        if place.level in _CLASSES:
            sink.type(iri, _CLASSES[place.level])
        sink.add(iri, SKOS.prefLabel, text(place.name))
        sink.add(iri, CD.level, SCHEME[f"level/{place.level}"])
        sink.add(iri, CD.country, country_iri(place.country))
        sink.add(iri, IGEO.codeINSEE, _plain(place.insee))
        sink.add(iri, CD.siren, _plain(place.siren) if place.level in _GROUPS else None)
        sink.add(iri, CD.geonamesId, _plain(place.geonames))
        self._add_point(sink, iri, place)
        if place.within is not None:
            sink.add(iri, DCTERMS.isPartOf, self._mint.place(place.within.key))
            self.add_place(sink, place.within)

    def _add_point(self, sink: Sink, iri: URIRef, place: Place) -> None:
        if place.point is None:
            return
        latitude, longitude = place.point
        node = self._mint.geometry(place.key)
        sink.add(iri, GEO.hasGeometry, node)
        sink.type(node, GEO.Geometry, SF.Point)
        # CRS84, GeoSPARQL's default: longitude first.
        wkt = f"POINT({_degrees(longitude)} {_degrees(latitude)})"
        sink.add(node, GEO.asWKT, Literal(wkt, datatype=GEO.wktLiteral, normalize=False))
        if place.located_by is not None:
            sink.add(node, DCTERMS.source, WIKIDATA[place.located_by])

    def add_link(self, sink: Sink, linked: Linked, alignment: Alignment, place: Place) -> None:
        body, iri = linked.body.iri, self._mint.place(place.key)
        sink.add(body, DCTERMS.spatial, iri)
        if linked.body.is_french:
            sink.add(body, CD.level, SCHEME[f"level/{place.level}"])
            sink.add(body, CD.siren, _plain(place.siren))
            sink.add(body, CD.inseeCode, _plain(place.insee if place.level in _COMMUNES else None))
        if alignment.item is not None:
            sink.add(iri, SCHEMA.sameAs, WIKIDATA[alignment.item])

    def add_alignment(self, sink: Sink, alignment: Alignment) -> None:
        node = self._mint.alignment(alignment.body, alignment.candidate)
        add_decision(sink, node, alignment, self._run)
        sink.add(node, CD.alignedBody, alignment.body)
        if alignment.place is not None:
            sink.add(node, CD.alignedPlace, self._mint.place(alignment.place.key))
        if alignment.item is not None:
            sink.add(node, CD.alignedItem, WIKIDATA[alignment.item])
        sink.add(node, RDFS.label, _plain(alignment.name))


class Decided(Protocol):
    """What every alignment says, whatever it is about; `decision` and `method` are notations."""

    @property
    def decision(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def reason(self) -> Bilingual: ...
    @property
    def features(self) -> tuple[str, ...]: ...
    @property
    def role(self) -> str | None: ...


def add_decision(sink: Sink, node: URIRef, decided: Decided, run: URIRef) -> None:
    """An alignment but for what it is about."""
    sink.type(node, CD.Alignment, PROV.Entity)
    sink.add(node, CD.decision, SCHEME[f"decision/{decided.decision}"])
    sink.add(node, CD.method, SCHEME[f"link-method/{decided.method}"])
    sink.add(node, CD.confidence, decimal(Decimal(str(decided.confidence))))
    for language in LANGUAGES:
        sink.add(node, RDFS.comment, text(decided.reason.text(language), language))
    sink.add(node, PROV.wasGeneratedBy, run)
    sink.add(node, CD.feature, *map(Literal, decided.features))
    sink.add(node, CD.reviewerRole, _plain(decided.role))


def country_links(codes: Iterable[str], run: Run, mint: Minter) -> Iterator[Statement]:
    """The items of countries (ISO alpha-2), as the reference list has them."""
    sink = Sink(mint.graph("links"))
    for code in sorted(codes):
        country, iri = world_countries()[code], country_iri(code)
        sink.add(iri, SCHEMA.sameAs, WIKIDATA[country.wikidata])
        node = mint.alignment(iri, country.wikidata)
        sink.type(node, CD.Alignment, PROV.Entity)
        sink.add(node, CD.alignedPlace, iri)
        sink.add(node, CD.alignedItem, WIKIDATA[country.wikidata])
        sink.add(node, CD.decision, SCHEME["decision/accepted"])
        sink.add(node, CD.method, SCHEME["link-method/country-code"])
        sink.add(node, CD.confidence, decimal(Decimal(1)))
        for language in LANGUAGES:
            sink.add(node, RDFS.comment, text(_BY_CODE.text(language, code=code), language))
        sink.add(node, PROV.wasGeneratedBy, mint.link_run(run.digest))
    return iter(sink)


def run_statements(links: int, run: Run, mint: Minter) -> Iterator[Statement]:
    """The run, and the linkset of its accepted links with the precision measured on the gold list.

    VoID (W3C, 2011), section 5.
    """
    sink = Sink(mint.graph("links"))
    node, linkset = mint.link_run(run.digest), mint.linkset("wikidata")
    sink.type(node, CD.LinkRun, PROV.Activity)
    sink.add(node, PROV.used, mint.dataset(), URIRef(run.asked) if run.asked else None)
    how = _ASKED if run.asked else _TABLES
    for language in LANGUAGES:
        label = _RUN.text(language, software=run.software, how=how.text(language))
        sink.add(node, RDFS.label, text(label, language))
        sink.add(linkset, DCTERMS.title, text(_LINKSET.text(language), language))
        sink.add(mint.graph("places"), DCTERMS.rights, text(_RIGHTS.text(language), language))
    sink.type(linkset, VOID.Linkset)
    sink.add(linkset, VOID.linkPredicate, SCHEMA.sameAs)
    sink.add(linkset, VOID.subjectsTarget, mint.dataset())
    sink.add(linkset, VOID.objectsTarget, _WIKIDATA_SITE)
    sink.add(linkset, VOID.target, mint.dataset(), _WIKIDATA_SITE)
    sink.add(linkset, VOID.triples, Literal(links))
    sink.add(linkset, PROV.wasGeneratedBy, node)
    _add_precision(sink, linkset)
    return iter(sink)


def _add_precision(sink: Sink, linkset: URIRef) -> None:
    measured = _measured()
    share, floor = (
        measured["right"] / measured["links"],
        wilson(measured["right"], measured["links"]),
    )
    sink.add(linkset, CD.linkPrecision, Literal(f"{share:.6f}", datatype=XSD.decimal))
    sink.add(linkset, CD.linkPrecisionFloor, Literal(f"{floor[0]:.6f}", datatype=XSD.decimal))
    sink.add(linkset, CD.linkPrecisionSample, Literal(measured["links"]))


@cache
def _measured() -> Mapping[str, int]:
    return tomllib.loads(Path(__file__).with_name("measured.toml").read_text("utf-8"))


def _plain(value: str | int | None) -> Literal | None:
    return None if value is None else Literal(str(value))


def _degrees(value: float) -> str:
    """Never in exponent form, which WKT readers differ on; to a metre, as GeoNames has it."""
    return f"{value:.5f}".rstrip("0").rstrip(".")
