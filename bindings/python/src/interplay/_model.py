"""The immutable model: every verb of interplay.h under its own name."""
from __future__ import annotations

import ctypes
import os
from typing import Any

import numpy

from . import _abi
from ._abi import F, Handle, Type, call, document, made, options, room_for, whole_number
from ._dataset import Dataset
from ._run import Monitor, Progress, ended, long_call, progress_of
from ._table import Table, pointer, table_of
from .explanation import Explanation
from .scorer import Scorer


class Model(Handle):
    """An engine, its parameters, and what was learned. It never changes: fit and update return new ones, so any number of
    threads may use one at once. Errors are the classes of interplay.errors.

    Model("autoint", {"epochs": 5})   a model that has learned nothing yet; interplay.engine(name) lists the parameters
    Model.load(path)                  one from a file
    """

    __slots__ = ("_info",)

    def __init__(self, engine: str, params: dict[str, Any] | None = None) -> None:
        self._hold(made("model", "model_create", engine.encode(), options(params)))

    @classmethod
    def _of(cls, owned: _abi.Owned) -> Model:
        model = cls.__new__(cls)
        model._hold(owned)
        return model

    def _hold(self, owned: _abi.Owned) -> None:
        self._owned = owned
        self._info: dict[str, Any] | None = None

    # ---- pairs of int64 ids

    @classmethod
    def fit_pairs(cls, engine: str, params: dict[str, Any] | None, users: Any, items: Any, labels: Any = None) -> Model:
        """Create and fit in one call, from int64 ids and float labels of equal length; without labels every pair is positive.
        Ctrl-C cancels."""
        users, items = _ids(users, "users"), _ids(items, "items")
        labels = None if labels is None else numpy.asarray(labels)
        _same_length(users=users, items=items, labels=labels)
        # What interplay_fit_pairs does, which has no monitor for Ctrl-C to cancel.
        schema, columns = {"user": "user_id", "item": "item_id"}, {"user_id": (users, Type.INT64), "item_id": (items, Type.INT64)}
        if labels is not None:
            schema["label"], columns["rating"] = "rating", (labels, Type.FLOAT32)
        return cls(engine, params).fit(Dataset(schema, Table.typed(len(users), columns)))

    def predict_pairs(self, users: Any, items: Any) -> numpy.ndarray:
        """float32 scores of pairs of int64 ids."""
        users, items = _ids(users, "users"), _ids(items, "items")
        _same_length(users=users, items=items)
        scores = numpy.empty(len(users), numpy.float32)
        call("predict_pairs", self._live(), len(users), pointer(users), pointer(items), pointer(scores))
        return scores

    def recommend_user(self, user: int, k: int = 10) -> tuple[numpy.ndarray, numpy.ndarray]:
        """(int64 items, float32 scores): the k best of the catalogue that the user has not seen, best first."""
        k = room_for(k, self.info["catalogue"]["items"] if self.info["fitted"] else 1)
        items, scores, n = numpy.empty(k, numpy.int64), numpy.empty(k, numpy.float32), ctypes.c_size_t()
        call("recommend_user", self._live(), _id(user, "user"), k, pointer(items), pointer(scores), ctypes.byref(n))
        return items[:n.value], scores[:n.value]

    # ---- tables and datasets

    def fit(self, train: Dataset, valid: Dataset | None = None, *, threads: int | None = None, verbose: bool = False,
            progress: Progress | None = None, monitor: Monitor | None = None) -> Model:
        """Learn, and return what was learned as a new model. From a fitted one, training goes on.

        valid     None: `validation_fraction` of train is held out at random
        verbose   a tqdm bar, or a line an epoch where tqdm is not installed
        progress  called with each event (a dict) on this thread; a true result cancels
        monitor   to watch and cancel from another thread
        Ctrl-C cancels. Raises CancelledError when cancelled by progress or monitor.
        """
        progress = None if monitor is not None else progress_of(verbose, progress)
        held = None if valid is None else _dataset("valid", valid)
        arguments = (self._live(), _dataset("train", train), held, options({"threads": threads}))
        try:
            fitted = Model._of(long_call(lambda watch: made("model", "model_fit", *arguments, watch, None), progress, monitor))
            ended(progress, whole=True)
            return fitted
        finally:
            ended(progress)

    def predict(self, rows: Any, *, output: str | None = None, threads: int | None = None) -> numpy.ndarray:
        """float32 scores (or, with output="logit", logits) of rows: whatever Table takes, columns under the schema's names.
        A column that is there wins over the catalogue; an absent one comes from it; otherwise it is unknown."""
        out = Table._of(made("table", "model_predict", self._live(), table_of(rows)._live(),
                             options({"output": output, "threads": threads})))
        return out[output or "score"]

    def recommend(self, users: Any, candidates: Any = None, *, k: int | None = None, exclude_seen: bool | None = None,
                  exclude: str | None = None, threads: int | None = None, monitor: Monitor | None = None) -> Table:
        """The k best items of many users: a table of "row" (of `users`), the item, "score" and "rank", best first.

        users       one row a request: the user column, and any of features or context
        candidates  None: the catalogue. Otherwise the item column, and any of items' features
        exclude     the name of a list column of `users` with items to leave out
        """
        users, candidates = table_of(users), None if candidates is None else table_of(candidates)
        given = options({"k": k, "exclude_seen": exclude_seen, "exclude": exclude, "threads": threads})
        arguments = (self._live(), users._live(), None if candidates is None else candidates._live(), given)
        return Table._of(long_call(lambda watch: made("table", "model_recommend", *arguments, watch), None, monitor))

    def evaluate(self, dataset: Dataset, *, k: int | None = None, relevant: float | None = None, threads: int | None = None,
                 monitor: Monitor | None = None) -> dict[str, Any]:
        """{"rows", "metrics": {"rmse", "mae", ...}, "baselines", "unknown"}; with k also hr@k, ndcg@k, recall@k, mrr@k,
        coverage@k among the whole catalogue."""
        given = options({"k": k, "relevant": relevant, "threads": threads})
        arguments = (self._live(), _dataset("dataset", dataset), given)
        return long_call(lambda watch: document("model_evaluate", *arguments, watch), None, monitor)

    def explain(self, rows: Any, *, what: list[str] | None = None, per_row: bool | None = None, top: int | None = None,
                replace: str | None = None, threads: int | None = None, monitor: Monitor | None = None) -> Explanation:
        """What made the scores of some rows: a dict with plot(). what: any of "attention", "fields", "pairs"."""
        table = table_of(rows)
        given = options({"what": what, "per_row": per_row, "top": top, "replace": replace, "threads": threads})
        arguments = (self._live(), table._live(), given)
        return Explanation(long_call(lambda watch: document("model_explain", *arguments, watch), None, monitor))

    def update(self, part: str, data: Any, *, action: str | None = None) -> Model:
        """A new model with other users, items or seen pairs, and the same weights. action: upsert, replace or remove."""
        return Model._of(made("model", "model_update", self._live(), part.encode(), table_of(data)._live(),
                              options({"action": action})))

    def scorer(self, shared: list[str] | None = None, row: list[str] | None = None, *, output: str | None = None,
               max_rows: int | None = None, exclude_seen: bool | None = None) -> Scorer:
        """One thread's hot path; see Scorer. By default the user's column is shared and the item's is each row's."""
        return Scorer(self, shared, row, output=output, max_rows=max_rows, exclude_seen=exclude_seen)

    # ---- what it is, and files

    @property
    def info(self) -> dict[str, Any]:
        """Id, engine, parameters, schema, fields, objective, catalogue, training with its history, warnings, kernel."""
        owned = self._live()  # what it remembers is closed, too
        if self._info is None:
            self._info = document("model_info", owned)
        return self._info

    def tensors(self) -> dict[str, numpy.ndarray]:
        """What the engine has learned, by name."""
        return {line["name"]: self._tensor(**line) for line in document("model_tensors", self._live())}

    def _tensor(self, name: str, type: str, shape: list[int]) -> numpy.ndarray:
        data = _abi.text("model_tensor", self._live(), name.encode())
        return numpy.frombuffer(data, numpy.uint8 if type == "bytes" else numpy.dtype(type)).reshape(shape)

    def save(self, path: str | os.PathLike, *, seen: bool | None = None, optimizer: bool | None = None,
             tables: str | None = None) -> None:
        """Write the model to a file, aside and renamed. seen=False leaves out what users have seen (personal data);
        optimizer=True keeps what going on with training needs; tables: embeddings as float32, bfloat16 or int8."""
        given = options({"seen": seen, "optimizer": optimizer, "tables": tables})
        call("model_save", self._live(), os.fspath(path).encode(), given)

    @classmethod
    def load(cls, path: str | os.PathLike, *, mmap: bool | None = None, prefault: bool | None = None,
             verify: bool | None = None, max_bytes: int | None = None) -> Model:
        """A model from a file, which may come from anywhere: it loads, or fails with a CorruptError or IncompatibleError.
        mmap=True maps the file and reads what is used, with prefault=True all of it at once. A map is trusted, since to check its
        bytes is to read them: verify=True does."""
        given = options({"mmap": mmap, "prefault": prefault, "verify": verify, "max_bytes": max_bytes})
        return cls._of(made("model", "model_load", os.fspath(path).encode(), given))

    def to_bytes(self, *, seen: bool | None = None, optimizer: bool | None = None, tables: str | None = None) -> bytes:
        """The bytes that save would write."""
        return _abi.text("model_dump", self._live(), options({"seen": seen, "optimizer": optimizer, "tables": tables}))

    @classmethod
    def from_bytes(cls, data: bytes, *, verify: bool | None = None, max_bytes: int | None = None) -> Model:
        """A model from the bytes of a file."""
        return cls._of(made("model", "model_parse", data, len(data), options({"verify": verify, "max_bytes": max_bytes})))

    def __reduce__(self) -> tuple:
        return Model.from_bytes, (self.to_bytes(optimizer=True),)

    def __repr__(self) -> str:
        if self._owned is None:
            return "<interplay.Model, closed>"
        info = self.info
        return f"<interplay.Model {info['engine']['name']}, {'fitted ' + info['id'][:8] if info['fitted'] else 'not fitted'}>"


