"""Whether a word stands in a text as a keyword: asked of the engine's own parser.

The engine has no switch for SERVICE or LOAD and no way to only parse. But a text must still parse
when every such word in it is spelled otherwise: in a string, an IRI, a comment or a name nothing
changes; a keyword stops being one. Deciding it by tokens of our own cannot be sound: after `?a`,
`<'b>c'` is a comparison with a string, elsewhere an IRI.
"""

from __future__ import annotations

import re
from string import ascii_lowercase

from coopdec_graph.errors import QueryForbidden
from coopdec_graph.language import Bilingual

__all__ = ["respelled"]

_NO_SPELLING = Bilingual(
    "La requête contient trop de mots proches de « {word} ».",
    "The query holds too many words close to “{word}”.",
)


def respelled(text: str, word: str) -> str:
    """The text with each `word`, in any case, spelled as nothing else in it is.

    Were the new spelling in the text, it could declare it as a prefix, and what was a keyword
    would parse as a name. Raises QueryForbidden when every spelling is taken.
    """
    middle = len(word) // 2
    start, letter, end = word[:middle], word[middle], word[middle + 1 :]
    lowered = text.lower()
    if word not in lowered:
        return text
    for other in ascii_lowercase:
        if other != letter and f"{start}{other}{end}" not in lowered:
            pattern = re.compile(f"({start}){letter}({end})", re.IGNORECASE | re.ASCII)
            return pattern.sub(rf"\g<1>{other}\g<2>", text)
    raise QueryForbidden(_NO_SPELLING, word=word)
