"""Python's data as a table of the library, and back: plain columns are copied, Arrow streams are adopted."""
from __future__ import annotations

import ctypes
from collections.abc import Iterator, Mapping
from typing import Any

import numpy

from . import _abi, _arrow
from ._abi import HIGHEST, LOWEST, Column, Handle, Type, call, document, made

_NUMBERS = {Type.INT64: numpy.int64, Type.INT32: numpy.int32, Type.FLOAT32: numpy.float32, Type.FLOAT64: numpy.float64,
            Type.BOOL8: numpy.uint8}
# The least and the greatest of a type, and the array of which no value can be beyond them.
_WHOLE = {Type.INT64: (LOWEST, HIGHEST, numpy.int64), Type.INT32: (-(1 << 31), (1 << 31) - 1, numpy.int32), Type.BOOL8: (0, 1, numpy.bool_)}


class Table(Handle):
    """Named columns of equal length. Going in: a mapping of names to columns, or any object with the Arrow PyCapsule stream (a
    data frame of Polars, pandas or pyarrow, a relation of DuckDB). Coming out: a mapping of names to columns, and itself such an
    Arrow stream.

    A column of a mapping is an array, or a list: of numbers, strings or bools with None for null, or of lists of these (a
    multi-valued column). Arrays of numbers keep their type; anything else becomes int64, float64, bool or string.
    """

    __slots__ = ("_names", "rows")
    rows: int

    def __init__(self, data: Any) -> None:
        stream = _arrow.stream_of(data)
        if stream is not None:
            self._adopt(made("table", "table_from_arrow", stream.pointer))
            return
        columns = _arrow.plain_columns(data)
        first = next(iter(columns.values()), ())
        self._adopt(made("table", "table_new", len(first)))
        for name, column in columns.items():
            self._add(name, column, None)

    @classmethod
    def typed(cls, rows: int, columns: Mapping[str, tuple[Any, Type | None]]) -> Table:
        """Columns with a type of their own: {name: (values, Type or None)}. For columns of nulls alone, or of float32."""
        table = cls._of(made("table", "table_new", rows))
        for name, (column, kind) in columns.items():
            table._add(name, column, kind)
        return table

    @classmethod
    def _of(cls, owned: _abi.Owned) -> Table:
        table = cls.__new__(cls)
        table._adopt(owned)
        return table

    def _adopt(self, owned: _abi.Owned) -> None:
        self._owned = owned
        self._names: list[str] | None = None
        self.rows = document("table_info", owned)["rows"]

    def _add(self, name: str, column: Any, kind: Type | None) -> None:
        self._names = None
        values, kind, offsets, valid = flat(name, column, kind)
        arguments = [pointer(offsets), pointer(valid)]
        if kind is Type.STRING:
            data, starts = encoded(values)
            call("table_add_strings", self._live(), name.encode(), data, len(data), pointer(starts), len(values), *arguments)
        else:
            call("table_add", self._live(), name.encode(), kind, pointer(values), len(values), *arguments)

    @property
    def info(self) -> dict[str, Any]:
        """{"rows": N, "columns": [{"name", "type", "multi_valued", "nulls"}, ...]}"""
        return document("table_info", self._live())

    @property
    def names(self) -> list[str]:
        """The columns' names in their order."""
        self._live()  # what it remembers is closed, too
        if self._names is None:
            self._names = [column["name"] for column in self.info["columns"]]
        return self._names

    def __len__(self) -> int:
        """The number of columns, as for any mapping; `rows` has that of the rows."""
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def keys(self) -> list[str]:
        """The columns' names: with [] this makes dict(table) and pandas.DataFrame(dict(table)) work."""
        return self.names

    def __getitem__(self, name: str) -> Any:
        """A column: an array that lies in the table and keeps it alive, or, with strings, nulls or lists, a Python list."""
        owned, column = self._live(), Column()
        call("table_column", owned, name.encode(), ctypes.byref(column))
        return decoded(column, owned)

    def to_dict(self) -> dict[str, list]:
        """{name: list of Python values}"""
        return {name: list_of(self[name]) for name in self}

    def to_pandas(self) -> Any:
        """A pandas.DataFrame; numbers are copied once."""
        import pandas

        return pandas.DataFrame({name: self[name] for name in self})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's PyCapsule interface: polars.DataFrame(table), pyarrow.table(table), ... The stream outlives the table."""
        del requested_schema  # a hint that may be ignored
        return _arrow.exported(lambda out: call("table_to_arrow", self._live(), out))

    def __repr__(self) -> str:
        return f"<interplay.Table {self.rows} rows: {', '.join(self.names)}>" if self._owned else "<interplay.Table, closed>"


