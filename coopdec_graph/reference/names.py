"""Names of places as they are compared for linking: a looser key than the one of identity.

`namespaces.matching_key` decides which printed names are one body, so that it may never join two
places. `place_key` joins spellings of one name ("St Denis", "Mans (Le)") and is used only to find
candidates, which are then counted: two survivors are no answer.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coopdec_graph.namespaces import matching_key

__all__ = ["BodyName", "body_name", "loosened", "place_key"]

_WORDS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES = {"le", "la", "les", "l"}
_ABBREVIATED_SUR = re.compile(r"(?<=[\s-])s/\s*", re.IGNORECASE)
# "Mans (Le)", "Les Abymes (Les)": registers put the article behind the name.
_ARTICLE_BEHIND = re.compile(r"[(,]\s*(?:l['’]|le|la|les)\s*\)?\s*$", re.IGNORECASE)
# Letters of Arabic that writers exchange at the end of a word, and the stroke that lengthens one.
_ARABIC = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None})
_LINKS = re.compile(r"^(?:de la |de l |du |des |de |d )")


def place_key(text: str) -> str:
    """The key of a name: `matching_key`, "saint" for "st", no article in front or behind.

    A name that is nothing but an article keeps it: the key of a text with a letter is not empty.
    """
    if "/" in text or "(" in text or "," in text:
        shorter = _ABBREVIATED_SUR.sub("sur ", _ARTICLE_BEHIND.sub("", text))
        return loosened(matching_key(shorter) or matching_key(text))
    return loosened(matching_key(text))


def loosened(key: str) -> str:
    """The `place_key` of a text without brackets, commas or strokes, from its `matching_key`."""
    words = [_WORDS.get(word, word) for word in key.translate(_ARABIC).split()]
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    return " ".join(words)


@dataclass(frozen=True, slots=True)
class BodyName:
    """A name without what stands before it, and the levels that this told: none when it did not.

    `Conseil départemental des Yvelines` is `yvelines` at the level of départements.
    """

    key: str
    levels: tuple[str, ...]


def body_name(text: str) -> BodyName:
    """Takes the longest known prefix off; a text without one is a bare name of unknown level."""
    key = matching_key(text)
    for prefix in _prefixes():
        if key.startswith(f"{prefix} "):
            rest = _LINKS.sub("", key.removeprefix(f"{prefix} ") + " ").rstrip()
            if rest:
                return BodyName(place_key(rest), tuple(_prefixes()[prefix]))
    return BodyName(place_key(text), ())


@cache
def _prefixes() -> Mapping[str, list[str]]:
    """Longest first."""
    path = Path(__file__).with_name("names.toml")
    data: dict[str, list[str]] = tomllib.loads(path.read_text("utf-8"))["prefixes"]
    return dict(sorted(data.items(), key=lambda item: (-len(item[0]), item[0])))
