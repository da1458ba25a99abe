"""Orders, and lists that come in pages."""

from __future__ import annotations

import re

import httpx
import pytest

from coopdec_graph.index.resources import resources
from tests.api.conftest import Get


def ids(get: Get, name: str, **asked: object) -> list[str]:
    return [row["id"] for row in get(name, **asked)["rows"]]


def test_a_list_is_in_the_order_asked_for(get: Get) -> None:
    by_start = ["atlas-905", "atlas-901", "atlas-902", "atlas-904", "atlas-903"]
    assert ids(get, "partnerships", sort="start_year") == by_start
    # What has no value is last both ways; equals are in the order of IRIs.
    assert ids(get, "partnerships", sort="-start_year") == [
        *("atlas-902", "atlas-904", "atlas-901", "atlas-905", "atlas-903")
    ]
    # « Éducation » is among the E.
    assert ids(get, "partnerships", sort="title") == [
        *("atlas-903", "atlas-904", "atlas-901", "atlas-905", "atlas-902")
    ]
    assert ids(get, "partnerships", sort="-total_euros")[:3] == [
        "atlas-901",
        "atlas-905",
        "atlas-904",
    ]


@pytest.mark.parametrize("name", resources())
def test_every_order_has_every_row(name: str, get: Get) -> None:
    whole = sorted(ids(get, name, limit=1000))
    for column in resources()[name].sortable:
        for sort in (column, f"-{column}"):
            assert sorted(ids(get, name, sort=sort, limit=1000)) == whole


@pytest.mark.parametrize("name", resources())
@pytest.mark.parametrize(
    "asked", [{}, {"sort": "-unread_lines"}, {"q": "a"}, {"fields": "name,title"}]
)
def test_pages_have_each_row_once_and_in_order(
    name: str, asked: dict[str, str], client: httpx.Client, get: Get
) -> None:
    resource = resources()[name]
    columns = {column.name for column in resource.columns}
    if asked.get("sort", "-lines")[1:] not in {*resource.sortable, "lines"}:
        asked = {"sort": resource.sortable[-1]}
    if "fields" in asked:
        asked = {"fields": next(iter(sorted(columns)))}
    whole = get(name, **asked, limit=1000)["rows"]
    found, address, pages = [], f"/api/v1/{name}?{httpx.QueryParams({**asked, 'limit': 2})}", 0
    while address:
        answer = client.get(address)
        document = answer.json()
        found += document["rows"]
        pages += 1
        assert document["truncated"] is (document["total"] > len(document["rows"]))
        assert answer.headers["x-total-count"] == str(len(whole))
        assert ("x-truncated" in answer.headers) is document["truncated"]
        linked = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
        assert (linked[1] if linked else None) == document["next"]
        address = document["next"]
    assert found == whole
    assert pages == max(1, (len(whole) + 1) // 2)


def test_a_page_keeps_what_was_asked(client: httpx.Client, get: Get) -> None:
    asked = {"country": "MA", "q": "rabat", "lang": "en", "facets": "theme"}
    first = get("partnerships", **asked, limit=1)
    then = client.get(first["next"]).json()
    assert then["parameters"] == first["parameters"]
    assert list(then["facets"]) == ["theme"]
    assert {first["rows"][0]["id"], then["rows"][0]["id"]} == {"atlas-901", "atlas-902"}
    assert then["next"] is None


@pytest.mark.parametrize(
    "cursor", ["", "x", "WzIsInh4Il0", "é", "AAAA", "W10", "bnVsbA", "[2]" * 5000]
)
def test_a_cursor_that_is_none_is_refused(cursor: str, client: httpx.Client) -> None:
    answer = client.get(
        "/api/v1/partnerships", params={"cursor": cursor}, headers={"accept-language": "en"}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert "“cursor” is no token of this list" in answer.json()["detail"]


@pytest.mark.parametrize("change", [{"country": "MA"}, {"sort": "title"}, {"q": "rabat"}])
def test_a_cursor_is_good_for_its_own_list_only(
    change: dict[str, str], client: httpx.Client, get: Get
) -> None:
    cursor = httpx.URL(get("partnerships", limit=1)["next"]).params["cursor"]
    # Another size of page is the same list.
    assert get("partnerships", cursor=cursor, limit=3)["rows"]
    assert (
        client.get("/api/v1/partnerships", params={"cursor": cursor, **change}).status_code == 400
    )
    assert client.get("/api/v1/places", params={"cursor": cursor}).status_code == 400


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"limit": "-1"}, "BadRequest"),
        ({"limit": "1001"}, "BadRequest"),
        ({"limit": "١"}, "BadRequest"),
        ({"sort": "siren; DROP"}, "UsageError"),
        ({"sort": "--title"}, "UsageError"),
        ({"sort": "relevance"}, "UsageError"),
        ({"fields": "title,nope"}, "UsageError"),
        ({"facets": "title"}, "UsageError"),
        ({"facet_limit": "0"}, "BadRequest"),
        ({"bom": "2"}, "BadRequest"),
        ({"q": "\u0000"}, "BadRequest"),
        ({"q": "x" * 201}, "BadRequest"),
        ({"nope": "1"}, "UsageError"),
    ],
)
def test_what_means_nothing_is_refused(
    parameters: dict[str, str], code: str, client: httpx.Client
) -> None:
    answer = client.get("/api/v1/partnerships", params=parameters)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_parameter_is_given_once(client: httpx.Client) -> None:
    answer = client.get("/api/v1/partnerships?country=MA&country=TG")
    assert answer.status_code == 400
