"""The file: one `iati-activities`, written activity by activity."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from coopdec_graph.exporting.base import Job, LeftOut, Option, Outcome
from coopdec_graph.exporting.iati.activities import NotExportable, activity_element
from coopdec_graph.exporting.iati.checking import refused_by
from coopdec_graph.exporting.reading import Reader
from coopdec_graph.iati.versions import LATEST
from coopdec_graph.language import Bilingual

__all__ = ["PROGRAMME", "TAKES", "write"]

# What was read from IATI is its publishers' to publish.
PROGRAMME = "atlas"
TAKES = frozenset(
    {Option.PUBLISHER_REF, Option.PUBLISHER_NAME, Option.PUBLISHER_TYPE, Option.AS_OF}
)

_WRITING = Bilingual("Écriture des activités", "Writing activities")


def write(job: Job, path: Path) -> Outcome:
    """Writes every activity that the standard takes; the others are named, with the reason."""
    left_out: list[LeftOut] = []
    count = 0
    with path.open("wb") as file, etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element("iati-activities", _root(job)):
            xml.write("\n")
            for activity in _activities(job, left_out):
                xml.write(activity, pretty_print=True)
                count += 1
    return Outcome(count, tuple(left_out))


def _root(job: Job) -> dict[str, str]:
    """No time of generation unless it was given: the same release gives the same bytes."""
    base = job.release.manifest()["base"]
    # Each activity has its own address, which comes before this one.
    attributes = {"version": LATEST, "linked-data-default": f"{base}id/partnership/"}
    if job.settings.as_of is not None:
        attributes["generated-datetime"] = f"{job.settings.as_of.isoformat()}T00:00:00Z"
    return attributes


def _activities(job: Job, left_out: list[LeftOut]) -> Iterator[etree._Element]:
    reader = Reader(job.store)
    for iri in job.track(job.activities, _WRITING, len(job.activities)):
        try:
            activity = activity_element(iri, reader, job.settings.publisher)
        except NotExportable as missing:
            left_out.append(LeftOut(iri, missing.reason))
            continue
        reason = refused_by(activity)
        if reason is None:
            yield activity
        else:
            left_out.append(LeftOut(iri, reason))
