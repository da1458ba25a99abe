"""Lossless accounting: every non-blank line of a page ends in exactly one of three states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coopdec_graph.issues import Issue

__all__ = ["Disposition", "Ledger", "LineState"]


class LineState(StrEnum):
    USED = "used"
    IGNORED = "ignored"
    ISSUE = "issue"


@dataclass(frozen=True, slots=True)
class Disposition:
    """What became of one line: the field that used it, the rule that ignored it, or the issue."""

    line: int
    state: LineState
    name: str


class Ledger:
    """Collects what becomes of each line of one page, and the issues met on the way.

    The first disposition of a line stands: a later, weaker claim on the same line is refused.
    """

    def __init__(self, page: str, labels: Mapping[str, str] | None = None) -> None:
        """`labels` gives fields the names that people know them by, for the texts of issues."""
        self._page = page
        self._labels = labels or {}
        self._dispositions: dict[int, Disposition] = {}
        self._issues: list[Issue] = []

    def use(self, line: int, field: str) -> None:
        self._settle(line, LineState.USED, field)

    def ignore(self, line: int, rule: str) -> None:
        self._settle(line, LineState.IGNORED, rule)

    def leave(self, line: int, code: str) -> None:
        """This line ends as an issue that is noted for many lines at once."""
        self._settle(line, LineState.ISSUE, code)

    def refuse(
        self,
        code: str,
        lines: Iterable[int],
        field: str | None = None,
        value: str | None = None,
        **details: str | int,
    ) -> None:
        """These lines end as an issue; they are consecutive, and one issue speaks for all."""
        numbers = sorted(lines)
        for number in numbers:
            self._settle(number, LineState.ISSUE, code)
        self.note(code, numbers[0], field, value, last_line=numbers[-1], **details)

    def note(
        self,
        code: str,
        line: int | None = None,
        field: str | None = None,
        value: str | None = None,
        *,
        last_line: int | None = None,
        **details: str | int,
    ) -> None:
        """An issue that leaves the state of its line as it is: the value is used and doubted."""
        last = last_line if last_line != line else None
        if field is not None and field in self._labels:
            details = {"label": self._labels[field], **details}
        self._issues.append(Issue(code, self._page, line, last, field, value, details))

    def _settle(self, line: int, state: LineState, name: str) -> None:
        self._dispositions.setdefault(line, Disposition(line, state, name))

    def settled(self, line: int) -> bool:
        return line in self._dispositions

    def dispositions(self) -> tuple[Disposition, ...]:
        return tuple(self._dispositions[line] for line in sorted(self._dispositions))

    def issues(self) -> tuple[Issue, ...]:
        """In page order; issues about the whole page come first."""
        return tuple(sorted(self._issues, key=lambda issue: (issue.line or 0, issue.code)))
