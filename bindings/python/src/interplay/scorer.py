"""The hot path: one thread's scratch for scoring one model."""
from __future__ import annotations

import ctypes
import struct
from typing import TYPE_CHECKING, Any

import numpy

from ._abi import (
    HIGHEST,
    LOWEST,
    Cell,
    CellStruct,
    F,
    OneByOne,
    call,
    document,
    made,
    options,
    raise_error,
    room_for,
    whole_number,
    whole_text,
)

if TYPE_CHECKING:
    from ._model import Model

_CELL = struct.Struct("=iIq")  # a cell with an int64; strings, lists and nulls fit too
_CELL_FLOAT = struct.Struct("=iId")


class Scorer(OneByOne):
    """Scores row after row for one thread at a time; open one for each thread, since threads that share one wait for each other.

    shared  columns whose values are given once a call, by default the model's user column
    row     columns that each row has, by default the model's item column
    A value is an int, a str, a float, None, a list of these, or what resolve() gave. Results are those of Model.predict.
    """

    __slots__ = ("_items", "_model", "n_row", "n_shared", "names")

    def __init__(self, model: Model, shared: list[str] | None = None, row: list[str] | None = None, *, output: str | None = None,
                 max_rows: int | None = None, exclude_seen: bool | None = None) -> None:
        schema = model.info.get("schema", {}) if shared is None or row is None else {}
        shared = shared if shared is not None else [schema[role] for role in ("user",) if role in schema]
        row = row if row is not None else [schema[role] for role in ("item",) if role in schema]
        self.names = [*shared, *row]
        self.n_shared, self.n_row = len(shared), len(row)
        self._model = model._live()
        columns = (ctypes.c_char_p * max(len(self.names), 1))(*[whole_text(name.encode()) for name in self.names])
        self._owned = made("scorer", "scorer_open", self._model, columns, self.n_shared, self.n_row,
                           options({"output": output, "max_rows": max_rows, "exclude_seen": exclude_seen}))
        self._items = model.info["catalogue"]["items"]

    def score(self, shared: list, rows: list) -> numpy.ndarray:
        """float32 scores of rows, each a list of n_row values (or, where n_row is 1, the value itself)."""
        cells, heap = self._cells(shared, rows)
        scores = numpy.empty(len(rows), numpy.float32)
        split = self.n_shared * _CELL.size
        with self._lock:
            call("scorer_score", self._live(), cells[:split], cells[split:], len(rows), heap, len(heap), scores.ctypes.data)
        return scores

    def top(self, shared: list, k: int = 10, rows: list | None = None) -> tuple[numpy.ndarray, numpy.ndarray]:
        """(index, scores) of the k best, best first: of the rows, or with None of the catalogue, whose items item() names."""
        cells, heap = self._cells(shared, rows or [])
        k = room_for(k, self._items if rows is None else len(rows))
        index, scores, n = numpy.empty(k, numpy.int64), numpy.empty(k, numpy.float32), ctypes.c_size_t()
        split = self.n_shared * _CELL.size
        given = None if rows is None else cells[split:]
        with self._lock:
            call("scorer_top", self._live(), cells[:split], given, len(rows or []), heap, len(heap), k, index.ctypes.data,
                 scores.ctypes.data, ctypes.byref(n))
        return index[:n.value], scores[:n.value]

    def item(self, index: int) -> int | str:
        """The catalogue's item at an index."""
        cell, name = CellStruct(), ctypes.c_char_p()
        with self._lock:
            call("scorer_item", self._live(), whole_number(index), ctypes.byref(cell), ctypes.byref(name))
            if cell.type == Cell.STRING:
                return ctypes.string_at(name, cell.size).decode()
        return ctypes.c_int64(cell.value).value

    def resolve(self, column: str, value: Any) -> Resolved:
        """Look a value up once: what comes back may stand in its place in any scorer of the same model."""
        heap = bytearray()
        cell = bytearray(_encoded(value, heap))
        out = CellStruct()
        with self._lock:
            call("scorer_resolve", self._live(), self.names.index(column), bytes(cell), bytes(heap), len(heap), ctypes.byref(out))
        return Resolved(bytes(out), value)

    def stats(self) -> dict[str, Any]:
        """{"rows": N, "unknown": {column: rows}} since it was opened."""
        with self._lock:
            return document("scorer_stats", self._live())

    def _cells(self, shared: list, rows: list) -> tuple[bytes, bytes]:
        heap = bytearray()
        if len(shared) != self.n_shared:
            raise TypeError(f"expected {self.n_shared} shared values ({', '.join(self.names[:self.n_shared])}), found {len(shared)}")
        cells = [_encoded(value, heap) for value in shared]
        for row in rows:
            values = row if isinstance(row, (list, tuple)) and not (self.n_row == 1 and len(row) != 1) else [row]
            if len(values) != self.n_row:
                raise TypeError(f"expected {self.n_row} values a row ({', '.join(self.names[self.n_shared:])}), found {len(values)}")
            cells += [_encoded(value, heap) for value in values]
        return b"".join(cells), bytes(heap)


