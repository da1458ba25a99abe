"""The entities of one release by identifier, by name and by code. Built once, then only read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from coopdec_graph.linking.names import key_of, parsed
from coopdec_graph.reference.french import Level
from coopdec_graph.reference.names import place_key
from coopdec_graph.service.reconciliation.comparing import Levels
from coopdec_graph.service.reconciliation.entities import Entity
from coopdec_graph.service.reconciliation.kinds import THEME
from coopdec_graph.service.reconciliation.properties import IDENTIFIERS

__all__ = ["Index", "Posting", "forms_of"]

# Of 100; below it two names have less in common than a slip of the pen leaves.
_NEAR = 75.0


@dataclass(frozen=True, slots=True)
class Posting:
    """An entity under one of its names."""

    entity: Entity
    name: str


Postings = Mapping[str, Sequence[Posting]]


def forms_of(name: str) -> list[str]:
    """The keys of a name: the whole, then with the words before it taken off."""
    return [form.key for form in parsed(name).forms if form.key]


class Index:
    """`base` is the identifier space. Safe to read from several threads."""

    def __init__(self, entities: Iterable[Entity], levels: Levels, base: str) -> None:
        self.levels = levels
        self._base = base
        self._by_id: dict[str, Entity] = {}
        whole: defaultdict[str, list[Posting]] = defaultdict(list)
        bare: defaultdict[str, list[Posting]] = defaultdict(list)
        loose: defaultdict[str, list[Posting]] = defaultdict(list)
        by_code: defaultdict[tuple[str, str], list[Entity]] = defaultdict(list)
        official: defaultdict[tuple[Level, str], list[Entity]] = defaultdict(list)
        for entity in entities:
            self._by_id[entity.id] = entity
            for posting in (Posting(entity, name) for name in entity.names):
                _post(posting, whole, bare, loose)
            for property in IDENTIFIERS:
                for code in entity.codes_of(property):
                    by_code[property, code].append(entity)
            for known in dict.fromkeys(entity.official()):
                official[known].append(entity)
        self.whole: Postings = dict(whole)
        self.bare: Postings = dict(bare)
        self.loose: Postings = dict(loose)
        self.by_code: Mapping[tuple[str, str], Sequence[Entity]] = dict(by_code)
        self.official: Mapping[tuple[Level, str], Sequence[Entity]] = dict(official)
        self._keys = list(self.whole)

    def __len__(self) -> int:
        return len(self._by_id)

    def entities(self) -> Iterable[Entity]:
        return self._by_id.values()

    def with_id(self, text: str) -> Entity | None:
        """By identifier, or by the whole IRI."""
        return self._by_id.get(text) or self._by_id.get(text.removeprefix(self._base))

    def near(self, key: str, most: int) -> Iterator[tuple[Posting, float]]:
        """Names spelled almost alike, the nearest first, each with its likeness up to 100."""
        found = process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=most)
        for spelled, likeness, _ in found:
            for posting in self.whole[spelled]:
                yield posting, float(likeness)

    def beginning(self, text: str, types: frozenset[str] | None) -> list[Entity]:
        """Entities with a name that begins so, then those with a word that does; the most used first."""
        key = key_of(text)
        inner = f" {key}"
        found: dict[Entity, bool] = {}
        for spelled in self._keys if key else ():
            first = spelled.startswith(key)
            if first or inner in spelled:
                for posting in self.whole[spelled]:
                    if types is None or not types.isdisjoint(posting.entity.types):
                        found[posting.entity] = first or found.get(posting.entity, False)
        return sorted(found, key=lambda one: (not found[one], -one.partnerships, one.id))


def _post(
    posting: Posting,
    whole: Mapping[str, list[Posting]],
    bare: Mapping[str, list[Posting]],
    loose: Mapping[str, list[Posting]],
) -> None:
    """The words before the name of a theme are part of it."""
    theme = posting.entity.types == (THEME,)
    keys = [key_of(posting.name)] if theme else forms_of(posting.name)
    for place, key in enumerate(keys):
        (bare if place else whole)[key].append(posting)
    if keys and not theme:
        loose[place_key(posting.name)].append(posting)
