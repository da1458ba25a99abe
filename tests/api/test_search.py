"""Words: whatever their case, accents and endings; data and nothing else."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_graph.index import reading
from coopdec_graph.index.reading import Index, Selection
from coopdec_graph.index.resources import resources
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.api.lists import PATH
from coopdec_graph.words import wanted
from tests.api.conftest import Get


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("éducation", ["atlas-901", "atlas-904"]),
        ("EDUCATION", ["atlas-901", "atlas-904"]),
        ("educations", ["atlas-901", "atlas-904"]),
        ("droit", ["atlas-901"]),
        ("l'eau", ["atlas-901", "atlas-903"]),
        ("eau paix", ["atlas-903"]),
        ("Water", ["atlas-901", "atlas-903"]),
        ("Morocco", ["atlas-901", "atlas-902"]),
        ("fête", ["atlas-905"]),
        ("préfecture de rabat", ["atlas-901", "atlas-902"]),
        ("Rabat Chinon", []),
        ("introuvable", []),
        ("«»", []),
        ("٪", []),
    ],
)
def test_words_find_what_has_them_all(words: str, found: list[str], get: Get) -> None:
    document = get("partnerships", q=words)
    assert sorted(row["id"] for row in document["rows"]) == found
    assert (document["total"], document["sort"]) == (len(found), "relevance")


def test_what_has_the_words_in_its_title_comes_first(get: Get) -> None:
    """903 has « Eau » in its title, 901 in one of three themes only."""
    assert [row["id"] for row in get("partnerships", q="eau")["rows"]] == ["atlas-903", "atlas-901"]
    # Another order may be asked for.
    by_total = get("partnerships", q="eau", sort="-total_euros")["rows"]
    assert [row["id"] for row in by_total] == ["atlas-901", "atlas-903"]


@pytest.mark.parametrize(
    ("resource", "words", "found"),
    [
        ("collectivities", "mantes", ["fr/mantes-la-jolie", "fr/ville-de-mantes-la-jolie"]),
        ("financers", "ministere affaires", ["organisation/ministere-de-l-europe-et-des-affaires-etrangeres"]),
        ("themes", "eau", ["eau-et-assainissement", "eau-et-dechets"]),
        ("places", "yvelines", ["fr/commune/78361", "fr/departement/78"]),
        ("funding", "paix", ["atlas-904/ville-de-mantes-la-jolie/2020", "atlas-904/ville-de-mantes-la-jolie/2022"]),
    ],
)  # fmt: skip
def test_every_resource_is_searched(resource: str, words: str, found: list[str], get: Get) -> None:
    assert sorted(row["id"] for row in get(resource, q=words)["rows"]) == found


def test_everything_is_searched_at_once(client: httpx.Client, get: Get) -> None:
    document = get("search", q="Mantes", limit=1)
    assert list(document["found"]) == list(resources())
    for name, each in document["found"].items():
        listed = client.get(each["href"]).json()
        assert listed["resource"] == name
        assert listed["total"] == each["total"]
        assert [row["iri"] for row in listed["rows"][:1]] == [row["iri"] for row in each["rows"]]
    assert document["found"]["collectivities"]["total"] == 2


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("?q=", 400), ("?q=a&limit=0", 400), ("?q=a&nope=1", 400), ("?q=%ff", 400)],
)
def test_a_search_that_is_none_is_refused(query: str, status: int, client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/search{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


# What a full-text engine has operators for.
OPERATORS = ['"', "*", "name:eau", "eau OR paix", "NOT eau", "NEAR(eau paix)", "^eau", "(", "eau AND", "-eau", "{name}: eau"]  # fmt: skip


@pytest.mark.parametrize("words", OPERATORS)
def test_an_operator_is_a_word_or_nothing(words: str, client: httpx.Client, get: Get) -> None:
    found = {row["id"] for row in get("partnerships", q=words)["rows"]}
    plain = "".join(c if c.isalnum() else " " for c in words)
    assert found == {row["id"] for row in get("partnerships", q=plain.strip() or "«»")["rows"]}


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_no_text_breaks_the_search(index: Index, text: str) -> None:
    for name in resources():
        mask = index.selected(name, Selection(words=text))
        assert len(index.ranked(name, mask, text)) == mask.sum()


def test_what_too_many_have_is_not_ranked(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same entities, in the order of IRIs."""
    found = {}
    for most in (20_000, 0):
        monkeypatch.setattr(reading, "MOST_RANKED", most)
        index = Index(release.index)
        mask = index.selected("partnerships", Selection(words="eau"))
        found[most] = index.ranked("partnerships", mask, "eau").tolist()
        assert len(index.ranked("partnerships", mask, "introuvable")) == 0
    assert found[20_000] != found[0] == sorted(found[20_000])


def test_words_of_other_scripts_are_words() -> None:
    assert wanted("Việt Nam الرباط 東京 Ελλάδα") == ["viet", "nam", "الرباط", "東京", "ελλαδα"]
    assert wanted("l'école de la ville") == wanted("Écoles, villes")
    assert wanted("de la") == ["de", "la"]
    # « or » is an empty word of English, and gold.
    assert wanted("Côte-d'Or") == ["cot", "or"]
