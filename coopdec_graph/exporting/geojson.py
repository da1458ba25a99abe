"""GeoJSON (RFC 7946): the collectivities, each where its place is known to be."""

from __future__ import annotations

from pathlib import Path

from coopdec_graph.exporting.base import Job, Outcome
from coopdec_graph.exporting.tables import positions_of, records_of
from coopdec_graph.index.records import as_object
from coopdec_graph.index.resources import resources
from coopdec_graph.index.tables import geojson_of

__all__ = ["write"]

_RESOURCE = "collectivities"


def write(job: Job, path: Path) -> Outcome:
    """Writes one feature per collectivity; without a position its geometry is null."""
    resource, chosen = resources()[_RESOURCE], positions_of(job)
    base = str(job.release.manifest()["base"])
    objects = (
        as_object(record, resource, job.index, base, ())
        for record in records_of(job, resource, chosen[_RESOURCE])
    )
    with path.open("wb") as file:
        file.writelines(geojson_of(objects))
    return Outcome(len(job.activities))
