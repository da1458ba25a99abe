"""French bodies of the COG's edition of 2026, from `data/reference/french.csv`.

A name alone often names several bodies: 3,774 of 34,969 communes share theirs. Look-ups give
every body that fits, and the caller decides that two are no answer.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from sys import intern

from coopdec_graph.namespaces import matching_key
from coopdec_graph.reference.names import body_name, loosened, place_key
from coopdec_graph.resources import reference_file

__all__ = [
    "EDITION",
    "FrenchBody",
    "Level",
    "french_bodies",
    "with_insee",
    "with_name",
    "with_siren",
]

EDITION = 2026

# "CC du Pays Mornantais (COPAMO)": the acronym is no part of the name, and a name of its own.
_ACRONYM = re.compile(r"\s*\(([^()]*)\)\s*$")


class Level(StrEnum):
    """What kind of body or territory a row is; values are those of the column `level`."""

    REGION = "region"
    DEPARTEMENT = "departement"
    COLLECTIVITE = "collectivite"  # of the sea (COM) and the European collectivity of Alsace
    EPCI = "epci"
    EPT = "ept"
    COMMUNE = "commune"
    DELEGATED_COMMUNE = "commune-deleguee"
    ASSOCIATED_COMMUNE = "commune-associee"
    ARRONDISSEMENT = "arrondissement"  # of Paris, Lyon and Marseille


@dataclass(frozen=True, slots=True)
class FrenchBody:
    """A row of the table. None where the source says nothing; nothing is guessed.

    `departements` are those of an EPCI's communes; any other body has one, or none (a région).
    `kind` is the source's: CC, CA, CU, METRO, MET69, EPT, REG, CTU, DEP, CSP, CEA, COM, or
    `circonscription` for a territory without a body of its own. `part_of` is the commune of a
    déléguée, an associée or an arrondissement.
    """

    level: Level
    insee: str | None
    siren: str | None
    name: str
    departements: tuple[str, ...]
    region: str | None
    epci: str | None
    population: int | None
    kind: str | None
    part_of: str | None
    geonames: int | None
    point: tuple[float, float] | None  # latitude, longitude (WGS 84)

    @property
    def departement(self) -> str | None:
        """The only département it lies in, else None."""
        return self.departements[0] if len(self.departements) == 1 else None

    @property
    def code(self) -> str:
        """The INSEE code, or the SIREN of an EPCI, which has none."""
        return self.insee or self.siren or ""

    @property
    def is_body(self) -> bool:
        """Whether it can sign a partnership: a territory without an assembly cannot."""
        return self.kind != "circonscription"


@cache
def french_bodies() -> tuple[FrenchBody, ...]:
    """Every row, in order of the file (level, then code). Read once, on the first call."""
    with reference_file("french.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        return tuple(_body(row) for row in rows)


def _body(row: list[str]) -> FrenchBody:
    level, insee, siren, name, departements, region, epci, population, kind, part_of = row[:10]
    geonames, latitude, longitude = row[10:]
    return FrenchBody(
        _LEVELS[level],
        insee or None,
        siren or None,
        name,
        _departements(departements),
        intern(region) or None,
        intern(epci) or None,
        int(population) if population else None,
        intern(kind) or None,
        part_of or None,
        int(geonames) if geonames else None,
        (float(latitude), float(longitude)) if latitude else None,
    )


_LEVELS = {level.value: level for level in Level}


@cache
def _departements(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def with_insee(code: str, level: Level = Level.COMMUNE) -> FrenchBody | None:
    """The body of a level with an INSEE code: 75 is Paris or Nouvelle-Aquitaine, by level."""
    return _by_insee().get((level, code))


@cache
def _by_insee() -> Mapping[tuple[Level, str], FrenchBody]:
    return {(body.level, body.insee): body for body in french_bodies() if body.insee}


def with_siren(siren: str) -> tuple[FrenchBody, ...]:
    """The rows with a SIREN. Paris has two (commune, département), others at most one."""
    return _by_siren().get(siren, ())


@cache
def _by_siren() -> Mapping[str, tuple[FrenchBody, ...]]:
    found: defaultdict[str, tuple[FrenchBody, ...]] = defaultdict(tuple)
    for body in french_bodies():
        if body.siren:
            found[body.siren] += (body,)
    return dict(found)


def with_name(
    name: str, levels: Iterable[Level] = (), departement: str | None = None
) -> tuple[FrenchBody, ...]:
    """Every body with this name, in order of the file; no nearest match is tried.

    The name is tried as a whole, then without what stands before it ("Ville de", "Conseil
    départemental des"), which also tells the level. Each is tried as written and, only when
    nothing fits, by the looser `place_key`: "Rochelle" finds the commune of that name, not La
    Rochelle beside it. Empty `levels` are all of them; a département keeps the bodies in it.
    """
    wanted = frozenset(levels)
    bare = body_name(name)
    told = frozenset(Level(level) for level in bare.levels)
    for keys, key, allowed in (
        (_by_exact_key, matching_key(name), wanted),
        (_by_loose_key, place_key(name), wanted),
        (_by_loose_key, bare.key, wanted & told if wanted and told else wanted or told),
    ):
        if keys is _by_loose_key and key == bare.key and told and not allowed:
            continue  # the name itself contradicts the levels asked for
        found = tuple(
            body
            for body in keys().get(key, ())
            if (not allowed or body.level in allowed)
            and (departement is None or departement in body.departements)
        )
        if found:
            return found
    return ()


@cache
def _by_exact_key() -> Mapping[str, list[FrenchBody]]:
    index: defaultdict[str, list[FrenchBody]] = defaultdict(list)
    for body in french_bodies():
        index[matching_key(body.name)].append(body)
    return dict(index)


@cache
def _by_loose_key() -> Mapping[str, list[FrenchBody]]:
    """Also the names of groups without "CC du" in front and with or without their acronym."""
    index: defaultdict[str, list[FrenchBody]] = defaultdict(list)
    for exact, bodies in _by_exact_key().items():
        loose = loosened(exact)
        for body in bodies:
            for key in _group_keys(body, loose) if body.level in _GROUPS else (loose,):
                index[key].append(body)
    return dict(index)


_GROUPS = frozenset({Level.EPCI, Level.EPT})


def _group_keys(body: FrenchBody, loose: str) -> set[str]:
    acronym = _ACRONYM.search(body.name)
    short = _ACRONYM.sub("", body.name)
    keys = {loose, place_key(short), body_name(body.name).key, body_name(short).key}
    return keys | ({place_key(acronym.group(1))} if acronym else set()) - {""}
