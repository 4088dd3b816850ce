"""A fitted AutoInt model as an ONNX graph that takes the caller's own ids and values, with the vocabulary inside.

Inputs, by the fields' names:

    category          int64 or string (rows): the value; one that the model does not know scores as unknown
    number            float32 (rows): the raw number, its transform is in the graph; NaN is missing
    list of values    int64 or string (rows, longest), and <name>_length, int64 (rows): how many of them count

Output "scores", float32 (rows): what Model.predict gives for a row with all columns, to 1e-5. The catalogue stays behind: users'
and items' features are inputs like others. For the default variant (preset tutorial, one member); others are an UnsupportedError.
"""
from __future__ import annotations

import json
import os
import struct
from typing import Any

import numpy
from onnx import TensorProto, helper, save

from . import _onnx_graph
from ._model import Model
from .errors import UnsupportedError

_CATEGORY, _CATEGORIES, _NUMBER = 1, 2, 3
_FINITE = 3.0e38  # what float32 can hold; beyond it a number counts as missing, as in the library


class _File:
    """The sections of a model's bytes: src/model/FORMAT.md."""

    def __init__(self, data: bytes) -> None:
        self.data, self.places = data, {}
        for entry in range(struct.unpack_from("<I", data, 24)[0]):
            at = 64 + 128 * entry
            self.places[data[at:at + 64].rstrip(b"\0").decode()] = struct.unpack_from("<QQ", data, at + 64)
        self.model = json.loads(self["model"])

    def __getitem__(self, name: str) -> bytes:
        at, size = self.places[name]
        return self.data[at:at + size]

    def keys(self, prefix: str) -> list[int] | list[str]:
        """The keys of a vocabulary in their order."""
        integers = numpy.frombuffer(self[prefix + "/integers"], "<i8")
        offsets = numpy.frombuffer(self[prefix + "/offsets"], "<i8")
        if len(integers):
            return integers.tolist()
        text = self[prefix + "/bytes"]
        return [text[a:b].decode() for a, b in zip(offsets, offsets[1:])]

    def ids(self, number: int) -> dict[Any, int]:
        """{value: id} of a field. Those of users and items stand in the catalogue, where some may have no id."""
        field = self.model["fields"][number]
        if field["is_id"]:
            part = {1: "users", 2: "items"}[field["of"]]
            ids = numpy.frombuffer(self[part + "/id"], "<i4").tolist()
            return {key: value for key, value in zip(self.keys(part + "/keys"), ids) if value > 0}
        return {key: number + 1 for number, key in enumerate(self.keys(f"field/{number}"))}


def to_onnx(model: Model, path: str | os.PathLike | None = None) -> Any:
    """The model as an onnx.ModelProto, written to a file if there is a path. Raises UnsupportedError for other variants."""
    file = _File(model.to_bytes(seen=False))
    _refuse_others(file.model)
    tensors, graph = model.tensors(), _onnx_graph.Graph()
    inputs: list[Any] = []
    embedded = [_embedded(graph, file, number, tensors[f"tables/{number}"], inputs) for number in range(len(file.model["fields"]))]
    e0 = graph.add("Concat", embedded, "e0", axis=1)
    logits = _onnx_graph.layers(graph, e0, tensors, file.model["parameters"]["num_heads"])
    _scores(graph, logits, file.model["objective"])
    result = _onnx_graph.finished(graph, inputs)
    if path is not None:
        save(result, os.fspath(path))
    return result


def _refuse_others(model: dict[str, Any]) -> None:
    """This graph is right for one variant; another one would be scored wrongly without a word."""
    engine, parameters = model["engine"]["name"], model["parameters"]
    if engine != "autoint":
        raise UnsupportedError(f"to_onnx: expected a model of the engine autoint, found one of {engine}")
    wrong = {key: parameters[key] for key, wanted in _onnx_graph.TUTORIAL.items() if parameters.get(key, wanted) != wanted}
    if wrong:
        raise UnsupportedError(f"to_onnx: expected the parameters of preset tutorial, found {wrong}")
    for field in model["fields"]:
        if field["weighted"] or "history" in field or field["transform"] not in ("none", "standardise", "log", "log2"):
            raise UnsupportedError(f"to_onnx: field \"{field['name']}\": expected a category, a number, or a list without weights, "
                                   "and no buckets; leave it out with the schema's \"ignore\"")
    for name, options in model["schema"].get("fields", {}).items():
        if options.get("hash_buckets") or options.get("combiner", "mean") != "mean":
            raise UnsupportedError(f'to_onnx: field "{name}": expected no hash_buckets and the combiner mean')
    if model["schema"].get("histories"):
        raise UnsupportedError("to_onnx: expected a model without histories, found one with them")


def _embedded(graph: _onnx_graph.Graph, file: _File, number: int, table: numpy.ndarray, inputs: list[Any]) -> str:
    """One field's input as (rows, 1, d)."""
    field = file.model["fields"][number]
    name, place = field["name"], f"fields/{number}"
    if field["kind"] == _NUMBER:
        inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["rows"]))
        return _number(graph, field, place, table)
    ids = file.ids(number)
    kind = TensorProto.STRING if ids and isinstance(next(iter(ids)), str) else TensorProto.INT64
    shape = ["rows"] if field["kind"] == _CATEGORY else ["rows", f"longest {name}"]
    inputs.append(helper.make_tensor_value_info(name, kind, shape))
    encoded = _encoded(graph, name, place, ids)
    vectors = graph.add("Gather", [graph.constant(place + "/table", table), encoded], place + "/vectors", axis=0)
    if field["kind"] == _CATEGORY:
        return graph.add("Unsqueeze", [vectors, _axis(graph, place, 1)], place + "/e")
    inputs.append(helper.make_tensor_value_info(name + "_length", TensorProto.INT64, ["rows"]))
    return _mean(graph, name, place, vectors)


