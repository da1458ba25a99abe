"""The command with `--federation`: SERVICE reaches the endpoints of the list, and no other."""

from __future__ import annotations

import json
from pathlib import Path

from tests.service.live_service import serving


def test_a_listed_endpoint_is_joined_and_another_is_refused(data, client, tmp_path, listener):
    """The other service is one of our own."""
    other = f"{str(client.base_url).rstrip('/')}/sparql"
    listed = tmp_path / "federation.toml"
    listed.write_text(f'[[endpoint]]\nprefix = "{other}"\nprivate = true\n')
    query = (
        "SELECT ?title ?year { ?p a cd:Partnership ; dct:title ?title ; cd:startYear ?year ."
        " SERVICE <%s> { ?p dct:title ?title FILTER(CONTAINS(?title, 'Al Amal')) } }"
    )
    with serving(data, Path(tmp_path / "log"), options=("--federation", listed)) as federated:
        answer = federated.get("/sparql", params={"query": query % other})
        rows = [
            (row["title"]["value"], row["year"]["value"])
            for row in json.loads(answer.text)["results"]["bindings"]
        ]
        local = query.replace("SERVICE <%s>", "")
        alone = federated.get("/sparql", params={"query": local}).json()["results"]["bindings"]
        assert [(row["title"]["value"], row["year"]["value"]) for row in alone] == rows
        assert len(rows) == 1
        refused = federated.get("/sparql", params={"query": query % listener.iri})
        assert (refused.status_code, refused.json()["code"]) == (403, "QueryForbidden")
        gone = federated.get("/sparql", params={"query": query % f"{other}/gone"})
        assert (gone.status_code, gone.json()["code"]) == (502, "FederationFailed")
    assert listener.settled() == 0
    assert (tmp_path / "log").read_text() == ""
