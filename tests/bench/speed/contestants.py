"""Who scores: each has score(begin, n) -> scores, and time(n, step, seconds) -> the seconds of each call of n rows."""
import ctypes as c
import time

from library import Caller

ROOM = 1 << 20   # calls of one round that are kept
# the functions in `ways` of loops.c; of those that need a scorer: is every value looked up before, is the user shared
WAYS = {"tables": 0, "pairs": 1, "top": 2, "cells": 3, "ids": 3, "scorer top": 4}
SCORERS = {"cells": (0, 0), "ids": (1, 0), "scorer top": (1, 1)}


class Ours:
    """This library by one of the ways of loops.c."""

    def __init__(self, library, model, names, columns, way="tables"):
        self.library, self.way, self.name = library, c.c_int32(WAYS[way]), way
        self.scores, self.message = (c.c_float * 8192)(), c.create_string_buffer(256)
        self.kept = (c.c_double * ROOM)()
        self.columns = columns
        self.caller = Caller(model, len(names), (c.c_char_p * len(names))(*(name.encode() for name in names)),
                             (c.c_void_p * len(names))(*(c.addressof(column) for column in columns)), len(columns[0]),
                             c.addressof(self.scores), c.cast(self.message, c.c_char_p))
        if way in SCORERS and not library.bench.bench_open(c.byref(self.caller), *map(c.c_int32, SCORERS[way])):
            raise RuntimeError(self.message.value.decode())

    def close(self):
        self.library.bench.bench_close(c.byref(self.caller))

    def score(self, begin, n):
        if not self.library.bench.bench_call(c.byref(self.caller), self.way, c.c_int64(begin), c.c_int64(n)):
            raise RuntimeError(self.message.value.decode())
        return list(self.scores[:n])

    def time(self, n, step, seconds):
        calls = self.library.bench.bench_time(c.byref(self.caller), self.way, c.c_int64(n), c.c_int64(step), c.c_double(seconds),
                                              self.kept, c.c_int64(ROOM))
        if calls < 1:
            raise RuntimeError(self.message.value.decode())
        return self.kept[:calls]


def timed(call, n, step, rows, seconds):
    """As bench_time of loops.c does, for a peer that is called from Python."""
    out, begin, clock = [], 0, time.perf_counter
    end = clock() + seconds
    start = clock()
    while start < end and len(out) < ROOM:
        start = clock()
        call(begin, n)
        out.append(clock() - start)
        begin = begin + step if begin + step + max(step, n) <= rows else 0
    return out


def session_of(graph):
    """onnxruntime on one thread, everything optimised."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


class Onnx:
    """onnxruntime by `run` (fresh arrays) or by `binding` (input and output where they lie). ids: int64 (rows, fields), which
    are the peer's from the start: it looks nothing up."""

    def __init__(self, session, ids, call, name):
        import numpy
        self.session, self.ids, self.name = session, ids, name
        self.out = numpy.zeros(8192, numpy.float32)
        self.binding = session.io_binding()
        self.element, self.wide = numpy.int64, ids.shape[1] * 8
        self.call = getattr(self, call)
        self.bound = 0

    def run(self, begin, n):
        return self.session.run(None, {"ids": self.ids[begin:begin + n]})[0]

    def bind(self, begin, n):
        self.binding.bind_input("ids", "cpu", 0, self.element, (n, self.ids.shape[1]), self.ids.ctypes.data + begin * self.wide)
        if self.bound != n:
            self.binding.bind_output("scores", "cpu", 0, self.out.dtype, (n,), self.out.ctypes.data)
            self.bound = n
        self.session.run_with_iobinding(self.binding)
        return self.out[:n]

    def score(self, begin, n):
        return self.call(begin, n).tolist()

    def time(self, n, step, seconds):
        return timed(self.call, n, step, len(self.ids), seconds)


class OnnxTop:
    """The k best items of a user: all items scored in one call, then the best by argpartition."""

    def __init__(self, onnx, users, items):
        import numpy
        self.numpy, self.onnx, self.users, self.name = numpy, onnx, users, onnx.name
        self.rows = numpy.empty((items, 2), numpy.int64)
        self.rows[:, 1] = numpy.arange(1, items + 1)
        onnx.ids = self.rows

    def call(self, begin, k):
        self.rows[:, 0] = self.users[begin]
        scores = self.onnx.call(0, len(self.rows))
        best = self.numpy.argpartition(scores, -k)[-k:]
        order = self.numpy.argsort(-scores[best], kind="stable")
        return scores[best[order]]

    def score(self, begin, k):
        return self.call(begin, k).tolist()

    def time(self, n, step, seconds):
        return timed(self.call, n, step, len(self.users), seconds)
