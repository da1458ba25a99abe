"""Writes ontology/html/coopdec.{fr,en}.html from ontology/coopdec.ttl with pyLODE.

One page per language; the anchor of a term is the end of its IRI, so that `def#mainTheme` leads
to it. The output is the same at each run. Run: python scripts/make_ontology_pages.py [FOLDER]
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

from rdflib import RDF, Graph, Literal, URIRef

ONTOLOGY = Path(__file__).parents[1] / "ontology"
NAMESPACE = "https://w3id.org/coopdec/def#"
FUNCTION = URIRef("http://www.w3.org/ns/sparql-service-description#Function")


def in_one_language(language: str) -> Graph:
    """The ontology with the texts of one language; texts without a language stay."""
    graph = Graph().parse(ONTOLOGY / "coopdec.ttl", format="turtle")
    # Removed, not copied into another graph: pyLODE follows the order of the file.
    for triple in list(graph):
        value = triple[2]
        if isinstance(value, Literal) and value.language not in (None, language):
            graph.remove(triple)
    # pyLODE shows no functions: they pass for a kind of term we have none of, under their own name.
    for function in list(graph.subjects(RDF.type, FUNCTION)):
        graph.remove((function, RDF.type, FUNCTION))
        graph.add((function, RDF.type, RDF.Property))
    return graph


def page(language: str) -> str:
    # pyLODE leaves a file of its own open while it is imported and used.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        from pylode import OntPub

        graph = in_one_language(language)
        terms = sorted(
            str(term) for term in set(graph.subjects(RDF.type)) if isinstance(term, URIRef)
        )
        document = OntPub(ontology=graph)
        document.fids.update(
            {term: term.removeprefix(NAMESPACE) for term in terms if term.startswith(NAMESPACE)}
        )
        html: str = document.make_html()
    html = with_functions(html)
    return html.replace("<html>", f'<html lang="{language}">', 1)


def with_functions(html: str) -> str:
    """The section of what passed for properties (`in_one_language`) under its own name."""
    before, heading, rest = html.partition("<h2>Properties</h2>")
    section, next_heading, after = rest.partition("<h2>")
    assert heading and next_heading
    section = section.replace(
        '<sup class="sup-p" title="RDF Property">p</sup>',
        '<sup class="sup-p" title="SPARQL function">f</sup>',
    )
    after = after.replace(
        '<a href="#properties">Properties</a>', '<a href="#properties">Functions</a>'
    )
    return f"{before}<h2>Functions</h2>{section}{next_heading}{after}"


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ONTOLOGY / "html"
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("fr", "en"):
        (folder / f"coopdec.{language}.html").write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
