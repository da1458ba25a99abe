"""One release of invented partnerships (tests/questions/question_pages.py), and the command over it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coopdec_graph.publishing.releases import Release
from tests.pipeline.commands import coopdec
from tests.questions.question_pages import question_release

Export = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("export"))


@pytest.fixture(scope="session")
def data(release: Release) -> Path:
    """The folder of releases, as commands take it."""
    return release.folder.parent.parent


@pytest.fixture(scope="session")
def export(data: Path) -> Export:
    """`coopdec export FORMAT …` over that release, in French."""

    def run(format: str, *options: object, **env: str) -> subprocess.CompletedProcess[str]:
        return coopdec("export", format, "--data", data, *options, **env)

    return run
