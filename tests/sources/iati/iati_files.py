"""Files of activities written for the tests from the texts of the schemas; every name is invented."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from coopdec_graph.model import Activity
from coopdec_graph.sources import SOURCES
from coopdec_graph.sources.base import Document, Reading

IATI = SOURCES["iati"]

# The fewest elements that the schema of 2.01 to 2.03 and the ruleset allow, by name, in its order.
LEAST = {
    "iati-identifier": "<iati-identifier>XM-EXEMPLE-1</iati-identifier>",
    "reporting-org": '<reporting-org ref="XM-EXEMPLE" type="10"><narrative>Exemple</narrative>'
    "</reporting-org>",
    "title": "<title><narrative>Puits de Modèleville</narrative></title>",
    "description": "<description><narrative>Un puits.</narrative></description>",
    "participating-org": '<participating-org role="1" ref="XM-EXEMPLE"/>',
    "other-identifier": "",
    "activity-status": '<activity-status code="2"/>',
    "activity-date": '<activity-date type="1" iso-date="2021-01-01"/>',
    "contact-info": "",
    "activity-scope": "",
    "recipient-country": "",
    "recipient-region": "",
    "location": "",
    "sector": '<sector code="14030"/>',
    "tag": "",
    "country-budget-items": "",
    "humanitarian-scope": "",
    "policy-marker": "",
    "collaboration-type": "",
    "default-flow-type": "",
    "default-finance-type": "",
    "default-aid-type": "",
    "default-tied-status": "",
    "budget": "",
    "planned-disbursement": "",
    "capital-spend": "",
    "transaction": "",
    "document-link": "",
    "related-activity": "",
    "legacy-data": "",
    "conditions": "",
    "result": "",
    "crs-add": "",
    "fss": "",
}


def activity(attributes: str = 'default-currency="EUR" xml:lang="fr"', **elements: str) -> str:
    """A least activity with these elements instead: `title=…`, `activity_date=…`; extra ones last."""
    named = {name.replace("_", "-"): text for name, text in elements.items()}
    extra = named.pop("extra", "")
    assert set(named) <= set(LEAST), set(named) - set(LEAST)
    body = "\n".join(text for text in {**LEAST, **named}.values() if text)
    return f"<iati-activity {attributes}>\n{body}\n{extra}</iati-activity>"


def file(*activities: str, version: str = "2.03", attributes: str = "") -> str:
    return (
        f'<iati-activities version="{version}" {attributes}>\n'
        + "\n".join(activities)
        + "\n</iati-activities>\n"
    )


def readings(
    content: str | bytes, name: str = "file.xml", sidecar: str | None = None
) -> list[Reading]:
    """The readings of a file, in its order; the file is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if sidecar is not None:
            path.with_name(name + ".toml").write_text(sidecar)
        return [IATI.read(document) for document in documents(path)]


def documents(path: Path) -> list[Document]:
    return list(IATI.documents([path]))


def reading(content: str | bytes) -> Reading:
    """The reading of a file with one document."""
    (only,) = readings(content)
    return only


def read(content: str, version: str = "2.03") -> Activity:
    """The activity of one element, which nothing refuses."""
    found = reading(file(content, version=version))
    assert not found.refused, [issue.message("en") for issue in found.issues]
    assert found.activity is not None
    return found.activity


def codes(found: Reading) -> list[str]:
    return [issue.code for issue in found.issues]


def rules(found: Reading) -> list[str]:
    """The rules of the standard that a reading notes, in order."""
    return [str(issue.details["rule"]) for issue in found.issues if "rule" in issue.details]


def fates(found: Reading) -> Counter[str]:
    return Counter(f"{line.disposition.state} {line.disposition.name}" for line in found.lines)
