"""French bodies that a printed name may mean, from the reference table (COG)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from coopdec_graph.linking.decisions import NameQuery
from coopdec_graph.linking.french import Bodies
from coopdec_graph.linking.names import compact, departement_of_territory, hinted_levels
from coopdec_graph.reference.french import FrenchBody, Level, french_bodies, with_insee, with_name
from coopdec_graph.reference.names import BodyName, body_name, place_key
from coopdec_graph.reference.places import Place, french_body, place_of_french

__all__ = ["FrenchTable"]

# In a table of all bodies one wrong letter is understood if the name has so many letters and no
# other body is within so many; or fewer letters, for a town of that size beside which all others
# that are near have a tenth of its inhabitants. Measured: docs/link-names.md.
_LETTERS, _MARGIN = 7, 2
_FEWER_LETTERS, _TOWN, _TIMES = 5, 20_000, 10

# "Saint-Denis (93)", "Saint-Denis (Seine-Saint-Denis)": what tells homonyms apart.
_BRACKETS = re.compile(r"\s*\(([^()]+)\)\s*$")
_SCHEMES = {
    Level.REGION: "region",
    Level.DEPARTEMENT: "departement",
    Level.COLLECTIVITE: "siren",
    Level.EPCI: "siren",
    Level.EPT: "siren",
}
_FORMER = frozenset({Level.DELEGATED_COMMUNE, Level.ASSOCIATED_COMMUNE})


@dataclass(frozen=True, slots=True)
class _Body:
    """A row of the table as linking wants it."""

    name: str
    level: str
    scheme: str
    code: str
    current: bool
    place: Place


class FrenchTable:
    """Asks the table with all that a query says; see french.FrenchBodies."""

    def meant(self, query: NameQuery) -> Bodies:
        chosen = french_body(query.place)
        if chosen is not None:
            return Bodies(bearing=[_body(chosen)])
        name, departement = _told_apart(query)
        levels = [Level(level) for level in hinted_levels(query.kind)]
        found = _bodies(with_name(name, levels, departement))
        if not found and levels:
            # The column of a list is often wider than our levels: the name alone, then.
            found = _bodies(with_name(name, (), departement))
        said = body_name(name)
        if not found and Level.COMMUNE in said.levels:
            # It was a commune when it signed.
            found = _bodies(with_name(said.key, _FORMER, departement))
        if found:
            return Bodies(bearing=found)
        near = _near(said)
        meant = _understood(compact(said.key), near)
        rows = [meant] if meant else [row for row, _, _ in near]
        within = [row for row in rows if departement is None or departement in row.departements]
        return Bodies(near=_bodies(within), understood=bool(meant and within))


def _told_apart(query: NameQuery) -> tuple[str, str | None]:
    """The name, and the département that its brackets, its column or its country code tell."""
    brackets = _BRACKETS.search(query.name)
    told = _departement(brackets[1]) if brackets else None
    name = _BRACKETS.sub("", query.name) if brackets and told else query.name
    return name, told or _departement(query.departement) or departement_of_territory(query.iso2)


@cache
def _departement(text: str) -> str | None:
    """The code of a département that is written as its code or as its name."""
    code = text.strip().upper()
    if with_insee(code, Level.DEPARTEMENT) is not None:
        return code
    found = with_name(text, (Level.DEPARTEMENT,)) if code else ()
    return found[0].insee if len(found) == 1 else None


def _bodies(rows: Iterable[FrenchBody]) -> Sequence[_Body]:
    """Each body once: a commune déléguée that lies in a commune of the same name is that commune."""
    rows = [row for row in rows if row.is_body and row.code]
    codes = {row.insee for row in rows if row.level is Level.COMMUNE}
    kept = [row for row in rows if row.level not in _FORMER or row.part_of not in codes]
    return [_body(row) for row in kept]


def _body(row: FrenchBody) -> _Body:
    scheme = _SCHEMES.get(row.level, "commune")
    code = (row.siren if scheme == "siren" else row.insee) or row.code
    current = row.level not in _FORMER
    return _Body(row.name, row.level.value, scheme, code, current, place_of_french(row))


Near = list[tuple[FrenchBody, str, int]]


def _near(said: BodyName) -> Near:
    """Bodies of the levels that a name says with a name near it, the key of that, how far it is."""
    index = _index()
    found = process.extract(
        compact(said.key), list(index), scorer=OSA.distance, score_cutoff=_MARGIN, limit=50
    )
    rows = [(row, spelled, int(far)) for spelled, far, _ in found for row in index[spelled]]
    return [one for one in rows if not said.levels or one[0].level in said.levels]


def _understood(key: str, near: Near) -> FrenchBody | None:
    """The body that is meant but for one letter, which is not the first."""
    one = [row for row, spelled, far in near if far == 1 and spelled[0] == key[0]]
    others = [row.population or 0 for row, _, _ in near if row not in one]
    if len(one) != 1:
        return None
    if not others and len(key) >= _LETTERS:
        return one[0]
    people = one[0].population or 0
    large = people >= _TOWN and max(others, default=0) * _TIMES <= people
    return one[0] if large and len(key) >= _FEWER_LETTERS else None


@cache
def _index() -> Mapping[str, list[FrenchBody]]:
    """Communes that are no more are left out: they are found by their name alone."""
    found: dict[str, list[FrenchBody]] = {}
    for row in french_bodies():
        if row.is_body and row.code and row.level not in _FORMER:
            found.setdefault(compact(place_key(row.name)), []).append(row)
    return found
