"""interplay.h through ctypes: the prototypes, errors as exceptions, owned handles. Nothing else in this package calls C.

ctypes rather than a compiled extension, so that one wheel serves every Python and nothing is compiled where it is installed. Every
call gives up the GIL. What that costs stands in bindings/README.md.
"""
from __future__ import annotations

import ctypes
import json
import math
import operator
import os
import threading
from ctypes import c_char_p, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from enum import IntEnum
from typing import Any

import numpy

from .errors import InvalidArgumentError, InvalidStateError, error_of


class Type(IntEnum):
    """The types of a column, by the numbers of interplay.h."""

    INT64 = 1
    INT32 = 2
    FLOAT32 = 3
    FLOAT64 = 4
    BOOL8 = 5
    STRING = 6


class Cell(IntEnum):
    """The types of a scorer's value, by the numbers of interplay.h."""

    NULL = 0
    INT64 = 1
    FLOAT64 = 2
    STRING = 3
    LIST = 4
    ID = 5


class Column(ctypes.Structure):
    """interplay_column"""

    _fields_ = [("type", c_int32), ("reserved", c_int32), ("rows", c_int64), ("n_values", c_int64), ("n_bytes", c_int64),
                ("values", c_void_p), ("string_offsets", c_void_p), ("row_offsets", c_void_p), ("valid", c_void_p)]


class CellStruct(ctypes.Structure):
    """interplay_cell"""

    _fields_ = [("type", c_int32), ("size", c_uint32), ("value", c_uint64)]


class ArrowArrayStream(ctypes.Structure):
    """Of Arrow's C stream interface."""

    _fields_ = [("get_schema", c_void_p), ("get_next", c_void_p), ("get_last_error", c_void_p), ("release", c_void_p),
                ("private_data", c_void_p)]


LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1
PROGRESS = ctypes.CFUNCTYPE(c_int32, c_void_p, c_char_p)

# The letters of the prototypes below. Every pointer to something is p; the optional error that comes last is e.
_LETTERS = {"p": c_void_p, "s": c_char_p, "i": c_int32, "l": c_int64, "u": c_uint32, "n": c_size_t, "c": PROGRESS, "v": None,
            "e": c_void_p}

# name: result and arguments. tests/test_abi.py compares them with interplay.h.
PROTOTYPES = {
    "abi_version": "u", "version": "s",
    "error_status": "i p", "error_message": "s p", "error_detail": "s p", "error_free": "v p",
    "text_data": "p p", "text_size": "n p", "text_free": "v p",
    "fit_pairs": "i ssnppppe", "predict_pairs": "i pnpppe", "recommend_user": "i plnpppe",
    "table_new": "i lpe", "table_add": "i psiplppe", "table_add_strings": "i psplplppe", "table_column": "i pspe",
    "table_info": "i ppe", "table_from_arrow": "i ppe", "table_to_arrow": "i ppe", "table_free": "v p",
    "dataset_new": "i spe", "dataset_append": "i pspe", "dataset_append_arrow": "i pspe", "dataset_seal": "i pe",
    "dataset_split": "i psppe", "dataset_info": "i ppe", "dataset_free": "v p",
    "monitor_new": "i cppe", "monitor_cancel": "v p", "monitor_read": "i ppe", "monitor_free": "v p",
    "engine_load": "i spe", "engine_register": "i ppe", "engine_list": "i pe", "engine_info": "i spe",
    "model_create": "i sspe", "model_fit": "i pppspppe", "model_predict": "i ppspe", "model_recommend": "i pppsppe",
    "model_evaluate": "i ppsppe", "model_explain": "i ppsppe", "model_update": "i pspspe", "model_info": "i ppe",
    "scorer_open": "i ppuuspe", "scorer_score": "i pppnpnpe", "scorer_top": "i pppnpnnpppe", "scorer_resolve": "i puppnpe",
    "scorer_item": "i plppe", "scorer_stats": "i ppe", "scorer_free": "v p",
    "assembly_new": "i ssspe", "assembly_add_values": "i pspe", "assembly_add_tensor": "i psipipe", "assembly_finish": "i ppe",
    "assembly_free": "v p", "model_tensors": "i ppe", "model_tensor": "i pspe",
    "model_save": "i psse", "model_load": "i sspe", "model_dump": "i pspe", "model_parse": "i pnspe", "file_info": "i spe",
    "model_retain": "p p", "model_free": "v p",
}


def _opened() -> ctypes.CDLL:
    """The library that INTERPLAY_LIBRARY names, else the wheel's own, else the system's."""
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "libinterplay.so.1")
    path = os.environ.get("INTERPLAY_LIBRARY") or (beside if os.path.exists(beside) else "libinterplay.so.1")
    try:
        return ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"interplay: expected the library {path}, found: {error}. Install the wheel, or name the library with "
                          "INTERPLAY_LIBRARY") from None


