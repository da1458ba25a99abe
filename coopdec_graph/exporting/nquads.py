"""N-Quads: the statements of the release in their named graphs, byte for byte as it has them."""

from __future__ import annotations

from pathlib import Path

from coopdec_graph.exporting.base import Job, Option, Outcome
from coopdec_graph.exporting.statements import lines_of

__all__ = ["TAKES", "write"]

TAKES = frozenset({Option.CANDIDATES})


def write(job: Job, path: Path) -> Outcome:
    """Writes RDF 1.1 N-Quads, each line once, in code point order."""
    with path.open("wb") as file:
        file.writelines(lines_of(job))
    return Outcome(len(job.activities))
