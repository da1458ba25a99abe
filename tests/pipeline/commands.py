"""Runs the product as its users do, and reads what it left on disk.

`coopdec` starts a process; `build` runs the same pipeline in this one, where a test needs many.
Pages are made from those of data/atlas, so that a test shows only what differs.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.graph.store import open_store
from coopdec_graph.pipeline import BuildOptions, Outcome, run

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "data" / "atlas"
REAL_PAGE = ROOT.parent / "shared" / "atlas" / "page-mantes-rabat.txt"
# A page without a number of its own, that gives nothing to doubt but its missing footer date.
MANTES = (PAGES / "mantes-la-jolie-rabat.txt").read_text("utf-8")
# Its one violation: no French collectivity.
REFUSED = (PAGES / "8257.txt").read_text("utf-8")

COMMAND = (sys.executable, "-m", "coopdec_graph")


def environment(**changes: str) -> dict[str, str]:
    """The environment of a command: ours, without what would change its language or colours."""
    dropped = {"COOPDEC_LANG", "COOPDEC_BASE", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "LANG"}
    kept = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("LC_")}
    return {**kept, "PYTHONPATH": str(ROOT), **changes}


def coopdec(
    *arguments: object, stdin: str | bytes = b"", cwd: Path = ROOT, **env: str
) -> subprocess.CompletedProcess[str]:
    """What one command said and its exit code. No command may ever print a traceback."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [*COMMAND, *map(_argument, arguments)],
        input=given,
        capture_output=True,
        cwd=cwd,
        env=environment(**env),
        timeout=100,
    )
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert "Traceback" not in out + err, err
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def _argument(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def build(
    pages: Path | Iterable[Path],
    out: Path,
    *,
    registry: Path | None = None,
    strict: bool = False,
) -> Outcome:
    """The pipeline in this process, without progress."""
    paths = [pages] if isinstance(pages, Path) else list(pages)
    options = BuildOptions(registry=registry, strict=strict)
    return run(paths, out, options, lambda items, label, total: items)


def write_pages(folder: Path, **pages: str) -> Path:
    """Text pages by name, in a new folder. `p3203` gives `3203.txt`: names cannot start so."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / f"{name.removeprefix('p')}.txt").write_text(text, "utf-8")
    return folder


def mantes(title: str = "Al Amal", start: int = 2019) -> str:
    """The complete page with another title and start year: another partnership."""
    return MANTES.replace(
        "Formation et encadrement", f"{title} : formation et encadrement"
    ).replace("Année de début du partenariat\n2019", f"Année de début du partenariat\n{start}")


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by relative name, but for the store (an index) and the lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "store" not in path.relative_to(folder).parts and path.name != ".lock"
    }


def release_files(out: Path) -> dict[str, bytes]:
    return files_of((out / "current").resolve())


def issues(out: Path) -> list[dict[str, object]]:
    lines = (out / "current" / "issues.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def manifest(out: Path) -> Mapping[str, object]:
    loaded: Mapping[str, object] = json.loads(
        (out / "current" / "manifest.json").read_text("utf-8")
    )
    return loaded


def ask(out: Path, query: str) -> bool:
    store = open_store(out / "current" / "store")
    return bool(store.query(query, prefixes=PREFIXES))


def rows(out: Path, query: str) -> list[tuple[str, ...]]:
    """The values of a SELECT as text, over the union of all graphs."""
    store = open_store(out / "current" / "store")
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(term.value for term in row) for row in found]


PREFIXES = {
    "cd": "https://w3id.org/coopdec/def#",
    "dct": "http://purl.org/dc/terms/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}


def assert_whole(out: Path) -> None:
    """The current release: each file as its manifest says, and a store that answers."""
    release = out / "current"
    described = manifest(out)["files"]
    assert isinstance(described, dict)
    assert set(described) == {"graph.nq", "issues.jsonl"}
    for name, facts in described.items():
        content = (release / name).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (
            facts["bytes"],
            facts["sha256"],
        )
    lines = (release / "graph.nq").read_bytes().count(b"\n")
    assert rows(out, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == [(str(lines),)]


def leftovers(out: Path) -> list[str]:
    """Names of drafts: what only a build at work, or one that was killed, may leave."""
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if "draft" in path.name or path.name.endswith(".next")
    )
