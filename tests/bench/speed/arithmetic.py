"""The benchmark's own arithmetic: what a list of seconds says, and what a row of the model costs."""
import statistics


class Disagreement(Exception):
    """The two sides compute different things: there is nothing to compare."""


def percentile(ascending, share):
    """The smallest value that at least this share of the values does not exceed."""
    if not ascending:
        raise ValueError("expected at least one value, found none")
    at = -(-len(ascending) * share // 1) - 1  # the ceiling, from 0
    return ascending[min(max(int(at), 0), len(ascending) - 1)]


def rate(seconds, rows_per_call):
    """Rows a second of one round of calls."""
    return len(seconds) * rows_per_call / sum(seconds)


def epochs_rate(ends, rows):
    """Rows a second of the epochs behind the first, of the times at which they ended."""
    return rows * (len(ends) - 1) / (ends[-1] - ends[0])


def speedup(one, several, one_peak, several_peak):
    """Four rates of each round. (how many times `one` the `several` did, the same of the peaks, the first as a share of the second):
    the medians of the rounds'."""
    gains = [b / a for a, b in zip(one, several)]
    limits = [b / a for a, b in zip(one_peak, several_peak)]
    return tuple(map(statistics.median, (gains, limits, [gain / limit for gain, limit in zip(gains, limits)])))


def summary(rounds, rows_per_call):
    """rounds: for each round the seconds of its calls. The median of the rounds' rates; percentiles of all calls."""
    calls = sorted(second for one in rounds for second in one)
    return {"rows_per_second": statistics.median(rate(one, rows_per_call) for one in rounds), "calls": len(calls),
            **{f"p{name}": percentile(calls, share) for name, share in (("50", .5), ("99", .99), ("99.9", .999))}}


def ratio(mine, theirs, rows_per_call, their_rows_per_call=None):
    """The median of the rounds' ratios: each of our rounds is compared with the peer's round behind it."""
    return statistics.median(rate(a, rows_per_call) / rate(b, their_rows_per_call or rows_per_call)
                             for a, b in zip(mine, theirs))


def flops(fields, dim, attention, layers):
    """Operations of one row in the tutorial's model: a multiplication and an addition for each product of its matrices.
    Softmax, ReLU, sums and gathering are not counted; nor does the number of heads matter."""
    layer = fields * dim * 3 * attention        # Q, K, V
    layer += 2 * fields * fields * attention    # Q K^T, and the weights times V, all heads together
    layer += fields * attention * dim           # W^O
    return 2 * (layers * layer + fields * dim * (layers + 1))  # and w . [E0; ...; EL]


def largest_difference(a, b):
    if len(a) != len(b):
        raise ValueError(f"expected as many numbers on both sides, found {len(a)} and {len(b)}")
    return max(abs(x - y) for x, y in zip(a, b))
