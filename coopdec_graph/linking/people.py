"""What people decided: `decisions.csv`, versioned with the data and never written by a build.

Columns: `body` (the end of its IRI, after `id/collectivity/`), `object` (a Wikidata item as `Q966104`,
or a place of a reference table as `fr/commune/78361`), `decision` (same, different, unsure), `why`,
`date` (YYYY-MM-DD) and `role`: the capacity of whoever decided, never their name.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields
from datetime import date
from enum import StrEnum
from pathlib import Path

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import filled
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.reference.places import place_with_key

__all__ = ["DecisionsDamaged", "HumanDecision", "HumanDecisions", "Verdict", "append"]

_BODY = re.compile(r"[a-z]+(?:/[^\s/]+){1,2}")
_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 500

_DAMAGED = Bilingual(
    "« {path} », ligne {line} : {reason}. Corrigez cette ligne : rien n'a été fait.",
    "“{path}”, line {line}: {reason}. Correct this line: nothing was done.",
)
_COLUMNS_WRONG = Bilingual("les colonnes doivent être {columns}", "the columns must be {columns}")
_CELLS = Bilingual("il faut {count} cellules", "{count} cells are needed")
_BAD_BODY = Bilingual(
    "« {value} » n'est pas la fin de l'IRI d'une collectivité (ma/conseil-de-…)",
    "“{value}” is not the end of the IRI of a body (ma/conseil-de-…)",
)
_BAD_OBJECT = Bilingual(
    "« {value} » n'est ni un élément de Wikidata (Q…) ni un lieu des référentiels (fr/commune/…)",
    "“{value}” is neither a Wikidata item (Q…) nor a place of the reference tables (fr/commune/…)",
)
_BAD_DECISION = Bilingual(
    "« {value} » n'est pas une décision : same, different ou unsure",
    "“{value}” is no decision: same, different or unsure",
)
_BAD_DATE = Bilingual(
    "« {value} » n'est pas une date AAAA-MM-JJ", "“{value}” is no date YYYY-MM-DD"
)
_NO_ROLE = Bilingual("il manque la fonction (role)", "the capacity (role) is missing")
_TOO_LONG = Bilingual("une cellule dépasse {most} caractères", "a cell exceeds {most} characters")
_MAILBOX = Bilingual(
    "une adresse de courriel n'a pas sa place ici", "an e-mail address has no place here"
)
_TWICE = Bilingual(
    "cette collectivité et cet objet sont déjà à la ligne {other}",
    "this body and this object are already on line {other}",
)
_TWO = Bilingual(
    "cette collectivité a déjà, à la ligne {other}, un autre objet du même genre qui est le bon",
    "this body already has, on line {other}, another object of this kind that is the right one",
)


class DecisionsDamaged(CoopdecError):
    """A line that cannot be taken as it stands: a decision of a person is never guessed."""

    exit_code = 2


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class HumanDecision:
    """A row of the file."""

    body: str
    object: str
    decision: Verdict
    why: str
    date: str
    role: str

    @property
    def is_about_item(self) -> bool:
        """About a Wikidata item; else about a place of a reference table."""
        return _ITEM.fullmatch(self.object) is not None


_COLUMNS = [field.name for field in fields(HumanDecision)]


class HumanDecisions:
    """The rows by body."""

    def __init__(self, rows: Iterable[HumanDecision] = ()) -> None:
        self.rows = tuple(rows)
        found: dict[str, list[HumanDecision]] = {}
        for row in self.rows:
            found.setdefault(row.body, []).append(row)
        self._of_body: Mapping[str, Sequence[HumanDecision]] = found

    @classmethod
    def load(cls, path: Path | None) -> HumanDecisions:
        """The decisions in a file; none where there is no file. Raises DecisionsDamaged."""
        if path is None or not path.exists():
            return cls()
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise _damaged(path, 1, Bilingual(str(error), str(error))) from None
        numbered = list(_rows(text, path))
        _refuse_contradictions(numbered, path)
        return cls(row for _, row in numbered)

    def of(self, body: str) -> Sequence[HumanDecision]:
        return self._of_body.get(body, ())

    def to_csv(self) -> str:
        """The file as it is compared and written: every row, in the order in which they came."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(map(astuple, self.rows))
        return file.getvalue()


def append(path: Path, rows: Sequence[HumanDecision]) -> None:
    """Adds rows at the end of the file, whole or not at all; those that are there stay as they are.

    Raises DecisionsDamaged when the rows contradict those of the file.
    """
    before = path.read_text("utf-8") if path.exists() else ",".join(_COLUMNS) + "\n"
    added = HumanDecisions(rows).to_csv().partition("\n")[2]
    after = before + ("" if before.endswith("\n") else "\n") + added
    _refuse_contradictions(list(_rows(after, path)), path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".draft")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _rows(text: str, path: Path) -> Iterator[tuple[int, HumanDecision]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(reader, None) != _COLUMNS:
            raise _damaged(path, 1, _COLUMNS_WRONG, columns=",".join(_COLUMNS))
        for cells in reader:
            if cells:
                yield reader.line_num, _row(cells, path, reader.line_num)
    except csv.Error as error:
        raise _damaged(path, reader.line_num, Bilingual(str(error), str(error))) from None


def _row(cells: Sequence[str], path: Path, line: int) -> HumanDecision:
    if len(cells) != len(_COLUMNS):
        raise _damaged(path, line, _CELLS, count=len(_COLUMNS))
    body, object, decision, why, day, role = (cell.strip() for cell in cells)
    if any(len(cell) > _LONGEST for cell in cells):
        raise _damaged(path, line, _TOO_LONG, most=_LONGEST)
    if any(find_mailboxes(f"{why} {role}")):
        raise _damaged(path, line, _MAILBOX)
    if not _BODY.fullmatch(body):
        raise _damaged(path, line, _BAD_BODY, value=body)
    if not _ITEM.fullmatch(object) and place_with_key(object) is None:
        raise _damaged(path, line, _BAD_OBJECT, value=object)
    if decision not in set(Verdict):
        raise _damaged(path, line, _BAD_DECISION, value=decision)
    if not _DATE.fullmatch(day) or not _is_day(day):
        raise _damaged(path, line, _BAD_DATE, value=day)
    if not role:
        raise _damaged(path, line, _NO_ROLE)
    return HumanDecision(body, object, Verdict(decision), why, day, role)


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _refuse_contradictions(numbered: Sequence[tuple[int, HumanDecision]], path: Path) -> None:
    seen: dict[tuple[str, str], int] = {}
    same: dict[tuple[str, bool], int] = {}
    for line, row in numbered:
        other = seen.setdefault((row.body, row.object), line)
        if other != line:
            raise _damaged(path, line, _TWICE, other=other)
        if row.decision is Verdict.SAME:
            other = same.setdefault((row.body, row.is_about_item), line)
            if other != line:
                raise _damaged(path, line, _TWO, other=other)


def _damaged(path: Path, line: int, reason: Bilingual, **values: object) -> DecisionsDamaged:
    return DecisionsDamaged(filled(_DAMAGED, path=path, line=line, reason=filled(reason, **values)))
