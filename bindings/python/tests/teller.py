"""Tells tests/scenario/scenario.json through this package: one method for each call, and the comparison. See its README."""
from __future__ import annotations

import json
import math
import pathlib
from typing import Any

import numpy

import interplay

STORY = pathlib.Path(__file__).resolve().parents[3] / "tests" / "scenario" / "scenario.json"


class Teller:
    def __init__(self, story: dict[str, Any], folder: pathlib.Path) -> None:
        self.story, self.folder, self.made = story, folder, {}

    def tell(self, step: dict[str, Any]) -> Any:
        """Do one step; its result as a document. Raises what the call raises."""
        if "write" in step:
            (self.folder / step["path"]).write_text(step["write"])
        made = {name: self.made.get(step.get(name)) for name in ("model", "dataset", "monitor", "assembly", "scorer")}
        result = getattr(self, step["call"])(step, **{name: value for name, value in made.items() if value is not None})
        names = step.get("as")
        if isinstance(names, list):
            self.made.update(zip(names, result))
        elif names:
            self.made[names] = result
        return result

    def table(self, name: str | None) -> interplay.Table | None:
        if name is None:
            return None
        columns = {}
        for column in self.story["tables"][name]:
            values = [number(value) if column["type"] != "string" else value for value in column.get("values", [])]
            values = column.get("lists", values)
            columns[column["name"]] = (values, interplay.Type[column["type"].upper()])
        first = self.story["tables"][name][0]
        return interplay.Table.typed(len(first.get("values", first.get("lists"))), columns)

    # ---- one method a call

    def version(self, step): return interplay.version()
    def engine_list(self, step): return interplay.engines()
    def engine_info(self, step): return interplay.engine(step["engine"])
    def table_info(self, step): return self.table(step["table"]).info

    def fit_pairs(self, step):
        return interplay.Model.fit_pairs(step["engine"], step.get("params"), ints(step["users"]), ints(step["items"]), step["labels"])

    def predict_pairs(self, step, model): return {"scores": model.predict_pairs(ints(step["users"]), ints(step["items"]))}

    def recommend_user(self, step, model): return dict(zip(("items", "scores"), model.recommend_user(step["user"], step["k"])))

    def dataset_new(self, step): return interplay.Dataset(step["schema"])
    def dataset_append(self, step, dataset): return dataset.append(step["part"], self.table(step["table"]))
    def dataset_seal(self, step, dataset): return dataset.seal()
    def dataset_info(self, step, dataset): return dataset.info
    def dataset_split(self, step, dataset): return dataset.split(**step["options"])
    def monitor_new(self, step): return interplay.Monitor()
    def monitor_read(self, step, monitor): return monitor.read()
    def monitor_cancel(self, step, monitor): return monitor.cancel()
    def model_create(self, step): return interplay.Model(step["engine"], step.get("params"))

    def model_fit(self, step, model, monitor=None):
        progress = (lambda event: True) if step.get("progress") == "stop" else None
        return model.fit(self.made[step["train"]], self.made.get(step.get("valid")), monitor=monitor, progress=progress,
                         **step.get("options", {}))

    def model_predict(self, step, model):
        given = step.get("options", {})
        if "thread" in given:  # an option that this language's signature cannot misspell: straight to the C call
            return interplay._abi.made("table", "model_predict", model._live(), self.table(step["rows"])._live(),
                                       interplay._abi.options(given))
        return {given.get("output", "score"): model.predict(self.table(step["rows"]), **given)}

    def model_recommend(self, step, model):
        return dict(model.recommend(self.table(step["users"]), self.table(step.get("candidates")), **step.get("options", {})))

    def model_evaluate(self, step, model, dataset): return model.evaluate(dataset, **step.get("options", {}))
    def model_explain(self, step, model): return model.explain(self.table(step["rows"]), **step.get("options", {}))
    def model_update(self, step, model): return model.update(step["part"], self.table(step["table"]), **step.get("options", {}))
    def model_info(self, step, model): return model.info
    def model_save(self, step, model): return model.save(self.folder / step["path"], **step.get("options", {}))
    def model_load(self, step): return interplay.Model.load(self.folder / step["path"], **step.get("options", {}))
    def file_info(self, step): return interplay.file_info(self.folder / step["path"])
    def model_dump(self, step, model): return model.to_bytes()

    def model_parse(self, step):
        data = bytearray(self.made[step["bytes"]])[:step.get("cut")]
        if "patch" in step:
            data[step["patch"]["offset"]] = step["patch"]["byte"]
        return interplay.Model.from_bytes(bytes(data))

    def model_tensors(self, step, model): return interplay._abi.document("model_tensors", model._live())
    def model_tensor(self, step, model): return {"values": flat(interplay._abi.text("model_tensor", model._live(), step["name"].encode()))}
    def assembly_new(self, step): return interplay.Assembly(step["engine"], step["params"], step["description"])

    def assembly_add_values(self, step, assembly):
        return assembly.add_values(step["field"], self.table(step["table"])["value"])

    def assembly_add_tensor(self, step, assembly):
        return assembly.add_tensor(step["name"], numpy.array(step["values"], step["type"]).reshape(step["shape"]))

    def assembly_finish(self, step, assembly): return assembly.finish()

    def scorer_open(self, step, model): return model.scorer(step["shared"], step["row"], **step.get("options", {}))

    def scorer_score(self, step, scorer):
        return {"scores": scorer.score(self.cells(step["shared"]), [self.cells(row) for row in step["rows"]])}

    def scorer_top(self, step, scorer):
        rows = [self.cells(row) for row in step["rows"]] if "rows" in step else None
        index, scores = scorer.top(self.cells(step["shared"]), step["k"], rows)
        return {"index": index, "scores": scores, "items": [scorer.item(i) for i in index] if rows is None else None}

    def scorer_resolve(self, step, scorer): return scorer.resolve(scorer.names[step["column"]], self.cells([step["value"]])[0])
    def scorer_stats(self, step, scorer): return scorer.stats()

    def cells(self, cells: list) -> list:
        """{"int64": 1}, {"float64": 0.5}, {"string": "a"}, {"list": [...]}, {"id": name} or null."""
        return [None if cell is None else self._cell(*next(iter(cell.items()))) for cell in cells]

    def _cell(self, kind: str, value: Any) -> Any:
        return {"list": self.cells, "id": self.made.get, "int64": int, "float64": float, "string": str}[kind](value)


