"""What was decided about one name: a link, a question for a person, nothing, or not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coopdec_graph.language import Bilingual
from coopdec_graph.reference.places import Place

__all__ = ["Candidate", "Decision", "Kind", "NameQuery", "Outcome", "filled"]


class Outcome(StrEnum):
    """`unasked`: Wikidata could not be asked, so that nothing is known; ask again later."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    NIL = "nil"
    UNASKED = "unasked"


class Kind(StrEnum):
    """The kind of place that a name speaks of; None in its stead: the name does not say."""

    SETTLEMENT = "settlement"
    MUNICIPALITY = "municipality"
    SUBDIVISION = "subdivision"


@dataclass(frozen=True, slots=True)
class NameQuery:
    """A name as printed, its country (ISO 3166-1 alpha-2), and what else the list says of it.

    `kind` and `departement` are as printed in the list; empty means that it has none. The rest is
    what people decided before: the key of the place that they chose (reference/places.py), the
    item that they chose, items that are not meant, and items that they could not decide on.
    """

    name: str
    iso2: str
    kind: str = ""
    departement: str = ""
    place: str = ""
    item: str = ""
    refused: frozenset[str] = frozenset()
    doubted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be meant: the name of it that was met, and a score between 0 and 1."""

    qid: str
    name: str
    kinds: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Decision:
    """`confidence` is that of the link accepted, or of the best candidate; 0 where there is none.

    `method` names the rule that decided, `features` what it looked at; `candidates` are the best
    first, few enough for a person to look through. `place` is the place that the name means by a
    table of ours, whatever became of the item; `places` those among which a person has to choose.
    """

    query: NameQuery
    sought: Kind | None
    outcome: Outcome
    reason: Bilingual
    method: str
    qid: str | None = None
    confidence: float = 0.0
    features: Mapping[str, str | float | bool] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    place: Place | None = None
    places: tuple[Place, ...] = ()


def filled(text: Bilingual, **values: object) -> Bilingual:
    """The text with its marks filled, in both languages; a value may itself be in both."""
    fr = {key: value.fr if isinstance(value, Bilingual) else value for key, value in values.items()}
    en = {key: value.en if isinstance(value, Bilingual) else value for key, value in values.items()}
    return Bilingual(text.text("fr", **fr), text.text("en", **en))
