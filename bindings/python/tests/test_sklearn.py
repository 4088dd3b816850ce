"""The estimators keep scikit-learn's contract, and work in its searches."""
import numpy
import pytest

pytest.importorskip("sklearn")
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import estimator_checks_generator

import interplay
from interplay.sklearn import AutoIntClassifier, AutoIntRegressor, FMClassifier, FMRegressor, PopularityClassifier, PopularityRegressor

SMALL = {"embedding_dim": 8, "attention_dim": 8, "num_layers": 1, "batch_size": 16, "epochs": 40, "learning_rate": 0.02}
ESTIMATORS = [AutoIntRegressor(**SMALL), AutoIntClassifier(**SMALL), FMRegressor(epochs=40, batch_size=16, learning_rate=0.02),
              FMClassifier(epochs=40, batch_size=16, learning_rate=0.02), PopularityRegressor(), PopularityClassifier()]


def checks():
    for estimator in ESTIMATORS:
        for instance, check in estimator_checks_generator(estimator, legacy=True, mark=None):
            name = getattr(check, "func", check).__name__
            yield pytest.param(instance, check, id=f"{type(estimator).__name__}-{name}")


@pytest.mark.parametrize(("estimator", "check"), list(checks()))
def test_check_estimator(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def frame(ratings):
    pandas = pytest.importorskip("pandas")
    return pandas.DataFrame(ratings)


def test_cross_val_score_finds_the_planted_sides(frame):
    scores = cross_val_score(AutoIntRegressor(user="user_id", item="item_id", epochs=20, learning_rate=0.01),
                             frame[["user_id", "item_id"]], frame.rating, cv=3)

    assert len(scores) == 3 and min(scores) > 0.3  # R^2; biases alone reach 0


def test_grid_search_chooses_by_the_planted_sides(frame):
    search = GridSearchCV(AutoIntClassifier(epochs=20, learning_rate=0.01), {"num_layers": numpy.array([0, 1])}, cv=2, scoring="roc_auc")
    search.fit(frame[["user_id", "item_id"]], frame.rating > 3)

    assert search.best_params_ == {"num_layers": 1}  # a linear model cannot see whether two sides agree
    assert search.best_score_ > 0.8


def test_a_role_makes_popularity_work(frame):
    model = PopularityRegressor(user="user_id", item="item_id").fit(frame[["user_id", "item_id"]], frame.rating)

    assert model.model_.info["schema"]["user"] == "user_id"
    assert numpy.isfinite(model.predict(frame[["user_id", "item_id"]])).all()


def test_strings_of_digits_are_categories_whatever_the_other_rows_have():
    pandas = pytest.importorskip("pandas")
    for make in (lambda values: pandas.DataFrame({"code": pandas.Series(values, dtype=object)}),
                 lambda values: numpy.array([[value] for value in values], object)):
        model = FMRegressor(epochs=1).fit(make(["12", "a7", None, "12"]), [1.5, 2.25, 3, 1])

        every = model.predict(make(["12", "a7", None])).tolist()
        assert [model.predict(make([value]))[0] for value in ("12", "a7", None)] == every  # a batch of one has the same types

        (field,) = FMRegressor(epochs=1).fit(make(["12", "13", "14", "12"]), [1.5, 2.25, 3, 1]).model_.info["fields"]
        assert (field["kind"], field["type"]) == ("category", "string")


def test_a_nan_among_strings_is_a_null(frame):
    pandas = pytest.importorskip("pandas")
    rows = pandas.DataFrame({"code": pandas.Series(["a", numpy.nan, "b", numpy.nan], dtype=object)})
    with_none = rows.astype(object).where(rows.notna(), None)

    model = FMRegressor(epochs=1).fit(rows, [1.5, 2.25, 3, 1])

    assert model.predict(rows).tolist() == model.predict(with_none).tolist()
    assert len(set(model.predict(rows))) == 3


def test_numbers_among_objects_stay_numbers_and_lists_lists(frame):
    pandas = pytest.importorskip("pandas")
    rows = pandas.DataFrame({"x": pandas.Series([1, None, 2.5, 3], dtype=object), "tags": [["a"], numpy.array(["a", "b"]), [], ["c"]]})

    fields = FMRegressor(epochs=1).fit(rows, [1.5, 2.25, 3, 1]).model_.info["fields"]

    assert [field["kind"] for field in fields] == ["number", "categories"]


def test_the_parameters_are_the_engines():
    names = set(interplay.engine("autoint")["parameters"]["properties"])

    assert set(AutoIntRegressor().get_params()) == names | {"user", "item"}
    with pytest.raises(interplay.InvalidArgumentError, match="epochs"):
        AutoIntRegressor(epoch=3)
