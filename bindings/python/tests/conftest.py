"""Small planted data for all tests."""
import numpy
import pytest

import interplay


def planted(n_users=60, n_items=40, rows=2000, seed=1):
    """Ratings 1 .. 5: users and items have a taste and a side, which agree or not."""
    draw = numpy.random.default_rng(seed)
    users, items = draw.integers(0, n_users, rows), draw.integers(0, n_items, rows)
    likes = numpy.where((users + items) % 2 == 0, 1.2, -1.2)
    ratings = numpy.clip(numpy.round(3 + likes + draw.normal(0, 0.4, rows)), 1, 5).astype(numpy.float32)
    return {"user_id": users, "item_id": items, "rating": ratings, "time": numpy.arange(rows)}


@pytest.fixture(scope="session")
def ratings():
    return planted()


@pytest.fixture(scope="session")
def dataset(ratings):
    return interplay.Dataset({"user": "user_id", "item": "item_id", "label": "rating", "time": "time"}, ratings)


@pytest.fixture(scope="session")
def biases(dataset):
    return interplay.Model("popularity").fit(dataset)


@pytest.fixture(scope="session")
def attentive(ratings):
    return interplay.AutoInt(embedding_dim=8, attention_dim=8, num_layers=2, epochs=3, learning_rate=0.01).fit(
        user_ids=ratings["user_id"], item_ids=ratings["item_id"], ratings=ratings["rating"])
