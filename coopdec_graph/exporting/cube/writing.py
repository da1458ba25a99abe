"""The file: the data set, its structure and its observations, in Turtle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.exporting.base import Job, Outcome
from coopdec_graph.exporting.cube.cells import Cell, Sum, Sums, added_up
from coopdec_graph.exporting.cube.structure import (
    PREFIXES_OF_CUBES,
    iri,
    structure,
    text,
    triple,
)
from coopdec_graph.exporting.rdf import serialize
from coopdec_graph.exporting.reading import Reader
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import CURRENCY_EUR, Minter

__all__ = ["PROGRAMME", "write"]

PROGRAMME = "atlas"

_ADDING = Bilingual("Addition des lignes", "Adding up lines")
_TITLE = (
    "Financements annoncés de la coopération décentralisée",
    "Announced funding of decentralised cooperation",
)
_COMMENT = (
    "Sommes que les fiches annoncent ; rien ne dit qu'elles furent versées. Chaque ligne compte une"
    " fois : un partenariat avec plusieurs pays est sous « plusieurs pays ».",
    "Sums that records announce; nothing says that they were paid. Each line counts once: a"
    " partnership with several countries is under “several countries”.",
)


def write(job: Job, path: Path) -> Outcome:
    """Writes RDF 1.1 Turtle."""
    reader, mint = Reader(job.store), Minter(str(job.release.manifest()["base"]))
    activities = job.track(job.activities, _ADDING, len(job.activities))
    sums = added_up(activities, reader)
    serialize(_statements(sums, mint, reader), path, ox.RdfFormat.TURTLE, PREFIXES_OF_CUBES)
    return Outcome(len(job.activities))


def _statements(sums: Sums, mint: Minter, reader: Reader) -> Iterator[ox.Triple]:
    yield from _data_set(sums, mint, reader)
    yield from structure(mint, reader, _codes(sums))
    for cell, sum in sums.cells.items():
        yield from _observation(cell, sum, mint)


def _data_set(sums: Sums, mint: Minter, reader: Reader) -> Iterator[ox.Triple]:
    node, whole = mint.cube(), reader.thing(mint.dataset())
    yield triple(node, "rdf:type", iri("qb:DataSet"))
    yield triple(node, "qb:structure", ox.NamedNode(mint.cube("structure")))
    for property, said in (
        ("rdfs:label", _TITLE),
        ("dct:title", _TITLE),
        ("rdfs:comment", _COMMENT),
    ):
        for one in text(*said):
            yield triple(node, property, one)
    for property in ("dct:license", "dct:publisher", "dct:rights"):
        for value in whole.all(property):
            if not isinstance(value, ox.BlankNode):
                yield triple(node, property, value)
    yield triple(node, "cd:unreadLineCount", _number(sums.unread))


def _codes(sums: Sums) -> dict[str, list[str]]:
    """What stands in each code list: the values that observations have."""
    return {
        "financer-types": sorted({cell.financer_type for cell in sums.cells}),
        "countries": sorted({cell.country for cell in sums.cells}),
        "themes": sorted({cell.theme for cell in sums.cells}),
    }


def _observation(cell: Cell, sum: Sum, mint: Minter) -> Iterator[ox.Triple]:
    parts = (_end(cell.financer_type), f"{cell.year:04}", _end(cell.country))
    node = mint.cube(*parts, cell.theme.partition("/scheme/")[2].partition("/")[2])
    yield triple(node, "rdf:type", iri("qb:Observation"))
    yield triple(node, "qb:dataSet", ox.NamedNode(mint.cube()))
    yield triple(node, "cd:financerType", ox.NamedNode(cell.financer_type))
    yield triple(node, "cd:year", ox.Literal(f"{cell.year:04}", datatype=iri("xsd:gYear")))
    yield triple(node, "cd:partnerCountry", ox.NamedNode(cell.country))
    yield triple(node, "cd:mainTheme", ox.NamedNode(cell.theme))
    euros = ox.Literal(f"{sum.euros:f}", datatype=iri("xsd:decimal"))
    yield triple(node, "cd:announcedTotal", euros)
    yield triple(node, "cd:lineCount", _number(sum.lines))
    if sum.unread:
        yield triple(node, "cd:unreadLineCount", _number(sum.unread))
    yield triple(node, "cd:currency", ox.NamedNode(CURRENCY_EUR))


def _end(value: str) -> str:
    return value.rpartition("/")[2]


def _number(value: int) -> ox.Literal:
    return ox.Literal(str(value), datatype=iri("xsd:integer"))
