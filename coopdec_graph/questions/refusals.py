"""What is refused, said with what was nearest to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rapidfuzz import fuzz, process

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual

__all__ = ["likeness", "nearest_of", "refused", "shortened"]

E = TypeVar("E", bound=UsageError)

_NEAREST = Bilingual(" Les plus proches : {offered}.", " The nearest: {offered}.")
_MOST_COMPARED = 500
_MOST_SHOWN = 80


def likeness(one: str, other: str, **options: object) -> float:
    """How alike two names are, up to 100: letter by letter, else by common words or a part."""
    words, part = fuzz.token_set_ratio(one, other), fuzz.partial_ratio(one, other)
    return max(fuzz.ratio(one, other), 0.9 * words, 0.8 * part)


def nearest_of(name: str, known: Iterable[str]) -> list[str]:
    """The names of a short list that are spelled most like a name."""
    found = process.extract(name[:_MOST_COMPARED], list(known), limit=3, score_cutoff=50)
    return [value for value, _, _ in found]


def refused(error: type[E], message: Bilingual, nearest: Sequence[str], **values: object) -> E:
    """An error whose message has the mark `{nearest}`, and which tells a program the same."""
    near = _NEAREST if nearest else Bilingual("", "")
    whole = Bilingual(
        message.fr.replace("{nearest}", near.fr), message.en.replace("{nearest}", near.en)
    )
    found = error(whole, offered=", ".join(nearest), **values)
    return found.detailed({"nearest": list(nearest)})


def shortened(text: str) -> str:
    """What somebody wrote, as a message repeats it."""
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"
