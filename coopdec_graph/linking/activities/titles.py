"""How alike two titles are, and whether their numbers tell two phases of one project apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from coopdec_graph.linking.activities.reported import ReportedActivity, Title

__all__ = ["Numbers", "TitleMatch", "best_match", "is_short", "sorted_words"]

# A title of one or two words ("Jumelage", "Twinning") is that of many projects.
_FEWEST_WORDS = 3
_SHORTEST_WORD = 4
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8"}
# Before one of these letters stands what it numbers; alone it may be a word.
_NUMBERED = frozenset(
    ("phase", "tranche", "volet", "etape", "lot", "partie", "part", "stage", "step", "lote", "fase")
)


class Numbers(StrEnum):
    """What the numbers of two titles say; None in its stead: nothing."""

    DIFFER = "differ"
    ONE_SIDED = "one-sided"


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """`likeness` is from 0 to 1; a `short` title says too little, however alike. `one_language`: both
    are known to be in the same, so that what is unlike is not for want of a translation."""

    likeness: float
    numbers: Numbers | None
    short: bool
    one_language: bool


def _are_comparable(first: Title, second: Title) -> bool:
    """Two languages are not compared; a text whose language is not said may be in any."""
    ours, theirs = _primary(first), _primary(second)
    return ours == theirs or ours is None or theirs is None


def _primary(title: Title) -> str | None:
    return title.language.lower().partition("-")[0] if title.language else None


def sorted_words(title: Title) -> str:
    """The words in order, for a comparison that does not heed their order."""
    return " ".join(sorted(title.key.split()))


def best_match(first: ReportedActivity, second: ReportedActivity) -> TitleMatch | None:
    """Of the titles in one language the two that are most alike; None where no language is shared."""
    found = [
        (fuzz.ratio(sorted_words(ours), sorted_words(theirs)) / 100, ours.key, theirs.key)
        for ours in first.titles
        for theirs in second.titles
        if _are_comparable(ours, theirs)
    ]
    if not found:
        return None
    likeness, ours, theirs = max(found, key=lambda match: (match[0], sorted(match[1:])))
    short = _is_short(ours) or _is_short(theirs)
    return TitleMatch(likeness, _numbers(ours, theirs), short, _share_language(first, second))


def _share_language(first: ReportedActivity, second: ReportedActivity) -> bool:
    """Whether both have a title in one language, and say so."""
    ours, theirs = (set(map(_primary, one.titles)) for one in (first, second))
    return bool((ours & theirs) - {None})


def is_short(title: Title) -> bool:
    """Whether it may well be the title of another project too."""
    return _is_short(title.key)


def _is_short(key: str) -> bool:
    return sum(len(word) >= _SHORTEST_WORD for word in key.split()) < _FEWEST_WORDS


def _numbers(first: str, second: str) -> Numbers | None:
    ours, theirs = _numbers_of(first), _numbers_of(second)
    if ours == theirs:
        return None
    return Numbers.DIFFER if ours and theirs else Numbers.ONE_SIDED


def _numbers_of(key: str) -> frozenset[str]:
    words = key.split()
    roman = {
        _ROMAN[word]
        for before, word in zip(words, words[1:], strict=False)
        if before in _NUMBERED and word in _ROMAN
    }
    return frozenset(word.lstrip("0") for word in words if word.isdecimal()) | roman