class Resolved:
    """A value that was looked up."""

    __slots__ = ("cell", "value")

    def __init__(self, cell: bytes, value: Any) -> None:
        self.cell, self.value = cell, value

    def __repr__(self) -> str:
        return f"<resolved {self.value!r}>"


def _encoded(value: Any, heap: bytearray) -> bytes:
    """One value as a cell; strings and lists go to the heap."""
    if isinstance(value, Resolved):
        return value.cell
    if value is None:
        return _CELL.pack(Cell.NULL, 0, 0)
    if isinstance(value, str):
        data = value.encode()
        heap += data
        return _CELL.pack(Cell.STRING, len(data), len(heap) - len(data))
    if isinstance(value, (int, numpy.integer)):
        return _CELL.pack(Cell.INT64, 0, whole_number(value))
    if isinstance(value, (float, numpy.floating)):
        return _CELL_FLOAT.pack(Cell.FLOAT64, 0, float(value))
    if isinstance(value, (list, tuple, numpy.ndarray)):
        cells = b"".join([_encoded(one, heap) for one in value])
        heap += bytes(-len(heap) % 8)
        heap += cells
        return _CELL.pack(Cell.LIST, len(value), len(heap) - len(cells))
    raise TypeError(f"expected an int, a str, a float, None or a list of these, found {value!r}")


class PairScorer:
    """One user and one item after the other, with as little Python around the call as can be. For one thread."""

    __slots__ = ("_arguments", "_error", "_function", "_out", "_row", "_scorer", "_shared")

    def __init__(self, model: Model) -> None:
        scorer = Scorer(model, max_rows=1)
        self._scorer = scorer._live()
        self._shared, self._row, self._out, self._error = CellStruct(), CellStruct(), ctypes.c_float(), ctypes.c_void_p()
        self._function = F["scorer_score"]
        by = ctypes.byref
        self._arguments = (self._scorer, by(self._shared), by(self._row), 1), by(self._out), by(self._error)

    def __call__(self, user: int | str, item: int | str) -> float:
        heap = None
        first, out, error = self._arguments
        if type(user) is int and type(item) is int and LOWEST <= user <= HIGHEST and LOWEST <= item <= HIGHEST:
            shared, row = self._shared, self._row
            shared.type = row.type = 1
            shared.value, row.value = user, item  # two's complement: ctypes takes the low 64 bits
        else:
            data = bytearray()
            ctypes.memmove(ctypes.byref(self._shared), _encoded(user, data), 16)
            ctypes.memmove(ctypes.byref(self._row), _encoded(item, data), 16)
            heap = bytes(data)
        status = self._function(*first, heap, len(heap) if heap else 0, out, error)
        if status:
            pointer, self._error.value = ctypes.c_void_p(self._error.value), None
            raise_error(status, pointer)
        return self._out.value
