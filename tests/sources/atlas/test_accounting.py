"""Every non-blank line of a page ends in exactly one state, whatever was done to the page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.sources.atlas.html import html_lines
from coopdec_graph.sources.atlas.lines import text_lines
from tests.sources.atlas.atlas_pages import HTML_PAGES, TEXT_PAGES, read_bytes, read_file, read_text

LINES = {page.stem: page.read_text("utf-8").split("\n") for page in TEXT_PAGES}
JUNK = [
    "Titre",
    "Financement du partenariat",
    "Contacts dans les partenaires étrangers du partenariat",
    "Nom | Prénom | Mission | Champs d'action | Entité d'affectation |",
    "PIED DE PAGE",
    "Le partenariat est annuel",
    "Objectifs locaux :",
    "|",
    "---|",
    "a|b",
    "\tx",
    "12",
    "2019",
    "1 2 3",
    "<<",
    "oui",
    "[x]",
    "x@y.example",
    "Courriel :",
    "\u00a0",
    "𝔘𝔫𝔦",
]


def check(reading, lines):
    """Asserts the promise for a reading; a page without any label is refused whole."""
    if reading.activity is None:
        assert reading.lines == ()
        assert len(reading.issues) == 1
        return
    printed = [line.number for line in lines if not line.blank]
    assert [line.disposition.line for line in reading.lines] == printed
    for line in reading.lines:
        fate = line.disposition
        if fate.state == "issue":
            assert any(covers(issue, fate) for issue in reading.issues), fate


def covers(issue, fate):
    last = issue.last_line or issue.line
    return issue.line and issue.code == fate.name and issue.line <= fate.line <= last


def test_all_pages_are_here():
    assert len(TEXT_PAGES) == 8
    assert len(HTML_PAGES) == 3


@pytest.mark.parametrize("page", TEXT_PAGES, ids=lambda page: page.stem)
def test_page(page):
    reading = read_file(page)
    check(reading, text_lines(page.read_text("utf-8")))
    assert not [line for line in reading.lines if line.disposition.state == "issue"]


@pytest.mark.parametrize("page", HTML_PAGES, ids=lambda page: page.stem)
def test_saved_page(page):
    encoding = "windows-1252" if page.stem == "latin1-saved" else "utf-8"
    reading = read_file(page)
    check(reading, html_lines(page.read_bytes().decode(encoding)))
    assert not [line for line in reading.lines if line.disposition.state == "issue"]


@pytest.mark.parametrize("page", TEXT_PAGES, ids=lambda page: page.stem)
def test_page_cut_short_at_every_line(page):
    lines = LINES[page.stem]
    for end in range(len(lines) + 1):
        text = "\n".join(lines[:end])
        check(read_text(text), text_lines(text))


@pytest.mark.parametrize("page", HTML_PAGES, ids=lambda page: page.stem)
def test_saved_page_cut_short(page):
    encoding = "windows-1252" if page.stem == "latin1-saved" else "utf-8"
    text = page.read_bytes().decode(encoding)
    for end in range(0, len(text), 400):
        if text[:end].strip():
            check(read_text(text[:end]), html_lines(text[:end]) if text[:end][1:] else ())


@st.composite
def mangled(draw):
    """A page with lines deleted, doubled, swapped and inserted, or with another page in it."""
    lines = list(draw(st.sampled_from(list(LINES.values()))))
    for _ in range(draw(st.integers(1, 12))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "double", "swap", "junk", "page", "text"])):
            case "delete" if len(lines) > 1:
                del lines[at]
            case "double":
                lines.insert(other, lines[at])
            case "swap":
                lines[at], lines[other] = lines[other], lines[at]
            case "junk":
                lines.insert(at, draw(st.sampled_from(JUNK)))
            case "page":
                more = draw(st.sampled_from(list(LINES.values())))
                lines[at:at] = more[draw(st.integers(0, len(more) - 1)) :]
            case "text":
                lines.insert(at, draw(st.text(max_size=60)))
    return "\n".join(lines)


@settings(max_examples=200, deadline=None)
@given(mangled())
def test_mangled_page(text):
    kept = text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    visible = kept.translate(dict.fromkeys([0xAD, 0x200B, 0x2060, 0xFEFF]))
    check(read_text(kept), text_lines(visible))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 3000))
def test_page_with_bytes_thrown_in(junk, at):
    content = TEXT_PAGES[0].read_bytes()
    reading = read_bytes(content[:at] + junk + content[at:])
    assert (reading.activity is None) == (reading.lines == ())
    assert reading.activity is not None or len(reading.issues) == 1
