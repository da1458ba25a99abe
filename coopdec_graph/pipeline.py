"""The whole story: from pages in a folder to a published graph.

    paths ─► Document ─► Reading ─► key ─► Record ─► files ─► Outcome
         find        read     identify  build    assemble  publish
                                        validate link

Each stage is one function, argument in, value out. The validation report of every record is
complete before anything is published; a refused record is reported and left out.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from coopdec_graph import __released__, __version__
from coopdec_graph.errors import BuildRefused, UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.model import SourceMetadata
from coopdec_graph.namespaces import DEFAULT_BASE, Minter
from coopdec_graph.parallel import QUICK_ITEMS, in_processes
from coopdec_graph.progress import Track
from coopdec_graph.publishing.assembly import assemble
from coopdec_graph.publishing.cache import Cache, software_digest
from coopdec_graph.publishing.links import LinkOptions, LinkReport, linked_graph, links_of
from coopdec_graph.publishing.records import Builder, Record, make_record
from coopdec_graph.publishing.releases import Release, Releases
from coopdec_graph.reference.rates import RateTable
from coopdec_graph.registry import Registry
from coopdec_graph.sources import source_named
from coopdec_graph.sources.base import Document, Reading, Source
from coopdec_graph.spool import Spool

__all__ = ["BuildOptions", "Outcome", "run"]

_READING = Bilingual("Lecture des pages", "Reading pages")
_VALIDATING = Bilingual("Construction et validation", "Building and validating")
_REFUSED = Bilingual(
    "{refused} fiche(s) refusée(s) sur {total} : rien n'est publié, le graphe précédent reste servi.",
    "{refused} of {total} page(s) refused: nothing is published, the previous graph stays served.",
)
_EMPTY = Bilingual(
    "Rien à lire dans ce qui est donné : rien n'est publié. Une page de l'Atlas est un fichier .txt ou"
    " .html, un fichier IATI un .xml, un tableau un .csv, .xlsx ou .ods.",
    "Nothing to read in what is given: nothing is published. A page of the Atlas is a .txt or .html"
    " file, an IATI file an .xml, a table a .csv, .xlsx or .ods.",
)
_TWO_TERMS = Bilingual(
    "Deux correspondances disent autre chose du programme « {programme} ». Donnez-lui les mêmes titre,"
    " éditeur et licence dans les deux, ou un autre nom (notation) dans l'une.",
    "Two mappings say different things of the programme “{programme}”. Give it the same title, publisher"
    " and licence in both, or another name (notation) in one.",
)


class RecordsRefused(BuildRefused):
    """Nothing was published, because of these records."""

    def __init__(self, records: Sequence[Record], total: int) -> None:
        self.records = tuple(records)
        super().__init__(_REFUSED, refused=len(records), total=total)


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """`programme` is that of the paths; `sources` are further paths, each with its programme.

    `as_of` is the day statuses are computed for; `strict` refuses all if one is refused; `rates`
    is a file of exchange rates, without which sums of other currencies are not converted.
    """

    programme: str = "atlas"
    sources: tuple[tuple[str, Path], ...] = ()
    base: str = DEFAULT_BASE
    registry: Path | None = None
    strict: bool = False
    as_of: date = date.fromisoformat(__released__)
    links: LinkOptions = field(default_factory=LinkOptions)
    rates: Path | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A document, and the source that reads it."""

    source: Source
    document: Document


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a reading, if it has an activity; `taken_by` is the page that has it already."""

    value: str | None = None
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did. `fresh` is False when the inputs had not changed since the last one;
    `links_before` are the links to Wikidata of the release that this one replaces. The readings and
    records of a fresh one lie on disk."""

    release: Release
    readings: Sequence[Reading] = ()
    records: Sequence[Record] = ()
    fresh: bool = True
    links: LinkReport | None = None
    links_before: int = 0


def run(paths: Sequence[Path], out: Path, options: BuildOptions, track: Track) -> Outcome:
    """Builds, validates and publishes. Raises UsageError, RegistryError or BuildRefused."""
    releases = Releases(out)
    documents = find(paths, options)
    programmes = terms(documents)
    registry_path = options.registry or out / "registry.csv"
    with releases.writing() as work:
        # Taken before anything is read: a page that changes meanwhile is seen by the next build.
        pages = fingerprint(documents, options)
        registry = Registry.load(registry_path)
        unchanged = releases.current_if_built_from(with_registry(pages, registry))
        if unchanged is not None and not options.links.asks_somebody:
            return Outcome(unchanged, fresh=False)
        cache = Cache(out / "cache")
        reading = in_processes(read, documents, len(documents), QUICK_ITEMS)
        readings = Spool(track(reading, _READING, len(documents)), work)
        keys = identify(readings, registry)
        validated = validate(readings, keys, programmes, options, cache, work)
        records = Spool(track(validated, _VALIDATING, len(readings)), work)
        refuse_if_needed(records, options)
        mint, links = Minter(options.base), options.links
        files = assemble(records, registry.replacements(), list(programmes.values()), mint, work)
        graph, linked = linked_graph(files["graph.nq"], links, mint, options.as_of, track, work)
        registry.save(registry_path)
        inputs = with_registry(pages, registry)
        before = links_of(releases)
        facts = manifest(records, inputs, options)
        release = releases.publish({**files, "graph.nq": graph}, {**facts, "links": linked.facts})
        cache.prune()
    return Outcome(release, readings, records, links=linked, links_before=before)


