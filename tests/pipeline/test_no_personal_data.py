"""The last look at everything a build wrote, index included: no mailbox, no invented contact."""

from __future__ import annotations

import re
from pathlib import Path

from coopdec_graph.graph.store import open_store
from coopdec_graph.privacy import find_mailboxes
from tests.pipeline.commands import PAGES, ROOT, coopdec

MAILBOX = re.compile(rb"[\w.+-]{2,64}(?:@|\[at\]|\(at\))[A-Za-z][\w-]{1,63}\.[A-Za-z][\w.-]{1,63}")


def contacts() -> set[str]:
    """The invented names and mailboxes of the pages in data/atlas."""
    found: set[str] = set()
    for page in sorted(PAGES.glob("*.txt")):
        lines = page.read_text("utf-8").splitlines()
        found |= set(re.findall(r"[\w.]+(?:@|\[at\])example\.org", "\n".join(lines)))
        found |= {
            line
            for line, after in zip(lines, lines[1:], strict=False)
            if after.startswith("Courriel")
        }
    found |= {name.rpartition(" ")[2] for name in found if " " in name}
    return found


def test_no_artefact_of_a_build_names_anybody(tmp_path: Path) -> None:
    registry = tmp_path / "out" / "registry.csv"
    registry.parent.mkdir()
    registry.write_bytes((ROOT / "data/registry.csv").read_bytes())
    done = coopdec("build", PAGES, "--out", tmp_path / "out")
    assert done.returncode == 0
    invented = contacts()
    assert {"EXEMPLE", "FICTIF", "SPECIMEN", "Camille EXEMPLE"} <= invented
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {"graph.nq", "manifest.json", "issues.jsonl", "CURRENT"} <= {path.name for path in files}
    for path in files:
        content = path.read_bytes()
        assert not MAILBOX.search(content), path
        assert not [name for name in invented if name.encode() in content], path
    for quad in open_store(tmp_path / "out/current/store"):
        for term in (quad.subject, quad.object):
            text = getattr(term, "value", "")
            assert not list(find_mailboxes(text)), quad
            assert not [name for name in invented if name in text], quad
    said = done.stdout + done.stderr
    assert not MAILBOX.search(said.encode())
    assert not [name for name in invented if name in said]
