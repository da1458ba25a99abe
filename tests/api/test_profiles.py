"""One entity: all that is known of it, and the beginning of each list it has to do with."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest

from coopdec_graph.index.resources import resources
from tests.api.conftest import Get, Select


@pytest.mark.parametrize("name", resources())
def test_every_row_has_a_profile(name: str, client: httpx.Client, get: Get) -> None:
    rows = get(name)["rows"]
    assert len(rows) >= 3
    for row in rows:
        document = get(f"{name}/{quote(row['id'])}")
        assert document["rows"] == [row]
        assert list(document["related"]) == [other for other, _ in resources()[name].related]
        for other, related in document["related"].items():
            listed = client.get(related["href"]).json()
            assert (listed["resource"], listed["total"]) == (other, related["total"])
            assert listed["rows"][:10] == related["rows"]


def test_a_partnership_has_its_lines_and_its_query(get: Get, select: Select) -> None:
    document = get("partnerships/atlas-901")
    assert document["related"]["funding"]["total"] == 4
    assert sum(row["euros"] for row in document["related"]["funding"]["rows"]) == 16000
    rows = select(document["sparql"])
    iri = document["rows"][0]["iri"]
    assert {row["value"] for row in rows if row["property"].endswith("/title")} == {
        "Éducation + santé & « droits »"
    }
    assert {row["subject"] for row in rows if row["property"].endswith("#fundedActivity")} == {
        row["iri"] for row in document["related"]["funding"]["rows"]
    }
    assert all(row["entity"] == iri for row in rows)
    assert all(("subject" in row) != ("value" in row) for row in rows)


def test_a_profile_in_turtle_is_the_page_of_the_entity(client: httpx.Client) -> None:
    for address in ("collectivities/fr/mantes-la-jolie.ttl", "themes/eau-et-dechets.ttl"):
        answer = client.get(f"/api/v1/{address}", follow_redirects=False)
        assert answer.status_code == 303
        page = client.get(answer.headers["location"])
        assert (page.status_code, page.headers["content-type"]) == (
            200,
            "text/turtle; charset=utf-8",
        )


@pytest.mark.parametrize(
    ("address", "nearest"),
    [
        ("partnerships/atlas-90", "atlas-901"),
        ("collectivities/fr/mantes-la-joli", "fr/mantes-la-jolie"),
        ("themes/eau", "eau-et-dechets"),
        ("places/fr/commune/78362", "fr/commune/78361"),
    ],
)
def test_what_there_is_not_is_refused_with_the_nearest(
    address: str, nearest: str, client: httpx.Client
) -> None:
    answer = client.get(f"/api/v1/{address}", headers={"accept-language": "en"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (404, "NotFound")
    assert nearest in problem["nearest"]
    assert f"There is no “{address.partition('/')[2]}” among" in problem["detail"]


@pytest.mark.parametrize(
    "id", ["%00", "%ff", "..%2f..%2fetc", "a%20b", "<x>", "x" * 5000, "%22%7D"]
)
@pytest.mark.parametrize("name", resources())
def test_a_hostile_id_is_an_unknown_one(name: str, id: str, client: httpx.Client) -> None:
    answer = client.get(f"/api/v1/{name}/{id}")
    assert answer.status_code in (400, 404)
    assert answer.headers["content-type"] == "application/problem+json"
