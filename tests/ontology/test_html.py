"""The HTML reference in ontology/html/ is what the generator makes of the ontology today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import OWL, RDF, Graph, URIRef

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "ontology" / "html"
NAMESPACE = "https://w3id.org/coopdec/def#"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    # In a process of its own: pyLODE changes the logging of the process that imports it.
    folder = tmp_path_factory.mktemp("html")
    script = ROOT / "scripts" / "make_ontology_pages.py"
    subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_committed_page_is_up_to_date(generated: Path, language: str) -> None:
    name = f"coopdec.{language}.html"
    assert (generated / name).read_bytes() == (PAGES / name).read_bytes(), "run: make docs"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_term_has_its_anchor(language: str) -> None:
    graph = Graph().parse(ROOT / "ontology" / "coopdec.ttl")
    function = URIRef("http://www.w3.org/ns/sparql-service-description#Function")
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, function)
    terms = {str(term) for kind in kinds for term in graph.subjects(RDF.type, kind)}
    ours = {term.removeprefix(NAMESPACE) for term in terms if term.startswith(NAMESPACE)}
    assert len(ours) > 50
    page = (PAGES / f"coopdec.{language}.html").read_text("utf-8")
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert ours <= anchors


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_loads_nothing_from_elsewhere(language: str) -> None:
    page = (PAGES / f"coopdec.{language}.html").read_text("utf-8")
    assert re.findall(r'<(?:script|img|iframe)[^>]+src="https?://[^"]+"', page) == []
    assert re.findall(r'<link[^>]+href="https?://[^"]+\.css"', page) == []
    assert "@import" not in page