def _encoded(graph: _onnx_graph.Graph, name: str, place: str, ids: dict[Any, int]) -> str:
    """A value's id; 0 for one that is not known."""
    if not ids:
        return graph.add("Mul", [name, graph.constant(place + "/zero", numpy.array(0))], place + "/ids")
    keys: dict[str, Any] = {"keys_strings": list(ids)} if isinstance(next(iter(ids)), str) else {"keys_int64s": list(ids)}
    graph.nodes.append(helper.make_node("LabelEncoder", [name], [place + "/ids"], name=place + "/ids", domain="ai.onnx.ml",
                                        values_int64s=list(ids.values()), default_int64=0, **keys))
    return place + "/ids"


def _axis(graph: _onnx_graph.Graph, place: str, axis: int) -> str:
    return graph.constant(f"{place}/axis{axis}", numpy.array([axis]))


def _number(graph: _onnx_graph.Graph, field: dict[str, Any], place: str, table: numpy.ndarray) -> str:
    """(transform(x) - shift) / scale times a vector; another vector where the number is missing. In double, as the library does."""
    wide = graph.add("Cast", [field["name"]], place + "/wide", to=TensorProto.DOUBLE)
    bent = {"log": _log, "log2": _log2}.get(field["transform"], lambda *_: wide)(graph, place, wide)
    less = graph.add("Sub", [bent, graph.constant(place + "/shift", numpy.float64(field["shift"]))], place + "/less")
    scaled = graph.add("Div", [less, graph.constant(place + "/scale", numpy.float64(field["scale"]))], place + "/scaled")
    x = graph.add("Cast", [scaled], place + "/x", to=TensorProto.FLOAT)
    size = graph.add("Abs", [x], place + "/size")
    known = graph.add("Less", [size, graph.constant(place + "/finite", numpy.float32(_FINITE))], place + "/known")
    column = graph.add("Unsqueeze", [x, _axis(graph, place, 1)], place + "/column")
    there = graph.add("Unsqueeze", [known, _axis(graph, place, 1)], place + "/there")
    product = graph.add("Mul", [column, graph.constant(place + "/vector", table[:1])], place + "/product")
    chosen = graph.add("Where", [there, product, graph.constant(place + "/missing", table[1:2])], place + "/chosen")
    return graph.add("Unsqueeze", [chosen, _axis(graph, place, 1)], place + "/e")


def _log(graph: _onnx_graph.Graph, place: str, x: str) -> str:
    """sign(x) log(1 + |x|)"""
    one = graph.constant(place + "/1", numpy.float64(1))
    size = graph.add("Add", [graph.add("Abs", [x], place + "/abs"), one], place + "/1abs")
    return graph.add("Mul", [graph.add("Sign", [x], place + "/sign"), graph.add("Log", [size], place + "/log")], place + "/bent")


def _log2(graph: _onnx_graph.Graph, place: str, x: str) -> str:
    """log(x)^2 above 2, x itself elsewhere."""
    two = graph.constant(place + "/2", numpy.float64(2))
    large = graph.add("Greater", [x, two], place + "/large")
    log = graph.add("Log", [graph.add("Max", [x, two], place + "/atleast2")], place + "/log")
    return graph.add("Where", [large, graph.add("Mul", [log, log], place + "/log_log"), x], place + "/bent")


def _mean(graph: _onnx_graph.Graph, name: str, place: str, vectors: str) -> str:
    """The mean of the first `length` vectors of each row; 0 of none."""
    shape = graph.add("Shape", [vectors], place + "/shape")
    longest = graph.add("Gather", [shape, graph.constant(place + "/one", numpy.array(1))], place + "/longest", axis=0)
    zero, step = graph.constant(place + "/first", numpy.array(0)), graph.constant(place + "/step", numpy.array(1))
    places = graph.add("Range", [zero, longest, step], place + "/range")
    lengths = graph.add("Unsqueeze", [name + "_length", _axis(graph, place, 1)], place + "/lengths")
    inside = graph.add("Cast", [graph.add("Less", [places, lengths], place + "/less")], place + "/inside", to=TensorProto.FLOAT)
    masked = graph.add("Mul", [vectors, graph.add("Unsqueeze", [inside, _axis(graph, place, 2)], place + "/mask")], place + "/masked")
    total = graph.add("ReduceSum", [masked, _axis(graph, place, 1)], place + "/sum", keepdims=1)
    least = graph.add("Max", [lengths, graph.constant(place + "/atleast", numpy.array([[1]]))], place + "/n")
    n = graph.add("Cast", [graph.add("Unsqueeze", [least, _axis(graph, place, 2)], place + "/n3")], place + "/nf", to=TensorProto.FLOAT)
    return graph.add("Div", [total, n], place + "/e")


def _scores(graph: _onnx_graph.Graph, logits: str, objective: dict[str, Any]) -> None:
    """The logit in the label's unit."""
    if objective["kind"] == "binary":
        graph.add("Sigmoid", [logits], "scores")
        return
    bent = graph.add("Sigmoid", [logits], "sigmoid") if objective["kind"] == "rating" else logits
    low, high = numpy.float32(objective["low"]), numpy.float32(objective["high"])
    graph.add("Add", [graph.add("Mul", [bent, graph.constant("range", high - low)], "stretched"), graph.constant("low", low)], "scores")
