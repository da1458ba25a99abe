"""The ontology as published: parses, declares what is used, bilingual, reuses terms that exist.

Each rule is a function that returns faults as sentences; a clean file gives none. The last test
plants one fault per rule and expects it to be reported, so that no rule can fall asleep.
"""

from __future__ import annotations

import re
from collections import Counter
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
    QB,
    RDF,
    RDFS,
    SDO,
    SKOS,
    VANN,
    XSD,
    DefinedNamespace,
)

from coopdec_graph.namespaces import PREFIXES
from scripts import make_lists

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "ontology"
FILES = sorted(FOLDER.rglob("*.ttl"))
CORE = FOLDER / "coopdec.ttl"
EXAMPLES = sorted((FOLDER / "examples").glob("*.ttl"))
# What aligns concepts, and what aligns terms.
CORRESPONDENCES = [
    FOLDER / "alignments" / f"{name}.ttl" for name in ("statuses-iati", "themes-dac-sdg")
]
ALIGNMENTS = sorted(set((FOLDER / "alignments").glob("*.ttl")) - set(CORRESPONDENCES))

VIEWS = sorted((ROOT / "coopdec_graph" / "queries" / "construct").glob("*.rq"))

ONTOLOGY = URIRef("https://w3id.org/coopdec/def")
CD = Namespace("https://w3id.org/coopdec/def#")
SCHEME = "https://w3id.org/coopdec/scheme/"
THEMES = URIRef(SCHEME + "theme")
DAC = URIRef(SCHEME + "dac")
GOALS = URIRef("http://metadata.un.org/sdg")
# The lists of others: they define their codes where these were born, and need not speak French.
LISTS = sorted((FOLDER / "lists").glob("*.ttl"))
OTHERS = re.compile(rf"{SCHEME}(dac$|iati-)|{GOALS}$")
XKOS = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FUNCTION = SD.Function
LANGUAGES = ["en", "fr"]

