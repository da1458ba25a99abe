"""The page of an activity of another programme: its sums in a table, each in its own currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from coopdec_graph.service.values import amount
from tests.questions.question_pages import question_release
from tests.service.live_service import serving

ACTIVITY = "/doc/activity/iati-XM-EXAMPLE-1"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("programmes")
    release = question_release(folder)
    with serving(release.folder.parent.parent, folder / "log") as client:
        yield client


def rows(page: str) -> list[list[str]]:
    table = re.search(r'<table class="funding">(.*?)</table>', page, re.S)
    assert table is not None
    found = re.findall(r"<tr>(.*?)</tr>", table[1], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in found]
    return [[re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in cells]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "fr",
            [
                ["Nature", "Date", "De", "À", "Montant"],
                ["Budget", "1er janvier 2020", "", "", "10 000 €"],
                ["Engagement", "15 juin 2020", "", "", "12 000 USD"],
                ["Décaissement", "1er juillet 2020", "", "", "4 000 €"],
            ],
        ),
        (
            "en",
            [
                ["Kind", "Date", "From", "To", "Amount"],
                ["Budget", "1 January 2020", "", "", "€10,000"],
                ["Outgoing commitment", "15 June 2020", "", "", "USD 12,000"],
                ["Disbursement", "1 July 2020", "", "", "€4,000"],
            ],
        ),
    ],
)
def test_sums_are_in_a_table_of_their_own(
    client: httpx.Client, language: str, expected: list[list[str]]
) -> None:
    page = client.get(ACTIVITY, headers={"Accept": "text/html", "Accept-Language": language}).text

    assert rows(page) == expected
    # No total of several kinds, and what the Atlas says is not what this programme says.
    assert "<tfoot>" not in page
    assert "financial item" not in page and "élément financier" not in page
    assert ("Ce que dit la source" in page) is (language == "fr")


def test_a_partnership_has_no_sums_but_its_lines(client: httpx.Client) -> None:
    page = client.get("/doc/partnership/atlas-901", headers={"Accept": "text/html"}).text

    assert 'id="sums"' not in page
    assert 'id="funding"' in page


@pytest.mark.parametrize(
    ("value", "currency", "fr", "en"),
    [
        ("1234.5", "USD", "1\u202f234,50\xa0USD", "USD\xa01,234.50"),
        ("-500", "EUR", "-500\xa0€", "-€500"),
        ("7", "", "7", "7"),
    ],
)
def test_an_amount_in_another_currency(value: str, currency: str, fr: str, en: str) -> None:
    assert amount(value, "fr", currency) == fr
    assert amount(value, "en", currency) == en
