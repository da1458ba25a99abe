"""The places of one country by name: which items bear a name, exactly or nearly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from coopdec_graph.linking.decisions import Kind
from coopdec_graph.linking.names import compact, core_of_label, key_of
from coopdec_graph.linking.wikidata import Named

__all__ = ["Gazetteer", "Met"]


@dataclass(frozen=True, slots=True)
class Met:
    """An item met under a name. `kind` is what the words of that name say of it, if they do."""

    qid: str
    name: Named
    kind: Kind | None = None
    distance: int = 0


class Gazetteer:
    """Names are compared by key and without spaces: case, accents, hyphens and apostrophes are not
    seen. `complete`: it holds every name of the country, so that what is not here has no item.
    """

    def __init__(self, names: Iterable[Named], complete: bool = True) -> None:
        self.complete = complete
        self._whole: dict[str, dict[str, Met]] = {}
        self._cores: dict[str, dict[str, Met]] = {}
        for name in names:
            key = key_of(name.name)
            if not key:
                continue
            core = core_of_label(key)
            met = Met(name.qid, name, core[1] if core else None)
            _keep(self._whole, compact(key), met)
            if core is not None:
                _keep(self._cores, compact(core[0]), met)
        self._keys = list(self._whole)

    def bearing(self, key: str) -> list[Met]:
        """The items that bear a name as a whole, each once, under the best of its names."""
        return list(self._whole.get(compact(key), {}).values())

    def around(self, key: str) -> list[Met]:
        """The items with a name that says its kind around this one: "province de X" for X."""
        return list(self._cores.get(compact(key), {}).values())

    def near(self, key: str, most: int) -> list[Met]:
        """The items with a name at most so many letters away (optimal string alignment)."""
        text = compact(key)
        # Lengths differ by less than the distance: that is checked inside, before anything is done.
        found = process.extract(
            text, self._keys, scorer=OSA.distance, processor=None, score_cutoff=most, limit=50
        )
        best: dict[str, Met] = {}
        for spelled, distance, _ in found:
            for met in self._whole[spelled].values():
                if met.qid not in best or distance < best[met.qid].distance:
                    best[met.qid] = Met(met.qid, met.name, met.kind, int(distance))
        return sorted(best.values(), key=lambda met: (met.distance, met.qid))


def _keep(index: dict[str, dict[str, Met]], key: str, met: Met) -> None:
    held = index.setdefault(key, {})
    if met.qid not in held or _rank(met.name) < _rank(held[met.qid].name):
        held[met.qid] = met


def _rank(name: Named) -> tuple[bool, bool, str, str]:
    """French labels first, then labels, then French aliases."""
    return (not name.label, name.language != "fr", name.language, name.name)