# Vocabularies whose terms rdflib knows…
KNOWN_NAMESPACES: tuple[type[DefinedNamespace], ...] = (
    DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SKOS, VANN, XSD,
)  # fmt: skip
# … and those it does not: each term was seen in its vocabulary, or in queries of its publisher.
KNOWN_TERMS = {
    "http://data.europa.eu/m8g/": {"ContactPoint", "PublicOrganisation", "contactPoint"},
    "http://data.europa.eu/s66#": {
        "AdministrativeArea", "Grant", "MonetaryAmount", "Organisation", "OrganisationRole",
        "PostalAddress", "Project", "PublicBody", "Site", "abstract", "addressCountry", "currency",
        "endDate", "funds", "hasAddress", "hasFundingAmount", "hasFundingSchemeProgramme",
        "hasGeographicalLocation", "hasInvolvedParty", "hasSite", "hasTotalCost", "isDisbursedBy",
        "isFundedBy", "isInvolvedIn", "isRoleOf", "keyword", "legalName", "name", "projectStatus",
        "roleLabel", "startDate", "title", "value",
    },
    "http://rdfs.org/ns/void#": {"Linkset", "linkPredicate", "target", "triples"},
    "http://rdf.insee.fr/def/geo#": {"Commune", "Departement", "codeINSEE"},
    "http://www.opengis.net/ont/geosparql#": {
        "Feature", "Geometry", "asWKT", "hasGeometry", "wktLiteral",
    },
    "http://www.opengis.net/ont/sf#": {"Point"},
    "http://www.w3.org/ns/adms#": {"Identifier", "identifier"},
    "http://purl.org/cerif/frapo/": {
        "Funding", "GovernmentOrganization", "Grant", "collaboratesWith", "funds",
        "hasCountryCode", "hasCurrencyCode", "hasEndDate", "hasKeyword", "hasLocation",
        "hasMonetaryValue", "hasProjectIdentifier", "hasStartDate", "isAwardedBy", "isFundedBy",
        "isSupportedBy",
    },
    "https://linkedopendata.eu/entity/": {"Q196899", "Q9934"},
    "https://linkedopendata.eu/prop/direct/": {
        "P127", "P20", "P32", "P33", "P35", "P474", "P836", "P838", "P888", "P889",
    },
    "https://w3id.org/dingo#": {
        "GovernmentalOrganisation", "Grant", "GrantShare", "Organisation", "OrganisationRole",
        "Project", "abstract_or_summary_description", "budget", "country", "disbursed_by",
        "economic_value", "end_time", "entity_taking_role", "finances", "funded_by", "legalName",
        "participant", "participant_of", "point_in_time", "role_label", "start_time",
        "thematic_area", "title",
    },
    str(SD): {
        "Function", "SPARQL11Query", "Service", "UnionDefaultGraph", "endpoint",
        "extensionFunction", "feature", "supportedLanguage",
    },
    str(XKOS): {
        "ConceptAssociation", "Correspondence", "compares", "depth", "madeOf", "sourceConcept",
        "targetConcept",
    },
}  # fmt: skip
# Terms that rdflib's copy of their vocabulary is too old for.
NEWER = {URIRef("https://schema.org/funding")}
# IRIs that name things, not terms.
OTHER_IRIS = (
    "https://w3id.org/coopdec/",
    "http://publications.europa.eu/resource/authority/country/",
    "http://publications.europa.eu/resource/authority/currency/",
    "https://creativecommons.org/licenses/by/4.0/",
    "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "http://metadata.un.org/sdg",
    "http://www.oecd.org/dac/stats/dacandcrscodelists.htm",
    "https://opensource.org/licenses/MIT",
    "https://undocs.org/A/RES/70/1",
    "http://www.wikidata.org/",
    "https://github.com/IATI/IATI-Codelists",
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
    return load(FOLDER / "schemes.ttl", FOLDER / "themes.ttl", *LISTS)


def correspondences() -> Graph:
    return load(*CORRESPONDENCES)


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


# ---- rules of the correspondences: concepts, where the above are terms ---------------------------

MATCHES = (
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
)


def matches(graph: Graph) -> list[tuple[URIRef, URIRef, URIRef]]:
    return sorted(
        triple for relation in MATCHES for triple in graph.triples((None, relation, None))
    )


def correspondence_faults(graph: Graph) -> list[str]:
    """A match goes from a concept of ours to one of another list, in one way, which may be theirs."""
    faults = []
    pairs = [(source, target) for source, _, target in matches(graph)]
    for source, relation, target in matches(graph):
        schemes = [concepts().value(concept, SKOS.inScheme) for concept in (source, target)]
        if None in schemes or schemes[0] == schemes[1] or not str(source).startswith(SCHEME):
            faults.append(f"{source} {relation} {target}: not from a concept of ours to a list's")
        if schemes[1] == GOALS and relation != SKOS.relatedMatch:
            faults.append(f"{source} {relation} {target}: a theme is related to a goal, no more")
        # SKOS, S46 and S27: exact excludes broad and related, related excludes broad and narrow.
        if pairs.count((source, target)) > 1:
            faults.append(f"{source} {relation} {target}: two relations of one pair")
        reviewed = [one for one in associations(graph, source, target) if role_of(graph, one)]
        if relation == SKOS.exactMatch and not reviewed:
            faults.append(f"{source}: {relation} needs a review that has not taken place")
    return faults


def associations(graph: Graph, source: URIRef, target: URIRef) -> list[URIRef]:
    leading = set(graph.subjects(XKOS.targetConcept, target))
    return sorted(leading & set(graph.subjects(XKOS.sourceConcept, source)))


def role_of(graph: Graph, association: URIRef) -> list[Literal]:
    return list(graph.objects(association, CD.reviewerRole))


def association_faults(graph: Graph) -> list[str]:
    """Each match has its association, each association its match, in one correspondence."""
    faults = [
        f"{source} {relation} {target}: needs one association"
        for source, relation, target in matches(graph)
        if len(associations(graph, source, target)) != 1
    ]
    pairs = {(source, target) for source, _, target in matches(graph)}
    for association in sorted(graph.subjects(RDF.type, XKOS.ConceptAssociation)):
        ends = (XKOS.sourceConcept, XKOS.targetConcept)
        source, target = (graph.value(association, end) for end in ends)
        if (source, target) not in pairs and (association, CD.noMatchIn, None) not in graph:
            faults.append(f"{association}: no relation between its concepts")
        for scheme in graph.objects(association, CD.noMatchIn):
            matched = {
                concepts().value(one, SKOS.inScheme) for start, one in pairs if start == source
            }
            if target is not None or scheme in matched:
                faults.append(f"{association}: has no match in a list that it has one in")
        owners = list(graph.subjects(XKOS.madeOf, association))
        if len(owners) != 1 or not str(association).startswith(f"{owners[0]}/"):
            faults.append(
                f"{association}: belongs to one correspondence, from which its IRI starts"
            )
    for owner, association in graph.subject_objects(XKOS.madeOf):
        if (association, RDF.type, XKOS.ConceptAssociation) not in graph:
            faults.append(f"{owner}: is made of {association}, which is not described")
    return faults


# ---- rules of the concepts -----------------------------------------------------------------------


def concept_faults(graph: Graph) -> list[str]:
    faults = []
    for concept in sorted(set(graph.subjects(RDF.type, SKOS.Concept))):
        scheme = graph.value(concept, SKOS.inScheme)
        others = OTHERS.match(str(scheme)) is not None
        named = languages(graph, concept, SKOS.prefLabel)
        if named != LANGUAGES and not (others and named == ["en"]):
            faults.append(f"{concept}: one preferred label in French and one in English")
        # The source of the themes defines none.
        defined = languages(graph, concept, SKOS.definition)
        if defined != LANGUAGES and not (defined == [] and (others or scheme == THEMES)):
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


def list_faults(graph: Graph) -> list[str]:
    """A list of others says whose it is, of which day, on which terms."""
    faults = []
    for scheme in sorted(set(graph.objects(None, SKOS.inScheme))):
        wanted = (DCTERMS.source, DCTERMS.license, DCTERMS.issued, DCTERMS.modified)
        if OTHERS.match(str(scheme)):
            faults += [
                f"{scheme}: one {predicate}"
                for predicate in wanted
                if len(list(graph.objects(scheme, predicate))) != 1
            ]
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
    if term in NEWER:
        return True
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


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: path.stem)
def test_a_view_uses_terms_that_exist(path: Path) -> None:
    """Those of a query that rewrites a resource in another vocabulary."""
    text = re.sub(r'"[^"\n]*"|(?:^|(?<=\s))#.*$', "", path.read_text("utf-8"), flags=re.M)
    prefixes = {**PREFIXES, **dict(re.findall(r"PREFIX (\w+): <([^>]+)>", text))}
    text = re.sub(r"PREFIX .*|<[^>]*>", "", text)
    names = set(re.findall(r"(?<![\w?:])([a-z]+):(\w+)", text))
    graph = Graph()
    for prefix, name in names:
        term = URIRef(prefixes[prefix] + name)
        if not str(term).startswith(str(CD)):
            graph.add((term, RDF.type, term))
    assert len(graph) > 15
    assert foreign_term_faults(graph) == []


