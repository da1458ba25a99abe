"""What describes a remote store: presets, the keys of the TOML file, and what is wrong in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_graph.engines.remote.configuration import (
    Auth,
    Credentials,
    Kind,
    Layout,
    Method,
    RemoteStore,
    read_configuration,
)
from coopdec_graph.errors import UsageError


def read(folder: Path, text: str) -> RemoteStore:
    path = folder / "store.toml"
    path.write_text(text, "utf-8")
    return read_configuration(path)


def test_presets(tmp_path: Path) -> None:
    address = "http://127.0.0.1:8890"
    assert read(tmp_path, f'kind = "virtuoso"\nurl = "{address}/"') == RemoteStore(
        Kind.VIRTUOSO,
        f"{address}/sparql",
        f"{address}/sparql-auth",
        f"{address}/sparql-graph-crud-auth",
        layout=Layout.SLOTS,
        default_graph="published",
        timeout_parameter="timeout",
        timeout_unit="ms",
    )
    assert read(tmp_path, f'kind = "oxigraph"\nurl = "{address}"') == RemoteStore(
        Kind.OXIGRAPH, f"{address}/query", f"{address}/update", f"{address}/store"
    )


def test_every_key_of_a_store_without_preset(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("pässword\n", "utf-8")
    text = """
    query_url = "https://example.org/ds/query"
    update_url = "https://example.org/ds/update"
    graph_store_url = "https://example.org/ds/data"
    query_method = "get"
    auth = "basic"
    user = "reader"
    password_file = "secret"
    private = true
    layout = "slots"
    default_graph = "urn:x:union"
    timeout_parameter = "timeout"
    timeout_unit = "s"
    base = "https://example.org/data/"
    settle_seconds = 5
    """
    found = read(tmp_path, text)
    assert found == RemoteStore(
        Kind.SPARQL,
        "https://example.org/ds/query",
        "https://example.org/ds/update",
        "https://example.org/ds/data",
        Method.GET,
        Credentials(Auth.BASIC, "reader", "pässword"),
        True,
        Layout.SLOTS,
        "urn:x:union",
        "timeout",
        "s",
        "https://example.org/data/",
        5.0,
    )
    assert "pässword" not in repr(found)


def test_a_password_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_PASSWORD", "dba")
    text = 'kind = "virtuoso"\nurl = "http://h"\nuser = "dba"\npassword_env = "STORE_PASSWORD"'
    assert read(tmp_path, text).credentials == Credentials(Auth.DIGEST, "dba", "dba")


def test_a_private_virtuoso_is_asked_where_it_knows_who_asks(tmp_path: Path) -> None:
    (tmp_path / "pw").write_text("dba")
    keys = 'user = "dba"\npassword_file = "pw"\nprivate = true'
    found = read(tmp_path, f'kind = "virtuoso"\nurl = "http://h"\n{keys}')
    assert found.query_url == "http://h/sparql-auth"


OXIGRAPH = 'kind = "oxigraph"\nurl = "http://h"\n'
WRONG = {
    "": "query_url",
    "kind = 3": "kind",
    'kind = "fuseki"': "kind",
    'kind = "oxigraph"': "query_url",
    'kind = "oxigraph"\nurl = "ftp://h"': "“url”",
    'kind = "oxigraph"\nurl = "http://u:p@h"': "“url”",
    'kind = "oxigraph"\nurl = "http://h?x=1"': "“url”",
    'kind = "oxigraph"\nurl = "http://h:port"': "“url”",
    'query_url = ""': "query_url",
    'query_url = "file:///etc/passwd"': "query_url",
    OXIGRAPH + 'update_url = "nowhere"': "update_url",
    OXIGRAPH + 'query_method = "direct"': "query_method",
    OXIGRAPH + "private = 1": "private",
    OXIGRAPH + "private = true": "“auth”",
    OXIGRAPH + 'user = "x"': "“auth”",
    OXIGRAPH + 'auth = "basic"': "“user”",
    OXIGRAPH + 'auth = "basic"\nuser = "x"': "password_file",
    OXIGRAPH + 'auth = "basic"\nuser = "x"\npassword_file = "absent"': "password_file",
    OXIGRAPH + 'auth = "basic"\nuser = "x"\npassword_env = "COOPDEC_ABSENT"': "password_env",
    OXIGRAPH + 'auth = "basic"\nuser = "x"\npassword_file = "a"\npassword_env = "B"': "exclude",
    OXIGRAPH + 'auth = "oauth"': "“auth”",
    OXIGRAPH + 'layout = "heap"': "layout",
    OXIGRAPH + 'default_graph = "not an IRI"': "default_graph",
    OXIGRAPH + 'timeout_unit = "h"': "timeout_unit",
    OXIGRAPH + 'base = "https://example.org/x"': "base",
    OXIGRAPH + 'password = "secret"': "“password” is unknown",
    OXIGRAPH + "settle_seconds = true": "settle_seconds",
    OXIGRAPH + "settle_seconds = -1": "settle_seconds",
    "kind = ": "not valid TOML",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(tmp_path, text)
    assert WRONG[text] in caught.value.text("en")
    assert caught.value.text("fr") != caught.value.text("en")


def test_a_file_that_is_absent(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_configuration(tmp_path / "absent.toml")
