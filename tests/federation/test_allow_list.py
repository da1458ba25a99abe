"""The list of endpoints: what a file may hold, and which IRIs an entry covers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_graph.errors import UsageError
from coopdec_graph.federation.allow_list import AllowList, Endpoint

PREFIX = "https://good.org/sparql"

COVERED = [
    PREFIX,
    "HTTPS://GOOD.org/sparql",
    "https://good.org:443/sparql",
    "https://good.org/sparql/",
    "https://good.org/sparql/main",
    "https://good.org/sparql/a%20b",
]
NOT_COVERED = [
    "http://good.org/sparql",
    "https://good.org.evil.com/sparql",
    "https://good.org@evil.com/sparql",
    "https://evil.com@good.org/sparql",
    "https://evil.com#@good.org/sparql",
    "https://evil.com\\@good.org/sparql",
    "https://good.org\\.evil.com/sparql",
    "https://good.org%2eevil.com/sparql",
    "https://good%2eorg/sparql",
    "https://good.org:8443/sparql",
    "https://good.org:0/sparql",
    "https://good.org:99999/sparql",
    "https://good.org./sparql",
    "https://www.good.org/sparql",
    "https://good.org",
    "https://good.org/",
    "https://good.org/sparql2",
    "https://good.org/SPARQL",
    "https://good.org/sparql/../admin",
    "https://good.org/sparql/./x",
    "https://good.org/sparql/%2e%2e/admin",
    "https://good.org/sparql/%2E./admin",
    "https://good.org/sparql/..%2fadmin",
    "https://good.org/sparql/..%5Cadmin",
    "https://good.org/sparql/%252e%252e/admin",
    "https://good.org/sparql/%zz",
    "https://good.org/sparql//x",
    "https://good.org//sparql",
    "https://good.org/sparql?update=x",
    "https://good.org/sparql#x",
    "https://good.org/sparql\n",
    " https://good.org/sparql",
    "https://good.org/sparql/\u0430",
    "https://go\u043ed.org/sparql",
    "https:///good.org/sparql",
    "https:good.org/sparql",
    "//good.org/sparql",
    "/sparql",
    "sparql",
    "",
    "file:///etc/hosts",
    "ftp://good.org/sparql",
    "https+unix://good.org/sparql",
]


@pytest.mark.parametrize("iri", COVERED)
def test_an_entry_covers_its_prefix_and_what_is_below(iri: str) -> None:
    endpoint = Endpoint(PREFIX)
    assert AllowList((endpoint,)).find(iri) == endpoint


@pytest.mark.parametrize("iri", NOT_COVERED)
def test_nothing_else_is_covered(iri: str) -> None:
    assert AllowList((Endpoint(PREFIX),)).find(iri) is None


@pytest.mark.parametrize(
    ("prefix", "iri", "covered"),
    [
        ("https://good.org", "https://good.org/", True),
        ("https://good.org/", "https://good.org", True),
        ("https://good.org/", "https://good.org/any/path", True),
        ("https://good.org/sparql/", "https://good.org/sparql", False),
        ("https://good.org/sparql/", "https://good.org/sparql/x", True),
        ("https://good.org/q?g=a", "https://good.org/q?g=a", True),
        ("https://good.org/q?g=a", "https://good.org/q?g=ab", False),
        ("https://good.org/q?g=a", "https://good.org/q", False),
        ("http://[::1]:7878/query", "http://[::1]:7878/query", True),
        ("http://[::1]:7878/query", "http://[::2]:7878/query", False),
        ("http://127.0.0.1:80/", "http://127.0.0.1/query", True),
        ("http://127.0.0.1/", "http://2130706433/query", False),
    ],
)
def test_segments_queries_and_addresses(prefix: str, iri: str, covered: bool) -> None:
    assert Endpoint(prefix).covers(iri) is covered


@given(st.text(min_size=1, max_size=12))
def test_nothing_put_before_the_path_keeps_an_iri_covered(text: str) -> None:
    iri = f"https://good.org{text}/sparql"
    assert text == ":443" or not Endpoint(PREFIX).covers(iri)


def test_the_longest_prefix_decides() -> None:
    wide, narrow = Endpoint("https://good.org/"), Endpoint("https://good.org/a/b", seconds=2)
    allow = AllowList((wide, narrow))
    found = [allow.find(f"https://good.org/{path}") for path in ("a", "a/b", "a/b/c", "a/bc")]
    assert found == [wide, narrow, narrow, wide]


def test_a_mirror_stands_for_its_prefix_only() -> None:
    mirrored = Endpoint(PREFIX, asked_at="http://127.0.0.1:7878/query")
    assert mirrored.covers("HTTPS://good.org:443/sparql")
    assert not mirrored.covers("https://good.org/sparql/main")
    assert not mirrored.covers("http://127.0.0.1:7878/query")


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "federation.toml"
    path.write_text(
        '[[endpoint]]\nprefix = "https://good.org/sparql"\n\n'
        '[[endpoint]]\nprefix = "http://127.0.0.1:7878/query"\n'
        "seconds = 2.5\nmost_bytes = 1_000\nprivate = true\n\n"
        '[[endpoint]]\nprefix = "https://far.org/sparql"\nasked_at = "https://near.org/q"\n',
        "utf-8",
    )
    assert AllowList.load(path).endpoints == (
        Endpoint("https://good.org/sparql", 10, 10_000_000, False),
        Endpoint("http://127.0.0.1:7878/query", 2.5, 1_000, True),
        Endpoint("https://far.org/sparql", asked_at="https://near.org/q"),
    )


def test_a_file_may_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "federation.toml"
    path.write_text("# nobody\n", "utf-8")
    assert AllowList.load(path) == AllowList()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[[endpoint]\n", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[[endpoints]]\n", "[[endpoint]]"),
        (b"endpoint = 3\n", "[[endpoint]]"),
        (b"endpoint = [3]\n", "entry 1: 3."),
        (b"[[endpoint]]\n", "entry 1: prefix = None."),
        (b'[[endpoint]]\nprefix = "good.org"\n', "entry 1: prefix = 'good.org'."),
        (b'[[endpoint]]\nprefix = "https://u@good.org/"\n', "prefix = 'https://u@good.org/'."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nsecond = 1\n', "entry 1: second ?."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nseconds = 0\n', "seconds = 0."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nseconds = inf\n', "seconds = inf."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nseconds = nan\n', "seconds = nan."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nmost_bytes = 1.5\n', "most_bytes = 1.5."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nmost_bytes = true\n', "most_bytes = True."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nprivate = "no"\n', "private = 'no'."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nasked_at = 1\n', "asked_at = 1."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nasked_at = "x"\n', "asked_at = 'x'."),
        (b'[[endpoint]]\nprefix = "https://good.org/"\nasked_at = ""\n', "asked_at = ''."),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path: Path, text: bytes, reason: str) -> None:
    path = tmp_path / "federation.toml"
    path.write_bytes(text)
    with pytest.raises(UsageError) as caught:
        AllowList.load(path)
    assert reason in caught.value.text("en")
    assert str(path) in caught.value.text("fr")


def test_a_missing_file_is_a_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        AllowList.load(tmp_path / "none.toml")
