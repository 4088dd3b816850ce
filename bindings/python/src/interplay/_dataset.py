"""Interactions, and features of users and items."""
from __future__ import annotations

import ctypes
from typing import Any

from . import _abi, _arrow
from ._abi import OneByOne, call, document, made, options
from ._table import Table, table_of
from .errors import InvalidStateError


class Dataset(OneByOne):
    """Interactions, and optionally a row of features for each user and each item.

    schema        {"user": "user_id", "item": "movie_id", "label": "rating"} names the columns with a role: user, item, label,
                  weight, time, group; every other column is a feature by its type. More keys: see interplay_dataset_new in
                  interplay.h
    interactions  one row an event. Given here, the dataset is sealed at once; otherwise append() chunk by chunk, then seal()
    users, items  one row each, with the id column
    Data: whatever Table takes. Arrow streams go in without a copy in Python.
    """

    __slots__ = ("_sealed",)

    def __init__(self, schema: dict[str, Any], interactions: Any = None, users: Any = None, items: Any = None) -> None:
        self._owned = made("dataset", "dataset_new", options(schema))
        self._sealed = False
        for part, data in (("users", users), ("items", items), ("interactions", interactions)):
            if data is not None:
                self.append(part, data)
        if interactions is not None:
            self.seal()

    @classmethod
    def _of(cls, owned: _abi.Owned) -> Dataset:
        dataset = cls.__new__(cls)
        dataset._owned = owned
        dataset._sealed = True
        return dataset

    def _expect_sealed(self) -> _abi.Owned:
        """For a long call, which holds no lock: a thread that is filling or sealing it is waited for."""
        owned = self._live()
        if not self._sealed:
            with self._lock:
                sealed = self._sealed
            if not sealed:
                raise InvalidStateError("expected a sealed dataset, found one that is not: call its seal() first")
        return owned

    def append(self, part: str, data: Any) -> None:
        """Append data to "interactions", "users" or "items". On failure the dataset is as it was before."""
        stream = None if isinstance(data, Table) else _arrow.stream_of(data)
        if stream is not None:
            with self._lock:
                call("dataset_append_arrow", self._live(), part.encode(), stream.pointer)
        else:
            table = table_of(data)
            with self._lock:
                call("dataset_append", self._live(), part.encode(), table._live())

    def seal(self) -> None:
        """No more appends: from here threads may share it, and it can be fitted and split."""
        with self._lock:
            call("dataset_seal", self._live())
            self._sealed = True

    def split(self, method: str | None = None, fraction: float | None = None, seed: int | None = None) -> tuple[Dataset, Dataset]:
        """Two datasets of the interactions; the second has `fraction` of them.

        method  "random": rows; "last": each user's last rows; "time": the last rows of all; "users": all rows of some users
        """
        first, second = ctypes.c_void_p(), ctypes.c_void_p()
        call("dataset_split", self._expect_sealed(), options({"method": method, "fraction": fraction, "seed": seed}) or b"{}",
             ctypes.byref(first), ctypes.byref(second))
        return tuple(Dataset._of(_abi.Owned("dataset", part.value)) for part in (first, second))  # type: ignore

    @property
    def info(self) -> dict[str, Any]:
        """Rows, users, items, bytes, the label's range, the fields, warnings."""
        with self._lock:
            return document("dataset_info", self._live())

    def __repr__(self) -> str:
        if self._owned is None:
            return "<interplay.Dataset, closed>"
        info = self.info
        return f"<interplay.Dataset {info['rows']} rows, {info['users']} users, {info['items']} items>"
