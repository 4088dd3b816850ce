"""What the classes of the engines (AutoInt, FM, Popularity) share: a model that can be fitted in place, and the pairs of the tutorial."""
from __future__ import annotations

import os
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, overload

import numpy

from ._arrow import is_frame
from ._dataset import Dataset
from ._model import Model
from ._run import Monitor, Progress
from ._table import Table, table_of
from .errors import InvalidArgumentError
from .explanation import Explanation
from .history import History
from .scorer import PairScorer

if TYPE_CHECKING:
    from typing_extensions import Self

Id = int | str
_ABSENT: Any = object()  # None is a null, which scores as an unknown user or item


class Recommender:
    """A model under a name. Everything that Model does is at `.model`; fit and update put a new one there.

    name      yours; the file does not have it
    **params  the engine's parameters; what is not given has the engine's default
    Raises InvalidArgumentError for a wrong parameter, with the nearest right one.
    """

    ENGINE: ClassVar[str] = ""

    def __init__(self, name: str | None = None, **params: Any) -> None:
        self.name = name or self.ENGINE
        self._params = {key: value for key, value in params.items() if value is not None}
        self._put(Model(self.ENGINE, self._params))

    def _put(self, model: Model) -> None:
        self.model = model
        self._local = threading.local()  # a scorer serves one thread

    # ---- learn

    def fit(self, interactions: Any = None, *, user_ids: Any = None, item_ids: Any = None, ratings: Any = None, users: Any = None,
            items: Any = None, schema: dict[str, Any] | None = None, valid: Dataset | None = None, threads: int | None = None,
            verbose: bool = False, progress: Progress | None = None, monitor: Monitor | None = None) -> Self:
        """Learn anew. Either three columns:

        user_ids, item_ids  ids, int64 or strings, of equal length: arrays, lists, or columns of a data frame
        ratings             numbers; None: every pair is a positive one, and unseen items are drawn as negatives
                            Columns are called user_id, item_id, rating, or what a data frame's columns are called.
        or one of these:

        interactions        a Dataset, or a data frame with schema={"user": ..., "item": ..., "label": ...}
        schema              further keys for Dataset: "time", "features", "histories", ...

        users, items        data frames with the id column and features: strings, integers and lists are categories, floats numbers
        valid               a Dataset to choose the best epoch by; None: a tenth of the rows is held out
        threads             None: what affinity and the CPU quota allow; the result does not depend on it
        verbose, progress   a tqdm bar; a function of each event (a dict), a true result of which cancels
        monitor             to watch and cancel from another thread, in place of these two
        Ctrl-C cancels, and leaves everything as it was. Returns self.
        """
        data = self._dataset(interactions, user_ids, item_ids, ratings, users, items, schema)
        self._put(Model(self.ENGINE, self._params).fit(data, valid, threads=threads, verbose=verbose, progress=progress, monitor=monitor))
        return self

    def partial_fit(self, interactions: Any = None, *, user_ids: Any = None, item_ids: Any = None, ratings: Any = None,
                    users: Any = None, items: Any = None, schema: dict[str, Any] | None = None, valid: Dataset | None = None,
                    threads: int | None = None, verbose: bool = False, progress: Progress | None = None,
                    monitor: Monitor | None = None) -> Self:
        """Go on from what was learned, with more data: arguments as for fit. Known ids keep their places, new ones are added."""
        if self.model.info["fitted"] and schema is None and not isinstance(interactions, Dataset):
            schema = self._schema()
        data = self._dataset(interactions, user_ids, item_ids, ratings, users, items, schema)
        self._put(self.model.fit(data, valid, threads=threads, verbose=verbose, progress=progress, monitor=monitor))
        return self

    @staticmethod
    def _dataset(interactions: Any, user_ids: Any, item_ids: Any, ratings: Any, users: Any, items: Any,
                 schema: dict[str, Any] | None) -> Dataset:
        columns_given = {"user_ids": user_ids, "item_ids": item_ids, "ratings": ratings}
        parts_given = {"users": users, "items": items, "schema": schema}
        if isinstance(interactions, Dataset):
            _expect_none("a Dataset, which has all of that in it", {**columns_given, **parts_given})
            return interactions
        if interactions is not None:
            _expect_none("a data frame, whose columns the schema names", columns_given)
            if schema is None:
                raise TypeError('expected schema={"user": ..., "item": ..., "label": ...} beside a data frame, found none')
            return Dataset(schema, interactions, users, items)
        if user_ids is None or item_ids is None:
            raise TypeError("expected user_ids= and item_ids= (and ratings=), or interactions")
        columns: dict[str, Any] = {}
        roles = dict(schema or {})
        for role, default, column in (("user", "user_id", user_ids), ("item", "item_id", item_ids), ("label", "rating", ratings)):
            if column is not None:
                name = roles.setdefault(role, _name_of(column, default, columns))
                columns[name] = column if hasattr(column, "__array__") or isinstance(column, list) else list(column)
        return Dataset(roles, columns, users, items)

    # ---- use

    @overload
    def predict(self, rows: None = None, *, user_id: Id | None, item_id: Id | None) -> float: ...

    @overload
    def predict(self, rows: Any) -> numpy.ndarray: ...

    def predict(self, rows: Any = None, *, user_id: Id | None = _ABSENT, item_id: Id | None = _ABSENT) -> Any:
        """The score of one pair, a float; or of rows (a data frame with the schema's columns), a float32 array.

        In the label's unit for ratings, a probability for clicks. Unknown ids, and None, score through the trained unknown value.
        """
        if rows is not None:
            return self.batch_predict(table_of(rows))
        _expect_both(user_id, item_id)
        try:
            scorer = self._local.scorer
        except AttributeError:
            scorer = self._local.scorer = PairScorer(self.model)
        return scorer(user_id, item_id)

    def batch_predict(self, pairs: Any, *, threads: int | None = None) -> numpy.ndarray:
        """float32 scores of pairs: a list of (user, item), an array of two columns, or a data frame with the schema's columns."""
        return self.model.predict(self._rows(pairs), threads=threads)

    def _with_ids(self, rows: Table) -> Table:
        """A column that is absent scores as unknown, which is for features. Of users and items it is a slip."""
        schema = self._schema()
        ids = [schema[role] for role in ("user", "item") if role in schema]
        missing = [name for name in ids if name not in rows.names]
        if missing:
            raise InvalidArgumentError(f'expected the columns {" and ".join(ids)}, found {", ".join(rows.names) or "none"}: a column '
                                       f"{missing[0]} of nulls scores unknown ones, and so does model.predict without it")
        return rows

    def recommend(self, user_id: Id, top_k: int = 10, *, exclude_seen: bool = True, exclude: Iterable[Id] = (),
                  candidates: Any = None) -> list[tuple[Id, float]]:
        """[(item, score), ...]: the best that the user has not seen, best first. Many users at once: model.recommend.

        exclude     more items to leave out
        candidates  items to choose from: ids, or a data frame with the item column and any features; None: the catalogue
        """
        schema = self._schema()
        if candidates is not None and not is_frame(candidates):
            if not isinstance(candidates, Iterable):
                raise TypeError(f"expected item ids or a data frame as candidates, found {candidates!r:.60}")
            candidates = {schema["item"]: candidates if hasattr(candidates, "__array__") else list(candidates)}
        request: dict[str, Any] = {schema["user"]: [user_id]}
        exclude = list(exclude)
        if exclude:
            request["exclude"] = [exclude]
        best = self.model.recommend(request, candidates, k=top_k, exclude_seen=exclude_seen, exclude="exclude" if exclude else None)
        items, scores = best[schema["item"]], best["score"]
        return list(zip(items.tolist() if isinstance(items, numpy.ndarray) else items, scores.tolist()))

    def evaluate(self, dataset: Dataset, *, k: int | None = None, relevant: float | None = None) -> dict[str, Any]:
        """Metrics on a sealed Dataset, beside two baselines; with k also those of ranking. See Model.evaluate."""
        return self.model.evaluate(dataset, k=k, relevant=relevant)

    def explain(self, rows: Any = None, *, user_id: Id | None = _ABSENT, item_id: Id | None = _ABSENT, **options: Any) -> Explanation:
        """What made the score of one pair, or of rows: pairs or a data frame, as for batch_predict. Options as for
        Model.explain; .plot() draws it."""
        if rows is None:
            _expect_both(user_id, item_id)
            rows = [(user_id, item_id)]
        return self.model.explain(self._rows(rows), **options)

    def _rows(self, pairs: Any) -> Table:
        """Pairs under the schema's names; a data frame as it is."""
        if is_frame(pairs):
            return self._with_ids(table_of(pairs))
        users, items = _two_columns(pairs)
        schema = self._schema()
        return table_of({schema["user"]: users, schema["item"]: items})

    def _schema(self) -> dict[str, Any]:
        if not self.model.info["fitted"]:
            self.model.predict_pairs([], [])  # the library says what is missing
        return self.model.info["schema"]

    def update(self, part: str, data: Any, *, action: str | None = None) -> Self:
        """Change the catalogue ("users", "items") or what was "seen", not the weights; see Model.update. Returns self."""
        self._put(self.model.update(part, data, action=action))
        return self

    # ---- look at it, keep it

    @property
    def info(self) -> dict[str, Any]:
        """Model.info: parameters, schema, fields, training, warnings."""
        return self.model.info

    @property
    def history(self) -> History:
        """The epochs of the last training: a list of dicts, with plot()."""
        return History(self.model.info)

    def save(self, path: str | os.PathLike, *, seen: bool | None = None, optimizer: bool | None = None,
             tables: str | None = None) -> None:
        """Write the model to one file. seen=False leaves out what users have seen, which is personal data; tables: embeddings
        as float32, bfloat16 or int8."""
        self.model.save(path, seen=seen, optimizer=optimizer, tables=tables)

    @classmethod
    def load(cls, path: str | os.PathLike, *, mmap: bool | None = None, verify: bool | None = None, name: str | None = None) -> Self:
        """One from a file of save; mmap=True maps it instead of reading it, so that processes share the memory. A map is trusted,
        since to check its bytes is to read them: verify=True does, and a file from elsewhere wants it."""
        return cls.of(Model.load(path, mmap=mmap, verify=verify), name)

    @classmethod
    def of(cls, model: Model, name: str | None = None) -> Self:
        """One around a model: of Assembly.finish(), say."""
        engine = model.info["engine"]["name"]
        if cls.ENGINE not in ("", engine):
            raise InvalidArgumentError(f"expected a model of the engine {cls.ENGINE}, found one of {engine}: "
                                       "interplay.Recommender.load takes any")
        self = cls.__new__(cls)
        self.name, self._params = name or engine, model.info["parameters"]
        self.ENGINE = engine  # type: ignore[misc]
        self._put(model)
        return self

    def to_onnx(self, path: str | os.PathLike | None = None) -> Any:
        """The model as an ONNX graph (see interplay.onnx.to_onnx), written to a file if there is a path."""
        from .onnx import to_onnx

        return to_onnx(self.model, path)

    def close(self) -> None:
        """Give the memory back now."""
        self._put(self.model)
        self.model.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple:
        if not self.model.info["fitted"]:
            return _again, (type(self), self.name, self._params)
        return type(self).of, (self.model, self.name)

    def __repr__(self) -> str:
        return f"<interplay.{type(self).__name__} {self.name!r}, {self.model!r}>"


