"""The shapes of DCAT-AP: a whole record conforms, and each constraint has a record that fails for it alone.

The whole record has every property that a shape speaks of; a bad one differs from it in what one
constraint of one shape asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from rdflib import DCTERMS, OWL, RDF, SH, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from coopdec_graph.validation import Shapes, validate
from tests.pipeline.commands import ROOT, coopdec
from tests.shapes.test_shapes import (
    advanced_features,
    named_shapes,
    shapes_without_constraint,
    shapes_without_target,
    unknown_terms,
    untold_shapes,
)

FOLDER = ROOT / "shapes" / "dcat-ap"
DOCUMENT = URIRef("https://w3id.org/coopdec/shapes/dcat-ap")
DA = Namespace("https://w3id.org/coopdec/shapes/dcat-ap#")
EX = Namespace("http://example.org/")
EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
SHAPES = Shapes.load(FOLDER, private=False)
CHECKS = set(ALL_CONSTRAINT_PARAMETERS) - {SH.property, SH.ignoredProperties}

# What the specification makes mandatory (its tables, "Mandatory").
MANDATORY = {
    *("Agent-name", "Catalog-description", "Catalog-publisher", "Catalog-title"),
    *("CatalogRecord-modified", "CatalogRecord-primaryTopic", "Checksum-algorithm"),
    *("Checksum-checksumValue", "Concept-prefLabel", "ConceptScheme-title"),
    *("DataService-endpointURL", "DataService-title", "Dataset-description", "Dataset-title"),
    "Distribution-accessURL",
}
# Two values of each table that a property takes its values from.
TABLES = {
    "Catalog-language-table": (f"{EU}language/FRA", f"{EU}language/ENG"),
    "Catalog-spatial-table": (f"{EU}country/FRA", "https://sws.geonames.org/2988507/"),
    "Dataset-theme-table": (f"{EU}data-theme/INTR", f"{EU}data-theme/REGI"),
    "Dataset-accessRights-table": (f"{EU}access-right/PUBLIC", f"{EU}access-right/NON_PUBLIC"),
    "Dataset-accrualPeriodicity-table": (f"{EU}frequency/ANNUAL", f"{EU}frequency/MONTHLY_2"),
    "Dataset-language-table": (f"{EU}language/DEU", f"{EU}language/OP_DATPRO"),
    "Dataset-spatial-table": (f"{EU}country/MAR", f"{EU}place/FRA_PAR"),
    "Distribution-availability-table": (
        f"{EU}planned-availability/STABLE",
        f"{EU}planned-availability/TEMPORARY",
    ),
    "Distribution-format-table": (f"{EU}file-type/CSV", f"{EU}file-type/RDF_N_QUADS"),
    "Distribution-language-table": (f"{EU}language/SPA", f"{EU}language/ITA"),
    "Distribution-mediaType-table": (f"{IANA}text/csv", f"{IANA}application/n-quads"),
    "Distribution-compressFormat-table": (f"{IANA}application/gzip", f"{IANA}application/zstd"),
    "Distribution-packageFormat-table": (f"{IANA}application/zip", f"{IANA}application/x-tar"),
    "Distribution-status-table": (
        f"{EU}distribution-status/COMPLETED",
        f"{EU}distribution-status/DEVELOP",
    ),
    "DataService-accessRights-table": (
        f"{EU}access-right/RESTRICTED",
        f"{EU}access-right/CONFIDENTIAL",
    ),
    "Agent-type-table": (
        "http://purl.org/adms/publishertype/NationalAuthority",
        "http://purl.org/adms/publishertype/LocalAuthority",
    ),
    "LicenseDocument-type-table": (
        "http://purl.org/adms/licencetype/Attribution",
        "http://purl.org/adms/licencetype/PublicDomain",
    ),
}
VALUES = {
    XSD.duration: ("P1D", "P1Y"),
    XSD.decimal: ("1.5", "2.5"),
    XSD.nonNegativeInteger: ("10", "11"),
    XSD.hexBinary: ("0A", "0B"),
}


def name_of(shape: Node) -> str:
    return str(shape).removeprefix(str(DA))


def asked(shape: Node, predicate: URIRef) -> Node | None:
    return SHAPES.graph.value(shape, predicate)


def properties() -> list[URIRef]:
    return sorted(named_shapes(SHAPES.graph, SH.PropertyShape))


def owner_of(shape: Node) -> Node:
    owner = SHAPES.graph.value(None, SH.property, shape)
    assert owner is not None, shape
    return owner


class Record:
    """A record with a thing of each class, which has every property, right."""

    def __init__(self) -> None:
        self.graph = Graph()
        self._numbers = count(1)
        for shape in properties():
            if not name_of(shape).endswith("-table"):
                self.fill(self.focus(shape), shape)

    def focus(self, shape: Node) -> URIRef:
        owner = owner_of(shape)
        node = EX[name_of(owner)]
        self.graph.add((node, RDF.type, asked(owner, SH.targetClass)))
        return node

    def fill(self, node: URIRef, shape: Node, which: int = 0) -> Node:
        value = self.value(shape, which)
        self.graph.add((node, asked(shape, SH.path), value))
        return value

    def value(self, shape: Node, which: int = 0) -> Node:
        """A right value of a property: the first, or another one."""
        datatype, kind = asked(shape, SH.datatype), asked(shape, SH["class"])
        if datatype is not None:
            return Literal(VALUES[datatype][which], datatype=datatype)
        if asked(shape, SH["or"]) is not None:
            return Literal(("2026-01-01", "2026-01-02")[which], datatype=XSD.date)
        if asked(shape, SH.nodeKind) == SH.Literal:
            return Literal(("un texte", "un autre")[which], lang="fr")
        table = TABLES.get(f"{name_of(shape)}-table")
        node = URIRef(table[which]) if table else EX[f"thing{next(self._numbers)}"]
        if kind is not None:
            self.describe(node, kind)
        return node

    def describe(self, node: URIRef, kind: Node) -> None:
        """A node of a class, with what its own shape makes mandatory."""
        self.graph.add((node, RDF.type, kind))
        owner = SHAPES.graph.value(None, SH.targetClass, kind)
        for shape in SHAPES.graph.objects(owner, SH.property) if owner else ():
            if asked(shape, SH.minCount) is not None:
                self.fill(node, shape)

    def spoil(self, shape: Node, constraint: URIRef) -> URIRef:
        """Breaks one constraint; gives the node that is at fault."""
        focus, path = self.focus(shape), asked(shape, SH.path)
        if constraint == SH.maxCount:
            self.fill(focus, shape, 1)
            return focus
        self.graph.remove((focus, path, None))
        if constraint != SH.minCount:
            self.graph.add((focus, path, self.wrong(shape, constraint)))
        return focus

    def wrong(self, shape: Node, constraint: URIRef) -> Node:
        name = name_of(shape)
        if name.endswith("-table"):
            # Of the right class, but of no table.
            node = EX.outside
            self.describe(node, asked(DA[name.removesuffix("-table")], SH["class"]))
            return node
        if constraint == SH["class"]:
            table = TABLES.get(f"{name}-table")
            # In the right table, but of no class.
            return URIRef(table[1]) if table else EX.untyped
        if constraint == SH.nodeKind and asked(shape, SH.nodeKind) == SH.Literal:
            return EX.noText
        return Literal("un texte")


def cases() -> Iterator[tuple[str, URIRef]]:
    for shape in properties():
        for constraint in sorted(set(SHAPES.graph.predicates(shape)) & CHECKS):
            yield name_of(shape), constraint


CASES = list(cases())


def test_there_is_one_file_and_every_shape_in_it() -> None:
    assert [path.name for path in FOLDER.iterdir()] == ["dcat-ap.ttl"]
    assert len(named_shapes(SHAPES.graph, SH.NodeShape)) == 11
    assert len(properties()) == 130
    assert len(CASES) == 185
    assert {name for name in map(name_of, properties()) if name.endswith("-table")} == set(TABLES)


def test_what_is_mandatory() -> None:
    found = {name_of(shape) for shape in SHAPES.graph.subjects(SH.minCount)}
    assert found == MANDATORY


@pytest.mark.parametrize(
    "rule",
    [
        advanced_features,
        shapes_without_constraint,
        shapes_without_target,
        unknown_terms,
        untold_shapes,
    ],
    ids=lambda rule: rule.__name__,
)
def test_the_shapes_have_no_fault(rule) -> None:
    # rdflib knows the second version of DCAT: what the third added is not in its list.
    known = {f"http://www.w3.org/ns/dcat#{name} does not exist" for name in ADDED_BY_DCAT_3}
    assert set(rule(SHAPES.graph)) - known == set()


ADDED_BY_DCAT_3 = ("DatasetSeries", "hasVersion", "inSeries", "version")


def test_the_document_says_what_it_is() -> None:
    assert (DOCUMENT, RDF.type, OWL.Ontology) in SHAPES.graph
    assert {t.language for t in SHAPES.graph.objects(DOCUMENT, DCTERMS.title)} == {"fr", "en"}


def test_each_property_belongs_to_one_class() -> None:
    for shape in properties():
        (owner,) = SHAPES.graph.subjects(SH.property, shape)
        assert name_of(shape).startswith(name_of(owner).removesuffix("Shape") + "-")


def test_the_whole_record_conforms() -> None:
    record = Record()
    assert validate(record.graph, SHAPES, Graph()).findings == ()
    assert len(record.graph) > 200


@pytest.mark.parametrize(("name", "constraint"), CASES)
def test_each_constraint_fires_alone(name: str, constraint: URIRef) -> None:
    record = Record()
    focus = record.spoil(DA[name], constraint)
    (finding,) = validate(record.graph, SHAPES, Graph()).findings
    assert (finding.shape, finding.focus) == (str(DA[name]), str(focus))


def test_the_command(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    Record().graph.serialize(good, "turtle")
    record = Record()
    record.spoil(DA["Dataset-title"], SH.minCount)
    record.graph.serialize(bad, "turtle")
    done = coopdec("validate", "--profile", "dcat-ap", good, bad, "--json")
    first, second = json.loads(done.stdout)
    assert done.returncode == 1
    assert (first["conforms"], first["findings"]) == (True, [])
    assert [finding["shape"] for finding in second["findings"]] == [str(DA["Dataset-title"])]
    assert str(DA) not in coopdec("validate", bad, "--json").stdout
    unknown = coopdec("validate", "--profile", "dcat", good)
    assert unknown.returncode == 2
    assert "« dcat » n'est pas un profil. Profils : coopdec, dcat-ap." in unknown.stderr


def test_the_records_of_a_release_do_not_meet_them() -> None:
    """`Shapes.load` reads the files of a folder, not those of the folders in it."""
    assert not [name for name in Shapes.load(ROOT / "shapes").texts if name.startswith(str(DA))]
