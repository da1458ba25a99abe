"""Themes as sectors and tags: our own scheme, the DAC's purpose codes, the goals (SDG)."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from coopdec_graph.exporting.iati.xml import add, add_narratives
from coopdec_graph.exporting.reading import Reader, Thing
from coopdec_graph.exporting.themes import dac_code
from coopdec_graph.namespaces import SCHEME, SDG

__all__ = ["add_sectors", "add_tags"]

_DAC_5, _DAC_3, _OWN = "1", "2", "99"
_GOALS, _TARGETS = "2", "3"
# The DAC's own code for what has no sector.
_UNSPECIFIED = "99810"
_WHOLE = "100"
_THEMES = str(SCHEME["theme"])


def add_sectors(activity: etree._Element, facts: Thing, reader: Reader) -> None:
    """The main theme as a sector of our own vocabulary, and the DAC's where one code is its like.

    Several codes would want shares of the money, which are not known: then none is given.
    """
    theme = facts.one("cd:mainTheme")
    if theme is None:
        add(activity, "sector", vocabulary=_DAC_5, code=_UNSPECIFIED, percentage=_WHOLE)
        return
    code = dac_code(reader.shared(theme))
    if code is not None:
        vocabulary = _DAC_5 if len(code) == 5 else _DAC_3
        add(activity, "sector", vocabulary=vocabulary, code=code, percentage=_WHOLE)
    own = _add_theme(activity, "sector", reader.shared(theme))
    own.set("percentage", _WHOLE)


def add_tags(activity: etree._Element, facts: Thing, reader: Reader) -> None:
    """What has no share: the other themes, and the goals and targets that all of them relate to."""
    main, themes = facts.one("cd:mainTheme"), facts.iris("dct:subject")
    for theme in themes:
        if theme != main:
            _add_theme(activity, "tag", reader.shared(theme))
    for goal in _goals(themes, reader):
        (notation, *_) = goal.texts("skos:notation")
        vocabulary = _TARGETS if "." in notation.value else _GOALS
        tag = add(activity, "tag", vocabulary=vocabulary, code=notation.value)
        add_narratives(tag, goal.texts("skos:prefLabel"))


def _goals(themes: Iterable[str], reader: Reader) -> list[Thing]:
    related = {
        iri
        for theme in themes
        for iri in reader.shared(theme).iris("skos:relatedMatch")
        if iri.startswith(f"{SDG}/")
    }
    goals = (reader.shared(iri) for iri in sorted(related, key=_in_order))
    return [goal for goal in goals if goal.texts("skos:notation")]


def _in_order(iri: str) -> list[tuple[int, str]]:
    """2 before 10, and 1.a after 1.5."""
    parts = iri.rpartition("/")[2].split(".")
    return [(int(part) if part.isdigit() else 1000, part) for part in parts]


def _add_theme(activity: etree._Element, tag: str, theme: Thing) -> etree._Element:
    code = theme.iri.removeprefix(f"{_THEMES}/")
    element = add(activity, tag, vocabulary=_OWN, vocabulary_uri=_THEMES, code=code)
    add_narratives(element, theme.texts("skos:prefLabel"))
    return element