def table_of(data: Any) -> Table:
    """The data as a table, itself if it is one."""
    return data if isinstance(data, Table) else Table(data)


def list_of(column: Any) -> list:
    """A column as a Python list."""
    return column.tolist() if isinstance(column, numpy.ndarray) else column


def pointer(array: numpy.ndarray | None) -> int | None:
    """An array's address; its owner has to outlive the call."""
    return None if array is None else array.ctypes.data


def flat(name: str, column: Any, kind: Type | None) -> tuple[Any, Type, numpy.ndarray | None, numpy.ndarray | None]:
    """(values one behind the other, type, row offsets, validity) of one column."""
    array = column if isinstance(column, numpy.ndarray) else None
    if array is not None and array.ndim == 2:
        offsets = numpy.arange(len(array) + 1, dtype=numpy.int64) * array.shape[1]
        values, found, _, _ = flat(name, array.reshape(-1), kind)
        return values, found, offsets, None
    if array is not None and array.ndim != 1:
        raise TypeError(f"column {name!r}: expected one or two dimensions, found {array.ndim}")
    if array is not None and array.dtype.kind in "iufb":
        return (*numbers(name, array, kind), None, None)
    rows = column.tolist() if array is not None else list(column)
    nulls = [is_null(value) for value in rows]
    valid = ~numpy.array(nulls, bool) if any(nulls) else None
    valid = None if valid is None else valid.astype(numpy.uint8)
    if any(isinstance(value, (list, tuple, numpy.ndarray, set, frozenset)) for value in rows):
        lists = [[] if null else list(value) for value, null in zip(rows, nulls)]
        offsets = numpy.cumsum([0, *map(len, lists)], dtype=numpy.int64)
        return (*scalars(name, [value for row in lists for value in row], kind), offsets, valid)
    present = [value for value, null in zip(rows, nulls) if not null]
    # In the place of a null, something that leaves the others their type.
    filler: Any = "" if kind is Type.STRING else type(present[0])() if present and isinstance(present[0], (str, bool, numpy.bool_)) else 0
    return (*scalars(name, [filler if null else value for value, null in zip(rows, nulls)], kind), None, valid)


def is_null(value: Any) -> bool:
    """None, pandas.NA and NaT. A NaN is a number like another: the library knows it for missing."""
    return value is None or type(value).__name__ in ("NAType", "NaTType")


def scalars(name: str, values: list, kind: Type | None) -> tuple[Any, Type]:
    """A Python list without nulls: strings as they are, numbers as an array."""
    if kind is Type.STRING or (kind is None and values and all(isinstance(value, str) for value in values)):
        for value in values:
            if not isinstance(value, str):
                raise TypeError(f"column {name!r}: expected strings, found {value!r}")
        return values, Type.STRING
    for value in values:
        if not isinstance(value, (int, float, numpy.number, numpy.bool_)):
            raise TypeError(f"column {name!r}: expected numbers, or strings alone, or lists of these, found {value!r}")
    return numbers(name, array_of(name, values, kind), kind)


