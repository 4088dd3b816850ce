"""Arrow's PyCapsule stream, in and out, and what a mapping or a data frame without it has for columns."""
from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from typing import Any

from ._abi import ArrowArrayStream

_NAME = b"arrow_array_stream"
_RELEASE = ctypes.CFUNCTYPE(None, ctypes.c_void_p)

_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype, _new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
# A destructor gets the capsule while it dies: an address, since a Python reference to it must not come to be again.
_pointer_at = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))


class Stream:
    """A capsule and the stream in it, which a call may move in."""

    def __init__(self, capsule: object) -> None:
        self.capsule = capsule
        self.pointer = _pointer_of(capsule, _NAME)


def stream_of(data: Any) -> Stream | None:
    """The Arrow stream of the data, or None where it has none."""
    if hasattr(data, "__arrow_c_stream__"):
        if type(data).__module__.partition(".")[0] == "pandas":
            # An index that is not 0, 1, 2, ... would come along as a column, and a column must have a string for a name.
            data = data.reset_index(drop=True).rename(columns=str)
        try:
            return Stream(data.__arrow_c_stream__(None))
        except ImportError:  # pandas without pyarrow
            return None
    if hasattr(data, "fetch_record_batch"):  # a DuckDB relation or result older than its capsule
        return Stream(data.fetch_record_batch().__arrow_c_stream__())
    return None


def is_frame(data: Any) -> bool:
    """Whether it is one of the things that Table takes, rather than an array or a list."""
    return isinstance(data, Mapping) or hasattr(data, "columns") or hasattr(data, "fetch_record_batch") or (
        hasattr(data, "__arrow_c_stream__") and not hasattr(data, "__array__"))


def plain_columns(data: Any) -> dict[str, Any]:
    """{name: column} of a mapping, or of a pandas data frame without pyarrow."""
    if type(data).__module__.partition(".")[0] == "pandas":
        return {str(name): data[name].to_numpy() for name in data.columns}
    if not isinstance(data, Mapping):
        raise TypeError("expected a data frame with the Arrow PyCapsule stream (Polars, pandas, pyarrow, DuckDB) or a dict of "
                        f"columns, found {type(data).__name__}")
    return {str(name): column.to_numpy() if hasattr(column, "to_numpy") else column for name, column in data.items()}


_exported: dict[int, ArrowArrayStream] = {}


def _forget(capsule: int) -> None:
    """Release a stream that nobody took, and its memory."""
    address = _pointer_at(capsule, _NAME)
    stream = _exported.pop(address)
    if stream.release:
        _RELEASE(stream.release)(address)


_DESTRUCTOR = ctypes.PYFUNCTYPE(None, ctypes.c_void_p)(_forget)
ctypes.pythonapi.Py_IncRef(ctypes.py_object(_DESTRUCTOR))  # capsules may die after this module


def exported(write: Callable[[Any], None]) -> object:
    """A capsule with the stream that `write` puts at an address."""
    stream = ArrowArrayStream()
    address = ctypes.addressof(stream)
    write(address)
    _exported[address] = stream
    return _new_capsule(address, _NAME, ctypes.cast(_DESTRUCTOR, ctypes.c_void_p))
