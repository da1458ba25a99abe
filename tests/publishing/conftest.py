"""The graph of data/atlas, published once; `out` is a copy of its folder for one test to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from coopdec_graph.publishing.updates import Editor
from tests.pipeline.commands import PAGES, ROOT, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published")
    shutil.copy(ROOT / "data" / "registry.csv", out / "registry.csv")
    build(PAGES, out, registry=out / "registry.csv")
    return out


@pytest.fixture
def out(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path / "out", symlinks=True)
    return tmp_path / "out"


@pytest.fixture
def editor(out: Path) -> Editor:
    return Editor(out)
