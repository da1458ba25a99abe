"""Amounts, dates and counts as each language writes them."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from coopdec_graph.service.values import amount, count, day, literal

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "fr", "en"),
    [
        ("48999", "48\u202f999\u00a0€", "€48,999"),
        ("48999.00", "48\u202f999\u00a0€", "€48,999"),
        ("1234567.5", "1\u202f234\u202f567,50\u00a0€", "€1,234,567.50"),
        ("0", "0\u00a0€", "€0"),
        ("-12", "-12\u00a0€", "-€12"),
        ("many", "many", "many"),
        ("NaN", "NaN", "NaN"),
        ("INF", "INF", "INF"),
    ],
)
def test_amounts(text, fr, en):
    assert (amount(text, "fr"), amount(text, "en")) == (fr, en)


@pytest.mark.parametrize(
    ("text", "fr", "en"),
    [
        ("2021-12-31", "31 décembre 2021", "31 December 2021"),
        ("2021-08-01", "1er août 2021", "1 August 2021"),
        ("soon", "soon", "soon"),
    ],
)
def test_days(text, fr, en):
    assert (day(text, "fr"), day(text, "en")) == (fr, en)


def test_counts():
    assert (count("12129", "fr"), count("12129", "en"), count(None, "fr")) == (
        "12\u202f129",
        "12,129",
        "0",
    )


def test_literals_by_their_type():
    def show(value: str, kind: str) -> tuple[str, str]:
        term = ox.Literal(value, datatype=ox.NamedNode(XSD + kind))
        return literal(term, "http://a/", "fr"), literal(term, "http://a/", "en")

    assert show("true", "boolean") == ("oui", "yes")
    assert show("0", "boolean") == ("non", "no")
    assert show("2011", "gYear") == ("2011", "2011")
    assert show("2021-12-31", "date") == ("31 décembre 2021", "31 December 2021")
