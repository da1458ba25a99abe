"""One CSV per table of the API, and `csv-metadata.json`, which says what each column is.

RFC 4180, and the Metadata Vocabulary for Tabular Data (CSV on the Web, W3C, 2015).
"""

from __future__ import annotations

import json
from pathlib import Path

from coopdec_graph.exporting.base import Job, Option, Outcome
from coopdec_graph.exporting.folders import folder_at
from coopdec_graph.exporting.tables import positions_of, rows_of
from coopdec_graph.index.resources import Resource, resources
from coopdec_graph.index.tables import csv_of, table_schema

__all__ = ["METADATA", "TAKES", "write"]

TAKES = frozenset({Option.LANGUAGE})
# The name that readers look for in the folder of a table (Model for Tabular Data, 5.3).
METADATA = "csv-metadata.json"

# Columns of one table that lead to rows of another.
_REFERENCES = {"funding": {"partnership_iri": "partnerships", "financer_iri": "financers"}}


def write(job: Job, path: Path) -> Outcome:
    """Writes a folder, or a ZIP archive for a name that ends with `.zip`."""
    chosen = positions_of(job)
    with folder_at(path) as folder:
        for name, resource in resources().items():
            with folder.open(f"{name}.csv") as file:
                for piece in csv_of(rows_of(job, resource, chosen[name])):
                    file.write(piece)
        with folder.open(METADATA) as file:
            metadata = json.dumps(_metadata(job), ensure_ascii=False, indent=2)
            file.write(metadata.encode() + b"\n")
    return Outcome(len(chosen["partnerships"]))


def _metadata(job: Job) -> dict[str, object]:
    tables = [_table(resource) for resource in resources().values()]
    language = {"@language": job.settings.language}
    return {"@context": ["http://www.w3.org/ns/csvw", language], "tables": tables}


def _table(resource: Resource) -> dict[str, object]:
    table = table_schema(resource, (), f"{resource.name}.csv")
    del table["@context"]
    schema = table["tableSchema"]
    assert isinstance(schema, dict)
    references = _REFERENCES.get(resource.name, {})
    if references:
        schema["foreignKeys"] = [
            {
                "columnReference": column,
                "reference": {"resource": f"{other}.csv", "columnReference": "iri"},
            }
            for column, other in references.items()
        ]
    return table
