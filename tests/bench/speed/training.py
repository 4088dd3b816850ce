"""Training: this library, PyTorch and JAX from the same weights, on the same rows, in turn, one thread each."""
import ctypes as c
import statistics
import time

import arithmetic
import models
import teachers
from library import Monitor

ROWS = {"pair": 65536, "ml": 32768, "criteo": 8192}
RATE = 0.001
CHECK_ROWS, CHECK_STEPS, TOLERANCE = 512, 20, 1e-5
# every preference of our own off, so that both sides do the tutorial's work
PLAIN = {"validation_fraction": 0, "unknown_rate": 0, "embedding_dropout": 0, "embedding_l2": 0, "warmup_steps": 0,
         "learning_rate": RATE}


def labels_of(ids):
    """0 or 1, three of ten, something to learn."""
    return (c.c_float * len(ids[0]))(*(float((7 * a + 13 * b) % 10 < 3) for a, b in zip(ids[0], ids[1])))


class Fit:
    """interplay_model_fit from an assembled model; `epochs` of them a call."""

    def __init__(self, library, shape, tensors, columns, labels, **parameters):
        self.library = library
        self.model = models.assembled(library, shape, tensors, **PLAIN, **parameters)
        schema = b'{"user": "user_id", "item": "item_id", "label": "label"}' if shape == "pair" else b'{"label": "label"}'
        self.data = library.made("dataset_new", schema)
        table = library.table({**dict(zip(models.names_of(shape), columns)), "label": labels})
        library.call("dataset_append", self.data, b"interactions", table)
        library.call("dataset_seal", self.data)
        library.free("table", table)

    def run(self, threads=1):
        """(seconds of the whole call, [(when an epoch ended, its loss)])"""
        monitor, start = Monitor(self.library, time.perf_counter), time.perf_counter()
        fitted = self.library.made("model_fit", self.model, self.data, None, b'{"threads": %d}' % threads, monitor.handle, None)
        seconds = time.perf_counter() - start
        self.library.free("model", fitted)
        self.library.free("monitor", monitor.handle)
        return seconds, monitor.ends

    def close(self):
        self.library.free("dataset", self.data)
        self.library.free("model", self.model)


def head(columns, n):
    return [(column._type_ * n)(*column[:n]) for column in columns]


def loss_differences(library, shape, tensors, ids, columns, lazy):
    """Both sides learn CHECK_ROWS rows, all in one step, without dropout. Then lazy Adam is Adam, as the other rows have no gradient
    and no moments: the losses are the same numbers, step for step. {name of the peer: the difference from its losses}"""
    few, n = head(ids, CHECK_ROWS), CHECK_ROWS
    labels = labels_of(few)
    fit = Fit(library, shape, tensors, head(columns, n), labels, dropout=0, batch_size=n, epochs=CHECK_STEPS,
              optimizer="lazy_adam" if lazy else "adam")
    ours = [loss for _, loss in fit.run()[1]]
    fit.close()
    found = {}
    for name, theirs in teachers.losses(tensors, few, labels, lazy, RATE, CHECK_STEPS).items():
        found[name] = arithmetic.largest_difference(ours, theirs)
        if not found[name] < TOLERANCE and name != "sparse":
            raise arithmetic.Disagreement(f"{shape}: expected the losses of {CHECK_STEPS} steps to agree with the Adam of {name} within "
                                          f"{TOLERANCE}, found a difference of {found[name]:.2g}; one of them learns otherwise")
    return found


def compare(fit, trainers, rows, options):
    """Rounds of ours and each peer. Ours is timed from the end of the first epoch to that of the last."""
    rates, whole = {name: [] for name in ("ours", *trainers)}, []
    for _ in range(options.rounds):
        seconds, ends = fit.run()
        rates["ours"].append(arithmetic.epochs_rate([end for end, _ in ends], rows))
        whole.append(rows * len(ends) / seconds)
        for name, trainer in trainers.items():
            rates[name].append(teachers.rate_of(name, trainer, max(options.seconds * 4, 1)))
    return {"ours": statistics.median(rates["ours"]), "whole_fit": statistics.median(whole),
            "peers": {name: {"rate": statistics.median(rates[name]),
                             "ratio": statistics.median(a / b for a, b in zip(rates["ours"], rates[name]))} for name in trainers}}


def measure(library, shape, options):
    """{"shape", "fields", "lines": [...]} for one shape."""
    tensors, rows = models.weights(library, models.SHAPES[shape]), ROWS[shape]
    ids, columns = models.rows_of(library, shape, rows, options.zipf)
    labels = labels_of(ids)
    result = {"shape": shape, "fields": len(ids), "said": teachers.missing(), "kernel": "", "lines": []}
    # dense Adam walks through all tables at every step of a peer; one shape is enough to see it
    kinds = [("lazy_adam", True), ("adam", False)] if shape == "pair" else [("lazy_adam", True)]
    for optimizer, lazy in kinds:
        differs = loss_differences(library, shape, tensors, ids, columns, lazy)
        for batch in (256, 1024):
            fit = Fit(library, shape, tensors, columns, labels, batch_size=batch, epochs=3, dropout=0.1, optimizer=optimizer)
            trainers, said = teachers.trainers(tensors, ids, labels, batch, lazy, RATE, options)
            line = compare(fit, trainers, rows, options)
            result["kernel"] = library.info(fit.model).get("kernel", "")
            fit.close()
            result["said"] += [words for words in said if words not in result["said"]]
            result["lines"].append({"name": f"batch {batch}, {optimizer}", "loss_differences": differs, **line})
            options.progress(f"{shape}, training, batch {batch}, {optimizer}: {line['ours']:,.0f} rows/s" + "".join(
                f", {name} {found['rate']:,.0f}, ratio {found['ratio']:.2f}" for name, found in line["peers"].items()))
    return result
