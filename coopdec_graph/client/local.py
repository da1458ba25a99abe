"""A folder of releases, without a server: the index and the embedded store, opened here.

The same code as the service's makes the documents; there is no limit of time or memory.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from coopdec_graph.client.problem import in_problems
from coopdec_graph.client.source import API, SPARQL, Document, Pairs
from coopdec_graph.engines.base import Limits
from coopdec_graph.errors import QueryFailed, ReleaseError
from coopdec_graph.graph.query import Form, Term, engine_reason, form_of, rows, run
from coopdec_graph.graph.stack import on_a_deep_stack
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.reading import Index
from coopdec_graph.index.resources import resources
from coopdec_graph.language import Bilingual, Language
from coopdec_graph.publishing.releases import Releases
from coopdec_graph.results.formats import formats_of
from coopdec_graph.results.writing import Written, write
from coopdec_graph.service.api.formats import JSON
from coopdec_graph.service.api.lists import Lists
from coopdec_graph.service.api.profiles import Profiles, id_and_format
from coopdec_graph.service.api.requests import read_request
from coopdec_graph.service.api.search import read_search, searched
from coopdec_graph.service.inputs import Inputs
from coopdec_graph.service.question_answers import document_of
from coopdec_graph.service.questions import (
    MOST_ROWS,
    AskedQuestion,
    listed_questions,
    read_question,
)

__all__ = ["Local"]

_UNREADABLE = Bilingual(
    "Le graphe de « {path} » ne peut pas être ouvert : {reason}.",
    "The graph in “{path}” cannot be opened: {reason}.",
)
_FAILED = Bilingual(
    "Le moteur n'a pas pu répondre : {reason}", "The engine could not answer: {reason}"
)


class Local:
    """Implements `Source`. The release is held: no build removes it while it is open here."""

    def __init__(self, folder: Path, language: Language) -> None:
        self._language = language
        self._held = ExitStack()
        self._store: ox.Store | None = None
        try:
            with in_problems(language):
                self._opened(folder)
        except BaseException:
            self.close()
            raise

    def _opened(self, folder: Path) -> None:
        try:
            self._open(folder)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            reason = engine_reason(error)
            raise ReleaseError(_UNREADABLE, path=folder, reason=reason) from None

    def _open(self, folder: Path) -> None:
        release = Releases(folder).current()
        self._held.enter_context(release.held())
        self._base = str(release.manifest()["base"])
        index = Index(release.index)
        self._held.callback(index.close)
        self._store = open_store(release.store)
        self._lists = Lists(index, self._base, release.id)
        self._profiles = Profiles(self._lists, partial(rows, self._store))

    def release(self) -> str:
        return self._lists.release

    def listed(self, resource: str, pairs: Pairs) -> Document:
        lists = self._lists
        with in_problems(self._language, f"{API}/{resource}"):
            asked = read_request(
                self._inputs(pairs),
                resources()[resource],
                None,
                lists.index,
                lists.choices,
                lists.release,
            )
            return lists.document(lists.listed(asked), "", time.perf_counter())

    def entity(self, resource: str, id: str) -> Document:
        known = resources()[resource]
        with in_problems(self._language, f"{API}/{resource}/{id}"):
            record = self._profiles.record(known, id_and_format(id)[0])
            return self._profiles.document(known, record, JSON, "", time.perf_counter())

    def search(self, pairs: Pairs) -> Document:
        with in_problems(self._language, f"{API}/search"):
            asked = read_search(self._inputs(pairs))
            return searched(self._lists, asked, time.perf_counter())

    def questions(self) -> Document:
        return {"questions": listed_questions()}

    def answer(self, question: str, pairs: Pairs) -> Document:
        choices = self._lists.choices
        with in_problems(self._language, f"{API}/questions/{question}"):
            asked = read_question(question, self._inputs(pairs), choices, Limits().rows)
            most = min(asked.limit or MOST_ROWS, MOST_ROWS)
            body, cut = self._evaluated(asked, most)
            total = self._counted(asked) if cut else None
        terms, release = asked.bindings, self._lists.release
        return document_of(asked.question, terms, release, body, cut, total)

    def _evaluated(self, asked: AskedQuestion, most: int | None) -> tuple[bytes, bool]:
        """Rows in JSON, at most so many, and whether there are more."""
        query = asked.question.asked_with(asked.bindings)
        _, body, written = self._written(query, asked.bindings, most)
        return body, written.truncated

    def _counted(self, asked: AskedQuestion) -> int:
        body, _ = self._evaluated(asked, None)
        return len(json.loads(body)["results"]["bindings"])

    def sparql(self, query: str) -> bytes | str:
        with in_problems(self._language, SPARQL):
            form, body, _ = self._written(query)
        return body.decode() if form is Form.GRAPH else body

    def _written(
        self, query: str, terms: Mapping[str, Term] | None = None, most: int | None = None
    ) -> tuple[Form, bytes, Written]:
        """The result of a query, in JSON or Turtle. Raises QueryError."""
        found: list[tuple[Form, bytes, Written]] = []

        def work() -> None:
            assert self._store is not None
            result = run(self._store, query, bindings=terms, base=f"{self._base}sparql")
            form, body = form_of(result), io.BytesIO()
            try:
                written = write(result, formats_of(form)[0], body, most, cut=most is not None)
            except (OSError, RuntimeError, SyntaxError, ValueError) as error:
                raise QueryFailed(_FAILED, reason=engine_reason(error)) from None
            finally:
                # The engine wants its result to be freed by the thread that made it.
                del result
            found.append((form, body.getvalue(), written))

        on_a_deep_stack(work)
        return found[0]

    def _inputs(self, pairs: Pairs) -> Inputs:
        return Inputs(pairs, None, self._language)

    def close(self) -> None:
        self._held.close()
        self._store = None
