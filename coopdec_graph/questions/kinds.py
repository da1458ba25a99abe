"""The types of parameters: what one may write for each, and the RDF term it stands for.

Types with a syntax (`year`, `date`, `amount`, `flag`, `text`, `identifier`) are read here. The others are
chosen from a list: countries from the reference table, languages, the DAC's sectors and the goals
from `ontology/`, and what the index of a release has (`coopdec_graph/index/choices.py`). No IRI is ever made of what somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pyoxigraph as ox

from coopdec_graph.graph.query import Term
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import PREFIXES

__all__ = ["LISTED", "MOST_CHARACTERS", "Kind", "about", "example_of", "pattern_of", "written"]

# Longer than any name a page prints; IRIs of bodies end with at most 120 characters of their name.
MOST_CHARACTERS = 500


class Kind(StrEnum):
    """The type of a parameter, as a question's header spells it."""

    AMOUNT = "amount"
    BODY = "body"
    COLLECTIVITY = "collectivity"
    COUNTRY = "country"
    DAC = "dac"
    DATE = "date"
    DECISION = "decision"
    DEPARTEMENT = "departement"
    FINANCER = "financer"
    FLAG = "flag"
    FORM = "form"
    IDENTIFIER = "identifier"
    KIND = "kind"
    LANGUAGE = "language"
    LEVEL = "level"
    PARTNERSHIP = "partnership"
    PLACE = "place"
    POST = "post"
    PROGRAMME = "programme"
    REGION = "region"
    SDG = "sdg"
    STATUS = "status"
    TEXT = "text"
    THEME = "theme"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class _Syntax:
    """A pattern (of ECMAScript too, for OpenAPI) and the datatype of its literals, None: plain."""

    pattern: str
    datatype: str | None
    sound: Callable[[str], bool] = lambda text: True


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_said(text: str) -> bool:
    """Whether there is more than blanks, and no half of a surrogate pair (bytes of no encoding)."""
    return bool(text.strip()) and not any("\ud800" <= character <= "\udfff" for character in text)


_SYNTAX: Mapping[Kind, _Syntax] = {
    Kind.AMOUNT: _Syntax(r"[0-9]{1,12}(\.[0-9]{1,2})?", "decimal"),
    Kind.DATE: _Syntax(r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}", "date", _is_day),
    Kind.FLAG: _Syntax(r"(yes|no)", None),
    Kind.IDENTIFIER: _Syntax(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}", None),
    # Anything that can be printed: C0, DEL and C1 cannot.
    Kind.TEXT: _Syntax(r"[^\u0000-\u001f\u007f-\u009f]{1,200}", None, _is_said),
    Kind.YEAR: _Syntax(r"[1-9][0-9]{3}", "gYear"),
}
# A code of a département is taken even if the release has no place there.
_DEPARTEMENT = _Syntax(r"(0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[1-6])", None)

# Chosen from a list; the values of `departement` may also be codes that are not in it.
LISTED = frozenset(Kind) - frozenset(_SYNTAX)

