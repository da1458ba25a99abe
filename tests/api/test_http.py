"""Validators, languages, methods, origins; characters that must come back as they were sent."""

from __future__ import annotations

import httpx
import pytest

from coopdec_graph.index.resources import resources

PATH = "/api/v1"
ADDRESSES = [
    "",
    *resources(),
    "partnerships.csv",
    "collectivities.geojson",
    "partnerships/atlas-901",
    "search?q=rabat",
    "context.jsonld",
    "funding.csv-metadata.json",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_has_an_answer_is_told_so(address: str, client: httpx.Client) -> None:
    first = client.get(f"{PATH}/{address}".rstrip("/"))
    assert first.status_code == 200
    tag = first.headers["etag"]
    again = client.get(
        f"{PATH}/{address}".rstrip("/"), headers={"if-none-match": f'"other", {tag}'}
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (
        client.get(
            f"{PATH}/{address}".rstrip("/"), headers={"if-none-match": '"other"'}
        ).status_code
        == 200
    )
    assert first.headers["cache-control"] == "no-cache"
    assert {"Accept", "Accept-Encoding"} <= set(first.headers["vary"].split(", "))


def test_the_same_request_in_other_words_has_the_same_tag(client: httpx.Client) -> None:
    def tag(query: str) -> str:
        return client.get(f"{PATH}/partnerships?{query}").headers["etag"]

    same = {tag(query) for query in ("country=MA", "country=Maroc", "country=mar&limit=50")}
    assert len(same) == 1
    others = {tag(q) for q in ("country=TG", "country=MA&sort=title", "country=MA&facets=theme", "country=MA&limit=1", "country=MA&fields=title")}  # fmt: skip
    assert len(others | same) == 6


@pytest.mark.parametrize("address", ADDRESSES)
def test_head_is_get_without_the_body(address: str, client: httpx.Client) -> None:
    get, head = (
        client.get(f"{PATH}/{address}".rstrip("/")),
        client.head(f"{PATH}/{address}".rstrip("/")),
    )
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "vary"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_page_may_read_and_nobody_may_write(address: str, client: httpx.Client) -> None:
    answer = client.get(f"{PATH}/{address}".rstrip("/"), headers={"origin": "https://exemple.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    exposed = answer.headers["access-control-expose-headers"]
    assert {"ETag", "Link", "X-Total-Count", "X-Truncated"} <= set(exposed.split(", "))
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        refused = client.request(method, f"{PATH}/{address}".rstrip("/"))
        assert refused.status_code == 405
        assert "GET" in refused.headers["allow"]


def test_errors_are_in_the_reader_s_language(client: httpx.Client) -> None:
    french = client.get(f"{PATH}/partnerships?country=Marok").json()
    english = client.get(
        f"{PATH}/partnerships?country=Marok", headers={"accept-language": "en-GB, fr;q=0.5"}
    ).json()
    assert "ne convient pas" in french["detail"] and "does not fit" in english["detail"]
    assert french["nearest"] == english["nearest"]
    assert "MA" in french["nearest"]


@pytest.mark.parametrize(
    "text",
    [
        "a+b",
        "a b",
        "a&b=c",
        "100 %",
        "l'été « œuvre »",
        "Việt Nam",
        "الرباط",
        "東京",
        "𝔸 emoji 🌍",
        "#?/\\",
        "a;b",
        "<script>",
        "\u202e",
    ],
)
def test_characters_come_back_as_they_were_sent(text: str, client: httpx.Client) -> None:
    """By `%20` and by `+`; in a filter, where a message repeats what is unknown, and in words."""
    for encoded in (
        str(httpx.QueryParams({"financer": text})),
        "financer=" + "".join(f"%{byte:02x}" for byte in text.encode()),
    ):
        answer = client.get(f"{PATH}/funding?{encoded}", headers={"accept-language": "en"})
        assert answer.status_code == 400
        assert f"“{text}” does not fit “financer”" in answer.json()["detail"]
    assert client.get(f"{PATH}/funding", params={"q": text}).status_code == 200


def test_a_name_with_every_trap_is_found_by_its_name(client: httpx.Client) -> None:
    title = "Éducation + santé & « droits »"
    for answer in (
        client.get(f"{PATH}/partnerships", params={"q": title}),
        client.get(f"{PATH}/partnerships?q=%C3%89ducation%20%2B%20sant%C3%A9"),
    ):
        assert [row["title"]["fr"] for row in answer.json()["rows"]][:1] == [title]


def test_the_root_says_what_may_be_asked(client: httpx.Client) -> None:
    document = client.get(PATH).json()
    assert list(document["resources"]) == list(resources())
    for name, told in document["resources"].items():
        row = client.get(told["href"]).json()["rows"][0]
        assert ["iri", "id", *(column["name"] for column in told["columns"])] == list(row)
        for facet in told["facets"]:
            assert client.get(f"{PATH}/{name}?limit=0&facets={facet}").status_code == 200
        for sort in told["sort"]:
            assert client.get(f"{PATH}/{name}?limit=0&sort=-{sort}").status_code == 200
        for format in told["formats"]:
            assert client.get(f"{PATH}/{name}?limit=0&format={format}").status_code == 200
    for link in ("search", "questions", "context", "openapi"):
        assert client.get(document[link], params={"q": "a"} if link == "search" else {}).is_success


def test_each_answer_says_its_release_and_how_long_it_took(client: httpx.Client) -> None:
    release = client.get("/health").json()["release"]
    for address in [*resources(), "partnerships/atlas-901", "search?q=a"]:
        document = client.get(f"{PATH}/{address}".rstrip("/")).json()
        assert document["release"] == release
        assert 0 <= document["took_ms"] < 60_000
    assert client.get(f"{PATH}/partnerships.csv").headers["x-release"] == release
