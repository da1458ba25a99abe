"""What a build did, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from rich.console import Console

from coopdec_graph.cli.link import summarise_links
from coopdec_graph.cli.terminal import error_console, language, out, plain, say, show_issues
from coopdec_graph.issues import Level
from coopdec_graph.language import LANGUAGES, Bilingual, Language
from coopdec_graph.pipeline import Outcome, RecordsRefused
from coopdec_graph.publishing.links import LinkReport
from coopdec_graph.publishing.records import Record
from coopdec_graph.publishing.releases import Release
from coopdec_graph.validation import Severity

__all__ = ["refusal_json", "show_refused", "summarise", "summary_json"]


def summary_json(outcome: Outcome) -> dict[str, object]:
    """The manifest of the release, and why each refused page was refused."""
    return {
        "release": outcome.release.id,
        "fresh": outcome.fresh,
        **outcome.release.manifest(),
        "refusals": list(_refusals(outcome.release)),
    }


def _refusals(release: Release) -> Iterator[dict[str, object]]:
    rows = [row for row in release.issues() if row["refused"]]
    for page in dict.fromkeys(row["page"] for row in rows):
        of_page = [row for row in rows if row["page"] == page]
        yield {
            "page": page,
            "issues": [row for row in of_page if row.get("level") == Level.ERROR],
            "violations": [row for row in of_page if row.get("severity") == Severity.VIOLATION],
        }


def refusal_json(refusal: RecordsRefused) -> dict[str, object]:
    """Why nothing was published: the same keys as a published build's where both have them."""
    return {
        "release": None,
        "published": 0,
        "refused": [record.page for record in refusal.records],
        "refusals": [_refusal(record) for record in refusal.records],
        "message": {tongue: refusal.text(tongue) for tongue in LANGUAGES},
    }


def _refusal(record: Record) -> dict[str, object]:
    errors = [issue.to_dict() for issue in record.issues if issue.level is Level.ERROR]
    violations = record.report.by_severity(Severity.VIOLATION)
    return {
        "page": record.page,
        "issues": errors,
        "violations": [finding.to_dict() for finding in violations],
    }


def summarise(outcome: Outcome, folder: Path) -> None:
    """Refused pages, doubts and the release, on standard output."""
    console, release = out(), outcome.release
    if not outcome.fresh:
        console.print(
            say(
                f"Rien n'a changé : publication {release.id}, {_counted(release, 'fr')}.",
                f"Nothing changed: release {release.id}, {_counted(release, 'en')}.",
            )
        )
        return
    refused = [record for record in outcome.records if record.refused]
    show_refused(console, refused)
    _show_doubts(console, outcome, folder)
    if outcome.links is not None:
        summarise_links(outcome.links)
        _warn_of_lost_links(outcome, outcome.links)
    where = plain(str(folder))
    console.print(
        say(
            f"[bold]{_counted(release, 'fr')} publié(s)[/], {len(refused)} fiche(s) refusée(s)."
            f" Publication {release.id} dans {where}.",
            f"[bold]{_counted(release, 'en')} published[/], {len(refused)} page(s) refused."
            f" Release {release.id} in {where}.",
        )
    )


# What the records of a programme are called; those of others are activities.
_RECORDS = {"atlas": Bilingual("{count} partenariat(s)", "{count} partnership(s)")}
_ACTIVITIES = Bilingual("{count} activité(s) {programme}", "{count} {programme} activity(ies)")


def _counted(release: Release, tongue: Language) -> str:
    """How many records of each programme a release has."""
    programmes = cast(Mapping[str, int], release.manifest()["programmes"])
    said = [
        _RECORDS.get(name, _ACTIVITIES).text(tongue, count=count, programme=name.upper())
        for name, count in programmes.items()
    ]
    return ", ".join(said) or "0"


def _warn_of_lost_links(outcome: Outcome, links: LinkReport) -> None:
    now = links.facts["accepted"]
    if links.facts["wikidata"] is not None or not isinstance(now, int):
        return
    if now < outcome.links_before:
        error_console().print(
            say(
                f"La publication précédente avait {outcome.links_before} liens vers Wikidata, celle-ci"
                f" en a {now} : `coopdec link`, ou --wikidata offline, les refait.",
                f"The previous release had {outcome.links_before} links to Wikidata, this one has"
                f" {now}: `coopdec link`, or --wikidata offline, makes them again.",
            ),
            style="yellow",
        )


def _show_doubts(console: Console, outcome: Outcome, folder: Path) -> None:
    levels = Counter(str(issue.level) for record in outcome.records for issue in record.issues)
    levels.update(
        str(finding.severity)
        for record in outcome.records
        if not record.refused
        for finding in record.report.findings
    )
    warnings, notes = levels["warning"], levels["info"]
    if warnings or notes:
        path = plain(str(folder / "current" / "issues.jsonl"))
        console.print(
            say(
                f"{warnings} avertissement(s) et {notes} note(s) publiés avec les données : {path}",
                f"{warnings} warning(s) and {notes} note(s) published with the data: {path}",
            )
        )


def show_refused(console: Console, records: Iterable[Record]) -> None:
    """Each refused page: why, in words, with the field and value where there is one."""
    for record in records:
        console.print(f"[bold red]{say('Refusée', 'Refused')}[/] {plain(record.page)}")
        show_issues(console, (issue for issue in record.issues if issue.level is Level.ERROR))
        for finding in record.report.by_severity(Severity.VIOLATION):
            name, message = plain(finding.name[language()]), plain(finding.message[language()])
            told = finding.value and finding.value != finding.focus
            value = plain(f" « {finding.value} »") if told else ""
            rule = plain(finding.shape.rpartition("#")[2])
            console.print(f"  {name} : {message}{value} [dim]({rule})[/]")
