"""The validator and its report: what it reads, what it never says, what it does when it fails."""

from __future__ import annotations

import json
import random
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyshacl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import FOAF, RDF, SH
from rdflib.term import Node

from coopdec_graph import validation
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.validation import (
    Finding,
    Report,
    Severity,
    Shapes,
    ValidationEngineError,
    validate,
)
from coopdec_graph.validation.shacl import TEXT_RULE

ROOT = Path(__file__).parents[2]
CDS = "https://w3id.org/coopdec/shapes#"
PREFIXES = """
    @base <https://w3id.org/coopdec/id/> .
    @prefix cd: <https://w3id.org/coopdec/def#> .
    @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    @prefix status: <https://w3id.org/coopdec/scheme/status/> .
    @prefix xkos: <http://rdf-vocabulary.ddialliance.org/xkos#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
TWO_FAULTS = """
    <organisation/b> a <http://www.w3.org/ns/org#Organization> .
    <organisation/a> a <http://www.w3.org/ns/org#Organization> .
    <secondary-theme/a/1> a cd:SecondaryTheme ; cd:theme status:termine , status:en-cours .
    <collectivity/ma/a> a cd:ForeignCollectivity ; rdfs:label "A"@fr .
"""
PRIVACY = Graph().parse(ROOT / "shapes" / "privacy.ttl")


def graph_of(turtle: str) -> Graph:
    return Graph().parse(data=PREFIXES + turtle)


def names(report: Report) -> list[str]:
    return [finding.shape.removeprefix(CDS) for finding in report.findings]


# ---- What is read ----------------------------------------------------------------------------


def test_the_graphs_given_are_left_as_they_were(shapes: Shapes, vocabulary: Graph) -> None:
    data = graph_of(TWO_FAULTS)
    before = [(set(g), sorted(g.namespaces())) for g in (data, vocabulary, shapes.graph)]

    validate(data, shapes, vocabulary)

    assert [(set(g), sorted(g.namespaces())) for g in (data, vocabulary, shapes.graph)] == before


def test_a_fault_of_the_vocabulary_is_not_a_fault_of_the_data(shapes: Shapes) -> None:
    vocabulary = graph_of("status:odd a skos:Concept ; skos:broader status:odd .")
    data = graph_of("<partnership/a> cd:declaredStatus status:odd .")

    assert validate(data, shapes, vocabulary) == Report()
    assert "AcyclicBroaderShape" in names(validate(vocabulary, shapes, Graph()))


def test_a_concept_of_the_data_is_judged_with_those_above_it(
    shapes: Shapes, vocabulary: Graph
) -> None:
    scheme = "https://w3id.org/coopdec/scheme/theme"
    child = graph_of(f"""
        <a> a skos:Concept ; skos:prefLabel "A"@fr , "A"@en ; skos:inScheme <{scheme}> ;
            skos:broader <{scheme}/eau-et-dechets> ; xkos:depth 2 .
    """)

    assert names(validate(child, shapes, vocabulary)) == ["ChildDepthShape"]
    assert names(validate(child, shapes, Graph())) == []


def test_a_loop_of_two_concepts_is_reported_on_both(shapes: Shapes) -> None:
    loop = graph_of("""
        <a> a skos:Concept ; skos:broader <b> . <b> a skos:Concept ; skos:broader <a> .
    """)

    assert names(validate(loop, shapes, Graph())).count("AcyclicBroaderShape") == 2


def test_nothing_is_fetched(
    shapes: Shapes, vocabulary: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    imports = "<https://example.invalid/o> <http://www.w3.org/2002/07/owl#imports> <x> ."

    assert validate(graph_of(imports), shapes, vocabulary) == Report()


# ---- What a report says ----------------------------------------------------------------------


def test_a_report_depends_on_the_facts_alone(shapes: Shapes, vocabulary: Graph) -> None:
    facts = list(graph_of(TWO_FAULTS))
    reports = set()
    for seed in range(3):
        random.Random(seed).shuffle(facts)
        shuffled = Graph()
        shuffled += facts
        reports.add(json.dumps(validate(shuffled, shapes, vocabulary).to_dict()))

    assert len(reports) == 1


def test_a_report_is_sorted_with_the_most_serious_first(shapes: Shapes, vocabulary: Graph) -> None:
    report = validate(graph_of(TWO_FAULTS), shapes, vocabulary)

    assert [
        (f.severity, f.shape.removeprefix(CDS), f.focus.split("/id/")[1]) for f in report.findings
    ] == [
        (Severity.VIOLATION, "Organization-label", "organisation/a"),
        (Severity.VIOLATION, "Organization-label", "organisation/b"),
        # One finding for the number of values, one for each that is of another scheme.
        (Severity.VIOLATION, "SecondaryTheme-theme", "secondary-theme/a/1"),
        (Severity.VIOLATION, "SecondaryTheme-theme", "secondary-theme/a/1"),
        (Severity.VIOLATION, "SecondaryTheme-theme", "secondary-theme/a/1"),
        (Severity.WARNING, "ForeignCollectivity-countryGiven", "collectivity/ma/a"),
    ]
    assert [finding.value for finding in report.findings[2:5]] == [
        None,
        "https://w3id.org/coopdec/scheme/status/en-cours",
        "https://w3id.org/coopdec/scheme/status/termine",
    ]


def test_warnings_and_infos_do_not_keep_a_record_out(shapes: Shapes, vocabulary: Graph) -> None:
    doubtful = graph_of('<a> a cd:ForeignCollectivity ; rdfs:label "A"@fr .')
    wrong = graph_of("<a> a cd:DiplomaticPost .")

    report = validate(doubtful, shapes, vocabulary)

    assert report.conforms
    assert report.by_severity(Severity.WARNING) == report.findings
    assert not validate(wrong, shapes, vocabulary).conforms


def test_a_report_for_machines(shapes: Shapes, vocabulary: Graph) -> None:
    report = validate(graph_of("<a> a cd:DiplomaticPost ."), shapes, vocabulary)

    assert json.loads(json.dumps(report.to_dict())) == {
        "conforms": False,
        "findings": [
            {
                "severity": "violation",
                "shape": CDS + "DiplomaticPost-label",
                "focus": "https://w3id.org/coopdec/id/a",
                "path": "http://www.w3.org/2000/01/rdf-schema#label",
                "component": "http://www.w3.org/ns/shacl#MinCountConstraintComponent",
                "name": {"en": "Name", "fr": "Nom"},
                "message": {
                    "en": "The diplomatic post must have a name.",
                    "fr": "Le poste diplomatique doit avoir un nom.",
                },
            }
        ],
    }


def test_the_same_finding_is_given_once(shapes: Shapes, vocabulary: Graph) -> None:
    # "x" is neither a decimal nor a number above zero: two constraints of one shape.
    line = graph_of('<a> a cd:OnePercentLevy ; cd:columnRank 1 ; cd:amount "x" .')

    report = validate(line, shapes, vocabulary)

    assert names(report) == ["OnePercentLevy-amount"]
    assert report == Report.of([*report.findings, *report.findings])


def test_a_blank_node_is_reported_without_its_passing_name(
    shapes: Shapes, vocabulary: Graph
) -> None:
    report = validate(graph_of("[] a cd:DiplomaticPost ."), shapes, vocabulary)

    assert [finding.focus for finding in report.findings] == ["[]"]


# ---- What a report never says ----------------------------------------------------------------

SECRET = "Camille-PERSONNE"
MAILBOX = "camille.personne@exemple.invalid"
SECRET_LITERAL = f"{SECRET}, {MAILBOX}"


def private_targets() -> list[tuple[str, Node, Node]]:
    return sorted(
        (str(shape), predicate, target)
        for predicate in (SH.targetClass, SH.targetSubjectsOf)
        for shape, target in PRIVACY.subject_objects(predicate)
    )


@pytest.mark.parametrize(
    ("shape", "predicate", "target"), private_targets(), ids=lambda part: str(part).split("/")[-1]
)
def test_every_private_class_and_property_is_refused_without_being_quoted(
    shape: str, predicate: Node, target: URIRef, shapes: Shapes, vocabulary: Graph
) -> None:
    data = Graph()
    holder = URIRef("https://w3id.org/coopdec/id/contact/1")
    if predicate == SH.targetClass:
        data.add((holder, RDF.type, target))
    else:
        data.add((holder, target, Literal(SECRET)))

    report = validate(data, shapes, vocabulary)

    assert [(f.shape, f.focus, f.value) for f in report.findings] == [(shape, str(holder), None)]
    assert SECRET not in json.dumps(report.to_dict())


def test_the_number_of_private_classes_and_properties_is_the_one_expected() -> None:
    assert len(private_targets()) == 32


MAILBOXES = [
    MAILBOX,
    "camille[at]exemple.invalid",
    "camille(at)exemple.invalid",
    "camille [AT] exemple.invalid",
    "camille{at}exemple.invalid",
    "camille ( arobase ) exemple.invalid",
    "Écrire à camille＠exemple.invalid.",
    "camille+ville@exemple",
    "camille@163.invalid",
    "camille@192.0.2.1",
]


@pytest.mark.parametrize("text", MAILBOXES)
@pytest.mark.parametrize("language", ["fr", None])
def test_a_mailbox_in_any_text_is_refused_without_being_quoted(
    text: str, language: str | None, shapes: Shapes, vocabulary: Graph
) -> None:
    data = Graph()
    holder, path = URIRef("urn:x:holder"), URIRef("urn:x:path")
    data.add((holder, path, Literal(text, lang=language)))

    report = validate(data, shapes, vocabulary)

    assert [(f.focus, f.path, f.value) for f in report.findings] == [(str(holder), str(path), None)]
    assert names(report) == ["NoMailboxInTextShape"]
    assert "camille" not in json.dumps(report.to_dict())


@pytest.mark.parametrize("text", MAILBOXES)
def test_what_the_shapes_refuse_in_a_text_is_what_readers_remove(text: str) -> None:
    assert any(find_mailboxes(text))


@pytest.mark.parametrize(
    "text",
    ["suivez @Ville", "@Ville", "10 @ 5", "20h@21h", "prix@3.50", "voir [at] page 3"]
    + ["atelier (at noon)", "a@"],
)
def test_an_at_sign_alone_is_harmless(text: str, shapes: Shapes, vocabulary: Graph) -> None:
    data = Graph().add((URIRef("urn:x:holder"), URIRef("urn:x:path"), Literal(text, lang="fr")))

    assert validate(data, shapes, vocabulary) == Report()


def test_other_shapes_do_not_quote_what_privacy_forbids(shapes: Shapes, vocabulary: Graph) -> None:
    data = graph_of(f"""
        <funding/a> a cd:FundingLine ; foaf:name "{SECRET}" ; rdfs:comment "{MAILBOX}" .
        <collectivity/fr/a> a cd:FrenchCollectivity ; cd:siren "{SECRET_LITERAL}" .
    """)

    report = validate(data, shapes, vocabulary)

    assert {"FundingLineShape", "FrenchCollectivity-siren"} <= set(names(report))
    assert {str(FOAF.name)} <= {finding.path for finding in report.findings}
    assert SECRET not in json.dumps(report.to_dict())
    assert MAILBOX not in json.dumps(report.to_dict())


def test_a_mailbox_as_a_node_is_not_quoted(shapes: Shapes, vocabulary: Graph) -> None:
    report = validate(graph_of(f"<mailto:{MAILBOX}> a foaf:Person ."), shapes, vocabulary)

    assert names(report) == ["NoPersonShape"]
    assert "camille" not in json.dumps(report.to_dict())


# ---- When it fails ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield Path(shutil.copytree(ROOT / "shapes", tmp_path / "shapes"))


RULE = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <urn:x:Rule> a sh:NodeShape ; sh:targetClass <urn:x:Class> ; %s
        sh:name "n"@fr , "n"@en ; sh:message "m"@fr , "m"@en ; sh:severity sh:Info .
"""


