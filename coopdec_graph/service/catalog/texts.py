"""The fixed texts and codes of the record, read once from `catalog.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coopdec_graph.language import Bilingual

__all__ = ["CatalogTexts", "catalog_texts"]


@dataclass(frozen=True, slots=True)
class CatalogTexts:
    """`texts` by what they are of; `themes` are codes of the EU's table `data-theme` with their names.

    `authority` is what the IRIs of the EU's authority tables begin with.
    """

    authority: str
    texts: Mapping[str, Bilingual]
    keywords: Mapping[str, tuple[str, ...]]
    themes: Mapping[str, Bilingual]


@cache
def catalog_texts() -> CatalogTexts:
    data = tomllib.loads(Path(__file__).with_name("catalog.toml").read_text("utf-8"))
    return CatalogTexts(
        data["authority"],
        {name: Bilingual(**text) for name, text in data["texts"].items()},
        {language: tuple(words) for language, words in data["keywords"].items()},
        {code: Bilingual(**name) for code, name in data["themes"].items()},
    )