_ABOUT: Mapping[Kind, tuple[Bilingual, str]] = {
    Kind.AMOUNT: (
        Bilingual("un nombre, avec un point décimal", "a number, with a decimal point"),
        "1500.50",
    ),
    Kind.BODY: (
        Bilingual(
            "un participant : la fin de son IRI après « id/ », son IRI ou son nom",
            "a member: the end of its IRI after “id/”, its IRI or its name",
        ),
        "collectivity/fr/mantes-la-jolie",
    ),
    Kind.COLLECTIVITY: (
        Bilingual(
            "une collectivité : la fin de son IRI après « id/collectivity/ », son IRI ou son nom",
            "a collectivity: the end of its IRI after “id/collectivity/”, its IRI or its name",
        ),
        "fr/mantes-la-jolie",
    ),
    Kind.COUNTRY: (
        Bilingual(
            "un pays : son code ISO 3166-1 à deux ou trois lettres, ou son nom",
            "a country: its ISO 3166-1 code of two or three letters, or its name",
        ),
        "MA",
    ),
    Kind.DAC: (
        Bilingual(
            "un secteur du CAD, de trois ou cinq chiffres : son code ou son nom",
            "a sector of the DAC, of three or five digits: its code or name",
        ),
        "15112",
    ),
    Kind.DATE: (Bilingual("un jour, AAAA-MM-JJ", "a day, YYYY-MM-DD"), "2026-12-31"),
    Kind.DECISION: (
        Bilingual(
            "une décision : accepted (acceptée), review (à revoir), refused (refusée), nil (rien"
            " trouvé) ou unasked (pas demandé)",
            "a decision: accepted, review (for a person), refused, nil (nothing found) or unasked",
        ),
        "accepted",
    ),
    Kind.DEPARTEMENT: (
        Bilingual(
            "un département : son code INSEE, ou son nom", "a département: its INSEE code, or name"
        ),
        "78",
    ),
    Kind.FINANCER: (
        Bilingual(
            "un financeur : la fin de son IRI après « id/ », son IRI ou son nom",
            "a financer: the end of its IRI after “id/”, its IRI or its name",
        ),
        "organisation/ministere-de-l-europe-et-des-affaires-etrangeres",
    ),
    Kind.FLAG: (Bilingual("yes (oui) ou no (non)", "yes or no"), "yes"),
    Kind.FORM: (
        Bilingual("une forme : son code ou son nom", "a form: its code or name"),
        "projet-de-cooperation-decentralisee",
    ),
    Kind.IDENTIFIER: (
        Bilingual("l'identifiant d'un partenariat", "the identifier of a partnership"),
        "atlas-3203",
    ),
    Kind.KIND: (
        Bilingual(
            "une nature : FrenchCollectivity, ForeignCollectivity, FinancerGroup, Organization, ou"
            " son nom",
            "a kind: FrenchCollectivity, ForeignCollectivity, FinancerGroup, Organization, or its"
            " name",
        ),
        "FrenchCollectivity",
    ),
    Kind.LANGUAGE: (Bilingual("une langue : fr ou en", "a language: fr or en"), "fr"),
    Kind.LEVEL: (
        Bilingual("un niveau : son code ou son nom", "a level: its code or name"),
        "commune",
    ),
    Kind.PARTNERSHIP: (
        Bilingual(
            "un partenariat : son identifiant ou son IRI", "a partnership: its identifier or IRI"
        ),
        "atlas-3203",
    ),
    Kind.PLACE: (
        Bilingual(
            "un lieu : la fin de son IRI après « id/place/ », son IRI ou son nom",
            "a place: the end of its IRI after “id/place/”, its IRI or its name",
        ),
        "fr/commune/78361",
    ),
    Kind.POST: (
        Bilingual("un poste diplomatique : son code ou son nom", "a post: its code or name"),
        "ambassade-de-france-a-rabat",
    ),
    Kind.PROGRAMME: (
        Bilingual("un programme : son code ou son nom", "a programme: its code or name"),
        "atlas",
    ),
    Kind.REGION: (
        Bilingual("une région : son code INSEE, ou son nom", "a région: its INSEE code, or name"),
        "11",
    ),
    Kind.SDG: (
        Bilingual(
            "un objectif de développement durable : son numéro, de 1 à 17, ou son nom ; ou une cible (16.6)",
            "a Sustainable Development Goal: its number, from 1 to 17, or its name; or a target (16.6)",
        ),
        "16",
    ),
    Kind.STATUS: (
        Bilingual("un état : son code ou son nom", "a status: its code or name"),
        "en-cours",
    ),
    Kind.TEXT: (Bilingual("un texte", "a text"), "eau"),
    Kind.THEME: (
        Bilingual(
            "une thématique : la fin de son IRI après « theme/ », son IRI ou son nom",
            "a theme: the end of its IRI after “theme/”, its IRI or its name",
        ),
        "eau-et-dechets",
    ),
    Kind.YEAR: (Bilingual("une année de quatre chiffres", "a year of four digits"), "2020"),
}


def about(kind: Kind) -> Bilingual:
    """What one writes for a parameter of this type."""
    return _ABOUT[kind][0]


def example_of(kind: Kind) -> str:
    """A value of this type, for descriptions."""
    return _ABOUT[kind][1]


def pattern_of(kind: Kind) -> str | None:
    """The regular expression that a value must match whole; None where a list decides."""
    syntax = _SYNTAX.get(kind)
    return None if syntax is None else f"^{syntax.pattern}$"


def written(kind: Kind, text: str) -> Term | None:
    """The literal that a text means by its syntax alone; None when it has another syntax."""
    syntax = _DEPARTEMENT if kind is Kind.DEPARTEMENT else _SYNTAX.get(kind)
    if syntax is None or not re.fullmatch(syntax.pattern, text) or not syntax.sound(text):
        return None
    if syntax.datatype is None:
        return ox.Literal(text)
    return ox.Literal(text, datatype=ox.NamedNode(PREFIXES["xsd"] + syntax.datatype))
