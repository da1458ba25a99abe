"""The figures of a row are the sums of lines that the API lists: each line once, none left out."""

from __future__ import annotations

import pytest

from tests.api.conftest import Get

FIGURES = [
    ("financers", "financer", "paid_euros"),
    ("collectivities", "financer", "paid_euros"),
    ("partnerships", "partnership", "total_euros"),
]


@pytest.mark.parametrize(("resource", "filter", "figure"), FIGURES)
def test_a_figure_is_the_sum_of_its_lines(
    resource: str, filter: str, figure: str, get: Get
) -> None:
    rows = get(resource, limit=1000)["rows"]
    summed = 0
    for row in rows:
        lines = get("funding", **{filter: row["iri"]}, limit=1000)["rows"]
        read = [line["euros"] for line in lines if line["euros"] is not None]
        assert row["lines"] == len(lines)
        assert row["unread_lines"] == len(lines) - len(read)
        # A partnership of which a line was not read has no total.
        whole = lines and len(read) == len(lines)
        expected = sum(read) if figure == "paid_euros" or whole else None
        assert row[figure] == expected
        summed += len(lines)
    total = get("funding", limit=0)["total"]
    assert summed == total if resource != "collectivities" else 0 < summed < total


def test_two_partners_three_themes_and_two_owners_multiply_nothing(get: Get) -> None:
    """901 has them all, and 7 000 + 3 000 + 5 000 + 1 000 euros."""
    (row,) = get("partnerships", collectivity="fr/mantes-la-jolie")["rows"]
    assert (len(row["foreign"]), len(row["themes"]), len(row["owners"])) == (2, 3, 2)
    assert (row["total_euros"], row["lines"]) == (16000, 4)
    document = get("funding", partnership="atlas-901", facets="country,theme,financer")
    assert document["total"] == 4
    counts = {
        name: [value["count"] for value in facet["rows"]]
        for name, facet in document["facets"].items()
    }
    # Each line is of its partnership's country and themes, and of one financer.
    assert counts["country"] == [4]
    assert set(counts["theme"]) == {4}
    assert sorted(counts["financer"]) == [1, 1, 2]
