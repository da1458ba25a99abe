"""What is written in two places agrees, and what must not be written anywhere is not."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import coopdec_graph
from tests.pipeline.commands import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = {"requirements.lock": ("setup",), "requirements-dev.lock": ("setup", "dev")}
# Folders of one machine; written so that this line does not match itself.
MACHINE = re.compile(rb"(?<![\w.:/}])/(?:home|Users|root|work|tmp|private/var)/[\w.]")


def requirement_names(lines: list[str]) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


@pytest.mark.parametrize("name", LOCKS)
def test_lock_files_name_no_host_and_every_dependency(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *(d for x in LOCKS[name] for d in extras[x])]
    locked = [line for line in text.splitlines() if "==" in line]
    assert "://" not in text
    assert requirement_names(wanted) - requirement_names(locked) == set()
    assert text.count("--hash=sha256:") >= len(locked)


def test_versions_agree() -> None:
    version = coopdec_graph.__version__
    ontology = (ROOT / "ontology/coopdec.ttl").read_text("utf-8")
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "coopdec_graph/__init__.py"
    assert re.findall(r'owl:versionInfo "([^"]+)"', ontology) == [version]
    changelog = ROOT / "CHANGELOG.md"
    if changelog.exists():
        released = re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog.read_text("utf-8"), re.MULTILINE)
        assert released[0] == version


def test_import_contracts_name_modules_that_exist() -> None:
    """A contract about a module that is gone would hold for ever."""
    named: set[str] = set()
    for contract in PROJECT["tool"]["importlinter"]["contracts"]:
        layers = [part.strip() for layer in contract.get("layers", []) for part in layer.split("|")]
        named |= {*layers, *contract.get("source_modules", ())}
        named |= {m for m in contract.get("forbidden_modules", ()) if m.startswith("coopdec_graph")}
    paths = [ROOT / name.replace(".", "/") for name in sorted(named)]
    assert len(paths) > 10
    assert [p.name for p in paths if not (p.is_dir() or p.with_suffix(".py").is_file())] == []


def test_no_module_is_longer_than_400_lines() -> None:
    modules = sorted((ROOT / "coopdec_graph").rglob("*.py"))
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert len(modules) > 50
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_file_names_a_folder_of_one_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
    )
    if listed.returncode:
        pytest.skip("not a git checkout: no list of the project's files")
    files = [ROOT / Path(name.decode()) for name in listed.stdout.split(b"\0") if name]
    found = [
        f"{path.relative_to(ROOT)}: {match.group().decode()}"
        for path in files
        if path.is_file()
        for match in MACHINE.finditer(path.read_bytes())
    ]
    assert len(files) > 100
    assert found == []


def test_every_make_target_is_phony_or_a_file_and_help_lists_the_main_ones() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True)
    shown = set(re.findall(r"^make (\w+)", done.stdout, re.MULTILINE))
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert shown <= set(phony[1].split())
    assert {"serve", "build", "test"} <= shown
