"""How a file comes to be: whole or not at all, and one clear message where it cannot be."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from coopdec_graph.errors import UsageError
from coopdec_graph.exporting.delivery import draft_beside
from coopdec_graph.language import Bilingual
from tests.exporting.conftest import Export
from tests.pipeline.commands import COMMAND, ROOT, coopdec, environment


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(export: Export, *options: object) -> str:
    """What a refusal says, in one line; nothing is written anywhere."""
    done = export(*options)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    return line


def test_to_standard_output(export: Export, tmp_path: Path) -> None:
    out = tmp_path / "f.nq"
    assert export("nq", "--out", out, "--country", "TG").returncode == 0
    done = export("nq", "--out", "-", "--country", "TG")
    assert (done.returncode, done.stdout) == (0, out.read_text("utf-8"))
    assert done.stderr.splitlines()[-1] == "2 activité(s) dans la sortie standard."
    done = export("nq", "--out", "-", "--country", "TG", COOPDEC_LANG="en")
    assert done.stderr.splitlines()[-1] == "2 activities in standard output."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("nq", "--country", "Marroc"),
            "« Marroc » ne convient pas à « country » : un pays : son code ISO 3166-1 à deux ou"
            " trois lettres, ou son nom. Les plus proches : MA,",
        ),
        (
            ("nq", "--collectivity", "Mante la jolie"),
            "« Mante la jolie » ne convient pas à « collectivity » : une collectivité : la fin de"
            " son IRI après « id/collectivity/ », son IRI ou son nom. Les plus proches :"
            " fr/mantes-la-jolie,",
        ),
        (("nq", "--collectivity", "La Paix"), "Plusieurs choses s'appellent « La Paix ». Pour"),
        (("nq", "--programme", "altas"), "« altas » ne convient pas à « programme »"),
        (("nq", "--country", "x" * 501), "La valeur de « country » a plus de 500 caractères."),
        (("nqq",), "Il n'y a pas de format « nqq » : choisissez parmi"),
        (("",), "Il n'y a pas de format «  » : choisissez parmi"),
    ],
)
def test_what_is_refused(
    export: Export, tmp_path: Path, options: tuple[str, ...], message: str
) -> None:
    out = tmp_path / "f.nq"
    out.write_bytes(b"before")
    assert refused(export, *options, "--out", out).startswith(message)
    assert names(tmp_path) == ["f.nq"]
    assert out.read_bytes() == b"before"


def test_a_country_without_a_partnership_leaves_the_file(export: Export, tmp_path: Path) -> None:
    out = tmp_path / "f.nq"
    out.write_bytes(b"before")
    done = export("nq", "--country", "JP", "--out", out)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Aucun partenariat ne convient : rien n'est écrit.\n"
    assert (names(tmp_path), out.read_bytes()) == (["f.nq"], b"before")


def test_no_release(tmp_path: Path) -> None:
    done = coopdec("export", "nq", "--data", tmp_path / "none", "--out", tmp_path / "f.nq")
    assert done.returncode == 2
    assert "ne contient pas de graphe publié" in done.stderr
    assert names(tmp_path) == []


def test_a_place_where_no_file_can_be(export: Export, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "mine").touch()
    taken = refused(export, "nq", "--out", folder)
    assert taken.startswith(f"« {folder} » existe et n'est ni un fichier ni un dossier vide")
    assert "existe et n'est ni" in refused(export, "nq", "--out", "/dev/null")
    missing = refused(export, "nq", "--out", tmp_path / "no" / "f.nq")
    assert missing.startswith("Le système refuse : No such file or directory")
    assert names(tmp_path) == ["folder"]


def test_a_link_stays_a_link(export: Export, tmp_path: Path) -> None:
    target, link = tmp_path / "target.nq", tmp_path / "link.nq"
    target.write_bytes(b"before")
    link.symlink_to(target)
    assert export("nq", "--country", "TG", "--out", link).returncode == 0
    assert link.is_symlink()
    assert target.read_bytes().startswith(b"<http")


def test_a_draft_that_fails_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "f"
    out.write_bytes(b"before")
    with pytest.raises(UsageError), draft_beside(out) as draft:
        draft.mkdir()
        (draft / "half").write_bytes(b"half")
        raise UsageError(Bilingual("", ""))
    assert (names(tmp_path), out.read_bytes()) == (["f"], b"before")


def test_a_folder_takes_the_place_of_an_empty_one(tmp_path: Path) -> None:
    out = tmp_path / "folder"
    out.mkdir()
    with draft_beside(out) as draft:
        draft.mkdir()
        (draft / "table.csv").write_bytes(b"x")
    assert names(out) == ["table.csv"]


def test_a_command_that_is_told_to_stop_leaves_nothing(data: Path, tmp_path: Path) -> None:
    command = [*COMMAND, "export", "nq", "--data", str(data), "--out", str(tmp_path / "f.nq")]
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL)
    while process.poll() is None and not names(tmp_path):
        time.sleep(0.0005)
    process.send_signal(signal.SIGTERM)
    # It may have been done by then.
    assert process.wait(timeout=60) in (0, 128 + signal.SIGTERM)
    assert names(tmp_path) in ([], ["f.nq"])
