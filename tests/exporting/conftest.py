"""One release of invented partnerships (tests/questions/question_pages.py), and the command over it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from coopdec_graph.exporting import EXPORTERS
from coopdec_graph.exporting.base import Outcome, Settings
from coopdec_graph.exporting.delivery import export as export_release
from coopdec_graph.exporting.selection import Wanted
from coopdec_graph.publishing.releases import Release
from tests.pipeline.commands import coopdec
from tests.questions.question_pages import question_release

Export = Callable[..., subprocess.CompletedProcess[str]]
Made = Callable[..., tuple[Path, Outcome]]
ALL, AS_IT_IS = Wanted(), Settings()


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return question_release(tmp_path_factory.mktemp("export"), with_activities=False)


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


@pytest.fixture
def made(release: Release, tmp_path: Path) -> Made:
    """The same in this process: the file or folder made, and what was said of it."""

    def run(
        format: str,
        wanted: Wanted = ALL,
        settings: Settings = AS_IT_IS,
        *,
        of: Release = release,
        name: str = "export",
        strict: bool = False,
    ) -> tuple[Path, Outcome]:
        path = tmp_path / name
        exporter = EXPORTERS[format]
        outcome = export_release(exporter, of, wanted, settings, path, lambda i, *_: i, strict)
        return path, outcome

    return run
