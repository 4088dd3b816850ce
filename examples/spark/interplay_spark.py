"""Scores and recommendations of one model file on every worker of a Spark session.

    model = ModelOnSpark(spark, "movies.interplay")
    model.score(pairs)             # the columns of `pairs`, and "score"
    model.recommend(users, k=10)   # user, item, score and rank, k rows a user

A module and not a part of the program that is submitted: Spark sends a program's own functions with every task, and what
they remember ends with the task. A module stays in a worker's process, and so does the model that it has opened.

Needs on every machine: pyspark, pyarrow and the wheel of interplay, of one version.
"""
from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import interplay
import pyarrow
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession, types


class ModelOnSpark:
    """A model file that is copied to each executor once, and mapped once by each of its Python processes.

    path  a file on the driver's disk, as `save` wrote it. Its base name must be new in this session
    """

    def __init__(self, spark: SparkSession, path: str | os.PathLike) -> None:
        about = interplay.file_info(path)
        self._file = os.path.basename(path), about["id"]
        self._schema = about["schema"]
        self._types = {field["name"]: field["type"] for field in about["fields"]}
        spark.sparkContext.addFile(os.fspath(path))
        spark.sparkContext.addPyFile(os.path.abspath(__file__))

    def score(self, rows: DataFrame, column: str = "score") -> DataFrame:
        """`rows` and one float more, what `Model.predict` says of each.

        rows  columns under the names of the model's schema, in any order. Features that are absent come from the catalogue in
              the model file, so two columns of ids are enough. Others pass through. None may be called `column` already
        """
        if column in rows.columns:
            raise ValueError(f'score: expected no column "{column}" among the rows, found one; drop it, or pass another `column`')
        schema = types.StructType([*rows.schema.fields, types.StructField(column, types.FloatType())])
        file = self._file

        def scored(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
            for batch in batches:
                scores = _opened(*file).predict(batch)
                yield batch.append_column(column, pyarrow.array(scores))

        return rows.mapInArrow(scored, schema)

    def recommend(self, users: DataFrame, k: int = 10, exclude_seen: bool = True) -> DataFrame:
        """The k best items of the catalogue for each row of `users`, best first: the user's column, the item's, "score" (float)
        and "rank" (from 1). Fewer where the catalogue has fewer that the user has not seen.

        users  the user's column under the name of the model's schema, and any of users' features. Each row is one request and
               asks for the whole catalogue: spread a short table by repartition(), or one worker answers them all
        """
        if not {"user", "item"} <= self._schema.keys():
            raise ValueError("recommend: expected a model of users and items, found one whose schema names neither; score rows instead")
        file, user, item = self._file, self._schema["user"], self._schema["item"]
        item_type = types.StringType() if self._types[item] == "string" else types.LongType()
        schema = types.StructType([users.schema[user], types.StructField(item, item_type),
                                   types.StructField("score", types.FloatType()), types.StructField("rank", types.IntegerType())])

        def recommended(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
            for batch in batches:
                best = pyarrow.table(_opened(*file).recommend(batch, k=k, exclude_seen=exclude_seen))
                whose = batch.column(user).take(best["row"].combine_chunks())
                yield from best.set_column(best.schema.get_field_index("row"), user, whose).to_batches()

        return users.mapInArrow(recommended, schema)


@functools.cache
def _opened(name: str, wanted: str) -> interplay.Model:
    """The model in this process. All processes that map a file share its memory, and read from the disk what they use."""
    model = interplay.Model.load(SparkFiles.get(name), mmap=True)
    # Spark keeps the first file of a name: a model that was trained since would silently not be asked.
    if model.info["id"] != wanted:
        raise RuntimeError(f"{name}: expected model {wanted}, found {model.info['id']}, which this session has shipped before "
                           "under the same name; save each model under a name of its own, or begin a new session")
    return model
