"""Time and memory as rows and vocabulary grow: both must grow in proportion."""
import ctypes as c
import json
import statistics
import time

import arithmetic
import lookups
import memory
import models
import training
from library import Monitor

ROWS, USERS, EPOCHS = 20_000, 10_000, 3
PARAMETERS = {**training.PLAIN, "dropout": 0.1, "batch_size": 256, "epochs": EPOCHS}
SCHEMA = b'{"user": "user_id", "item": "item_id", "label": "label"}'


def sizes(quick):
    """Rows alone, vocabulary alone, both: each 1, 10 and 100 times."""
    one, ten, hundred = (1, 3, 10) if quick else (1, 10, 100)
    pairs = [(one, one), (ten, one), (hundred, one), (one, ten), (one, hundred), (ten, ten), (hundred, hundred)]
    return [{"rows": ROWS * rows, "users": USERS * users} for rows, users in pairs]


def held_rows(quick):
    return (ROWS, ROWS * 2) if quick else (ROWS * 10, ROWS * 50)


def held_values(quick):
    return (USERS, USERS * 2) if quick else (USERS * 10, USERS * 50)


def interactions(library, rows, users):
    """Users in turn and as Zipf has them by halves, so that each is there; items and labels to learn from."""
    drawn, items = library.zipf(3, users, 1.0, rows), library.zipf(4, lookups.ITEMS, 1.0, rows)
    ids = (c.c_int64 * rows)(*(drawn[i] if i % 2 else i // 2 % users + 1 for i in range(rows)))
    columns = {"user_id": (c.c_int64 * rows)(*map(models.value, ids)), "item_id": (c.c_int64 * rows)(*map(models.value, items)),
               "label": training.labels_of([ids, items])}
    return columns


def sealed(library, columns):
    data, table = library.made("dataset_new", SCHEMA), library.table(columns)
    library.call("dataset_append", data, b"interactions", table)
    library.call("dataset_seal", data)
    library.free("table", table)
    return data


def fitted(library, model, data):
    """(the fitted model, seconds of the call, when its epochs ended)"""
    monitor, start = Monitor(library, time.perf_counter), time.perf_counter()
    made = library.made("model_fit", model, data, None, b'{"threads": 1}', monitor.handle, None)
    seconds = time.perf_counter() - start
    library.free("monitor", monitor.handle)
    return made, seconds, [end for end, _ in monitor.ends]


def times(library, rows, users, seconds, rounds):
    """Seconds a row of: a dataset, an epoch, a whole fit of EPOCHS epochs, scoring 1,024 rows and one row a call."""
    columns, model = interactions(library, rows, users), lookups.assembled(library, "int64", users, **PARAMETERS)
    found = {name: [] for name in ("dataset", "epoch", "fit")}
    started = time.perf_counter()
    while not found["fit"] or (len(found["fit"]) < rounds and time.perf_counter() - started < 10 * rounds * seconds):
        start = time.perf_counter()
        data = sealed(library, columns)
        found["dataset"].append((time.perf_counter() - start) / rows)
        made, whole, ends = fitted(library, model, data)
        found["epoch"].append(1 / arithmetic.epochs_rate(ends, rows))
        found["fit"].append(whole / rows / EPOCHS)
        library.free("model", made)
        library.free("dataset", data)
    scorer, cells = lookups.Lookups(library, model), lookups.Rows(library, "int64", users, lookups.SPREAD)
    for name, batch in (("score 1024", 1024), ("score 1", 1)):
        found[name] = [1 / arithmetic.rate(scorer.time(cells, lookups.SCORE, batch, seconds), batch) for _ in range(rounds)]
    scorer.known()
    return {"rows": rows, "users": users, **{name: statistics.median(each) for name, each in found.items()}}


def rows_held(library, rows):
    """Bytes of a sealed dataset of `rows` rows and USERS users, and how much more its fit needs at the most."""
    columns, model = interactions(library, rows, USERS), lookups.assembled(library, "int64", USERS, **PARAMETERS)
    before = memory.held()
    data = sealed(library, columns)
    found = {"rows": rows, "held": memory.held() - before, "said": json.loads(library.text("dataset_info", data))["bytes"]}
    most = memory.peak(reset=True)
    fitted(library, model, data)
    return {**found, "fit": memory.peak() - most}


def values_held(library, users):
    """Bytes of models of `users` users: assembled; learned, with what going on with training needs; and each read from its own bytes."""
    data = sealed(library, interactions(library, 2 * users, users))
    before = memory.held()
    model = lookups.assembled(library, "int64", users, **PARAMETERS)
    found, held = {"users": users, "assembled": memory.held() - before}, memory.held()
    most = memory.peak(reset=True)
    learned, _, _ = fitted(library, model, data)
    found.update(learned=memory.held() - held, fit=memory.peak() - most)
    for name, options in (("parsed", b'{"seen": false}'), ("parsed_with_optimizer", b'{"seen": false, "optimizer": true}')):
        text = library.text("model_dump", learned, options)
        held = memory.held()
        parsed = library.made("model_parse", text, c.c_size_t(len(text)), None)
        found[name], found[name + "_file"] = memory.held() - held, len(text)
        library.free("model", parsed)
    return found


def model_held(library, shape):
    """Bytes of a small model as it is served, read from its own bytes, and of its scorers."""
    names = models.names_of(shape)
    made = models.assembled(library, shape, models.weights(library, models.SHAPES[shape]))
    text = library.text("model_dump", made, None)
    before = memory.held()
    model = library.made("model_parse", text, c.c_size_t(len(text)), None)
    found = {"shape": shape, "file": len(text), "model": memory.held() - before}
    columns = (c.c_char_p * len(names))(*map(str.encode, names))
    for key, options in (("scorer", None), ("scorer_of_one_row", b'{"max_rows": 1}')):
        before = memory.held()
        library.made("scorer_open", model, columns, c.c_uint32(0), c.c_uint32(len(names)), options)
        found[key] = memory.held() - before
    return found