def _ids(values: Any, name: str) -> numpy.ndarray:
    """int64 ids; anything that is no whole number is refused rather than cut."""
    array = numpy.asarray(values)
    if array.ndim > 1:
        raise TypeError(f"{name}: expected one dimension, found {array.ndim}; a column of a matrix is matrix[:, 0]")
    if array.dtype.kind in "fO" and isinstance(values, (list, tuple)):  # 2**63 beside -1 are floats to numpy
        array = numpy.array([_id(value, name) for value in values], numpy.int64)
    if array.dtype.kind == "O":
        array = numpy.array([_id(value, name) for value in array.reshape(-1)], numpy.int64)
    if array.dtype.kind == "u" and array.size:
        whole_number(array.max())
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"{name}: expected whole numbers, found {array.dtype}; string ids go through Dataset and Model.predict")
    return numpy.ascontiguousarray(array.reshape(-1), numpy.int64)


def _id(value: Any, name: str) -> int:
    try:
        return whole_number(value)
    except TypeError:
        raise TypeError(f"{name}: expected a whole number, found {value!r}; string ids go through tables: Model.predict and "
                        "Model.recommend") from None


def _dataset(name: str, given: Any) -> Any:
    if not isinstance(given, Dataset):
        raise TypeError(f"{name}: expected an interplay.Dataset, found {type(given).__name__}: make one with Dataset(schema, data)")
    return given._expect_sealed()


