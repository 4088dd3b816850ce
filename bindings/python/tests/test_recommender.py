"""The tutorial, as its users write it, and what stands around it."""
import importlib.util
import pickle

import numpy
import pytest

import interplay
from interplay import AutoInt

TUTORIAL = {"name": "movies", "embedding_dim": 32, "attention_dim": 32, "num_heads": 2, "num_layers": 3, "dropout": 0.1,
            "batch_size": 256, "learning_rate": 0.001}


@pytest.fixture(scope="module")
def model(ratings):
    return AutoInt(**TUTORIAL, epochs=2).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"], ratings=ratings["rating"])


def test_one_pair_and_many_score_alike(model):
    batch = model.batch_predict([(1, 2), (3, 4), (999, 4)])

    assert [model.predict(user_id=u, item_id=i) for u, i in [(1, 2), (3, 4), (999, 4)]] == batch.tolist()
    assert all(1 <= score <= 5 for score in batch)
    assert model.batch_predict(numpy.array([[1, 2], [3, 4]])).tolist() == batch[:2].tolist()
    assert model.batch_predict({"user_id": [1, 3], "item_id": [2, 4]}).tolist() == batch[:2].tolist()


def test_recommendations_are_unseen_and_best_first(model, ratings):
    best = model.recommend(user_id=1, top_k=10)
    seen = set(ratings["item_id"][ratings["user_id"] == 1].tolist())

    assert all(item not in seen for item, _ in best)
    assert [score for _, score in best] == sorted((score for _, score in best), reverse=True)
    assert model.predict(user_id=1, item_id=best[0][0]) == pytest.approx(best[0][1], abs=1e-5)
    assert best[0][0] not in dict(model.recommend(1, 10, exclude=[best[0][0]]))
    assert len(model.recommend(1, 100, exclude_seen=False)) == 40


def test_candidates_are_ids_or_a_frame(model):
    among = model.recommend(user_id=1, candidates=[3, 5, 7], exclude_seen=False)

    assert sorted(item for item, _ in among) == [3, 5, 7]
    same_ids = [(3, 5, 7), {3, 5, 7}, iter([3, 5, 7]), numpy.array([3, 5, 7]), {"item_id": [3, 5, 7]}]
    for library in ("pandas", "polars"):
        if importlib.util.find_spec(library):
            frames = importlib.import_module(library)
            same_ids += [frames.Series([3, 5, 7]), frames.DataFrame({"item_id": [3, 5, 7]})]
    for same in same_ids:
        assert dict(model.recommend(user_id=1, candidates=same, exclude_seen=False)) == dict(among)


def test_what_are_no_pairs_and_no_candidates(model):
    for wrong in (5, [1, 2], "ab", [(1, 2, 3)]):
        with pytest.raises(TypeError, match="expected pairs of"):
            model.batch_predict(wrong)
    with pytest.raises(TypeError, match="item ids .*, found 5"):
        model.recommend(1, candidates=5)


def test_pairs_are_explained_like_a_frame(model):
    assert model.explain([(1, 2), (3, 4)]) == model.explain({"user_id": [1, 3], "item_id": [2, 4]})
    assert model.explain(user_id=1, item_id=2) == model.explain([(1, 2)])
    with pytest.raises(TypeError, match="item_id="):
        model.explain(user_id=1)


def test_all_is_a_number_too(model):
    assert len(model.recommend(1, 2**31, exclude_seen=False)) == 40
    assert len(model.model.recommend_user(1, 2**62)[0]) < 40  # without those that user 1 has seen
    scorer = model.model.scorer()
    assert len(scorer.top([1], 2**62)[0]) == len(model.model.recommend_user(1, 40)[0])
    assert scorer.top([1], 2**62, [5, 7])[0].tolist() in ([0, 1], [1, 0])
    for k in (0, -1):
        for refused in (lambda k=k: model.model.recommend_user(1, k), lambda k=k: scorer.top([1], k)):
            with pytest.raises(interplay.InvalidArgumentError, match="k"):
                refused()


def test_an_id_of_more_than_64_bits_is_no_other(model):
    for user in (2**64 + 1, -2**63 - 1):
        with pytest.raises(interplay.InvalidArgumentError, match=f"64 bits.* found {user}"):
            model.predict(user_id=user, item_id=2)
        with pytest.raises(interplay.InvalidArgumentError, match=f"64 bits.* found {user}"):
            model.model.recommend_user(user)
        for ids in ([user], [user, 1]):
            with pytest.raises(interplay.InvalidArgumentError, match=f"64 bits.* found {user}"):
                model.model.predict_pairs(ids, [2] * len(ids))
    for ids in ([2**63], [2**63, -1], numpy.array([2**63], numpy.uint64)):
        with pytest.raises(interplay.InvalidArgumentError, match=f"64 bits.* found {2**63}"):
            model.model.predict_pairs(ids, [2])
    with pytest.raises(interplay.InvalidArgumentError, match="64 bits"):
        model.model.scorer().item(2**64)


