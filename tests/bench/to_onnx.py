#!/usr/bin/env python3
"""A fitted AutoInt model as an ONNX graph, from its tensors by name. Usage: to_onnx.py LIBRARY MODEL OUT.onnx

For models of category fields alone, with the default variant's equations (preset tutorial). Input `ids`, int64 (rows, fields):
0 for the unknown value, i + 1 for the i-th value; the vocabulary stays with the caller. Output `scores`, float32 (rows).

The graph is what a careful author would write: one table for all fields and one Gather, Q, K and V of a layer in one MatMul, the
scale folded into Q, all layers' outputs joined before one product. `attention` "fused" takes onnxruntime's own operator
(com.microsoft MultiHeadAttention) in the place of the two products and the softmax.
"""
import os
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
TUTORIAL = {"number_embedding": "product", "input_projection": False, "qkv": "learned", "qkv_bias": False, "qkv_activation": "none",
            "attention": "dot", "score_scale": "head", "output_projection": "linear", "residual": "identity", "norm": "none",
            "activation": "relu", "feed_forward": 0, "pool": "all_with_input", "first_order": False, "deep_layers": [], "members": 1}


class Graph:
    """Nodes and constants, collected under names of their own."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(numpy.ascontiguousarray(array), name))
        return name

    def add(self, kind, inputs, output, **attributes):
        """One output, or a list of them."""
        outputs = output if isinstance(output, list) else [output]
        self.nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))
        return output


def plain_attention(graph, name, q, k, v, heads, head_dim):
    """(rows, fields, A) each to the joined heads, (rows, fields, A)."""
    split = graph.constant(name + "/heads", numpy.array([0, 0, heads, head_dim]))
    joined = graph.constant(name + "/joined", numpy.array([0, 0, heads * head_dim]))

    def headed(x, order):
        return graph.add("Transpose", [graph.add("Reshape", [x, split], x + "/split")], x + "/headed", perm=order)
    scores = graph.add("MatMul", [headed(q, [0, 2, 1, 3]), headed(k, [0, 2, 3, 1])], name + "/logits")
    weights = graph.add("Softmax", [scores], name + "/weights", axis=-1)
    mixed = graph.add("MatMul", [weights, headed(v, [0, 2, 1, 3])], name + "/mixed")
    back = graph.add("Transpose", [mixed], name + "/back", perm=[0, 2, 1, 3])
    return graph.add("Reshape", [back, joined], name + "/attended")


def fused_attention(graph, name, q, k, v, heads, _):
    graph.nodes.append(helper.make_node("MultiHeadAttention", [q, k, v], [name + "/attended"], name=name, domain="com.microsoft",
                                        num_heads=heads, scale=1.0))
    return name + "/attended"


def layer(graph, number, e, tensors, heads, attend):
    """E of one layer from E of the one below."""
    name = f"layers/{number}"
    qkv = tensors[name + "/qkv"].copy()
    width = qkv.shape[1] // 3
    head_dim = width // heads
    qkv[:, :width] *= numpy.float32(head_dim ** -0.5)
    all_three = graph.add("MatMul", [e, graph.constant(name + "/w_qkv", qkv)], name + "/qkv")
    parts = [f"{name}/{part}" for part in "qkv"]
    graph.add("Split", [all_three, graph.constant(name + "/widths", numpy.array([width] * 3))], parts, axis=-1)
    attended = attend(graph, name, *parts, heads, head_dim)
    projected = graph.add("MatMul", [attended, graph.constant(name + "/w_o", tensors[name + "/projection"])], name + "/projected")
    return graph.add("Relu", [graph.add("Add", [projected, e], name + "/sum")], name + "/out")


def output(graph, outputs, tensors):
    """w . [E0; ...; EL] + b, and its sigmoid."""
    joined = graph.add("Concat", outputs, "all", axis=-1)
    fields, width = tensors["output/0"].shape[0], sum(tensors[f"output/{i}"].shape[1] for i in range(len(outputs)))
    flat = graph.add("Reshape", [joined, graph.constant("flat", numpy.array([-1, fields * width]))], "row")
    w = numpy.concatenate([tensors[f"output/{i}"] for i in range(len(outputs))], 1).reshape(-1, 1)
    logit = graph.add("Gemm", [flat, graph.constant("w", w), graph.constant("b", tensors["bias"].reshape(1))], "logit")
    column = graph.add("Reshape", [logit, graph.constant("one", numpy.array([-1]))], "logits")
    return graph.add("Sigmoid", [column], "scores")


def to_onnx(tensors, heads, attention="plain"):
    """tensors: {name: float32 array} as interplay_model_tensors names them; binary objective."""
    graph, fields = Graph(), sum(name.startswith("tables/") for name in tensors)
    layers = sum(name.endswith("/qkv") for name in tensors)
    tables = [tensors[f"tables/{f}"] for f in range(fields)]
    starts = numpy.cumsum([0] + [len(table) for table in tables[:-1]])
    places = graph.add("Add", ["ids", graph.constant("starts", starts.astype(numpy.int64))], "places")
    outputs = [graph.add("Gather", [graph.constant("table", numpy.concatenate(tables)), places], "e0", axis=0)]
    for number in range(layers):
        attend = {"plain": plain_attention, "fused": fused_attention}[attention]
        outputs.append(layer(graph, number, outputs[-1], tensors, heads, attend))
    output(graph, outputs, tensors)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", fields])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["rows"])
    opsets = [helper.make_opsetid("", OPSET)] + ([helper.make_opsetid("com.microsoft", 1)] if attention == "fused" else [])
    model = helper.make_model(helper.make_graph(graph.nodes, "autoint", [ids], [scores], graph.constants), opset_imports=opsets,
                              ir_version=8, producer_name="interplay")
    onnx.checker.check_model(model)
    return model


def arrays(tensors):
    """{name: (shape, bytes)} as arrays."""
    return {name: numpy.frombuffer(data, numpy.float32).reshape(shape) for name, (shape, data) in tensors.items()}


def refuse_others(info):
    """This graph is right for one variant; another one would be scored wrongly without a word."""
    params = info["parameters"]
    wrong = {key: params[key] for key, wanted in TUTORIAL.items() if params.get(key, wanted) != wanted}
    kinds = {field["kind"] for field in info["fields"]} - {"category"}
    if info["engine"]["name"] != "autoint" or wrong or kinds or info["objective"]["kind"] != "binary":
        raise SystemExit("to_onnx: expected an autoint model of category fields with 0/1 labels and the parameters of preset tutorial, "
                         f"found engine {info['engine']['name']}, objective {info['objective']['kind']}, "
                         f"fields of kind {sorted(kinds) or 'category'}, parameters {wrong or 'as expected'}")


def main():
    if len(sys.argv) != 4:
        raise SystemExit(__doc__.split("\n", maxsplit=1)[0])
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "speed"))
    import library as interplay
    library = interplay.Library(os.path.abspath(sys.argv[1]))
    model = library.made("model_load", sys.argv[2].encode(), None)
    info = library.info(model)
    refuse_others(info)
    onnx.save(to_onnx(arrays(library.tensors(model)), info["parameters"]["num_heads"]), sys.argv[3])


if __name__ == "__main__":
    main()
