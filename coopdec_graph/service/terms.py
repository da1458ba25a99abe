"""Names of the terms we reuse, for pages: their vocabularies have none in French, or are not here."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_graph.countries import countries
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import COUNTRY, CURRENCY_EUR, LICENCE_OUVERTE, PREFIXES

__all__ = ["name_of_term", "rank_of_property"]

_NAMES: Mapping[str, Bilingual] = {
    "cv:ContactPoint": Bilingual("point de contact", "contact point"),
    "cv:PublicOrganisation": Bilingual("organisme public", "public organisation"),
    "cv:contactPoint": Bilingual("point de contact", "contact point"),
    "dcat:endDate": Bilingual("dernier jour", "last day"),
    "dcat:startDate": Bilingual("premier jour", "first day"),
    "dct:PeriodOfTime": Bilingual("période", "period"),
    "dct:created": Bilingual("créé le", "created"),
    "dct:creator": Bilingual("auteur", "creator"),
    "dct:description": Bilingual("description", "description"),
    "dct:identifier": Bilingual("identifiant", "identifier"),
    "dct:isReplacedBy": Bilingual("remplacé par", "replaced by"),
    "dct:license": Bilingual("licence", "licence"),
    "dct:modified": Bilingual("modifié le", "modified"),
    "dct:publisher": Bilingual("éditeur", "publisher"),
    "dct:rights": Bilingual("droits", "rights"),
    "dct:source": Bilingual("source", "source"),
    "dct:spatial": Bilingual("pays concernés", "countries concerned"),
    "dct:subject": Bilingual("thèmes", "subjects"),
    "dct:temporal": Bilingual("période", "period"),
    "dct:title": Bilingual("titre", "title"),
    "foaf:Document": Bilingual("document", "document"),
    "org:Membership": Bilingual("participation", "participation"),
    "org:FormalOrganization": Bilingual("organisation constituée", "formal organization"),
    "org:OrganizationalCollaboration": Bilingual("collaboration", "collaboration"),
    "org:Organization": Bilingual("organisation", "organisation"),
    "org:hasMember": Bilingual("participants", "members"),
    "org:member": Bilingual("participant", "member"),
    "org:organization": Bilingual("partenariat", "partnership"),
    "org:role": Bilingual("rôle", "role"),
    "owl:Class": Bilingual("classe", "class"),
    "owl:DatatypeProperty": Bilingual("propriété à valeur littérale", "datatype property"),
    "owl:ObjectProperty": Bilingual("propriété entre ressources", "object property"),
    "owl:Ontology": Bilingual("ontologie", "ontology"),
    "owl:versionIRI": Bilingual("IRI de la version", "version IRI"),
    "owl:versionInfo": Bilingual("version", "version"),
    "prov:Activity": Bilingual("traitement", "process"),
    "prov:Entity": Bilingual("source", "source"),
    "prov:generatedAtTime": Bilingual("page lue le", "page captured"),
    "prov:used": Bilingual("à partir de", "computed from"),
    "prov:wasDerivedFrom": Bilingual("tiré de", "derived from"),
    "rdf:type": Bilingual("type", "type"),
    "rdfs:isDefinedBy": Bilingual("défini dans", "defined in"),
    "rdfs:label": Bilingual("nom", "name"),
    "rdfs:seeAlso": Bilingual("voir aussi", "see also"),
    "rdfs:subClassOf": Bilingual("sous-classe de", "subclass of"),
    "rdfs:subPropertyOf": Bilingual("sous-propriété de", "subproperty of"),
    "sh:ClassConstraintComponent": Bilingual("classe de la valeur", "class of the value"),
    "sh:ClosedConstraintComponent": Bilingual("propriétés permises", "allowed properties"),
    "sh:DatatypeConstraintComponent": Bilingual("type de la valeur", "datatype"),
    "sh:DisjointConstraintComponent": Bilingual("valeurs distinctes", "distinct values"),
    "sh:HasValueConstraintComponent": Bilingual("valeur requise", "required value"),
    "sh:InConstraintComponent": Bilingual("valeur d'une liste", "value of a list"),
    "sh:LanguageInConstraintComponent": Bilingual("langue", "language"),
    "sh:MaxCountConstraintComponent": Bilingual("nombre maximal", "maximum count"),
    "sh:MaxInclusiveConstraintComponent": Bilingual("valeur maximale", "maximum value"),
    "sh:MinCountConstraintComponent": Bilingual("nombre minimal", "minimum count"),
    "sh:MinInclusiveConstraintComponent": Bilingual("valeur minimale", "minimum value"),
    "sh:NodeConstraintComponent": Bilingual("forme de la valeur", "shape of the value"),
    "sh:NodeKindConstraintComponent": Bilingual("nature de la valeur", "kind of node"),
    "sh:NotConstraintComponent": Bilingual("négation", "negation"),
    "sh:OrConstraintComponent": Bilingual("alternative", "alternative"),
    "sh:PatternConstraintComponent": Bilingual("motif", "pattern"),
    "sh:QualifiedMinCountConstraintComponent": Bilingual(
        "nombre minimal d'une sorte", "minimum count of a kind"
    ),
    "sh:SPARQLConstraintComponent": Bilingual("règle SPARQL", "SPARQL rule"),
    "sh:UniqueLangConstraintComponent": Bilingual(
        "une valeur par langue", "one value per language"
    ),
    "sh:Info": Bilingual("note", "note"),
    "sh:ValidationReport": Bilingual("rapport de validation", "validation report"),
    "sh:ValidationResult": Bilingual("résultat de validation", "validation result"),
    "sh:Violation": Bilingual("erreur", "error"),
    "sh:Warning": Bilingual("avertissement", "warning"),
    "sh:conforms": Bilingual("conforme", "conforms"),
    "sh:focusNode": Bilingual("porte sur", "about"),
    "sh:result": Bilingual("résultats", "results"),
    "sh:resultMessage": Bilingual("message", "message"),
    "sh:resultPath": Bilingual("propriété", "property"),
    "sh:resultSeverity": Bilingual("gravité", "severity"),
    "sh:sourceConstraintComponent": Bilingual("genre de contrainte", "kind of constraint"),
    "sh:sourceShape": Bilingual("règle", "shape"),
    "sh:value": Bilingual("valeur", "value"),
    "skos:Concept": Bilingual("concept", "concept"),
    "skos:ConceptScheme": Bilingual("nomenclature", "concept scheme"),
    "skos:altLabel": Bilingual("autre nom", "other name"),
    "skos:broader": Bilingual("concept plus général", "broader concept"),
    "skos:definition": Bilingual("définition", "definition"),
    "skos:hasTopConcept": Bilingual("premiers concepts", "top concepts"),
    "skos:inScheme": Bilingual("nomenclature", "scheme"),
    "skos:narrower": Bilingual("concepts plus précis", "narrower concepts"),
    "skos:notation": Bilingual("code", "code"),
    "skos:prefLabel": Bilingual("nom retenu", "preferred name"),
    "skos:scopeNote": Bilingual("portée", "scope note"),
    "skos:topConceptOf": Bilingual("premier concept de", "top concept of"),
    "xkos:depth": Bilingual("niveau", "depth"),
}

_FIRST = [
    "dct:title",
    "skos:prefLabel",
    "rdfs:label",
    "dct:identifier",
    "cd:declaredStatus",
    "cd:computedStatus",
    "cd:firstAgreementYear",
    "cd:startYear",
    "cd:endDate",
    "dct:temporal",
    "dcat:startDate",
    "dcat:endDate",
    "cd:durationScheme",
    "org:hasMember",
    "org:organization",
    "org:member",
    "org:role",
    "cd:country",
    "cd:printedCountry",
    "cd:fundedActivity",
    "cd:financer",
    "cd:year",
    "cd:amount",
    "cd:totalAmount",
    "cd:currency",
    "cd:onePercentLevy",
    "cd:mainTheme",
    "cd:secondaryTheme",
    "dct:subject",
    "cd:partnershipForm",
    "cd:programme",
    "cd:diplomaticPost",
    "cd:context",
    "cd:history",
]
_LAST = [
    "dct:rights",
    "dct:license",
    "prov:wasDerivedFrom",
    "cd:sourceRank",
    "cd:sourceText",
    "rdf:type",
]


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


_TERMS: Mapping[str, Bilingual] = {
    **{_expanded(name): text for name, text in _NAMES.items()},
    **{str(COUNTRY[c.alpha3]): Bilingual(c.fr, c.en) for c in countries()},
    "http://rdfs.org/ns/void#Dataset": Bilingual("jeu de données", "dataset"),
    str(CURRENCY_EUR): Bilingual("euro", "euro"),
    str(LICENCE_OUVERTE): Bilingual("Licence Ouverte 2.0", "Licence Ouverte 2.0"),
}
_RANKS: Mapping[str, int] = {
    **{_expanded(name): rank - len(_FIRST) for rank, name in enumerate(_FIRST)},
    **{_expanded(name): rank + 1 for rank, name in enumerate(_LAST)},
}


def name_of_term(iri: str, language: Language) -> str | None:
    """The name of a reused term or country, or None."""
    found = _TERMS.get(iri)
    return found.text(language) if found else None


def rank_of_property(iri: str) -> int:
    """Where a property stands on a page: title, dates, parties, funding, others, sources."""
    return _RANKS.get(iri, 0)
