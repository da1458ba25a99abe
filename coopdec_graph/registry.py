"""Identifiers of partnerships whose page does not give the Atlas's own number.

An identifier is drawn once from a match key (partners, start year, title) and kept in a CSV file
that is committed with the data. Later runs look it up; it is never computed again. When a later
capture brings the Atlas's number, the old identifier stays, with `replaced_by`.

Columns: id, match_keys and captures (hashes separated by spaces), replaced_by. Hashes, so that
the registry repeats no text of a page.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from coopdec_graph.errors import RegistryError
from coopdec_graph.language import Bilingual
from coopdec_graph.model import Activity, Code, Role
from coopdec_graph.namespaces import identifier_key, matching_key

__all__ = ["Entry", "Registry", "match_key"]

_COLUMNS = ["id", "match_keys", "captures", "replaced_by"]
_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID = re.compile(r"[0-9a-z]{10}")
_KEY = re.compile(r"[0-9a-f]{24}")
# The Atlas's numbers are digits; other programmes' identifiers are whatever they are.
_REPLACED = re.compile(
    r"(?:atlas-[1-9][0-9]{0,8}|(?!atlas-)[a-z0-9]+-[A-Za-z0-9][A-Za-z0-9._~-]*)?"
)

_DAMAGED = Bilingual(
    "Le registre « {path} » est abîmé (ligne {line}) : {reason}. Corrigez-le ou restaurez-le.",
    "The registry “{path}” is damaged (line {line}): {reason}. Correct or restore it.",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One minted identifier and everything it was recognised by."""

    id: str
    match_keys: tuple[str, ...]
    captures: tuple[str, ...]
    replaced_by: str = ""


def match_key(activity: Activity) -> str:
    """What recognises a partnership without a number: its partners, start year and title.

    An activity of another programme has parties of other roles, and days.
    """
    facts = [*_programme(activity), *_parties(activity), _title(activity)]
    return _hash(*facts, *_reported(activity))


def _capture_keys(activity: Activity) -> tuple[str, ...]:
    """The same file with the same parties, or with the same title and one party: an edited page.

    A title alone does not tell: "jumelage" in `page.txt` may be another partnership each time.
    """
    page, title, partners = activity.source.name, _title(activity), _partners(activity)
    if not partners:
        return ()
    programme = _programme(activity)
    same_parties = _hash(*programme, "parties", page, *_parties(activity))
    same_title = [_hash(*programme, "title", page, title, one) for one in partners if title]
    return (same_parties, *same_title)


def _programme(activity: Activity) -> list[str]:
    """What keeps programmes apart; the Atlas, which was there alone, is not named in its hashes."""
    return [] if activity.programme == "atlas" else [activity.programme]


def _reported(activity: Activity) -> list[str]:
    """Who reports an activity, who takes part in it and when, where the programme reports that."""
    bodies = [part.agent for part in activity.participations if isinstance(part.role, Code)]
    names = [matching_key(body.name) for body in (activity.reporter, *bodies) if body]
    return [*names, *(f"{kind} {day}" for kind, day in sorted(activity.dates.items()))]


def _title(activity: Activity) -> str:
    return matching_key(activity.title or "")


def _parties(activity: Activity) -> list[str]:
    return [*_partners(activity), str(activity.start_year or "")]


def _partners(activity: Activity) -> list[str]:
    return sorted(
        matching_key(agent.name)
        for role in (Role.FRENCH_COLLECTIVITY, Role.FOREIGN_PARTNER)
        for agent in activity.members(role)
    )


def _hash(*facts: str) -> str:
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:24]


