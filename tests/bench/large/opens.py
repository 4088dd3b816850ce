"""Opening a file and scoring one row, as a service does when it starts: mapped, mapped and read ahead, verified, copied."""
import ctypes as c
import json
import os
import statistics
import time

import arithmetic
import lookups
import memory

WAYS = {"mmap": b'{"mmap": true}', "mmap, prefault": b'{"mmap": true, "prefault": true}', "mmap, verify": b'{"mmap": true, "verify": true}',
        "copy": None}
SCORER = b'{"max_rows": 1}'


def once(library, rows, path, options):
    """(seconds until the file is open, until one row is scored), and what is to be freed."""
    names, score = (c.c_char_p * 2)(*(name.encode() for name in lookups.FIELDS)), c.c_float()
    start = time.perf_counter()
    model = library.made("model_load", path.encode(), options)
    opened = time.perf_counter()
    scorer = library.made("scorer_open", model, names, c.c_uint32(0), c.c_uint32(2), SCORER)
    library.call("scorer_score", scorer, None, rows.cells, c.c_size_t(1), rows.heap, c.c_size_t(len(rows.heap)), c.byref(score))
    return opened - start, time.perf_counter() - start, model, scorer


def opens(library, kind, values, path, rounds, **_):
    """Medians of `rounds`, the file's pages in memory: another row each round, so that no answer lies in a cache."""
    found = {}
    with open(path, "rb") as file:
        while file.read(1 << 24):
            pass
    for name, options in WAYS.items():
        times = []
        for number in range(rounds if options else max(rounds // 2, 1)):
            rows = lookups.Rows(library, kind, values, 1, seed=number)
            *seconds, model, scorer = once(library, rows, path, options)
            if any(json.loads(library.text("scorer_stats", scorer))["unknown"].values()):
                raise arithmetic.Disagreement("expected a user who is known, found an unknown one")
            library.free("scorer", scorer)
            library.free("model", model)
            times.append(seconds)
        found[name] = {"open": statistics.median(each[0] for each in times), "scored": statistics.median(each[1] for each in times),
                       "worst": max(each[1] for each in times)}
    return found


def shared(library, kind, values, path, **_):
    """What two processes that map the file and score the same 1,000 rows hold: each its own, and its part of what both have."""
    rows = lookups.Rows(library, kind, values, lookups.FIRST)
    empty = memory.proportional()
    ready, done = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        serve(library, rows, path)
        os.write(ready[1], b"1")
        os.read(done[0], 1)
        os._exit(0)
    os.read(ready[0], 1)
    kept = serve(library, rows, path)
    both = memory.proportional()
    os.write(done[1], b"1")
    os.waitpid(child, 0)
    alone = memory.proportional()
    del kept
    return {"alone": alone - empty, "with another": both - empty, "resident": memory.resident(), "file": os.path.getsize(path)}


def serve(library, rows, path):
    model = library.made("model_load", path.encode(), WAYS["mmap, prefault"])
    scorer = lookups.Lookups(library, model, SCORER)
    scorer.time(rows, lookups.SCORE, 1, 600, lookups.FIRST)
    return model, scorer
