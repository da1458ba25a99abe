"""Removes mailboxes and telephone numbers from text, and finds those that were missed.

Names of contacts are dropped whole by the readers, line by line: no pattern can recognise a
name. What has a recognisable form is removed here, from every text that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["EMAIL_MARK", "PHONE_MARK", "find_mailboxes", "scrub", "scrub_mailboxes"]

EMAIL_MARK = "[courriel retiré]"
PHONE_MARK = "[téléphone retiré]"

# `x@y`, `x[at]y`, `x (arobase) y`; the bounds keep the search linear on hostile text.
_AT = r"(?:[@＠﹫]|[\[({<]\s{0,2}(?:at|arobase|a|@)\s{0,2}[\])}>])"
_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_DOMAIN = r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}"
_DOTTED = r"[\w-]{1,63}(?:\s?\.\s?[\w-]{1,63}){1,8}"
_MAILBOX = re.compile(
    rf"(?<![\w.]){_LOCAL}(?:{_AT}{_DOMAIN}|\s{{1,2}}{_AT}\s{{0,2}}{_DOTTED}|{_AT}\s{{1,2}}{_DOTTED})",
    re.IGNORECASE,
)
# French numbers (ten digits from 0) and international ones (+ or 00, eight digits or more).
_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)\s?\d{1,3}(?:[\s.\-/]?\(?\d{1,4}\)?){2,6}|0[1-9](?:[\s.\-/]?\d{2}){4})(?!\d)"
)
_MINIMUM_DIGITS = 8


def _phone(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match.group())
    return PHONE_MARK if digits >= _MINIMUM_DIGITS else match.group()


def scrub_mailboxes(text: str) -> str:
    """The text with each e-mail address replaced by a mark; other text is untouched."""
    return _MAILBOX.sub(EMAIL_MARK, text)


def scrub(text: str) -> str:
    """The text with each e-mail address and telephone number replaced by a mark."""
    return _PHONE.sub(_phone, scrub_mailboxes(text))


def find_mailboxes(text: str) -> Iterator[str]:
    """Every e-mail address in a text, plain or masked: the scan of finished artefacts."""
    return (match.group() for match in _MAILBOX.finditer(text))
