"""What can go wrong: one exception class for each status of the C ABI, with the library's own text.

Each class is also the built-in exception that a Python programmer would expect in its place, so `except ValueError` or
`except FileNotFoundError` catch what they say.
"""
from __future__ import annotations

from enum import IntEnum
from typing import Any

__all__ = [
    "BadDataError",
    "CancelledError",
    "CorruptError",
    "Error",
    "IOError",
    "IncompatibleError",
    "InternalError",
    "InvalidArgumentError",
    "InvalidStateError",
    "MissingFileError",
    "NoMemoryError",
    "NotFoundError",
    "Status",
    "UnsupportedError",
]


class Status(IntEnum):
    """What became of a call, by the numbers of interplay.h."""

    OK = 0
    INVALID_ARGUMENT = 1
    INVALID_STATE = 2
    BAD_DATA = 3
    NOT_FOUND = 4
    UNSUPPORTED = 5
    CORRUPT = 6
    INCOMPATIBLE = 7
    IO = 8
    NO_MEMORY = 9
    CANCELLED = 10
    INTERNAL = 11


class Error(Exception):
    """Any failure that the library reports.

    status   the Status of the call
    message  one or two sentences: what was expected, what was found, where, what to do
    detail   for programs: may have "key", "accepted", "nearest", "column", "row", "path"
    """

    status = Status.INTERNAL

    def __init__(self, message: str, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.detail = detail or {}

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple:
        return type(self), (self.message, self.detail)  # OSError's own would lose the detail


class InvalidArgumentError(Error, ValueError):
    """An unknown key, a value out of range: the call is wrong."""

    status = Status.INVALID_ARGUMENT


class InvalidStateError(Error, RuntimeError):
    """Predict before fit, append after seal, use after close."""

    status = Status.INVALID_STATE


class BadDataError(Error, ValueError):
    """The content of a table: lengths, a NaN label, an id of the wrong type."""

    status = Status.BAD_DATA


class NotFoundError(Error, LookupError):
    """An engine, a column or a file that is not there."""

    status = Status.NOT_FOUND


class MissingFileError(NotFoundError, FileNotFoundError):
    """A file that is not there."""


class UnsupportedError(Error, NotImplementedError):
    """Sensible, but this engine, model or build does not do it."""

    status = Status.UNSUPPORTED


class CorruptError(Error, ValueError):
    """A model file or document is damaged."""

    status = Status.CORRUPT


class IncompatibleError(Error):
    """A model file or plug-in of another version."""

    status = Status.INCOMPATIBLE


class IOError(Error, OSError):  # the name of its status
    """The operating system refused: message and path are in the text."""

    status = Status.IO


class NoMemoryError(Error, MemoryError):
    """The library found no memory."""

    status = Status.NO_MEMORY


class CancelledError(Error):
    """The monitor or the progress function asked to stop."""

    status = Status.CANCELLED


class InternalError(Error, RuntimeError):
    """A defect of the library: please report it."""

    status = Status.INTERNAL


_CLASSES = {kind.status: kind for kind in (InvalidArgumentError, InvalidStateError, BadDataError, NotFoundError, UnsupportedError,
                                           CorruptError, IncompatibleError, IOError, NoMemoryError, CancelledError, InternalError)}


def error_of(status: int, message: str, detail: dict[str, Any]) -> Error:
    """The exception for a status; a code that this version does not know counts as INTERNAL."""
    kind = _CLASSES.get(status, InternalError)  # type: ignore[call-overload]
    if kind is NotFoundError and "path" in detail:
        kind = MissingFileError
    return kind(message, detail)
