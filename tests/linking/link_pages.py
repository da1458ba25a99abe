"""Pages of invented partnerships, built and linked against the stand-in of Wikidata."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

from coopdec_graph.graph.store import open_store
from coopdec_graph.namespaces import PREFIXES
from tests.pipeline.commands import coopdec, mantes, write_pages

__all__ = ["COLUMNS", "PAGES", "link", "page", "put", "released", "rows"]

COLUMNS = "body,object,decision,why,date,role\n"


def page(french: str, foreign: str, country: str, start: int) -> str:
    """The complete page with other partners: another partnership."""
    text = mantes("Essai", start)
    text = text.replace("Conseil de la Préfecture de Rabat Maroc", f"{foreign} {country}")
    text = text.replace("Conseil de la Préfecture de Rabat", foreign)
    return text.replace("Mantes la Jolie", french)


# A pair that both have an item; one that both wait for a person; one that Wikidata lacks.
PAGES: Mapping[str, str] = {
    "found": page("Mantes la Jolie", "Ville de Modèleville", "Togo", 2011),
    "doubted": page("Saint-Denis", "Fictiville", "Togo", 2012),
    "absent": page("Chinon", "Nulle Part", "Bénin", 2013),
}


def released(folder: Path, pages: Mapping[str, str] = PAGES) -> Path:
    """A folder of releases built from these pages, Wikidata unasked."""
    out = folder / "out"
    done = coopdec("build", write_pages(folder / "pages", **pages), "--out", out)
    assert done.returncode == 0, done.stderr
    return out


def link(out: Path, url: str, *arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    cache = out.parent / "cache"
    given = ("link", "--data", out, "--wikidata", url, "--cache", cache, *arguments)
    return coopdec(*given, **{"COOPDEC_LANG": "en", **env})


def put(file: Path, *lines: str) -> Path:
    """A file of decisions with these rows."""
    file.write_text(COLUMNS + "".join(f"{line}\n" for line in lines), "utf-8")
    return file


def rows(out: Path, query: str) -> list[tuple[str, ...]]:
    """The values of a SELECT over the current release, IRIs by their last segments."""
    store = open_store(out / "current" / "store")
    found = store.query(query, prefixes=PREFIXES)
    return [tuple("" if term is None else _short(term.value) for term in row) for row in found]


def _short(value: str) -> str:
    for start in ("id/collectivity/", "id/place/", "scheme/decision/", "scheme/link-method/"):
        if start in value:
            return value.partition(start)[2]
    return value.removeprefix("http://www.wikidata.org/entity/")
