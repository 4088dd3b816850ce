"""Ctrl-C, threads, the GIL, closing, wrong use, memory."""
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy
import pytest

import interplay
from interplay import AutoInt, Dataset, Model, Monitor

LONG = {"epochs": 100_000, "validation_fraction": 0, "batch_size": 16}


def test_ctrl_c_cancels_a_fit_and_the_process_goes_on(dataset):
    killer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    killer.start()
    begin = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        Model("autoint", LONG).fit(dataset)

    assert time.monotonic() - begin < 5
    assert Model("popularity").fit(dataset).info["fitted"]
    assert not [thread for thread in threading.enumerate() if thread.name == "interplay"]


def test_ctrl_c_while_a_progress_function_runs(dataset):
    def progress(event):
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        Model("autoint", LONG).fit(dataset, progress=progress)


def test_progress_runs_here_and_its_exception_arrives(dataset):
    threads, events = set(), []

    def progress(event):
        threads.add(threading.current_thread())
        events.append(event)
        if len(events) == 3:
            raise LookupError("enough")

    with pytest.raises(LookupError, match="enough"):
        Model("autoint", LONG).fit(dataset, progress=progress)

    assert threads == {threading.current_thread()}
    assert events[0]["stage"] == "fit" and events[0]["epochs"] == 100_000


def test_progress_and_monitor_cancel(dataset):
    model, monitor = Model("autoint", LONG), Monitor()
    with pytest.raises(interplay.CancelledError):
        model.fit(dataset, progress=lambda event: True)

    threading.Timer(0.2, monitor.cancel).start()
    with pytest.raises(interplay.CancelledError):
        model.fit(dataset, monitor=monitor)
    assert monitor.read()["stage"] == "fit"
    assert not model.info["fitted"]


def test_a_fit_on_another_thread_can_be_watched(dataset):
    result = []
    thread = threading.Thread(target=lambda: result.append(Model("autoint", {"epochs": 2}).fit(dataset, progress=result.append)))
    thread.start()
    thread.join()

    assert isinstance(result[-1], Model) and result[0]["stage"] == "fit"


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


@pytest.mark.parametrize("make", [
    lambda d: (Model("popularity"), lambda m: m.info), lambda d: (Model("popularity"), lambda m: m.predict_pairs([1], [1])),
    lambda d: (interplay.Table({"a": [1]}), lambda t: t["a"]), lambda d: (Dataset({"user": "u"}), lambda s: s.info),
    lambda d: (Monitor(), lambda m: m.read()), lambda d: (Model("popularity").fit(d).scorer(), lambda s: s.stats())])
def test_use_after_close(make, dataset):
    thing, use = make(dataset)
    thing.close()
    thing.close()

    with pytest.raises(interplay.InvalidStateError, match="closed"):
        use(thing)


def test_a_closed_recommender(ratings):
    with AutoInt(epochs=1).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"]) as model:
        model.predict(user_id=1, item_id=1)
    with pytest.raises(interplay.InvalidStateError, match="closed"):
        model.predict(user_id=1, item_id=1)


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda m: m.predict_pairs([1, 2], [1]), interplay.BadDataError, "2 users, 1 items"),
    (lambda m: m.predict_pairs([1.5], [1]), TypeError, "whole numbers"),
    (lambda m: m.predict_pairs(["a"], [1]), TypeError, "whole numbers"),
    (lambda m: m.predict({"user_id": ["1"], "item_id": ["2"]}), interplay.BadDataError, "user_id"),
    (lambda m: m.recommend({"user_id": [1]}, k=-1), interplay.InvalidArgumentError, "k"),
    (lambda m: m.update("movies", {"a": [1]}), interplay.InvalidArgumentError, "users"),
    (lambda m: m.scorer(["nobody"], ["item_id"]), interplay.NotFoundError, "nobody"),
    (lambda m: m.explain({"user_id": [1], "item_id": [2]}, what=["attention"]), NotImplementedError, "attention"),
    (lambda m: Model.load("/nowhere/model"), FileNotFoundError, "/nowhere/model"),
    (lambda m: Model.from_bytes(m.to_bytes()[:-1]), interplay.CorruptError, "cut short"),
    (lambda m: Model.from_bytes(b"no model"), interplay.CorruptError, "model file"),
    (lambda m: Model("nothing"), LookupError, "autoint"),
    (lambda m: Model("autoint", {"dropout": float("nan")}), interplay.InvalidArgumentError, "dropout.* finite .* found nan"),
    (lambda m: m.save("/proc/nothing/model"), OSError, "/proc/nothing")])
def test_wrong_use_gets_the_librarys_words(call, kind, words, biases):
    with pytest.raises(kind, match=words):
        call(biases)


def test_a_damaged_file_never_crashes(biases):
    data, draw = bytearray(biases.to_bytes()), numpy.random.default_rng(1)
    for _ in range(300):
        damaged = bytearray(data)
        damaged[draw.integers(len(data))] ^= 1 + draw.integers(255)
        with pytest.raises(interplay.Error) as caught:
            Model.from_bytes(bytes(damaged))
        assert caught.value.status in (interplay.Status.CORRUPT, interplay.Status.INCOMPATIBLE)


def test_verbose_without_tqdm_prints_a_line_an_epoch(dataset, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    Model("autoint", {"epochs": 2}).fit(dataset, verbose=True)

    assert capsys.readouterr().out.startswith("epoch 1 of 2: loss ")


def test_verbose_with_tqdm_draws_a_bar(dataset, capsys):
    pytest.importorskip("tqdm")
    Model("autoint", {"epochs": 2}).fit(dataset, verbose=True)

    captured = capsys.readouterr()
    assert captured.out == "" and "2.0/2" in captured.err


def test_a_bar_is_whole_where_training_stops_early(dataset, capsys):
    pytest.importorskip("tqdm")
    model = Model("autoint", {"epochs": 40, "patience": 1, "learning_rate": 0.1}).fit(dataset, verbose=True)

    done = len(model.info["training"]["history"])
    assert done < 40
    assert f"| {done}.0/{done}" in capsys.readouterr().err.split("\r")[-1]


def test_a_million_predictions_hold_memory_flat():
    # In a process of its own, so that nothing else moves the number.
    program = textwrap.dedent("""
        import interplay

        def memory():
            with open("/proc/self/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * 4096
        model = interplay.Popularity().fit(user_ids=[1, 1, 2, 2, 3, 3], item_ids=["a", "b", "a", "c", "b", "c"], ratings=[5, 3, 4, 2, 1, 3])
        def calls(n):
            for k in range(n):
                model.predict(user_id=k % 5, item_id="a")
            for k in range(n // 100):
                model.recommend(k % 5, 2)
                model.batch_predict([(1, "a"), (2, "b")])
                try:
                    model.predict(user_id="wrong", item_id="a")
                except interplay.BadDataError:
                    pass
        calls(50_000)
        before = memory()
        calls(1_000_000)
        print(memory() - before)
    """)
    grown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert int(grown) < 2_000_000


def test_importing_starts_no_thread_and_prints_nothing():
    program = "import numpy, os; n = len(os.listdir('/proc/self/task')); import interplay; assert len(os.listdir('/proc/self/task')) == n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == done.stderr == ""
