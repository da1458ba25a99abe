"""Every namespace and every IRI we mint; `Minter` holds the only functions that make one.

The policy (docs/identifiers.md): slugs for small sets that people curate, the Atlas's number or
an opaque registered key for partnerships, natural keys for rows; never a person.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

from rdflib import Namespace, URIRef

__all__ = [
    "ADMS",
    "CD",
    "CDS",
    "COUNTRY",
    "CURRENCY",
    "CURRENCY_EUR",
    "CV",
    "DEFAULT_BASE",
    "GEO",
    "IGEO",
    "LICENCE_OUVERTE",
    "ONTOLOGY",
    "PREFIXES",
    "PROFILE",
    "PROFILES",
    "SCHEMA",
    "SCHEME",
    "SDG",
    "SF",
    "SHAPES",
    "WIKIDATA",
    "XKOS",
    "Minter",
    "identifier_key",
    "matching_key",
    "slug",
]

DEFAULT_BASE = "https://w3id.org/coopdec/"

# The vocabulary keeps its IRI whatever base a deployment gives its data: terms are shared.
ONTOLOGY = URIRef("https://w3id.org/coopdec/def")
SHAPES = URIRef("https://w3id.org/coopdec/shapes")
CD = Namespace("https://w3id.org/coopdec/def#")
CDS = Namespace("https://w3id.org/coopdec/shapes#")
SCHEME = Namespace("https://w3id.org/coopdec/scheme/")
# The views of a resource in other vocabularies.
PROFILES = URIRef("https://w3id.org/coopdec/profiles")
PROFILE = Namespace("https://w3id.org/coopdec/profiles#")

CV = Namespace("http://data.europa.eu/m8g/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
XKOS = Namespace("http://rdf-vocabulary.ddialliance.org/xkos#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
SF = Namespace("http://www.opengis.net/ont/sf#")
IGEO = Namespace("http://rdf.insee.fr/def/geo#")
SCHEMA = Namespace("https://schema.org/")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
# The scheme of the goals; a goal is a slash and its number further.
SDG = URIRef("http://metadata.un.org/sdg")
COUNTRY = Namespace("http://publications.europa.eu/resource/authority/country/")
CURRENCY = Namespace("http://publications.europa.eu/resource/authority/currency/")
CURRENCY_EUR = CURRENCY["EUR"]
LICENCE_OUVERTE = URIRef("https://www.etalab.gouv.fr/licence-ouverte-open-licence")

PREFIXES: dict[str, str] = {
    "adms": str(ADMS),
    "cd": str(CD),
    "cds": str(CDS),
    "cv": str(CV),
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": str(GEO),
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "igeo": str(IGEO),
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": str(SCHEMA),
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
    "void": "http://rdfs.org/ns/void#",
    "wd": str(WIKIDATA),
    "wdt": "http://www.wikidata.org/prop/direct/",
    "xkos": str(XKOS),
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})
_NOT_WORD = re.compile(r"[\W_]+")


def matching_key(text: str) -> str:
    """A text as it is compared: no case, no accents, one space between words (Unicode NFKD)."""
    folded = unicodedata.normalize("NFKD", text.translate(_LIGATURES)).casefold()
    bare = "".join(character for character in folded if not unicodedata.combining(character))
    return _NOT_WORD.sub(" ", bare).strip()


def slug(text: str) -> str:
    """The words of a text joined by hyphens: `Mantes la Jolie` gives `mantes-la-jolie`.

    A text without any letter or digit gives `x`, so that an IRI always has its last segment.
    Letters of other scripts stay as they are: an IRI (RFC 3987) may hold them.
    """
    return matching_key(text).replace(" ", "-")[:120].rstrip("-") or "x"


_PLAIN_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def identifier_key(identifier: str) -> str:
    """A programme's own identifier as part of a key: itself where an IRI can hold it as it is.

    Else its plain characters, and eight digits of its SHA-256, so that no two are confused.
    """
    if _PLAIN_IDENTIFIER.fullmatch(identifier):
        return identifier
    digest = hashlib.sha256(identifier.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{_NOT_PLAIN.sub('-', identifier).strip('-')[:100] or 'x'}~{digest}"


@dataclass(frozen=True, slots=True)
class Minter:
    """Makes the IRIs of one deployment from its base (ends with a slash)."""

    base: str = DEFAULT_BASE

    def _id(self, *segments: str | int) -> URIRef:
        return URIRef(self.base + "id/" + "/".join(str(segment) for segment in segments))

    def dataset(self) -> URIRef:
        return self._id("dataset")

    def catalog(self, part: str = "") -> URIRef:
        """The catalogue of the deployment, or a part of it that its document describes."""
        return URIRef(f"{self.base}catalog" + (f"#{part}" if part else ""))

    def programme_dataset(self, programme: str) -> URIRef:
        """The part of the dataset that one programme gives."""
        return self._id("dataset", programme)

    def partnership(self, key: str) -> URIRef:
        return self.activity("Partnership", key)

    def activity(self, kind: str, key: str) -> URIRef:
        """An activity by its kind: `Partnership` gives `id/partnership/…`."""
        return self._id(kind.lower(), key)

    def participation(self, key: str, number: int) -> URIRef:
        return self._id("participation", key, number)

    def french_collectivity(self, name: str) -> URIRef:
        return self._id("collectivity", "fr", slug(name))

    def foreign_collectivity(self, iso2: str, name: str) -> URIRef:
        return self._id("collectivity", iso2.lower(), slug(name))

    def unplaced_collectivity(self, key: str, name: str) -> URIRef:
        """A foreign body whose country is unknown: its identity ends with its partnership."""
        return self._id("collectivity", "unplaced", key, slug(name))

    def organisation(self, name: str) -> URIRef:
        return self._id("organisation", slug(name))

    def referenced_organisation(self, reference: str) -> URIRef:
        """A body by the identifier that a register gave it (org-id.guide)."""
        return self._id("organisation", "ref", identifier_key(reference))

    def diplomatic_post(self, name: str) -> URIRef:
        return self._id("diplomatic-post", slug(name))

    def contact_point(self, post: str, function: str) -> URIRef:
        return self._id("contact-point", slug(post), slug(function))

    def financer_group(self, key: str, name: str) -> URIRef:
        return self._id("financer-group", key, slug(name))

    def funding_line(self, key: str, financer: str, year: str, repeat: int) -> URIRef:
        """The natural key of a row; `repeat` is 1 for the first row with this key."""
        row = self._id("funding", key, financer, year)
        return row if repeat == 1 else URIRef(f"{row}/{repeat}")

    def financial_item(self, key: str, number: int) -> URIRef:
        return self._id("financial-item", key, number)

    def allocation(self, of: URIRef, kind: str, number: int) -> URIRef:
        """What an activity or a financial item goes to, by its rank among the like."""
        return self._id("allocation", of.removeprefix(self.base + "id/"), kind, number)

    def location(self, key: str, number: int) -> URIRef:
        return self._id("location", key, number)

    def other_identifier(self, key: str, number: int) -> URIRef:
        return self._id("other-identifier", key, number)

    def related_activity(self, key: str, number: int) -> URIRef:
        return self._id("related-activity", key, number)

    def one_percent_levy(self, key: str, line: int, column: int) -> URIRef:
        return self._id("one-percent-levy", key, line, column)

    def secondary_theme(self, key: str, number: int) -> URIRef:
        return self._id("secondary-theme", key, number)

    def period(self, key: str) -> URIRef:
        return self._id("period", key)

    def derivation(self, key: str, name: str) -> URIRef:
        return self._id("derivation", key, name)

    def derivation_of_name(self, body: URIRef) -> URIRef:
        """How the preferred name of a body was chosen."""
        return self._id("derivation", "name", body.removeprefix(self.base + "id/"))

    def rate_table(self, digest: str) -> URIRef:
        """A table of exchange rates, by the SHA-256 of its file."""
        return self._id("rate-table", digest[:16])

    def sector_suggestion(self, key: str, code: str) -> URIRef:
        """A sector of the DAC that the words of an activity hint at."""
        return URIRef(self.sector_suggestions(key) + code)

    def sector_suggestions(self, *keys: str) -> str:
        """How the IRIs of all sector suggestions begin, or those of one activity."""
        return self._id("sector-suggestion", *keys) + "/"

    def edit(self, digest: str) -> URIRef:
        """A change made by an administrator, by a digest of what was asked and of what."""
        return self._id("derivation", "edit", digest)

    def validation_report(self, key: str) -> URIRef:
        return self._id("validation-report", key)

    def validation_result(self, key: str, number: int) -> URIRef:
        return self._id("validation-result", key, number)

    def source(self, key: str, digest: str) -> URIRef:
        return self._id("source", f"{key}-{digest[:12]}")

    def place(self, key: str) -> URIRef:
        """A place by the table and code that identify it: `fr/commune/78361`."""
        return self._id("place", key)

    def geometry(self, key: str) -> URIRef:
        return self._id("geometry", key)

    def alignment(self, about: URIRef, item: str) -> URIRef:
        """A decision, by what it is about and the item; without an item, `none` stands for it."""
        pair = f"{about.removeprefix(self.base)} {item or 'none'}"
        return self._id("alignment", hashlib.sha256(pair.encode()).hexdigest()[:16])

    def link_run(self, digest: str) -> URIRef:
        return self._id("link-run", digest)

    def linkset(self, target: str) -> URIRef:
        return self._id("linkset", target)

    def cube(self, *segments: str) -> URIRef:
        """The cube of funding, its structure, or one of its observations by the values it has."""
        return self._id("cube", "funding", *segments)

    def graph(self, kind: str, key: str = "") -> URIRef:
        """A named graph: `source`, `narrative` and `derived` have one per partnership."""
        return URIRef(f"{self.base}graph/{kind}" + (f"/{key}" if key else ""))
