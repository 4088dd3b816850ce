"""The tutorial's model in JAX as a careful user writes it: one table for all fields, Q, K and V in one product, an epoch's steps in
one compiled scan over donated memory.
"""
import jax
import numpy
from jax import numpy as jnp

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8   # torch.optim.Adam's, and this library's
GENERATORS = ("unsafe_rbg", "threefry2x32")  # the first is the faster one with few fields, the second with many


def parameters(tensors, layers):
    """(table, the dense part, where each field's rows begin) of {name: (shape, numbers)} of models.weights."""
    arrays = {name: numpy.frombuffer(numbers, numpy.float32).reshape(shape) for name, (shape, numbers) in tensors.items()}
    tables = [arrays[f"tables/{f}"] for f in range(sum(name.startswith("tables/") for name in arrays))]
    dense = {"qkv": [arrays[f"layers/{n}/qkv"] for n in range(layers)],
             "projection": [arrays[f"layers/{n}/projection"] for n in range(layers)],
             "output": numpy.concatenate([arrays[f"output/{i}"] for i in range(layers + 1)], 1).reshape(-1),
             "bias": arrays["bias"].reshape(())}
    starts = numpy.cumsum([0] + [len(table) for table in tables[:-1]]).astype(numpy.int32)
    return jnp.array(numpy.concatenate(tables)), jax.tree.map(jnp.array, dense), jnp.array(starts)


def layer(e, qkv, projection, heads, dropout, key):
    rows, fields, _ = e.shape
    q, k, v = (e @ qkv).reshape(rows, fields, 3, heads, -1).transpose(2, 0, 3, 1, 4)
    weights = jax.nn.softmax(q @ k.swapaxes(-1, -2) * q.shape[-1] ** -0.5, -1)
    if dropout > 0:
        weights = weights * jax.random.bernoulli(key, 1 - dropout, weights.shape) / (1 - dropout)
    joined = (weights @ v).swapaxes(1, 2).reshape(rows, fields, -1)
    return jax.nn.relu(joined @ projection + e)


def loss_of(dense, e, labels, heads, dropout, key):
    outputs, keys = [e], jax.random.split(key, len(dense["qkv"]))
    for qkv, projection, one in zip(dense["qkv"], dense["projection"], keys):
        outputs.append(layer(outputs[-1], qkv, projection, heads, dropout, one))
    logits = jnp.concatenate(outputs, -1).reshape(len(e), -1) @ dense["output"] + dense["bias"]
    return jnp.mean(jnp.maximum(logits, 0) - logits * labels + jnp.log1p(jnp.exp(-jnp.abs(logits))))


def adam(p, m, v, g, step, rate):
    m, v = BETA1 * m + (1 - BETA1) * g, BETA2 * v + (1 - BETA2) * g * g
    return p - rate * (m / (1 - BETA1 ** step)) / (jnp.sqrt(v / (1 - BETA2 ** step)) + EPSILON), m, v


def adam_of_rows(table, places, gradient, step, rate):
    """Adam of the rows of a batch alone. table: (rows, 3, d), numbers and both moments; places may name a row twice."""
    unique, which = jnp.unique(places, return_inverse=True, size=len(places), fill_value=len(table))
    summed = jax.ops.segment_sum(gradient, which.reshape(-1), len(places))
    old = table.at[unique].get(mode="fill", fill_value=0)
    new = jnp.stack(adam(old[:, 0], old[:, 1], old[:, 2], summed, step, rate), 1)
    return table.at[unique].set(new, mode="drop", unique_indices=True, indices_are_sorted=True)


class Trainer:
    """Steps of Adam on batches in random order; a call of `next` learns `rows` rows. lazy: only the rows of a batch move."""

    def __init__(self, tensors, heads, layers, dropout, ids, labels, batch, lazy, rate, generator):
        table, dense, starts = parameters(tensors, layers)
        self.places, self.labels, self.batch = jnp.array(ids, jnp.int32) + starts, jnp.array(labels), batch
        self.steps = len(ids) // batch
        self.rows, self.key = self.steps * batch, jax.random.key(1, impl=generator)
        table = (table, jnp.zeros_like(table), jnp.zeros_like(table))
        self.state = (jnp.stack(table, 1) if lazy else table, dense, jax.tree.map(jnp.zeros_like, dense),
                      jax.tree.map(jnp.zeros_like, dense), jnp.float32(0))

        def step(state, batch_of):
            table, dense, m, v, count = state
            places, labels, key = batch_of
            e = table[places, 0] if lazy else table[0][places]
            loss, (g, g_e) = jax.value_and_grad(loss_of, (0, 1))(dense, e, labels, heads, dropout, key)
            count = count + 1
            flat, g_e = places.reshape(-1), g_e.reshape(-1, g_e.shape[-1])
            table = adam_of_rows(table, flat, g_e, count, rate) if lazy else \
                adam(*table, jnp.zeros_like(table[0]).at[flat].add(g_e), count, rate)
            found = jax.tree.map(lambda p, a, b, c: adam(p, a, b, c, count, rate), dense, m, v, g)
            dense, m, v = (jax.tree.map(lambda _, one, i=i: one[i], dense, found) for i in range(3))
            return (table, dense, m, v, count), loss

        def epoch(state, places, labels, key):
            shuffle, dropouts = jax.random.split(key)
            order = jax.random.permutation(shuffle, len(places))[:self.rows].reshape(self.steps, batch)
            return jax.lax.scan(step, state, (places[order], labels[order], jax.random.split(dropouts, self.steps)))
        self.epoch = jax.jit(epoch, donate_argnums=0)

    def next(self):
        """An epoch; the losses of its steps."""
        self.key, now = jax.random.split(self.key)
        self.state, losses = self.epoch(self.state, self.places, self.labels, now)
        return jax.block_until_ready(losses)
