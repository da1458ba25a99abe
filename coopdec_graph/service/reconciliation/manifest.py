"""The service manifest (specification, "Service Manifest"), at the address the client knows us by.

Identifiers are IRIs without the identifier space, as the specification has it: a client gets the IRI
back by joining the two, and OpenRefine takes the space off a column of IRIs that one uses as
identifiers. A theme has an IRI of its own space where a deployment has another base: then the whole
IRI is its identifier.
"""

from __future__ import annotations

from coopdec_graph import __version__
from coopdec_graph.language import Language
from coopdec_graph.namespaces import CD
from coopdec_graph.service.reconciliation.kinds import DEFAULT_TYPES, TYPES
from coopdec_graph.service.reconciliation.messages import MOST_QUERIES

__all__ = ["PATH", "PREVIEW_PATH", "PROPOSE_PATH", "SUGGEST_PATH", "VIEW_PATH", "manifest"]

PATH = "/reconcile"
PREVIEW_PATH = f"{PATH}/preview"
VIEW_PATH = f"{PATH}/view"
PROPOSE_PATH = f"{PATH}/extend/properties"
SUGGEST_PATH = f"{PATH}/suggest"
# Pixels of the frame a client shows a preview in.
_WIDTH, _HEIGHT = 420, 320


def manifest(root: str, base: str, language: Language) -> dict[str, object]:
    """`root` is our address, `base` the base of the published data: the identifier space."""
    suggest = {
        kind: {"service_url": root, "service_path": f"{SUGGEST_PATH}/{kind}"}
        for kind in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": "coopdec-graph",
        "identifierSpace": base,
        "schemaSpace": str(CD),
        "documentation": f"{root}/docs",
        "serviceVersion": __version__,
        "logo": f"{root}/static/icon.svg",
        "defaultTypes": [{"id": id, "name": TYPES[id].name.text(language)} for id in DEFAULT_TYPES],
        "view": {"url": f"{root}{VIEW_PATH}?id={{{{id}}}}"},
        "preview": {
            "url": f"{root}{PREVIEW_PATH}?id={{{{id}}}}",
            "width": _WIDTH,
            "height": _HEIGHT,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": root, "service_path": PROPOSE_PATH},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
    }
