"""ONNX Runtime scores what the library scores, from the caller's own values."""
import numpy
import pytest

import interplay

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")

# float32 on both sides, sums in another order; what the issue promises.
TOLERANCE = 1e-5


def scores_of(model, inputs):
    session = onnxruntime.InferenceSession(model.to_onnx().SerializeToString(), providers=["CPUExecutionProvider"])
    assert {one.name for one in session.get_inputs()} == set(inputs)
    return session.run(["scores"], inputs)[0]


def padded(lists, filler):
    longest = max(map(len, lists))
    return numpy.array([[*row, *[filler] * (longest - len(row))] for row in lists])


def test_ratings_by_ids_and_unknown_ones(attentive):
    users, items = numpy.array([1, 2, 3, 999]), numpy.array([5, 6, 999, 999])

    found = scores_of(attentive, {"user_id": users, "item_id": items})

    numpy.testing.assert_allclose(found, attentive.batch_predict(numpy.stack([users, items], 1)), atol=TOLERANCE)


@pytest.mark.parametrize("labels", ["clicks", "amounts"])
def test_strings_numbers_and_lists(labels, ratings, tmp_path):
    draw, n = numpy.random.default_rng(3), len(ratings["rating"])
    genres = [list(map(str, draw.choice(["a", "b", "c", "d"], draw.integers(0, 4), replace=False))) for _ in range(n)]
    rows = {"user_id": [f"u{user}" for user in ratings["user_id"]], "item_id": ratings["item_id"], "genres": genres,
            "age": numpy.where(draw.random(n) < 0.1, numpy.nan, draw.normal(40, 10, n)).astype(numpy.float32),
            "price": draw.lognormal(2, 1, n), "views": draw.lognormal(4, 2, n),
            "label": ratings["rating"] > 3 if labels == "clicks" else ratings["rating"] * 10.5 + draw.random(n)}
    rows["label"] = rows["label"].astype(numpy.float32)
    schema = {"user": "user_id", "item": "item_id", "label": "label",
              "fields": {"price": {"transform": "log"}, "views": {"transform": "log2"}}}
    model = interplay.AutoInt(embedding_dim=8, attention_dim=8, epochs=2, learning_rate=0.01).fit(rows, schema=schema)
    model.to_onnx(tmp_path / "model.onnx")

    part = {name: column[:100] for name, column in rows.items() if name != "label"}
    part["user_id"][3], part["genres"][4], part["genres"][5] = "nobody", [], ["nothing", "a"]
    inputs = {name: numpy.asarray(column) for name, column in part.items() if name != "genres"}
    inputs.update(user_id=inputs["user_id"].astype(object), price=inputs["price"].astype(numpy.float32),
                  views=inputs["views"].astype(numpy.float32), genres=padded(part["genres"], "").astype(object),
                  genres_length=numpy.array([len(row) for row in part["genres"]]))
    expected = model.predict(part)

    assert (tmp_path / "model.onnx").stat().st_size > 1000
    numpy.testing.assert_allclose(scores_of(model, inputs), expected, atol=TOLERANCE * max(1, abs(expected).max()))


def test_what_the_graph_does_not_do_is_refused(ratings, biases):
    with pytest.raises(interplay.UnsupportedError, match="popularity"):
        interplay.Recommender.of(biases).to_onnx()
    paper = interplay.AutoInt(preset="paper", epochs=1).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"])
    with pytest.raises(interplay.UnsupportedError, match="score_scale"):
        paper.to_onnx()
