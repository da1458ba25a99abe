"""The record as a page: facts, downloads, services, and the same for search engines."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import Request
from starlette.responses import HTMLResponse

from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import ONTOLOGY, SHAPES
from coopdec_graph.service.catalog.record import Record
from coopdec_graph.service.catalog.search_engines import dataset_for_search_engines
from coopdec_graph.service.catalog.texts import catalog_texts
from coopdec_graph.service.data_blocks import data_block
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.terms import name_of_term
from coopdec_graph.service.values import count, day

__all__ = ["catalog_page"]

# The name of a fact, what it says, where it leads.
Fact = tuple[str, str, str | None]

_SEEN = Bilingual("Source vue pour la dernière fois", "Source last seen")
_AS_OF = Bilingual(
    "Jour de référence (aucune page ne dit quand elle a été vue)",
    "As of (no page says when it was seen)",
)
_SOURCE = Bilingual("Source à citer", "Source to cite")
_PUBLISHER = Bilingual("Éditeur", "Publisher")
_LICENCE = Bilingual("Licence", "Licence")
_VERSION = Bilingual("Version (publication)", "Version (release)")
_PERIOD = Bilingual("Période", "Period")
_COUNTRIES = Bilingual("Pays", "Countries")
_THEMES = Bilingual("Thèmes", "Themes")
_PROVENANCE = Bilingual("Provenance", "Provenance")
_STANDARDS = Bilingual("Conforme à", "Conforms to")
_UNTIL = Bilingual("fin non indiquée", "no end stated")


def catalog_page(pages: Pages, request: Request, record: Record) -> HTMLResponse:
    """The page in the reader's language."""
    language = pages.language(request)
    return pages.page(
        request,
        "catalog.html",
        record=record,
        title=record.title.text(language),
        description=catalog_texts().texts["description"].text(language),
        facts=[fact for fact in _facts(pages, record, language) if fact[1]],
        embedded=data_block(dataset_for_search_engines(record, language)),
        count=lambda number: count(str(number), language),
    )


def _facts(pages: Pages, record: Record, language: Language) -> Iterator[Fact]:
    def fact(name: Bilingual, value: str | None, href: str | None = None) -> Fact:
        return name.text(language), value or "", href

    local = pages.addresses.local
    texts = catalog_texts()
    publisher = record.publisher and local(record.publisher)
    licence = record.licence and (name_of_term(record.licence, language) or record.licence)
    yield fact(_SOURCE, record.attribution)
    yield fact(_PUBLISHER, record.publisher_name, publisher)
    yield fact(_LICENCE, licence, record.licence)
    modified = record.modified and day(record.modified, language)
    yield fact(_SEEN if record.seen else _AS_OF, modified)
    yield fact(_VERSION, record.release)
    yield fact(_PERIOD, _period(record, language))
    names = [name_of_term(iri, language) or iri for iri in record.countries]
    yield fact(_COUNTRIES, ", ".join(sorted(names)))
    yield fact(_THEMES, ", ".join(name.text(language) for name in texts.themes.values()))
    if record.provenance is not None:
        yield fact(_PROVENANCE, record.provenance.text(language))
    for iri, name in ((ONTOLOGY, "ontology"), (SHAPES, "shapes")):
        yield fact(_STANDARDS, texts.texts[name].text(language), f"/{iri.rpartition('/')[2]}")


def _period(record: Record, language: Language) -> str | None:
    if record.first is None:
        return None
    last = day(record.last, language) if record.last else _UNTIL.text(language)
    return f"{day(record.first, language)} – {last}"