def _declared(library: ctypes.CDLL) -> dict[str, Any]:
    functions = {}
    for name, prototype in PROTOTYPES.items():
        function = getattr(library, "interplay_" + name)
        result, _, arguments = prototype.partition(" ")
        function.restype = _LETTERS[result]
        function.argtypes = [_LETTERS[letter] for letter in arguments]
        functions[name] = function
    return functions


LIBRARY = _opened()
F = _declared(LIBRARY)
# Where each function takes a text that ends at its first NUL.
_TEXTS = {name: [place for place, letter in enumerate(prototype.partition(" ")[2]) if letter == "s"]
          for name, prototype in PROTOTYPES.items()}
ABI_MAJOR = F["abi_version"]() >> 16
if ABI_MAJOR != 1:
    raise ImportError(f"interplay: expected a library with ABI 1, found {ABI_MAJOR}: install the binding of the library's release")


def raise_error(status: int, error: c_void_p) -> None:
    """Turn a failed call's error object into an exception, and free it."""
    message = F["error_message"](error).decode()
    detail = json.loads(F["error_detail"](error))
    F["error_free"](error)
    raise error_of(status, message, detail)


def whole_text(data: bytes | None) -> bytes | None:
    """A text for C, which would take the part before a NUL for all of it."""
    if data is not None and b"\0" in data:
        raise InvalidArgumentError(f"expected a text without NUL, found one in {data.decode(errors='replace')!r}")
    return data


def whole_number(value: Any) -> int:
    """A number for C, which would take its low 64 bits for all of it."""
    number = operator.index(value)
    if not LOWEST <= number <= HIGHEST:
        raise InvalidArgumentError(f"expected whole numbers of 64 bits, {LOWEST} to {HIGHEST}, found {number}")
    return number


def call(name: str, *arguments: Any) -> None:
    """Call interplay_<name>; its error argument is added here."""
    for place in _TEXTS[name]:
        whole_text(arguments[place])
    error = c_void_p()
    status = F[name](*arguments, ctypes.byref(error))
    if status:
        raise_error(status, error)


class Owned:
    """One C handle, freed with the last Python reference to it.

    A call holds such a reference, so closing an object while another thread is inside one of its calls frees nothing under it.
    """

    __slots__ = ("_as_parameter_", "_free")

    def __init__(self, kind: str, pointer: int) -> None:
        self._free = F[kind + "_free"]
        self._as_parameter_ = c_void_p(pointer)

    def __del__(self) -> None:
        self._free(self._as_parameter_)


def made(kind: str, name: str, *arguments: Any) -> Owned:
    """Call interplay_<name>, whose last argument before the error gives a handle of this kind."""
    out = c_void_p()
    call(name, *arguments, ctypes.byref(out))
    return Owned(kind, out.value)  # type: ignore[arg-type]


def text(name: str, *arguments: Any) -> bytes:
    """Call interplay_<name>, whose last argument before the error gives a text."""
    out = made("text", name, *arguments)
    return ctypes.string_at(F["text_data"](out), F["text_size"](out))


def document(name: str, *arguments: Any) -> Any:
    """The same for a JSON text."""
    return json.loads(text(name, *arguments))


def options(values: dict[str, Any] | None) -> bytes | None:
    """JSON for the library; None for none. What was not given (None) is left to the library's defaults."""
    given = {key: value for key, value in (values or {}).items() if value is not None}
    for key, value in given.items():
        if isinstance(value, (float, numpy.floating)) and not math.isfinite(value):
            raise InvalidArgumentError(f"{key}: expected a finite number, found {value}: leave it out (None) for the default")
    return json.dumps(given, default=_plain, allow_nan=False).encode() if given else None


def room_for(k: Any, most: int) -> int:
    """How many places a ranking gets: k, but no more than there are. Less than 1 becomes 0, which is the library's to refuse."""
    return max(0, min(operator.index(k), max(most, 1)))


def _plain(value: Any) -> Any:
    """numpy's scalars and arrays, as grid searches hand them over."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"expected a number, a string, a list or a dict, found {value!r}")


class Handle:
    """Something that can be closed, by hand, by `with`, or by the garbage collector."""

    __slots__ = ("__weakref__", "_owned")
    _owned: Owned | None

    def _live(self) -> Owned:
        owned = self._owned
        if owned is None:
            raise InvalidStateError(f"expected an open {type(self).__name__}, found one that was closed: make or load another")
        return owned

    def close(self) -> None:
        """Give the memory back now. Closing twice is fine; any other use afterwards is an InvalidStateError."""
        self._owned = None

    def __enter__(self):
        self._live()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class OneByOne(Handle):
    """A handle that C gives to one thread at a time. ctypes gives up the GIL, so calls of several threads wait for each other here."""

    __slots__ = ("_lock",)
    _lock: Any  # an RLock, whose class has no name of its own before Python 3.13

    def __new__(cls, *_: Any, **__: Any):
        self = super().__new__(cls)
        self._lock = threading.RLock()  # a signal's handler may use what it has interrupted
        return self
