"""The real page our redacted fixture was made from, where it is at hand: same facts, no person."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.sources.atlas.atlas_pages import ROOT, TEXT_PAGES, read_file

REAL = ROOT.parent / "shared" / "atlas" / "page-mantes-rabat.txt"
KNOWN = ROOT.parent / "shared" / "atlas" / "known-pages.tsv"
REDACTED = ROOT / "data" / "atlas" / "mantes-la-jolie-rabat.txt"

real_page = pytest.mark.skipif(
    not REAL.exists(), reason="the real page holds personal data and is not in the repository"
)
known_pages = pytest.mark.skipif(
    not KNOWN.exists(), reason="the table of known pages is not in the repository"
)


def facts(reading):
    return {**reading.record, "prose": list(reading.record["prose"])}


@real_page
def test_same_facts_as_the_redacted_page():
    real, redacted = read_file(REAL), read_file(REDACTED)
    assert facts(real) == facts(redacted)
    assert real.issues == ()
    assert real.record["prose"] != redacted.record["prose"]


@real_page
def test_what_the_page_says():
    record = read_file(REAL).record
    sums = Counter()
    for line in record["funding"]:
        sums[line["financer"]] += line["amount"]
    assert len(record["funding"]) == 9
    assert sums == {
        "Ministère de l'Europe et des Affaires étrangères": 21000,
        "Mantes la Jolie": 21000,
        "Collectivités et partenaires étrangers": 6999,
    }
    assert sums.total() == 48999
    assert len(record["project_owners"]) == 3
    assert len(record["foreign_partners"]) == 1
    assert len(record["french_partners"]) == 1
    assert (record["first_agreement_year"], record["start_year"]) == (2016, 2019)
    assert (record["end_date"], record["declared_status"]) == ("2021-12-31", "En cours")


@real_page
def test_no_person_of_the_page_in_the_reading():
    lines = REAL.read_text("utf-8").split("\n")
    people = people_of(lines)
    assert len(people) >= 9
    shown = repr(read_file(REAL)).casefold()
    assert [person for person in people if person.casefold() in shown] == []


def people_of(lines):
    """Each word of each contact's name, and each address, as the page prints them."""
    addresses = [line.removeprefix("Courriel : ") for line in lines if line.startswith("Courriel")]
    names = [before for before, line in zip(lines, lines[1:], strict=False) if "Courriel :" in line]
    row = next(line for line in lines if "@" in line)
    last, first = re.search(r"\b([A-Z]{3,}) (\w+)\b", row).groups()
    words = [word for name in names for word in name.split()]
    return [*addresses, *names, *words, row.split()[-1], last, first]


@known_pages
def test_known_facts_of_the_numbered_pages():
    with KNOWN.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    pages = {path.stem: path for path in TEXT_PAGES}
    assert len(rows) == 7
    for row in rows:
        reading = read_file(Path(pages[row["prjId"]]))
        record = reading.record
        end = record["end_date"]
        themes = [row["thematique"], row["sous_thematique"], row["sous_sous_thematique"]]
        assert record["title"] == row["titre"]
        assert record["diplomatic_post"] == row["poste"]
        assert str(record["first_agreement_year"] or "") == row["premiere_convention"]
        assert list(record["main_theme"]) == [theme for theme in themes if theme]
        assert str(record["start_year"]) == row["debut"]
        assert record["declared_status"] == row["statut"]
        assert ("/".join(reversed(end.split("-"))) if end else "") == row["fin"]
        assert reading.activity.source.url == row["url"]
