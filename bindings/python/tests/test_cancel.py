"""Ctrl-C, progress functions and monitors, and what long calls leave behind."""
import contextlib
import gc
import os
import signal
import threading
import time
import weakref

import pytest

import interplay
from interplay import Model, Monitor, _run

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


def test_ctrl_c_cancels_a_fit_of_pairs(ratings):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    begin = time.monotonic()

    with pytest.raises(KeyboardInterrupt):
        Model.fit_pairs("autoint", {**LONG, "epochs": 300}, ratings["user_id"], ratings["item_id"], ratings["rating"])

    assert time.monotonic() - begin < 3


def test_a_second_ctrl_c_leaves_the_callback_to_the_thread_that_uses_it(monkeypatch):
    made, release, threads = [], threading.Event(), []

    class Seen(_run._Watched):
        def __init__(self, events):
            super().__init__(events)
            made.append(weakref.ref(self))

    def interrupted(thread):
        threads.append(thread)
        raise KeyboardInterrupt

    def work(monitor):
        os.kill(os.getpid(), signal.SIGINT)
        release.wait()

    monkeypatch.setattr(_run, "_Watched", Seen)
    with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
        patch.setattr(threading.Thread, "join", interrupted)
        _run.long_call(work)
    gc.collect()

    assert len(threads) == 1 and made[0]() is not None  # the work goes on
    release.set()
    threads[0].join()
    gc.collect()
    assert made[0]() is None


def test_long_calls_leave_nothing_to_the_garbage_collector(dataset):
    def left():
        return sum(isinstance(thing, _run._Watched) for thing in gc.get_objects())

    def fail(monitor):
        raise LookupError

    gc.collect()
    gc.disable()
    try:
        before = left()
        for _ in range(3):
            Model("popularity").fit(dataset)
            with contextlib.suppress(LookupError):
                _run.long_call(fail)
        assert left() == before
    finally:
        gc.enable()


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
