"""TriG, Turtle and JSON-LD: the same statements as the release, and the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from coopdec_graph.exporting.base import Settings
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.publishing.releases import Release
from tests.exporting.conftest import Export, Made

CANDIDATES = "https://w3id.org/coopdec/graph/candidates"
UNION = {"ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD}


def quads(path: Path, format: ox.RdfFormat) -> list[ox.Quad]:
    return list(ox.parse(path=str(path), format=format))


def published(release: Release) -> set[ox.Quad]:
    found = quads(release.quads, ox.RdfFormat.N_QUADS)
    return {quad for quad in found if quad.graph_name != ox.NamedNode(CANDIDATES)}


def test_trig_has_every_quad_graph_after_graph(made: Made, release: Release) -> None:
    path, outcome = made("trig")
    found = quads(path, ox.RdfFormat.TRIG)
    assert outcome.activities == 5
    assert len(found) == len(set(found))
    assert set(found) == published(release)
    opened = re.findall(r"^<([^>]+)> \{$", path.read_text("utf-8"), re.M)
    assert opened == sorted(set(opened))
    assert len(opened) > 15


@pytest.mark.parametrize("format", UNION)
def test_the_union_has_each_triple_once(made: Made, release: Release, format: str) -> None:
    path, _ = made(format)
    found = quads(path, UNION[format])
    triples = [quad.triple for quad in found]
    assert {quad.graph_name for quad in found} == {ox.DefaultGraph()}
    assert len(triples) == len(set(triples))
    assert set(triples) == {quad.triple for quad in published(release)}


@pytest.mark.parametrize("format", ["trig", *UNION])
def test_candidates_are_asked_for(made: Made, release: Release, format: str) -> None:
    path, _ = made(format, settings=Settings(candidates=True))
    kind = {**UNION, "trig": ox.RdfFormat.TRIG}[format]
    everything = quads(release.quads, ox.RdfFormat.N_QUADS)
    found = {quad.triple for quad in quads(path, kind)}
    assert found == {quad.triple for quad in everything}


@pytest.mark.parametrize("format", ["trig", *UNION])
def test_a_choice_is_that_of_the_quads(made: Made, format: str) -> None:
    wanted = Wanted(country="TG")
    chosen = quads(made("nq", wanted, name="chosen")[0], ox.RdfFormat.N_QUADS)
    kind = {**UNION, "trig": ox.RdfFormat.TRIG}[format]
    found = quads(made(format, wanted)[0], kind)
    assert {quad.triple for quad in found} == {quad.triple for quad in chosen} != set()


@pytest.mark.parametrize("format", ["trig", "ttl"])
def test_two_processes_give_the_same_bytes(export: Export, tmp_path: Path, format: str) -> None:
    """The serializer has its prefixes in the order of a hash, another one in each process."""
    outs = [tmp_path / name for name in ("one", "two")]
    for out in outs:
        assert export(format, "--out", out, "--country", "TG").returncode == 0
    one, two = (out.read_text("utf-8") for out in outs)
    assert one == two
    prefixes = [line for line in one.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert one.splitlines()[: len(prefixes)] == prefixes
    assert len(prefixes) > 20
