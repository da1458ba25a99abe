"""Each shape on its own: one graph that fails for it alone, one that gives an empty report.

    cases/<node shape>/valid.ttl
    cases/<node shape>/invalid.<shape>[.<reason>].ttl
    cases/<node shape>/invalid.<shape>[.<reason>].report.txt     the approved report

A shape with several constraints has several graphs; the last test removes each constraint in turn
and expects one of its graphs to pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyshacl
import pytest
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from coopdec_graph.validation import Finding, Report, Severity, Shapes, validate

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
CDS = "https://w3id.org/coopdec/shapes#"
DOCUMENT = URIRef("https://w3id.org/coopdec/shapes")
VALID = sorted(CASES.glob("*/valid.ttl"))
INVALID = sorted(CASES.glob("*/invalid.*.ttl"))
EXAMPLES = sorted((ROOT / "ontology" / "examples").glob("*.ttl"))
TARGETS = (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)
# A constraint and the parameters that mean nothing without it.
COMPANIONS = {
    SH.closed: [SH.ignoredProperties],
    SH.qualifiedValueShape: [SH.qualifiedMinCount, SH.qualifiedMaxCount],
}
OPTIONAL = {SH.property, SH.ignoredProperties, SH.qualifiedMinCount}
CONSTRAINTS = set(ALL_CONSTRAINT_PARAMETERS) - OPTIONAL


def load_shapes() -> Graph:
    graph = Graph()
    for file in sorted((ROOT / "shapes").glob("*.ttl")):
        graph.parse(file)
    return graph


SHAPES = load_shapes()


def case_name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def shape_of(case: Path) -> str:
    """`invalid.Period-startDate.kind.ttl` is about `Period-startDate`."""
    return case.name.split(".")[1]


def owner_of(shape: URIRef) -> URIRef:
    """The node shape of a property shape; a rule is its own."""
    owner = SHAPES.value(None, SH.property, shape, any=False)
    return owner if isinstance(owner, URIRef) else shape


def checking_shapes() -> Iterator[URIRef]:
    """Every shape that can give a result: property shapes, and node shapes with a constraint."""
    for kind in (SH.PropertyShape, SH.NodeShape):
        for shape in SHAPES.subjects(RDF.type, kind):
            if isinstance(shape, URIRef) and CONSTRAINTS & set(SHAPES.predicates(shape)):
                yield shape


def render(report: Report) -> str:
    return "\n".join(map(render_finding, report.findings))


def render_finding(finding: Finding) -> str:
    lines = (
        f"{finding.severity} cds:{finding.shape.removeprefix(CDS)}",
        f"focus {finding.focus}",
        f"path  {finding.path or '-'}",
        f"fr    {finding.message['fr']}",
        f"en    {finding.message['en']}",
    )
    return "\n".join(lines) + "\n"


def test_every_case_is_collected() -> None:
    approved = list(CASES.glob("*/invalid.*.report.txt"))

    assert (len(VALID), len(INVALID), len(approved)) == (57, 438, 438)
    assert len(list(CASES.rglob("*.*"))) == 57 + 2 * 438


def test_every_shape_has_its_cases_and_every_case_its_shape() -> None:
    expected = {(owner_of(s).removeprefix(CDS), s.removeprefix(CDS)) for s in checking_shapes()}
    classes = {
        s.removeprefix(CDS) for s in map(str, SHAPES.subjects(RDF.type, SH.NodeShape)) if CDS in s
    }

    assert {(case.parent.name, shape_of(case)) for case in INVALID} == expected
    assert {case.parent.name for case in VALID} == classes


@pytest.mark.parametrize("case", [*VALID, *INVALID], ids=case_name)
def test_a_case_begins_by_saying_what_it_shows(case: Path) -> None:
    first = case.read_text("utf-8").partition("\n")[0]
    openings = ("# Right: ",) if case in VALID else ("# Wrong: ", "# Doubtful: ", "# To know: ")

    assert first.startswith(openings)
    assert first.endswith(".")


@pytest.mark.parametrize("case", VALID, ids=case_name)
def test_a_valid_graph_gives_an_empty_report(case: Path, shapes: Shapes, vocabulary: Graph) -> None:
    assert validate(Graph().parse(case), shapes, vocabulary) == Report()


@pytest.mark.parametrize("case", INVALID, ids=case_name)
def test_an_invalid_graph_fails_for_its_shape_alone(
    case: Path, shapes: Shapes, vocabulary: Graph
) -> None:
    report = validate(Graph().parse(case), shapes, vocabulary)

    assert [finding.shape for finding in report.findings] == [CDS + shape_of(case)]
    assert render(report) == case.with_suffix(".report.txt").read_text("utf-8")


def test_the_examples_of_the_ontology_are_found() -> None:
    assert len(EXAMPLES) >= 10


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_an_example_of_the_ontology_conforms(
    example: Path, shapes: Shapes, vocabulary: Graph, lists: Graph
) -> None:
    report = validate(Graph().parse(example), shapes, vocabulary + lists)

    assert report.by_severity(Severity.VIOLATION) == ()


def test_the_published_schemes_have_nothing_to_report(
    shapes: Shapes, vocabulary: Graph, lists: Graph
) -> None:
    assert validate(vocabulary + lists, shapes, Graph()) == Report()


# ---- No constraint is inert ------------------------------------------------------------------


def closure(node: Node) -> Iterator[tuple[Node, Node, Node]]:
    """The facts of a node, and of the blank nodes they lead to."""
    for predicate, value in SHAPES.predicate_objects(node):
        if predicate == SH.property and isinstance(value, URIRef):
            continue
        yield node, predicate, value
        if not isinstance(value, URIRef):
            yield from closure(value)


def alone(shape: URIRef) -> Graph:
    """One shape, its target and the prefixes: nothing else can give a result."""
    graph = Graph()
    owner = owner_of(shape)
    graph += closure(shape)
    graph += (t for t in SHAPES.triples((owner, None, None)) if t[1] in TARGETS)
    graph += closure(DOCUMENT)
    if owner != shape:
        graph.add((owner, SH.property, shape))
    return graph


def constraints() -> Iterator[tuple[URIRef, Node, Node]]:
    for shape in sorted(checking_shapes()):
        for predicate, value in sorted(SHAPES.predicate_objects(shape)):
            if predicate in CONSTRAINTS:
                yield shape, predicate, value


def constraint_name(part: object) -> str:
    return str(part).rpartition("#")[2] if isinstance(part, URIRef) else ""


@pytest.mark.parametrize(("shape", "predicate", "value"), list(constraints()), ids=constraint_name)
def test_no_constraint_is_inert(
    shape: URIRef, predicate: URIRef, value: Node, vocabulary: Graph
) -> None:
    without = alone(shape)
    without.remove((shape, predicate, value))
    for companion in COMPANIONS.get(predicate, []):
        without.remove((shape, companion, None))

    cases = [case for case in INVALID if shape_of(case) == shape.removeprefix(CDS)]
    passing = [case for case in cases if conforms(case, without, vocabulary)]

    assert not any(conforms(case, alone(shape), vocabulary) for case in cases)
    assert passing, f"no graph of {shape} depends on {predicate} {value}"


def conforms(case: Path, shapes: Graph, vocabulary: Graph) -> bool:
    data = Graph().parse(case)
    data += (triple for triple in vocabulary if triple[1] != RDF.type)
    return bool(pyshacl.validate(data, shacl_graph=shapes)[0])
