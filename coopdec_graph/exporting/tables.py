"""The tables of the index as an export has them: those of the API, or the rows of what was chosen.

Of chosen activities: they, their funding lines, the bodies these name and the places of those.
Themes are always all there. Numbers that the index counts are those of the whole release.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from coopdec_graph.exporting.base import Job
from coopdec_graph.index.reading import Positions, Record
from coopdec_graph.index.records import as_cells, cell_names
from coopdec_graph.index.resources import Resource, Type, resources
from coopdec_graph.index.tables import Rows
from coopdec_graph.language import Bilingual

__all__ = ["positions_of", "records_of", "rows_of"]

_WRITING = Bilingual("Écriture des tables", "Writing tables")

# Each after those whose rows lead to its own.
_CHOSEN = ("partnerships", "funding", "collectivities", "financers", "places")
# A funding line is chosen with what it funds, everything else by its own IRI.
_OWNER = {"funding": "partnership"}


def positions_of(job: Job) -> Mapping[str, Positions]:
    """Which rows of each table are written, by its name, in the order of their IRIs."""
    found = {name: _all(job, name) for name in resources()}
    if job.whole:
        return found
    reached = set(job.activities)
    for name in _CHOSEN:
        kept = []
        for position, record in zip(
            found[name].tolist(), job.index.records(name, found[name]), strict=True
        ):
            if _chooser(name, record) in reached:
                kept.append(position)
                reached.update(_linked(resources()[name], record))
        found[name] = np.array(kept, dtype=np.int32)
    return found


def records_of(job: Job, resource: Resource, positions: Positions) -> Iterator[Record]:
    """The entities at these positions, while progress is shown."""
    records = job.index.records(resource.name, positions)
    yield from job.track(records, _WRITING, len(positions))


def rows_of(job: Job, resource: Resource, positions: Positions) -> Rows:
    """The same as rows, with names in the language of the job."""
    base, language = str(job.release.manifest()["base"]), job.settings.language
    rows = (
        as_cells(record, resource, job.index, base, (), language)
        for record in records_of(job, resource, positions)
    )
    return Rows(cell_names(resource, ()), rows)


def _all(job: Job, name: str) -> Positions:
    return np.arange(job.index.size(name), dtype=np.int32)


def _chooser(name: str, record: Record) -> str:
    owner = record.values.get(_OWNER.get(name, ""), record.iri)
    return owner[0] if isinstance(owner, list) else owner


def _linked(resource: Resource, record: Record) -> Iterator[str]:
    for column in resource.columns:
        values = record.values.get(column.name)
        if column.type in (Type.LINK, Type.LINKS) and isinstance(values, list):
            yield from values