def test_all_files_are_there() -> None:
    assert len(VIEWS) == 5
    assert len(ALIGNMENTS) == 8
    assert len(EXAMPLES) == 17
    assert [path.stem for path in LISTS] == ["channels", "dac", "iati", "sdg"]
    assert len(FILES) == 3 + 4 + 8 + 2 + 17


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
    "rule",
    [concept_faults, scheme_faults, list_faults, hierarchy_faults],
    ids=lambda rule: rule.__name__,
)
def test_concepts(rule: Callable[[Graph], list[str]]) -> None:
    assert rule(concepts()) == []


@pytest.mark.parametrize("path", [*ALIGNMENTS, *CORRESPONDENCES], ids=lambda path: path.stem)
def test_header_of_an_alignment(path: Path) -> None:
    graph = load(path)
    header = URIRef(f"https://w3id.org/coopdec/alignment/{path.stem}")
    assert list(graph.subjects(RDF.type, OWL.Ontology)) == [header]
    assert languages(graph, header, DCTERMS.title) == LANGUAGES
    assert graph.value(header, DCTERMS.license) == core().value(ONTOLOGY, DCTERMS.license)
    assert graph.value(header, OWL.versionInfo) == core().value(ONTOLOGY, OWL.versionInfo)


@pytest.mark.parametrize("path", ALIGNMENTS, ids=lambda path: path.stem)
def test_alignment(path: Path) -> None:
    assert alignment_faults(load(path)) == []