def number(value: Any) -> Any:
    """A number above 2^53, and NaN, is written as a string."""
    return value if not isinstance(value, str) else float(value) if value == "NaN" else int(value)


def ints(values: list) -> list: return [number(value) for value in values]
def flat(data: bytes) -> list: return numpy.frombuffer(data, numpy.float32).tolist()


def plain(value: Any) -> Any:
    """The result as JSON has it."""
    if isinstance(value, numpy.ndarray):
        return value.tolist()
    return value


def found_at(result: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        result = result[int(part)] if isinstance(result, list) else plain(result[part])
    return plain(result)


def same(found: Any, expected: Any) -> bool:
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(same, found, expected))
    return found == expected or (isinstance(found, int) and isinstance(expected, str) and str(found) == expected)


def close(found: Any, expected: Any, within: float) -> bool:
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(close(f, e, within) for f, e in zip(found, expected))
    return math.isfinite(found) and abs(found - expected) <= within * max(1.0, abs(expected))


def holds(check: dict[str, Any], result: Any, within: float) -> bool:
    """Whether one line of `expect` is true."""
    found = found_at(result, check["at"])
    return {"equals": lambda e: same(found, e), "near": lambda e: close(found, e, check.get("within", within)),
            "has": lambda e: e in found, "length": lambda e: len(found) == e, "below": lambda e: found < e,
            "above": lambda e: found > e}[next(key for key in check if key not in ("at", "within"))](
                next(value for key, value in check.items() if key not in ("at", "within")))


def story() -> dict[str, Any]:
    return json.loads(STORY.read_text(encoding="utf-8"))
