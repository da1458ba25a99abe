"""The only code that calls another host: one endpoint of the allow-list, one POST, bounded.

The name is looked up once, every address it has is checked, and the connection goes to an address
that was checked: a name that changes its mind (DNS rebinding) gains nothing. TLS still verifies
the name. Nothing is kept between two calls, neither connection nor cookie.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import zlib
from collections.abc import Awaitable, Callable, Sequence

import httpx

from coopdec_graph import __version__
from coopdec_graph.errors import QueryForbidden
from coopdec_graph.federation.allow_list import Endpoint
from coopdec_graph.federation.failures import FederationFailed
from coopdec_graph.language import Bilingual

__all__ = ["NOT_LISTED", "NO_RESULT", "Client", "Resolver", "is_public"]

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

NOT_LISTED = Bilingual(
    "SERVICE <{iri}> est refusé : ce point d'accès n'est pas dans la liste de ce service.",
    "SERVICE <{iri}> is refused: that endpoint is not on this service's list.",
)
_UNREACHABLE = Bilingual(
    "SERVICE <{iri}> : le point d'accès n'a pas pu être joint ({reason}).",
    "SERVICE <{iri}>: the endpoint could not be reached ({reason}).",
)
_NOT_PUBLIC = Bilingual(
    "SERVICE <{iri}> : l'adresse de ce nom n'est pas publique, elle n'a pas été appelée.",
    "SERVICE <{iri}>: the address of that name is not public, it was not called.",
)
_SLOW = Bilingual(
    "SERVICE <{iri}> : pas de réponse complète en {seconds} s.",
    "SERVICE <{iri}>: no complete answer within {seconds} s.",
)
_LONG = Bilingual(
    "SERVICE <{iri}> : réponse de plus de {most} octets. Mettez LIMIT ou VALUES dans le bloc.",
    "SERVICE <{iri}>: an answer of more than {most} bytes. Put LIMIT or VALUES in the block.",
)
_REFUSED = Bilingual(
    "SERVICE <{iri}> : le point d'accès a répondu {status}.",
    "SERVICE <{iri}>: the endpoint answered {status}.",
)
NO_RESULT = Bilingual(
    "SERVICE <{iri}> : la réponse n'est pas un résultat SPARQL en JSON complet.",
    "SERVICE <{iri}>: the answer is not a complete SPARQL result in JSON.",
)

_MOST_AT_ONCE = 32
_TYPES = ("application/sparql-results+json", "application/json")
_HEADERS = {
    "Accept": _TYPES[0],
    # What we can undo with a bound on what comes out.
    "Accept-Encoding": "gzip",
    "User-Agent": f"coopdec-graph/{__version__}",
}

# Networks through which a public-looking IPv6 address reaches an IPv4 one, whichever.
_EMBEDDING = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2002::/16",
    )
)
_IPV6_GLOBAL = ipaddress.IPv6Network("2000::/3")
# Relays of 6to4 (RFC 7526), public in the eyes of the standard library.
_RELAYS = ipaddress.IPv4Network("192.88.99.0/24")


def is_public(address: str) -> bool:
    """Whether an address is of the public internet, and of one host (RFC 6890, RFC 4291)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    special = (
        found.is_private
        or found.is_loopback
        or found.is_link_local
        or found.is_multicast
        or found.is_reserved
        or found.is_unspecified
    )
    if special or not found.is_global:
        return False
    if isinstance(found, ipaddress.IPv4Address):
        return found not in _RELAYS
    return found in _IPV6_GLOBAL and not any(found in network for network in _EMBEDDING)


async def look_up(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _NotPublic(Exception):
    """A name has an address that is not public."""


class _TooLong(Exception):
    """The answer has more bytes than the entry of its endpoint allows."""


class _NoResult(Exception):
    """The answer is not of the type that was asked for, or was cut."""


class _Transport(httpx.AsyncBaseTransport):
    """Checks every address of the host, then connects to one of them and to nothing else."""

    def __init__(self, look_up: Resolver, context: ssl.SSLContext, private: bool) -> None:
        self._look_up = look_up
        self._private = private
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host, port = (
            request.url.host,
            request.url.port or (443 if request.url.scheme == "https" else 80),
        )
        addresses = await self._look_up(host, port)
        if not self._private and not all(map(is_public, addresses)):
            raise _NotPublic
        # The Host header was set from the name; this is the name that the certificate must have.
        request.extensions = {**request.extensions, "sni_hostname": host}
        failure: httpx.TransportError = httpx.ConnectError("no address")
        for address in addresses:
            request.url = request.url.copy_with(host=address)
            try:
                return await self._inner.handle_async_request(request)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


class Client:
    """Asks endpoints. `look_up` and `context` stand for the system's, in tests and behind a CA."""

    def __init__(self, look_up: Resolver = look_up, context: ssl.SSLContext | None = None) -> None:
        self._look_up = look_up
        self._context = context or httpx.create_ssl_context(trust_env=False)
        self._slots = asyncio.Semaphore(_MOST_AT_ONCE)

    async def fetch(self, endpoint: Endpoint, iri: str, query: str) -> bytes:
        """The body of an endpoint's answer to a SELECT, complete and of the right type.

        Raises QueryForbidden for an IRI the entry does not cover, FederationFailed for the rest.
        """
        if not endpoint.covers(iri):
            raise QueryForbidden(NOT_LISTED, iri=iri)
        try:
            async with asyncio.timeout(endpoint.seconds), self._slots:
                return await self._ask(endpoint, iri, query)
        except _NotPublic:
            failure = FederationFailed(_NOT_PUBLIC, iri=iri)
        except _TooLong:
            failure = FederationFailed(_LONG, iri=iri, most=f"{endpoint.most_bytes:,}")
        except _NoResult:
            failure = FederationFailed(NO_RESULT, iri=iri)
        except TimeoutError:
            failure = FederationFailed(_SLOW, iri=iri, seconds=endpoint.seconds)
        # A name that no name server can be asked raises UnicodeError.
        except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
            failure = FederationFailed(_UNREACHABLE, iri=iri, reason=type(error).__name__)
        raise failure

    async def _ask(self, endpoint: Endpoint, iri: str, query: str) -> bytes:
        address = endpoint.asked_at or iri
        client = httpx.AsyncClient(
            transport=_Transport(self._look_up, self._context, endpoint.private),
            headers=_HEADERS,
            # The whole call has its deadline; the half leaves time for a second address.
            timeout=httpx.Timeout(None, connect=endpoint.seconds / 2),
            follow_redirects=False,
            trust_env=False,
        )
        async with client, client.stream("POST", address, data={"query": query}) as response:
            if response.status_code != 200:
                raise FederationFailed(_REFUSED, iri=iri, status=response.status_code)
            if (
                response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                not in _TYPES
            ):
                raise _NoResult
            return await _bounded(response, endpoint.most_bytes)


async def _bounded(response: httpx.Response, most: int) -> bytes:
    """The decoded body. Neither what arrives nor what it unpacks to may exceed `most` bytes."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("gzip", "identity"):
        raise _NoResult
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    body, arrived = bytearray(), 0
    async for chunk in response.aiter_raw():
        arrived += len(chunk)
        try:
            # One byte more than allowed is enough to know.
            body += unpack.decompress(chunk, most + 1 - len(body)) if unpack else chunk
        except zlib.error:
            raise _NoResult from None
        if max(arrived, len(body)) > most:
            raise _TooLong
    if unpack and (not unpack.eof or unpack.unused_data):
        raise _NoResult
    return bytes(body)
