"""The tutorial's model for tables of 2, 7 and 39 category fields, with weights as large as trained ones, and rows for it."""
import ctypes as c
import json

DIM, ATTENTION, HEADS, LAYERS = 32, 32, 2, 3
SHAPES = {  # how many values each field has: two ids; MovieLens-1M with all columns; the 39 columns of Criteo
    "pair": [6040, 3706],
    "ml": [6040, 3706, 2, 7, 21, 3439, 18],
    "criteo": [100] * 13 + [1000, 500, 200000, 80000, 300, 20, 10000, 600, 3, 40000, 5000, 150000, 3000, 26, 9000,
                            100000, 10, 4000, 2000, 4, 120000, 16, 15, 50000, 70, 40000],
}


def names_of(shape):
    first = ["user_id", "item_id"] if shape == "pair" else []
    return first + [f"field_{f}" for f in range(len(first), len(SHAPES[shape]))]


def value(identity):
    """The caller's own value behind an id from 1: an int64 that has to be looked up."""
    return 1000003 * identity + 17


def weights(library, cardinalities, seed=1):
    """{name: (shape, ctypes array)} under the names of engines/autoint/README.md."""
    fields = len(cardinalities)
    tensors = {}

    def put(name, rows, columns, deviation):
        tensors[name] = ([rows, columns], library.normal(seed + len(tensors), rows * columns, deviation))
    for f, n in enumerate(cardinalities):
        put(f"tables/{f}", n + 1, DIM, 0.3)  # so that attention is far from even
    for layer in range(LAYERS):
        put(f"layers/{layer}/qkv", DIM, 3 * ATTENTION, DIM ** -0.5)
        put(f"layers/{layer}/projection", ATTENTION, DIM, ATTENTION ** -0.5)
    for i in range(LAYERS + 1):
        put(f"output/{i}", fields, DIM, (fields * DIM * (LAYERS + 1)) ** -0.5)
    put("bias", 1, 1, 0.1)
    return tensors


def assembled(library, shape, tensors, **more):
    """A model of these weights; `more` are parameters, of training say."""
    params = {"embedding_dim": DIM, "attention_dim": ATTENTION, "num_heads": HEADS, "num_layers": LAYERS, **more}
    names, pair = names_of(shape), shape == "pair"
    schema = {"label": "label", **({"user": "user_id", "item": "item_id"} if pair else {})}
    description = {"schema": schema, "fields": [{"name": name} for name in names], "objective": {"kind": "binary"}}
    assembly = library.made("assembly_new", b"autoint", json.dumps(params).encode(), json.dumps(description).encode())
    for name, n in zip(names, SHAPES[shape]):
        values = library.table({"value": (c.c_int64 * n)(*map(value, range(1, n + 1)))})
        library.call("assembly_add_values", assembly, name.encode(), values)
        library.free("table", values)
    for name, (size, numbers) in tensors.items():
        library.call("assembly_add_tensor", assembly, name.encode(), c.c_int32(3), numbers, c.c_int32(2), (c.c_int64 * 2)(*size))
    model = library.made("assembly_finish", assembly)
    library.free("assembly", assembly)
    return model


def rows_of(library, shape, n, exponent, seed=100):
    """A column of ids from 1 for each field, and the same as the caller's values."""
    ids = [library.zipf(seed + f, cardinality, exponent, n) for f, cardinality in enumerate(SHAPES[shape])]
    return ids, [(c.c_int64 * n)(*map(value, column)) for column in ids]
