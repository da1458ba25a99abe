"""The ontology as published: parses, declares what is used, bilingual, reuses terms that exist.

Each rule is a function that returns faults as sentences; a clean file gives none. The last test
plants one fault per rule and expects it to be reported, so that no rule can fall asleep.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SKOS,
    VANN,
    XSD,
    DefinedNamespace,
)

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "ontology"
FILES = sorted(FOLDER.rglob("*.ttl"))
CORE = FOLDER / "coopdec.ttl"
EXAMPLES = sorted((FOLDER / "examples").glob("*.ttl"))
ALIGNMENTS = sorted((FOLDER / "alignments").glob("*.ttl"))

ONTOLOGY = URIRef("https://w3id.org/coopdec/def")
CD = Namespace("https://w3id.org/coopdec/def#")
SCHEME = "https://w3id.org/coopdec/scheme/"
THEMES = URIRef(SCHEME + "theme")
XKOS = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FUNCTION = SD.Function
LANGUAGES = ["en", "fr"]

# Vocabularies whose terms rdflib knows…
KNOWN_NAMESPACES: tuple[type[DefinedNamespace], ...] = (
    DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SDO, SKOS, VANN, XSD,
)  # fmt: skip
# … and those it does not: each term was seen in its vocabulary, or in queries of its publisher.
KNOWN_TERMS = {
    "http://data.europa.eu/m8g/": {"ContactPoint", "PublicOrganisation", "contactPoint"},
    "http://data.europa.eu/s66#": {
        "Project", "abstract", "addressCountry", "endDate", "hasFundingAmount",
        "hasFundingSchemeProgramme", "isFundedBy", "projectStatus", "startDate", "value",
    },
    "http://rdfs.org/ns/void#": {"Linkset", "linkPredicate", "target", "triples"},
    "http://rdf.insee.fr/def/geo#": {"Commune", "Departement", "codeINSEE"},
    "http://www.opengis.net/ont/geosparql#": {
        "Feature", "Geometry", "asWKT", "hasGeometry", "wktLiteral",
    },
    "http://www.opengis.net/ont/sf#": {"Point"},
    "http://www.w3.org/ns/adms#": {"identifier"},
    "https://linkedopendata.eu/entity/": {"Q9934"},
    "https://linkedopendata.eu/prop/direct/": {
        "P20", "P32", "P33", "P474", "P836", "P838", "P888",
    },
    "https://w3id.org/dingo#": {"GrantShare", "Project", "disbursed_by"},
    str(SD): {
        "Function", "SPARQL11Query", "Service", "UnionDefaultGraph", "endpoint",
        "extensionFunction", "feature", "supportedLanguage",
    },
    str(XKOS): {"depth"},
}  # fmt: skip
# IRIs that name things, not terms.
OTHER_IRIS = (
    "https://w3id.org/coopdec/",
    "http://publications.europa.eu/resource/authority/country/",
    "http://publications.europa.eu/resource/authority/currency/EUR",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "http://www.wikidata.org/",
    "https://pastel.diplomatie.gouv.fr/cncdext/dyn/public/atlas/detailProjet.html?criteres.prjId=",
)


@cache
def load(*paths: Path) -> Graph:
    graph = Graph(bind_namespaces="none")
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


def core() -> Graph:
    return load(CORE)


def concepts() -> Graph:
    return load(FOLDER / "schemes.ttl", FOLDER / "themes.ttl")


def everything() -> Graph:
    return load(*FILES)


def languages(graph: Graph, subject: URIRef, predicate: URIRef) -> list[str | None]:
    values = graph.objects(subject, predicate)
    return sorted(str(value.language) for value in values if isinstance(value, Literal))


def declared(graph: Graph) -> set[URIRef]:
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, FUNCTION)
    return {term for kind in kinds for term in graph.subjects(RDF.type, kind)}


# ---- rules of the ontology ---------------------------------------------------------------------


def header_faults(graph: Graph) -> list[str]:
    number = graph.value(ONTOLOGY, OWL.versionInfo)
    wanted = {
        OWL.versionInfo: [number] if number else ["a version number"],
        OWL.versionIRI: [URIRef(f"{ONTOLOGY}/{number}")],
        VANN.preferredNamespacePrefix: [Literal("cd")],
        VANN.preferredNamespaceUri: [Literal(str(CD))],
        DCTERMS.license: [URIRef("https://creativecommons.org/licenses/by/4.0/")],
        DCTERMS.creator: [Literal("coopdec-graph contributors")],
    }
    faults = [
        f"header: {predicate} should be {values}"
        for predicate, values in wanted.items()
        if list(graph.objects(ONTOLOGY, predicate)) != values
    ]
    for predicate in (DCTERMS.title, DCTERMS.description):
        if languages(graph, ONTOLOGY, predicate) != LANGUAGES:
            faults.append(f"header: {predicate} once in French and once in English")
    for predicate in (DCTERMS.created, DCTERMS.modified):
        dates = list(graph.objects(ONTOLOGY, predicate))
        if [getattr(value, "datatype", None) for value in dates] != [XSD.date]:
            faults.append(f"header: one {predicate}, a date")
    return faults


def declaration_faults(graph: Graph) -> list[str]:
    """Every subject of ours is a class, a property or a function, one only, named as agreed."""
    faults = []
    for term in sorted(set(graph.subjects()) - {ONTOLOGY}):
        kinds = list(graph.objects(term, RDF.type))
        if not str(term).startswith(str(CD)) or len(kinds) != 1 or term not in declared(graph):
            faults.append(f"{term}: not declared as one class, property or function of ours")
        name = str(term).removeprefix(str(CD))
        pattern = "[A-Z][A-Za-z]+" if OWL.Class in kinds else "[a-z][A-Za-z]+"
        if not re.fullmatch(pattern, name):
            faults.append(f"{term}: name against the convention")
    return faults


def wording_faults(graph: Graph) -> list[str]:
    """One label and one definition in each language; a definition is one sentence and says more."""
    faults = []
    for term in sorted(declared(graph)):
        for predicate in (RDFS.label, SKOS.definition):
            if languages(graph, term, predicate) != LANGUAGES:
                faults.append(f"{term}: {predicate} once in French and once in English")
        if languages(graph, term, SKOS.scopeNote) not in ([], LANGUAGES):
            faults.append(f"{term}: scope note once in French and once in English, or none")
        labels = {str(label.language): str(label) for label in graph.objects(term, RDFS.label)}
        for definition in graph.objects(term, SKOS.definition):
            if not re.fullmatch(r"[^.]+\.", str(definition)):
                faults.append(f"{term}: definition is not one sentence: {definition}")
            label = labels.get(str(definition.language), "no label")
            if str(definition).lower().startswith(label.lower()):
                faults.append(f"{term}: definition starts with its own label")
    return faults


def origin_faults(graph: Graph) -> list[str]:
    return [
        f"{term}: isDefinedBy is not exactly <{ONTOLOGY}>"
        for term in sorted(declared(graph))
        if list(graph.objects(term, RDFS.isDefinedBy)) != [ONTOLOGY]
    ]


def lightness_faults(graph: Graph) -> list[str]:
    heavy = (RDFS.domain, RDFS.range, OWL.imports, OWL.sameAs, OWL.equivalentClass)
    return [f"{s}: {p} does not belong here" for p in heavy for s in graph.subjects(p)]


def alignment_faults(graph: Graph) -> list[str]:
    """A match goes from a term of ours to a term of others; none claims that two are the same."""
    ours = declared(core())
    faults = []
    for subject, predicate, target in graph:
        if predicate in (SKOS.exactMatch, SKOS.broadMatch, SKOS.narrowMatch):
            faults.append(f"{subject}: {predicate} needs a review that has not taken place")
        matches = (SKOS.closeMatch, SKOS.relatedMatch, RDFS.subClassOf, RDFS.subPropertyOf)
        if predicate in matches and (subject not in ours or str(target).startswith(str(CD))):
            faults.append(f"{subject} {predicate} {target}: not from a term of ours to another's")
    return faults


# ---- rules of the concepts -----------------------------------------------------------------------


def concept_faults(graph: Graph) -> list[str]:
    faults = []
    for concept in sorted(set(graph.subjects(RDF.type, SKOS.Concept))):
        scheme = graph.value(concept, SKOS.inScheme)
        if languages(graph, concept, SKOS.prefLabel) != LANGUAGES:
            faults.append(f"{concept}: one preferred label in French and one in English")
        if scheme != THEMES and languages(graph, concept, SKOS.definition) != LANGUAGES:
            faults.append(f"{concept}: one definition in French and one in English")
        if len(list(graph.objects(concept, SKOS.inScheme))) != 1 or not str(concept).startswith(
            f"{scheme}/"
        ):
            faults.append(f"{concept}: belongs to one scheme, from which its IRI starts")
        notation = str(concept).rsplit("/", 1)[-1]
        if list(graph.objects(concept, SKOS.notation)) != [Literal(notation)]:
            faults.append(f"{concept}: notation should be {notation}")
    return faults


def scheme_faults(graph: Graph) -> list[str]:
    faults = []
    for scheme in sorted(set(graph.objects(None, SKOS.inScheme))):
        if (scheme, RDF.type, SKOS.ConceptScheme) not in graph:
            faults.append(f"{scheme}: not declared as a scheme")
        for predicate in (DCTERMS.title, DCTERMS.description):
            if languages(graph, scheme, predicate) != LANGUAGES:
                faults.append(f"{scheme}: {predicate} once in French and once in English")
        members = set(graph.subjects(SKOS.inScheme, scheme))
        roots = {member for member in members if graph.value(member, SKOS.broader) is None}
        if set(graph.objects(scheme, SKOS.hasTopConcept)) != roots:
            faults.append(f"{scheme}: hasTopConcept does not list its roots")
        if set(graph.subjects(SKOS.topConceptOf, scheme)) != roots:
            faults.append(f"{scheme}: topConceptOf does not list its roots")
    return faults


def hierarchy_faults(graph: Graph) -> list[str]:
    faults = []
    for child, parent in graph.subject_objects(SKOS.broader):
        if (parent, SKOS.narrower, child) not in graph:
            faults.append(f"{parent}: narrower {child} is missing")
        if graph.value(child, SKOS.inScheme) != graph.value(parent, SKOS.inScheme):
            faults.append(f"{child}: its broader concept is in another scheme")
        if child in set(graph.transitive_objects(parent, SKOS.broader)):
            faults.append(f"{child}: is its own ancestor")
    for parent, child in graph.subject_objects(SKOS.narrower):
        if (child, SKOS.broader, parent) not in graph:
            faults.append(f"{child}: broader {parent} is missing")
    for theme in graph.subjects(SKOS.inScheme, THEMES):
        parent = graph.value(theme, SKOS.broader)
        above = 0 if parent is None else int(graph.value(parent, XKOS.depth, default=0))
        if list(graph.objects(theme, XKOS.depth)) != [Literal(above + 1)] or above > 2:
            faults.append(f"{theme}: depth should be {above + 1}, three at most")
    return faults


# ---- rules of the terms used ---------------------------------------------------------------------


def foreign_term_faults(graph: Graph) -> list[str]:
    """A term of a reused vocabulary exists in it; no vocabulary is used that is not listed here."""
    used = {term for triple in graph for term in triple if isinstance(term, URIRef)}
    used |= {value.datatype for value in graph.objects() if getattr(value, "datatype", None)}
    return [f"<{term}> is not a term that we know" for term in sorted(used) if not is_known(term)]


def is_known(term: URIRef) -> bool:
    for namespace in KNOWN_NAMESPACES:
        if str(term).startswith(str(namespace)) and str(term) != str(namespace):
            return term in namespace
    for base, names in KNOWN_TERMS.items():
        if str(term).startswith(base):
            return str(term).removeprefix(base) in names
    return str(term).startswith(OTHER_IRIS)


def undeclared_concept_faults(graph: Graph) -> list[str]:
    """A concept that an example points to is published, or described there as a candidate."""
    published = set(concepts().subjects(RDF.type, None))
    named = {term for term in graph.objects() if str(term).startswith(SCHEME)}
    candidates = set(graph.subjects(CD.reviewStatus, URIRef(SCHEME + "review-status/candidate")))
    return [f"<{term}> is not a known concept" for term in sorted(named - published - candidates)]


OUR_TERM = re.compile(r"(?<![\w-])cd:([A-Za-z]+)|https://w3id\.org/coopdec/def#([A-Za-z]+)")


def our_terms(text: str) -> set[str]:
    return {short or full for short, full in OUR_TERM.findall(text)}


def texts_that_use_terms() -> list[Path]:
    folders = {
        "ontology": ("*.ttl", "*.mmd", "*.md"),
        "shapes": ("*.ttl",),
        "coopdec_graph": ("*.rq", "*.py"),
    }
    return sorted(
        path
        for folder, patterns in folders.items()
        for pattern in patterns
        for path in (ROOT / folder).rglob(pattern)
    )


# ---- tests ---------------------------------------------------------------------------------------


def test_all_files_are_there() -> None:
    assert len(ALIGNMENTS) == 7
    assert len(EXAMPLES) == 13
    assert len(FILES) == 3 + 7 + 13


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_both_parsers_read_the_same_triples(path: Path) -> None:
    by_oxigraph = set(pyoxigraph.parse(path=str(path), format=pyoxigraph.RdfFormat.TURTLE))
    assert len(load(path)) == len(by_oxigraph) > 0


@pytest.mark.parametrize(
    "rule",
    [header_faults, declaration_faults, wording_faults, origin_faults, lightness_faults],
    ids=lambda rule: rule.__name__,
)
def test_ontology(rule: Callable[[Graph], list[str]]) -> None:
    assert rule(core()) == []


@pytest.mark.parametrize(
    "rule", [concept_faults, scheme_faults, hierarchy_faults], ids=lambda rule: rule.__name__
)
def test_concepts(rule: Callable[[Graph], list[str]]) -> None:
    assert rule(concepts()) == []


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_alignment(path: Path) -> None:
    graph = load(path)
    header = URIRef(f"https://w3id.org/coopdec/alignment/{path.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [header]
    assert languages(graph, header, DCTERMS.title) == LANGUAGES
    assert graph.value(header, DCTERMS.license) == core().value(ONTOLOGY, DCTERMS.license)
    assert graph.value(header, OWL.versionInfo) == core().value(ONTOLOGY, OWL.versionInfo)
    assert alignment_faults(graph) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_names_only_known_concepts(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    assert undeclared_concept_faults(load(path)) == []


def test_reused_terms_exist() -> None:
    assert foreign_term_faults(everything()) == []


@pytest.mark.parametrize(
    "path", texts_that_use_terms(), ids=lambda path: str(path.relative_to(ROOT))
)
def test_terms_used_are_declared(path: Path) -> None:
    names = {str(term).removeprefix(str(CD)) for term in declared(core())}
    assert our_terms(path.read_text(encoding="utf-8")) - names == set()


def test_each_term_is_shown_by_an_example() -> None:
    shown = load(*EXAMPLES)
    used = {term for triple in shown for term in triple}
    assert sorted(declared(core()) - used) == []


def test_the_diagram_shows_the_model() -> None:
    """Each term of ours is in the diagram, by its name with the prefix or, on an arrow, without."""
    drawing = (FOLDER / "diagram.mmd").read_text(encoding="utf-8")
    arrows = re.findall(r"^ {4}\w.* : (.+)$", drawing, re.MULTILINE)
    named = {name for arrow in arrows for name in arrow.split(", ")} - {"same subject"}
    predicates = {re.split("[/#]", str(term))[-1] for term in load(*EXAMPLES).predicates()}
    assert named - predicates == set()
    names = {str(term).removeprefix(str(CD)) for term in declared(core())}
    assert names - our_terms(drawing) - named == set()


# ---- each rule can fail --------------------------------------------------------------------------

WATER = URIRef(SCHEME + "theme/eau-et-dechets")
ENVIRONMENT = URIRef(SCHEME + "theme/environnement-climat-et-energie")
STATUS = URIRef(SCHEME + "status")

Pattern = tuple[URIRef | None, URIRef, URIRef | Literal | None]


@dataclass(frozen=True)
class Planted:
    """A change to a clean graph that `rule` must report with a sentence that holds `said`."""

    name: str
    clean: Callable[[], Graph]
    rule: Callable[[Graph], list[str]]
    said: str
    added: Pattern | None = None
    removed: Pattern | None = None


def fr(text: str) -> Literal:
    return Literal(text, lang="fr")


def en(text: str) -> Literal:
    return Literal(text, lang="en")


PLANTED = [
    Planted(
        name="version number raised alone",
        clean=core,
        rule=header_faults,
        said="versionIRI should be",
        removed=(ONTOLOGY, OWL.versionInfo, None),
        added=(ONTOLOGY, OWL.versionInfo, Literal("9.9.9")),
    ),
    Planted(
        name="no version",
        clean=core,
        rule=header_faults,
        said="versionInfo should be",
        removed=(ONTOLOGY, OWL.versionInfo, None),
    ),
    Planted(
        name="title in a third language",
        clean=core,
        rule=header_faults,
        said="title once in French",
        added=(ONTOLOGY, DCTERMS.title, Literal("Ontologie", lang="de")),
    ),
    Planted(
        name="two dates of change",
        clean=core,
        rule=header_faults,
        said="one http://purl.org/dc/terms/modified",
        added=(ONTOLOGY, DCTERMS.modified, Literal("2020-01-01", datatype=XSD.date)),
    ),
    Planted(
        name="term of two kinds",
        clean=core,
        rule=declaration_faults,
        said="Partnership: not declared as one",
        added=(CD.Partnership, RDF.type, OWL.ObjectProperty),
    ),
    Planted(
        name="class in lower case",
        clean=core,
        rule=declaration_faults,
        said="thing: name against",
        added=(CD.thing, RDF.type, OWL.Class),
    ),
    Planted(
        name="statement about a term of others",
        clean=core,
        rule=declaration_faults,
        said="Organization: not declared",
        added=(ORG.Organization, RDFS.label, fr("organisation")),
    ),
    Planted(
        name="no label in English",
        clean=core,
        rule=wording_faults,
        said="label once in French",
        removed=(CD.Partnership, RDFS.label, en("partnership")),
    ),
    Planted(
        name="two French definitions",
        clean=core,
        rule=wording_faults,
        said="definition once in French",
        added=(CD.Partnership, SKOS.definition, fr("Chose.")),
    ),
    Planted(
        name="definition of two sentences",
        clean=core,
        rule=wording_faults,
        said="not one sentence",
        added=(CD.Partnership, SKOS.definition, en("A thing. Another.")),
    ),
    Planted(
        name="circular definition",
        clean=core,
        rule=wording_faults,
        said="starts with its own label",
        added=(CD.Partnership, SKOS.definition, en("Partnership of a kind.")),
    ),
    Planted(
        name="scope note in French only",
        clean=core,
        rule=wording_faults,
        said="scope note once",
        added=(CD.startYear, SKOS.scopeNote, fr("Piège.")),
    ),
    Planted(
        name="isDefinedBy with a hash",
        clean=core,
        rule=origin_faults,
        said="isDefinedBy is not exactly",
        removed=(CD.Partnership, RDFS.isDefinedBy, ONTOLOGY),
        added=(CD.Partnership, RDFS.isDefinedBy, URIRef(str(CD))),
    ),
    Planted(
        name="domain",
        clean=core,
        rule=lightness_faults,
        said="domain does not belong",
        added=(CD.startYear, RDFS.domain, CD.Partnership),
    ),
    Planted(
        name="range",
        clean=core,
        rule=lightness_faults,
        said="range does not belong",
        added=(CD.startYear, RDFS.range, XSD.gYear),
    ),
    Planted(
        name="import",
        clean=core,
        rule=lightness_faults,
        said="imports does not belong",
        added=(ONTOLOGY, OWL.imports, URIRef(str(ORG))),
    ),
    Planted(
        name="exact match",
        clean=Graph,
        rule=alignment_faults,
        said="exactMatch needs a review",
        added=(CD.Partnership, SKOS.exactMatch, SDO.Project),
    ),
    Planted(
        name="match from a term that does not exist",
        clean=Graph,
        rule=alignment_faults,
        said="not from a term of ours",
        added=(CD.Partnerships, SKOS.closeMatch, SDO.Project),
    ),
    Planted(
        name="match between two terms of ours",
        clean=Graph,
        rule=alignment_faults,
        said="not from a term of ours",
        added=(CD.Partnership, SKOS.closeMatch, CD.Activity),
    ),
    Planted(
        name="concept without an English label",
        clean=concepts,
        rule=concept_faults,
        said="one preferred label",
        removed=(WATER, SKOS.prefLabel, en("Water and waste")),
    ),
    Planted(
        name="status without a definition",
        clean=concepts,
        rule=concept_faults,
        said="one definition",
        removed=(URIRef(STATUS + "/termine"), SKOS.definition, None),
    ),
    Planted(
        name="concept in two schemes",
        clean=concepts,
        rule=concept_faults,
        said="belongs to one scheme",
        added=(WATER, SKOS.inScheme, STATUS),
    ),
    Planted(
        name="notation that is not the end of the IRI",
        clean=concepts,
        rule=concept_faults,
        said="notation should be eau-et-dechets",
        removed=(WATER, SKOS.notation, None),
        added=(WATER, SKOS.notation, Literal("eau")),
    ),
    Planted(
        name="scheme without description",
        clean=concepts,
        rule=scheme_faults,
        said="description once",
        removed=(STATUS, DCTERMS.description, None),
    ),
    Planted(
        name="scheme that is not declared",
        clean=concepts,
        rule=scheme_faults,
        said="not declared as a scheme",
        removed=(STATUS, RDF.type, SKOS.ConceptScheme),
    ),
    Planted(
        name="top concept without its scheme",
        clean=concepts,
        rule=scheme_faults,
        said="topConceptOf does not list",
        removed=(None, SKOS.topConceptOf, STATUS),
    ),
    Planted(
        name="scheme without its top concepts",
        clean=concepts,
        rule=scheme_faults,
        said="hasTopConcept does not list",
        removed=(STATUS, SKOS.hasTopConcept, None),
    ),
    Planted(
        name="narrower forgotten",
        clean=concepts,
        rule=hierarchy_faults,
        said="eau-et-dechets is missing",
        removed=(ENVIRONMENT, SKOS.narrower, WATER),
    ),
    Planted(
        name="broader forgotten",
        clean=concepts,
        rule=hierarchy_faults,
        said="environnement-climat-et-energie is missing",
        removed=(WATER, SKOS.broader, ENVIRONMENT),
    ),
    Planted(
        name="cycle",
        clean=concepts,
        rule=hierarchy_faults,
        said="is its own ancestor",
        added=(ENVIRONMENT, SKOS.broader, WATER),
    ),
    Planted(
        name="broader in another scheme",
        clean=concepts,
        rule=hierarchy_faults,
        said="in another scheme",
        added=(WATER, SKOS.broader, URIRef(STATUS + "/termine")),
    ),
    Planted(
        name="wrong depth",
        clean=concepts,
        rule=hierarchy_faults,
        said="depth should be 2",
        removed=(WATER, XKOS.depth, None),
        added=(WATER, XKOS.depth, Literal(3)),
    ),
    Planted(
        name="misspelt term of a vocabulary that rdflib knows",
        clean=Graph,
        rule=foreign_term_faults,
        said="subOrganzationOf",
        added=(CD.Activity, URIRef(f"{ORG}subOrganzationOf"), CD.Activity),
    ),
    Planted(
        name="misspelt term of a vocabulary listed here",
        clean=Graph,
        rule=foreign_term_faults,
        said="m8g/contactpoint",
        added=(CD.Activity, URIRef("http://data.europa.eu/m8g/contactpoint"), CD.Activity),
    ),
    Planted(
        name="vocabulary that is not listed",
        clean=Graph,
        rule=foreign_term_faults,
        said="example.org",
        added=(CD.Activity, RDFS.seeAlso, URIRef("http://example.org/x")),
    ),
    Planted(
        name="misspelt datatype",
        clean=Graph,
        rule=foreign_term_faults,
        said="gyear",
        added=(CD.Activity, CD.year, Literal("2024", datatype=URIRef(f"{XSD}gyear"))),
    ),
    Planted(
        name="concept that nobody published",
        clean=Graph,
        rule=undeclared_concept_faults,
        said="status/fini",
        added=(CD.Activity, CD.declaredStatus, URIRef(STATUS + "/fini")),
    ),
]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_a_planted_fault_is_reported(fault: Planted) -> None:
    graph = Graph(bind_namespaces="none")
    graph += fault.clean()
    assert fault.rule(graph) == []
    if fault.removed:
        assert fault.removed in graph
        graph.remove(fault.removed)
    if fault.added:
        graph.add(fault.added)
    assert [sentence for sentence in fault.rule(graph) if fault.said in sentence] != []


def test_terms_are_found_in_text() -> None:
    text = "cd:amount. cds:Shape abcd:no <https://w3id.org/coopdec/def#startYear> 'cd:year' def#x"
    assert our_terms(text) == {"amount", "startYear", "year"}
