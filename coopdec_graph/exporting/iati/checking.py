"""Nothing is written that the standard refuses: its schema."""

from __future__ import annotations

from lxml import etree

from coopdec_graph.iati.schemas import schema_errors
from coopdec_graph.iati.versions import LATEST
from coopdec_graph.language import Bilingual

__all__ = ["refused_by"]


def refused_by(activity: etree._Element) -> Bilingual | None:
    """Why the standard refuses an `iati-activity`; None where it takes it."""
    for error in schema_errors(activity, LATEST):
        return Bilingual(
            f"refusée par le schéma : {error.message}", f"refused by the schema: {error.message}"
        )
    return None
