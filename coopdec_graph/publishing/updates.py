"""Changes an administrator makes to the published graph: each gives a new release, or nothing.

    request ──► evaluator: a process behind walls ──► files ──► Releases.publish
                changes.py, edits.py

The lock of the folder is held from before the current release is read until the new one is
published, so that no change is lost. The next build from pages replaces what was changed.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.errors import CoopdecError
from coopdec_graph.language import Bilingual
from coopdec_graph.publishing.changes import GraphWrite, SparqlUpdate
from coopdec_graph.publishing.edits import Row, request_digest
from coopdec_graph.publishing.evaluator import EvaluationLimits, Evaluator, Proposal
from coopdec_graph.publishing.releases import FolderBusy, Release, Releases

__all__ = ["Editor", "NoSuchGraph", "OtherRelease", "Outcome", "WriterBusy"]

_BUSY = Bilingual(
    "Une autre écriture est en cours. Réessayez dans {seconds} secondes.",
    "Another write is going on. Try again in {seconds} seconds.",
)
_OTHER = Bilingual(
    "La publication courante est {current} : elle a changé depuis la vôtre. Relisez-la.",
    "The current release is {current}: it has changed since yours. Read it again.",
)
_NO_GRAPH = Bilingual("Le graphe <{graph}> n'existe pas.", "The graph <{graph}> does not exist.")


class WriterBusy(CoopdecError):
    """Another change, or a build, is being written; `seconds` later it may be done."""

    seconds = 10


class OtherRelease(CoopdecError):
    """The current release is not the one that the client has seen."""


class NoSuchGraph(CoopdecError):
    """The graph to remove has no statement."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a change. `release` is current now; `published` is False when nothing changed,
    or when the change was only tried. `created` is whether the graph of a GraphWrite is new.
    """

    release: str
    published: bool
    added: int
    removed: int
    findings: tuple[Row, ...]
    created: bool

    def to_dict(self) -> dict[str, object]:
        return {
            "release": self.release,
            "published": self.published,
            "added": self.added,
            "removed": self.removed,
            "findings": list(self.findings),
        }


class Editor:
    """Changes the releases below a folder, one change at a time."""

    def __init__(self, folder: Path, limits: EvaluationLimits | None = None) -> None:
        self._releases = Releases(folder)
        self._evaluator = Evaluator(limits or EvaluationLimits())
        self._one = threading.Lock()

    def apply(
        self,
        request: SparqlUpdate | GraphWrite,
        *,
        expected: Collection[str] | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Publishes the graph with the change, whole or not at all.

        `expected` are the releases the change may be made on; `dry_run` publishes nothing. Raises
        WriterBusy, OtherRelease, NoSuchGraph, ChangeRefused, NotWritable, RdfUnreadable,
        PersonalDataFound, ReleaseError, UsageError and the errors of queries.
        """
        with self._alone(dry_run):
            current = self._releases.current()
            if expected is not None and current.id not in expected:
                raise OtherRelease(_OTHER, current=current.id)
            with current.held():
                proposal = self._evaluator.propose(current, request)
            _refuse_missing(request, proposal)
            if dry_run or not proposal.changes:
                return _outcome(current, proposal, published=False)
            facts = _facts(current, request)
            release = self._releases.publish(proposal.files, facts)
            return _outcome(release, proposal, published=True)

    @contextmanager
    def _alone(self, dry_run: bool) -> Iterator[None]:
        """One evaluation at a time in this process; one writer at a time in the folder."""
        if not self._one.acquire(blocking=False):
            raise WriterBusy(_BUSY, seconds=WriterBusy.seconds)
        try:
            if dry_run:
                yield
                return
            with _told_apart(), self._releases.writing():
                yield
        finally:
            self._one.release()


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except FolderBusy:
        raise WriterBusy(_BUSY, seconds=WriterBusy.seconds) from None


def _refuse_missing(request: SparqlUpdate | GraphWrite, proposal: Proposal) -> None:
    if isinstance(request, GraphWrite) and request.method == "DELETE" and not proposal.existed:
        raise NoSuchGraph(_NO_GRAPH, graph=request.graph)


def _outcome(release: Release, proposal: Proposal, *, published: bool) -> Outcome:
    return Outcome(
        release=release.id,
        published=published,
        added=proposal.added,
        removed=proposal.removed,
        findings=proposal.findings,
        created=not proposal.existed,
    )


def _facts(previous: Release, request: SparqlUpdate | GraphWrite) -> Mapping[str, object]:
    """The manifest of the release it was made on, with what tells that it was changed by hand.

    `inputs` differ from those of any build, so that the next one does not take it for its own.
    """
    facts = {
        name: fact for name, fact in previous.manifest().items() if name not in ("quads", "files")
    }
    inputs = f"{facts['inputs']} {previous.id} {request_digest(request)}"
    return {
        **facts,
        "edited_from": previous.id,
        "inputs": hashlib.sha256(inputs.encode()).hexdigest(),
    }