def test_a_privacy_shape_added_later_does_not_quote_either(folder: Path, vocabulary: Graph) -> None:
    rule = RULE.replace("sh:NodeShape", "sh:PropertyShape ; sh:path <urn:x:path>")
    with (folder / "privacy.ttl").open("a", encoding="utf-8") as privacy:
        privacy.write(rule % 'sh:pattern "^[0-9]+$" ;')
    data = graph_of(f'<a> a <urn:x:Class> ; <urn:x:path> "{SECRET}" .')

    report = validate(data, Shapes.load(folder), vocabulary)

    assert [(f.shape, f.value) for f in report.findings] == [("urn:x:Rule", None)]
    assert SECRET not in json.dumps(report.to_dict())


@pytest.mark.parametrize(
    "wrong",
    [
        "not turtle",
        RULE.replace('"n"@en', '"n"@de') % "",
        RULE.replace('sh:message "m"@fr , "m"@en ;', "") % "",
        RULE.replace("sh:Info", "<urn:x:Odd>") % "",
        RULE.replace("sh:severity sh:Info", 'sh:description "d"') % "",
    ],
)
def test_shapes_that_cannot_be_used_are_refused(wrong: str, folder: Path) -> None:
    (folder / "wrong.ttl").write_text(wrong, "utf-8")

    with pytest.raises(ValidationEngineError, match="unusable shapes"):
        Shapes.load(folder)


