"""Words as the search and suggestions compare them: no case, no accents, the stem of French (Snowball).

Accents go before the stem is taken, so that what is written without them finds the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

import snowballstemmer

from coopdec_graph.namespaces import matching_key

__all__ = ["stems", "stems_without", "wanted"]

# Words that tell nothing apart, as `matching_key` leaves them: « l'eau » gives l and eau.
_EMPTY = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "c",
        "ce",
        "ces",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "ils",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "lui",
        "m",
        "mais",
        "n",
        "ne",
        "nos",
        "notre",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "sans",
        "se",
        "ses",
        "son",
        "sont",
        "sur",
        "t",
        "un",
        "une",
        "vos",
        "votre",
        "vous",
        "y",
        "and",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "the",
        "to",
        "with",
    ]
)


def stems(text: str) -> Iterator[str]:
    """The stem of each word, in order."""
    return map(_stem, matching_key(text).split())


def wanted(text: str) -> list[str]:
    """The stems a search looks for, each once: all words, without the empty ones if others are left."""
    words = matching_key(text).split()
    telling = [word for word in words if word not in _EMPTY]
    return list(dict.fromkeys(map(_stem, telling or words)))


def stems_without(text: str, left_out: frozenset[str]) -> list[str]:
    """The stem of each word, in order, but for some words, which are given as `matching_key` has them."""
    return [_stem(word) for word in matching_key(text).split() if word not in left_out]


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("french")


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))
