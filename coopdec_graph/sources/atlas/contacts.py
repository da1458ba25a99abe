"""Contact blocks: functions and counts stay, names and mailboxes go, line by line.

No pattern recognises a name, so nothing of a contact block is kept unless it is a function that
`source.toml` lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from coopdec_graph.namespaces import matching_key
from coopdec_graph.privacy import EMAIL_MARK, scrub_mailboxes
from coopdec_graph.sources.accounting import Ledger
from coopdec_graph.sources.atlas.layout import Section
from coopdec_graph.sources.atlas.lines import Line
from coopdec_graph.sources.atlas.settings import atlas_settings
from coopdec_graph.sources.atlas.tables import Row

__all__ = [
    "announces_mailbox",
    "count_people",
    "is_mailbox",
    "people_functions",
    "post_contacts",
    "post_name",
]

_FUNCTION_COLUMN = 3  # of the table of foreign contacts, see tables.COLUMNS
_MAIL_LABEL = re.compile(r"(?:courriel|e-?mail|m[ée]l)\s?(?::|$)", re.IGNORECASE)


def post_name(head: Line) -> str | None:
    """The post named between the quotes of the heading, or None when the quotes hold nothing."""
    _, _, quoted = head.text.partition("diplomatique ")
    name = quoted.strip().strip('"«»“”').strip()
    return scrub_mailboxes(name) or None


def post_contacts(section: Section, ledger: Ledger) -> tuple[str, ...]:
    """The known functions printed below a diplomatic post, in page order."""
    functions: list[str] = []
    for group in _groups(section):
        functions += _function_of(group, ledger)
    return tuple(functions)


def _groups(section: Section) -> Iterator[list[Line]]:
    """The lines of each contact: a role, a name, `Courriel :` and an address."""
    group: list[Line] = []
    for line in section.filled():
        if matching_key(line.text) in atlas_settings().contact_functions and group:
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _function_of(group: list[Line], ledger: Ledger) -> list[str]:
    known = atlas_settings().contact_functions.get(matching_key(group[0].text))
    if known is not None:
        ledger.use(group[0].number, "contact_functions")
    rest = group[1:] if known is not None else group
    mailboxes = [line for line in rest if is_mailbox(line)]
    names = [line for line in rest if not is_mailbox(line)]
    for line in mailboxes:
        ledger.ignore(line.number, "personal-mailbox")
    for line in names[:1]:
        ledger.ignore(line.number, "personal-name")
    for line in names[1:]:
        ledger.refuse("unexpected-line", [line.number], "diplomatic_post")
    return [known] if known else []


def is_mailbox(line: Line) -> bool:
    """A line that gives a contact's address, or announces it."""
    return announces_mailbox(line) or scrub_mailboxes(line.text) != line.text


def announces_mailbox(line: Line) -> bool:
    return _MAIL_LABEL.match(line.text) is not None


def people_functions(rows: tuple[Row, ...]) -> tuple[str, ...]:
    """The known functions of a contact table, each once: a cell, or the end of a flattened row."""
    found = (_function_of_row(row) for row in rows)
    return tuple(dict.fromkeys(function for function in found if function is not None))


def _function_of_row(row: Row) -> str | None:
    functions = atlas_settings().contact_functions
    if row.cells is not None:
        return functions.get(matching_key(row.cells[_FUNCTION_COLUMN]))
    key = matching_key(scrub_mailboxes(row.text).removesuffix(EMAIL_MARK))
    ending = (known for known in functions if f" {key}".endswith(f" {known}"))
    longest = max(ending, key=len, default=None)
    return None if longest is None else functions[longest]


def count_people(rows: tuple[Row, ...], ledger: Ledger) -> int | None:
    """How many people a contact or volunteer table lists; None for an empty table."""
    for row in rows:
        ledger.ignore(row.line, "personal-row")
    return len(rows) or None
