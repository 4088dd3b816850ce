"""Two threads against one, beside what two processes of pure multiply-adds reach against one in the same rounds."""
import ctypes as c
import statistics
import threading
import time

import arithmetic
import models
import training
from contestants import Ours

THREADS = 2
ROWS, USERS = 1 << 16, 256


class Calls:
    """One call of the library again and again: call(threads) does `rows` rows."""

    def __init__(self, call, rows):
        self.call, self.rows = call, rows

    def rate(self, threads, seconds):
        calls, start = 0, time.perf_counter()
        while calls == 0 or time.perf_counter() - start < seconds:
            self.call(threads)
            calls += 1
        return calls * self.rows / (time.perf_counter() - start)


class Scorers:
    """A scorer for each thread, all at once; C keeps the time of each, and the interpreter is let go meanwhile."""

    def __init__(self, callers, batch):
        self.callers, self.batch = callers, batch

    def rate(self, threads, seconds):
        found = [0.0] * threads

        def work(number):
            found[number] = arithmetic.rate(self.callers[number].time(self.batch, self.batch, seconds), self.batch)
        workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        return sum(found)


class Learning:
    def __init__(self, fit, rows):
        self.fit, self.rows = fit, rows

    def rate(self, threads, _):
        return arithmetic.epochs_rate([end for end, _ in self.fit.run(threads)[1]], self.rows)


def measured(library, work, options):
    """Rounds of one core's peak, one thread, two threads, the peak of two."""
    rates = {key: [] for key in ("one_peak", "one", "several", "several_peak")}
    work.rate(THREADS, options.seconds / 4)
    for _ in range(options.rounds):
        rates["one_peak"].append(library.peak_of(1, options.seconds / 2))
        rates["one"].append(work.rate(1, options.seconds))
        rates["several"].append(work.rate(THREADS, options.seconds))
        rates["several_peak"].append(library.peak_of(THREADS, options.seconds / 2))
    gain, limit, share = arithmetic.speedup(**rates)
    return {"threads": THREADS, "gain": gain, "limit": limit, "share": share,
            **{key: statistics.median(found) for key, found in rates.items()}}


def scoring_works(library, shape, model, columns):
    """(name, what is measured)"""
    names = models.names_of(shape)
    table = library.table(dict(zip(names, columns)))
    yield f"predict, {ROWS:,} rows a call", Calls(lambda threads: library.free("table", library.made(
        "model_predict", model, table, b'{"threads": %d}' % threads)), ROWS)
    library.free("table", table)
    callers = [Ours(library, model, names, columns, "ids") for _ in range(THREADS)]
    yield "a scorer each, batch 1024, ids", Scorers(callers, 1024)
    for caller in callers:
        caller.close()
    if shape == "pair":
        users = library.table({"user_id": (c.c_int64 * USERS)(*map(models.value, range(1, USERS + 1)))})
        yield f"recommend, the 10 best for {USERS} users a call", Calls(lambda threads: library.free("table", library.made(
            "model_recommend", model, users, None, b'{"k": 10, "threads": %d}' % threads, None)), USERS * models.SHAPES["pair"][1])
        library.free("table", users)


def training_works(library, shape, tensors, options):
    rows = training.ROWS[shape]
    ids, columns = models.rows_of(library, shape, rows, options.zipf)
    for batch in (256, 1024):
        fit = training.Fit(library, shape, tensors, columns, training.labels_of(ids), batch_size=batch, epochs=3, dropout=0.1)
        yield f"training, batch {batch}", Learning(fit, rows)
        fit.close()


def measure(library, shape, options):
    """{"shape", "fields", "lines": [...]} for one shape."""
    tensors = models.weights(library, models.SHAPES[shape])
    model = models.assembled(library, shape, tensors)
    _, columns = models.rows_of(library, shape, ROWS, options.zipf)
    result = {"shape": shape, "fields": len(columns), "kernel": library.info(model).get("kernel", ""), "lines": []}
    for works in (scoring_works(library, shape, model, columns), training_works(library, shape, tensors, options)):
        for name, work in works:
            found = measured(library, work, options)
            result["lines"].append({"name": name, **found})
            options.progress(f"{shape}, {THREADS} threads, {name}: {found['several']:,.0f} rows/s, {found['gain']:.2f} times one thread, "
                             f"{100 * found['share']:.0f} % of the peak's {found['limit']:.2f}")
    library.free("model", model)
    return result
