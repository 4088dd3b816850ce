"""Our own engines, through the command line program: files in, a model file, scores out."""
import csv
import json
import os
import shlex
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
TOOL = os.path.join(ROOT, "build", "release", "bin", "interplay")


class Failed(Exception):
    pass


def write(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


def write_inputs(folder, data, split):
    """train, valid, test and train with valid ("whole"), and the sides' files; every candidate reads the same."""
    train, valid, test = split
    for name, rows in (("train", train), ("valid", valid), ("test", test), ("whole", sorted(train + valid))):
        write(os.path.join(folder, name + ".csv"), data.columns, (data.rows[i] for i in rows))
    for name, side in (("users", data.users), ("items", data.items)):
        if side:
            write(os.path.join(folder, name + ".csv"), side[0], side[1].values())


def options_of(data, fields):
    """What fit has to know of the columns. fields: "all", or "ids" for the ids alone."""
    options = ["--label", data.label]
    for role in ("user", "item"):
        if getattr(data, role):
            options += ["--" + role, getattr(data, role)]
    own = [c for c in data.columns if c not in (data.label, data.user, data.item)]
    ignore = own if fields == "ids" else list(data.ignore)
    if ignore:
        options += ["--ignore", ",".join(ignore)]
    known = set(data.columns) | {c for side in (data.users, data.items) if side and fields == "all" for c in side[0]}
    for name, separator in data.lists.items():
        options += ["--list", f"{name}={separator}"] if name in known else []
    for name in data.text:
        options += ["--type", f"{name}=string"] if name in known else []
    return options


def run(command):
    """Standard output of a program that succeeds."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise Failed(f"{shlex.join(command)}\n{done.stderr}")
    return done.stdout


def fit_and_score(engine, params, extra, data, folder, seed, threads):
    """The scores of test.csv's rows, in their order, and what fit said of itself."""
    params = dict(params)
    fields = params.pop("fields", "all")
    model, scored = os.path.join(folder, "model.interplay"), os.path.join(folder, "scored.csv")
    own = "validation_fraction" in params  # such a candidate has all training rows and holds out what it likes
    command = [TOOL, "fit", "--json", "--quiet", "--engine", engine, "--seed", str(seed), "--out", model,
               "--ratings", os.path.join(folder, "whole.csv" if own else "train.csv"), *options_of(data, fields)]
    if not own:
        command += ["--valid", os.path.join(folder, "valid.csv")]
    for name, side in (("users", data.users), ("items", data.items)):
        if side and fields == "all":
            command += ["--" + name, os.path.join(folder, name + ".csv")]
    command += ["--threads", str(threads)] if threads else []
    command += ["--set", *[f"{k}={v}" for k, v in params.items()]] if params else []
    start = time.time()
    run(command + extra)
    seconds = time.time() - start
    lists = [word for name, separator in data.lists.items() if name in data.columns for word in ("--list", f"{name}={separator}")]
    run([TOOL, "predict", model, "--rows", os.path.join(folder, "test.csv"), "--out", scored, *lists])
    with open(scored, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    scores = [float(row[rows[0].index("score")]) for row in rows[1:]]
    training = json.loads(run([TOOL, "info", "--json", model])).get("training", {})
    said = {"fit_seconds": round(seconds, 1), "file_bytes": os.path.getsize(model)}
    said.update({k: training[k] for k in ("valid_metric", "best_epoch", "epochs", "parameters") if k in training})
    return scores, said
