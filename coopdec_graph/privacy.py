"""Removes mailboxes and telephone numbers from text, and finds those that were missed.

Names of contacts are dropped whole by the readers, line by line: no pattern can recognise a
name. What has a recognisable form is removed here, from every text that is kept. What only looks
alike (amounts, years, positions, identifiers, websites) stays; docs/privacy.md lists the doubts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = [
    "EMAIL_MARK",
    "PHONE_MARK",
    "find_mailboxes",
    "holds_contact",
    "is_contact",
    "scrub",
    "scrub_mailboxes",
]

EMAIL_MARK = "[courriel retiré]"
PHONE_MARK = "[téléphone retiré]"

# ---- mailboxes -----------------------------------------------------------------------------------

# Repetitions are possessive ("++") or short, and a local part starts only where its run of
# characters starts: the search stays linear on hostile text.
_RUN = r"[\w.!$'*+/=?^`~-]"
_START = rf"(?<!{_RUN})"
# Somebody's page on a site: "tiktok.com/@name".
_PAGE = r"/{0,2}(?:[\w-]++\.){1,5}(?:com|org|net|fr|eu|social|tv|io|info)/@"
_LOCAL = rf"(?:{_START}(?!{_PAGE}){_RUN}++|\"[^\"\n]{{1,64}}\")"
# A price or an hour behind the sign: "20h@21h", "prix @ 3.50".
_QUANTITY = r"\d{1,6}(?:[.,:]\d{1,4}\s?[€%]?|\s?(?:h\d{0,2}|[ap]m|min|€|%)?)(?![\w@＠﹫\[({<-]|[.:]{1,9}[\w@＠﹫-])"
_SIGN = rf"(?:[@＠﹫]|&#0?64;|&#x40;|&commat;|%40)(?!\s{{0,2}}{_QUANTITY})"
_MASK = r"[\[({<]\s{0,2}(?:at|arobase|@|＠)\s{0,2}[\])}>]"
_WORD = r"[\w-]++"
_TIGHT_DOT = r"(?:\.|[\[({](?:\.|dot|point)[\])}])"
# A space behind the dot, unless a sentence starts there: "@ Dakar. Puis".
_NEXT = r"(?:\s(?!(?-i:[A-ZÀ-Þ][a-zà-ÿ])))?"
_DOT = r"(?:\s?[.．]\s?|\s{0,2}[\[({]\s?(?:\.|dot|point)\s?[\])}]\s{0,2})"
_SIGN_DOT = rf"(?:\s?[.．]{_NEXT}|\s{{0,2}}[\[({{]\s?(?:\.|dot|point)\s?[\])}}]\s{{0,2}})"
_LAST_LABEL = r"[^\W\d_]{2}[\w-]*+"
_DOMAIN = rf"(?!www\.){_WORD}(?:\.{_WORD})*\.[a-z]{{2,}}"
_DOTS_IN_WORDS = rf"{_WORD}(?:\sdot\s{_WORD}){{1,8}}"

# The word "at" is English too. What stands before it is a local part if it looks like one: it has
# a dot or an underscore between letters, or a digit behind two small letters (not "COVID-19").
_FILE = r"(?:pdf|docx?|xlsx?|pptx?|csv|zip|html?|xml|json|js)"
_SIGNS_WITHIN = (
    r"(?:[^\W_][^\W\d_]\.[^\W\d_]|[^\W\d_]\.[^\W\d_]{2}|[^\W_]_[^\W_]|(?-i:[a-zà-ÿ]{2})\d)"
)
# It is one too if it is a function that has a mailbox, unless words make it a thing: "more info".
_OF_PROSE = "".join(
    rf"(?<!\b{word}\s)"
    for word in ("more", "further", "other", "additional", "latest", "full", "the", "by", "par")
)
_FUNCTION = r"(?:contacts?|infos?|e-?mail|mail|courriel|secr[ée]tariat|accueil|admin|webmaster|presse|mairie)"
_LOCAL_LIKE = (
    rf"{_START}(?:"
    rf"(?!www\.|{_RUN}{{1,64}}?\.{_FILE}\s)(?={_RUN}{{0,64}}?{_SIGNS_WITHIN}){_RUN}++(?<!\.)"
    rf"|{_OF_PROSE}{_FUNCTION}"
    # One letter is no word of prose; behind the apostrophe of "women’s" it is.
    r"|(?<!’)(?-i:[b-z]))"
)
# Or if the words before it announce an address; these are no local parts: "contact us at".
_ANNOUNCES_ADDRESS = (
    r"(?<![\w-])(?:"
    r"(?:e-?mails?|courriels?|m[ée]l|mailto)(?:\s(?:address|is|est|à|to))?"
    r"|(?:adresses?|address)(?:\s(?:mail|[ée]lectronique))?(?=\s?:)"
    r"|(?:[ée]cri(?:re|vez)|adresse[rz]|envoye[rz]|write|send|reply)\s(?:à|au|to)"
    r"|contact(?!\s(?-i:[A-Z]{2,})\s)|contacte[rz]|contacts(?=\s?:)|joindre"
    r")\s?:?\s?"
)
_NO_LOCAL = (
    r"(?!(?:us|me|him|her|them|you|it|nous|vous|lui|leur|someone|anyone|and|or|et|ou|but|only|here|"
    r"directly|available|sent|found|posted|published|received|accessible|address(?:es)?|lists?|"
    r"forms?|pages?|points?|persons?|people|staff|teams?|details|offices?|cent(?:er|re)s?|desks?|"
    r"information|data(?:base)?|newsletters?|updates|alerts|groups?|reports?)\s)"
)
_MAILBOX = re.compile(
    # Each begins where a word does, or with a quote.
    rf"(?:(?<!\w)(?={_RUN})|(?=\"))(?:{_LOCAL}(?:"
    # x@y.fr, x[at]y, x(a)y, x@[192.0.2.1]: without spaces, a domain of one word will do.
    rf"(?:{_SIGN}|{_MASK}|[\[({{<]a[\])}}>])(?:{_WORD}(?:{_TIGHT_DOT}{_WORD})*+|\[[\w.:]++\])"
    # x @ y . fr: with spaces, a dot is required, and a last label that begins with letters.
    rf"|\s{{0,2}}{_SIGN}\s{{0,2}}{_WORD}(?:{_SIGN_DOT}{_WORD}){{0,7}}{_SIGN_DOT}{_LAST_LABEL}"
    # x (at) y.fr, x [arobase] y [point] fr.
    rf"|\s{{0,2}}{_MASK}\s{{0,2}}{_WORD}(?:{_DOT}{_WORD}){{1,8}}"
    # x arobase y.fr, x arobase y point fr: this word means nothing else.
    rf"|\sarobase\s(?:{_WORD}(?:\.{_WORD})*\.[a-z]{{2,}}|{_WORD}(?:\s(?:dot|point)\s{_WORD}){{1,8}})"
    # x at y dot org: nobody tells a website so, but that a word is no top-level domain.
    rf"|\sat\s(?!the\s|an?\s){_WORD}(?:\sdot\s{_WORD}){{0,7}}\sdot\s"
    r"(?:com|org|net|int|info|edu|gov|[a-z]{2})(?!\w)"
    # x@ at the end of a line or before a mark.
    rf"|{_SIGN}(?!\w))"
    # x.y at z.fr, x.y at z dot fr.
    rf"|{_LOCAL_LIKE}\sat\s(?:{_DOMAIN}|{_DOTS_IN_WORDS})"
    rf"|(?P<before>{_ANNOUNCES_ADDRESS}){_NO_LOCAL}{_START}{_RUN}++"
    rf"\sat\s(?:{_DOMAIN}|{_DOTS_IN_WORDS}))",
    re.IGNORECASE,
)
# No address is without one of these: most texts have none, and need no search.
_MAYBE_MAILBOX = re.compile(
    rf"[@＠﹫]|&(?:#|commat)|%40|{_MASK}|[\[({{<]a[\])}}>]|\s(?:at|arobase)\s", re.IGNORECASE
)

# ---- telephone numbers ---------------------------------------------------------------------------

# What stands between digits: the hyphens and dashes of Unicode beside the plain one.
_DASH = r"\-\u2010-\u2015\u2212"
# Facts that digits tell: sums with their unit, years, days, positions in degrees.
# Within a line: a unit on the next one is of something else.
_GAP = r"[^\S\r\n]"
_UNIT = (
    rf"(?:d['’]|de{_GAP})?(?:[kM]?[€$£%]|(?:F{_GAP}?CFA|CFA|k?euros?|(?:US{_GAP})?dollars?|francs?|dirhams?|"
    r"EUR|USD|GBP|CHF|CAD|XOF|XAF|XPF|MAD|DHS?|DZD|TND|EGP|GNF|CDF|MGA|HTG|MRU|JPY|CNY|INR|BRL|"
    r"millions?|milliards?)(?!\w)|"
    # Alone or before a mark: else it may be an initial, or announce a fax.
    r"(?-i:F)(?=[,;)]|\.?\s*\Z))"
)
_THOUSANDS = rf"\d{{1,3}}(?:(?:{_GAP}|\.)\d{{3}}){{1,5}}"
# Of more than nine digits only a round sum is one: "33 612 345 678 euros" has the form of a number.
_ROUND = rf"\d{{1,3}}(?:(?:{_GAP}|\.)\d{{3}}){{0,3}}(?:(?:{_GAP}|\.)000){{2}}(?!\d)"
_SUM = rf"(?:\d{{1,3}}(?:(?:{_GAP}|\.)\d{{3}}){{1,2}}(?:,\d{{1,4}})?|{_ROUND}){_GAP}?{_UNIT}"
_NO_MORE = rf"(?![\s.{_DASH}/]?\d)"
_YEAR = r"(?:19|20)\d{2}"
_YEARS = (
    rf"{_YEAR}(?:\s?[\s.{_DASH}/]\s?{_YEAR}){{1,9}}{_NO_MORE}|{_YEAR}\s?[{_DASH}/]\s?{_YEAR}(?!\d)"
)
_DAY = (
    rf"{_YEAR}[.{_DASH}/][01]\d[.{_DASH}/][0-3]\d(?!\d)"
    rf"|[0-3]\d[.{_DASH}/][01]\d[.{_DASH}/]{_YEAR}(?!\d)"
)
# Registers print telephone numbers as +33.612345678: with more digits, it may be one.
_DEGREES = rf"(?:1[0-7]\d|180|\d{{1,2}})\.\d{{4,7}}{_NO_MORE}"
_FACT = rf"(?:{_SUM}|{_YEARS}|{_DAY}|{_DEGREES})"
_POSITION = r"(?:1[0-7]\d|180|\d{1,2})\.(?:\d{4,8}|\d{11,17})(?!\d)"
# What numbers is no telephone: pairs behind a word for several things, and what a register gave.
_LISTED = (
    r"(?:lots|codes|articles|d[ée]partements|zones|sections|chapitres|chapters|axes|tranches|phases|"
    rf"items)\s?:?\s?0[1-9](?:\s?[.{_DASH}/]?\s?\d{{2}}(?!\d)){{2,}}+"
)
_REGISTERED = r"(?:(?:TVA|VAT)(?:\sBE)?|BCE|KBO|(?-i:BE))\s?:?\s?0\d{3}[\s.]?\d{3}[\s.]?\d{3}(?!\d)"
# Words that announce a number. Those of a year or a sum too take a mark, or "number", behind them.
_KIND = (
    r"(?:fixe|mobile|portable|bureau|domicile|direct|perso(?:nnel)?|office|home|work|cell|standard|"
    r"number|num[ée]ro|num|no|n[°º]|№)"
)
_ANNOUNCED = (
    rf"(?:(?:t[ée]l(?:[ée]phone|[ée]copie)?|phone|fax|gsm|whatsapp|sms|"
    rf"(?:portable|mobile|mob|cel(?:l(?:ulaire)?)?|ph|contacts?)(?:\s\(?(?:pro(?:fessionnel)?|perso(?:nnel)?)\)?)?"
    rf"(?=\s?[.:]|\s(?:number|n[°º]|no\.)))"
    rf"(?:[\s.]{{0,2}}\(?{_KIND}\)?(?!\w)){{0,2}}|"
    # "EU call 101056789" and "CALL-2021-17" are for proposals.
    rf"(?:r?appele[rz]|joindre|joignable|contacte[rz]|call(?:\sus)?(?!-{_YEAR}-|\s101\d{{6}}(?!\d))|dial)(?!\w))"
    rf"\.?\s{{0,2}}[:{_DASH}]?\s{{0,2}}(?:(?:au|le|at|on|sur|is|est)\s(?:le\s|au\s)?)?"
)
_DIGITS = rf"(?!{_FACT})\(?\d(?:[\s.{_DASH}/()]{{0,2}}\d){{7,14}}(?!\d)"
# Country and number, behind the sign.
_ABROAD = rf"\d{{1,3}}\)?(?:[\s.{_DASH}/]?\(?\d{{1,4}}\)?){{2,7}}"
# Ten digits in one are part of an identifier behind a hyphen and a capital, or of a decimal.
_ALONE = rf"(?<!(?-i:[A-Z\d_])[{_DASH}])(?<!\d[.,])"
# National numbers in other groups than pairs, by spaces only: with hyphens, they are identifiers.
_GROUPS = (
    r"(?:(?:\s\d{4}){2}|(?:\s\d{2}){2}\s\d{4}|\s\d{3}(?:\s\d{2}){2}|\s\d{3}\s\d{3}\s\d{2}"
    r"|\d(?:\s\d{4}){2}|\d\s\d{3}\s\d{4}|\d\s\d{3}(?:\s\d{2}){2}"
    r"|\d{2}\s\d{3}\s\d{3,4}|\d{2}(?:\s\d{2}){3}|\d{3}\s\d{6})"
)
_PHONE = re.compile(
    rf"(?<![\w+])(?=[\w(+{_DASH}])(?:"
    rf"(?P<fact>[+{_DASH}]?{_POSITION}\s?[,;\s]\s?[+{_DASH}]?{_POSITION}"
    rf"|{_LISTED}|{_REGISTERED})"
    # International numbers, by + or 00.
    rf"|(?:\(?\+\s?|(?<!\d[\s.,]){_ALONE}00(?=\s?[1-9])\s?)(?!{_FACT})"
    rf"{_ABROAD}"
    # French ones: ten digits from 0, one separator throughout.
    rf"|(?:\(0\)\s?|0)[1-9](?P<gap>\s?[.{_DASH}/]\s?|\s{{1,2}})\d{{2}}(?:(?P=gap)\d{{2}}){{3}}"
    rf"|(?:\(0\)\s?|{_ALONE}0)[1-9]\d{{8}}"
    rf"|(?<!\d[\s.])(?!0\d{{1,3}}\s{_YEAR}\s{_YEAR}(?!\d))0[1-9]{_GROUPS}(?!\d|{_GAP}?{_UNIT})"
    # A prefix in parentheses: from 0, or of three digits.
    rf"|\(0\d{{1,4}}\)\s?(?!{_FACT}|{_THOUSANDS}{_NO_MORE})\d{{2,4}}(?:[\s.{_DASH}]?\d{{2,4}}){{1,3}}"
    rf"|\(\d{{3}}\)\s?(?!{_FACT})(?:\d{{2}}(?:[\s.{_DASH}]?\d{{2}}){{3}}"
    rf"|\d{{3}}[\s.{_DASH}]\d{{4}}|\d{{2}}\s\d{{3}}(?:\s\d{{2}}){{2}})"
    # The digits after a word that announces them, and further numbers beside the first.
    rf"|(?P<word>{_ANNOUNCED})(?:\(?\+\s?(?!{_FACT}){_ABROAD}|{_DIGITS})(?:\s?(?:[/,;|{_DASH}]|ou|et|or|and)\s?{_DIGITS})*+"
    r")(?!\d)",
    re.IGNORECASE,
)
_MINIMUM_DIGITS, _MINIMUM_ABROAD = 8, 10
_MAYBE_PHONE = re.compile(rf"\d(?:\D{{0,6}}\d){{{_MINIMUM_DIGITS - 1}}}")
# What a number is printed with that an identifier of digits lacks.
_PRINTED = re.compile(r"[\s.+]")
# Digits of other scripts, and full-width signs as the pattern has them.
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")
_WIDE = str.maketrans("＋（）．－／：", "+().-/:")

# ---- searching -----------------------------------------------------------------------------------

# Zero-width characters, the word joiner, the byte order mark and the soft hyphen.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


def scrub(text: str) -> str:
    """The text with each e-mail address and telephone number replaced by a mark."""
    kept, end = [], 0
    text = scrub_mailboxes(text)
    for match in _find_phones(text):
        kept += [text[end : _start(match)], PHONE_MARK]
        end = match.end()
    return "".join([*kept, text[end:]])


def scrub_mailboxes(text: str) -> str:
    """The text with each e-mail address replaced by a mark; other text is untouched.

    Characters that nobody sees go too where they stand within an address.
    """
    seen = _seen(text)
    kept, end = [], 0
    for match in _find_mailboxes(seen):
        kept += [seen[end : match.start()], match["before"] or "", EMAIL_MARK]
        end = match.end()
    return "".join([*kept, seen[end:]])


def find_mailboxes(text: str) -> Iterator[str]:
    """Every e-mail address in a text, plain or masked: the scan of finished artefacts."""
    for match in _find_mailboxes(_seen(text)):
        yield match.group().removeprefix(match["before"] or "")


def holds_contact(identifier: str) -> bool:
    """Whether an e-mail address, or a telephone number as people print it, is in an identifier.

    Digits without space, point or plus are a number like any other, unless a word announces them.
    """
    if scrub_mailboxes(identifier) != identifier:
        return True
    return any(
        match["word"] or _PRINTED.search(match.group()) for match in _find_phones(identifier)
    )


def is_contact(reference: str) -> bool:
    """The same of what may become a name: it is no telephone number, however that is printed."""
    return holds_contact(reference) or scrub(reference.strip()) == PHONE_MARK


def _find_mailboxes(text: str) -> Iterator[re.Match[str]]:
    return _MAILBOX.finditer(text) if _MAYBE_MAILBOX.search(text) else iter(())


def _seen(text: str) -> str:
    """The text without invisible characters, if they hide an address; else as it is.

    Elsewhere they have their use: some scripts need them.
    """
    if _INVISIBLE.search(text) is None:
        return text
    bare = _INVISIBLE.sub("", text)
    found = [[match.group() for match in _find_mailboxes(each)] for each in (bare, text)]
    return bare if found[0] != found[1] else text


def _find_phones(text: str) -> Iterator[re.Match[str]]:
    """Each telephone number; a match is of the text with plain digits, in the same places."""
    if _MAYBE_PHONE.search(text) is None:
        return
    for match in _PHONE.finditer(_plain(text)):
        digits = sum(character.isdigit() for character in match.group())
        # With fewer behind 00 it is a number of a periodical: "ISSN 0035-2950".
        least = _MINIMUM_ABROAD if match.group().startswith("00") else _MINIMUM_DIGITS
        if match["fact"] is None and digits >= least:
            yield match


def _plain(text: str) -> str:
    """The text with digits and signs of ASCII, one for each: its length is the same."""
    if text.isascii():
        return text
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text.translate(_WIDE))


def _start(match: re.Match[str]) -> int:
    """Where a number starts, behind the word that announces it."""
    return match.start() if match["word"] is None else match.end("word")
