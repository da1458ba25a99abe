from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.commands import PAGES, build


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of data/atlas, to be asked and not changed."""
    out = tmp_path_factory.mktemp("built") / "out"
    build(PAGES, out)
    return out
