"""Many threads at once: what they share, and who waits."""
import threading
import time

import numpy
import pytest

import interplay
from interplay import Dataset, Model, _abi


def at_once(*works):
    """Each on a thread of its own; what they raised."""
    errors, start = [], threading.Barrier(len(works))

    def run(work):
        start.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_threads_that_share_a_scorer_wait_for_each_other(attentive):
    scorer, items, wrong = attentive.model.scorer(), list(range(40)) * 20, []  # enough for two calls to meet
    expected = [scorer.score([user], items).tolist() for user in range(4)]
    best = [scorer.top([user], 3)[0].tolist() for user in range(4)]

    def serve(user):
        for _ in range(20):
            wrong.append(scorer.score([user], items).tolist() != expected[user])
            wrong.append(scorer.top([user], 3)[0].tolist() != best[user])

    assert not at_once(*(lambda user=user: serve(user) for user in range(4)))
    assert len(wrong) == 160 and not any(wrong)


def test_appends_of_several_threads_all_arrive():
    data, names = Dataset({"user": "u", "item": "i"}), [f"item {i}" for i in range(5000)]

    def append(first):
        for start in range(first, first + 50_000, 5000):
            data.append("interactions", {"u": list(range(start, start + 5000)), "i": names})

    assert not at_once(*(lambda first=first: append(first) for first in (0, 50_000, 100_000)))
    data.seal()
    assert (data.info["rows"], data.info["users"], data.info["items"]) == (150_000, 150_000, 5000)


def test_fit_evaluate_and_split_wait_for_the_thread_that_is_sealing_their_dataset(biases, ratings):
    for work in (Model("popularity").fit, biases.evaluate, Dataset.split):
        data, begun, wrong = Dataset({"user": "user_id", "item": "item_id", "label": "rating"}), threading.Event(), []
        with pytest.raises(interplay.InvalidStateError, match=r"seal\(\)"):
            work(data)

        def late(work=work, data=data, begun=begun, wrong=wrong):
            begun.set()
            try:
                work(data)
            except interplay.Error as error:
                wrong.append(error)

        thread = threading.Thread(target=late)
        with data._lock:  # which every call that writes has
            thread.start()
            begun.wait()
            thread.join(0.2)  # it has to find the lock taken
            data.append("interactions", {name: ratings[name] for name in ("user_id", "item_id", "rating")})
            data.seal()
        thread.join()
        assert not wrong, work


def test_calls_of_several_threads_on_an_assembly_do_not_meet(monkeypatch):
    description = {"schema": {"user": "u", "item": "i", "label": "y"},
                   "fields": [{"name": "u", "of": "user", "kind": "category"}, {"name": "i", "of": "item", "kind": "category"}],
                   "objective": {"kind": "binary", "low": 0, "high": 1, "mean": 0.5}}
    assembly = interplay.Assembly("autoint", {"embedding_dim": 2, "num_layers": 0}, description)
    inside, met = [], []

    def slow(name, *arguments):  # long enough for another to come, which real ones rarely are
        inside.append(name)
        met.append(len(inside))
        time.sleep(0.02)
        _abi.call(name, *arguments)
        inside.pop()

    monkeypatch.setattr(interplay.assembly, "call", slow)
    values = [lambda name=name: assembly.add_values(name, [1, 2]) for name in ("u", "i")]
    tensors = [lambda name=name, shape=shape: assembly.add_tensor(name, numpy.ones(shape, numpy.float32))
               for name, shape in (("tables/0", (3, 2)), ("tables/1", (3, 2)), ("output/0", (2, 2)), ("bias", (1, 1)))]

    assert not at_once(*values, *tensors)
    assert met == [1] * 6
    assert assembly.finish().info["fitted"]


def test_the_gil_is_free_while_fitting(dataset):
    ticks, done = [0], threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    Model("autoint", {"epochs": 30, "patience": 0}).fit(dataset, threads=1)
    took = time.monotonic() - begin
    done.set()
    thread.join()

    assert ticks[0] > 100 * took  # of a thousand a second


def test_one_model_serves_many_threads(attentive):
    expected = attentive.batch_predict([(u, 3) for u in range(50)]).tolist()
    wrong = []

    def serve():
        for _ in range(50):
            wrong.extend(u for u in range(50) if attentive.predict(user_id=u, item_id=3) != expected[u])

    threads = [threading.Thread(target=serve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong


def test_closing_under_another_threads_call_is_safe(dataset):
    model = Model("autoint", {"epochs": 1}).fit(dataset)
    users = numpy.zeros(500_000, numpy.int64)
    results = []
    thread = threading.Thread(target=lambda: results.append(model.predict_pairs(users, users)))
    thread.start()
    model.close()
    thread.join()

    assert not results or numpy.isfinite(results[0]).all()  # either it had begun, or it found a closed model
