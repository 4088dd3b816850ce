"""What made the scores of some rows, and pictures of it."""
from __future__ import annotations

from typing import Any

import numpy


class Explanation(dict):
    """The document of interplay_model_explain: "rows", "score", "fields", "attention", "contributions", "pairs", "per_row"."""

    @property
    def names(self) -> list[str]:
        """The fields, in the order of everything else."""
        return [field["name"] for field in self["fields"]]

    def attention(self, layer: int | None = None, head: int | None = None) -> numpy.ndarray:
        """(M, M): what a field (row) attends to; rows sum to 1. Averaged over what is not chosen."""
        weights = numpy.array(self["attention"]["mean"])
        weights = weights.mean(0) if layer is None else weights[layer]
        return weights.mean(0) if head is None else weights[head]

    def plot(self, layer: int | None = None, head: int | None = None, axes: Any = None) -> Any:
        """Attention as a heat map where the engine has it, beside it what each field brings. Returns matplotlib's figure."""
        from matplotlib import pyplot

        pictures = [name for name in ("attention", "contributions") if name in self]
        if axes is None:
            _, axes = pyplot.subplots(1, max(len(pictures), 1), figsize=(5 * max(len(pictures), 1), 4), layout="constrained")
        axes = numpy.atleast_1d(axes)
        for name, axis in zip(pictures, axes):
            self._heat(axis, layer, head) if name == "attention" else self._bars(axis)
        return axes[0].figure

    def _heat(self, axis: Any, layer: int | None, head: int | None) -> None:
        image = axis.imshow(self.attention(layer, head), cmap="viridis", vmin=0)
        axis.set_xticks(range(len(self.names)), self.names, rotation=45, ha="right")
        axis.set_yticks(range(len(self.names)), self.names)
        axis.set_title("what a field (row) attends to")
        axis.figure.colorbar(image, ax=axis)

    def _bars(self, axis: Any) -> None:
        lines = self["contributions"][::-1]
        axis.barh([line["field"] for line in lines], [line["mean_abs"] for line in lines])
        axis.set_title("change of the logit without the field, mean |.|")
