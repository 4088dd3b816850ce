"""AutoInt's equations (preset tutorial) as ONNX nodes, from a model's tensors by name. Needs numpy and onnx alone.

The graph is what a careful author would write: Q, K and V of a layer in one MatMul, the scale folded into Q, all layers' outputs
joined before one product. `attention` "fused" takes onnxruntime's own operator (com.microsoft MultiHeadAttention) in the place
of the two products and the softmax. For interplay.onnx, and for the benchmark in tests/bench.
"""
import numpy
import onnx
from onnx import helper, numpy_helper

OPSET = 17
TUTORIAL = {"number_embedding": "product", "input_projection": False, "qkv": "learned", "qkv_bias": False, "qkv_activation": "none",
            "attention": "dot", "score_scale": "head", "output_projection": "linear", "residual": "identity", "norm": "none",
            "activation": "relu", "feed_forward": 0, "pool": "all_with_input", "first_order": False, "deep_layers": [], "members": 1}


class Graph:
    """Nodes and constants, collected under names of their own."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, array):
        if all(one.name != name for one in self.constants):  # one that is there already is the same
            self.constants.append(numpy_helper.from_array(numpy.asarray(array, order="C"), name))
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
    """w . [E0; ...; EL] + b as "logits", (rows)."""
    joined = graph.add("Concat", outputs, "all", axis=-1)
    fields, width = tensors["output/0"].shape[0], sum(tensors[f"output/{i}"].shape[1] for i in range(len(outputs)))
    flat = graph.add("Reshape", [joined, graph.constant("flat", numpy.array([-1, fields * width]))], "row")
    w = numpy.concatenate([tensors[f"output/{i}"] for i in range(len(outputs))], 1).reshape(-1, 1)
    logit = graph.add("Gemm", [flat, graph.constant("w", w), graph.constant("b", tensors["bias"].reshape(1))], "logit")
    return graph.add("Reshape", [logit, graph.constant("one", numpy.array([-1]))], "logits")


def layers(graph, e0, tensors, heads, attention="plain"):
    """From E0, (rows, fields, d), to "logits", (rows)."""
    attend = {"plain": plain_attention, "fused": fused_attention}[attention]
    outputs = [e0]
    for number in range(sum(name.endswith("/qkv") for name in tensors)):
        outputs.append(layer(graph, number, outputs[-1], tensors, heads, attend))
    return output(graph, outputs, tensors)


def finished(graph, inputs, fused=False):
    """The checked model: inputs as onnx's value infos, output "scores", float32 (rows)."""
    scores = helper.make_tensor_value_info("scores", onnx.TensorProto.FLOAT, ["rows"])
    domains = {"": OPSET, "ai.onnx.ml": 3, **({"com.microsoft": 1} if fused else {})}
    opsets = [helper.make_opsetid(domain, version) for domain, version in domains.items()]
    model = helper.make_model(helper.make_graph(graph.nodes, "autoint", inputs, [scores], graph.constants), opset_imports=opsets,
                              ir_version=8, producer_name="interplay")
    onnx.checker.check_model(model)
    return model
