"""AutoInt in PyTorch on the same rows, as a candidate: the same equations, schedule and rules, by other people's gradients.

Variants: tutorial, paper, authors, as engines/autoint/README.md lists them. Values that training did not see have a row of
their own (0) that is never trained, as in most PyTorch code; our engine trains it. Early stopping by the validation rows,
the best state is kept, the test rows are scored once.
"""
import math
import time

import numpy
import torch
from torch import nn
from torch.nn import functional as F

DEFAULTS = {"variant": "tutorial", "embedding_dim": 32, "attention_dim": 32, "num_heads": 2, "num_layers": 3, "dropout": 0.1,
            "embedding_dropout": 0.0, "epochs": 20, "batch_size": 256, "learning_rate": 0.001, "patience": 3,
            "deep_layers": 0, "deep_dropout": 0.0}
PRESETS = {"tutorial": {}, "paper": {"embedding_dim": 16, "attention_dim": 64, "batch_size": 1024, "dropout": 0.0},
           "authors": {"embedding_dim": 16, "attention_dim": 64, "batch_size": 1024, "dropout": 0.0}}


class Layer(nn.Module):
    """One interacting layer: e (B, M, width) to (B, M, width)."""

    def __init__(self, width, s):
        super().__init__()
        bias = s["variant"] == "authors"
        self.heads, self.p, self.variant = s["num_heads"], s["dropout"], s["variant"]
        self.head_dim = s["attention_dim"] // s["num_heads"]
        self.query, self.key, self.value = (nn.Linear(width, s["attention_dim"], bias=bias) for _ in range(3))
        tutorial = s["variant"] == "tutorial"
        self.last = nn.Linear(s["attention_dim"], width, bias=False) if tutorial else \
            nn.Linear(width, s["attention_dim"], bias=bias)  # W^O, or W_Res
        self.norm = nn.LayerNorm(s["attention_dim"], eps=1e-8) if bias else None
        self.width = width if tutorial else s["attention_dim"]
        for linear in (self.query, self.key, self.value, self.last):
            nn.init.xavier_uniform_(linear.weight)
            if bias:
                nn.init.zeros_(linear.bias)

    def forward(self, e):
        rows, fields, _ = e.shape
        act = F.relu if self.variant == "authors" else lambda x: x

        def heads(x):
            return act(x).view(rows, fields, self.heads, self.head_dim).transpose(1, 2)
        scores = heads(self.query(e)) @ heads(self.key(e)).transpose(-1, -2)
        if self.variant != "paper":
            scores = scores / math.sqrt(self.head_dim)
        weights = F.dropout(torch.softmax(scores, -1), self.p, self.training)
        joined = (weights @ heads(self.value(e))).transpose(1, 2).reshape(rows, fields, -1)
        if self.variant == "tutorial":
            return F.relu(self.last(joined) + e)
        out = F.relu(joined + act(self.last(e)))
        return self.norm(out) if self.norm else out


class AutoInt(nn.Module):
    """ids (B, categories), lists [(ids (B, longest), weights (B, longest))] to logits (B)."""

    def __init__(self, cardinalities, list_cardinalities, s, bias):
        super().__init__()
        d = s["embedding_dim"]
        self.p, self.all_layers = s["embedding_dropout"], s["variant"] == "tutorial"
        self.tables = nn.ModuleList(nn.Embedding(n, d) for n in cardinalities + list_cardinalities)
        for table in self.tables:
            nn.init.normal_(table.weight, std=0.01)
        fields, width, widths = len(self.tables), d, [d]
        self.layers = nn.ModuleList()
        for _ in range(s["num_layers"]):
            self.layers.append(Layer(width, s))
            width = self.layers[-1].width
            widths.append(width)
        self.output = nn.Linear(fields * (sum(widths) if self.all_layers else width), 1)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.constant_(self.output.bias, bias)
        n = s["deep_layers"]
        self.deep = nn.Sequential(
            nn.Linear(fields * d, n), nn.ReLU(), nn.Dropout(s["deep_dropout"]),
            nn.Linear(n, n), nn.ReLU(), nn.Dropout(s["deep_dropout"]), nn.Linear(n, 1)) if n else None

    def forward(self, ids, lists):
        vectors = [self.tables[f](ids[:, f]) for f in range(ids.shape[1])]
        for k, (values, weights) in enumerate(lists):
            vectors.append((self.tables[ids.shape[1] + k](values) * weights[..., None]).sum(1))
        e = F.dropout(torch.stack(vectors, 1), self.p, self.training)
        outputs = [e]
        for layer in self.layers:
            outputs.append(layer(outputs[-1]))
        read = torch.cat(outputs, -1) if self.all_layers else outputs[-1]
        logit = self.output(read.flatten(1)).squeeze(-1)
        return logit + self.deep(e.flatten(1)).squeeze(-1) if self.deep else logit


