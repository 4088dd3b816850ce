"""Estimators for scikit-learn: cross_val_score, GridSearchCV, pipelines.

    from interplay.sklearn import AutoIntRegressor
    cross_val_score(AutoIntRegressor(epochs=5, user="user_id", item="movie_id"), frame[["user_id", "movie_id"]], frame.rating)

Columns of X are fields: strings, integers and bools are categories, floats are numbers, lists are multi-valued. A NaN is missing.
Parameters are the engine's (help(interplay.AutoInt)), and two of the schema:

    user, item  columns of X with these roles, for engines that need them (popularity); None: X has features alone
"""
from __future__ import annotations

import inspect
from typing import Any

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from ._abi import Type
from ._dataset import Dataset
from ._model import Model, engine
from ._table import Table, is_null

__all__ = ["AutoIntClassifier", "AutoIntRegressor", "FMClassifier", "FMRegressor", "PopularityClassifier", "PopularityRegressor"]

_OWN = ("user", "item")
_LABEL = "label of the rows"  # a name that no column of X is likely to have


class _Estimator(BaseEstimator):
    """Parameters from the engine's schema; fit and the rows of X."""

    ENGINE = ""

    def __init_subclass__(cls, engine_name: str = "", **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if not engine_name:
            return
        cls.ENGINE = engine_name
        names = [*_OWN, *engine(engine_name)["parameters"]["properties"]]

        def __init__(self: Any, **params: Any) -> None:
            for name in params:
                if name not in names:
                    Model(engine_name, {name: params[name]})  # the library's error has the nearest
            for name in names:
                setattr(self, name, params.get(name))

        own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        __init__.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [own, *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None) for name in names)])
        cls.__init__ = __init__  # type: ignore[method-assign]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = tags.input_tags.string = tags.input_tags.categorical = True
        tags.non_deterministic = False
        return tags

    def _learn(self, X: Any, y: numpy.ndarray) -> None:
        params = {name: value for name, value in self.get_params(deep=False).items() if name not in _OWN}
        schema = {name: value for name in _OWN if (value := getattr(self, name)) is not None}
        rows = self._rows(X, set())
        rows._add(_LABEL, y.astype(numpy.float32), None)
        data = Dataset({**schema, "label": _LABEL}, rows)
        self.model_ = Model(self.ENGINE, params).fit(data)

    def _checked(self, X: Any, y: Any) -> Any:
        """sklearn's checks before fit."""
        if y is None or not _is_frame(X):
            return validate_data(self, X, y, dtype=None, ensure_all_finite="allow-nan", ensure_min_samples=2)
        return validate_data(self, X, skip_check_array=True), column_or_1d(y, warn=True)

    def _rows(self, X: Any, texts: set[str]) -> Table:
        """Columns under the names that they had in fit; those of an array are x0, x1, ... texts: those that fit saw strings in."""
        if isinstance(X, numpy.ndarray):
            columns = {f"x{number}": X[:, number] for number in range(X.shape[1])}
        elif type(X).__module__.partition(".")[0] == "pandas":
            columns = {str(name): X[name].to_numpy() for name in X.columns}
        else:
            return Table(X)
        return Table.typed(len(X), {name: _column(column, name in texts) for name, column in columns.items()})

    def _scores(self, X: Any, output: str | None = None) -> numpy.ndarray:
        check_is_fitted(self)
        keywords: dict[str, Any] = {"skip_check_array": True} if _is_frame(X) else {"dtype": None, "ensure_all_finite": "allow-nan"}
        texts = {field["name"] for field in self.model_.info["fields"] if field.get("type") == "string"}
        return self.model_.predict(self._rows(validate_data(self, X, reset=False, **keywords), texts), output=output)


def _is_frame(X: Any) -> bool:
    """A data frame, whose columns keep their own types; only its names and width are checked."""
    return hasattr(X, "columns") or hasattr(X, "__arrow_c_stream__")


def _missing(value: Any) -> bool:
    return is_null(value) or (isinstance(value, (float, numpy.floating)) and bool(numpy.isnan(value)))


def _column(column: numpy.ndarray, text: bool) -> tuple[Any, Type | None]:
    """The column for Table.typed. Numbers in an array of objects are numbers; strings stay strings, of digits too, since what a
    column is must not depend on the rows at hand. text: nulls alone are strings as well."""
    if column.dtype == object:
        values = [None if _missing(value) else value for value in column.tolist()]
        if any(isinstance(value, str) for value in values) or (text and all(value is None for value in values)):
            return values, Type.STRING
        try:
            return column.astype(numpy.float64), None
        except (TypeError, ValueError):
            return column, None
    return (column.astype(numpy.float32) if column.dtype == numpy.float16 else column), None


class _Regressor(RegressorMixin, _Estimator):
    def fit(self, X: Any, y: Any) -> Any:
        """Learn y from the rows of X. Few whole numbers are ratings, others a regression. Returns self."""
        X, y = self._checked(X, y)
        self._learn(X, numpy.asarray(y))
        return self

    def predict(self, X: Any) -> numpy.ndarray:
        """float64 scores in y's unit."""
        return self._scores(X).astype(numpy.float64)


class _Classifier(ClassifierMixin, _Estimator):
    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any) -> Any:
        """Learn which of two classes a row is of. Returns self."""
        X, y = self._checked(X, y)
        check_classification_targets(y)
        self.classes_, labels = numpy.unique(y, return_inverse=True)
        if len(self.classes_) > 2:
            raise ValueError(f"Only binary classification is supported. The type of the target is {type_of_target(y)}.")
        if len(self.classes_) < 2:
            raise ValueError(f"expected two classes in y, found one class: {self.classes_.tolist()}")
        self._learn(X, labels)
        return self

    def decision_function(self, X: Any) -> numpy.ndarray:
        """float64 logits: above 0 for the second class."""
        return self._scores(X, "logit").astype(numpy.float64)

    def predict_proba(self, X: Any) -> numpy.ndarray:
        """(rows, 2) probabilities of the classes."""
        second = self._scores(X).astype(numpy.float64)
        return numpy.stack([1 - second, second], 1)

    def predict(self, X: Any) -> numpy.ndarray:
        """The more likely class of each row."""
        logits = self.decision_function(X)
        return self.classes_[(logits > 0).astype(int)]


class AutoIntRegressor(_Regressor, engine_name="autoint"):
    """AutoInt for numbers; parameters of interplay.AutoInt."""


class AutoIntClassifier(_Classifier, engine_name="autoint"):
    """AutoInt for two classes; parameters of interplay.AutoInt."""


class FMRegressor(_Regressor, engine_name="fm"):
    """A factorization machine for numbers; parameters of interplay.FM."""


class FMClassifier(_Classifier, engine_name="fm"):
    """A factorization machine for two classes; parameters of interplay.FM."""


class PopularityRegressor(_Regressor, engine_name="popularity"):
    """A mean and biases of user and item; parameters of interplay.Popularity."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.regressor_tags.poor_score = True  # features alone teach it nothing
        return tags


class PopularityClassifier(_Classifier, engine_name="popularity"):
    """Likewise for two classes."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags
