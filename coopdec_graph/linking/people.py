"""What people decided: `decisions.csv`, versioned with the data and never written by a build.

Columns: `body` (the end of its IRI, after `id/collectivity/`), `object` (a Wikidata item as `Q966104`,
or a place of a reference table as `fr/commune/78361`), `decision` (same, different, unsure), `why`,
`date` (YYYY-MM-DD) and `role`: the capacity of whoever decided, never their name.

A row may be about two activities instead: both columns then have the end of an IRI after `id/`
(`partnership/atlas-3203`, `activity/iati-XM-EXAMPLE-17`), in either order. No body's key begins so.
"""

from __future__ import annotations

import csv
import fcntl
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual
from coopdec_graph.linking.decisions import filled
from coopdec_graph.privacy import scrub
from coopdec_graph.reference.places import place_with_key

__all__ = [
    "DecisionsDamaged",
    "HumanDecision",
    "HumanDecisions",
    "Verdict",
    "append",
    "refuse_personal_data",
]

_BODY = re.compile(r"[a-z]+(?:/[^\s/]+){1,2}")
_ITEM = re.compile(r"Q[1-9][0-9]{0,11}")
_ACTIVITY = re.compile(r"(?:partnership|activity)/[^\s/]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST = 500
# A title before a capital letter announces a name.
_TITLE = re.compile(r"(?<!\w)(?:M\.|MM\.|Mme|Mlle|Mr|Mrs|Ms|Dr|Pr|Monsieur|Madame)\s+[A-ZÀ-Ý]")

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
_BAD_ACTIVITY = Bilingual(
    "« {value} » n'est pas la fin de l'IRI d'une autre activité (partnership/… ou activity/…)",
    "“{value}” is not the end of the IRI of another activity (partnership/… or activity/…)",
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
    "une adresse de courriel ou un numéro de téléphone n'a pas sa place ici",
    "an e-mail address or a telephone number has no place here",
)
_PERSON = Bilingual(
    "le nom d'une personne n'a pas sa place ici : dites en quelle qualité, et pourquoi",
    "the name of a person has no place here: say in what capacity, and why",
)
_OTHER_COUNTRY = Bilingual(
    "« {object} » n'est pas dans le pays de « {body} »",
    "“{object}” is not in the country of “{body}”",
)
_NOT_UTF8 = Bilingual(
    "le fichier n'est pas en UTF-8 : enregistrez-le de nouveau en « CSV UTF-8 »",
    "the file is not in UTF-8: save it again as “CSV UTF-8”",
)
_NOT_CSV = Bilingual(
    "un guillemet n'est pas fermé, ou une cellule en a un de trop",
    "a quotation mark is not closed, or a cell has one too many",
)
_UNREADABLE = Bilingual("ne peut pas être lu ({why})", "cannot be read ({why})")
_TWICE = Bilingual(
    "cette collectivité et cet objet (ou ces deux activités) sont déjà à la ligne {other}",
    "this body and this object (or these two activities) are already on line {other}",
)
_TWO = Bilingual(
    "cette collectivité a déjà, à la ligne {other}, un autre objet du même genre qui est le bon",
    "this body already has, on line {other}, another object of this kind that is the right one",
)
_APART = Bilingual(
    "ces deux activités sont un même projet d'après d'autres lignes, dont la ligne {other}",
    "these two activities are one project by other lines, of which line {other} is one",
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

    @property
    def is_about_activities(self) -> bool:
        """About two activities; else about the name of a body."""
        return _ACTIVITY.fullmatch(self.body) is not None

    def about(self) -> tuple[str, str]:
        """What it is about: a body and an object, or two activities in order."""
        if self.is_about_activities and self.object < self.body:
            return self.object, self.body
        return self.body, self.object


_COLUMNS = [field.name for field in fields(HumanDecision)]


class HumanDecisions:
    """The rows by body."""

    def __init__(self, rows: Iterable[HumanDecision] = ()) -> None:
        self.rows = tuple(rows)
        found: dict[str, list[HumanDecision]] = {}
        for row in self.rows:
            found.setdefault(row.body, []).append(row)
        self._of_body: Mapping[str, Sequence[HumanDecision]] = found
        activities = self.about_activities()
        self._judged = {frozenset(row.about()) for row in activities}
        self._projects = _groups(row.about() for row in activities if row.decision is Verdict.SAME)
        self._apart = {
            frozenset(map(self._project_of, row.about()))
            for row in activities
            if row.decision is Verdict.DIFFERENT
        }

    @classmethod
    def load(cls, path: Path | None) -> HumanDecisions:
        """The decisions in a file; none where there is no file. Raises DecisionsDamaged."""
        if path is None or not path.exists():
            return cls()
        try:
            content = path.read_bytes()
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise _damaged(path, 1, _UNREADABLE, why=why) from None
        numbered = list(_rows(_text(content, path), path))
        _refuse_contradictions(numbered, path)
        return cls(row for _, row in numbered)

    def of(self, body: str) -> Sequence[HumanDecision]:
        return self._of_body.get(body, ())

    def about_bodies(self) -> Sequence[HumanDecision]:
        return [row for row in self.rows if not row.is_about_activities]

    def about_activities(self) -> Sequence[HumanDecision]:
        return [row for row in self.rows if row.is_about_activities]

    def have_settled(self, first: str, second: str) -> bool:
        """Whether two activities were judged; or are one project, or two, by what was said of others."""
        if {first, second} in self._judged:
            return True
        projects = frozenset(map(self._project_of, (first, second)))
        return len(projects) == 1 or projects in self._apart

    def _project_of(self, activity: str) -> str:
        """The first in order of those that people said are one project with it."""
        return min(self._projects.get(activity, (activity,)))

    def followed(self, merged: Mapping[str, str]) -> HumanDecisions:
        """The rows with what Wikidata merged items into; one about that item itself goes before."""
        told = {(row.body, row.object) for row in self.rows}
        rows = []
        for row in self.rows:
            current = merged.get(row.object, row.object)
            if current == row.object:
                rows.append(row)
            elif (row.body, current) not in told:
                told.add((row.body, current))
                rows.append(replace(row, object=current))
        return HumanDecisions(rows)

    def to_csv(self) -> str:
        """The file as it is compared and written: every row, in the order in which they came."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(map(astuple, self.rows))
        return file.getvalue()


def append(path: Path, rows: Sequence[HumanDecision]) -> None:
    """Adds rows at the end of the file, whole or not at all; those that are there stay as they are.

    Two writers take turns. Raises DecisionsDamaged when the rows contradict those of the file, and
    OSError when the system refuses to write.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        before = file.read()
        # A file that a spreadsheet saved has its own line ends.
        end = b"\r\n" if b"\r\n" in before else b"\n"
        added = HumanDecisions(rows).to_csv().encode().replace(b"\n", end)
        header, _, lines = added.partition(end)
        start = b"" if before else header + end
        if before and not before.endswith(b"\n"):
            start = end
        _refuse_contradictions(list(_rows(_text(before + start + lines, path), path)), path)
        try:
            file.write(start + lines)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(len(before))
            raise


def _text(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _damaged(path, content[: _whole(content)].count(b"\n") + 1, _NOT_UTF8) from None


def _whole(content: bytes) -> int:
    """How many bytes are UTF-8 before the first that is not."""
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return error.start
    return len(content)


def refuse_personal_data(text: str) -> Bilingual | None:
    """What is wrong with a reason or a capacity: an address, a number or a person; None if nothing.

    A name without a title before it cannot be recognised.
    """
    if scrub(text) != text:
        return _MAILBOX
    return _PERSON if _TITLE.search(text) else None


def _rows(text: str, path: Path) -> Iterator[tuple[int, HumanDecision]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if next(reader, None) != _COLUMNS:
            raise _damaged(path, 1, _COLUMNS_WRONG, columns=",".join(_COLUMNS))
        for cells in reader:
            if cells:
                yield reader.line_num, _row(cells, path, reader.line_num)
    except csv.Error:
        raise _damaged(path, reader.line_num, _NOT_CSV) from None


def _row(cells: Sequence[str], path: Path, line: int) -> HumanDecision:
    if len(cells) != len(_COLUMNS):
        raise _damaged(path, line, _CELLS, count=len(_COLUMNS))
    body, object, decision, why, day, role = (cell.strip() for cell in cells)
    if any(len(cell) > _LONGEST for cell in cells):
        raise _damaged(path, line, _TOO_LONG, most=_LONGEST)
    personal = refuse_personal_data(why) or refuse_personal_data(role)
    if personal is not None:
        raise _damaged(path, line, personal)
    if _ACTIVITY.fullmatch(body):
        if not _ACTIVITY.fullmatch(object) or object == body:
            raise _damaged(path, line, _BAD_ACTIVITY, value=object)
    else:
        _refuse_body_or_object(body, object, path, line)
    if decision not in set(Verdict):
        raise _damaged(path, line, _BAD_DECISION, value=decision)
    if not _DATE.fullmatch(day) or not _is_day(day):
        raise _damaged(path, line, _BAD_DATE, value=day)
    if not role:
        raise _damaged(path, line, _NO_ROLE)
    return HumanDecision(body, object, Verdict(decision), why, day, role)


def _refuse_body_or_object(body: str, object: str, path: Path, line: int) -> None:
    if not _BODY.fullmatch(body):
        raise _damaged(path, line, _BAD_BODY, value=body)
    if not _ITEM.fullmatch(object) and place_with_key(object) is None:
        raise _damaged(path, line, _BAD_OBJECT, value=object)
    if not _ITEM.fullmatch(object) and _country(body) not in ("unplaced", _country(object)):
        raise _damaged(path, line, _OTHER_COUNTRY, body=body, object=object)


def _country(key: str) -> str:
    return key.partition("/")[0]


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return bool(date.fromisoformat(text))
    return False


def _refuse_contradictions(numbered: Sequence[tuple[int, HumanDecision]], path: Path) -> None:
    seen: dict[tuple[str, str], int] = {}
    same: dict[tuple[str, bool], int] = {}
    for line, row in numbered:
        other = seen.setdefault(row.about(), line)
        if other != line:
            raise _damaged(path, line, _TWICE, other=other)
        if row.decision is Verdict.SAME and not row.is_about_activities:
            other = same.setdefault((row.body, row.is_about_item), line)
            if other != line:
                raise _damaged(path, line, _TWO, other=other)
    _refuse_activities_apart([entry for entry in numbered if entry[1].is_about_activities], path)


def _refuse_activities_apart(numbered: Sequence[tuple[int, HumanDecision]], path: Path) -> None:
    """A = B and B = C say that A = C: no line may say the contrary."""
    same = [entry for entry in numbered if entry[1].decision is Verdict.SAME]
    groups = _groups(row.about() for _, row in same)
    lines = {name: line for line, row in same for name in row.about()}
    for line, row in numbered:
        if row.decision is Verdict.DIFFERENT and row.object in groups.get(row.body, ()):
            raise _damaged(path, line, _APART, other=lines[row.object])


def _groups(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """By name, all that pairs join to it, itself among them."""
    groups: dict[str, frozenset[str]] = {}
    for pair in pairs:
        joined = frozenset(pair).union(*(groups.get(name, ()) for name in pair))
        groups |= dict.fromkeys(joined, joined)
    return groups


def _damaged(path: Path, line: int, reason: Bilingual, **values: object) -> DecisionsDamaged:
    return DecisionsDamaged(filled(_DAMAGED, path=path, line=line, reason=filled(reason, **values)))
