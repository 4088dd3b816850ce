"""The model that is compared, as an ONNX graph: ids in, scores out. The equations are those of the Python binding's export.

Input `ids`, int64 (rows, fields): 0 for the unknown value, i + 1 for the i-th value. One table for all fields and one Gather.
To export a model of one's own, with its vocabulary: AutoInt.load(path).to_onnx(out) in bindings/python.
"""
import importlib.util
import pathlib

import numpy
from onnx import TensorProto, helper

# By its path, since importing the package would load a library.
PLACE = pathlib.Path(__file__).resolve().parents[2] / "bindings" / "python" / "src" / "interplay" / "_onnx_graph.py"
_spec = importlib.util.spec_from_file_location("onnx_graph", PLACE)
onnx_graph = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(onnx_graph)


def to_onnx(tensors, heads, attention="plain"):
    """tensors: {name: float32 array} as interplay_model_tensors names them; binary objective."""
    graph, fields = onnx_graph.Graph(), sum(name.startswith("tables/") for name in tensors)
    tables = [tensors[f"tables/{f}"] for f in range(fields)]
    starts = numpy.cumsum([0] + [len(table) for table in tables[:-1]])
    places = graph.add("Add", ["ids", graph.constant("starts", starts.astype(numpy.int64))], "places")
    e0 = graph.add("Gather", [graph.constant("table", numpy.concatenate(tables)), places], "e0", axis=0)
    graph.add("Sigmoid", [onnx_graph.layers(graph, e0, tensors, heads, attention)], "scores")
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", fields])
    return onnx_graph.finished(graph, [ids], attention == "fused")


def arrays(tensors):
    """{name: (shape, bytes)} as arrays."""
    return {name: numpy.frombuffer(data, numpy.float32).reshape(shape) for name, (shape, data) in tensors.items()}
