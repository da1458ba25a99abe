"""Gives a published graph its links anew: a new release, all else as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from coopdec_graph.namespaces import Minter
from coopdec_graph.progress import Track
from coopdec_graph.publishing.contents import Content
from coopdec_graph.publishing.links import LinkOptions, LinkReport, linked_graph
from coopdec_graph.publishing.releases import Release, Releases

__all__ = ["relink"]

_MADE_AGAIN = ("quads", "files", "links")


def relink(folder: Path, options: LinkOptions, track: Track) -> tuple[Release, LinkReport]:
    """Links the bodies of the current release below a folder and publishes it with them.

    The release stays the one its pages built: a build from the same pages and options finds nothing
    to do, and keeps the links. Raises ReleaseError, UsageError, DecisionsDamaged and PersonalDataFound.
    """
    releases = Releases(folder)
    releases.current()
    with releases.writing() as work:
        current = releases.current()
        with current.held():
            manifest = current.manifest()
            issues = (current.folder / "issues.jsonl").read_bytes()
            mint, day = Minter(str(manifest["base"])), date.fromisoformat(str(manifest["as_of"]))
            graph, report = linked_graph(current.quads, options, mint, day, track, work)
        facts = {name: fact for name, fact in manifest.items() if name not in _MADE_AGAIN}
        files: dict[str, Content] = {"graph.nq": graph, "issues.jsonl": issues}
        release = releases.publish(files, {**facts, "links": report.facts})
    return release, report