def test_recommend_user_takes_whole_numbers_of_any_make(model):
    expected = model.model.recommend_user(1)[0].tolist()

    for user in (numpy.int64(1), numpy.uint8(1)):
        assert model.model.recommend_user(user)[0].tolist() == expected
    for user in ("1", 1.0, None):
        with pytest.raises(TypeError, match="user: expected a whole number, found .*; string ids go through"):
            model.model.recommend_user(user)


def test_a_matrix_is_no_column_of_ids(model):
    with pytest.raises(TypeError, match="users: expected one dimension, found 2"):
        model.model.predict_pairs(numpy.zeros((2, 2), int), [1, 2, 3, 4])


def test_a_file_scores_the_same(model, tmp_path):
    model.save(tmp_path / "model.interplay")

    for mmap in (False, True):
        loaded = AutoInt.load(tmp_path / "model.interplay", mmap=mmap)
        assert loaded.predict(user_id=1, item_id=2) == model.predict(user_id=1, item_id=2)
    assert interplay.Recommender.load(tmp_path / "model.interplay", name="mine").name == "mine"
    with pytest.raises(interplay.InvalidArgumentError, match="autoint"):
        interplay.FM.load(tmp_path / "model.interplay")


@pytest.mark.parametrize("tables", ["bfloat16", "int8"])
def test_tables_in_fewer_bits_score_nearly_the_same(model, tmp_path, tables):
    model.save(tmp_path / "narrow.interplay", tables=tables)

    loaded = interplay.Model.load(tmp_path / "narrow.interplay", mmap=True, prefault=True)
    assert loaded.info["tables"] == tables
    assert AutoInt.of(loaded).predict(user_id=1, item_id=2) == pytest.approx(model.predict(user_id=1, item_id=2), abs=0.03)


def test_pickling_keeps_the_scores(model):
    again = pickle.loads(pickle.dumps(model))

    assert (again.name, again.predict(user_id=1, item_id=2)) == ("movies", model.predict(user_id=1, item_id=2))
    assert pickle.loads(pickle.dumps(AutoInt(epochs=3))).info["parameters"]["epochs"] == 3


def test_string_ids_and_the_names_of_a_data_frame(ratings):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"reader": [f"r{u}" for u in ratings["user_id"]], "book": [f"b{i}" for i in ratings["item_id"]],
                              "stars": ratings["rating"]})
    books = pandas.DataFrame({"book": [f"b{i}" for i in range(40)], "genre": ["odd" if i % 2 else "even" for i in range(40)]})

    model = AutoInt(epochs=1).fit(user_ids=frame.reader, item_ids=frame.book, ratings=frame.stars, items=books)

    assert model.info["schema"] == {"user": "reader", "item": "book", "label": "stars"}
    assert [field["name"] for field in model.info["fields"]] == ["reader", "book", "genre"]
    one = model.batch_predict(pandas.DataFrame({"reader": ["r1"], "book": ["b2"]}))
    assert model.predict(user_id="r1", item_id="b2") == pytest.approx(float(one[0]))
    assert model.recommend("r1", 1)[0][0].startswith("b")
    with pytest.raises(interplay.BadDataError, match="reader"):
        model.predict(user_id=1, item_id="b2")


def test_clicks_without_ratings(ratings):
    model = AutoInt(epochs=1).fit(user_ids=ratings["user_id"].tolist(), item_ids=ratings["item_id"].tolist())

    assert model.info["objective"]["kind"] == "binary"
    assert 0 < model.predict(user_id=1, item_id=2) < 1


def test_split_by_time_and_metrics(ratings):
    schema = {"user": "user_id", "item": "item_id", "label": "rating", "time": "time"}
    train, test = interplay.Dataset(schema, ratings).split("time", 0.2)

    report = interplay.Popularity().fit(train).evaluate(test, k=5)

    assert (train.info["rows"], test.info["rows"], report["rows"]) == (1600, 400, 400)
    assert {"rmse", "ndcg@5"} <= set(report["metrics"])


def test_a_frame_with_a_schema_and_going_on(ratings):
    schema = {"user": "user_id", "item": "item_id", "label": "rating"}
    model = AutoInt(epochs=1).fit(ratings, schema={**schema, "ignore": ["time"]})
    first = model.info

    model.partial_fit({**ratings, "user_id": ratings["user_id"] + 1000})

    assert model.info["parent"] == first["id"]
    assert model.info["catalogue"]["users"] == 2 * first["catalogue"]["users"]


