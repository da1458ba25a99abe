"""Who bore a name when: what `data/reference/french_history.csv` holds.

Two kinds of knowledge, never mixed. Up to 2019 the COG's own register of changes gives days.
After it there are only editions (the state of the 1st of January of a year): a change lies
between two of them, and both years are written instead of a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from coopdec_graph.namespaces import matching_key
from scripts.reference_data.french import LEVEL_OF_TYPE, Json
from scripts.reference_data.tables import Row

__all__ = ["HEADER", "commune_history", "group_history", "law_history"]

HEADER = (
    "level",
    "code",
    "siren",
    "name",
    "valid_from",
    "valid_until",
    "first_edition",
    "last_edition",
    "successors",
    "reason",
)
_LEVEL_OF_REGISTER = {"COM": "commune", "COMD": "commune-deleguee", "COMA": "commune-associee"}
_Key = tuple[str, str]


@dataclass(slots=True)
class _Run:
    """A name borne without a break from one edition to another."""

    name: str
    first: int
    last: int


def commune_history(register: Sequence[Json], editions: Mapping[int, Sequence[Json]]) -> list[Row]:
    """Rows of communes, déléguées and associées, but of those that never changed at all.

    `register` is the COG's list of changes (1943 to its own edition, the first of `editions`).
    """
    years = sorted(editions)
    rows = list(_dated(register))
    still = {
        (_LEVEL_OF_REGISTER[entry["type"]], entry["code"]): entry
        for entry in register
        if entry["type"] in _LEVEL_OF_REGISTER and "dateFin" not in entry
    }
    heirs = {year: _heirs(editions[year]) for year in years}
    for key, runs in _runs(_communes(editions), years).items():
        for place, run in enumerate(runs):
            entry = still.get(key, {}) if run.first == years[0] else {}
            start = entry.get("dateDebut")
            if start is None and (run.first, run.last) == (years[0], years[-1]):
                continue
            following = runs[place + 1] if place + 1 < len(runs) else None
            successors = _successors(key, run, following, years, heirs)
            reason = entry.get("raisonDebut", "") if run.last == years[-1] else ""
            known = (start, None, run.first, run.last, "|".join(successors), reason)
            rows.append([*key, None, run.name, *known])
    return rows


def _dated(register: Sequence[Json]) -> Iterator[Row]:
    """Names that ended before the first edition: both days come from the register."""
    by_id = {entry["id"]: entry for entry in register}
    starts = {(entry["code"], entry.get("dateDebut")) for entry in register if _is_commune(entry)}
    for entry in register:
        level, end = _LEVEL_OF_REGISTER.get(entry["type"]), entry.get("dateFin")
        if level is not None and end is not None:
            successor = _heir_in_register(entry, by_id, starts)
            days = (entry.get("dateDebut"), end, None, None)
            yield [level, entry["code"], None, entry["nom"], *days, successor, entry["raisonFin"]]


def _is_commune(entry: Json) -> bool:
    return bool(entry["type"] == "COM")


def _heir_in_register(
    entry: Json, by_id: Mapping[str, Json], starts: set[tuple[str, str | None]]
) -> str | None:
    """The commune of the day after: the entry's next life, or the one that it joined."""
    successor = by_id.get(entry.get("successeur", ""))
    if successor is not None:
        pole = by_id.get(successor.get("pole", ""))
        code: str = (pole or successor)["code"]
        return code
    # A commune that gave some of its parts back goes on under its code, without a link.
    return entry["code"] if (entry["code"], entry["dateFin"]) in starts else None


def _communes(editions: Mapping[int, Sequence[Json]]) -> Iterator[tuple[int, _Key, str]]:
    for year, communes in editions.items():
        for row in communes:
            level = LEVEL_OF_TYPE[row["type"]]
            if level != "arrondissement":
                yield year, (level, row["code"]), row["nom"]


def _runs(names: Iterable[tuple[int, _Key, str]], years: Sequence[int]) -> dict[_Key, list[_Run]]:
    """Runs of each body, oldest first. A new typography is no new name: the latest is kept."""
    seen: defaultdict[_Key, dict[int, str]] = defaultdict(dict)
    for year, key, name in names:
        seen[key][year] = name
    before = dict(zip(years[1:], years, strict=False))
    runs: dict[_Key, list[_Run]] = {}
    for key in sorted(seen):
        found: list[_Run] = []
        for year in sorted(seen[key]):
            name = seen[key][year]
            last = found[-1] if found else None
            if last and last.last == before.get(year) and _same(last.name, name):
                last.name, last.last = name, year
            else:
                found.append(_Run(name, year, year))
        runs[key] = found
    return runs


def _same(first: str, second: str) -> bool:
    return matching_key(first) == matching_key(second)


def _heirs(communes: Sequence[Json]) -> dict[str, str]:
    """Code of a former commune to the commune that holds it, in one edition."""
    heirs = {}
    for row in communes:
        if row["type"] == "commune-actuelle":
            heirs.update(dict.fromkeys(row.get("anciensCodes", ()), row["code"]))
    for row in communes:
        if row.get("chefLieu"):
            heirs[row["code"]] = row["chefLieu"]
    heirs.update({r["code"]: r["code"] for r in communes if r["type"] == "commune-actuelle"})
    return heirs


def _successors(
    key: _Key,
    run: _Run,
    following: _Run | None,
    years: Sequence[int],
    heirs: Mapping[int, Mapping[str, str]],
) -> list[str]:
    if run.last == years[-1]:
        return []
    after = years[years.index(run.last) + 1]
    if following is not None and following.first == after:
        return [key[1]]
    heir = heirs[after].get(key[1]) or heirs[run.last].get(key[1])
    return [heir] if heir else []


def group_history(level: str, editions: Mapping[int, Sequence[Json]]) -> list[Row]:
    """Rows of EPCI or EPT whose name changed, or which are not in every edition, by SIREN.

    The successor is named when every commune of the group that still belongs to one belongs to
    the same; otherwise its communes were shared out and none is named.
    """
    years = sorted(editions)
    members = {
        year: {row["code"]: [m["code"] for m in row["membres"]] for row in editions[year]}
        for year in years
    }
    group_of = {year: {c: g for g, cs in members[year].items() for c in cs} for year in years}
    names = ((y, (level, row["code"]), row["nom"]) for y in years for row in editions[y])
    rows: list[Row] = []
    for (_, siren), runs in _runs(names, years).items():
        for place, run in enumerate(runs):
            if (run.first, run.last) == (years[0], years[-1]):
                continue
            heirs: set[str] = set()
            if place + 1 < len(runs):
                heirs = {siren}
            elif run.last != years[-1]:
                after = years[years.index(run.last) + 1]
                held = group_of[after]
                heirs = {held[code] for code in members[run.last][siren] if code in held}
            successor = heirs.pop() if len(heirs) == 1 else None
            name = " ".join(run.name.split())
            rows.append([level, siren, siren, name, None, None, run.first, run.last, successor, ""])
    return rows


def law_history(rows: Iterable[Mapping[str, str]]) -> list[Row]:
    """Régions, départements and collectivities, from the table written by hand."""
    return [
        [
            row["level"],
            row["code"],
            row["siren"],
            row["name"],
            row["valid_from"],
            row["valid_until"],
            None,
            None,
            row["successors"],
            row["reason"],
        ]
        for row in rows
    ]
