"""What the lists of the DAC say of a theme, by the correspondence (ontology/alignments)."""

from __future__ import annotations

import re

from coopdec_graph.exporting.reading import Thing
from coopdec_graph.namespaces import SCHEME

__all__ = ["dac_code"]

_DAC = str(SCHEME["dac/"])
_CODE = re.compile(r"[0-9]{5}|[0-9]{3}")


def dac_code(theme: Thing) -> str | None:
    """The one sector or purpose code that a theme is a close match of; None of several, or none.

    Five digits are a purpose, three a sector. A theme without a match of its own has none: what a
    broader theme corresponds to is more than it says.
    """
    matches = [iri.removeprefix(_DAC) for iri in theme.iris("skos:closeMatch") if _DAC in iri]
    return matches[0] if len(matches) == 1 and _CODE.fullmatch(matches[0]) else None
