"""The pages people read, in French and English; everything they load comes from this service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from coopdec_graph import __version__
from coopdec_graph.errors import CoopdecError, QueryFailed
from coopdec_graph.graph.query import Form, Term
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.service.addresses import Addresses
from coopdec_graph.service.formats import language_of
from coopdec_graph.service.profiles.catalogue import Profile
from coopdec_graph.service.queries import Queries
from coopdec_graph.service.question_answers import shown
from coopdec_graph.service.resources import view
from coopdec_graph.service.values import amount, count

__all__ = ["MOST_SHOWN", "Pages", "Shown"]

_TEMPLATES = Path(__file__).with_name("templates")
# Rows, or statements of a graph, that a page shows.
MOST_SHOWN = 1_000


_NESTED = Bilingual(
    "Ce résultat est trop imbriqué pour une page ; téléchargez-le.",
    "This result is nested too deeply for a page; download it.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """The result of a query for a page: JSON, or Turtle for a graph. `cut` when it is not all."""

    form: Form
    body: bytes
    cut: bool


class Pages:
    """Renders pages over one open release."""

    def __init__(self, queries: Queries, addresses: Addresses, release: str) -> None:
        self.queries = queries
        self.addresses = addresses
        self.release = release
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined
        )

    def page(
        self, request: Request, template: str, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page of a template (`templates/`), in the reader's language."""
        language = self.language(request)

        def say(fr: str, en: str) -> str:
            return en if language == "en" else fr

        text = self._templates.get_template(template).render(
            say=say,
            language=language,
            other_language=_with_language(request, "fr" if language == "en" else "en"),
            release=self.release,
            version=__version__,
            **values,
        )
        headers = {"Content-Language": language, "Vary": "Accept, Accept-Language"}
        return HTMLResponse(text, status, headers)

    def language(self, request: Request) -> Language:
        return language_of(request)

    def error(self, request: Request, status: int, title: str, detail: str) -> Response:
        return self.page(request, "error.html", status, title=title, detail=detail)

    def home(self, request: Request) -> Response:
        counts = self.queries.rows("counts")[0]
        return self.page(
            request,
            "home.html",
            counts={name: count(_text(n), self.language(request)) for name, n in counts.items()},
            partnerships=[
                self._listed(row, self.language(request))
                for row in self.queries.rows("partnerships")
            ],
        )

    def _listed(self, row: Mapping[str, Term | None], language: Language) -> dict[str, str | None]:
        texts = {name: _text(term) for name, term in row.items()}
        total = amount(texts["total"], language) if texts["total"] else None
        href = self.addresses.local(texts["partnership"] or "")
        return {**texts, "total": total, "href": href}

    def resource(
        self,
        request: Request,
        iri: str,
        path: str,
        views: Sequence[Profile],
        embedded: Markup | None,
    ) -> bytes:
        """The page of a resource at `path`, with what it tells search engines, and other views."""
        found = view(self.queries, iri, self.addresses, self.language(request))
        page = self.page(
            request, "resource.html", view=found, path=path, views=views, embedded=embedded
        )
        return bytes(page.body)

    def preview(self, request: Request, **values: Any) -> Response:
        """The small page of an entity of `/reconcile`."""
        return self.page(request, "preview.html", **values)

    def shapes(self, request: Request, listed: list[dict[str, Any]]) -> Response:
        return self.page(request, "shapes.html", shapes=listed)

    def sparql_form(
        self,
        request: Request,
        query: str | None = None,
        answer: Shown | None = None,
        error: CoopdecError | None = None,
        status: int = 200,
    ) -> Response:
        """The query form, with the result or the error of the query it was sent."""
        return self.page(
            request,
            "sparql.html",
            status=status,
            query=query,
            error=error.text(self.language(request)) if error else None,
            answer=None if answer is None else self._tabulated(answer),
            downloads=("csv", "xlsx", "tsv", "json", "xml"),
        )

    def _tabulated(self, answer: Shown) -> dict[str, Any]:
        if answer.form is Form.GRAPH:
            return {"text": answer.body.decode(), "cut": answer.cut}
        try:
            return self._rows(answer)
        except RecursionError:
            raise QueryFailed(_NESTED) from None

    def _rows(self, answer: Shown) -> dict[str, Any]:
        result = json.loads(answer.body)
        if answer.form is Form.ASK:
            return {"boolean": result["boolean"], "cut": False}
        names, found = result["head"]["vars"], result["results"]["bindings"]
        table = [[self._cell(row.get(name)) for name in names] for row in found]
        return {"names": names, "rows": table, "count": len(found), "cut": answer.cut}

    def _cell(self, binding: Mapping[str, Any] | None) -> dict[str, str | None]:
        if binding is None:
            return {"text": "", "href": None}
        value = binding["value"]
        if binding["type"] != "uri":
            return {"text": shown(binding), "href": None}
        web = value if value.startswith(("http://", "https://")) else None
        return {"text": value, "href": self.addresses.local(value) or web}


def _text(term: Term | None) -> str | None:
    return None if term is None else term.value


def _with_language(request: Request, language: Language) -> str:
    url = request.url.include_query_params(lang=language)
    return f"{url.path}?{url.query}"
