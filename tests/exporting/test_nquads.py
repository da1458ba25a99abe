"""`coopdec export nq`: the statements of the release, all of them or those of chosen activities."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coopdec_graph.exporting.base import Settings
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.publishing.releases import Release
from tests.exporting.conftest import Export, Made

BASE = "https://w3id.org/coopdec/"


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def partnerships(path: Path) -> set[str]:
    """The keys of the activities that have graphs of their own."""
    text = path.read_text("utf-8")
    return set(re.findall(rf"<{BASE}graph/(?:source|derived|narrative)/([\w-]+)> \.$", text, re.M))


def test_everything_is_the_file_of_the_release(
    export: Export, release: Release, tmp_path: Path
) -> None:
    out = tmp_path / "all.nq"
    done = export("nq", "--out", out, "--candidates")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[-1] == f"5 activité(s) dans {out}."
    assert out.read_bytes() == release.quads.read_bytes()


def test_candidates_are_left_out_unless_asked_for(
    export: Export, release: Release, tmp_path: Path
) -> None:
    out = tmp_path / "all.nq"
    assert export("nq", "--out", out).returncode == 0
    whole = lines(release.quads)
    expected = [line for line in whole if not line.endswith(f"<{BASE}graph/candidates> .")]
    assert lines(out) == expected
    assert len(whole) - len(expected) > 10


@pytest.mark.parametrize(
    ("options", "keys"),
    [
        (("--country", "TG"), {"atlas-903", "atlas-905"}),
        (("--country", "tgo"), {"atlas-903", "atlas-905"}),
        (("--country", "Bénin", "--collectivity", "Région Île-de-France"), {"atlas-905"}),
        (("--collectivity", f"{BASE}id/collectivity/fr/mantes-la-jolie"), {"atlas-901"}),
        (("--collectivity", "fr/mantes-la-jolie", "--programme", "atlas"), {"atlas-901"}),
    ],
)
def test_only_chosen_activities(
    export: Export, tmp_path: Path, options: tuple[str, ...], keys: set[str]
) -> None:
    out = tmp_path / "some.nq"
    assert export("nq", "--out", out, *options).returncode == 0
    assert partnerships(out) - {"names"} == keys


def test_a_selection_has_all_that_is_said_of_what_it_names_and_nothing_of_others(
    export: Export, release: Release, tmp_path: Path
) -> None:
    out = tmp_path / "chinon.nq"
    assert export("nq", "--out", out, "--collectivity", "Chinon", "--candidates").returncode == 0
    kept, whole = set(lines(out)), lines(release.quads)
    assert lines(out) == [line for line in whole if line in kept]
    named = {"fr/chinon", "tg/la-paix", "atlas-903", "organisation/ministere"}
    others = {"mantes-la-jolie", "yvelines", "bj/la-paix", "atlas-901", "-rabat", "ile-de-france"}
    apart = f"<{BASE}graph/vocabulary> ."
    facts = [line for line in kept if not line.endswith(apart)]
    assert [word for word in named if not any(word in line for line in facts)] == []
    assert [line for line in facts if any(word in line for word in others)] == []
    # The place of Chinon and those it lies in, its decision, the name, the page, the findings.
    for graph in ("places", "links", "candidates", "derived/names", "provenance", "quality"):
        assert any(line.endswith(f"<{BASE}graph/{graph}> .") for line in facts), graph
    assert {line for line in whole if line.endswith(apart)} <= kept


def test_all_of_a_programme_is_all_but_the_figures_of_the_links(
    made: Made, release: Release
) -> None:
    """Nothing that a release holds is forgotten by a choice."""
    path, _ = made("nq", Wanted(programme="atlas"), Settings(candidates=True))
    left_out = set(lines(release.quads)) - set(lines(path))
    assert {line.split(" ")[0] for line in left_out} == {f"<{BASE}id/linkset/wikidata>"}


def test_the_same_release_gives_the_same_bytes(export: Export, tmp_path: Path) -> None:
    outs = [tmp_path / name for name in ("one.nq", "two.nq")]
    for out in outs:
        assert export("nq", "--out", out, "--country", "MA").returncode == 0
    assert outs[0].read_bytes() == outs[1].read_bytes() != b""
