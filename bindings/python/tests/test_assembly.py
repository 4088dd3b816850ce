"""Models of weights that were trained elsewhere."""
import numpy
import pytest

import interplay

DESCRIPTION = {"schema": {"user": "user", "item": "item", "label": "click"},
               "fields": [{"name": "user", "of": "user", "kind": "category"}, {"name": "item", "of": "item", "kind": "category"}],
               "objective": {"kind": "binary", "low": 0, "high": 1, "mean": 0.5}}


def test_weights_of_pytorch():
    torch = pytest.importorskip("torch")
    layer = torch.nn.Embedding(3, 2), torch.nn.Embedding(3, 2), torch.nn.Linear(4, 1)
    tensors = {"tables/0": layer[0].weight, "tables/1": layer[1].weight, "output/0": layer[2].weight.reshape(2, 2),
               "bias": layer[2].bias.reshape(1, 1)}

    model = interplay.from_tensors("autoint", {"embedding_dim": 2, "num_layers": 0}, DESCRIPTION,
                                   {"user": [10, 20], "item": ["a", "b"]}, tensors)

    with torch.no_grad():
        expected = layer[2](torch.cat([layer[0](torch.tensor([1, 2, 0])), layer[1](torch.tensor([2, 1, 1]))], 1))[:, 0].numpy()
    found = model.predict({"user": [10, 20, 99], "item": ["b", "a", "a"]}, output="logit")
    numpy.testing.assert_allclose(found, expected, atol=1e-6)


class Tensor:
    """What from_tensors needs of PyTorch's: one that learns gives its numbers only after detach() and cpu()."""

    def __init__(self, array, free=False):
        self.array, self.free = array, free

    def detach(self):
        return Tensor(self.array, free=True)

    def cpu(self):
        return self

    def __array__(self, dtype=None, copy=None):
        assert self.free, "detach() first"
        return self.array


@pytest.mark.parametrize("make", [numpy.asarray, Tensor])
def test_weights_of_numpy_score_as_by_hand(make):
    draw = numpy.random.default_rng(5)
    users, items, weight = (draw.normal(size=shape).astype(numpy.float32) for shape in ((3, 2), (3, 2), (2, 2)))
    tensors = {"tables/0": users, "tables/1": items, "output/0": weight, "bias": numpy.full((1, 1), 0.25, numpy.float32)}

    model = interplay.from_tensors("autoint", {"embedding_dim": 2, "num_layers": 0}, DESCRIPTION,
                                   {"user": [10, 20], "item": ["a", "b"]}, {name: make(tensor) for name, tensor in tensors.items()})

    # The i-th value has row i + 1; row 0 is the unknown one's.
    expected = [float(users[u] @ weight[0] + items[i] @ weight[1] + 0.25) for u, i in ((1, 2), (2, 1), (0, 1))]
    found = model.predict({"user": [10, 20, 99], "item": ["b", "a", "a"]}, output="logit")
    numpy.testing.assert_allclose(found, expected, atol=1e-6)
