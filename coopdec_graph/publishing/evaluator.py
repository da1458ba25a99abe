"""Works a change out in a process of its own, which can neither reach a network nor write a file.

The process is started for one change, and killed when it takes too long: the engine can be stopped
in no other way. It answers on its standard output: one line of JSON, then the files.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from coopdec_graph.errors import (
    CoopdecError,
    QueryFailed,
    QueryForbidden,
    QuerySyntaxError,
    QueryTooBig,
    QueryTooSlow,
)
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import Minter
from coopdec_graph.publishing.assembly import PersonalDataFound
from coopdec_graph.publishing.changes import (
    Changes,
    GraphWrite,
    NotWritable,
    SparqlUpdate,
    changes_of,
)
from coopdec_graph.publishing.documents import RdfUnreadable
from coopdec_graph.publishing.edits import ChangeRefused, Edited, Row, edited
from coopdec_graph.publishing.releases import Release

__all__ = ["EvaluationLimits", "Evaluator", "Proposal"]

_PROJECT = Path(__file__).parents[2]
_SLOW = Bilingual(
    "La modification n'était pas prête après {seconds} secondes : elle est abandonnée.",
    "The change was not ready after {seconds} seconds: it is given up.",
)
_BIG = Bilingual(
    "La modification demande trop de mémoire ou d'imbrication : elle est abandonnée.",
    "The change needs too much memory or nesting: it is given up.",
)

_ERRORS: dict[str, type[CoopdecError]] = {
    kind.__name__: kind
    for kind in (
        ChangeRefused,
        NotWritable,
        PersonalDataFound,
        QueryFailed,
        QueryForbidden,
        QuerySyntaxError,
        QueryTooBig,
        RdfUnreadable,
    )
}


@dataclass(frozen=True, slots=True)
class EvaluationLimits:
    """What one change may take, its validation included: seconds, and bytes of memory."""

    seconds: float = 300.0
    memory: int = 4 * 1024**3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change worked out: the files of the release it would give, and how much differs.

    `existed` is whether the graph of a GraphWrite had statements. Without changes there are no
    files.
    """

    added: int
    removed: int
    existed: bool
    findings: tuple[Row, ...]
    files: Mapping[str, bytes]

    @property
    def changes(self) -> bool:
        return bool(self.added or self.removed)


class Evaluator:
    """Starts the process and reads its answer."""

    def __init__(self, limits: EvaluationLimits) -> None:
        self._limits = limits

    def propose(self, release: Release, request: SparqlUpdate | GraphWrite) -> Proposal:
        """What a request would make of a release.

        Raises QueryTooSlow, QueryTooBig, and what `changes_of` and `edited` raise.
        """
        path = os.pathsep.join(filter(None, (str(_PROJECT), os.environ.get("PYTHONPATH"))))
        process = subprocess.Popen(
            # -P: the folder the service was started in is no place to import from.
            [sys.executable, "-P", "-m", "coopdec_graph.publishing.evaluator"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # What Python says of a defect could quote the graph.
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        with process:
            try:
                asked = _to_wire(release, request, self._limits)
                answer, _ = process.communicate(asked, timeout=self._limits.seconds)
            except subprocess.TimeoutExpired:
                raise QueryTooSlow(_SLOW, seconds=self._limits.seconds) from None
            finally:
                process.kill()
        if process.returncode == -signal.SIGXCPU:
            raise QueryTooSlow(_SLOW, seconds=self._limits.seconds)
        if process.returncode != 0:
            raise QueryTooBig(_BIG)
        return _proposal(answer)


def _to_wire(
    release: Release, request: SparqlUpdate | GraphWrite, limits: EvaluationLimits
) -> bytes:
    head = {
        "folder": str(release.folder.absolute()),
        "parent": os.getpid(),
        "seconds": limits.seconds,
        "memory": limits.memory,
    }
    if isinstance(request, SparqlUpdate):
        return _frame({**head, "method": "UPDATE"}, request.text.encode())
    head |= {"method": request.method, "graph": request.graph, "media_type": request.media_type}
    return _frame(head, request.content)


def _frame(head: Mapping[str, object], *parts: bytes) -> bytes:
    return b"\n".join((json.dumps(head).encode(), b"".join(parts)))


def _proposal(answer: bytes) -> Proposal:
    line, _, content = answer.partition(b"\n")
    head = json.loads(line)
    if "defect" in head:
        raise RuntimeError(f"a change could not be worked out: {head['defect']}")
    if "error" in head:
        raise _error(head)
    files, start = {}, 0
    for name, size in head["files"]:
        files[name] = content[start : start + size]
        start += size
    assert start == len(content), "the answer is cut"
    return Proposal(head["added"], head["removed"], head["existed"], tuple(head["findings"]), files)


def _error(head: Mapping[str, Any]) -> CoopdecError:
    kind, message = _ERRORS[head["error"]], Bilingual(head["fr"], head["en"])
    return ChangeRefused(message, head["findings"]) if kind is ChangeRefused else kind(message)


# ---- In the process ------------------------------------------------------------------------------


def _answer(head: Mapping[str, Any], body: bytes) -> bytes:
    release = Release(Path(head["folder"]))
    mint = Minter(str(release.manifest()["base"]))
    request: SparqlUpdate | GraphWrite
    if head["method"] == "UPDATE":
        request = SparqlUpdate(body.decode())
    else:
        request = GraphWrite(head["method"], head["graph"], body, head["media_type"])
    lines = release.quads.read_bytes().rstrip(b"\n").split(b"\n")
    changes = changes_of(request, lines, mint)
    made = Edited({}, ())
    if changes.removed or changes.added:
        issues = (release.folder / "issues.jsonl").read_bytes()
        made = edited(lines, issues, changes, request, release.id, mint)
    return _described(changes, made)


def _described(changes: Changes, made: Edited) -> bytes:
    head = {
        "added": len(changes.added),
        "removed": len(changes.removed),
        "existed": changes.existed,
        "findings": made.findings,
        "files": [[name, len(content)] for name, content in made.files.items()],
    }
    return _frame(head, *made.files.values())


def _answer_or_error(asked: bytes) -> bytes:
    line, _, body = asked.partition(b"\n")
    try:
        return _answer(json.loads(line), body)
    except MemoryError:
        error: CoopdecError = QueryTooBig(_BIG)
    except CoopdecError as ours:
        error = ours
    except Exception as defect:
        # Where, but not what: the text of an error may quote the graph.
        place = defect.__traceback__
        while place and place.tb_next:
            place = place.tb_next
        where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
        return _frame({"defect": f"{type(defect).__name__}, {where}"})
    findings = error.findings if isinstance(error, ChangeRefused) else ()
    told = {"fr": error.text("fr"), "en": error.text("en"), "findings": findings}
    return _frame({"error": type(error).__name__, **told})


def _raise_walls(head: Mapping[str, Any]) -> str:
    """From here on no socket can be made, no file written, and memory and time are bounded.

    Returns which wall stands before the network.
    """
    from coopdec_graph.engines.embedded import walls

    walls.die_with_parent(head["parent"])
    wall = walls.deny_network()
    walls.limit_resources(head["memory"])
    walls.limit_cpu(head["seconds"])
    return wall


def _main(asks: BinaryIO, answers: BinaryIO) -> None:
    asked = asks.read()
    _raise_walls(json.loads(asked.partition(b"\n")[0]))
    answers.write(_answer_or_error(asked))
    answers.flush()


if __name__ == "__main__":
    _main(sys.stdin.buffer, sys.stdout.buffer)
