"""The labels of an Atlas page, in page order, and what kind of section each one opens.

Verbatim labels: design of the four known layouts. Layout A says "projet" where the others say
"partenariat"; each label is known in both words, since a page mixes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from coopdec_graph.sources.atlas.lines import label_key

__all__ = ["FIELD_LABELS", "LABELS", "LONGEST_LABEL", "Kind", "Label", "match_label"]


class Kind(StrEnum):
    """How the lines after a label are read."""

    NOISE = "noise"
    POST = "post"
    VALUE = "value"
    LIST = "list"
    PROSE = "prose"
    HEADING = "heading"
    TABLE = "table"
    SENTENCE = "sentence"
    CAPTION = "caption"
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Label:
    """`rank` is the place in the page's order."""

    rank: int
    field: str
    kind: Kind


_PROJECT = "(?:projet|partenariat)"

# field, kind, printed label ("*" stands for "projet" or "partenariat"; "~" marks a regex)
_PRINTED = (
    ("breadcrumb", Kind.NOISE, "~accueil > .*"),
    (
        "site_title",
        Kind.NOISE,
        "Atlas français de la coopération décentralisée et des autres actions extérieures",
    ),
    ("diplomatic_post", Kind.POST, '~contacts dans le poste diplomatique ["«“] ?(?:.*?) ?["»”]'),
    ("title", Kind.VALUE, "Titre"),
    ("first_agreement_year", Kind.VALUE, "Année de première signature de la convention"),
    ("theme", Kind.VALUE, "Thématique d'intervention"),
    ("sub_theme", Kind.VALUE, "Sous-thématique d'intervention"),
    ("sub_sub_theme", Kind.VALUE, "Sous-sous-thématique d'intervention"),
    ("secondary_themes", Kind.TABLE, "Autres thématiques mises en œuvre pour le *"),
    ("start_year", Kind.VALUE, "Année de début du *"),
    ("declared_status", Kind.VALUE, "Le * est"),
    ("end_date", Kind.VALUE, "Date de fin du *"),
    ("context", Kind.PROSE, "Contexte"),
    ("history", Kind.PROSE, "Historique"),
    ("objective", Kind.PROSE, "Objectif du *"),
    ("description", Kind.PROSE, "Description détaillée du *"),
    ("form", Kind.VALUE, "Votre * prend la forme d'un(e)"),
    ("implementation_heading", Kind.HEADING, "Mise en œuvre du *"),
    ("project_managers", Kind.LIST, "Maître(s) d'œuvre"),
    ("project_owners", Kind.LIST, "Maître(s) d'ouvrage"),
    ("beneficiaries", Kind.PROSE, "Bénéficiaire(s)"),
    ("foreign_partners", Kind.TABLE, "Partenaires étrangers du *"),
    ("foreign_contacts", Kind.TABLE, "Contacts dans les partenaires étrangers du *"),
    ("french_partners", Kind.TABLE, "Collectivités territoriales partenaires du *"),
    ("duration_scheme", Kind.SENTENCE, f"~le {_PROJECT} est [\\w-]*(?:annuel|ennal)"),
    ("funding", Kind.TABLE, "Financement du *"),
    ("evaluation_heading", Kind.HEADING, "Évaluations, communication et perspectives"),
    ("communication_in_france", Kind.CAPTION, "Une communication a été engagée en France"),
    (
        "communication_in_partner_countries",
        Kind.CAPTION,
        "Une communication a été engagée dans les pays partenaires",
    ),
    ("evaluation_undertaken", Kind.CAPTION, "Une politique d'évaluation a été engagée"),
    (
        "volunteers",
        Kind.TABLE,
        "Volontaires impliqués dans le * (VSI, service civique, etc.) d'Échange et de Solidarité",
    ),
    ("footer", Kind.FOOTER, "PIED DE PAGE"),
)


# The state of a tick-box, before or after its caption, or an answer printed after it.
_BOX_BEFORE = r"(?:\[[x ]\] )?"
_ANSWER_AFTER = r"(?: (?:\[[x ]\]|:? ?(?:oui|non)))?"

LABELS: tuple[Label, ...] = tuple(
    Label(rank, field, kind) for rank, (field, kind, _) in enumerate(_PRINTED)
)


def _wordings(printed: str) -> Iterator[str]:
    """The label's keys. Layout A says "début de projet", yet "fin du projet"."""
    for activity in ("partenariat", "projet"):
        key = label_key(printed).replace("*", activity)
        yield key
        yield key.replace(f" du {activity}", f" de {activity}")


_FIXED: Mapping[str, Label] = {
    key: label
    for label, (_, _, printed) in zip(LABELS, _PRINTED, strict=True)
    if not printed.startswith("~")
    for key in _wordings(printed)
}


def _pattern(kind: Kind, printed: str) -> re.Pattern[str] | None:
    """What matches the keys of a label that is not one fixed text."""
    if printed.startswith("~"):
        return re.compile(printed[1:])
    if kind is Kind.CAPTION:
        return re.compile(_BOX_BEFORE + re.escape(label_key(printed)) + _ANSWER_AFTER)
    return None


_VARIABLE = tuple(
    (pattern, label)
    for label, (_, kind, printed) in zip(LABELS, _PRINTED, strict=True)
    if (pattern := _pattern(kind, printed)) is not None
)

# Fields as a page names them: for messages. A few have no label of their own on the page.
FIELD_LABELS: Mapping[str, str] = {
    **{
        field: printed.replace("*", "partenariat")
        for field, _, printed in _PRINTED
        if not printed.startswith("~")
    },
    "diplomatic_post": "Contacts dans le poste diplomatique",
    "duration_scheme": "Le partenariat est …",
    "local_objective": "Objectifs locaux",
    "main_theme": "Thématique d'intervention",
    "objective_in_france": "Objectifs en France",
}

LONGEST_LABEL = 200


@lru_cache(maxsize=10_000)
def match_label(text: str) -> Label | None:
    """The label a whole line is, or None. A line that only begins like a label is not one."""
    if len(text) > LONGEST_LABEL:
        return None
    key = label_key(text)
    fixed = _FIXED.get(key)
    if fixed is not None:
        return fixed
    return next((label for pattern, label in _VARIABLE if pattern.fullmatch(key)), None)
