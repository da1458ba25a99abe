"""The ontology at its IRI, the shapes at theirs, in HTML or RDF by content negotiation."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from coopdec_graph import __version__
from coopdec_graph.graph.query import Form, rows
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.namespaces import PREFIXES
from coopdec_graph.resources import resource_folder
from coopdec_graph.service.formats import HTML, Format, accept_of, by_extension, choose, formats_of
from coopdec_graph.service.graph_store import CONTENT, offered_formats, shown_as_text
from coopdec_graph.service.pages import Pages
from coopdec_graph.service.problems import NotFound
from coopdec_graph.service.problems_description import problems_of
from coopdec_graph.service.routing import readable
from coopdec_graph.service.terms import name_of_term
from coopdec_graph.vocabulary import CORRESPONDENCE_FILES

__all__ = ["alignment_of_terms", "vocabulary_router"]

_UNKNOWN = Bilingual("« {path} » n'existe pas.", "“{path}” does not exist.")
_FILE: dict[str, Any] = {
    "openapi_extra": {
        "parameters": [
            {
                "name": "extension",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "enum": ["html", "ttl", "jsonld", "nt", "rdf"]},
                "example": "ttl",
            }
        ]
    }
}
_VERSION: dict[str, Any] = {
    "openapi_extra": {
        "parameters": [
            {
                "name": "version",
                "in": "path",
                "required": True,
                "schema": {"type": "string"},
                "example": __version__,
            }
        ]
    }
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"content": {format.media_type: {} for format in formats_of(Form.GRAPH)}},
    **problems_of(406, 500),
}
_VARY = {"Vary": "Accept, Accept-Language"}


def vocabulary_router(pages: Pages) -> APIRouter:
    """Routes of `/def` and `/shapes`: the current version, a numbered one, one per extension."""
    router = APIRouter(tags=["vocabulary"])
    # Before the versions of the shapes, which it would be taken for.
    readable(
        router,
        "/shapes/dcat-ap",
        _dcat_ap,
        summary="The SHACL shapes of DCAT-AP, which a catalogue record is held against",
        responses={200: {"content": CONTENT}, **problems_of(406, 500)},
    )
    for name, summary in (("def", "The ontology"), ("shapes", "The SHACL shapes")):
        endpoint = _endpoint(pages, name)
        readable(router, f"/{name}", endpoint, summary=summary, responses=_RESPONSES)
        for path, about, more in (
            (f"/{name}.{{extension}}", f"{summary}, in one format", _FILE),
            (f"/{name}/{{version}}", f"{summary}, one version", _VERSION),
        ):
            responses = {**_RESPONSES, **problems_of(404)}
            readable(router, path, endpoint, summary=about, responses=responses, **more)
    return router


def _endpoint(pages: Pages, name: str) -> partial[Response]:
    return partial(_ontology if name == "def" else _shapes, pages)


def alignment_of_terms(request: Request, name: str) -> Response | None:
    """How terms of ours and of another vocabulary match; None if the name is of none.

    Correspondences of concepts are data, which the graph has. Raises NotAcceptable.
    """
    if name not in _alignments():
        return None
    return _file(request, f"ontology/alignments/{name}.ttl")


@cache
def _alignments() -> frozenset[str]:
    data = {Path(name).stem for name in CORRESPONDENCE_FILES}
    folder = resource_folder("ontology") / "alignments"
    return frozenset({path.stem for path in folder.glob("*.ttl")} - data)


def _dcat_ap(request: Request) -> Response:
    return _file(request, "shapes/dcat-ap/dcat-ap.ttl")


def _file(request: Request, name: str) -> Response:
    """A file that has no page: a browser gets it as text."""
    if shown_as_text(request, None):
        return Response(_path(name).read_bytes(), 200, _VARY, "text/plain; charset=utf-8")
    return _rdf((name,), choose(accept_of(request), None, offered_formats()))


def _ontology(pages: Pages, request: Request) -> Response:
    format = _format(request)
    if format is HTML:
        return HTMLResponse(_ontology_page(pages.language(request)), headers=_VARY)
    return _rdf(("ontology/coopdec.ttl",), format)


def _shapes(pages: Pages, request: Request) -> Response:
    format = _format(request)
    if format is HTML:
        return pages.shapes(request, _listed_shapes(pages.language(request)))
    return _rdf(_shape_files(), format)


def _format(request: Request) -> Format:
    """The format asked for by extension or Accept. Raises NotFound for another version."""
    asked = request.path_params.get("version") or __version__
    version, named = by_extension(asked) if asked != __version__ else (asked, None)
    extension = request.path_params.get("extension")
    if extension is not None:
        _, named = by_extension(f"x.{extension}")
    if version != __version__ or (extension is not None and named is None):
        raise NotFound(_UNKNOWN, path=request.url.path)
    return choose(accept_of(request), named, formats_of(Form.GRAPH))


@cache
def _ontology_page(language: Language) -> str:
    page = resource_folder("ontology") / "html" / f"coopdec.{language}.html"
    return page.read_text("utf-8")


def _shape_files() -> tuple[str, ...]:
    return tuple(f"shapes/{path.name}" for path in sorted(resource_folder("shapes").glob("*.ttl")))


@cache
def _listed_shapes(language: Language) -> list[dict[str, str]]:
    """Every shape with its class, severity and need, in one language."""
    store = ox.Store()
    for quad in _quads((*_shape_files(), "ontology/coopdec.ttl")):
        store.add(quad)
    listed: dict[str, dict[str, str]] = {}
    for row in rows(store, "shapes"):
        name, message, label = row["name"], row["message"], row["label"]
        if not isinstance(name, ox.Literal) or name.language != language:
            continue
        shape, target, severity = (_iri(row[key]) for key in ("shape", "target", "severity"))
        known = label.value if isinstance(label, ox.Literal) else name_of_term(target, language)
        if shape in listed:
            listed[shape]["target"] += f", {known or target}"
            continue
        listed[shape] = {
            "id": shape.rpartition("#")[2],
            "target": known or target or "—",
            "severity": severity.rpartition("#")[2],
            "severity_name": name_of_term(severity, language) or severity,
            "name": name.value,
            "message": message.value if isinstance(message, ox.Literal) else "",
        }
    return sorted(listed.values(), key=lambda shape: (shape["target"], shape["id"]))


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _rdf(files: tuple[str, ...], format: Format) -> Response:
    return Response(_serialised(files, format), 200, _VARY, media_type=format.content_type)


@cache
def _serialised(files: tuple[str, ...], format: Format) -> bytes:
    """The files as one document. A single Turtle file is sent as it was written."""
    if format.engine == ox.RdfFormat.TURTLE and len(files) == 1:
        return _path(files[0]).read_bytes()
    assert isinstance(format.engine, ox.RdfFormat)
    triples = (quad.triple for quad in _quads(files))
    return ox.serialize(triples, format=format.engine, prefixes=PREFIXES) or b""


def _quads(files: tuple[str, ...]) -> list[ox.Quad]:
    """The quads of the files; blank nodes of different files stay apart."""
    return [
        quad
        for name in files
        for quad in ox.parse(
            path=str(_path(name)), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True
        )
    ]


def _path(name: str) -> Path:
    folder, _, file = name.partition("/")
    return resource_folder(folder) / file
