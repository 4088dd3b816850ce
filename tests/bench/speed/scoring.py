"""Scoring: this library and onnxruntime on the same rows, in turn, one thread each."""
import arithmetic
import models
from contestants import Onnx, OnnxTop, Ours, session_of
from onnx_c import WAYS, OnnxC, OnnxCTop, library_of

BATCHES = [1, 4, 16, 64, 256, 1024, 4096]
ROWS = 1 << 16
TOLERANCE = 1e-5


def peers_of(library, tensors, ids):
    """Every way to score with onnxruntime; the fastest one is compared. [] and the reason where it is not installed."""
    try:
        import numpy
        import onnxruntime  # noqa: F401
        import to_onnx
    except ImportError as missing:
        return [], f"without onnxruntime: {missing}: pip install numpy onnx onnxruntime"
    matrix = numpy.ascontiguousarray(numpy.stack([numpy.frombuffer(column, numpy.int64) for column in ids], 1))
    peers, path = [], library_of()
    said = "" if path else "onnxruntime is called from Python alone: no libonnxruntime.so beside its package"
    for attention in ("plain", "fused"):
        try:
            graph = to_onnx.to_onnx(to_onnx.arrays(tensors), models.HEADS, attention).SerializeToString()
            session = session_of(graph)
        except Exception as error:  # an operator that this onnxruntime lacks
            said = f"graph {attention} left out: {str(error)[:200]}"
            continue
        peers += [Onnx(session, matrix, call, f"{attention} graph, {words}")
                  for call, words in (("run", "run"), ("bind", "run_with_iobinding"))]
        peers += [OnnxC(library, path, graph, matrix, way, attention) for way in WAYS if path]
    return peers, said


def disagreement(a, b, n=4096):
    found = arithmetic.largest_difference(a.score(0, n), b.score(0, n))
    if not found < TOLERANCE:
        raise arithmetic.Disagreement(f"expected {a.name} and {b.name} to score alike within {TOLERANCE}, found a difference of {found:.2g}; "
                         "one of them computes another model")
    return found


def best(contestants, batches, seconds):
    """[(rate, contestant, batch)] of short trials, fastest first. Three passes, of which the best counts: what disturbs a trial
    only ever makes it slower."""
    rates = {}
    for _ in range(3):
        for one in contestants:
            for batch in batches:
                found = arithmetic.rate(one.time(batch, batch, seconds / 3), batch)
                rates[one, batch] = max(found, rates.get((one, batch), 0))
    return sorted(((rate, one, batch) for (one, batch), rate in rates.items()), key=lambda trial: -trial[0])


def duel(ours, peer, batches, rows_per_call, options):
    """Rounds of ours, peer, ours, peer, ... A call has batches[i] rows to hand in and rows_per_call[i] rows to score."""
    mine, theirs = [], []
    for one, batch in [(ours, batches[0])] + ([(peer, batches[1])] if peer else []):
        one.time(batch, batch, options.seconds / 4)
    steps = (1, 1) if ours.name.endswith("top") else batches  # a user after the other, though a call asks for ten items
    for _ in range(options.rounds):
        mine.append(ours.time(batches[0], steps[0], options.seconds))
        if peer:
            theirs.append(peer.time(batches[1], steps[1], options.seconds))
    result = {"ours": {"batch": batches[0], "way": ours.name, **arithmetic.summary(mine, rows_per_call[0])}}
    if peer:
        result["peer"] = {"batch": batches[1], "way": peer.name, **arithmetic.summary(theirs, rows_per_call[1])}
        result["ratio"] = arithmetic.ratio(mine, theirs, *rows_per_call)
    return result


def lines_of(cells, ours, projected, peers, options):
    """What is measured of one shape: (name, kind, result)."""
    trial = options.seconds / 2
    my_best = best([ours], BATCHES, trial)[0][2]
    theirs = best(peers, BATCHES, trial) if peers else []
    shared = theirs[0][2] if theirs else my_best
    peer = theirs[0][1] if theirs else None
    yield f"batch {shared}", "batch", duel(ours, peer, (shared, shared), (shared, shared), options)
    if my_best != shared:
        yield f"batch {my_best} / {shared}", "batch", duel(ours, peer, (my_best, shared), (my_best, shared), options)
    yield f"batch {shared}, cells", "batch", duel(cells, peer, (shared, shared), (shared, shared), options)
    yield f"batch {shared}, projections", "batch", duel(projected, peer, (shared, shared), (shared, shared), options)


