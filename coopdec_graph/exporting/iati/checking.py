"""Nothing is written that the standard refuses: its schema, ruleset and code lists."""

from __future__ import annotations

from lxml import etree

from coopdec_graph.iati.findings import Severity
from coopdec_graph.iati.rules import check
from coopdec_graph.iati.versions import LATEST
from coopdec_graph.language import LANGUAGES, Bilingual

__all__ = ["refused_by"]

_REFUSED = Bilingual("le standard la refuse ({rule}) : ", "the standard refuses it ({rule}): ")


def refused_by(activity: etree._Element) -> Bilingual | None:
    """Why the standard refuses an `iati-activity`; None where it takes it."""
    for finding in check(activity, LATEST):
        if finding.severity is Severity.ERROR:
            fr, en = (_REFUSED.text(language, rule=finding.rule) for language in LANGUAGES)
            return Bilingual(fr + finding.message("fr"), en + finding.message("en"))
    return None
