"""Two threads that score single rows while a third makes models and swaps them in: what a call costs then. swaps.c does it."""
import ctypes as c
import os
import statistics
import tempfile

import arithmetic
import models

ROWS, PAUSE, ITEMS = 4096, 0.02, 10
CALLS, MAKINGS = 1 << 22, 1 << 16
NOTHING, LOAD, MAP, UPDATE = range(4)          # as in swaps.c
NEVER, BY_ITS_THREAD, ASIDE = range(3)
CASES = [("nothing", NOTHING, NEVER), ("load, never swap", LOAD, NEVER), ("load, swap, scorer opened by its thread", LOAD, BY_ITS_THREAD),
         ("load, swap, scorer opened aside", LOAD, ASIDE), ("load by mmap, swap, opened aside", MAP, ASIDE)]
UPDATES = [("update of 10 items, swap, opened aside", UPDATE, ASIDE)]


class Task(c.Structure):
    """struct bench_swaps of swaps.c"""
    _fields_ = [("path", c.c_char_p), ("upserted", c.c_void_p), ("n_fields", c.c_int64), ("names", c.POINTER(c.c_char_p)),
                ("columns", c.POINTER(c.c_void_p)), ("rows", c.c_int64), ("seconds", c.c_double), ("pause", c.c_double),
                ("calls", c.c_void_p * 2), ("room", c.c_int64), ("n_calls", c.c_int64 * 2), ("makings", c.c_void_p),
                ("room_makings", c.c_int64), ("n_makings", c.c_int64), ("wrong", c.c_int64), ("message", c.c_char_p)]


class Runner:
    def __init__(self, library, path, names, columns, upserted, seconds):
        self.library, self.columns, self.message = library, columns, c.create_string_buffer(256)
        self.calls, self.makings = [(c.c_double * CALLS)() for _ in range(2)], (c.c_double * MAKINGS)()
        self.names = (c.c_char_p * len(names))(*(name.encode() for name in names))
        pointers = (c.c_void_p * len(names))(*(c.addressof(column) for column in columns))
        self.task = Task(path.encode(), upserted, len(names), self.names, pointers, ROWS, seconds, PAUSE,
                         (c.c_void_p * 2)(*map(c.addressof, self.calls)), CALLS, (c.c_int64 * 2)(), c.addressof(self.makings), MAKINGS,
                         0, 0, c.cast(self.message, c.c_char_p))

    def run(self, making, how):
        """(the seconds of each call, those of each model made)"""
        self.task.n_makings = self.task.wrong = 0
        if not self.library.bench.bench_swap(c.byref(self.task), c.c_int32(making), c.c_int32(how)):
            raise RuntimeError(self.message.value.decode())
        if self.task.wrong:
            raise arithmetic.Disagreement(f"expected a swapped model to give the bits of the first, found {self.task.wrong} other scores")
        calls = [second for kept, n in zip(self.calls, self.task.n_calls) for second in kept[:n]]
        return calls, self.makings[:self.task.n_makings]


def measure(library, shape, options):
    """{"shape", "fields", "lines": [...]} for one shape. Rounds go through all cases, so that a busy minute hits each."""
    model = models.assembled(library, shape, models.weights(library, models.SHAPES[shape]))
    _, columns = models.rows_of(library, shape, ROWS, options.zipf)
    result = {"shape": shape, "fields": len(columns), "kernel": library.info(model).get("kernel", ""), "pause": PAUSE, "lines": []}
    cases, upserted = CASES, None
    if shape == "pair":
        cases, upserted = CASES + UPDATES, library.table({"item_id": (c.c_int64 * ITEMS)(*map(models.value, range(1, ITEMS + 1)))})
    found = {name: ([], []) for name, _, _ in cases}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "model.interplay")
        library.call("model_save", model, path.encode(), None)
        runner = Runner(library, path, models.names_of(shape), columns, upserted, options.seconds * 2)
        for _ in range(min(options.rounds, 3)):
            for name, making, how in cases:
                for kept, more in zip(found[name], runner.run(making, how)):
                    kept += more
    for name, _, how in cases:
        calls, makings = found[name]
        line = {"name": name, **arithmetic.summary([calls], 1), "worst": max(calls), "models": len(makings),
                "swaps": len(makings) if how else 0, "making": statistics.median(makings) if makings else None}
        result["lines"].append(line)
        options.progress(f"{shape}, swaps, {name}: p50 {1e6 * line['p50']:.2f} us, p99.9 {1e6 * line['p99.9']:.2f} us, "
                         f"worst {1e3 * line['worst']:.2f} ms, {line['swaps']} swaps")
    library.free("table", upserted)
    library.free("model", model)
    return result
