"""Which reader reads which section of a page, by field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.contacts import count_people, people_functions, post_name
from coopdec_graph.sources.atlas.fields import (
    read_caption,
    read_end,
    read_label,
    read_sentence,
    read_text,
    read_whole_year,
    refuse_rest,
)
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.lines import label_key
from coopdec_graph.sources.atlas.partners import read_foreign, read_french
from coopdec_graph.sources.atlas.prose import read_prose
from coopdec_graph.sources.atlas.tables import rows
from coopdec_graph.sources.atlas.themes import read_themes

__all__ = ["READERS"]


def _read_heading(section: Section, ledger: Ledger) -> None:
    ledger.ignore(section.head.number, "section-heading")
    refuse_rest(section, ledger)


def _read_noise(section: Section, ledger: Ledger) -> None:
    ledger.ignore(section.head.number, section.label.field.replace("_", "-"))
    refuse_rest(section, ledger)


def _read_footer(section: Section, ledger: Ledger) -> None:
    """The footer and its notice. The year in it belongs to the template, not to the data."""
    ledger.ignore(section.head.number, "footer")
    for line in section.filled():
        if label_key(line.text).startswith("tous droits réservés"):
            ledger.ignore(line.number, "footer")
    rest = [line.number for line in section.filled() if not ledger.settled(line.number)]
    if rest:
        ledger.refuse("after-footer", rest)


def _read_post(section: Section, ledger: Ledger) -> str | None:
    ledger.use(section.head.number, section.label.field)
    return post_name(section.head)


def _read_people(section: Section, ledger: Ledger) -> int | None:
    return count_people(rows(section, ledger), ledger)


def _read_contacts(section: Section, ledger: Ledger) -> tuple[int | None, tuple[str, ...]]:
    """How many contacts the partners have, and their known functions."""
    people = rows(section, ledger)
    return count_people(people, ledger), people_functions(people)


# What each section gives, by field. Lists and funding need the page's names: see `read.py`.
READERS: dict[str, Callable[[Section, Ledger], Any]] = {
    "breadcrumb": _read_noise,
    "site_title": _read_noise,
    "diplomatic_post": _read_post,
    "title": read_text,
    "first_agreement_year": read_whole_year,
    "theme": read_label,
    "sub_theme": read_label,
    "sub_sub_theme": read_label,
    "secondary_themes": read_themes,
    "start_year": read_whole_year,
    "declared_status": read_label,
    "end_date": read_end,
    "context": read_prose,
    "history": read_prose,
    "objective": read_prose,
    "description": read_prose,
    "form": read_label,
    "implementation_heading": _read_heading,
    "beneficiaries": read_prose,
    "foreign_partners": read_foreign,
    "foreign_contacts": _read_contacts,
    "french_partners": read_french,
    "duration_scheme": read_sentence,
    "evaluation_heading": _read_heading,
    "communication_in_france": read_caption,
    "communication_in_partner_countries": read_caption,
    "evaluation_undertaken": read_caption,
    "volunteers": _read_people,
    "footer": _read_footer,
}
