"""`coopdec ask`: the list, an answer, the query, and what does not fit."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from coopdec_graph.questions.catalogue import catalogue
from tests.pipeline.commands import coopdec

MOROCCO = "http://publications.europa.eu/resource/authority/country/MAR"


def test_without_a_name_it_shows_them_all() -> None:
    for language, title in (("fr", "Les noms différents"), ("en", "The different names")):
        done = coopdec("ask", COOPDEC_LANG=language)
        assert (done.returncode, done.stderr) == (0, "")
        assert [name for name in catalogue() if name not in done.stdout] == []
        assert title in done.stdout
        assert "country=country" in done.stdout and "[year=year]" in done.stdout


def test_the_list_as_json() -> None:
    shown = json.loads(coopdec("ask", "--json").stdout)
    assert [question["name"] for question in shown] == list(catalogue())
    one = json.loads(coopdec("ask", "ending-between", "--json").stdout)
    assert one[0]["parameters"][0] == {
        "name": "from",
        "type": "date",
        "mode": "required",
        "default": None,
        "pattern": "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$",
        "about": {"fr": "premier jour", "en": "first day"},
        "value": {"fr": "un jour, AAAA-MM-JJ", "en": "a day, YYYY-MM-DD"},
    }


def test_an_answer_in_a_table_says_how_to_read_it(data: Path) -> None:
    asked = ("ask", "partnerships-with-country", "country=Maroc", "year=2019", "--data", data)
    done = coopdec(*asked, COOPDEC_LANG="en")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Éducation + santé & « droits »" in done.stdout
    assert "1 row(s)" in done.stdout
    assert catalogue()["partnerships-with-country"].reading.en in done.stdout


def test_formats(data: Path) -> None:
    asked = ("ask", "partnerships-with-country", "country=MA", "--data", data, "--format")
    rows = list(csv.DictReader(io.StringIO(coopdec(*asked, "csv").stdout)))
    assert [row["start"] for row in rows] == ["2019", "2020"]
    assert {row["country"] for row in rows} == {MOROCCO}
    result = json.loads(coopdec(*asked, "json").stdout)
    assert len(result["results"]["bindings"]) == 2
    on_a_map = coopdec("ask", "partners-map", "--data", data, "--format", "geojson")
    assert json.loads(on_a_map.stdout)["features"][0]["geometry"]["type"] == "Point"


def test_a_parameter_is_also_an_option(data: Path) -> None:
    rest = ("--format", "csv", "--data", data)
    done = coopdec("ask", "funding-lines", "country=MA", "from=2020", "least=0.5", *rest)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 4)
    for options in (
        ("--country", "MA", "--from", "2020", "--least", "0.5"),
        ("--country=Maroc", "--from=2020", "--least=0.5"),
        ("--country", "MAR", "from=2020", "--least=0.5"),
    ):
        assert coopdec("ask", "funding-lines", *options, *rest).stdout == done.stdout
        assert coopdec("ask", "funding-lines", *rest, *options).stdout == done.stdout


def test_help_of_a_question_says_what_one_may_write() -> None:
    for language, texts in (
        ("fr", ("Ce qu'un financeur a versé", "première année", "une année de quatre", "tout")),
        ("en", ("What a financer gave", "first year", "a year of four", "all", "“unread” counts")),
    ):
        done = coopdec("ask", "funding-by-year", "--help", COOPDEC_LANG=language)
        assert (done.returncode, done.stderr) == (0, "")
        assert [text for text in texts if text not in done.stdout] == []
        example = "coopdec ask funding-by-year --financer organisation/ministere"
        assert example in done.stdout and "--from 2019" in done.stdout
    other = coopdec("ask", "--data", "build", "ending-between", "--help", COOPDEC_LANG="en")
    assert "required" in other.stdout and "--to" in other.stdout
    levies = coopdec("ask", "one-percent-levies", "--help", COOPDEC_LANG="en").stdout
    assert "--above" in levies and " 0 " in levies


def test_the_query_that_is_shown_can_be_run(data: Path, tmp_path: Path) -> None:
    asked = ("ask", "funding-lines", "text=+ santé & « droits »", "--data", data)
    shown = coopdec(*asked, "--sparql").stdout
    (tmp_path / "shown.rq").write_text(shown, "utf-8")
    again = coopdec("query", tmp_path / "shown.rq", "--data", data, "--format", "csv")
    assert again.stdout == coopdec(*asked, "--format", "csv").stdout
    assert again.stdout.count("\n") == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["fundng-by-year"], "no question “fundng-by-year”. The nearest: funding-by-year"),
        (["funding-by-year", "financier=x"], "no parameter “financier”. The nearest: financer"),
        (
            ["funding-by-year", "--financier", "x"],
            "no parameter “financier”. The nearest: financer",
        ),
        (["funding-by-year", "--financier"], "no parameter “financier”. The nearest: financer"),
        (["funding-by-year", "--financier=x"], "no parameter “financier”. The nearest: financer"),
        (["funding-by-year", "--to"], "“” does not fit “to”: a year of four digits"),
        (["funding-by-year", "--to", "--from=2020"], "“” does not fit “to”"),
        (["funding-by-year", "--to", "2020", "to=2021"], "“to” is given twice"),
        (["--to", "2020"], "“--to”: the name of the question comes before its parameters"),
        (["fundng-by-year", "--help"], "no question “fundng-by-year”"),
        (["funding-by-year", "2020"], "“2020” is not PARAMETER=VALUE"),
        (["funding-by-year", "to=2020", "to=2021"], "“to” is given twice"),
        (["funding-by-year", "to="], "“” does not fit “to”: a year of four digits"),
        (["completeness", "country=Marok"], "The nearest: MA"),
        (["partnerships-with-country"], "“country” is missing: a country"),
        (["completeness", "--format", "pdf"], "The format “pdf” does not fit"),
        (["completeness", "--format", "turtle"], "The format “turtle” does not fit"),
    ],
)
def test_what_does_not_fit_is_exit_2(arguments: list[str], message: str, data: Path) -> None:
    done = coopdec("ask", *arguments, "--data", data, COOPDEC_LANG="en")
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_no_release_is_exit_2(tmp_path: Path) -> None:
    assert coopdec("ask", "completeness", "--data", tmp_path).returncode == 2