def single_rows(callers, peers, options):
    peer = best(peers, [1], options.seconds)[0][1] if peers else None
    for ours in callers:
        yield f"1 row, {ours.name}", "call", duel(ours, peer, (1, 1), (1, 1), options)


def top_peers(library, peers, users, items, options):
    """The fastest way from Python and the fastest from C, each with the best ten taken behind it."""
    ranked = [one for _, one, _ in best(peers, [BATCHES[-1]], options.seconds)]
    python = next(one for one in ranked if isinstance(one, Onnx))
    tops = [OnnxTop(Onnx(python.session, python.ids, python.call.__name__, python.name), users, items)]
    return tops + [OnnxCTop(library, one, users, items) for one in ranked if isinstance(one, OnnxC)][:1]


def top_ten(library, model, columns, ids, peers, options):
    """For one user a call, by a call that makes all it needs and by a scorer. Rows are items scored."""
    items = models.SHAPES["pair"][1]
    callers, peer = [Ours(library, model, models.names_of("pair"), columns, way) for way in ("top", "scorer top")], None
    if peers:
        peer = best(top_peers(library, peers, ids[0], items, options), [10], options.seconds)[0][1]
    for ours in callers:
        for begin in range(100 if peer else 0):
            if arithmetic.largest_difference(ours.score(begin, 10), peer.score(begin, 10)) > TOLERANCE:
                raise arithmetic.Disagreement(f"expected the same 10 best scores for user {ids[0][begin]} from both, found others")
        yield f"10 of {items:,}, {ours.name}", "call", duel(ours, peer, (10, 10), (items, items), options)
        ours.close()


def measure(library, shape, options):
    """{"shape", "difference", "lines": [...]} for one shape."""
    tensors = models.weights(library, models.SHAPES[shape])
    model = models.assembled(library, shape, tensors)
    ids, columns = models.rows_of(library, shape, ROWS, options.zipf)
    peers, said = ([], "") if options.no_onnx else peers_of(library, library.tensors(model), ids)
    names = models.names_of(shape)
    callers = [Ours(library, model, names, columns, way)
               for way in (["tables", "pairs"] if shape == "pair" else ["tables"]) + ["cells", "ids"]]
    # The first layer's products of every value kept in memory: in rows of their own, for the peer has no such thing.
    with_projections = models.assembled(library, shape, tensors, projections=True)
    projected = Ours(library, with_projections, names, columns, "ids")
    projected.name = "ids, projections"
    callers.append(projected)
    result = {"shape": shape, "fields": len(names), "said": said, "lines": [],
              "flops_per_row": arithmetic.flops(len(names), models.DIM, models.ATTENTION, models.LAYERS),
              "kernel": library.info(model).get("kernel", ""),
              "difference": max((disagreement(one, peer) for one in callers for peer in peers), default=None)}
    for measured in (lines_of(callers[-3], callers[-2], projected, peers, options), single_rows(callers, peers, options),
                     top_ten(library, model, columns, ids, peers, options) if shape == "pair" else []):
        for name, kind, found in measured:
            peak = library.peak()
            for side in ("ours", "peer"):
                if side in found:
                    found[side]["gflops"] = found[side]["rows_per_second"] * result["flops_per_row"] * 1e-9
            result["lines"].append({"name": name, "kind": kind, "peak": peak, **found})
            options.progress(f"{shape}, {name}: {found['ours']['rows_per_second']:,.0f} rows/s"
                             + (f", ratio {found['ratio']:.2f}" if "ratio" in found else ""))
    for caller in callers + [peer for peer in peers if isinstance(peer, OnnxC)]:
        caller.close()
    library.free("model", model)
    library.free("model", with_projections)
    return result
