"""Every pair of MovieLens scored and ten films for every user, on a cluster inside this machine: are the bits those of one
process, and how many rows a second? Usage: movielens.py FOLDER [--model FILE] [--workers 1,2,4] [--users N]

FOLDER has ratings.csv, users.csv and movies.csv of ml-1m, with headings. Needs: pip install 'pyspark[sql]' and the wheel.
"""
import argparse
import os
import pathlib
import sys
import tempfile
import time

import interplay
import pyarrow
from interplay_spark import ModelOnSpark
from pyarrow import compute, csv
from pyspark.sql import SparkSession

ROUNDS = 3
PARTS = 16  # a multiple of every number of workers, and more: the last to end should not end long after the others


def fitted(folder, ratings, path):
    """A model of a tenth of the ratings: enough here, where what it says matters less than what it costs."""
    movies = csv.read_csv(folder / "movies.csv")
    movies = movies.set_column(movies.column_names.index("genres"), "genres", compute.split_pattern(movies["genres"], "|"))
    tenth = ratings.take(pyarrow.array(range(0, len(ratings), 10)))
    data = interplay.Dataset({"user": "user_id", "item": "movie_id", "label": "rating"}, tenth,
                             users=csv.read_csv(folder / "users.csv").drop_columns("zip"),
                             items=movies.select(["movie_id", "year", "genres"]))
    interplay.AutoInt(epochs=1).fit(data).save(path)


def cluster(workers):
    """Workers with one core each: processes of their own that speak over the loopback, as machines would over the network."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # the Python of the workers: the one that has the wheel
    return (SparkSession.builder.master(f"local-cluster[{workers},1,1024]").appName("interplay")
            .config("spark.ui.enabled", "false").config("spark.scheduler.minRegisteredResourcesRatio", "1").getOrCreate())


def timed(run, rounds=1):
    """(what it returned, seconds of the fastest round)."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - start)
    return answer, min(seconds)


def alone(path, pairs, users):
    """What one process says, one thread, without Spark."""
    model = interplay.Model.load(path, mmap=True)
    scores, scoring = timed(lambda: model.predict(pairs), ROUNDS)
    best, recommending = timed(lambda: pyarrow.table(model.recommend(users)))
    report("one process, no Spark", len(pairs) / scoring, len(users) / recommending)
    return pairs.append_column("score", pyarrow.array(scores)), best.set_column(0, "user_id", users["user_id"].take(best["row"]))


def on_workers(workers, path, pairs, users, expected):
    spark = cluster(workers)
    try:
        spark.sparkContext.setLogLevel("ERROR")
        pairs, users = (spark.createDataFrame(table).repartition(PARTS).cache() for table in (pairs, users))
        n_pairs, n_users = pairs.count(), users.count()  # into the cache, outside of what is timed
        model = ModelOnSpark(spark, path)
        scored = model.score(pairs)
        compare(scored.toArrow(), expected[0], ["user_id", "movie_id"], workers)  # starts Python and opens the model, too
        _, scoring = timed(scored.write.format("noop").mode("overwrite").save, ROUNDS)
        best, recommending = timed(model.recommend(users).toArrow)
        compare(best, expected[1], ["user_id", "rank"], workers)
        report(f"{workers} worker{'s' * (workers > 1)}", n_pairs / scoring, n_users / recommending)
    finally:
        spark.stop()


def compare(found, expected, order, workers):
    """The same rows, and not one bit of a score different."""
    found, expected = (table.select(sorted(expected.column_names)).sort_by([(name, "ascending") for name in order])
                       for table in (found, expected))
    for name in expected.column_names:
        a, b = found[name].to_numpy(), expected[name].to_numpy()
        if a.dtype != b.dtype or a.tobytes() != b.tobytes():
            raise SystemExit(f"{workers} workers: expected the bits of one process, found others in column {name}")


def report(who, pairs, users):
    print(f"| {who} | {pairs:,.0f} | {users:,.0f} |", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--model", type=pathlib.Path, help="a model file of these columns; without it one is learned")
    arguments.add_argument("--workers", default="1,2,4")
    arguments.add_argument("--users", type=int, help="recommend for the first so many users alone")
    given = arguments.parse_args()
    ratings = csv.read_csv(given.folder / "ratings.csv")
    pairs = ratings.select(["user_id", "movie_id"])
    users = csv.read_csv(given.folder / "users.csv").select(["user_id"]).slice(0, given.users)
    with tempfile.TemporaryDirectory() as place:
        path = given.model or pathlib.Path(place) / "movielens.interplay"
        if given.model is None:
            fitted(given.folder, ratings, path)
        print(f"{len(pairs):,} pairs; {len(users):,} users; {path.stat().st_size:,} bytes of model\n\n"
              "| | pairs/s | users/s |\n|---|---|---|")
        expected = alone(path, pairs, users)
        for workers in map(int, given.workers.split(",")):
            on_workers(workers, path, pairs, users, expected)
    print("\nevery score and every rank has the bits of one process")


if __name__ == "__main__":
    main()