def encode(data, train, fields):
    """Ids from 1 for values of the training rows, 0 for others: (ids, [(ids, weights)], cardinalities, list cardinalities)."""
    columns = [name for name in (data.user, data.item) if name] + (data.features() if fields == "all" else [])
    ids, cardinalities, lists, list_cardinalities = [], [], [], []
    for name in columns:
        cells = data.values(name)
        separator = data.lists.get(name)
        values = [cell.split(separator) if cell else [] for cell in cells] if separator else [[cell] for cell in cells]
        known = {}
        for i in train:
            for value in values[i]:
                known.setdefault(value, len(known) + 1)
        if not separator:
            ids.append([known.get(v[0], 0) for v in values])
            cardinalities.append(len(known) + 1)
            continue
        longest = max(map(len, values))
        padded = numpy.zeros((len(values), longest), dtype=numpy.int64)
        weights = numpy.zeros((len(values), longest), dtype=numpy.float32)
        for i, row in enumerate(values):
            padded[i, :len(row)] = [known.get(v, 0) for v in row]
            weights[i, :len(row)] = 1 / max(len(row), 1)
        lists.append((torch.from_numpy(padded), torch.from_numpy(weights)))
        list_cardinalities.append(len(known) + 1)
    return torch.tensor(ids).T.contiguous(), lists, cardinalities, list_cardinalities


def settings_of(own):
    variant = own.get("variant", "tutorial")
    s = {**DEFAULTS, **PRESETS[variant]}
    for key, value in own.items():
        if key not in s:
            raise SystemExit(f"torch: expected one of {', '.join(s)}; found {key}")
        s[key] = type(s[key])(value) if not isinstance(s[key], str) else value
    return s


def fit_and_score(own, data, objective, split, seed, threads, fields):
    """The scores of the test rows, in their order, and what there is to say of the fit."""
    start = time.time()
    s = settings_of(own)
    torch.manual_seed(seed)
    if threads:
        torch.set_num_threads(threads)
    train, valid, test = (numpy.array(part) for part in split)
    ids, lists, cardinalities, list_cardinalities = encode(data, split[0], fields)
    labels = torch.tensor(data.labels, dtype=torch.float32)
    rating = objective != "binary"
    low, high = (min(data.labels), max(data.labels)) if rating else (0.0, 1.0)
    mean = (float(labels[train].mean()) - low) / (high - low)
    model = AutoInt(cardinalities, list_cardinalities, s, math.log(mean / (1 - mean)))
    adam = torch.optim.Adam(model.parameters(), s["learning_rate"])

    def logits(rows):
        return model(ids[rows], [(values[rows], weights[rows]) for values, weights in lists])

    def loss_of(z, rows):
        if rating:
            return F.mse_loss(low + (high - low) * torch.sigmoid(z), labels[rows])
        return F.binary_cross_entropy_with_logits(z, labels[rows])

    def predict(rows):
        model.eval()
        with torch.no_grad():
            return torch.cat([logits(rows[i:i + 4096]) for i in range(0, len(rows), 4096)])

    best, misses, draw = None, 0, numpy.random.default_rng(seed)
    for epoch in range(1, s["epochs"] + 1):
        model.train()
        order = draw.permutation(train)
        for i in range(0, len(order), s["batch_size"]):
            rows = order[i:i + s["batch_size"]]
            adam.zero_grad()
            loss_of(logits(rows), rows).backward()
            adam.step()
        loss = float(loss_of(predict(valid), valid))
        if best is None or loss < best[0]:
            best, misses = (loss, epoch, {k: v.clone() for k, v in model.state_dict().items()}), 0
        else:
            misses += 1
            if misses == s["patience"]:
                break
    model.load_state_dict(best[2])
    scores = low + (high - low) * torch.sigmoid(predict(test).double())
    said = {"fit_seconds": round(time.time() - start, 1), "valid_metric": math.sqrt(best[0]) if rating else best[0],
            "best_epoch": best[1], "epochs": epoch, "parameters": sum(p.numel() for p in model.parameters())}
    return scores.tolist(), said
