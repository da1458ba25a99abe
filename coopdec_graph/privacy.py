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

# Repetitions are possessive ("++") or short, and a local part starts only where its run of
# characters starts: the search stays linear on hostile text.
_LOCAL = r"(?:(?<![\w.!$'*+/=?^`~-])[\w.!$'*+/=?^`~-]++|\"[^\"\n]{1,64}\")"
_SIGN = r"(?:[@＠﹫]|&#0?64;|&#x40;|&commat;|%40)"
_MASK = r"[\[({<]\s{0,2}(?:at|arobase|@|＠)\s{0,2}[\])}>]"
_WORD = r"[\w-]++"
_TIGHT_DOT = r"(?:\.|[\[({](?:\.|dot|point)[\])}])"
_DOT = r"(?:\s?[.．]\s?|\s{0,2}[\[({]\s?(?:\.|dot|point)\s?[\])}]\s{0,2})"
_MAILBOX = re.compile(
    rf"{_LOCAL}(?:"
    # x@y.fr, x[at]y, x(a)y, x@[192.0.2.1]: without spaces, a domain of one word will do.
    rf"(?:{_SIGN}|{_MASK}|[\[({{<]a[\])}}>])(?:{_WORD}(?:{_TIGHT_DOT}{_WORD})*+|\[[\w.:]++\])"
    # x (at) y.fr, x @ y . fr, x [arobase] y [point] fr: with spaces, a dot is required.
    rf"|\s{{0,2}}(?:{_SIGN}|{_MASK})\s{{0,2}}{_WORD}(?:{_DOT}{_WORD}){{1,8}}"
    # x arobase y.fr: without any mark, the domain must be tight.
    rf"|\s(?:arobase|at)\s{_WORD}(?:\.{_WORD})*\.[a-z]{{2,}}"
    # x at y dot fr, in words alone.
    rf"|\s(?:arobase|at)\s{_WORD}(?:\sdot\s{_WORD}){{1,8}}"
    # x@ at the end of a line or before a mark.
    rf"|{_SIGN}(?!\w))",
    re.IGNORECASE,
)
# What stands between digits: the hyphens and dashes of Unicode beside the plain one.
_DASH = r"\-\u2010-\u2015\u2212"
# Words of a year or a sum too: those take a mark, or the word "number", behind them.
_ANNOUNCED = (
    r"(?:t[ée]l(?:[ée]phone)?|phone|fax|gsm|whatsapp|"
    r"(?:portable|mobile|mob|cell|ph|contact)(?=\s?[.:]|\snumber))(?:\snumber)?"
)
# International numbers (+ or 00), French ones (ten digits from 0, one separator throughout), and
# the digits after a word that announces a number.
_PHONE = re.compile(
    r"(?<![\w+])(?:"
    rf"(?:\(?\+|(?<!\d[\s.])00)\s?\d{{1,3}}\)?(?:[\s.{_DASH}/]?\(?\d{{1,4}}\)?){{2,7}}"
    rf"|(?:\(0\)\s?|0)[1-9](?P<gap>\s?[.{_DASH}/]?\s?)\d{{2}}(?:(?P=gap)\d{{2}}){{3}}"
    rf"|(?P<word>{_ANNOUNCED}\.?\s{{0,2}}:?\s{{0,2}})\(?\d(?:[\s.{_DASH}/()]{{0,2}}\d){{7,14}}"
    r")(?!\d)",
    re.IGNORECASE,
)
_MINIMUM_DIGITS = 8
# Zero-width characters, the word joiner, the byte order mark and the soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def _phone(match: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in match.group())
    if digits < _MINIMUM_DIGITS:
        return match.group()
    return (match["word"] or "") + PHONE_MARK


def scrub_mailboxes(text: str) -> str:
    """The text with each e-mail address replaced by a mark; other text is untouched.

    Characters that nobody sees go too where they stand within an address.
    """
    return _MAILBOX.sub(EMAIL_MARK, _seen(text))


def _seen(text: str) -> str:
    """The text without invisible characters, if they hide an address; else as it is.

    Elsewhere they have their use: some scripts need them.
    """
    if _INVISIBLE.search(text) is None:
        return text
    bare = _INVISIBLE.sub("", text)
    return bare if _MAILBOX.findall(bare) != _MAILBOX.findall(text) else text


def scrub(text: str) -> str:
    """The text with each e-mail address and telephone number replaced by a mark."""
    return _PHONE.sub(_phone, scrub_mailboxes(text))


def find_mailboxes(text: str) -> Iterator[str]:
    """Every e-mail address in a text, plain or masked: the scan of finished artefacts."""
    return (match.group() for match in _MAILBOX.finditer(_seen(text)))
