"""French bodies that a printed name may mean, from the reference table (COG)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from coopdec_graph.linking.decisions import NameQuery
from coopdec_graph.linking.french import Bodies
from coopdec_graph.linking.names import compact, departement_of_territory, hinted_levels
from coopdec_graph.reference.french import FrenchBody, Level, french_bodies, with_insee, with_name
from coopdec_graph.reference.history import NameHeld, bearers, current_codes
from coopdec_graph.reference.names import BodyName, body_name, place_key
from coopdec_graph.reference.places import Place, french_body, place_of_french

__all__ = ["FrenchTable"]

# In a table of all bodies one wrong letter is understood if the name has so many letters and no
# other body is within so many; or fewer letters, for a town of that size beside which all others
# that are near have a tenth of its inhabitants. Measured: docs/link-names.md.
_LETTERS, _MARGIN = 7, 2
_FEWER_LETTERS, _TOWN, _TIMES = 5, 20_000, 10

# The Atlas is of this century: a name that ended before is none that a page prints.
_LONG_AGO = date(2000, 1, 1)

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
        return _without(self._meant(query), query.refused)

    def _meant(self, query: NameQuery) -> Bodies:
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
        said_communes = not levels or Level.COMMUNE in levels
        past = _past(name, departement, found) if said_communes else []
        if found or past:
            return Bodies(bearing=found, past=past)
        near = _near(said)
        meant = _understood(compact(said.key), near)
        rows = [meant] if meant else [row for row, _, _ in near]
        within = [row for row in rows if departement is None or departement in row.departements]
        return Bodies(near=_bodies(within), understood=bool(meant and within))


def _without(found: Bodies, refused: frozenset[str]) -> Bodies:
    """What is left when a person has said that some places are not meant."""
    if not refused:
        return found
    bearing, near, past = (
        [body for body in bodies if body.place.key not in refused]
        for bodies in (found.bearing, found.near, found.past)
    )
    return Bodies(bearing, near, past, found.understood and bool(near))


def _past(name: str, departement: str | None, found: Sequence[_Body]) -> Sequence[_Body]:
    """The communes of today that hold what bore this name not long ago, but for those found.

    Évry was 91228 until 2019; today the only commune of that name is 89162, in Yonne.
    """
    known = {body.code for body in found}
    rows: dict[str, FrenchBody] = {}
    for held, _ in bearers(name, level=Level.COMMUNE):
        if held.is_current or _ended_before(held, _LONG_AGO):
            continue
        # One that kept its code and changed its name is its own heir.
        codes = [code for level, code in current_codes(held.code) if level is Level.COMMUNE]
        heirs = [row for code in codes if (row := with_insee(code)) is not None]
        for row in heirs:
            if row.code not in known and (departement is None or departement in row.departements):
                rows[row.code] = row
    return [_body(row) for row in rows.values()]


def _ended_before(held: NameHeld, day: date) -> bool:
    """Whether a name was surely borne no more on that day; what is not known may still matter."""
    return held.held_on(day) is False and held.last_edition is None


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
