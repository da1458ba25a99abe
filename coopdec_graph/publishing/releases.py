"""A folder of releases, one of them current.

    DIR/current        a link to the release that is served
    DIR/releases/ID/   graph.nq, issues.jsonl, manifest.json, store/
    DIR/cache/         validated records of earlier builds, by content
    DIR/registry.csv   identifiers minted here, unless another file is named

A release never changes once its folder has its final name. Its identifier is drawn from its
content, so the same input gives the same release. `store/` is an index made from graph.nq; every
other file is byte for byte reproducible.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coopdec_graph.errors import ReleaseError, UsageError
from coopdec_graph.graph.store import create_store
from coopdec_graph.language import Bilingual

__all__ = ["Release", "Releases"]

_KEPT = 3

_NONE = Bilingual(
    "« {path} » ne contient pas de graphe publié. Lancez d'abord : coopdec build PAGES --out {path}",
    "“{path}” holds no published graph. First run: coopdec build PAGES --out {path}",
)
_BUSY = Bilingual(
    "Une autre construction écrit déjà dans « {path} ». Attendez qu'elle finisse.",
    "Another build is already writing to “{path}”. Wait for it to end.",
)
_UNWRITABLE = Bilingual(
    "Impossible d'écrire dans « {path} » : {reason}.",
    "Cannot write to “{path}”: {reason}.",
)


@dataclass(frozen=True, slots=True)
class Release:
    """One published graph."""

    folder: Path

    @property
    def id(self) -> str:
        return self.folder.name

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def quads(self) -> Path:
        return self.folder / "graph.nq"

    def manifest(self) -> Mapping[str, object]:
        """What was built, from what; see `Releases.publish`."""
        loaded: Mapping[str, object] = json.loads(
            (self.folder / "manifest.json").read_text("utf-8")
        )
        return loaded

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keeps the release from being removed while it is served."""
        with (self.folder / "manifest.json").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    def in_use(self) -> bool:
        with (self.folder / "manifest.json").open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            return False


class Releases:
    """The releases below one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._link = folder / "current"

    def current(self) -> Release:
        """The release that is served. Raises ReleaseError when nothing was ever published."""
        release = Release(Path(os.path.realpath(self._link)))
        if not self._link.is_symlink() or not release.store.is_dir():
            raise ReleaseError(_NONE, path=self.folder)
        return release

    def current_if_built_from(self, inputs: str) -> Release | None:
        """The current release when it was built from these very inputs."""
        try:
            release = self.current()
            return release if release.manifest().get("inputs") == inputs else None
        except (ReleaseError, OSError, ValueError):
            return None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Only one build writes at a time; what a killed build left behind is cleared first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = (self.folder / ".lock").open("wb")
        except OSError as error:
            raise UsageError(_UNWRITABLE, path=self.folder, reason=error.strerror) from None
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise UsageError(_BUSY, path=self.folder) from None
            for left in self.folder.glob(".draft-*"):
                shutil.rmtree(left, ignore_errors=True)
            yield

    def publish(self, files: Mapping[str, bytes], facts: Mapping[str, object]) -> Release:
        """Writes a release and makes it the current one, in one step at the very end.

        `files` must hold `graph.nq`; `facts` become the manifest, with the size and SHA-256 of
        each file. A crash at any moment leaves the previous release current and whole.
        """
        manifest = _manifest(files, facts)
        release = Release(self.folder / "releases" / _digest(manifest)[:16])
        if not (release.store / "CURRENT").exists():
            self._write(release, {**files, "manifest.json": manifest})
        self._switch(release)
        self._prune(release)
        return release

    def _write(self, release: Release, files: Mapping[str, bytes]) -> None:
        draft = self.folder / f".draft-{os.getpid()}"
        draft.mkdir()
        for name, content in files.items():
            _write_synced(draft / name, content)
        create_store(draft / "graph.nq", draft / "store")
        _sync_folder(draft)
        release.folder.parent.mkdir(exist_ok=True)
        shutil.rmtree(release.folder, ignore_errors=True)
        draft.rename(release.folder)
        _sync_folder(release.folder.parent)

    def _switch(self, release: Release) -> None:
        aside = self.folder / ".current.next"
        aside.unlink(missing_ok=True)
        aside.symlink_to(Path("releases") / release.id)
        aside.replace(self._link)
        os.utime(release.folder)
        _sync_folder(self.folder)

    def _prune(self, current: Release) -> None:
        """Removes old releases but the last few and any that a server still holds."""
        folders = sorted(
            (self.folder / "releases").iterdir(),
            key=lambda path: path.stat().st_mtime,
            reverse=True,
        )
        for folder in folders[_KEPT:]:
            old = Release(folder)
            if folder != current.folder and not old.in_use():
                shutil.rmtree(folder)


def _manifest(files: Mapping[str, bytes], facts: Mapping[str, object]) -> bytes:
    described = {
        name: {"bytes": len(content), "sha256": _digest(content)}
        for name, content in sorted(files.items())
    }
    whole = {**facts, "files": described}
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