def array_of(name: str, values: list, kind: Type | None) -> numpy.ndarray:
    """A Python list of numbers. numpy makes floats of whole numbers that no type of its own has in common, of 2**63 and -1 or of
    2**53 + 1 and 0.5, and ids would lose their last digits."""
    array = numpy.array(values) if values else numpy.zeros(0, numpy.int64)
    if array.dtype.kind not in "fO" or kind in (Type.FLOAT32, Type.FLOAT64):
        return array
    whole = [int(value) for value in values if isinstance(value, (int, numpy.integer))]
    for value in whole:
        if not LOWEST <= value <= HIGHEST:
            raise TypeError(f"column {name!r}: expected whole numbers of 64 bits at most, found {value}")
        if len(whole) < len(values) and int(float(value)) != value:
            raise TypeError(f"column {name!r}: expected whole numbers alone, or beside floats none that a float64 rounds, found {value}")
    return numpy.array(whole, numpy.int64) if len(whole) == len(values) else array


def numbers(name: str, array: numpy.ndarray, kind: Type | None) -> tuple[numpy.ndarray, Type]:
    """The array in a type that the library takes."""
    if array.dtype.kind not in "iufb":
        raise TypeError(f"column {name!r}: expected whole numbers of 64 bits at most, found {array.dtype}")
    if kind is None:
        if array.dtype.kind == "b":
            kind = Type.BOOL8
        elif array.dtype.kind == "f":
            kind = Type.FLOAT32 if array.dtype.itemsize <= 4 else Type.FLOAT64
        else:
            kind = Type.INT32 if array.dtype == numpy.int32 else Type.INT64
    low, high, safe = _WHOLE.get(kind, (0, 0, numpy.float64))
    if kind in _WHOLE and not numpy.can_cast(array.dtype, safe):
        if array.dtype.kind == "f":
            wide = array.astype(numpy.float64)  # float16 cannot hold the bounds
            fits = (wide == numpy.trunc(wide)) & (wide >= low) & (wide < high + 1.0)
        else:
            fits = (array >= low) & (array <= high)
        if not fits.all():
            raise TypeError(f"column {name!r}: expected {kind.name.lower()}, {low} to {high}, found {array[~fits][0]}")
    return numpy.ascontiguousarray(array, _NUMBERS[kind]), kind


def encoded(values: list[str]) -> tuple[bytes, numpy.ndarray]:
    """The bytes of all strings one behind the other, and where each begins."""
    parts = [value.encode() for value in values]
    return b"".join(parts), numpy.cumsum([0, *map(len, parts)], dtype=numpy.int64)


class _View:
    """Memory of a table as numpy's array interface; keeps the table alive."""

    def __init__(self, address: int, kind: type, count: int, owner: object) -> None:
        self.owner = owner
        self.__array_interface__ = {"version": 3, "data": (address, True), "typestr": numpy.dtype(kind).str, "shape": (count,)}


def view(address: int | None, kind: type, count: int, owner: object) -> numpy.ndarray:
    """A read-only array over memory of a table."""
    return numpy.asarray(_View(address, kind, count, owner)) if address and count else numpy.zeros(0, kind)


def decoded(column: Column, owner: object) -> Any:
    """The values of a column: an array, or a list where there are strings, nulls or lists."""
    kind = Type(column.type)
    if kind is Type.STRING:
        data = ctypes.string_at(column.values, column.n_bytes) if column.n_bytes else b""
        starts = view(column.string_offsets, numpy.int64, column.n_values + 1, owner).tolist()
        values: Any = [data[a:b].decode() for a, b in zip(starts, starts[1:])]
    else:
        values = view(column.values, _NUMBERS[kind], column.n_values, owner)
        values = values.view(numpy.bool_) if kind is Type.BOOL8 else values
    if column.row_offsets:
        starts = view(column.row_offsets, numpy.int64, column.rows + 1, owner).tolist()
        whole = list_of(values)
        values = [whole[a:b] for a, b in zip(starts, starts[1:])]
    if column.valid:
        valid = view(column.valid, numpy.uint8, column.rows, owner)
        values = [value if ok else None for value, ok in zip(list_of(values), valid)]
    return values