@pytest.mark.parametrize("path", CORRESPONDENCES, ids=lambda path: path.stem)
def test_correspondence(path: Path) -> None:
    graph = load(path)
    header = URIRef(f"https://w3id.org/coopdec/alignment/{path.stem}")
    assert list(graph.subjects(RDF.type, XKOS.Correspondence)) == [header]
    used = {concepts().value(one, SKOS.inScheme) for s, _, o in matches(graph) for one in (s, o)}
    assert set(graph.objects(header, XKOS.compares)) == used
    assert correspondence_faults(graph) == []
    assert association_faults(graph) == []


@pytest.mark.parametrize("scheme", [DAC, GOALS])
def test_every_theme_is_decided(scheme: URIRef) -> None:
    """Mapped to the list, or said to have nothing in it."""
    graph = correspondences()
    mapped = {
        source
        for source, _, target in matches(graph)
        if concepts().value(target, SKOS.inScheme) == scheme
    }
    without = {
        source
        for association in graph.subjects(CD.noMatchIn, scheme)
        for source in graph.objects(association, XKOS.sourceConcept)
    }
    assert mapped & without == set()
    assert mapped | without == set(concepts().subjects(SKOS.inScheme, THEMES))
    assert without == {URIRef(SCHEME + "theme/francophonie")}


def test_no_mapping_is_exact_and_each_leads_to_a_code_in_force() -> None:
    graph = load(FOLDER / "alignments" / "themes-dac-sdg.ttl")
    assert list(graph.triples((None, SKOS.exactMatch, None))) == []
    assert len(matches(graph)) == 61
    for _, _, target in matches(graph):
        assert (target, OWL.deprecated, None) not in concepts()


def test_the_lists_of_others_are_those_that_their_script_makes() -> None:
    made = make_lists.files()
    assert sorted(made) == [path.name for path in LISTS]
    for path in LISTS:
        assert path.read_text("utf-8") == made[path.name]


def test_the_lists_of_others_are_whole() -> None:
    sizes = Counter(str(scheme) for scheme in load(*LISTS).objects(None, SKOS.inScheme))
    assert sizes[str(DAC)] == 375 and sizes[SCHEME + "iati-crs-channel-code"] == 438
    assert sizes[str(GOALS)] == 17 + 169
    assert len(sizes) == 24
    assert sizes[SCHEME + "iati-activity-status"] == 6
    assert sizes[SCHEME + "iati-transaction-type"] == 13
    goals = set(concepts().objects(GOALS, SKOS.hasTopConcept))
    assert goals == {URIRef(f"{GOALS}/{number}") for number in range(1, 18)}


def test_a_code_of_a_list_is_under_the_one_it_is_part_of() -> None:
    def above(concept: str) -> list[str]:
        iri = URIRef(concept)
        return [str(one) for one in concepts().transitive_objects(iri, SKOS.broader)][1:]

    assert above(f"{DAC}/15112") == [f"{DAC}/151", f"{DAC}/150"]
    assert above(f"{DAC}/14050") == [f"{DAC}/140"]
    assert above(f"{GOALS}/16.6") == [f"{GOALS}/16"]
    assert above(f"{GOALS}/8.10") == [f"{GOALS}/8"]
    assert above(SCHEME + "iati-crs-channel-code/11002") == [
        SCHEME + "iati-crs-channel-code/11000",
        SCHEME + "iati-crs-channel-code/10000",
    ]
    purposes = [c for c in concepts().subjects(SKOS.inScheme, DAC) if len(str(c)) == len(DAC) + 6]
    assert len(purposes) == 325 and all(above(purpose) for purpose in purposes)


def test_a_code_that_was_withdrawn_says_so() -> None:
    withdrawn = set(concepts().subjects(OWL.deprecated, Literal(True)))
    assert {URIRef(f"{DAC}/74010"), URIRef(f"{DAC}/920")} <= withdrawn
    assert URIRef(f"{DAC}/15112") not in withdrawn
    assert len(withdrawn) == 82


