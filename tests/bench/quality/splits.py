"""Which rows are for learning, for choosing the epoch, and for the one test. Indices of rows; all from named seeds.

Each takes the data and the seed and returns (train, valid, test), disjoint, in the rows' own order. The validation rows
are drawn from what is left after the test rows are gone, and in the same manner.
"""
import random


def rows_at_random(data, seed, share=5):
    """A fifth of the rows, then a tenth of the rest."""
    order = list(range(len(data.rows)))
    random.Random(seed).shuffle(order)
    n = len(order) // share
    return parts(order, n, n + (len(order) - n) // 10)


def tenths(data, seed):
    """80/10/10, cut from numpy's permutation, so that programs in numpy can have the same rows."""
    import numpy
    order = numpy.random.default_rng(seed).permutation(len(data.rows)).tolist()
    a, b = int(len(order) * .8), int(len(order) * .9)
    return sorted(order[:a]), sorted(order[a:b]), sorted(order[b:])


def last_by_time(data, seed):
    """The last fifth of all rows, then the last tenth of the rest. The seed changes nothing."""
    order = by_time(data, range(len(data.rows)))[::-1]
    n = len(order) // 5
    return parts(order, n, n + (len(order) - n) // 10)


def last_of_each_user(data, seed):
    """Of each user with two rows or more the last fifth, at least one, then likewise the last tenth of the rest."""
    left, test = cut_users(data, range(len(data.rows)), 5)
    train, valid = cut_users(data, left, 10)
    return train, valid, test


def whole_groups(data, seed):
    """All rows of a fifth of the groups (users, or respondents), then of a tenth of the others."""
    names = sorted(set(data.groups))
    random.Random(seed).shuffle(names)
    n = len(names) // 5
    test = set(names[:n])
    valid = set(names[n:n + (len(names) - n) // 10])
    part = [0 if g in test else 1 if g in valid else 2 for g in data.groups]
    return tuple([i for i, p in enumerate(part) if p == wanted] for wanted in (2, 1, 0))


def parts(order, test_end, valid_end):
    return sorted(order[valid_end:]), sorted(order[test_end:valid_end]), sorted(order[:test_end])


def by_time(data, rows):
    return sorted(rows, key=lambda i: (data.times[i], i))


def cut_users(data, rows, share):
    of_user = {}
    for i in by_time(data, rows):
        of_user.setdefault(data.groups[i], []).append(i)
    first, last = [], []
    for own in of_user.values():
        n = max(1, round(len(own) / share)) if len(own) > 1 else 0
        first += own[:len(own) - n]
        last += own[len(own) - n:]
    return sorted(first), sorted(last)
