"""The catalogue in a browser's eyes: a form for each question, its answer, its errors."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import httpx
import pytest

from coopdec_graph.questions.catalogue import Mode, catalogue
from coopdec_graph.questions.kinds import Kind

PAGE = {"accept": "text/html"}


def fields(page: str) -> dict[str, str]:
    """The fields of the form, with the values they hold."""
    inputs = re.findall(r'<input id="p-\w+" name="(\w+)" value="([^"]*)"', page)
    selects = re.findall(
        r'<select id="p-\w+" name="(\w+)">(?:<option value="[^"]*">[^<]*</option>)*'
        r'<option value="([^"]*)" selected>',
        page,
    )
    return {name: html.unescape(value) for name, value in [*inputs, *selects]}


def test_the_list_has_every_question_in_both_languages(client: httpx.Client) -> None:
    for language in ("fr", "en"):
        page = client.get("/questions", headers={**PAGE, "accept-language": language}).text
        links = re.findall(r'<a href="/questions/([\w-]+)">([^<]*)</a>', page)
        assert {name: html.unescape(title) for name, title in links} == {
            name: question.title.text(language) for name, question in catalogue().items()
        }


@pytest.mark.parametrize("name", catalogue())
def test_a_question_is_a_form_and_its_example_an_answer(name: str, client: httpx.Client) -> None:
    question = catalogue()[name]
    empty = client.get(f"/questions/{name}", headers=PAGE)
    assert (empty.status_code, empty.headers["content-language"]) == (200, "fr")
    assert set(fields(empty.text)) == {parameter.name for parameter in question.parameters}
    assert 'id="result"' not in empty.text
    required = {p.name for p in question.parameters if p.mode is Mode.REQUIRED}
    assert empty.text.count(" required") == len(required)
    asked = client.get(f"/questions/{name}", params={"ask": "1", **question.example}, headers=PAGE)
    if question.asks_others:
        assert (asked.status_code, "SERVICE est refusé" in asked.text) == (403, True)
        return
    if asked.status_code == 400:
        # The example is of the whole atlas; what this release lacks is said, and kept in its field.
        assert 'role="alert"' in asked.text
        return
    assert html.escape(question.reading.fr, quote=False) in html.unescape(asked.text) or (
        html.unescape(question.reading.fr) in html.unescape(asked.text)
    )
    held = fields(asked.text)
    assert {k: v for k, v in held.items() if k in question.example} == dict(question.example)
    document = client.get(f"/api/v1/questions/{name}", params=question.example).json()
    assert asked.text.count("<tr>") == (len(document["rows"]) + 1 if document["rows"] else 0)


def test_most_examples_have_an_answer_here(client: httpx.Client) -> None:
    """Those that do not are of a page, a place or a partner that this release lacks."""
    answered = [
        name
        for name, question in catalogue().items()
        if client.get(f"/questions/{name}", params={"ask": "1", **question.example}).status_code
        == 200
    ]
    assert len(answered) >= len(catalogue()) - 8


def test_what_a_form_sends_empty_was_not_given(client: httpx.Client) -> None:
    """A browser sends every field."""
    sent = {p.name: "" for p in catalogue()["partnerships"].parameters}
    page = client.get(f"/questions/partnerships?ask=1&{urlencode(sent)}", headers=PAGE)
    assert page.status_code == 200
    total = client.get("/api/v1/partnerships?limit=0").json()["total"]
    assert f"{total} lignes." in page.text


def test_downloads_are_of_the_same_answer(client: httpx.Client) -> None:
    page = client.get("/questions/partners-map?ask=1&country=TG", headers=PAGE).text
    links = re.findall(r'<a href="(/api/v1/questions/[^"]*)">(\w+)</a>', page)
    assert [name for _, name in links] == ["JSON", "CSV", "XLSX", "PARQUET", "GEOJSON"]
    for href, _ in links:
        assert client.get(html.unescape(href)).status_code == 200
        assert "country=TG" in href


@pytest.mark.parametrize("value", ['"><script>alert(1)</script>', "Marok", "{{ 7*7 }}", "'"])
def test_a_wrong_value_is_said_and_stays_in_its_field(value: str, client: httpx.Client) -> None:
    answer = client.get(
        "/questions/partnerships", params={"ask": "1", "country": value}, headers=PAGE
    )
    assert answer.status_code == 400
    assert "<script>" not in answer.text and "49" not in fields(answer.text)["country"]
    assert fields(answer.text)["country"] == value
    assert "ne convient pas à « country »" in html.unescape(answer.text)


def test_names_are_in_the_language_of_the_page(client: httpx.Client) -> None:
    assert any(p.kind is Kind.LANGUAGE for p in catalogue()["partnerships"].parameters)
    english = client.get("/questions/partnerships?ask=1&lang=en", headers=PAGE).text
    assert "Morocco" in english and "Maroc<" not in english


def test_an_unknown_question_is_not_found(client: httpx.Client) -> None:
    answer = client.get("/questions/funding-by-yaer", headers=PAGE)
    assert (answer.status_code, "funding-by-year" in answer.text) == (404, True)
