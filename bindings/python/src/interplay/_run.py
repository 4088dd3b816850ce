"""Long calls: on a thread of their own, so that Ctrl-C, a progress function and its exceptions work where they should."""
from __future__ import annotations

import contextlib
import json
import queue
import threading
from collections.abc import Callable
from typing import Any

from ._abi import PROGRESS, F, Handle, Owned, document, made

Progress = Callable[[dict[str, Any]], Any]


class Monitor(Handle):
    """Watches and cancels a long call, from any thread: pass it as `monitor=`, and call cancel() or read()."""

    __slots__ = ()

    def __init__(self) -> None:
        self._owned = made("monitor", "monitor_new", PROGRESS(), None)

    def cancel(self) -> None:
        """Ask the watched call, and every later one with this monitor, to stop with CancelledError."""
        F["monitor_cancel"](self._live())

    def read(self) -> dict[str, Any]:
        """The newest event, {} before the first."""
        return document("monitor_read", self._live())


class _Watched:
    """A monitor whose events come through a queue to the thread that waits."""

    def __init__(self, events: queue.SimpleQueue) -> None:
        cancelled = self.cancelled = threading.Event()

        def see(_: Any, event: bytes) -> int:  # no method: a cycle through the callback would wait for the garbage collector
            events.put(event)
            return int(cancelled.is_set())

        self.callback = PROGRESS(see)
        self.owned = made("monitor", "monitor_new", self.callback, None)

    def cancel(self) -> None:
        self.cancelled.set()
        F["monitor_cancel"](self.owned)


_DONE = object()


def long_call(work: Callable[[Any], Any], progress: Progress | None = None, monitor: Monitor | None = None) -> Any:
    """work(handle of a monitor) on another thread, its result or exception here.

    progress  called on this thread with each event; a true result cancels, an exception cancels and is raised
    monitor   the caller's own; then there is no progress function
    Ctrl-C cancels the call, waits until it has stopped, and is raised.
    """
    if monitor is not None and progress is not None:
        raise TypeError("expected a progress function or a monitor, found both: the monitor's read() has the events")
    if monitor is None and progress is None and threading.current_thread() is not threading.main_thread():
        return work(None)  # nobody to interrupt it: Python delivers Ctrl-C to the main thread alone
    events: queue.SimpleQueue = queue.SimpleQueue()
    watched = _Watched(events)
    given: Owned | None = None if monitor is None else monitor._live()
    result: list[Any] = [None, None]

    def run() -> None:
        try:
            # `watched` as a whole: after a second Ctrl-C this thread alone keeps the callback, which C still calls.
            result[0] = work(given or watched.owned)
        except BaseException as error:
            result[1] = error
        finally:
            events.put(_DONE)

    thread = threading.Thread(target=run, name="interplay", daemon=True)
    try:
        thread.start()
        _follow(events, progress, watched)
    except BaseException:
        watched.cancel() if given is None else F["monitor_cancel"](given)
        with contextlib.suppress(RuntimeError):  # Ctrl-C came before the thread had begun
            thread.join()
        raise
    thread.join()
    try:
        if result[1] is not None:
            raise result[1]
        return result[0]
    finally:
        del result  # the exception has this frame, and the frame must not have the exception


def _follow(events: queue.SimpleQueue, progress: Progress | None, watched: _Watched) -> None:
    while (event := events.get()) is not _DONE:
        if progress is not None and progress(json.loads(event)):
            watched.cancel()


def progress_of(verbose: Any, progress: Progress | None) -> Progress | None:
    """The progress function of `verbose`: tqdm's bar where it is installed, else a line an epoch."""
    if progress is not None or not verbose:
        return progress
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return _lines
    return _Bar(tqdm)


def _said(event: dict[str, Any]) -> dict[str, str]:
    shown = {"loss": event.get("loss"), "valid " + str(event.get("metric", "loss")): event.get("valid_metric")}
    return {name: f"{value:.4f}" for name, value in shown.items() if isinstance(value, float)}


def _lines(event: dict[str, Any]) -> None:
    if event.get("epoch_end"):
        said = ", ".join(f"{name} {value}" for name, value in _said(event).items())
        print(f"epoch {event['epoch']} of {event['epochs']}: {said}")


class _Bar:
    """A bar of rows, one epoch after the other."""

    def __init__(self, tqdm: Any) -> None:
        self.tqdm = tqdm
        self.bar: Any = None
        self.valid: dict[str, str] = {}

    def __call__(self, event: dict[str, Any]) -> None:
        total = event.get("rows_total") or 0
        epochs = event.get("epochs") or 1
        if self.bar is None:
            self.bar = self.tqdm(total=epochs, unit="epoch", desc="fit", bar_format="{l_bar}{bar}| {n:.1f}/{total} "
                                 "[{elapsed}<{remaining}{postfix}]")
        done = (event.get("epoch") or 1) - 1 + (event.get("rows", 0) / total if total else 0)
        said = _said(event)
        self.valid = {**self.valid, **{name: value for name, value in said.items() if name != "loss"}}
        self.bar.set_postfix({**said, **self.valid}, refresh=False)
        self.bar.n = min(done, epochs)
        self.bar.refresh()

    def close(self, whole: bool) -> None:
        if self.bar is None:
            return
        if whole:
            self.bar.total = self.bar.n
        self.bar.close()
        self.bar = None


def ended(progress: Progress | None, whole: bool = False) -> None:
    """Close a bar; whole: training has come to its end, which may be before the last epoch."""
    if isinstance(progress, _Bar):
        progress.close(whole)
