"""One tool, whatever reaches it; what its arguments may be, and the parts of its schemas."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopdec_graph.errors import UsageError
from coopdec_graph.language import LANGUAGES, Bilingual
from coopdec_graph.questions.refusals import nearest_of, refused, shortened

__all__ = [
    "BILINGUAL",
    "COLUMNS",
    "COUNT",
    "MOST_ROWS",
    "ROWS",
    "TEXT",
    "VALUE",
    "Arguments",
    "Document",
    "Tool",
    "described",
    "object_of",
    "rows_wanted",
]

Arguments = Mapping[str, object]
Document = dict[str, object]

# Rows of one answer: what it has by default is for a model to read, what it has at most for a program.
_USUAL_ROWS = 100
MOST_ROWS = 1_000

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": ["integer", "null"], "minimum": 0}
VALUE: Schema = {"type": ["string", "number", "boolean", "null"]}
BILINGUAL: Schema = {
    "type": "object",
    "properties": dict.fromkeys(LANGUAGES, TEXT),
    "required": list(LANGUAGES),
}
COLUMNS: Schema = {"type": "array", "items": TEXT}
ROWS: Schema = {"type": "array", "items": {"type": "object", "additionalProperties": VALUE}}

_UNKNOWN = Bilingual(
    "L'outil « {tool} » n'a pas de paramètre « {name} ».{nearest}",
    "The tool “{tool}” has no parameter “{name}”.{nearest}",
)
_MISSING = Bilingual("Il manque le paramètre « {name} ».", "The parameter “{name}” is missing.")
_NO_TEXT = Bilingual(
    "Le paramètre « {name} » doit être un texte (UTF-8).",
    "The parameter “{name}” must be a text (UTF-8).",
)
_NO_COUNT = Bilingual(
    "Le paramètre « {name} » est un nombre entier, de 1 à {most}.",
    "The parameter “{name}” is a whole number, from 1 to {most}.",
)
_NOT_OFFERED = Bilingual(
    "« {value} » ne convient pas à « {name} ». Choisissez parmi : {choices}.",
    "“{value}” does not fit “{name}”. Choose among: {choices}.",
)
# Half of a surrogate pair is no text: no answer could repeat it.
_HALVES = re.compile("[\ud800-\udfff]")
_ROWS_ABOUT = Bilingual("lignes de la réponse, au plus", "rows of the answer, at most")


@dataclass(frozen=True, slots=True)
class Tool:
    """`call` raises CoopdecError; what it gives fits `output`, but for what every answer has.

    `open_world` says that others than the release take part in the answer.
    """

    name: str
    title: Bilingual
    description: Bilingual
    input: Schema
    output: Schema
    call: Callable[[Given], Awaitable[Document]]
    open_world: bool = False

    async def answer(self, arguments: Arguments) -> Document:
        """Raises CoopdecError."""
        return await self.call(Given(self.name, arguments, tuple(self.input["properties"])))


class Given:
    """The arguments of one call, read by their types. What is null is not given."""

    def __init__(self, tool: str, arguments: Arguments, known: Sequence[str]) -> None:
        """Raises UsageError for one that the tool does not have."""
        for name in arguments:
            if name not in known:
                text = shortened(_HALVES.sub("\ufffd", name))
                raise refused(UsageError, _UNKNOWN, nearest_of(text, known), tool=tool, name=text)
        self._arguments = {key: value for key, value in arguments.items() if value is not None}

    def __contains__(self, name: str) -> bool:
        return name in self._arguments

    def names(self) -> Sequence[str]:
        return tuple(self._arguments)

    def text(self, name: str, numbers: bool = False) -> str:
        """A text; with `numbers` a number will do, as a program writes it. Raises UsageError."""
        if name not in self._arguments:
            raise UsageError(_MISSING, name=name)
        value = self._arguments[name]
        if numbers and isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str) or _HALVES.search(value):
            raise UsageError(_NO_TEXT, name=name)
        return value

    def count(self, name: str, usual: int, most: int) -> int:
        """A whole number from 1. Raises UsageError."""
        value = self._arguments.get(name, usual)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise UsageError(_NO_COUNT, name=name, most=most)
        return value

    def choice(self, name: str, choices: Sequence[str], usual: str) -> str:
        """One of a few words. Raises UsageError."""
        value = self.text(name) if name in self else usual
        if value not in choices:
            offered = ", ".join(choices)
            raise UsageError(_NOT_OFFERED, value=shortened(value), name=name, choices=offered)
        return value

    def rows(self) -> int:
        """As many rows as the caller settles for. Raises UsageError."""
        return self.count("limit", _USUAL_ROWS, MOST_ROWS)


def rows_wanted() -> Schema:
    """The schema of the argument that `Given.rows` reads."""
    bounds: Schema = {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}
    return described(_ROWS_ABOUT, {**bounds, "default": _USUAL_ROWS})


def described(about: Bilingual, schema: Schema) -> Schema:
    """A schema that says in both languages what it is of."""
    return {"description": f"{about.fr} / {about.en}", **schema}


def object_of(properties: Schema, optional: Sequence[str] = (), closed: bool = True) -> Schema:
    """The schema of an object that has these properties, all but a few of them always."""
    required = [name for name in properties if name not in optional]
    schema: Schema = {"type": "object", "properties": properties, "required": required}
    return {**schema, "additionalProperties": False} if closed else schema
