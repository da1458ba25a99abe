"""A facet counts, for each value, what there would be with that value."""

from __future__ import annotations

from typing import Any

import pytest

from coopdec_graph.index.reading import Index
from coopdec_graph.index.resources import resources
from tests.api.conftest import Get


@pytest.mark.parametrize("name", resources())
def test_a_count_is_the_number_of_rows_with_that_value(name: str, get: Get, index: Index) -> None:
    resource = resources()[name]
    counted = get(name, facets="*", facet_limit=1000, limit=0)["facets"]
    assert list(counted) == list(resource.facets)
    by_link = {each.link: each.name for each in resource.filters if each.link}
    compared = 0
    for facet, found in counted.items():
        assert found["values"] == len(found["rows"])
        assert [row["count"] for row in found["rows"]] == sorted(
            (row["count"] for row in found["rows"]), reverse=True
        )
        for row in found["rows"]:
            if facet in by_link:
                value = row.get("code") if facet in ("departement", "region") else row["value"]
                assert get(name, **{by_link[facet]: value}, limit=0)["total"] == row["count"]
                compared += 1
    assert compared >= 5


def facet(document: dict[str, Any], name: str) -> dict[str, int]:
    return {
        row["value"].rpartition("/")[2]: row["count"] for row in document["facets"][name]["rows"]
    }


def test_a_facet_is_counted_among_what_the_other_filters_leave(get: Get) -> None:
    document = get(
        "partnerships", country="MA", theme="education-social-et-recherche", facets="country,theme"
    )
    assert [row["id"] for row in document["rows"]] == ["atlas-901"]
    # 901 and 904 are of that theme; 901 and 902 are with Morocco.
    assert facet(document, "country") == {"MAR": 1, "BEN": 1}
    assert facet(document, "theme")["politique-humanitaire-et-cooperation-transfrontaliere"] == 2


def test_words_count_too(get: Get) -> None:
    document = get("partnerships", q="éducation", facets="country")
    assert sorted(row["id"] for row in document["rows"]) == ["atlas-901", "atlas-904"]
    assert facet(document, "country") == {"MAR": 1, "BEN": 1}


def test_a_facet_with_more_values_than_are_shown_says_so(get: Get) -> None:
    found = get("partnerships", facets="country", facet_limit=1)["facets"]["country"]
    assert (found["values"], found["truncated"], len(found["rows"])) == (3, True, 1)
    whole = get("partnerships", facets="country")["facets"]["country"]["rows"]
    assert found["rows"] == whole[:1]
    assert whole[0]["count"] == max(row["count"] for row in whole) > 1
