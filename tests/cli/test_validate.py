"""`coopdec validate`: anybody's RDF, in every format, without fetching anything."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.cli.local_server import counting_server
from tests.pipeline.commands import ROOT, coopdec

CASES = ROOT / "tests/shapes/cases/PartnershipShape"
VALID, INVALID = CASES / "valid.ttl", CASES / "invalid.Partnership-title.twice.ttl"
TITLE = "https://w3id.org/coopdec/shapes#Partnership-title"


def test_every_format_gives_the_same_report(tmp_path: Path) -> None:
    triples = [quad.triple for quad in ox.parse(path=str(INVALID), format=ox.RdfFormat.TURTLE)]
    files = []
    for suffix in ("ttl", "jsonld", "nt", "nq", "trig", "rdf", "TTL"):
        format = ox.RdfFormat.from_extension(suffix.lower())
        assert format is not None
        files.append(tmp_path / f"data.{suffix}")
        files[-1].write_bytes(ox.serialize(triples, format=format) or b"")
    done = coopdec("validate", *files, "--json")
    reports = json.loads(done.stdout)
    assert done.returncode == 1
    assert [report["file"] for report in reports] == [str(file) for file in files]
    assert [report["conforms"] for report in reports] == [False] * 7
    assert {json.dumps(report["findings"], sort_keys=True) for report in reports} == {
        json.dumps(reports[0]["findings"], sort_keys=True)
    }


def test_the_report_as_json_and_in_words() -> None:
    as_json = coopdec("validate", VALID, INVALID, "--json")
    in_words = coopdec("validate", VALID, INVALID)
    english = coopdec("validate", INVALID, COOPDEC_LANG="en")
    first, second = json.loads(as_json.stdout)
    (finding,) = second.pop("findings")
    assert (as_json.returncode, in_words.returncode) == (1, 1)
    assert first == {"file": str(VALID), "conforms": True, "findings": []}
    assert second == {"file": str(INVALID), "conforms": False}
    assert (finding["shape"], finding["severity"]) == (TITLE, "violation")
    assert in_words.stdout.splitlines()[:2] == [f"{VALID} : conforme", f"{INVALID} : non conforme"]
    assert finding["message"]["fr"] in in_words.stdout
    assert finding["message"]["en"] in english.stdout
    assert "(Partnership-title)" in english.stdout
    assert coopdec("validate", VALID).returncode == 0


def test_a_file_that_cannot_be_read_does_not_hide_the_others(tmp_path: Path) -> None:
    """The first unreadable file ended the command: no report, and no JSON at all."""
    broken = tmp_path / "broken.ttl"
    broken.write_text("<urn:a> <urn:b>\n  oops .")
    as_json = coopdec("validate", broken, INVALID, "--json")
    in_words = coopdec("validate", broken, VALID)
    first, second = json.loads(as_json.stdout)
    assert (as_json.returncode, in_words.returncode) == (1, 1)
    assert (first["file"], first["conforms"], first["findings"]) == (str(broken), False, [])
    assert "line 2" in first["error"]["fr"]
    assert "line 2" in first["error"]["en"]
    assert [finding["shape"] for finding in second["findings"]] == [TITLE]
    assert f"« {broken} » n'est pas du RDF lisible : " in in_words.stderr
    assert f"{VALID} : conforme" in in_words.stdout


@pytest.mark.parametrize("name", ["data.xyz", "folder.ttl", "none.ttl"])
def test_what_is_no_rdf_file_is_wrong_usage(tmp_path: Path, name: str) -> None:
    (tmp_path / "data.xyz").write_text("")
    (tmp_path / "folder.ttl").mkdir()
    done = coopdec("validate", name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"« {name} »")


def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Contexts, imports, entities, seeAlso: all name a server that must not hear of us."""
    with counting_server() as server:
        here = server.address
        documents = {
            "context.jsonld": f'{{"@context": "{here}/c", "@id": "urn:a", "@type": "urn:b"}}',
            "import.jsonld": f'{{"@context": {{"@import": "{here}/c"}}, "@id": "urn:a"}}',
            "owl.ttl": f"<urn:o> <http://www.w3.org/2002/07/owl#imports> <{here}/o.ttl> .",
            "shapes.ttl": f"<urn:o> <http://www.w3.org/ns/shacl#shapesGraph> <{here}/s.ttl> .",
            "entity.rdf": f'<!DOCTYPE x SYSTEM "{here}/dtd" [<!ENTITY e SYSTEM "{here}/e">]>'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            '<rdf:Description rdf:about="urn:a"><rdf:value>&e;</rdf:value></rdf:Description></rdf:RDF>',
        }
        for name, text in documents.items():
            (tmp_path / name).write_text(text)
        done = coopdec("validate", *sorted(documents), "--json", cwd=tmp_path)
        reports = {report["file"]: report for report in json.loads(done.stdout)}
    assert server.requests == []
    assert {name for name, report in reports.items() if report["conforms"]} == {
        "owl.ttl",
        "shapes.ttl",
    }
    for name in ("context.jsonld", "import.jsonld"):
        assert "contexte JSON-LD distant" in reports[name]["error"]["fr"]
        assert "remote JSON-LD context" in reports[name]["error"]["en"]


def test_empty_huge_and_marked_files(tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").touch()
    (tmp_path / "marked.ttl").write_bytes(b"\xef\xbb\xbf" + VALID.read_bytes())
    (tmp_path / "binary.ttl").write_bytes(b"\xff\xfe\x00")
    with (tmp_path / "huge.ttl").open("wb") as file:
        file.truncate(200_000_001)
    names = ("empty.ttl", "marked.ttl", "binary.ttl", "huge.ttl")
    done = coopdec("validate", *names, "--json", cwd=tmp_path)
    reports = json.loads(done.stdout)
    assert done.returncode == 1
    assert [report["conforms"] for report in reports] == [True, True, False, False]
    assert "200000000" in reports[3]["error"]["fr"]


def test_a_published_graph_conforms(built: Path) -> None:
    done = coopdec("validate", built / "current/graph.nq", "--json")
    (report,) = json.loads(done.stdout)
    assert done.returncode == 0
    assert {finding["severity"] for finding in report["findings"]} <= {"warning", "info"}
