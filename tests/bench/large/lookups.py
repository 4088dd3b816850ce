"""A vocabulary of many million users, by string or int64: what it costs to make, to keep, and to look up."""
import ctypes as c
import json
import os
import random
import time

import arithmetic
import memory
import models
from library import Caller

ITEMS, FIRST = 1000, 1000
SPREAD, HOT = 1 << 19, 1000  # users: what those need of the tables is 100 MB, more than caches hold; these fit a core's
NAME = 17                                                   # bytes, as in speed/numbers.c
INT64, STRING = 1, 3                                        # of interplay_cell
SCORE, RESOLVE = 3, 5                                       # of `ways` in speed/loops.c
FIELDS = ("user_id", "item_id")


class Cell(c.Structure):
    """interplay_cell"""
    _fields_ = [("type", c.c_int32), ("size", c.c_uint32), ("value", c.c_uint64)]


def values_table(library, kind, n):
    """The table that interplay_assembly_add_values takes for ids 1 .. n."""
    if kind == "int64":
        values = (c.c_int64 * n)()
        library.bench.bench_values(c.c_int64(1), c.c_int64(n), values)
        return library.table({"value": values})
    ids, offsets, text = (c.c_int64 * n)(*range(1, n + 1)), (c.c_int64 * (n + 1))(), c.create_string_buffer(NAME * n)
    library.bench.bench_names(c.c_int64(n), ids, text, offsets)
    table = library.made("table_new", c.c_int64(n))
    library.call("table_add_strings", table, b"value", text, c.c_int64(NAME * n), offsets, c.c_int64(n), None, None)
    return table


def repeated(library, rows, columns):
    """A tensor as large as a table's; its numbers repeat those of a million."""
    pool, out = library.normal(1, min(1 << 20, rows * columns), 0.3), (c.c_float * (rows * columns))()
    library.bench.bench_repeat(pool, c.c_int64(len(pool)), c.c_int64(len(out)), out)
    return out


def assembled(library, kind, users, **parameters):
    """The tutorial's model of `users` users and ITEMS items."""
    params = {"embedding_dim": models.DIM, "attention_dim": models.ATTENTION, "num_heads": models.HEADS, "num_layers": models.LAYERS,
              **parameters}
    description = {"schema": {"user": "user_id", "item": "item_id", "label": "label"}, "fields": [{"name": name} for name in FIELDS],
                   "objective": {"kind": "binary"}}
    assembly = library.made("assembly_new", b"autoint", json.dumps(params).encode(), json.dumps(description).encode())
    for name, type_, n in (("user_id", kind, users), ("item_id", "int64", ITEMS)):
        table = values_table(library, type_, n)
        library.call("assembly_add_values", assembly, name.encode(), table)
        library.free("table", table)
    small = models.weights(library, [1, ITEMS])
    small["tables/0"] = ([users + 1, models.DIM], repeated(library, users + 1, models.DIM))
    for name, (size, numbers) in small.items():
        library.call("assembly_add_tensor", assembly, name.encode(), c.c_int32(3), numbers, c.c_int32(2), (c.c_int64 * 2)(*size))
    model = library.made("assembly_finish", assembly)
    library.free("assembly", assembly)
    return model


class Rows:
    """Cells of rows: users drawn once from all `users`, `different` of them, in turn; any item."""

    def __init__(self, library, kind, users, different, seed=7):
        draw, rows = random.Random(seed), max(different, 1 << 16)
        drawn = [draw.randrange(1, users + 1) for _ in range(different)]
        ids = (c.c_int64 * rows)(*(drawn[i % different] for i in range(rows)))
        self.cells, self.heap = (Cell * (2 * rows))(), c.create_string_buffer(NAME * rows)
        library.bench.bench_names(c.c_int64(rows), ids, self.heap, None)
        for row, user in enumerate(ids):
            self.cells[2 * row] = Cell(STRING, NAME, row * NAME) if kind == "string" else Cell(INT64, 0, models.value(user))
            self.cells[2 * row + 1] = Cell(INT64, 0, models.value(draw.randrange(1, ITEMS + 1)))