def _again(kind: type[Recommender], name: str, params: dict[str, Any]) -> Recommender:
    return kind(name, **params)


def _expect_none(beside: str, given: dict[str, Any]) -> None:
    found = [name + "=" for name, value in given.items() if value is not None]
    if found:
        raise TypeError(f'expected interactions alone, found {", ".join(found)} beside {beside}')


def _expect_both(user_id: Any, item_id: Any) -> None:
    if user_id is _ABSENT or item_id is _ABSENT:
        raise TypeError("expected user_id= and item_id=, or rows; a user or an item of None scores as an unknown one")


def _name_of(column: Any, default: str, taken: dict[str, Any]) -> str:
    """What a data frame calls the column."""
    name = getattr(column, "name", None)
    return name if isinstance(name, str) and name and name not in taken else default


def _two_columns(pairs: Any) -> tuple[Any, Any]:
    if isinstance(pairs, numpy.ndarray):
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            raise TypeError(f"expected an array of two columns, user and item, found the shape {pairs.shape}")
        return pairs[:, 0], pairs[:, 1]
    try:
        pairs = list(pairs)
        users, items = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    except (TypeError, IndexError):
        raise TypeError(f"expected pairs of (user, item) or a data frame, found {pairs!r:.60}") from None
    if any(len(pair) != 2 for pair in pairs):
        raise TypeError("expected pairs of (user, item), found one of another length")
    return users, items
