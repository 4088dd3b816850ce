"""What examples/spark promises, on two workers and planted data. Usage: check.py, in a Python that has pyspark and the wheel.

Expected values are what `Model` says in this process, of all rows at once; the workers get them in batches of 500.
"""
import os
import pathlib
import random
import sys
import tempfile

import interplay
import pyarrow
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

# Here alone, and not on PYTHONPATH, which workers inherit: they have to get the module by being sent it.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "spark"))
from interplay_spark import ModelOnSpark  # noqa: E402

WORKERS = 2
USERS, ITEMS = range(150), [f"item {i}" for i in range(40)]


def planted(path, seed=1):
    """A model with a feature of the users, which the workers can only have from the catalogue in its file; ids of two types."""
    draw = random.Random(seed)
    met = [(user, item) for user in USERS for item in ITEMS if draw.random() < 0.3]
    rows = {"user": [u for u, _ in met], "item": [i for _, i in met], "stars": [float(draw.randint(1, 5)) for _ in met]}
    data = interplay.Dataset({"user": "user", "item": "item", "label": "stars"}, rows,
                             users={"user": list(USERS), "age": [draw.randint(15, 70) for _ in USERS]})
    interplay.AutoInt(epochs=2, seed=seed).fit(data).save(path)
    return path


def requests():
    """Every pair, somebody unknown, a null, and a column that no model knows."""
    pairs = [(user, item) for user in USERS for item in ITEMS] + [(-1, ITEMS[0]), (0, "unheard of"), (1, None)]
    return pyarrow.table({"user": [u for u, _ in pairs], "item": [i for _, i in pairs], "n": range(len(pairs))})


def watch_loads(batches):
    """On a worker: from here on this process counts how often it opens a model. One row: the process and its count."""
    load = interplay.Model.load
    if not hasattr(interplay, "test_loads"):
        interplay.test_loads = 0

        def counting(*arguments, **options):
            interplay.test_loads += 1
            return load(*arguments, **options)

        interplay.Model.load = counting
    mapped = {line.split()[-1] for line in pathlib.Path("/proc/self/maps").read_text().splitlines() if ".interplay" in line}
    list(batches)
    yield pyarrow.record_batch({"process": [os.getpid()], "loads": [interplay.test_loads], "mapped": [len(mapped)]})


def on_each_worker(spark):
    """[(process, loads, mapped)]: as a barrier, so that all workers run at once and each is asked."""
    frame = spark.range(WORKERS, numPartitions=WORKERS)
    return sorted(map(tuple, frame.mapInArrow(watch_loads, "process long, loads long, mapped long", barrier=True).collect()))


def scores_have_the_bits_of_one_process(model, one, rows, frame):
    found = model.score(frame).toArrow().sort_by("n")
    assert found.drop_columns("score").equals(rows.cast(found.drop_columns("score").schema)), "the columns given pass through"
    assert found["score"].to_numpy().tobytes() == one.predict(rows).tobytes(), "scores differ"
    return len(found)


def recommendations_have_the_bits_of_one_process(model, one, spark):
    for k, exclude_seen in ((10, True), (len(ITEMS), False)):
        users = pyarrow.table({"user": [*USERS, -1]})
        best = pyarrow.table(one.recommend(users, k=k, exclude_seen=exclude_seen))
        frame = spark.createDataFrame(users).repartition(8)
        found = model.recommend(frame, k, exclude_seen).toArrow().sort_by([("user", "ascending"), ("rank", "ascending")])
        best = best.set_column(0, "user", users["user"].take(best["row"])).sort_by([("user", "ascending"), ("rank", "ascending")])
        for name in ("user", "item", "rank"):
            assert found[name].to_pylist() == best[name].to_pylist(), f"k={k}: {name} differs"
        assert found["score"].to_numpy().tobytes() == best["score"].to_numpy().tobytes(), f"k={k}: scores differ"
    assert len(found) == (len(USERS) + 1) * len(ITEMS), "the whole catalogue for everyone"


def empty_partitions_give_no_rows(model, frame):
    assert model.score(frame.where("n < 0")).count() == 0
    assert model.recommend(frame.select("user").where("user = 3").limit(1).repartition(4)).count() == 10


def each_process_opens_the_model_once(before, after):
    assert len({process for process, _, _ in before}) == WORKERS, f"expected {WORKERS} processes, found {before}"
    assert [loads for _, loads, _ in before] == [0] * WORKERS, f"expected no model before the first job, found {before}"
    assert [p for p, _, _ in after] == [p for p, _, _ in before], f"expected the same processes, found {before}, then {after}"
    assert {loads for _, loads, _ in after} == {1}, f"expected one opening a process, found {after}"
    assert {mapped for _, _, mapped in after} == {1}, f"expected one mapped model file a process, found {after}"


def errors_say_what_to_do(spark, path, model, frame):
    fails(lambda: model.score(frame.withColumnRenamed("n", "score")), ValueError, 'no column "score"')
    numbers = frame.selectExpr("user", "n as item")
    fails(lambda: model.score(numbers).count(), PySparkException, 'column "item": the model learned strings')
    flat = os.path.join(os.path.dirname(path), "flat.interplay")
    interplay.AutoInt(epochs=1).fit(interplay.Dataset({"label": "y"}, {"x": ["a", "b"] * 9, "y": [0.0, 1.0] * 9})).save(flat)
    fails(lambda: ModelOnSpark(spark, flat).recommend(frame), ValueError, "score rows instead")
    planted(path, seed=2)
    fails(lambda: ModelOnSpark(spark, path).score(frame).collect(), PySparkException, "save each model under a name of its own")


def fails(run, kind, words):
    try:
        run()
    except kind as error:
        assert words in str(error), f"expected the words {words!r}, found {error}"
    else:
        raise AssertionError(f"expected {kind.__name__} with the words {words!r}, found no error")


def main():
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (SparkSession.builder.master(f"local-cluster[{WORKERS},1,1024]").config("spark.ui.enabled", "false")
             .config("spark.scheduler.minRegisteredResourcesRatio", "1").config("spark.sql.adaptive.enabled", "false")
             .config("spark.sql.execution.arrow.maxRecordsPerBatch", "500").getOrCreate())
    try:
        with tempfile.TemporaryDirectory() as place:
            path = planted(os.path.join(place, "planted.interplay"))
            one, model = interplay.Model.load(path), ModelOnSpark(spark, path)
            rows = requests()
            frame = spark.createDataFrame(rows).repartition(12)
            before = on_each_worker(spark)
            n = scores_have_the_bits_of_one_process(model, one, rows, frame)
            recommendations_have_the_bits_of_one_process(model, one, spark)
            empty_partitions_give_no_rows(model, frame)
            each_process_opens_the_model_once(before, on_each_worker(spark))
            errors_say_what_to_do(spark, path, model, frame)
    finally:
        spark.stop()
    print(f"spark: passed; {n} scores on {WORKERS} workers have the bits of one process, each of which opened the model once")


if __name__ == "__main__":
    main()
