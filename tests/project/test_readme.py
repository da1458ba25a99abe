"""What the README shows is what one gets."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from tests.pipeline.commands import PAGES, ROOT, build, coopdec, environment

README = (ROOT / "README.md").read_text("utf-8")
# A block of commands with the block of output printed after it.
EXAMPLES = re.findall(r"```sh\n((?:(?!```).)*)```\s+```csv\n((?:(?!```).)*)```", README, re.DOTALL)


def test_commands_give_the_output_printed_after_them(tmp_path: Path) -> None:
    """Run as printed, in a folder that has what `make build` leaves: `.venv/bin/coopdec`, `build/`."""
    build(PAGES, tmp_path / "build")
    command = tmp_path / ".venv/bin/coopdec"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m coopdec_graph "$@"\n')
    command.chmod(0o755)
    assert EXAMPLES
    for commands, expected in EXAMPLES:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines() == expected.splitlines()


def test_the_table_of_commands_is_the_help_of_the_command() -> None:
    rows = dict(re.findall(r"^\| `coopdec ([\w-]+)[^`]*` \| (.*) \|$", README, re.MULTILINE))
    shown = coopdec("--help", COLUMNS="200").stdout
    assert list(rows) == [
        "read", "build", "link", "review", "validate", "query", "ask", "export", "serve", "mcp",
        "link-names", "publish",
    ]  # fmt: skip
    for verb in rows:
        assert re.search(rf"^│ {verb} ", shown, re.MULTILINE), verb


def test_options_the_readme_names_exist() -> None:
    rows = re.findall(r"^\| `coopdec ([\w-]+)([^`]*)` \| (.*) \|$", README, re.MULTILINE)
    assert len(rows) == 12
    for verb, usage, text in rows:
        named = set(re.findall(r"--[a-z-]+", usage + text))
        shown = coopdec(verb, "--help", COLUMNS="200").stdout
        assert {option for option in named if option not in shown} == set()


def test_paths_the_readme_links_to_exist() -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)", README)
    assert len(linked) > 10
    assert [path for path in linked if not (ROOT / path).exists()] == []
