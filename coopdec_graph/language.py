"""The two languages people read the product in: French first, English beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["LANGUAGES", "Bilingual", "Language", "language_of_environment"]

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, Language] = ("fr", "en")


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in French and English; `{name}` marks are filled by `text`."""

    fr: str
    en: str

    def text(self, language: Language, **values: object) -> str:
        """The text in one language with its marks filled. A missing mark raises KeyError."""
        template = self.fr if language == "fr" else self.en
        return template.format(**values) if values else template

    def to_dict(self) -> dict[str, str]:
        return {"fr": self.fr, "en": self.en}


def language_of_environment(environment: Mapping[str, str] | None = None) -> Language:
    """The language of messages: COOPDEC_LANG, else the POSIX locale, else French.

    Only an explicit English locale turns to English: our first users are French, and the
    "C" locale of a server says nothing about who reads.
    """
    variables = os.environ if environment is None else environment
    for name in ("COOPDEC_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = variables.get(name, "").lower()
        if value.startswith("en"):
            return "en"
        if value.startswith("fr"):
            return "fr"
    return "fr"
