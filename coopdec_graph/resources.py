"""Where the files that ship with the product lie: ontology, shapes, reference data."""

from __future__ import annotations

from pathlib import Path

__all__ = ["query_text", "reference_file", "resource_folder"]

_PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """A top-level folder of the project, from a checkout or from an installed package."""
    packaged = _PACKAGE / "_resources" / name
    return packaged if packaged.is_dir() else _PACKAGE.parent / name


def reference_file(name: str) -> Path:
    """A file of `data/reference/`."""
    return resource_folder("data/reference") / name


def query_text(name: str) -> str:
    """A SPARQL query of `coopdec_graph/queries/`, by file name without `.rq`."""
    return (_PACKAGE / "queries" / f"{name}.rq").read_text("utf-8")
