"""Spellings under which Wikidata may hold a name, for countries whose places cannot all be read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coopdec_graph.linking.names import ParsedName, key_of, small_words

__all__ = ["spellings"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def spellings(printed: str, name: ParsedName) -> set[str]:
    """The name as printed, and each reading of it in the usual case, with spaces and with hyphens."""
    bare = [form.key for form in name.forms if form.bare]
    found = {" ".join(printed.split())}
    for tail in {*bare, key_of(printed)}:
        text = _ending(printed, tail)
        for spelled in _cased(text):
            found |= {spelled, spelled.replace("-", " "), re.sub(r"[ -]+", "-", spelled)}
    return {text for text in found if text}


def _ending(printed: str, tail: str) -> str:
    """The end of a printed name that has this key, accents and all; the key where there is none."""
    starts = [match.start() for match in _WORD.finditer(printed)]
    starts += [i + 1 for i, character in enumerate(printed) if character in "'’"]
    for start in sorted(starts):
        if key_of(printed[start:]) == tail:
            return " ".join(printed[start:].split())
    return tail


def _cased(text: str) -> Iterator[str]:
    yield text
    small = small_words()
    words = re.split(r"([\s\-]+)", text.lower())
    capital = [word[:1].upper() + word[1:] for word in words]
    yield "".join(capital)
    yield "".join(
        word if word in small and position else capital[position]
        for position, word in enumerate(words)
    )