class Registry:
    """The identifiers minted so far. Changes stay in memory until `save`."""

    def __init__(self, entries: tuple[Entry, ...] = ()) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._loaded = self.to_csv()

    @classmethod
    def load(cls, path: Path) -> Registry:
        """The registry in a file; an empty one when there is none. Raises RegistryError."""
        if not path.exists():
            return cls()
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RegistryError(_DAMAGED, path=path, line=1, reason=str(error)) from None
        rows = list(_rows(text, path))
        entries = tuple(_entry(row, path, line) for line, row in rows)
        _refuse_contradictions(entries, path, [line for line, _ in rows])
        return cls(entries)

    def key_for(self, activity: Activity) -> str:
        """The key of an activity's IRI: `atlas-3203`, or an identifier minted once.

        A page is known again by its match key, else by its file name together with its parties
        or its title and a partner: an edited page keeps its identifier, and its new match key is added.
        """
        wanted, captures = match_key(activity), _capture_keys(activity)
        entry = self._find(wanted, captures)
        number = activity.source.identifier
        if number is not None:
            key = f"{activity.programme}-{identifier_key(number)}"
            if entry is not None and not entry.replaced_by:
                self._entries[entry.id] = replace(entry, replaced_by=key)
            return key
        entry = entry or Entry(self._draw(wanted), (), ())
        self._entries[entry.id] = replace(
            entry,
            match_keys=_with(entry.match_keys, wanted),
            captures=_with(entry.captures, *captures),
        )
        return entry.replaced_by or entry.id

    def _find(self, wanted: str, captures: tuple[str, ...]) -> Entry | None:
        entries = self._entries.values()
        by_key = (entry for entry in entries if wanted in entry.match_keys)
        by_capture = (entry for entry in entries if set(captures) & set(entry.captures))
        return next(by_key, None) or next(by_capture, None)

    def _draw(self, wanted: str) -> str:
        for attempt in range(1_000):
            number = int(hashlib.sha256(f"{wanted}:{attempt}".encode()).hexdigest(), 16)
            drawn = ""
            for _ in range(10):
                number, digit = divmod(number, len(_ALPHABET))
                drawn += _ALPHABET[digit]
            if drawn not in self._entries:
                return drawn
        raise AssertionError("a thousand draws were all taken")

    def replacements(self) -> tuple[tuple[str, str], ...]:
        """Pairs of an old identifier and the key that took its place."""
        return tuple((e.id, e.replaced_by) for e in self._ordered() if e.replaced_by)

    def _ordered(self) -> list[Entry]:
        return [self._entries[id] for id in sorted(self._entries)]

    def to_csv(self) -> str:
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for entry in self._ordered():
            keys, captures = " ".join(entry.match_keys), " ".join(entry.captures)
            writer.writerow([entry.id, keys, captures, entry.replaced_by])
        return file.getvalue()

    def save(self, path: Path) -> None:
        """Writes the file if anything changed, whole or not at all."""
        text = self.to_csv()
        if text == self._loaded or (not self._entries and not path.exists()):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
        try:
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self._loaded = text


def _with(values: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *more)))


def _rows(text: str, path: Path) -> Iterator[tuple[int, dict[str | None, str | None]]]:
    """Each row with its line. A file without the header is damaged, even an empty one."""
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if reader.fieldnames != _COLUMNS:
            raise RegistryError(_DAMAGED, path=path, line=1, reason="columns")
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        line = reader.line_num + 1
        raise RegistryError(_DAMAGED, path=path, line=line, reason=str(error)) from None


def _entry(row: dict[str | None, str | None], path: Path, line: int) -> Entry:
    if set(row) != set(_COLUMNS) or any(value is None for value in row.values()):
        raise RegistryError(_DAMAGED, path=path, line=line, reason="columns")
    id, replaced_by = row["id"] or "", row["replaced_by"] or ""
    keys = tuple((row["match_keys"] or "").split())
    captures = tuple((row["captures"] or "").split())
    hashes_fine = all(_KEY.fullmatch(value) for value in (*keys, *captures))
    if not _ID.fullmatch(id) or not hashes_fine or not _REPLACED.fullmatch(replaced_by):
        raise RegistryError(_DAMAGED, path=path, line=line, reason="id, hash, replaced_by")
    return Entry(id, keys, captures, replaced_by)


def _refuse_contradictions(entries: tuple[Entry, ...], path: Path, lines: Sequence[int]) -> None:
    """An identifier or match key that stands twice would give one partnership two IRIs."""
    seen: set[str] = set()
    for line, entry in zip(lines, entries, strict=True):
        for value in (entry.id, *entry.match_keys):
            if value in seen:
                raise RegistryError(_DAMAGED, path=path, line=line, reason=f"{value} ×2")
            seen.add(value)
