"""From a release to a file: it is there whole, or what was there before is."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from coopdec_graph.errors import UsageError
from coopdec_graph.exporting.base import Exporter, Job, Outcome, Settings
from coopdec_graph.exporting.selection import Wanted, selected
from coopdec_graph.graph.store import open_store
from coopdec_graph.index.reading import Index
from coopdec_graph.language import Bilingual
from coopdec_graph.progress import Track
from coopdec_graph.publishing.releases import Release

__all__ = ["draft_beside", "export"]

_NO_PLACE = Bilingual(
    "« {path} » existe et n'est ni un fichier ni un dossier vide : choisissez un autre nom.",
    "“{path}” exists and is neither a file nor an empty folder: choose another name.",
)


def export(
    exporter: Exporter,
    release: Release,
    wanted: Wanted,
    settings: Settings,
    draft: Path,
    track: Track,
) -> Outcome:
    """Writes what is wanted of a release to a new file or folder.

    Raises UsageError for a choice that the release does not know, ExportRefused where nothing can
    be written.
    """
    with release.held(), closing(Index(release.index)) as index:
        store = open_store(release.store)
        activities = selected(store, index, wanted)
        whole = not wanted.texts()
        return exporter.write(Job(release, store, activities, whole, settings, track), draft)


@contextmanager
def draft_beside(out: Path) -> Iterator[Path]:
    """A path to write to, with the name of `out`; what is there takes its place in the end.

    Raises UsageError where something else than a file stands, and OSError; nothing is left behind.
    """
    # A link stays one: what it leads to is replaced.
    target = Path(os.path.realpath(out))
    if target.exists() and not target.is_file() and not _is_empty_folder(target):
        raise UsageError(_NO_PLACE, path=out)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        draft = Path(folder) / target.name
        yield draft
        draft.replace(target)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and next(path.iterdir(), None) is None
