"""The wheel carries all it needs: it works where no checkout is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.pipeline.commands import PAGES, ROOT, environment, files_of

WHAT_IT_FINDS = """
import coopdec_graph
from coopdec_graph.graph.build import VOCABULARY_FILES
from coopdec_graph.resources import query_text, reference_file, resource_folder
assert coopdec_graph.__file__.startswith(PLACE), coopdec_graph.__file__
for folder in ("ontology", "shapes", "data/reference"):
    assert str(resource_folder(folder)).startswith(PLACE), folder
assert all((resource_folder("ontology") / name).is_file() for name in VOCABULARY_FILES)
assert sorted(p.name for p in resource_folder("shapes").glob("*.ttl")) == SHAPES
assert reference_file("countries.csv").is_file() and query_text("describe")
from coopdec_graph.iati import codelists, schemas
assert schemas.schema_for("1.01") and codelists.name("ActivityStatus", "2", "fr")
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content of the wheel, as an installation lays it out."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def python(unpacked: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment(PYTHONPATH=str(unpacked)),
        capture_output=True,
        text=True,
    )


def test_it_finds_its_own_ontology_shapes_and_reference_data(
    unpacked: Path, tmp_path: Path
) -> None:
    shapes = sorted(path.name for path in (ROOT / "shapes").glob("*.ttl"))
    facts = f"PLACE, SHAPES = {str(unpacked)!r}, {shapes!r}"
    done = python(unpacked, tmp_path, "-c", facts + WHAT_IT_FINDS)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_builds_the_same_graph_as_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    for name, place in (("wheel", unpacked), ("checkout", ROOT)):
        done = python(place, tmp_path, "-m", "coopdec_graph", "build", str(PAGES), "--out", name)
        assert done.returncode == 0, done.stderr
    assert files_of(tmp_path / "wheel/releases") == files_of(tmp_path / "checkout/releases")


def test_it_carries_no_test_and_no_page(unpacked: Path) -> None:
    names = {path.relative_to(unpacked).parts[0] for path in unpacked.rglob("*")}
    assert {name for name in names if not name.endswith(".dist-info")} == {"coopdec_graph"}
    assert not (unpacked / "coopdec_graph/_resources/data/atlas").exists()
    entry_points = next(unpacked.glob("*.dist-info/entry_points.txt")).read_text()
    assert "coopdec = coopdec_graph.cli:main" in entry_points
