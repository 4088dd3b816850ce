"""onnxruntime called from C (onnx.c): the least that a call of it can cost."""
import ctypes as c
import glob
import os

from contestants import ROOM

WAYS = {"fresh": (0, "tensors made for the call"), "kept": (1, "tensors kept")}
TOP = 2


class Peer(c.Structure):
    """struct bench_onnx of onnx.c"""
    _fields_ = [("ids", c.c_void_p), ("n_fields", c.c_int64), ("rows", c.c_int64), ("scores", c.c_void_p), ("message", c.c_char_p),
                ("users", c.c_void_p), *((name, c.c_void_p) for name in ("api", "library", "env", "options", "memory", "session",
                                                                         "kept_ids", "kept_in", "kept_out")), ("kept_rows", c.c_int64)]


def library_of():
    """The file of onnxruntime's C API, or None: the package has it beside its Python module."""
    import onnxruntime
    return next(iter(glob.glob(os.path.join(os.path.dirname(onnxruntime.__file__), "capi", "libonnxruntime.so*"))), None)


class OnnxC:
    """One of WAYS. ids: int64 (rows, fields). graph: its bytes. A user of each row makes it a ranking of all `items` rows of ids."""

    def __init__(self, library, path, graph, ids, way, attention, users=None):
        self.bench, self.way, self.ids, self.users = library.bench, c.c_int32(WAYS[way][0]), ids, users
        self.name, self.kept, self.graph, self.attention = f"{attention} graph, C call, {WAYS[way][1]}", way == "kept", graph, attention
        self.scores, self.message, self.times = (c.c_float * 8192)(), c.create_string_buffer(256), (c.c_double * ROOM)()
        self.path = path
        self.peer = Peer(ids.ctypes.data, ids.shape[1], len(ids), c.addressof(self.scores), c.cast(self.message, c.c_char_p))
        self.check(self.bench.bench_onnx_open(c.byref(self.peer), path.encode(), graph, c.c_size_t(len(graph))))

    def check(self, good):
        if not good:
            raise RuntimeError("onnxruntime: " + self.message.value.decode())

    def ready(self, n):
        if self.kept:
            self.check(self.bench.bench_onnx_keep(c.byref(self.peer), c.c_int64(n)))

    def score(self, begin, n):
        self.ready(n)
        self.check(self.bench.bench_onnx_call(c.byref(self.peer), self.way, c.c_int64(begin), c.c_int64(n)))
        return list(self.scores[:n])

    def time(self, n, step, seconds):
        self.ready(n)
        calls = self.bench.bench_onnx_time(c.byref(self.peer), self.way, c.c_int64(n), c.c_int64(step), c.c_double(seconds),
                                           self.times, c.c_int64(ROOM))
        self.check(calls > 0)
        return self.times[:calls]

    def close(self):
        self.bench.bench_onnx_close(c.byref(self.peer))


class OnnxCTop(OnnxC):
    """The k best of the rows of ids for the user of a row of `users`: all scored in one call, the best kept in order."""

    def __init__(self, library, peer, users, items):
        import numpy
        rows = numpy.ones((items, 2), numpy.int64)
        rows[:, 1] = numpy.arange(1, items + 1)
        super().__init__(library, peer.path, peer.graph, rows, "kept", peer.attention)
        self.users = numpy.ascontiguousarray(users)
        self.check(self.bench.bench_onnx_keep(c.byref(self.peer), c.c_int64(items)))
        self.peer.users, self.peer.rows, self.way, self.kept = self.users.ctypes.data, len(self.users), c.c_int32(TOP), False
        self.items = items

    def score(self, begin, k):
        super().score(begin, k)
        return list(self.scores[self.items:self.items + k])
