"""Our own IATI export read beside the Atlas: each project is known again, and counted once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.linking.link_pages import page, rows
from tests.pipeline.commands import coopdec, manifest, write_pages
from tests.service.live_service import serving

PAGES = {
    "p3203": page("Mantes la Jolie", "Commune de Fès", "Maroc", 2011),
    "p3204": page("Chinon", "Ville de Rufisque", "Sénégal", 2012),
    # Without a number of its own: its key is drawn.
    "drawn": page("Blois", "Nulle Part", "Bénin", 2013),
}
COUNTED = "SELECT ?one ?other { ?one cd:alsoReportedAs ?other } ORDER BY ?other"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of pages, then one of the same pages and of the file that the first gave."""
    folder = tmp_path_factory.mktemp("both")
    pages, out, file = write_pages(folder / "pages", **PAGES), folder / "out", folder / "a.xml"
    built = coopdec("build", pages, "--out", out)
    assert built.returncode == 0, built.stderr
    publisher = ("--publisher-ref", "XM-EXEMPLE", "--publisher-name", "Exemple")
    exported = coopdec("export", "iati", "--data", out, "--out", file, *publisher)
    assert exported.returncode == 0, exported.stderr
    again = coopdec("build", pages, "--out", out, "--source", f"iati={file}", COOPDEC_LANG="en")
    assert again.returncode == 0, again.stderr
    assert "Projects reported twice: 3 links, 0 to review." in again.stdout
    return out


def test_every_activity_is_the_partnership_it_came_from(both: Path) -> None:
    found = rows(both, COUNTED)
    keys = [
        (one.rpartition("iati-XM-EXEMPLE-")[2], other.rpartition("/")[2]) for one, other in found
    ]
    assert len(keys) == 3
    assert all(ours == theirs for ours, theirs in keys)
    assert {"atlas-3203", "atlas-3204"} < {key for key, _ in keys}
    assert manifest(both)["links"]["activities"] == {"accepted": 3, "review": 0, "refused": 0}  # type: ignore[index]


def test_the_alignments_agree_on_all_they_look_at(both: Path) -> None:
    levels = rows(
        both, "SELECT DISTINCT ?f { ?a cd:alignedActivity ?b ; cd:feature ?f } ORDER BY ?f"
    )
    assert [level for (level,) in levels] == [
        "amounts: same",
        "country: same",
        "dates: same",
        "identifier: declared",
        "parties: both-sides",
        "place: same",
        "title: same, 1.00",
    ]


def test_nothing_is_counted_twice(both: Path) -> None:
    count = "SELECT (COUNT(DISTINCT ?activity) AS ?n) { ?activity a cd:Activity %s }"
    assert rows(both, count % "") == [("6",)]
    once = "FILTER NOT EXISTS { ?activity cd:alsoReportedAs ?counted }"
    assert rows(both, count % once) == [("3",)]


def test_the_page_of_a_partnership_says_where_else_it_is_reported(
    both: Path, tmp_path: Path
) -> None:
    with serving(both, tmp_path / "server.log") as client:
        for path, language, told in (
            ("/doc/partnership/atlas-3204", "en", "also reported as"),
            ("/doc/activity/iati-XM-EXEMPLE-atlas-3204", "fr", "également déclarée comme"),
        ):
            page_ = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
            assert page_.status_code == 200 and told in page_.text, path
            assert "atlas-3204" in page_.text


def test_questions_on_partnerships_do_not_change(both: Path) -> None:
    asked = coopdec("ask", "partnerships", "--data", both, "--format", "json")
    assert asked.returncode == 0, asked.stderr
    assert len(json.loads(asked.stdout)["results"]["bindings"]) == 3


def test_a_person_may_say_otherwise(both: Path) -> None:
    [(one, other), *_] = rows(both, COUNTED)
    keys = (text.partition("/id/")[2] for text in (one, other))
    line = f"{','.join(keys)},different,,2026-02-03,documentaliste\n"
    (both / "decisions.csv").write_text(f"body,object,decision,why,date,role\n{line}", "utf-8")
    try:
        done = coopdec("link", "--data", both, "--wikidata", "offline", COOPDEC_LANG="en")
        assert "Projects reported twice: 2 links, 0 to review." in done.stdout
        assert len(rows(both, COUNTED)) == 2
    finally:
        (both / "decisions.csv").unlink()
        coopdec("link", "--data", both, "--wikidata", "offline")
    assert len(rows(both, COUNTED)) == 3
