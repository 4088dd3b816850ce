"""What a list of scores is worth, and what a list of results per seed says."""
import math
import statistics


def rmse(labels, scores):
    return math.sqrt(sum((y - s) ** 2 for y, s in zip(labels, scores)) / len(labels))


def log_loss(labels, scores):
    """Mean, in nats. Probabilities of exactly 0 and 1 are moved in by 1e-7, what a 32-bit number can tell apart from 1."""
    total = 0.0
    for y, p in zip(labels, scores):
        p = min(1 - 1e-7, max(1e-7, p))
        total -= math.log(p if y > 0.5 else 1 - p)
    return total / len(labels)


def auc(labels, scores):
    """The chance that a positive row scores above a negative one; ties count half. NaN if there is but one kind."""
    below = area = positives = 0
    order = sorted(range(len(scores)), key=scores.__getitem__)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and scores[order[end]] == scores[order[start]]:
            end += 1
        tied = sum(1 for i in order[start:end] if labels[i] > 0.5)
        area += tied * (below + (end - start - tied) / 2)
        below += end - start - tied
        positives += tied
        start = end
    return area / (positives * below) if positives and below else float("nan")


def measure(objective, labels, scores):
    if objective == "binary":
        return {"auc": auc(labels, scores), "log_loss": log_loss(labels, scores)}
    return {"rmse": rmse(labels, scores)}


def summary(values):
    """Mean and standard error of the mean; the error of a single value is None."""
    error = statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else None
    return {"mean": statistics.fmean(values), "se": error, "n": len(values)}


def paired(runs, others, metric):
    """Of the seeds that both have: how much the first's metric is above the others'."""
    by_seed = {run["seed"]: run[metric] for run in others if metric in run}
    differences = [run[metric] - by_seed[run["seed"]] for run in runs if metric in run and run["seed"] in by_seed]
    return summary(differences) if differences else None


def text(value, signed=False):
    """"0.9324 +- 0.0031" of a summary."""
    error = "" if value["se"] is None else f" +- {value['se']:.4f}"
    return f"{value['mean']:{'+' if signed else ''}.4f}{error}"
