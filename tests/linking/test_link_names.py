"""`coopdec link-names` as a user runs it: a list in, the list with links out."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.linking import endpoints
from tests.linking.endpoints import Endpoint, endpoint
from tests.remote.stores import environment

LIST = (
    "id\tname_fr\tiso2\tkind\n"
    "1\tVille de Modèleville\tTG\t\n"
    '2\t"Fictiville\tTG\t\n'
    "3\tMantes la Jolie\tFR\tcommune\n"
    "4\tVille de Modèleville\tTG\t\n"
    "5\tNulle Part\tbj\t\n"
)


@pytest.fixture
def server() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coopdec_graph", "link-names", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env={**environment(), "XDG_CACHE_HOME": str(folder / "cache"), **variables},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


def cells(file: Path) -> list[dict[str, str]]:
    lines = file.read_text("utf-8").removesuffix("\n").split("\n")
    return [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]


def test_the_list_comes_back_with_links(server: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    done = run(tmp_path, "names.tsv", "--wikidata", server.url, "--out", "links.tsv")
    assert (done.returncode, done.stdout) == (0, "")
    rows = cells(tmp_path / "links.tsv")
    assert [row["id"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["qid"] for row in rows] == ["Q101", "", "Q207253", "Q101", ""]
    assert [row["decision"] for row in rows] == [
        "accepted",
        "review",
        "accepted",
        "accepted",
        "nil",
    ]
    assert [row["name_fr"] for row in rows][1] == '"Fictiville', "a quotation mark is a character"
    assert all(0 <= float(row["confidence"]) <= 1 and row["reason"] for row in rows)
    assert float(rows[4]["confidence"]) == 0
    assert list(rows[0]) == [
        "id", "name_fr", "iso2", "kind", "qid", "decision", "confidence", "reason",
    ]  # fmt: skip
    assert "5 names: 3 linked, 1 to review, 1 absent, 0 not asked." in done.stderr
    requests = len(server.asked)
    assert f"{requests} requests ({requests / 5 * 1000:.1f} per 1,000 names)" in done.stderr
    assert (tmp_path / "cache" / "coopdec-graph" / "wikidata").is_dir()


def test_a_second_run_asks_nothing_and_says_the_same(server: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    first = run(tmp_path, "names.tsv", "--wikidata", server.url, "--out", "a.tsv")
    asked = len(server.asked)
    second = run(tmp_path, "names.tsv", "--wikidata", server.url, "--out", "b.tsv")
    assert first.returncode == second.returncode == 0
    assert len(server.asked) == asked
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "b.tsv").read_bytes()
    offline = run(
        tmp_path, "names.tsv", "--wikidata", server.url, "--offline", "--cache-days", "0",
        "--out", "c.tsv",
    )  # fmt: skip
    assert offline.returncode == 0 and len(server.asked) == asked
    assert (tmp_path / "a.tsv").read_bytes() == (tmp_path / "c.tsv").read_bytes()


def test_an_endpoint_that_fails_leaves_a_list_that_says_so(
    server: Endpoint, tmp_path: Path
) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    server.behaviour = endpoints.html_said_to_be_json
    arguments = ("names.tsv", "--wikidata", server.url, "--out", "links.tsv")
    strict = run(tmp_path, *arguments, "--strict")
    assert strict.returncode == 1
    rows = cells(tmp_path / "links.tsv")
    assert {row["decision"] for row in rows} == {"unasked"} and {row["qid"] for row in rows} == {""}
    assert all("malformed" in row["reason"] for row in rows)
    assert "5 not asked" in strict.stderr and "malformed" in strict.stderr
    assert run(tmp_path, *arguments).returncode == 0

    server.behaviour = endpoints.good
    assert run(tmp_path, *arguments, "--strict").returncode == 0
    assert [row["qid"] for row in cells(tmp_path / "links.tsv")] == [
        "Q101", "", "Q207253", "Q101", "",
    ]  # fmt: skip


def test_offline_without_a_cache(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    done = run(
        tmp_path, "names.tsv", "--wikidata", "offline", "--out", "links.tsv", COOPDEC_LANG="fr"
    )
    assert done.returncode == 0
    reasons = {row["reason"] for row in cells(tmp_path / "links.tsv")}
    assert reasons == {"Non demandé : hors ligne, et la réponse n'est pas dans le cache."}


def test_columns_of_the_list_that_have_our_names_are_kept(server: Endpoint, tmp_path: Path) -> None:
    text = (
        "\ufeffname_fr\tiso2\tqid\tkind\r\nModèleville\tTG\tQ999\tplace\r\n\r\nFictiville\tTG\r\n"
    )
    (tmp_path / "names.tsv").write_bytes(text.encode())
    done = run(tmp_path, "names.tsv", "--wikidata", server.url, "--out", "new/links.tsv")
    assert done.returncode == 0
    rows = cells(tmp_path / "new" / "links.tsv")
    assert [(row["given_qid"], row["qid"]) for row in rows] == [("Q999", "Q101"), ("", "")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name_fr\tcountry\nx\tTG\n", "iso2"),
        (b"name\tiso2\nx\tTG\n", "name_fr"),
        (b"", "name_fr"),
        (b"name_fr\tiso2\tiso2\n", "two columns"),
        (b"name_fr\tiso2\nx\tTG\tmore\n", "line 2"),
        (b"name_fr\tiso2\n\xff\tTG\n", "UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_lists_that_are_refused(content: bytes | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "names.tsv").write_bytes(content)
    done = run(tmp_path, "names.tsv", "--wikidata", "offline", "--out", "links.tsv")
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "links.tsv").exists()


def test_an_address_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    done = run(tmp_path, "names.tsv", "--wikidata", "file:///etc/passwd", "--out", "links.tsv")
    assert done.returncode == 2 and "not the address" in done.stderr
    assert not (tmp_path / "links.tsv").exists()


def test_the_file_before_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    (tmp_path / "links.tsv").mkdir()
    done = run(tmp_path, "names.tsv", "--wikidata", "offline", "--out", "links.tsv")
    assert done.returncode == 2
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_the_file_has_the_usual_rights(server: Endpoint, tmp_path: Path) -> None:
    (tmp_path / "names.tsv").write_text(LIST, "utf-8")
    mask = os.umask(0o027)
    try:
        run(tmp_path, "names.tsv", "--wikidata", server.url, "--out", "links.tsv")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "links.tsv").stat().st_mode) == 0o640
