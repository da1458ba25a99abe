"""The record in schema.org's words, as search engines of datasets read it from the page.

Google's structured data for datasets asks for `name` and `description` and recommends the rest;
the context is inside, so that whoever reads it loads nothing.
"""

from __future__ import annotations

from typing import Any

from coopdec_graph.language import Language
from coopdec_graph.namespaces import SCHEMA
from coopdec_graph.service.catalog.record import Download, Record
from coopdec_graph.service.catalog.texts import catalog_texts
from coopdec_graph.service.terms import name_of_term

__all__ = ["dataset_for_search_engines"]


def dataset_for_search_engines(record: Record, language: Language) -> dict[str, Any]:
    """A schema:Dataset as a JSON-LD document, in the language of the page."""
    texts = catalog_texts()
    document = {
        "@context": {"@vocab": str(SCHEMA)},
        "@type": "Dataset",
        "@id": record.dataset,
        "name": record.title.text(language),
        "description": texts.texts["description"].text(language),
        "url": f"{record.root}/catalog.html",
        "identifier": record.dataset,
        "version": record.release,
        "dateModified": record.modified,
        "license": record.licence,
        "isAccessibleForFree": True,
        "inLanguage": ["fr", "en"],
        "keywords": list(texts.keywords[language]),
        "creator": _publisher(record),
        "creditText": record.attribution,
        "temporalCoverage": _period(record),
        "spatialCoverage": [
            {"@type": "Country", "@id": iri, "name": name_of_term(iri, language) or iri}
            for iri in record.countries
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": record.catalog,
            "name": texts.texts["catalog"].text(language),
            "url": f"{record.root}/catalog.html",
        },
        "distribution": [
            _download(each, language) for each in record.downloads if each.media_type is not None
        ],
    }
    return {name: value for name, value in document.items() if value not in (None, [])}


def _publisher(record: Record) -> dict[str, Any] | None:
    if record.publisher is None or record.publisher_name is None:
        return None
    return {
        "@type": "Organization",
        "@id": record.publisher,
        "name": record.publisher_name,
    }


def _period(record: Record) -> str | None:
    """An interval of ISO 8601; an end that is not known is written as two points."""
    if record.first is None:
        return None
    return f"{record.first}/{record.last or '..'}"


def _download(download: Download, language: Language) -> dict[str, Any]:
    found = {
        "@type": "DataDownload",
        "name": download.title.text(language),
        "contentUrl": download.address,
        "encodingFormat": download.media_type,
        "contentSize": None if download.size is None else f"{download.size} B",
        "sha256": download.sha256,
    }
    return {name: value for name, value in found.items() if value is not None}
