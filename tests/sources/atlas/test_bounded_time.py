"""Pages made to be slow: each is read, or refused, in less than two seconds."""

import pytest

from tests.sources.atlas.atlas_pages import (
    CHROME,
    LAST_FUNDING_ROW,
    MANTES,
    codes,
    read_within,
    replaced,
)

OWNERS = "Mantes la Jolie, Conseil"
PAGER = "<< < pagination"
PROSE = "Historique\n"
PARTNER = "Mantes la Jolie commun"

TEXTS = {
    "comments": "<!-- x -->" * 300_000,
    "open comments": "<!--" * 700_000,
    "open comments in HTML": "<html>" + "<!--" * 700_000,
    "titles": "Titre\n" * 20_000,
    "many titles": "Titre\n" * 500_000,
    "posts": 'Contacts dans le poste diplomatique "a"\n' * 3_500,
    "quotes": replaced(MANTES, '"Ambassade de France à Rabat"', '"' * 150),
    "pages": MANTES * 14,
    "many pages": MANTES * 300,
    "lines": replaced(MANTES, PROSE, "x\n" * 60_000 + PROSE),
    "many lines": replaced(MANTES, PROSE, "x y z\n" * 100_000 + PROSE),
    "labels in prose": replaced(MANTES, PROSE, "Titre\n" * 20_000 + PROSE),
    "line of 3 MB": replaced(MANTES, PROSE, "a" * 3_000_000 + "\n" + PROSE),
    "title of 3 MB": replaced(MANTES, "Titre\n", "Titre\n" + "a b " * 750_000),
    "funding of 50 000 numbers": replaced(
        MANTES, LAST_FUNDING_ROW, "Mantes la Jolie " + "7 " * 50_000 + "2019"
    ),
    "funding of 50 000 groups": replaced(
        MANTES, LAST_FUNDING_ROW, "Mantes la Jolie " + "700 " * 50_000 + "2019"
    ),
    "funding of 50 000 words": replaced(MANTES, LAST_FUNDING_ROW, "X " * 50_000 + "7000 2019"),
    "many ambiguous rows": replaced(
        MANTES, LAST_FUNDING_ROW, ("Mantes " + "700 " * 19 + "2019\n") * 800
    ),
    "rows": replaced(MANTES, LAST_FUNDING_ROW, "Mantes la Jolie 7000 2019\n" * 5_000),
    "pipes": replaced(MANTES, LAST_FUNDING_ROW, "|" * 60_000 + "x"),
    "tabs": replaced(MANTES, LAST_FUNDING_ROW, "x" + "\t" * 60_000 + "x"),
    "theme row": replaced(MANTES, PAGER, "Culture et Patrimoine " * 6_000 + "\n" + PAGER),
    "rule": replaced(MANTES, PAGER, "-" * 60_000 + "x\n" + PAGER),
    "rules": replaced(MANTES, PAGER, "--- " * 30_000 + "x\n" + PAGER),
    "pager": replaced(MANTES, PAGER, "<< " + "1 " * 60_000 + "x\n" + PAGER),
    "country": replaced(MANTES, "Rabat Maroc", "Rabat " * 20_000 + "Maroc"),
    "owners": replaced(MANTES, OWNERS, "a," * 60_000 + OWNERS),
    "owners with commas": replaced(
        MANTES.replace(PARTNER, "Mantes, la Jolie commun"), OWNERS, "a," * 60_000 + OWNERS
    ),
    "owner lines": replaced(MANTES, OWNERS, "a\n" * 30_000 + OWNERS),
    "partners": replaced(MANTES, PARTNER, "a\n" * 30_000 + PARTNER),
    "contacts": replaced(MANTES, "Camille EXEMPLE", "Jean DUPONT\n" * 10_000),
    "people": replaced(MANTES, "SPECIMEN Sacha", "SPECIMEN Sacha " * 8_000),
    "spaces": replaced(MANTES, PROSE, "a" + " " * 120_000 + "b\n" + PROSE),
    "deep HTML": CHROME.replace("<body", "<div>" * 100_000 + "<body"),
    "deep tables": "<html><body>" + "<table><tr><td>Titre" * 15_000,
    "unclosed": "<html><body>" + "<p>Titre<b><i>" * 10_000,
    "attributes": "<html><body><p " + "a=b " * 300_000 + ">Titre</p>",
    "link": "<html><link " + "rel=canonical " * 100_000,
}
BITS = ["@", "a@", "a.", "0", "1 ", "+", "+1 ", "00 1", "a[at", "[", ".", "- ", "(+1", "a (at) a. "]


@pytest.mark.parametrize("name", TEXTS)
def test_page_made_to_be_slow(name):
    reading = read_within(2, TEXTS[name].encode())
    assert reading.activity is not None or len(reading.issues) == 1


@pytest.mark.parametrize("bit", BITS)
def test_line_made_to_be_slow(bit):
    line = bit * (120_000 // len(bit))
    reading = read_within(2, replaced(MANTES, PROSE, f"{line}\n{PROSE}").encode())
    assert reading.activity is not None


@pytest.mark.parametrize("name", ["many titles", "many pages", "many lines", "line of 3 MB"])
def test_more_text_than_any_page_has(name):
    assert codes(read_within(2, TEXTS[name].encode())) == ["page-too-long"]


def test_html_too_deep_to_be_read():
    assert codes(read_within(2, TEXTS["deep HTML"].encode())) == ["page-html"]