def test_curves_and_explanations_can_be_drawn(model):
    pytest.importorskip("matplotlib").use("Agg")

    curves = model.history.plot()
    explanation = model.explain(user_id=1, item_id=2)
    figure = explanation.plot()

    assert len(model.history) == 2 and [line.get_label() for line in curves.get_lines()][:2] == ["training", "validation"]
    assert explanation.names == ["user_id", "item_id"]
    numpy.testing.assert_allclose(explanation.attention(layer=0).sum(1), 1, atol=1e-6)
    assert len(figure.axes) == 3  # heat map, its colours, bars


def test_before_fit_the_library_says_so():
    for call in (lambda m: m.predict(user_id=1, item_id=2), lambda m: m.recommend(1), lambda m: m.batch_predict([(1, 2)])):
        with pytest.raises(interplay.InvalidStateError, match="fit"):
            call(AutoInt())


def test_update_changes_what_is_recommended(model):
    best = model.recommend(1, 1)[0][0]
    other = interplay.Recommender.of(model.model).update("seen", {"user_id": [1], "item_id": [best]})

    assert other.recommend(1, 1)[0][0] != best == model.recommend(1, 1)[0][0]


def test_users_and_items_beside_ids_are_features_of_the_catalogue(ratings):
    users = {"user_id": list(range(60)), "age": [20.0 + user % 7 for user in range(60)]}
    model = AutoInt(epochs=1).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"], ratings=ratings["rating"], users=users,
                                  items={"item_id": list(range(40)), "genre": ["odd" if item % 2 else "even" for item in range(40)]})

    assert [(field["name"], field["of"]) for field in model.info["fields"]] == [
        ("user_id", "user"), ("item_id", "item"), ("age", "user"), ("genre", "item")]
    # A user's own age comes from the catalogue; a row may say another.
    here, other = ({"user_id": [1], "item_id": [2], "age": [age]} for age in (21.0, 90.0))
    assert model.predict(user_id=1, item_id=2) == model.predict(here)[0] != model.predict(other)[0]


@pytest.mark.parametrize(("beside", "names"), [
    ({"schema": {"user": "a"}}, "schema="), ({"users": {}, "items": {}}, "users=, items="), ({"user_ids": [1]}, "user_ids="),
    ({"ratings": [1.0]}, "ratings=")])
def test_what_stands_beside_a_dataset_is_refused_rather_than_ignored(beside, names, dataset):
    for learn in (interplay.Popularity().fit, interplay.Popularity().fit(dataset).partial_fit):
        with pytest.raises(TypeError, match=f"interactions alone, found {names} beside a Dataset"):
            learn(dataset, **beside)


@pytest.mark.parametrize("name", ["user_ids", "item_ids", "ratings"])
def test_columns_beside_a_frame_are_refused_rather_than_ignored(name, ratings):
    schema = {"user": "user_id", "item": "item_id", "label": "rating"}
    with pytest.raises(TypeError, match=f"interactions alone, found {name}= beside a data frame"):
        interplay.Popularity().fit(ratings, schema=schema, **{name: ratings["rating"]})


def test_going_on_with_a_dataset(ratings, dataset):
    model = AutoInt(epochs=1).fit(dataset)
    first = model.info["id"]

    assert model.partial_fit(dataset).info["parent"] == first


def test_a_misspelt_id_is_refused_and_a_null_is_unknown(model):
    for rows in ({"user_id": [1], "movie": [2]}, {"user": [1], "item_id": [2]}):
        for call in (model.batch_predict, model.predict):
            with pytest.raises(interplay.InvalidArgumentError, match=r"expected the columns user_id and item_id, found "):
                call(rows)
    for given in ({"user_id": 1}, {"item_id": 2}, {}):
        with pytest.raises(TypeError, match="user_id= and item_id="):
            model.predict(**given)
    assert model.predict(user_id=1, item_id=None) == model.batch_predict({"user_id": [1], "item_id": [None]})[0]


def test_what_is_no_dataset_is_named(model, ratings):
    with pytest.raises(TypeError, match=r"dataset: expected an interplay.Dataset, found dict"):
        model.evaluate({"user_id": [1]})
    with pytest.raises(TypeError, match=r"valid: expected an interplay.Dataset"):
        AutoInt(epochs=1).fit(user_ids=[1], item_ids=[2], ratings=[3], valid={"user_id": [1]})


def test_a_map_is_checked_when_asked(model, tmp_path):
    path = tmp_path / "model.interplay"
    model.save(path)
    damaged = bytearray(path.read_bytes())
    damaged[-1] ^= 1
    path.write_bytes(damaged)
    with pytest.raises(interplay.CorruptError):
        AutoInt.load(path, mmap=True, verify=True)


def test_a_monitor_cancels_a_fit(ratings):
    monitor = interplay.Monitor()
    monitor.cancel()
    with pytest.raises(interplay.CancelledError):
        AutoInt(epochs=1000).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"], ratings=ratings["rating"], monitor=monitor)
