"""docs/tabular.md, followed step by step: the files it shows, the commands it gives, what they print."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coopdec_graph.sources.tabular.mapping_file import parsed_mapping
from coopdec_graph.sources.tabular.settings import table_settings
from tests.pipeline.commands import ROOT, environment
from tests.sources.tabular.test_mapping_files import SHIPPED

TEXT = (ROOT / "docs" / "tabular.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "mapping-files.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder where `coopdec` is the command of this checkout."""
    command = tmp_path / "bin" / "coopdec"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coopdec_graph "$@"\n')
    command.chmod(0o755)
    return tmp_path


def test_each_step_prints_what_is_shown_under_it(folder: Path) -> None:
    blocks = BLOCK.findall(TEXT)
    languages = [language for language, _ in blocks]
    assert languages == ["csv", "toml", "sh", "text", "toml", "sh", "text", "sh", "text"]
    path = f"{folder / 'bin'}:/usr/bin:/bin"
    for (language, body), (_, shown) in zip(blocks, [*blocks[1:], ("", "")], strict=True):
        if language == "csv":
            (folder / "extrait.csv").write_text(body, "utf-8")
        elif language == "toml":
            with (folder / "extrait.toml").open("a", encoding="utf-8") as file:
                file.write(body + "\n")
        elif language == "sh":
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", body],
                cwd=folder,
                env=environment(PATH=path, COOPDEC_LANG="en"),
                capture_output=True,
                text=True,
            )
            assert (done.returncode, done.stdout) == (0, shown), done.stderr


def test_every_key_of_the_shipped_mappings_is_in_the_reference() -> None:
    used: set[tuple[str, str]] = set()
    for path in SHIPPED.values():
        for table, content in tomllib.loads(path.read_text("utf-8")).items():
            if table == "ignored":
                continue
            for one in content if isinstance(content, list) else [content]:
                used |= {(table, key) for key in one}
    assert len(used) >= 30
    assert [
        key for key in sorted(used) if f"`{key[1]}" not in REFERENCE and key[1] != "title"
    ] == []
    assert [table for table, _ in used if f"[{table}]" not in REFERENCE] == []


def test_the_limits_are_those_of_the_reader() -> None:
    limits = table_settings().limits
    shown = (
        *(limits.columns, limits.rows, limits.cells, limits.csv_rows, limits.csv_bytes),
        *(limits.cell_characters, limits.row_characters, limits.workbook_bytes),
    )
    assert [number for number in shown if f"{number:,}" not in REFERENCE] == []
    assert limits.workbook_bytes == limits.part_bytes


def test_the_mapping_of_the_tutorial_is_one() -> None:
    mapping = "\n".join(body for language, body in BLOCK.findall(TEXT) if language == "toml")
    assert parsed_mapping(mapping.encode(), "extrait.toml").personal == ("dossier suivi par",)
