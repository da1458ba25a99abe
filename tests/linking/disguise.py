"""Names as the Atlas writes them, made from right names with a seed."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping

__all__ = ["DISGUISES", "TYPO", "disguised"]

_VOWELS = "aeiouyhAEIOUYHÉÈÊÂÎÔÛéèêâîôû"


def _of(words: str, name: str) -> str:
    """`Ville de X`, with the article that French asks for."""
    if name[:1] in _VOWELS:
        return f"{words} d'{name}"
    for article, joined in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return f"{words} {joined}{name.removeprefix(article)}"
    return f"{words} de {name}"


def _bare(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _hyphens(name: str, dice: random.Random) -> str:
    if "-" in name:
        return name.replace("-", dice.choice([" ", " - "]))
    return name.replace(" ", "-")


def _typo(name: str, dice: random.Random) -> str:
    """One letter dropped, doubled, exchanged with its neighbour or replaced; never the first."""
    places = [i for i, c in enumerate(name) if i and c.isalpha()]
    if not places:
        return name
    place = dice.choice(places)
    letter = name[place]
    manner = dice.randrange(4)
    if manner == 0:
        return name[:place] + name[place + 1 :]
    if manner == 1:
        return name[:place] + letter + name[place:]
    if manner == 2 and place + 1 < len(name):
        return name[:place] + name[place + 1] + letter + name[place + 2 :]
    return name[:place] + dice.choice("aeinorstl") + name[place + 1 :]


def _prefixed(words: str, name: str, kind: str) -> str:
    """A province is not called "Ville de": its own word is put before its name, unless it is there."""
    return name if name.startswith(_SAID) else _of(_WORDS.get(kind, words), name)


# From a name, its kind in the gold list and the dice.
Disguise = Callable[[str, str, random.Random], str]

# What stands before a name, by the kind of its place in the gold list.
_WORDS = {"county": "Province", "region": "Région"}
_SAID = ("province ", "préfecture ", "région ")

TYPO = "typo"
DISGUISES: Mapping[str, Disguise] = {
    "plain": lambda name, kind, dice: name,
    "upper case": lambda name, kind, dice: name.upper(),
    "no accents": lambda name, kind, dice: _bare(name),
    "upper case, no accents": lambda name, kind, dice: _bare(name).upper(),
    "hyphens": lambda name, kind, dice: _hyphens(name, dice),
    "Ville de": lambda name, kind, dice: _prefixed("Ville", name, kind),
    "Commune de": lambda name, kind, dice: _prefixed("Commune", name, kind),
    "MAIRIE DE": lambda name, kind, dice: _bare(_prefixed("Mairie", name, kind)).upper(),
    TYPO: lambda name, kind, dice: _typo(name, dice),
}


def disguised(name: str, kind: str, manner: str, seed: int) -> str:
    return DISGUISES[manner](name, kind, random.Random(f"{seed} {manner} {name}"))
