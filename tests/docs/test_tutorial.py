"""docs/tutorial.md, run block by block over the graph of data/atlas: it prints what it shows."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from pathlib import Path

import pytest

from tests.pipeline.commands import ROOT, coopdec

TEXT = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def steps() -> list[tuple[str, str]]:
    """Each block of code with what it prints."""
    found = BLOCK.findall(TEXT)
    assert [language for language, _ in found] == ["python", "text"] * (len(found) // 2)
    bodies = [body for _, body in found]
    return list(zip(bodies[::2], bodies[1::2], strict=True))


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what `make build` leaves in it."""
    shutil.copy(ROOT / "data" / "registry.csv", tmp_path)
    done = coopdec(
        *("build", ROOT / "data" / "atlas", "--registry", tmp_path / "registry.csv"),
        *("--decisions", ROOT / "data" / "links" / "decisions.csv", "--out", tmp_path / "build"),
    )
    assert done.returncode == 0, done.stderr
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_block_prints_what_is_shown_under_it(built: Path) -> None:
    scope: dict[str, object] = {}
    release = (built / "build" / "current").resolve().name
    for code, shown in steps():
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "tutorial.md", "exec"), scope)  # noqa: S102
        # The release on the page is that of another version of the program.
        expected = re.sub("release [0-9a-f]{16}", f"release {release}", shown)
        assert printed.getvalue() == expected
    assert len(steps()) == 10
    assert {path.name for path in built.iterdir()} >= {"funding.csv", "funding.parquet"}
