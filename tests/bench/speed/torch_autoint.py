"""The tutorial's model in PyTorch as a careful user writes it: one table for all fields, Q, K and V in one product."""
import numpy
import torch
from torch import nn
from torch.nn import functional as F


class AutoInt(nn.Module):
    """ids (B, M) from 0 to logits (B). tensors: {name: (shape, numbers)} of models.weights."""

    def __init__(self, tensors, heads, layers, dropout, sparse):
        super().__init__()
        arrays = {name: torch.from_numpy(numpy.frombuffer(numbers, numpy.float32).reshape(shape).copy())
                  for name, (shape, numbers) in tensors.items()}
        tables = [arrays[f"tables/{f}"] for f in range(sum(name.startswith("tables/") for name in arrays))]
        self.heads, self.dropout, self.layers = heads, dropout, layers
        self.table = nn.Embedding.from_pretrained(torch.cat(tables), freeze=False, sparse=sparse)
        self.register_buffer("starts", torch.tensor([0] + [len(table) for table in tables[:-1]]).cumsum(0))
        self.qkv = nn.ParameterList(arrays[f"layers/{n}/qkv"] for n in range(layers))
        self.projection = nn.ParameterList(arrays[f"layers/{n}/projection"] for n in range(layers))
        outputs = [arrays[f"output/{i}"] for i in range(layers + 1)]
        self.output = nn.Parameter(torch.cat(outputs, 1).reshape(-1))
        self.bias = nn.Parameter(arrays["bias"].reshape(()))

    def layer(self, e, number):
        rows, fields, _ = e.shape
        parts = (e @ self.qkv[number]).view(rows, fields, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k, v = parts.unbind(0)
        weights = F.dropout(torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1), self.dropout, self.training)
        joined = (weights @ v).transpose(1, 2).reshape(rows, fields, -1)
        return F.relu(joined @ self.projection[number] + e)

    def above(self, e):
        """What is dense: from the embeddings to the logits."""
        outputs = [e]
        for number in range(self.layers):
            outputs.append(self.layer(outputs[-1], number))
        return torch.cat(outputs, -1).flatten(1) @ self.output + self.bias

    def forward(self, ids):
        return self.above(self.table(ids + self.starts))


class Trainer:
    """Steps of Adam on batches in random order, for as long as asked. lazy: only the rows of a batch move (SparseAdam)."""

    def __init__(self, model, ids, labels, batch, lazy, rate, compiled=False):
        self.model, self.ids, self.labels, self.batch, self.rows = model, ids, labels, batch, batch
        dense = [p for name, p in model.named_parameters() if not name.startswith("table")]
        table = list(model.table.parameters())
        self.optimizers = [torch.optim.SparseAdam(table, rate), torch.optim.Adam(dense, rate)] if lazy else \
            [torch.optim.Adam(table + dense, rate)]
        # the gather stays outside: sparse gradients do not go through the compiler
        self.above = torch.compile(model.above, dynamic=False) if compiled else model.above
        self.generator = torch.Generator().manual_seed(1)
        self.order, self.at = None, len(ids)

    def step(self, ids, labels):
        loss = F.binary_cross_entropy_with_logits(self.above(self.model.table(ids + self.model.starts)), labels)
        for optimizer in self.optimizers:
            optimizer.zero_grad()
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss

    def next(self):
        """One step on the next rows of the epoch."""
        if self.at + self.batch > len(self.ids):
            self.order, self.at = torch.randperm(len(self.ids), generator=self.generator), 0
        rows = self.order[self.at:self.at + self.batch]
        self.at += self.batch
        return self.step(self.ids[rows], self.labels[rows])
