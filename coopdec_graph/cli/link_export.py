"""`coopdec link --export`: the twinnings of the current release beside those of Wikidata.

release ─► records ─► Wikidata asked ─► checked ─► QuickStatements, or a report in TSV

Nothing is linked or published here, and nothing is ever submitted to Wikidata.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from coopdec_graph.cli.files import write_whole
from coopdec_graph.cli.terminal import error_console, language, plain, say, write
from coopdec_graph.language import Bilingual

if TYPE_CHECKING:
    from coopdec_graph.linking.quickstatements import QuickStatements
    from coopdec_graph.linking.twinnings import Checked, Record
    from coopdec_graph.linking.twins import Known, Twins

__all__ = ["Export", "Source", "export"]

# A statement that somebody added yesterday must not be proposed again from an older answer.
_MOST_DAYS = 1.0
_COLUMNS = (
    "status", "french", "french_item", "foreign", "foreign_item", "partnership", "since", "reason",
)  # fmt: skip
# What would end a cell or a line, steer a terminal or turn a line round.
_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
# What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")


class Export(StrEnum):
    """What can be made of the twinnings."""

    QUICKSTATEMENTS = "quickstatements"
    TWIN_TOWNS = "twin-towns"


@dataclass(frozen=True, slots=True)
class Source:
    """Whom to ask, and how: as the options of `coopdec link` have it. `wikidata` None: the public
    service; `days` is the age of answers that are asked for again, a day at most."""

    wikidata: str | None = None
    cache: Path | None = None
    days: float = _MOST_DAYS
    timeout: float | None = None

    def twins(self) -> Twins:
        """Raises UsageError for what is no address."""
        from coopdec_graph.linking.cache import AnswerCache, default_folder
        from coopdec_graph.linking.twins import Twins
        from coopdec_graph.linking.wikidata import asker_of

        # Offline too: what was missing weeks ago may have been added since.
        store = AnswerCache(self.cache or default_folder(), min(self.days, _MOST_DAYS))
        return Twins(asker_of(self.wikidata, store, timeout=self.timeout))


def export(kind: Export, data: Path, source: Source, out: Path | None) -> bool:
    """Writes one export, to standard output without `out`; whether all could be asked."""
    from coopdec_graph.linking.quickstatements import quickstatements
    from coopdec_graph.linking.twinnings import check, items_of

    twins = source.twins()
    records, french = _read(data)
    if kind is Export.QUICKSTATEMENTS:
        known = twins.of(items_of(records))
        checked = _sure(check(records, known), known, twins)
        made = quickstatements(checked)
        _deliver(made.lines, out)
        _say_proposed(made, checked)
    else:
        known = twins.of(items_of(records) | french.keys())
        checked = _sure(check(records, known), known, twins)
        checked += _beyond(records, french, known, twins)
        _deliver(["\t".join(_COLUMNS), *map(_row, checked)], out)
        _say_compared(checked)
    unasked = {**known.unasked, **known.unnamed}
    _say_unasked(unasked)
    return not unasked


def _read(data: Path) -> tuple[list[Record], dict[str, str]]:
    """The twinnings of the current release, and the items of its French places with their names."""
    from coopdec_graph.graph.store import open_store
    from coopdec_graph.publishing.releases import Releases
    from coopdec_graph.publishing.twinnings import french_items, twinning_records

    release = Releases(data).current()
    with release.held():
        store = open_store(release.store)
        return twinning_records(store), french_items(store)


def _sure(checked: Sequence[Checked], known: Known, twins: Twins) -> list[Checked]:
    """What was checked, without proposals of what Wikidata may have on a namesake."""
    from coopdec_graph.linking.namesakes import suspects, without_namesakes

    return without_namesakes(checked, known, twins.named(suspects(checked, known), known))


def _beyond(
    records: Sequence[Record], french: Mapping[str, str], known: Known, twins: Twins
) -> Iterator[Checked]:
    """What Wikidata has and the Atlas has not."""
    from coopdec_graph.linking.twinnings import beyond_the_atlas, unknown_to_the_atlas

    pairs = beyond_the_atlas(records, french, known)
    names = {known.current(qid): name for qid, name in french.items()}
    return unknown_to_the_atlas(pairs, names, twins.named({other for _, other in pairs}, known))


def _row(one: Checked) -> str:
    record = one.record
    cells = (
        one.status,
        one.french.name,
        " ".join(one.french.items),
        one.foreign.name,
        " ".join(one.foreign.items),
        record.partnership if record else "",
        record.since if record and record.since is not None else "",
        one.reason.text(language()),
    )
    return "\t".join(map(_cell, cells))


def _cell(value: object) -> str:
    """A value on one line. Anybody may name an item of Wikidata: no name becomes a formula."""
    text = " ".join(_STEERING.sub(" ", str(value)).split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def _deliver(lines: Iterable[str], out: Path | None) -> None:
    content = "".join(f"{line}\n" for line in lines).encode()
    if out is None:
        write(content)
    else:
        write_whole(out, content)


def _say_proposed(made: QuickStatements, checked: Sequence[Checked]) -> None:
    """How many lines there are, and why there are no more."""
    count = Counter(str(one.status) for one in checked)
    doubted = sum(not one.proposed for one in checked) - sum(
        count[status] for status in ("present", "not-checkable", "not-checked")
    )
    error_console().print(
        say(
            f"{len(made.lines)} énoncés à relire ; rien n'est soumis. Jumelages laissés de côté :"
            f" {count['present']} déjà dans Wikidata, {doubted} douteux (terminés, dépréciés, homonymes),"
            f" {made.unreferenced} sans page à citer, {count['not-checkable']} non vérifiables,"
            f" {count['not-checked']} non demandés.",
            f"{len(made.lines)} statements to look through; nothing is submitted. Twinnings left out:"
            f" {count['present']} already in Wikidata, {doubted} doubtful (ended, deprecated, namesakes),"
            f" {made.unreferenced} without a page to cite, {count['not-checkable']} not checkable,"
            f" {count['not-checked']} not asked.",
        )
    )


def _say_compared(checked: Sequence[Checked]) -> None:
    count = Counter(str(one.status) for one in checked)
    told = ", ".join(f"{status} {number}" for status, number in sorted(count.items()))
    error_console().print(
        say(f"{len(checked)} jumelages : {told}.", f"{len(checked)} twinnings: {told}.")
        if checked
        else say("Aucun jumelage.", "No twinning.")
    )


def _say_unasked(unasked: Mapping[str, Bilingual]) -> None:
    """How many items could not be asked about, and why the first could not."""
    if unasked:
        reason = plain(next(iter(unasked.values())).text(language()))
        count = len(unasked)
        error_console().print(
            say(
                f"{count} élément(s) de Wikidata non demandé(s) : {reason}. Relancez la commande.",
                f"{count} item(s) of Wikidata not asked about: {reason}. Run the command again.",
            ),
            style="yellow",
        )