def _same_length(**columns: Any) -> None:
    lengths = {name: len(column) for name, column in columns.items() if column is not None}
    if len(set(lengths.values())) > 1:
        from .errors import BadDataError

        raise BadDataError("expected columns of one length, found " + ", ".join(f"{n} {name}" for name, n in lengths.items()))


def engines() -> list[dict[str, Any]]:
    """[{"name", "version", "summary"}, ...] of the engines in the library."""
    return document("engine_list")


def load_engine(path: str | os.PathLike) -> str:
    """Load an engine from a shared library (a plug-in), which stays for ever; the name for `Model` and `Recommender`.

    path: a relative one is one of the current folder. The plug-in runs in this process with all its rights.
    """
    name = ctypes.c_char_p()
    call("engine_load", os.path.abspath(os.fspath(path)).encode(), ctypes.byref(name))
    return name.value.decode()  # type: ignore[union-attr]


def engine(name: str) -> dict[str, Any]:
    """{"name", "version", "summary", "parameters": JSON Schema} of one engine."""
    return document("engine_info", name.encode())


def file_info(path: str | os.PathLike) -> dict[str, Any]:
    """What a model file says of itself; needs no engine and reads no tensors."""
    return document("file_info", os.fspath(path).encode())


def version() -> str:
    """The library's release."""
    return F["version"]().decode()
