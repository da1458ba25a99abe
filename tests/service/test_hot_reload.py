"""A release that is published while the service runs is served without a stop."""

from __future__ import annotations

import json
import shutil
import threading
import time
from pathlib import Path

import httpx

from tests.service.live_service import ROOT, build

YEARS = "SELECT ?y { ?p cd:startYear ?y }"


def published(out: Path, page: Path, year: int) -> str:
    """Publishes the page with another first year; the new release."""
    text = (ROOT / "data" / "atlas" / "3203.txt").read_text()
    page.write_text(text.replace("\n2011\n", f"\n{year}\n"))
    build(out, page.parent, out / "registry.csv")
    return (out / "current").resolve().name


def wait_for_release(client: httpx.Client, release: str) -> None:
    deadline = time.monotonic() + 30
    while client.get("/ready").json()["release"] != release:
        assert time.monotonic() < deadline, "the new release is not served"
        time.sleep(0.05)


def test_the_service_follows_what_is_published_and_fails_no_request(serve, tmp_path):
    out, pages = tmp_path / "out", tmp_path / "pages"
    out.mkdir()
    pages.mkdir()
    page = pages / "3203.txt"
    published(out, page, 2011)
    with serve(out) as client:
        answers: list[tuple[int, str]] = []
        stop = threading.Event()

        def ask() -> None:
            with httpx.Client(base_url=client.base_url, timeout=60) as own:
                while not stop.is_set():
                    answer = own.get("/sparql", params={"query": YEARS, "format": "csv"})
                    answers.append((answer.status_code, answer.text))
                    own.get("/doc/partnership/atlas-3203").raise_for_status()

        asking = [threading.Thread(target=ask) for _ in range(3)]
        for thread in asking:
            thread.start()
        for year in (2012, 2013, 2014, 2015):
            wait_for_release(client, published(out, page, year))
            answer = client.get("/sparql", params={"query": YEARS, "format": "csv"})
            assert answer.text == f"y\r\n{year}\r\n"
            assert client.get("/health").json()["release"] == (out / "current").resolve().name
        stop.set()
        for thread in asking:
            thread.join()
        seen = [text for status, text in answers if status == 200]
        assert len(seen) == len(answers) > 20
        assert list(dict.fromkeys(seen)) == [f"y\r\n{year}\r\n" for year in range(2011, 2016)]
    # The releases that were left are held no more: three are kept.
    published(out, page, 2016)
    assert len(list((out / "releases").iterdir())) == 3


def test_a_release_that_cannot_be_loaded_leaves_the_old_one_served(serve, tmp_path):
    out, pages = tmp_path / "out", tmp_path / "pages"
    out.mkdir()
    pages.mkdir()
    first = published(out, pages / "3203.txt", 2011)
    broken = out / "releases" / ("0" * 16)
    shutil.copytree(out / "releases" / first, broken)
    (broken / "graph.nq").write_text("this is not N-Quads\n")
    with serve(out) as client:
        (out / "next").symlink_to(f"releases/{broken.name}")
        (out / "next").replace(out / "current")
        deadline = time.monotonic() + 30
        log = tmp_path / "server.log"
        while "cannot be served" not in log.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        answer = client.get("/sparql", params={"query": YEARS, "format": "csv"})
        assert (answer.status_code, answer.text) == (200, "y\r\n2011\r\n")
        assert client.get("/ready").json() == {"status": "ready", "release": first}
    manifest = json.loads((broken / "manifest.json").read_text())
    assert manifest["published"] == 1
