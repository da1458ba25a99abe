"""Where a remote store is and what it expects: one TOML file, or a preset and an address.

    kind = "virtuoso"
    url = "http://127.0.0.1:8890"
    user = "dba"
    password_file = "virtuoso.password"

docs/scaling.md lists the keys.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pyoxigraph as ox

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import DEFAULT_BASE

__all__ = [
    "PUBLISHED",
    "STORE",
    "Auth",
    "Credentials",
    "Kind",
    "Layout",
    "Method",
    "RemoteStore",
    "configured",
    "read_configuration",
]

_UNREADABLE = Bilingual(
    "« {path} » ne peut pas être lu : {reason}", "“{path}” cannot be read: {reason}"
)
_NOT_TOML = Bilingual(
    "« {path} » n'est pas du TOML valable : {reason}", "“{path}” is not valid TOML: {reason}"
)
_UNKNOWN = Bilingual(
    "Configuration du magasin : la clé « {key} » est inconnue. Connues : {known}.",
    "Store configuration: the key “{key}” is unknown. Known: {known}.",
)
_WRONG = Bilingual(
    "Configuration du magasin : « {key} » doit être {expected_fr}.",
    "Store configuration: “{key}” must be {expected_en}.",
)
_MISSING = Bilingual(
    "Configuration du magasin : il manque la clé « {key} »{why_fr}.",
    "Store configuration: the key “{key}” is missing{why_en}.",
)
_TWO_PASSWORDS = Bilingual(
    "Configuration du magasin : « password_file » et « password_env » s'excluent.",
    "Store configuration: “password_file” and “password_env” exclude each other.",
)
_NO_PASSWORD = Bilingual(
    "Configuration du magasin : « {key} » : le mot de passe n'y est pas ({reason}).",
    "Store configuration: “{key}”: the password is not there ({reason}).",
)

# What `default_graph` says besides an IRI.
STORE, PUBLISHED = "store", "published"


class Kind(StrEnum):
    """What is known of a store beforehand; `sparql` is any other."""

    SPARQL = "sparql"
    OXIGRAPH = "oxigraph"
    VIRTUOSO = "virtuoso"


class Method(StrEnum):
    """How a query is sent (SPARQL 1.1 Protocol, 2.1). Virtuoso hangs on the third way."""

    FORM = "form"
    GET = "get"


class Auth(StrEnum):
    """How the store knows who asks (RFC 7617, RFC 7616)."""

    NONE = "none"
    BASIC = "basic"
    DIGEST = "digest"


class Layout(StrEnum):
    """How a release lies in the store, and so how one takes another's place.

    DATASET: the union is the store's default graph; the whole store is replaced by one request.
    SLOTS: the union lies in one of two named graphs, and a statement says in which. For Virtuoso,
    which has no default graph to write to, and shows named graphs beside the one a request names.
    """

    DATASET = "dataset"
    SLOTS = "slots"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who asks. The password never shows in a message or a log."""

    scheme: Auth
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Credentials({self.scheme}, {self.user!r})"


@dataclass(frozen=True, slots=True)
class RemoteStore:
    """One remote store, ready to be used.

    `default_graph` is what a plain query sees: STORE leaves it to the store, PUBLISHED is the
    union that `coopdec publish` switched to last, anything else is the IRI of a graph.
    `private` sends the credentials with queries too. `settle_seconds` is how long publishing waits
    before it writes over the union before last: longer than a query may take that still reads it.
    """

    kind: Kind
    query_url: str
    update_url: str | None = None
    graph_store_url: str | None = None
    query_method: Method = Method.FORM
    credentials: Credentials | None = None
    private: bool = False
    layout: Layout = Layout.DATASET
    default_graph: str = STORE
    timeout_parameter: str | None = None
    timeout_unit: str = "s"
    base: str = DEFAULT_BASE
    settle_seconds: float = 40.0


_PRESETS: Mapping[Kind, Mapping[str, str]] = {
    Kind.SPARQL: {},
    Kind.OXIGRAPH: {
        "query_url": "/query",
        "update_url": "/update",
        "graph_store_url": "/store",
    },
    Kind.VIRTUOSO: {
        "query_url": "/sparql",
        "update_url": "/sparql-auth",
        "graph_store_url": "/sparql-graph-crud-auth",
        "layout": Layout.SLOTS,
        "auth": Auth.DIGEST,
        "timeout_parameter": "timeout",
        "timeout_unit": "ms",
    },
}
_PRIVATE_QUERY_URL = {Kind.VIRTUOSO: "/sparql-auth"}
_URLS = ("query_url", "update_url", "graph_store_url")
_KEYS = (
    "kind",
    "url",
    *_URLS,
    "query_method",
    "auth",
    "user",
    "password_file",
    "password_env",
    "private",
    "layout",
    "default_graph",
    "timeout_parameter",
    "timeout_unit",
    "base",
    "settle_seconds",
)


def read_configuration(path: Path) -> RemoteStore:
    """The store a TOML file describes; a password file is looked for beside it. Raises UsageError."""
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(_UNREADABLE, path=path, reason=error.strerror or error) from None
    except ValueError as error:
        raise UsageError(_NOT_TOML, path=path, reason=error) from None
    return configured(table, path.parent)


def configured(table: Mapping[str, Any], folder: Path) -> RemoteStore:
    """The store that these keys describe. Raises UsageError, which names the key at fault."""
    for key in table:
        if key not in _KEYS:
            raise UsageError(_UNKNOWN, key=key, known=", ".join(_KEYS))
    return _Reader(table, folder).store()


