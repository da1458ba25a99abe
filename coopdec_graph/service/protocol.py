"""What a request says of a query: SPARQL 1.1 Protocol, section 2.1 (W3C, 2013)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

import pyoxigraph as ox
from starlette.requests import Request
from werkzeug.http import parse_options_header

from coopdec_graph.graph.query import Dataset
from coopdec_graph.language import Bilingual
from coopdec_graph.service.problems import BadRequest, TooLarge, UnsupportedType

__all__ = ["Parameters", "form_pairs", "only", "pairs_of", "read_parameters"]

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"

_TWICE = Bilingual(
    "Le paramètre « {name} » est donné plusieurs fois.",
    "The parameter “{name}” is given more than once.",
)
_READ_ONLY = Bilingual(
    "Ce point d'accès est en lecture seule : « update » n'est pas accepté.",
    "This endpoint is read-only: “update” is not accepted.",
)
_FORM_ONLY = Bilingual("Le corps doit être en {form} (UTF-8).", "The body must be {form} (UTF-8).")
_TYPE = Bilingual(
    "Le corps doit être en {form} ou {direct} (UTF-8).",
    "The body must be {form} or {direct} (UTF-8).",
)
_ENCODING = Bilingual(
    "Les paramètres ne sont pas en UTF-8 codé en pourcent.",
    "The parameters are not percent-encoded UTF-8.",
)
_LONG = Bilingual("La requête dépasse {most} octets.", "The query exceeds {most} bytes.")
_GRAPH = Bilingual("« {iri} » n'est pas une IRI absolue.", "“{iri}” is not an absolute IRI.")
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)
_INTEGER = re.compile(r"[0-9]{1,15}", re.ASCII)
_WHOLE = Bilingual(
    "Le paramètre « {name} » doit être un nombre entier positif.",
    "The parameter “{name}” must be a positive whole number.",
)
_NUMBER = Bilingual(
    "Le paramètre « {name} » doit être un nombre positif.",
    "The parameter “{name}” must be a positive number.",
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """`query` is None when there is none. `seconds` and `rows` are what the client settles for."""

    query: str | None
    dataset: Dataset | None
    format: str | None
    seconds: float | None
    rows: int | None


async def read_parameters(request: Request, most_bytes: int) -> Parameters:
    """The parameters of the address and, in a form post, of the body; each decoded once.

    Raises BadRequest, TooLarge and UnsupportedType.
    """
    pairs = pairs_of(request.scope["query_string"])
    if request.method == "POST":
        pairs += await _posted(request, most_bytes)
    if any(name == "update" for name, _ in pairs):
        raise BadRequest(_READ_ONLY)
    return Parameters(
        only(pairs, "query"),
        _dataset(pairs),
        # SPARQLWrapper sends it twice, by two of its names: the first counts.
        next((value for name, value in pairs if name == "format"), None),
        _number(pairs, "timeout"),
        _count(pairs, "max-rows"),
    )


async def form_pairs(request: Request, most_bytes: int) -> list[tuple[str, str]]:
    """The fields of a form post. Raises BadRequest, TooLarge and UnsupportedType."""
    body = await _body(request, most_bytes)
    if _kind(request) != _FORM:
        raise UnsupportedType(_FORM_ONLY, form=_FORM)
    return pairs_of(body)


async def _posted(request: Request, most_bytes: int) -> list[tuple[str, str]]:
    body = await _body(request, most_bytes)
    kind = _kind(request)
    try:
        if kind == _DIRECT:
            return [("query", body.decode("utf-8"))]
        if kind == _FORM:
            return pairs_of(body)
    except UnicodeDecodeError:
        pass
    raise UnsupportedType(_TYPE, form=_FORM, direct=_DIRECT)


def _kind(request: Request) -> str | None:
    """The type of the body; None for one that is compressed, or not in UTF-8."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    charset = options.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8") or request.headers.get("content-encoding"):
        return None
    return kind.lower()


def pairs_of(encoded: bytes) -> list[tuple[str, str]]:
    """Form-encoded pairs in UTF-8, decoded once: `+` is a space, `%2B` a plus. Raises BadRequest."""
    try:
        return parse_qsl(encoded.decode("utf-8"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest(_ENCODING) from None


async def _body(request: Request, most: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > most:
            raise TooLarge(_LONG, most=most)
        chunks.append(chunk)
    return b"".join(chunks)


def only(pairs: Sequence[tuple[str, str]], name: str) -> str | None:
    values = [value for key, value in pairs if key == name]
    if len(values) > 1:
        raise BadRequest(_TWICE, name=name)
    return values[0] if values else None


def _number(pairs: Sequence[tuple[str, str]], name: str) -> float | None:
    text = only(pairs, name)
    if text is None:
        return None
    if not _DECIMAL.fullmatch(text) or float(text) <= 0:
        raise BadRequest(_NUMBER, name=name)
    return float(text)


def _count(pairs: Sequence[tuple[str, str]], name: str) -> int | None:
    text = only(pairs, name)
    if text is None:
        return None
    if not _INTEGER.fullmatch(text) or int(text) == 0:
        raise BadRequest(_WHOLE, name=name)
    return int(text)


def _dataset(pairs: Sequence[tuple[str, str]]) -> Dataset | None:
    """The dataset a request names; its parts default to every published graph (2.1.4)."""
    default = tuple(value for name, value in pairs if name == "default-graph-uri")
    named = tuple(value for name, value in pairs if name == "named-graph-uri")
    for iri in (*default, *named):
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise BadRequest(_GRAPH, iri=iri[:200]) from None
    return Dataset(default, named) if default or named else None
