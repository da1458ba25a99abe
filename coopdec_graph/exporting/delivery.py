"""From a release to a file: it is there whole, or what was there before is."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from coopdec_graph.errors import ExportRefused, UsageError
from coopdec_graph.exporting.base import Exporter, Job, LeftOut, Outcome, Settings
from coopdec_graph.exporting.selection import Wanted, selected
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual
from coopdec_graph.progress import Track
from coopdec_graph.publishing.releases import Release

__all__ = ["ActivitiesLeftOut", "draft_beside", "export"]

_NO_PLACE = Bilingual(
    "« {path} » existe et n'est ni un fichier ni un dossier vide : choisissez un autre nom.",
    "“{path}” exists and is neither a file nor an empty folder: choose another name.",
)
_LEFT_OUT = Bilingual(
    "{left_out} activité(s) sur {total} ne peuvent pas être exportées : rien n'est écrit.",
    "{left_out} of {total} activities cannot be exported: nothing is written.",
)


class ActivitiesLeftOut(ExportRefused):
    """Nothing is written, because of these activities."""

    def __init__(self, left_out: Sequence[LeftOut], total: int) -> None:
        self.left_out = tuple(left_out)
        super().__init__(_LEFT_OUT, left_out=len(left_out), total=total)


def export(
    exporter: Exporter,
    release: Release,
    wanted: Wanted,
    settings: Settings,
    draft: Path,
    track: Track,
    strict: bool = False,
) -> Outcome:
    """Writes what is wanted of a release to a new file or folder.

    Raises UsageError for a choice that the release does not know, ExportRefused where nothing can
    be written, and ActivitiesLeftOut where all are left out, or one is and `strict` allows none.
    """
    with release.held(), closing(Index(release.index)) as index:
        store = open_store(release.store)
        activities = selected(store, index, wanted, exporter.programme)
        whole = not wanted.texts()
        outcome = exporter.write(
            Job(release, store, index, activities, whole, settings, track), draft
        )
    if outcome.left_out and (strict or not outcome.activities):
        raise ActivitiesLeftOut(outcome.left_out, len(activities))
    return outcome


@contextmanager
def draft_beside(out: Path) -> Iterator[Path]:
    """A path to write to, with the name of `out`; what is there takes its place in the end.

    Raises UsageError where something else than a file stands, and OSError; nothing is left behind.
    """
    # A link stays one: what it leads to is replaced.
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_file() and not _is_empty_folder(target):
        raise UsageError(_NO_PLACE, path=out)
    # Named before it is made: whenever an error or a signal comes, it is known what to remove.
    folder = target.parent / f".export-{secrets.token_hex(8)}"
    try:
        folder.mkdir()
        draft = folder / target.name
        yield draft
        draft.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and next(path.iterdir(), None) is None