def test_names_that_a_list_lacks_in_french_are_not_made_up() -> None:
    unnamed = Counter(
        str(concepts().value(concept, SKOS.inScheme))
        for concept in concepts().subjects(RDF.type, SKOS.Concept)
        if languages(concepts(), concept, SKOS.prefLabel) == ["en"]
    )
    assert unnamed[str(DAC)] == 27 and str(GOALS) not in unnamed
    assert unnamed[SCHEME + "iati-transaction-type"] == 13


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
SANITATION = URIRef(SCHEME + "theme/eau-et-assainissement")
SECTOR = URIRef(SCHEME + "dac/140")
GOAL = URIRef(f"{GOALS}/6")
LINK = URIRef("https://w3id.org/coopdec/alignment/themes-dac-sdg/eau-et-assainissement/dac-140")
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
        name="match to a concept that nobody published",
        clean=correspondences,
        rule=correspondence_faults,
        said="not from a concept of ours",
        added=(WATER, SKOS.closeMatch, URIRef(SCHEME + "dac/14099")),
    ),
    Planted(
        name="match within one list",
        clean=correspondences,
        rule=correspondence_faults,
        said="not from a concept of ours",
        added=(WATER, SKOS.relatedMatch, ENVIRONMENT),
    ),
    Planted(
        name="match from a list of others",
        clean=correspondences,
        rule=correspondence_faults,
        said="not from a concept of ours",
        added=(GOAL, SKOS.relatedMatch, SECTOR),
    ),
    Planted(
        name="goal that is more than related",
        clean=correspondences,
        rule=correspondence_faults,
        said="related to a goal, no more",
        added=(WATER, SKOS.broadMatch, GOAL),
    ),
    Planted(
        name="exact match of concepts without a reviewer",
        clean=correspondences,
        rule=correspondence_faults,
        said="exactMatch needs a review",
        removed=(SANITATION, SKOS.closeMatch, SECTOR),
        added=(SANITATION, SKOS.exactMatch, SECTOR),
    ),
    Planted(
        name="exact and broad at once",
        clean=correspondences,
        rule=correspondence_faults,
        said="two relations of one pair",
        added=(SANITATION, SKOS.broadMatch, SECTOR),
    ),
    Planted(
        name="match without an association",
        clean=correspondences,
        rule=association_faults,
        said="needs one association",
        added=(WATER, SKOS.closeMatch, URIRef(SCHEME + "dac/151")),
    ),
    Planted(
        name="association without a match",
        clean=correspondences,
        rule=association_faults,
        said="no relation between its concepts",
        removed=(SANITATION, SKOS.closeMatch, SECTOR),
    ),
    Planted(
        name="no match in a list that the theme has a match in",
        clean=correspondences,
        rule=association_faults,
        said="in a list that it has one in",
        added=(
            URIRef("https://w3id.org/coopdec/alignment/themes-dac-sdg/francophonie/dac-none"),
            XKOS.targetConcept,
            SECTOR,
        ),
    ),
    Planted(
        name="association of no correspondence",
        clean=correspondences,
        rule=association_faults,
        said="belongs to one correspondence",
        removed=(None, XKOS.madeOf, LINK),
    ),
    Planted(
        name="association that is not described",
        clean=correspondences,
        rule=association_faults,
        said="which is not described",
        removed=(LINK, RDF.type, None),
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
        name="goal whose wording is in one language",
        clean=concepts,
        rule=concept_faults,
        said="one definition",
        removed=(
            GOAL,
            SKOS.definition,
            en("Ensure availability and sustainable management of water and sanitation for all."),
        ),
    ),
    Planted(
        name="code of a list without an English label",
        clean=concepts,
        rule=concept_faults,
        said="one preferred label",
        removed=(SECTOR, SKOS.prefLabel, en("Water supply and sanitation")),
    ),
    Planted(
        name="list without its terms",
        clean=concepts,
        rule=list_faults,
        said="one http://purl.org/dc/terms/license",
        removed=(DAC, DCTERMS.license, None),
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
