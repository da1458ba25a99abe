"""Puts the records of a build together into the files of a release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.build import vocabulary_quads
from coopdec_graph.graph.derived_facts import preferred_names
from coopdec_graph.graph.provenance import dataset_description, replacements
from coopdec_graph.graph.reference import country_names
from coopdec_graph.graph.statements import n_quads, quads_as_lines, triple_and_graph
from coopdec_graph.language import Bilingual
from coopdec_graph.model import Activity, SourceMetadata
from coopdec_graph.namespaces import Minter
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.publishing.contents import Content, lines_of, write_sorted
from coopdec_graph.publishing.records import Record

__all__ = ["PersonalDataFound", "assemble", "holds_mailbox", "json_lines", "refuse_mailboxes"]

# Bytes of the longest term that is remembered.
_REMEMBERED = 200

_LEAK = Bilingual(
    "Une adresse de courriel a été trouvée dans « {name} » : rien n'est publié. Signalez ce défaut.",
    "An e-mail address was found in “{name}”: nothing is published. Please report this defect.",
)


class PersonalDataFound(CoopdecError):
    """The last scan before publishing found a mailbox that reading should have dropped."""


def assemble(
    records: Sequence[Record],
    replaced: Iterable[tuple[str, str]],
    programmes: Sequence[SourceMetadata],
    mint: Minter,
    work: Path,
) -> dict[str, Content]:
    """The files of a release by name, written in the folder `work`; the records are walked several
    times. Raises PersonalDataFound rather than let a mailbox out, and OSError.
    """
    publishers = [programme.publisher for programme in programmes if programme.publisher]
    corpus = [
        *preferred_names(_published(records), publishers, mint),
        *country_names((activity for _, activity in _published(records)), mint),
        *dataset_description(programmes, mint),
        *replacements(replaced, mint),
    ]
    common = (quads_as_lines(vocabulary_quads(mint)), n_quads(corpus))
    quads = chain(common, (record.quads for record in records if not record.refused))
    graph = write_sorted(
        (line for document in quads for line in lines_of(document)), work / "graph"
    )
    issues = work / "issues"
    with issues.open("wb") as file:
        file.writelines(json_lines(_issues(record, mint)) for record in records)
    files: dict[str, Content] = {"graph.nq": graph, "issues.jsonl": issues}
    refuse_mailboxes(files)
    return files


def _published(records: Iterable[Record]) -> Iterator[tuple[str, Activity]]:
    return (
        (record.key, record.activity)
        for record in records
        if not record.refused and record.key and record.activity
    )


def _issues(record: Record, mint: Minter) -> Iterator[Mapping[str, object]]:
    """Every doubt about a page: first the reader's, then the shapes'."""
    about: dict[str, object] = {"page": record.page, "refused": record.refused}
    if record.key and record.activity:
        about["activity"] = str(mint.activity(record.activity.kind, record.key))
    yield from ({**about, **issue.to_dict()} for issue in record.issues)
    yield from ({**about, **finding.to_dict()} for finding in record.report.findings)


def json_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One JSON object a line."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def refuse_mailboxes(files: Mapping[str, Content]) -> None:
    """The last scan before publishing. Raises PersonalDataFound."""
    for name, content in files.items():
        parts = _terms if name.endswith(".nq") else _whole
        if any(_part_holds_mailbox(part) for line in lines_of(content) for part in parts(line)):
            raise PersonalDataFound(_LEAK, name=name)


def _terms(line: bytes) -> tuple[bytes, ...]:
    """The terms of a line of N-Quads: most were seen a line or so before."""
    triple, graph = triple_and_graph(line)
    return (*triple.split(b" ", 2), graph)


def _whole(line: bytes) -> tuple[bytes, ...]:
    return (line,)


def _part_holds_mailbox(part: bytes) -> bool:
    # What is long is prose, and is met once.
    return _told_before(part) if len(part) <= _REMEMBERED else holds_mailbox(part.decode())


@lru_cache(maxsize=1 << 12)
def _told_before(part: bytes) -> bool:
    return holds_mailbox(part.decode())


def holds_mailbox(line: str) -> bool:
    """Whether an e-mail address stands in a line of N-Quads or JSON.

    The language tags of N-Quads are looked past: they resemble one, as in `"text"@fr`.
    """
    return any(find_mailboxes(line.replace('"@', '" ')))
