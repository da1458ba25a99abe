"""What a release knows of itself, and where this service has it: the material of every description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox
from rdflib import DCTERMS

from coopdec_graph.index.resources import resources
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import Minter
from coopdec_graph.publishing.releases import Release
from coopdec_graph.service.api.formats import CSV, JSON_LD
from coopdec_graph.service.api.lists import PATH as API
from coopdec_graph.service.catalog.texts import catalog_texts
from coopdec_graph.service.queries import Row
from coopdec_graph.service.statistics import Statistics
from coopdec_graph.service.void import DUMP_PATH

__all__ = ["Download", "Record", "Service", "record_of"]

_N_QUADS = "application/n-quads"
# Media types of the downloads in the EU's table `file-type`.
FILE_TYPES: Mapping[str, str] = {
    _N_QUADS: "RDF_N_QUADS",
    CSV.media_type: "CSV",
    JSON_LD.media_type: "JSON_LD",
}


@dataclass(frozen=True, slots=True)
class Service:
    """A way to ask: `name` is the end of its IRI; `description` is a document for machines."""

    name: str
    title: Bilingual
    endpoint: str
    description: str
    standard: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A form in which the dataset, or a list of it, is to be had.

    `file` tells that the address gives all of it at once; `service` gives access to it. `size`
    (bytes) and `sha256` are those of a file that never changes in a release.
    """

    name: str
    title: Bilingual
    address: str
    media_type: str | None = None
    file: bool = True
    service: str | None = None
    about: Bilingual | None = None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One release at one address. What the release does not know is None, or empty.

    `modified` is the day the source was last seen, as far as pages tell (`seen`), else the day that
    the release is as of. `first` and `last` are the first and the last day of the activities.
    """

    root: str
    base: str
    release: str
    provenance: Bilingual | None
    title: Bilingual
    publisher: str | None
    publisher_name: str | None
    licence: str | None
    attribution: str | None
    modified: str | None
    seen: bool
    first: str | None
    last: str | None
    countries: tuple[str, ...]
    downloads: tuple[Download, ...]
    services: tuple[Service, ...]

    @property
    def dataset(self) -> str:
        return str(Minter(self.base).dataset())

    @property
    def catalog(self) -> str:
        return self.part("")

    def part(self, name: str) -> str:
        """A download or a service by its name."""
        return str(Minter(self.base).catalog(name))


async def record_of(release: Release, statistics: Statistics, base: str, root: str) -> Record:
    """The record of a release as it is served at the address `root`. Raises QueryError."""
    manifest = release.manifest()
    entity = ox.NamedNode(str(Minter(base).dataset()))
    said = await statistics.rows("statements", entity=entity) or ()
    names = await statistics.rows("labels", entity=entity) or ()
    seen = _only(await statistics.rows("catalog_seen"), "seen")
    coverage = await statistics.rows("catalog_coverage")
    countries = await statistics.rows("catalog_countries") or ()
    publisher = _value(said, str(DCTERMS.publisher))
    files = cast(Mapping[str, Mapping[str, object]], manifest["files"])
    return Record(
        root=root,
        base=base,
        release=release.id,
        provenance=_provenance(manifest),
        title=_title(said),
        publisher=publisher,
        publisher_name=_name(names, publisher),
        licence=_value(said, str(DCTERMS.license)),
        attribution=_value(said, str(DCTERMS.rights)),
        modified=seen[:10] if seen else _known(manifest, "as_of"),
        seen=seen is not None,
        first=_only(coverage, "first"),
        last=_only(coverage, "last"),
        countries=tuple(_text(row["country"]) for row in countries),
        downloads=_downloads(root, files[release.quads.name]),
        services=_services(root),
    )


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""


def _only(rows: Sequence[Row] | None, name: str) -> str | None:
    return (_text(rows[0][name]) or None) if rows else None


def _value(rows: Sequence[Row], property: str) -> str | None:
    return next((_text(row["value"]) for row in rows if _text(row["property"]) == property), None)


def _known(manifest: Mapping[str, object], name: str) -> str | None:
    return None if name not in manifest else str(manifest[name])


def _provenance(manifest: Mapping[str, object]) -> Bilingual | None:
    """How many pages were read, by what; None for a release that does not tell."""
    values = {name: _known(manifest, name) for name in ("pages", "published", "software")}
    if None in values.values():
        return None
    text = catalog_texts().texts["provenance"]
    return Bilingual(text.text("fr", **values), text.text("en", **values))


def _title(rows: Sequence[Row]) -> Bilingual:
    """The title of the dataset; the name of the product where the release has none."""
    named = "coopdec-graph"
    found = {
        row["value"].language: row["value"].value
        for row in rows
        if isinstance(row["value"], ox.Literal) and _text(row["property"]) == str(DCTERMS.title)
    }
    return Bilingual(found.get("fr", named), found.get("en", named))


def _name(rows: Sequence[Row], iri: str | None) -> str | None:
    names = (_text(row["label"]) for row in rows if _text(row["other"]) == iri)
    return next(filter(None, names), None)


def _downloads(root: str, quads: Mapping[str, object]) -> tuple[Download, ...]:
    texts = catalog_texts().texts
    dump = Download(
        "dump",
        texts["dump"],
        root + DUMP_PATH,
        _N_QUADS,
        size=int(str(quads["bytes"])),
        sha256=str(quads["sha256"]),
    )
    query = Download("query", texts["query"], f"{root}/sparql", file=False, service="sparql")
    lists = [
        Download(
            f"{name}-{format.name}",
            _list_title(resource.title, shown),
            f"{root}{API}/{name}.{format.extension}",
            format.media_type,
            # A document in JSON is a page of the list; a table is all of it.
            file=format is CSV,
            service="api",
            about=None if format is CSV else texts["paged"],
        )
        for name, resource in resources().items()
        for format, shown in ((CSV, "CSV"), (JSON_LD, "JSON-LD"))
    ]
    return (dump, query, *lists)


def _list_title(title: Bilingual, format: str) -> Bilingual:
    text = catalog_texts().texts["list"]
    return Bilingual(
        text.text("fr", title=title.fr, format=format),
        text.text("en", title=title.en, format=format),
    )


def _services(root: str) -> tuple[Service, ...]:
    texts = catalog_texts().texts
    sparql = "https://www.w3.org/TR/sparql11-protocol/", "SPARQL 1.1 Protocol"
    openapi = "https://spec.openapis.org/oas/v3.1.0", "OpenAPI 3.1"
    reconciliation = (
        "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
        "Reconciliation Service API 0.2",
    )
    return (
        Service("sparql", texts["sparql"], f"{root}/sparql", f"{root}/sparql", sparql),
        Service("api", texts["api"], root + API, f"{root}/openapi.json", openapi),
        Service(
            "reconciliation",
            texts["reconciliation"],
            f"{root}/reconcile",
            f"{root}/reconcile",
            reconciliation,
        ),
    )
