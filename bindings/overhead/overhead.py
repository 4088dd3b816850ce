"""What the same calls cost in Python. Usage: overhead.py MODEL"""
import sys
import time

import interplay
import numpy

ROUNDS, ONES, BATCH = 15, 20000, 10000


def best_of(work, calls):
    """Microseconds of one call, the best round's mean."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) / calls)
    return 1e6 * min(taken)


def main(path):
    model = interplay.Recommender.load(path)
    predict, scorer = model.predict, model.model.scorer(max_rows=1)
    pairs = [(i % 900 + 1, i % 1600 + 1) for i in range(ONES)]
    users, items = (numpy.array(column) for column in zip(*pairs[:BATCH]))
    both = numpy.stack([users, items], 1)

    def ones():
        for user, item in pairs:
            predict(user_id=user, item_id=item)

    def cells():
        for user, item in pairs:
            scorer.score([user], [item])

    for name, work, calls in (("predict", ones, ONES), ("scorer", cells, ONES),
                              ("batch_predict", lambda: model.batch_predict(both), 1),
                              ("predict_pairs", lambda: model.model.predict_pairs(users, items), 1)):
        print(f"python {name} {best_of(work, calls):.3f}", flush=True)


main(sys.argv[1])