def find(paths: Sequence[Path], options: BuildOptions) -> list[Given]:
    """The documents of each programme in the order of their names, however the paths were given."""
    by_programme: dict[str, list[Path]] = {options.programme: list(paths)} if paths else {}
    for programme, path in options.sources:
        by_programme.setdefault(programme, []).append(path)
    found = [
        Given(source, document)
        for source, given in ((source_named(name), given) for name, given in by_programme.items())
        for document in sorted(source.documents(given), key=Document.place)
    ]
    if not found:
        raise BuildRefused(_EMPTY)
    return found


def read(given: Given) -> Reading:
    """What one document says. A build explains nothing: what became of each line is not kept."""
    return replace(given.source.read(given.document), lines=())


def terms(documents: Iterable[Given]) -> dict[str, SourceMetadata]:
    """The terms of each programme that something is read of. Raises UsageError where they differ."""
    found: dict[str, SourceMetadata] = {}
    for given in documents:
        metadata = given.source.metadata
        if found.setdefault(metadata.programme, metadata) != metadata:
            raise UsageError(_TWO_TERMS, programme=metadata.programme)
    return found


def fingerprint(documents: Iterable[Given], options: BuildOptions) -> str:
    """SHA-256 over all that decides what is published, but the registry."""
    digest = hashlib.sha256(repr((software_digest(), options.base, options.strict)).encode())
    digest.update(f"{options.as_of} {options.programme}".encode())
    digest.update(options.links.fingerprint())
    digest.update(RateTable.load(options.rates).digest.encode())
    for given in documents:
        digest.update(given.source.metadata.programme.encode())
        digest.update(given.source.fingerprint(given.document))
    return digest.hexdigest()


def with_registry(pages: str, registry: Registry) -> str:
    """The fingerprint of the pages and of the identifiers known or drawn for them."""
    return hashlib.sha256(f"{pages}\n{registry.to_csv()}".encode()).hexdigest()


def identify(readings: Sequence[Reading], registry: Registry) -> list[Key]:
    """The key of each reading.

    The registry sees every page before a key is used: what one page says of another (its number
    in the programme) must not depend on which of them is read first.
    """
    for reading in readings:
        if reading.activity is not None:
            registry.key_for(reading.activity)
    taken: dict[str, str] = {}
    keys: list[Key] = []
    for reading in readings:
        if reading.activity is None:
            keys.append(Key())
            continue
        key = registry.key_for(reading.activity)
        keys.append(Key(key, taken.get(key)))
        taken.setdefault(key, reading.activity.source.name)
    return keys


def validate(
    readings: Sequence[Reading],
    keys: Sequence[Key],
    programmes: Mapping[str, SourceMetadata],
    options: BuildOptions,
    cache: Cache,
    work: Path,
) -> Iterator[Record]:
    """A validated record of each reading, from the cache where nothing changed."""
    builder = Builder(Minter(options.base), programmes, options.as_of, options.rates)
    keyed = zip(readings, keys, strict=True)
    items = Spool(
        (
            (r.activity, key.value)
            for r, key in keyed
            if r.activity and key.value and not key.taken_by
        ),
        work,
    )
    made = cache.values(builder, items, builder.facts)
    for reading, key in zip(readings, keys, strict=True):
        wanted = reading.activity is not None and key.taken_by is None
        yield make_record(reading, key.value, key.taken_by, next(made) if wanted else None)


def refuse_if_needed(records: Sequence[Record], options: BuildOptions) -> None:
    """Raises RecordsRefused when nothing is publishable, or one record is not and that matters."""
    refused = sum(record.refused for record in records)
    if refused == len(records) or (options.strict and refused):
        raise RecordsRefused([record for record in records if record.refused], len(records))


def manifest(records: Sequence[Record], inputs: str, options: BuildOptions) -> dict[str, object]:
    """What the release says of itself; no clock, so that the same input gives the same bytes."""
    refused = sorted(record.page for record in records if record.refused)
    programmes = Counter(
        record.activity.programme for record in records if record.activity and not record.refused
    )
    return {
        "software": f"coopdec-graph {__version__}",
        "base": options.base,
        "as_of": options.as_of.isoformat(),
        "inputs": inputs,
        "pages": len(records),
        "published": programmes.total(),
        "programmes": dict(sorted(programmes.items())),
        "refused": refused,
    }
