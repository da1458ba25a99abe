"""Puts the records of a build together into the files of a release."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence

from coopdec_graph.errors import CoopdecError
from coopdec_graph.graph.build import vocabulary_quads
from coopdec_graph.graph.derived_facts import preferred_names
from coopdec_graph.graph.provenance import dataset_description, replacements
from coopdec_graph.graph.reference import country_names
from coopdec_graph.graph.statements import merge_ordered, n_quads, quads_as_lines
from coopdec_graph.language import Bilingual
from coopdec_graph.model import SourceMetadata
from coopdec_graph.namespaces import Minter
from coopdec_graph.privacy import find_mailboxes
from coopdec_graph.publishing.records import Record

__all__ = ["PersonalDataFound", "assemble", "holds_mailbox", "json_lines", "refuse_mailboxes"]

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
) -> dict[str, bytes]:
    """The files of a release by name. Raises PersonalDataFound rather than let a mailbox out."""
    published = [record for record in records if not record.refused]
    pairs = [(r.key, r.activity) for r in published if r.key and r.activity]
    publishers = [programme.publisher for programme in programmes if programme.publisher]
    corpus = [
        *preferred_names(pairs, publishers, mint),
        *country_names((activity for _, activity in pairs), mint),
        *dataset_description(programmes, mint),
        *replacements(replaced, mint),
    ]
    quads = (record.quads for record in published)
    graph = merge_ordered([quads_as_lines(vocabulary_quads(mint)), n_quads(corpus), *quads])
    files = {"graph.nq": graph, "issues.jsonl": _issues(records, mint)}
    refuse_mailboxes(files)
    return files


def _issues(records: Sequence[Record], mint: Minter) -> bytes:
    """Every doubt, one JSON object a line: first the reader's, then the shapes', by page."""
    rows: list[Mapping[str, object]] = []
    for record in records:
        about: dict[str, object] = {"page": record.page, "refused": record.refused}
        if record.key and record.activity:
            about["activity"] = str(mint.activity(record.activity.kind, record.key))
        rows += [{**about, **issue.to_dict()} for issue in record.issues]
        rows += [{**about, **finding.to_dict()} for finding in record.report.findings]
    return json_lines(rows)


def json_lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    """One JSON object a line."""
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def refuse_mailboxes(files: Mapping[str, bytes]) -> None:
    """The last scan before publishing. Raises PersonalDataFound."""
    for name, content in files.items():
        if any(holds_mailbox(line.decode()) for line in io.BytesIO(content)):
            raise PersonalDataFound(_LEAK, name=name)


def holds_mailbox(line: str) -> bool:
    """Whether an e-mail address stands in a line of N-Quads or JSON.

    The language tags of N-Quads are looked past: they resemble one, as in `"text"@fr`.
    """
    return any(find_mailboxes(line.replace('"@', '" ')))