class Lookups:
    """A scorer of both fields and the clock of speed/loops.c."""

    def __init__(self, library, model, options=None):
        self.library, self.model, self.message = library, model, c.create_string_buffer(256)
        self.names = (c.c_char_p * 2)(*(name.encode() for name in FIELDS))
        self.scores, self.seconds = (c.c_float * 8192)(), (c.c_double * (1 << 20))()
        self.scorer = library.made("scorer_open", model, self.names, c.c_uint32(0), c.c_uint32(2), options)

    def time(self, rows, way, n, seconds, calls=1 << 20):
        """The seconds of each call of n rows."""
        caller = Caller(self.model, 2, self.names, None, len(rows.cells) // 2, c.addressof(self.scores),
                        c.cast(self.message, c.c_char_p), self.scorer, c.addressof(rows.cells), c.addressof(rows.heap), len(rows.heap))
        found = self.library.bench.bench_time(c.byref(caller), c.c_int32(way), c.c_int64(n), c.c_int64(n), c.c_double(seconds),
                                              self.seconds, c.c_int64(calls))
        if found < 1:
            raise RuntimeError(self.message.value.decode())
        return self.seconds[:found]

    def known(self):
        """Fails when a lookup missed: then something else was measured."""
        unknown = json.loads(self.library.text("scorer_stats", self.scorer))["unknown"]
        if any(unknown.values()):
            raise arithmetic.Disagreement(f"expected every value to be known, found unknown ones: {unknown}")


def build(library, kind, values, path, **_):
    """Assemble and save."""
    start = time.perf_counter()
    model = assembled(library, kind, values)
    made = time.perf_counter()
    library.call("model_save", model, path.encode(), None)
    return {"assemble": made - start, "save": time.perf_counter() - made, "file": os.path.getsize(path), "peak": memory.peak()}


def cold(library, kind, values, path, **_):
    """A fresh process, and none of the file's pages in memory: open by mmap, score FIRST rows of users from anywhere."""
    rows = Rows(library, kind, values, FIRST)
    still, empty = memory.dropped(path), memory.resident()
    start = time.perf_counter()
    model = library.made("model_load", path.encode(), b'{"mmap": true}')
    loaded = time.perf_counter()
    lookups = Lookups(library, model, b'{"max_rows": 1}')
    opened = time.perf_counter()
    seconds = lookups.time(rows, SCORE, 1, 600, FIRST)
    lookups.known()
    return {"load": loaded - start, "scorer": opened - loaded, "first": seconds[0], **arithmetic.summary([seconds], 1),
            "still_in_memory": still, "pages": memory.resident() - empty}


def warm(library, kind, values, path, seconds, rounds):
    """The file read into memory. `spread`: users from anywhere, so that each misses the caches of the core. `hot`: the same few again."""
    empty, empty_pages = memory.held(), memory.resident()
    start = time.perf_counter()
    model = library.made("model_load", path.encode(), None)
    found = {"load": time.perf_counter() - start, "model": memory.held() - empty,
             "model_pages": memory.resident() - empty_pages}
    before = memory.held()
    lookups = Lookups(library, model)
    found["scorer"] = memory.held() - before - c.sizeof(lookups.seconds) - c.sizeof(lookups.scores)
    before = memory.held()
    one = Lookups(library, model, b'{"max_rows": 1}')
    found["scorer_of_one_row"] = memory.held() - before - c.sizeof(one.seconds) - c.sizeof(one.scores)
    for name, different in (("spread", SPREAD), ("hot", HOT)):
        rows = Rows(library, kind, values, different)
        for what, way, batch in (("resolve", RESOLVE, 1024), ("score 1024", SCORE, 1024), ("score 1", SCORE, 1)):
            lookups.time(rows, way, batch, seconds / 4)
            found[f"{name}, {what}"] = arithmetic.summary([lookups.time(rows, way, batch, seconds) for _ in range(rounds)], batch)
    lookups.known()
    return found
