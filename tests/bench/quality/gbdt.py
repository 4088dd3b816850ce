"""LightGBM on the same rows, with what a careful user of it would give it.

A categorical feature is given as such (codes of the training rows, others missing), a list as one column of 0 and 1 per
value. The ids become numbers: of the user and of the item the mean of the other training rows' labels, the bias of
alternating least squares, the number of training rows, and their sum as a guess. For training rows those are made out of
fold, five folds: of rows, or, where the test is of new users, of users. Where validation has rows of users that
training has not, as many training rows lose their user's numbers, so that the trees learn what to do without. Two sizes
of tree are tried, early stopping and the choice between them by the validation rows; the test rows are scored once. More
than 200,000 rows get one size, of large trees, and twice the learning rate, which keeps a fit to minutes.
"""
import math
import time

import lightgbm
import numpy

FEW_ROWS = {"num_leaves": (15, 63), "learning_rate": 0.05}
MANY_ROWS = {"num_leaves": (127,), "learning_rate": 0.1}
SETTINGS = {"feature_fraction": 0.8, "bagging_fraction": 0.8, "bagging_freq": 1,
            "min_data_in_leaf": 20, "verbose": -1, "deterministic": True, "force_row_wise": True}
ROUNDS, PATIENCE = 5000, 100
USER_DAMPING, ITEM_DAMPING = 15, 10


def categories(values, train):
    """Codes of the training rows' values, NaN for any other."""
    codes = {}
    for i in train:
        codes.setdefault(values[i], len(codes))
    return [codes.get(v, math.nan) for v in values]


def feature_columns(data, train):
    """(name, numbers, is categorical) for each feature that is no id."""
    for name in data.features():
        values = data.values(name)
        if name not in data.lists:
            yield name, categories(values, train), True
            continue
        cells = [set(v.split(data.lists[name])) for v in values]
        for value in sorted(set().union(*(cells[i] for i in train)) - {""}):
            yield f"{name} {value}", [float(value in cell) for cell in cells], False


def damped(keys, n, values, damping):
    """Of each key from 0 to n - 1 the sum of its values over (damping + how many)."""
    return numpy.bincount(keys, values, n) / (damping + numpy.bincount(keys, minlength=n) + 1e-12)


def id_numbers(users, items, labels, learn, rows):
    """For each of `rows` the first five of ID_NAMES, from the rows to learn from; biases by ten rounds of damped
    alternating least squares. NaN where an id has no row to learn from."""
    u, v, y = users[learn], items[learn], labels[learn]
    n, m, mean = users.max() + 1, items.max() + 1, y.mean()
    user, item = numpy.zeros(n), numpy.zeros(m)
    for _ in range(10):
        item = damped(v, m, y - mean - user[u], ITEM_DAMPING)
        user = damped(u, n, y - mean - item[v], USER_DAMPING)
    guess = mean + user[users[rows]] + item[items[rows]]
    known = [numpy.bincount(u, minlength=n) > 0, numpy.bincount(v, minlength=m) > 0]
    return numpy.stack([
        numpy.where(known[0], mean + damped(u, n, y - mean, USER_DAMPING), math.nan)[users[rows]],
        numpy.where(known[0], user, math.nan)[users[rows]],
        numpy.where(known[1], mean + damped(v, m, y - mean, ITEM_DAMPING), math.nan)[items[rows]],
        numpy.where(known[1], item, math.nan)[items[rows]], guess])


ID_NAMES = ["user mean", "user bias", "item mean", "item bias", "biases", "user rows", "item rows"]


def codes(values):
    return numpy.unique(numpy.array(values), return_inverse=True)[1]


def id_columns(data, split, seed, by_groups):
    """Seven rows of numbers for the ids, by ID_NAMES, a column for each row of the data."""
    train, valid, test = (numpy.array(part) for part in split)
    draw = numpy.random.default_rng(seed)
    users, items, labels = codes(data.values(data.user)), codes(data.values(data.item)), numpy.array(data.labels)
    groups = codes(data.groups)
    fold = draw.integers(0, 5, groups.max() + 1)[groups[train]] if by_groups else draw.integers(0, 5, len(train))
    table = numpy.empty((len(ID_NAMES), len(labels)))
    seen = numpy.concatenate([valid, test])
    table[:5, seen] = id_numbers(users, items, labels, train, seen)
    for f in range(5):
        table[:5, train[fold == f]] = id_numbers(users, items, labels, train[fold != f], train[fold == f])
    table[5] = numpy.bincount(users[train], minlength=users.max() + 1)[users]
    table[6] = numpy.bincount(items[train], minlength=items.max() + 1)[items]
    strange = (table[5, valid] == 0).mean()
    hidden = train[draw.random(len(train)) < strange]
    table[4, hidden] -= numpy.nan_to_num(table[1, hidden])
    table[0, hidden] = table[1, hidden] = math.nan
    table[5, hidden] = 0
    return list(table)


def fit_and_score(own, data, objective, split, seed, threads, by_groups):
    """own: LightGBM's parameters that replace the ones here. The scores of the test rows, in their order, and what there is to say of the fit."""
    start = time.time()
    names, columns, categorical = [], [], []
    for name, numbers, is_category in feature_columns(data, split[0]):
        categorical += [len(names)] if is_category else []
        names.append(name)
        columns.append(numbers)
    if data.user and data.item:
        categorical.append(len(names))
        names.append("item id")
        columns.append(categories(data.values(data.item), split[0]))
        names += ID_NAMES
        columns += id_columns(data, split, seed, by_groups)
    x = numpy.array(columns, dtype=numpy.float32).T
    y = numpy.array(data.labels)
    train, valid, test = (numpy.array(part) for part in split)
    best = None
    size = FEW_ROWS if len(train) <= 200_000 else MANY_ROWS
    for leaves in size["num_leaves"]:
        params = {**SETTINGS, **size, "num_leaves": leaves, "seed": seed, "num_threads": threads or 0,
                  "objective": "binary" if objective == "binary" else "regression",
                  "metric": "binary_logloss" if objective == "binary" else "rmse",
                  **own}
        learn = lightgbm.Dataset(x[train], y[train], categorical_feature=categorical, free_raw_data=False)
        watch = lightgbm.Dataset(x[valid], y[valid], reference=learn, free_raw_data=False)
        model = lightgbm.train(params, learn, ROUNDS, valid_sets=[watch],
                               callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)])
        loss = next(iter(model.best_score["valid_0"].values()))
        if best is None or loss < best[0]:
            best = loss, model, leaves
    loss, model, leaves = best
    said = {"fit_seconds": round(time.time() - start, 1), "best_iteration": model.best_iteration, "num_leaves": leaves,
            "valid": loss}
    return model.predict(x[test], num_iteration=model.best_iteration).tolist(), said