def test_a_folder_without_the_privacy_shapes_is_refused(folder: Path) -> None:
    (folder / "privacy.ttl").unlink()

    with pytest.raises(ValidationEngineError, match="unusable shapes"):
        Shapes.load(folder)


@pytest.mark.parametrize(
    "select",
    [
        "SELECT $this WHERE { SERVICE <https://example.invalid/> { $this ?p ?o } }",
        "SELECT $this WHERE { $this ?p",
    ],
)
def test_a_failure_of_the_engine_quotes_nothing(
    select: str, folder: Path, vocabulary: Graph
) -> None:
    (folder / "rule.ttl").write_text(RULE % f'sh:sparql [ sh:select "{select}" ] ;', "utf-8")
    data = graph_of(f'<a> a <urn:x:Class> ; rdfs:label "{SECRET}" .')

    with pytest.raises(ValidationEngineError, match="pySHACL failed") as caught:
        validate(data, Shapes.load(folder), vocabulary)

    assert SECRET not in str(caught.value)


def test_every_public_name_is_exported() -> None:
    public = {
        name
        for name, value in vars(validation).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    }

    assert set(validation.__all__) == public
    assert Finding.__doc__ and Severity.__doc__


# ---- The rule that is left out where no text can break it ------------------------------------

MARKS = st.sampled_from(
    ["@", "＠", "﹫", "[at]", "(AT)", "{ arobase }", "<at >", " at ", "at", "["]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.lists(st.one_of(MARKS, st.text("ab é-.", max_size=3)), max_size=6).map("".join))
def test_every_text_that_the_rule_refuses_is_looked_at(text: str, shapes: Shapes) -> None:
    """What the SPARQL of the shape finds is never among the texts for which it is left out."""
    data = Graph().add((URIRef("urn:x:holder"), URIRef("urn:x:path"), Literal(text)))
    conforms, _, _ = pyshacl.validate(data, shacl_graph=alone(TEXT_RULE, shapes.graph))

    assert conforms == (validate(data, shapes, Graph()) == Report())


def alone(shape: URIRef, graph: Graph) -> Graph:
    """One rule, with the prefixes of its query."""
    kept = Graph()
    for node in (shape, URIRef("https://w3id.org/coopdec/shapes")):
        kept += graph.cbd(node)
    return kept
