"""The epochs of a training, and their curves."""
from __future__ import annotations

from typing import Any


class History(list):
    """[{"epoch", "loss", "valid_loss", "valid_metric", ...}, ...] of a fitted model's info; empty for an engine without epochs."""

    def __init__(self, info: dict[str, Any]) -> None:
        training = info.get("training") or {}
        super().__init__(training.get("history") or [])
        self.metric = training.get("metric")
        self.best_epoch = training.get("best_epoch")

    def plot(self, axes: Any = None) -> Any:
        """Loss of training and validation by epoch, the best epoch marked. Returns matplotlib's axes."""
        from matplotlib import pyplot

        if axes is None:
            _, axes = pyplot.subplots(figsize=(6, 4), layout="constrained")
        for key, label in (("loss", "training"), ("valid_loss", "validation")):
            points = [(number, line[key]) for number, line in enumerate(self, 1) if line.get(key) is not None]
            if points:
                axes.plot(*zip(*points), marker=".", label=label)
        if self.best_epoch:
            axes.axvline(self.best_epoch, color="grey", linestyle=":", label="best epoch")
        axes.set_xlabel("epoch")
        axes.set_ylabel("loss")
        axes.legend()
        return axes
