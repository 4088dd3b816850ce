"""Who learns beside this library: PyTorch plain and compiled, and JAX, as far as they are installed. A trainer has `next`, and `rows`:
how many it learns in a call of that."""
import contextlib
import importlib
import os
import time

import models

NAMES = {"torch": "PyTorch", "compiled": "torch.compile", "jax": "JAX"}


def missing():
    """What is not installed, said in words."""
    said = []
    for module, name in (("torch", "PyTorch"), ("jax", "JAX")):
        try:
            importlib.import_module("numpy")
            with core_of(module):
                importlib.import_module(module)
        except ImportError as error:
            said.append(f"without {name}: {error}: pip install {module} numpy")
    return said


def has(module):
    return not any(f"without {NAMES[module]}" in words for words in missing())


@contextlib.contextmanager
def core_of(name):
    """PyTorch keeps to one thread when told so. XLA starts as many as there are cores to run on, so that JAX is imported, compiled and
    called on one core alone."""
    before = os.sched_getaffinity(0)
    if name == "jax":
        os.sched_setaffinity(0, {max(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def matrix_of(ids):
    import numpy
    return numpy.stack([numpy.frombuffer(column, numpy.int64) for column in ids], 1)


def torch_trainer(tensors, ids, labels, batch, lazy, rate, dropout, compiled=False):
    import numpy
    import torch
    import torch_autoint
    torch.set_num_threads(1)
    model = torch_autoint.AutoInt(tensors, models.HEADS, models.LAYERS, dropout, lazy)
    target = torch.from_numpy(numpy.frombuffer(labels, numpy.float32).copy())
    return torch_autoint.Trainer(model, torch.from_numpy(matrix_of(ids)), target, batch, lazy, rate, compiled)


def jax_trainer(tensors, ids, labels, batch, lazy, rate, dropout):
    """With the generator of dropout that is the faster one here, compiled and warm."""
    with core_of("jax"):
        import jax_autoint
        import numpy
        rows, target = matrix_of(ids), numpy.frombuffer(labels, numpy.float32)
        made = [jax_autoint.Trainer(tensors, models.HEADS, models.LAYERS, dropout, rows, target, batch, lazy, rate, generator)
                for generator in jax_autoint.GENERATORS[:2 if dropout else 1]]
        return min(made, key=epoch_of) if dropout else made[0]


def epoch_of(trainer):
    """Seconds of the core for one epoch, behind one that compiles: other programs take the core, and not these."""
    trainer.next()
    start = time.process_time()
    trainer.next()
    return time.process_time() - start


def losses(tensors, ids, labels, lazy, rate, steps):
    """{peer: the losses of its steps, each on all rows, without dropout}. "torch" is torch.optim.Adam; for lazy there is "sparse"
    too: SparseAdam, which adds its epsilon before the moments' biases are corrected, and so is another function."""
    found, n = {}, len(ids[0])
    if has("torch"):
        for name in ("torch", "sparse") if lazy else ("torch",):
            one = torch_trainer(tensors, ids, labels, n, name == "sparse", rate, 0.0)
            found[name] = [float(one.step(one.ids, one.labels).detach()) for _ in range(steps)]
    if has("jax"):
        one = jax_trainer(tensors, ids, labels, n, lazy, rate, 0.0)
        with core_of("jax"):
            found["jax"] = [float(one.next()[0]) for _ in range(steps)]
    return found


def trainers(tensors, ids, labels, batch, lazy, rate, options):
    """{name: trainer} of what is there and works, warm, and the reasons why others are not."""
    made, said = {}, []
    for name in NAMES:
        if not has("jax" if name == "jax" else "torch") or (name == "compiled" and options.no_compile):
            continue
        try:
            made[name] = jax_trainer(tensors, ids, labels, batch, lazy, rate, 0.1) if name == "jax" else \
                torch_trainer(tensors, ids, labels, batch, lazy, rate, 0.1, name == "compiled")
            for _ in range(0 if name == "jax" else 3):  # compiles at the first
                made[name].next()
        except Exception as error:
            if name == "torch":
                raise
            made.pop(name, None)
            said.append(f"{NAMES[name]} failed and is left out: {type(error).__name__}: {str(error).splitlines()[0][:150]}")
    return made, said


def rate_of(name, trainer, seconds):
    """Rows a second."""
    rows, start = 0, time.perf_counter()
    with core_of(name):
        while time.perf_counter() - start < seconds:
            trainer.next()
            rows += trainer.rows
    return rows / (time.perf_counter() - start)
