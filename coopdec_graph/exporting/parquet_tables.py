"""One Parquet file per table of the API; the types are those of coopdec_graph/results/parquet.py."""

from __future__ import annotations

from pathlib import Path

from coopdec_graph.exporting.base import Job, Option, Outcome
from coopdec_graph.exporting.folders import folder_at
from coopdec_graph.exporting.tables import positions_of, rows_of
from coopdec_graph.index.resources import resources
from coopdec_graph.results.parquet import write_parquet

__all__ = ["TAKES", "write"]

TAKES = frozenset({Option.LANGUAGE})


def write(job: Job, path: Path) -> Outcome:
    """Writes a folder, or a ZIP archive for a name that ends with `.zip`."""
    chosen = positions_of(job)
    with folder_at(path) as folder:
        for name, resource in resources().items():
            with folder.open(f"{name}.parquet") as file:
                write_parquet(rows_of(job, resource, chosen[name]), file)
    return Outcome(len(chosen["partnerships"]))
