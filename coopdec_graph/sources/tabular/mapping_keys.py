"""Keys of a mapping file, read one by one: each error names the file, the key and what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from coopdec_graph.errors import UsageError
from coopdec_graph.language import Bilingual
from coopdec_graph.namespaces import matching_key
from coopdec_graph.sources.tabular.settings import table_settings

__all__ = ["Field", "Keys", "MappingWrong", "personal_word"]

_WRONG = Bilingual("« {file} », clé « {key} » : {fr}.", "“{file}”, key “{key}”: {en}.")
_UNDETERMINED = "und"
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


class MappingWrong(UsageError):
    """A mapping file that cannot be followed as written."""


@dataclass(frozen=True, slots=True)
class Field:
    """Where a value stands: in a column, by any of its names, or the same for every row.

    `key` is the place in the mapping. In a name, `*` stands for a number, and `:*` may be missing.
    `separator` is what stands between several values in a cell, `codes` what a printed value means.
    """

    key: str
    names: tuple[str, ...] = ()
    constant: str | None = None
    language: str | None = None
    separator: str | None = None
    codes: tuple[tuple[str, str], ...] = ()

    @property
    def is_numbered(self) -> bool:
        """Whether a star in its names stands for a number."""
        return any("*" in name for name in self.names)


class Keys:
    """One table of the mapping. Every key must be asked for: `done` refuses the others."""

    def __init__(self, facts: Mapping[str, object], path: str, file: str) -> None:
        self._facts, self._path, self._file = facts, path, file
        self._asked: list[str] = []

    def wrong(self, key: str, fr: str, en: str) -> MappingWrong:
        """The error of one key."""
        return MappingWrong(_WRONG, file=self._file, key=self._at(key), fr=fr, en=en)

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}".strip(".")

    def _get(self, key: str) -> object:
        self._asked.append(key)
        return self._facts.get(key)

    def has(self, key: str) -> bool:
        return key in self._facts

    def peek(self, key: str) -> object:
        """What stands there, not yet asked for."""
        return self._facts.get(key)

    def done(self) -> None:
        """Raises MappingWrong for a key that nothing asked for."""
        for key in sorted(set(self._facts) - set(self._asked)):
            known = ", ".join(sorted(set(self._asked)))
            raise self.wrong(key, f"clé inconnue ; connues : {known}", f"unknown; known: {known}")

    def table(self, key: str) -> Keys:
        """A table below this one; an empty one where there is none."""
        value = self._get(key)
        if value is not None and not isinstance(value, dict):
            raise self.wrong(key, "il faut un tableau [ ]", "a table [ ] is needed")
        return Keys(value or {}, self._at(key), self._file)

    def tables(self, key: str) -> list[Keys]:
        """The tables of an array, `[[key]]`."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, f"il faut des tableaux [[{key}]]", f"tables [[{key}]] are needed")
        path = self._at(key)
        return [Keys(one, f"{path}.{n}", self._file) for n, one in enumerate(value, start=1)]

    def text(self, key: str, required: bool = False) -> str | None:
        """A text that is not blank."""
        value = self._get(key)
        if value is None and not required:
            return None
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "il faut un texte", "a text is needed")
        return value

    def sign(self, key: str) -> str | None:
        """A single character."""
        value = self._get(key)
        if value is not None and not (isinstance(value, str) and len(value) == 1):
            raise self.wrong(key, "il faut un seul caractère", "a single character is needed")
        return value if isinstance(value, str) else None

    def number(self, key: str, least: int, most: int, default: int) -> int:
        value = self._get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            fr = f"il faut un nombre entier de {least} à {most}"
            raise self.wrong(key, fr, f"a whole number from {least} to {most} is needed")
        return value

    def choice(self, key: str, known: Collection[str], required: bool = False) -> str | None:
        """One of a list of words."""
        value = self.text(key, required)
        if value is not None and value not in known:
            listed = ", ".join(known)
            raise self.wrong(
                key, f"« {value} » n'est pas de : {listed}", f"“{value}” is not of: {listed}"
            )
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A text, or several in a list."""
        value = self._get(key)
        if value is None:
            return ()
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise self.wrong(
                key,
                "il faut un texte ou une liste de textes",
                "a text or a list of texts is needed",
            )
        return tuple(given)

    def items(self) -> dict[str, str]:
        """Every key with its text; for tables whose keys are names of columns."""
        return {key: self.text(key, required=True) or "" for key in self._facts}

    def language(self, key: str, default: str | None) -> str | None:
        """A language (BCP 47); `und` is none."""
        value = self.text(key)
        if value is None:
            return default
        if not _LANGUAGE.fullmatch(value):
            raise self.wrong(
                key,
                "il faut une langue, comme fr, en ou und",
                "a language is needed, as fr, en or und",
            )
        return None if value == _UNDETERMINED else value

    def field(
        self,
        key: str,
        options: Sequence[str] = (),
        required: bool = False,
        language: str | None = None,
    ) -> Field | None:
        """Where a value stands: a name of a column, several names of one, or a table with options.

        `options` are of language, separator, codes and constant.
        """
        value = self._get(key)
        if value is None and not required:
            return None
        if isinstance(value, dict):
            keys = Keys(value, self._at(key), self._file)
            field = keys.whole_field(options, language)
            keys.done()
            return field
        return Field(self._at(key), self._names(key, value), language=language)

    def whole_field(self, options: Sequence[str], language: str | None = None) -> Field:
        """This table as a field, beside whatever else it holds."""
        said = self.language("language", language) if "language" in options else language
        if "constant" in options and self.has("constant"):
            return Field(self._path, constant=self.text("constant"), language=said)
        return Field(
            self._path,
            self._names("column", self._get("column")),
            language=said,
            separator=self.text("separator") if "separator" in options else None,
            codes=tuple(self.table("codes").items().items()) if "codes" in options else (),
        )

    def listed_fields(self, key: str) -> tuple[Field, ...]:
        """A field for each of the columns that a key lists."""
        names = enumerate(self.texts(key), start=1)
        return tuple(Field(f"{self._at(key)}.{n}", self._names(key, name)) for n, name in names)

    def _names(self, key: str, value: object) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        for name in names:
            if not isinstance(name, str) or not name.strip():
                raise self.wrong(
                    key, "il faut le nom d'une colonne", "the name of a column is needed"
                )
            self._refuse_name(key, name)
        return tuple(names)

    def _refuse_name(self, key: str, name: str) -> None:
        if name.count("*") > 1:
            raise self.wrong(
                key, f"« {name} » : un seul * par nom", f"“{name}”: only one * in a name"
            )
        word = personal_word(name)
        if word is not None:
            raise self.wrong(
                key,
                f"la colonne « {name} » nomme une personne (« {word} ») ; mettez-la dans [personal]",
                f"column “{name}” names a person (“{word}”); put it into [personal]",
            )


def personal_word(name: str) -> str | None:
    """The word by which the name of a column says that it holds data of persons, if any."""
    key = f" {matching_key(name)} "
    return next((word for word in sorted(table_settings().personal) if f" {word} " in key), None)