_Word = TypeVar("_Word", bound=StrEnum)


class _Reader:
    """Reads each key once, from the table or else from the preset."""

    def __init__(self, table: Mapping[str, Any], folder: Path) -> None:
        self._table, self._folder = table, folder
        self._preset: Mapping[str, str] = {}

    def store(self) -> RemoteStore:
        kind = self._word("kind", Kind, Kind.SPARQL)
        self._preset = _PRESETS[kind]
        private = self._flag("private")
        if private and kind in _PRIVATE_QUERY_URL:
            self._preset = {**self._preset, "query_url": _PRIVATE_QUERY_URL[kind]}
        layout = self._word("layout", Layout, Layout.DATASET)
        query_url = self._url("query_url")
        if query_url is None:
            raise _missing("query_url")
        return RemoteStore(
            kind,
            query_url,
            self._url("update_url"),
            self._url("graph_store_url"),
            self._word("query_method", Method, Method.FORM),
            self._credentials(private),
            private,
            layout,
            self._default_graph(layout),
            self._text("timeout_parameter"),
            self._choice("timeout_unit", ("s", "ms")),
            self._base(),
            self._seconds("settle_seconds", 40.0),
        )

    def _value(self, key: str) -> Any:
        return self._table.get(key, self._preset.get(key))

    def _text(self, key: str) -> str | None:
        value = self._value(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise _wrong(key, "un texte non vide", "a text that is not empty")
        return value

    def _flag(self, key: str) -> bool:
        value = self._table.get(key, False)
        if not isinstance(value, bool):
            raise _wrong(key, "true ou false", "true or false")
        return value

    def _seconds(self, key: str, default: float) -> float:
        value = self._table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
            raise _wrong(key, "un nombre de secondes", "a number of seconds")
        return float(value)

    def _choice(self, key: str, words: tuple[str, ...]) -> str:
        value = self._value(key)
        if value is None:
            return words[0]
        if value not in words:
            offered = ", ".join(words)
            raise _wrong(key, f"l'un de : {offered}", f"one of: {offered}")
        return str(value)

    def _word(self, key: str, words: type[_Word], default: _Word) -> _Word:
        first = (default.value, *(word.value for word in words if word is not default))
        return words(self._choice(key, first))

    def _url(self, key: str) -> str | None:
        value = self._text(key)
        if value is None:
            return None
        if key not in self._table:
            # A preset's path below the address.
            address = self._text("url")
            if address is None:
                return None
            return _http("url", address).rstrip("/") + value
        return _http(key, value)

    def _default_graph(self, layout: Layout) -> str:
        value = self._text("default_graph")
        if value is None:
            return STORE if layout is Layout.DATASET else PUBLISHED
        if value in (STORE, PUBLISHED):
            return value
        try:
            return ox.NamedNode(value).value
        except ValueError:
            wanted = f"une IRI absolue, « {STORE} » ou « {PUBLISHED} »"
            raise _wrong(
                "default_graph", wanted, f"an absolute IRI, “{STORE}” or “{PUBLISHED}”"
            ) from None

    def _base(self) -> str:
        value = self._text("base") or DEFAULT_BASE
        if not value.endswith("/"):
            raise _wrong("base", "une adresse qui finit par « / »", "an address that ends with “/”")
        return _http("base", value)

    def _credentials(self, private: bool) -> Credentials | None:
        scheme = self._word("auth", Auth, Auth.NONE)
        user = self._text("user")
        if scheme is Auth.NONE:
            if user is not None or private:
                raise _missing("auth", " : basic ou digest", ": basic or digest")
            return None
        if user is None:
            if "auth" in self._table or private:
                raise _missing("user", " (« auth » la demande)", " (“auth” asks for it)")
            return None  # a preset's scheme: reading needs nobody
        return Credentials(scheme, user, self._password())

    def _password(self) -> str:
        file, variable = self._text("password_file"), self._text("password_env")
        if file is not None and variable is not None:
            raise UsageError(_TWO_PASSWORDS)
        if variable is not None:
            return _secret("password_env", lambda: os.environ[variable])
        if file is not None:
            path = self._folder / file
            return _secret("password_file", lambda: path.read_text("utf-8").rstrip("\r\n"))
        raise _missing("password_file", " (ou « password_env »)", " (or “password_env”)")


def _secret(key: str, read: Callable[[], str]) -> str:
    try:
        secret = read()
    except KeyError:
        raise UsageError(_NO_PASSWORD, key=key, reason="variable") from None
    except OSError as error:
        raise UsageError(_NO_PASSWORD, key=key, reason=error.strerror or "?") from None
    except ValueError:
        raise UsageError(_NO_PASSWORD, key=key, reason="UTF-8") from None
    if not secret:
        raise UsageError(_NO_PASSWORD, key=key, reason="0")
    return secret


def _http(key: str, value: str) -> str:
    """An http(s) address without user, query or fragment."""
    try:
        parts = urlsplit(value)
        bare = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        bare = None
    if not bare or "@" in parts.netloc or parts.query or parts.fragment or not value.isprintable():
        raise _wrong(
            key,
            "une adresse http(s) sans identifiants ni paramètres",
            "an http(s) address without credentials or parameters",
        )
    return value


def _wrong(key: str, expected_fr: str, expected_en: str) -> UsageError:
    return UsageError(_WRONG, key=key, expected_fr=expected_fr, expected_en=expected_en)


def _missing(key: str, why_fr: str = "", why_en: str = "") -> UsageError:
    return UsageError(_MISSING, key=key, why_fr=why_fr, why_en=why_en)
