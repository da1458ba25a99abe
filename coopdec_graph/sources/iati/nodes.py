"""The elements of one activity, each with what became of it: lossless accounting.

Every element, attribute and text is one unit, and ends in exactly one of three states: used by a
field, ignored by a named rule, or an issue. A reader takes what it uses; what nobody took is found
at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from lxml import etree

from coopdec_graph.iati.findings import ACTIVITY, at, line_of
from coopdec_graph.issues import Issue
from coopdec_graph.language import Bilingual
from coopdec_graph.privacy import is_contact, scrub
from coopdec_graph.sources.accounting import Disposition, Ledger, LineState
from coopdec_graph.sources.base import ExplainedLine
from coopdec_graph.sources.iati.parsing import ParsedActivity

__all__ = ["LANGUAGE", "UNITS", "Account", "Node", "Omission"]

UNITS = Bilingual("éléments, attributs et textes", "elements, attributes and texts")
LANGUAGE = "xml:lang"


_XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_SPACE = " \t\r\n"
_SHOWN = 200
_Fate = tuple[LineState, str]


class Omission(StrEnum):
    """The rules that leave something out: what the model has no place for, what adds nothing."""

    PERSONAL_DATA = "personal-data"
    FOREIGN_NAMESPACE = "foreign-namespace"
    LABEL_OF_CODE = "label-of-code"
    WORDS_BESIDE_DATE = "words-beside-date"
    LANGUAGE_OF_NO_TEXT = "language-of-no-text"
    LOCATION_DETAIL = "location-detail"
    WEBSITE = "website"
    UPDATED = "updated"
    BUDGET_NOT_PROVIDED = "budget-not-provided"
    COUNTRY_BUDGET_ITEMS = "country-budget-items"
    CAPITAL_SPEND = "capital-spend"
    DOCUMENT_LINK = "document-link"
    LEGACY_DATA = "legacy-data"
    CONDITIONS = "conditions"
    RESULT = "result"
    CRS_ADD = "crs-add"
    FSS = "fss"


class Account:
    """What becomes of the units of one activity, and the issues met on the way.

    `field` is the one that is being read: what is taken meanwhile is used by it.
    """

    def __init__(self, name: str) -> None:
        self.field = ""
        self._ledger = Ledger(name)

    def note(
        self, code: str, line: int, path: str, value: str | None = None, **details: str | int
    ) -> None:
        """An issue; the unit it is about is as it was: used and doubted."""
        shown = None if value is None else scrub(value)[:_SHOWN]
        said: dict[str, str | int] = {"path": path, **details}
        self._ledger.note(code, line, path, shown, last_line=None, **said)

    def issues(self) -> tuple[Issue, ...]:
        return self._ledger.issues()


class Node:
    """An element. `path` leads to it from the activity, `line` is that of its start tag.

    `language` is that of its texts: its own `xml:lang`, else that of the element around it.
    """

    __slots__ = (
        "_above",
        "_account",
        "_attributes",
        "_children",
        "_fates",
        "_text",
        "language",
        "line",
        "name",
        "path",
    )

    def __init__(
        self,
        element: etree._Element,
        path: str,
        language: str | None,
        activity: ParsedActivity,
        account: Account,
    ) -> None:
        self._account = account
        self.name = str(element.tag)
        self.path = path
        self.line = activity.line(line_of(element), path)
        self._attributes = {
            LANGUAGE if name == _XML_LANGUAGE else str(name): str(value)
            for name, value in element.items()
        }
        self.language = self._attributes.get(LANGUAGE, language) or None
        # What the paths of its children start with: they are counted from the activity.
        self._above = "" if element is activity.element else f"{path}/"
        self._children = tuple(self._made(element, activity))
        tails = (child.tail or "" for child in element)
        self._text = ((element.text or "") + "".join(tails)).strip(_SPACE)
        self._fates: dict[str, _Fate] = {}

    @classmethod
    def of(cls, activity: ParsedActivity, account: Account) -> Node:
        """The activity itself; its language is that of the elements above it in the file."""
        above = activity.element.getparent()
        language = None if above is None else above.get(_XML_LANGUAGE)
        return cls(activity.element, ACTIVITY, language, activity, account)

    def _made(self, element: etree._Element, activity: ParsedActivity) -> Iterator[Node]:
        children = list(element.iterchildren(etree.Element))
        if not children:
            return
        times = Counter(child.tag for child in children)
        seen: Counter[object] = Counter()
        for child in children:
            seen[child.tag] += 1
            number = f"[{seen[child.tag]}]" if times[child.tag] > 1 else ""
            path = f"{self._above}{child.tag}{number}"
            yield Node(child, path, self.language, activity, self._account)

    def use(self) -> None:
        """The element is used, by the field that is being read."""
        self._settle("", (LineState.USED, self._account.field))

    # ---- taking ---------------------------------------------------------------------------------

    def children(self, *names: str) -> list[Node]:
        """The children of these names, in order; they are used."""
        found = [child for child in self._children if child.name in names]
        for child in found:
            child.use()
        return found

    def child(self, name: str) -> Node | None:
        """The first child of a name; more than one are not read, and noted."""
        first: Node | None = None
        for child in self._children:
            if child.name != name:
                continue
            if first is None:
                first = child
                child.use()
            else:
                child.refuse("iati-repeated")
        return first

    def get(self, name: str) -> str | None:
        """An attribute, as printed; it is used. None where it is absent or blank."""
        value = self._attributes.get(name)
        if value is None:
            return None
        self._settle("@" + name, (LineState.USED, self._account.field))
        return value if value.strip(_SPACE) else None

    def text(self) -> str:
        """The text, without the white space around it; it is used, and so is its language."""
        if self._text:
            self._settle("#", (LineState.USED, self._account.field))
        if LANGUAGE in self._attributes:
            self._settle("@" + LANGUAGE, (LineState.USED, self._account.field))
        return self._text

    def identifier(self, name: str) -> str | None:
        """An attribute that identifies something, without white space around it.

        An e-mail address or a telephone number is no identifier: it is left out, and noted.
        """
        return self._without_contact(self.get(name), "@" + name)

    def identifier_text(self) -> str | None:
        """The same of the text."""
        return self._without_contact(self.text() or None, "#")

    def _without_contact(self, value: str | None, unit: str) -> str | None:
        if value is not None and is_contact(value):
            self._fates[unit] = (LineState.ISSUE, "iati-mailbox")
            self._account.note("iati-mailbox", self.line, self._path(unit))
            return None
        return None if value is None else value.strip(_SPACE)

    # ---- what is not taken ----------------------------------------------------------------------

    def leave_out(self, rule: Omission) -> None:
        """This element and all in it are left out by a rule, but what is used already."""
        self._settle_all((LineState.IGNORED, str(rule)))

    def leave_out_children(self, rule: Omission, *names: str) -> None:
        for child in self._children:
            if child.name in names:
                child.leave_out(rule)

    def leave_out_attributes(self, rule: Omission, *names: str) -> None:
        for name in names:
            if name in self._attributes:
                self._settle("@" + name, (LineState.IGNORED, str(rule)))

    def leave_out_text(self, rule: Omission) -> None:
        if self._text:
            self._settle("#", (LineState.IGNORED, str(rule)))
        self.leave_out_attributes(rule, LANGUAGE)

    def refuse(self, code: str, value: str | None = None, **details: str | int) -> None:
        """This element and all in it end as an issue, what was taken of it already included."""
        self._overrule((LineState.ISSUE, code))
        self.note(code, value, **details)

    def refuse_attribute(self, name: str, code: str, value: str | None = None) -> None:
        """The attribute ends as an issue: it was taken, and says nothing that can be read."""
        self._fates["@" + name] = (LineState.ISSUE, code)
        self.note_attribute(name, code, value)

    def give_up(self, code: str) -> None:
        """This element and all in it are not read, because of an issue that was noted already."""
        self._overrule((LineState.ISSUE, code))

    def note(self, code: str, value: str | None = None, **details: str | int) -> None:
        self._account.note(code, self.line, self.path, value, **details)

    def note_attribute(
        self, name: str, code: str, value: str | None = None, **details: str | int
    ) -> None:
        self._account.note(code, self.line, self._path("@" + name), value, **details)

    def _settle(self, unit: str, fate: _Fate) -> None:
        self._fates.setdefault(unit, fate)

    def _overrule(self, fate: _Fate) -> None:
        for unit in self._units():
            self._fates[unit] = fate
        for child in self._children:
            child._overrule(fate)

    def _settle_all(self, fate: _Fate) -> None:
        for unit in self._units():
            self._settle(unit, fate)
        for child in self._children:
            child._settle_all(fate)

    # ---- the account ----------------------------------------------------------------------------

    def _units(self) -> Iterator[str]:
        """The element itself, its attributes, its text."""
        yield ""
        for name in self._attributes:
            yield "@" + name
        if self._text:
            yield "#"

    def close(self) -> None:
        """Settles what nobody took: of another namespace, it is ignored; else it is an issue."""
        if self.name.startswith("{"):
            self.leave_out(Omission.FOREIGN_NAMESPACE)
            return
        if "" not in self._fates:
            self.refuse("iati-not-read")
            return
        for unit in self._units():
            if unit not in self._fates:
                self._close(unit)
        for child in self._children:
            child.close()

    def _close(self, unit: str) -> None:
        if unit.startswith("@{") or unit == "@" + LANGUAGE:
            foreign = unit.startswith("@{")
            rule = Omission.FOREIGN_NAMESPACE if foreign else Omission.LANGUAGE_OF_NO_TEXT
            self._settle(unit, (LineState.IGNORED, str(rule)))
            return
        self._settle(unit, (LineState.ISSUE, "iati-not-read"))
        self._account.note("iati-not-read", self.line, self._path(unit))

    def _path(self, unit: str) -> str:
        if unit.startswith("@"):
            return at(self.path, unit[1:])
        return f"{self.path}/text()" if unit else self.path

    def explained(self) -> Iterator[ExplainedLine]:
        """Every unit with its fate, in the order of the file; `close` comes first."""
        for unit in self._units():
            state, name = self._fates[unit]
            yield ExplainedLine(Disposition(self.line, state, name), self._path(unit))
        for child in self._children:
            yield from child.explained()
