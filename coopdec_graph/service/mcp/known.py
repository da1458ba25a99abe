"""Whether the release knows what somebody names; if not, the nearest that it knows."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from coopdec_graph.engines.base import Question
from coopdec_graph.errors import UsageError
from coopdec_graph.graph.query import Dataset, Form, Term
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE
from coopdec_graph.questions.refusals import shortened
from coopdec_graph.service.description import FAMILIES, FIXED_GRAPHS
from coopdec_graph.service.mcp.holdings import Holdings
from coopdec_graph.service.mcp.named_terms import Named, named_terms
from coopdec_graph.service.mcp.vocabulary import Spelled, Vocabulary

__all__ = ["Knowledge", "UnknownTerms"]

# IRIs of one query that are looked up; the others are taken as they are.
_MOST_LOOKED_UP = 100
# Unknown IRIs of one query that the nearest are sought for.
_MOST_TOLD = 5

_UNKNOWN = Bilingual("« {written} » est inconnu ici.", "“{written}” is not known here.")
_NEAREST = Bilingual(" Les plus proches : {offered}.", " The nearest: {offered}.")
_NOTHING = Dataset((f"{DEFAULT_BASE}graph/none",), ())


class UnknownTerms(UsageError):
    """IRIs or terms that are not in the release."""


class Knowledge:
    """Of one release; for the event loop only."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._vocabulary: Vocabulary | None = None
        self._spelled: Spelled | None = None
        self._reading = asyncio.Lock()

    async def check(self, query: str) -> None:
        """Raises UnknownTerms for a query that names what there is not, QueryError for no query."""
        vocabulary = await self._terms()
        doubtful = [one for one in named_terms(query) if self._doubts(vocabulary, one.iri)]
        looked_up = doubtful[:_MOST_LOOKED_UP]
        unknown = [one for one in looked_up if not await self.has(one.iri)]
        if unknown:
            await self._parse(query)
            raise await self.unknown(unknown)

    def _doubts(self, vocabulary: Vocabulary, iri: str) -> bool:
        """Whether an IRI is no term that we know, in a namespace of which we know all.

        A namespace itself is no term: it stands in filters, as the beginning of others.
        """
        if iri.endswith(("/", "#")):
            return False
        if vocabulary.judges(iri):
            return not vocabulary.has(iri)
        return _bare(iri).startswith((_bare(self._holdings.base), _bare(DEFAULT_BASE)))

    async def has(self, iri: str) -> bool:
        """Whether the release says anything of an IRI, or names a graph so. Raises QueryError."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        queries = self._holdings.queries
        if iri.startswith(f"{self._holdings.base}graph/"):
            return bool(await queries.rows_of("graph_known", graph=node))
        return bool(await queries.rows_of("known", entity=node))

    async def _parse(self, query: str) -> None:
        """What is wrong with a query as a whole is said first: it is asked of no graph at all."""
        formats = {Form.SELECT: "json", Form.ASK: "json", Form.GRAPH: "nt"}
        asked = Question(query, formats, dataset=_NOTHING, rows=1)
        await (await self._holdings.engine.ask(asked)).close()

    async def unknown(self, terms: Sequence[Named]) -> UnknownTerms:
        """The error for them, with the nearest that there are. Raises QueryError."""
        told = [(one, await self._nearest(one.iri)) for one in terms[:_MOST_TOLD]]
        parts = [_told(one.written, nearest) for one, nearest in told]
        whole = Bilingual(" ".join(p.fr for p in parts), " ".join(p.en for p in parts))
        listed = [{"written": shortened(one.written), "nearest": near} for one, near in told]
        nearest = list(dict.fromkeys(value for _, near in told for value in near))
        return UnknownTerms(whole).detailed({"nearest": nearest, "unknown": listed})

    async def _nearest(self, iri: str) -> list[str]:
        vocabulary, base = await self._terms(), self._holdings.base
        if vocabulary.judges(iri):
            return await asyncio.to_thread(vocabulary.nearest, iri)
        spelled = await self._ids()
        ending = iri.removeprefix(base).removeprefix(DEFAULT_BASE)
        return await asyncio.to_thread(spelled.nearest, ending)

    async def _terms(self) -> Vocabulary:
        async with self._reading:
            if self._vocabulary is None:
                # Where listing them costs too much, ours alone are known; others are looked up.
                rows = await self._holdings.statistics.rows("used_terms") or ()
                used = [row["term"].value for row in rows if row["term"] is not None]
                self._vocabulary = await asyncio.to_thread(Vocabulary, used)
        return self._vocabulary

    async def _ids(self) -> Spelled:
        """What has an IRI that somebody may have meant, by the end of it and by its names."""
        async with self._reading:
            if self._spelled is None:
                pairs = await self._spellings()
                self._spelled = await asyncio.to_thread(Spelled, pairs, whole=True)
        return self._spelled

    async def _spellings(self) -> list[tuple[str, str]]:
        base, statistics = self._holdings.base, self._holdings.statistics
        pairs = [(f"graph/{name}", f"<{base}graph/{name}>") for name in FIXED_GRAPHS]
        for row in await statistics.rows("activities") or ():
            key = _end(row["activity"], f"{base}id/")
            pairs.append((f"id/{key}", f"<{base}id/{key}>"))
            last = key.rpartition("/")[2]
            pairs += [(f"graph/{name}{last}", f"<{base}graph/{name}{last}>") for name in FAMILIES]
        for row in await statistics.rows("scheme_concepts") or ():
            pairs.append((_end(row["concept"], DEFAULT_BASE), f"<{_end(row['concept'], '')}>"))
        index = await self._holdings.shelf.index()
        for entity in index.entities():
            pairs += [(text, f"<{entity.iri}>") for text in (entity.id, *entity.names)]
        return list(dict.fromkeys(pairs))


def _told(written: str, nearest: Iterable[str]) -> Bilingual:
    offered = ", ".join(nearest)
    texts = [_UNKNOWN, _NEAREST] if offered else [_UNKNOWN]
    values = {"written": shortened(written), "offered": offered}
    return Bilingual(
        "".join(text.text("fr", **values) for text in texts),
        "".join(text.text("en", **values) for text in texts),
    )


def _end(term: Term | None, start: str) -> str:
    return "" if term is None else term.value.removeprefix(start)


def _bare(iri: str) -> str:
    """Without its scheme: `http` for `https` is a slip too."""
    return iri.partition("://")[2]
