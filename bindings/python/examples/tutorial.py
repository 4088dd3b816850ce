"""The tutorial on MovieLens. Usage: tutorial.py FOLDER   (ratings.csv, users.csv, items.csv of ml-100k, with headings)

Needs: pip install interplay pandas
"""
import math
import pathlib
import sys
import tempfile

import pandas

from interplay import AutoInt, Dataset, InvalidArgumentError


def main(folder):
    ratings = pandas.read_csv(folder / "ratings.csv")
    train = ratings.sample(frac=0.8, random_state=1)
    test = ratings.drop(train.index)

    model = AutoInt(
        name="AutoInt",
        embedding_dim=32,
        attention_dim=32,
        num_heads=2,
        num_layers=3,
        dropout=0.1,
        epochs=20,
        batch_size=256,
        learning_rate=0.001,
    )
    model.fit(user_ids=train.user_id, item_ids=train.item_id, ratings=train.rating, verbose=True)

    print(f"user 196 and movie 242: {model.predict(user_id=196, item_id=242):.2f}")
    print("three pairs:", model.batch_predict([(196, 242), (186, 302), (22, 377)]))
    for item, score in model.recommend(user_id=196, top_k=10):
        print(f"  movie {item}: {score:.2f}")

    errors = model.batch_predict(test[["user_id", "item_id"]].to_numpy()) - test.rating
    rmse = math.sqrt((errors**2).mean())
    print(f"test RMSE {rmse:.4f}")

    with tempfile.TemporaryDirectory() as place:
        path = pathlib.Path(place) / "model.interplay"
        model.save(path)
        again = AutoInt.load(path)
    if again.predict(user_id=196, item_id=242) != model.predict(user_id=196, item_id=242):
        raise SystemExit("expected a loaded model to give the same score, found another")

    try:
        AutoInt(embeding_dim=32)
    except InvalidArgumentError as error:
        print("a wrong parameter:", error)
    return ratings, rmse


def with_features(folder, ratings):
    """The users' and items' features, the last fifth by time held out."""
    data = Dataset({"user": "user_id", "item": "item_id", "label": "rating", "time": "timestamp"}, ratings,
                   users=pandas.read_csv(folder / "users.csv").drop(columns="zip"),
                   items=pandas.read_csv(folder / "items.csv")[["item_id", "year"]])
    early, late = data.split("time", fraction=0.2)
    model = AutoInt(epochs=5).fit(early)
    found = model.evaluate(late)
    print(f"by time, with features: RMSE {found['metrics']['rmse']:.4f}, biases alone {found['baselines']['biases']:.4f}")
    strongest = max(model.explain(user_id=196, item_id=242)["contributions"], key=lambda line: line["mean_abs"])
    print(f"what made a score most: {strongest['field']}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    where = pathlib.Path(sys.argv[1])
    with_features(where, main(where)[0])
