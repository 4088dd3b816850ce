"""What the benchmark prints."""
from teachers import NAMES as PEERS


def number(x):
    """Three digits, thousands with commas."""
    if x is None:
        return "-"
    if abs(x) >= 100:
        return f"{x:,.0f}"
    return f"{x:.1f}" if abs(x) >= 10 else f"{x:.2f}" if abs(x) >= 1 else f"{x:.3g}"


def time(seconds):
    for unit, size in (("us", 1e-6), ("ms", 1e-3), ("s", 1)):
        if seconds < 1000 * size or unit == "s":
            return f"{number(seconds / size)} {unit}"
    return ""


def table(head, rows):
    """Columns as wide as they must be; the first two to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]

    def line(cells):
        return "  ".join(cell.ljust(w) if i < 2 else cell.rjust(w) for i, (cell, w) in enumerate(zip(cells, widths))).rstrip()
    return "\n".join([line(head), line(["-" * w for w in widths])] + [line(row) for row in rows])


def scoring(shapes, peak):
    head = ["fields", "scoring", "rows/s", "peer", "ratio", "p50", "peer", "p99", "peer", "p99.9", "peer", "GFLOP/s", "peer",
            "of peak", "peer"]
    rows = []
    for shape in shapes:
        for one in shape["lines"]:
            sides = [one["ours"], one.get("peer")]

            def both(cell, sides=sides):
                return [cell(side) if side else "-" for side in sides]
            rates = both(lambda s: number(s["rows_per_second"]))
            row = [str(shape["fields"]), one["name"], *rates, number(one.get("ratio"))]
            for p in ("p50", "p99", "p99.9"):
                row += both(lambda s, p=p: time(s[p])) if one["kind"] == "call" else ["", ""]
            row += both(lambda s: number(s["gflops"])) + both(lambda s: f"{100 * s['gflops'] / peak:.1f} %")
            rows.append(row)
    return table(head, rows)


def training(shapes):
    names = [name for name in PEERS if any(name in one["peers"] for shape in shapes for one in shape["lines"])]
    head = ["fields", "training", "rows/s", *(word for name in names for word in (PEERS[name], "ratio")), "whole fit",
            "loss differs by"]
    rows = []
    for shape in shapes:
        for one in shape["lines"]:
            found = [one["peers"].get(name, {}) for name in names]
            differs = [value for name, value in one["loss_differences"].items() if name != "sparse"]
            rows.append([str(shape["fields"]), one["name"], number(one["ours"]),
                         *(number(peer.get(key)) for peer in found for key in ("rate", "ratio")), number(one["whole_fit"]),
                         f"{max(differs):.1e}" if differs else "-"])
    return table(head, rows)


def threads(shapes):
    head = ["fields", "two threads", "one, rows/s", "two, rows/s", "times", "peak's", "share"]
    rows = [[str(shape["fields"]), one["name"], number(one["one"]), number(one["several"]), number(one["gain"]), number(one["limit"]),
             f"{100 * one['share']:.0f} %"] for shape in shapes for one in shape["lines"]]
    return table(head, rows)


def swaps(shapes):
    head = ["fields", "two threads score, a third makes", "rows/s each", "p50", "p99", "p99.9", "worst", "swaps", "a model in"]
    rows = [[str(shape["fields"]), one["name"], number(one["rows_per_second"]), *(time(one[p]) for p in ("p50", "p99", "p99.9", "worst")),
             str(one["swaps"]), time(one["making"]) if one["making"] else "-"] for shape in shapes for one in shape["lines"]]
    return table(head, rows)


def text(result):
    """Everything, for a terminal."""
    machine = result["machine"]
    lines = [f"interplay {machine['version']}, kernels {machine['kernel']}",
             f"{machine['processor']}, {machine['vector_width']} floats wide, peak {machine['peak']:.0f} GFLOP/s of one core in this run "
             f"(load {machine['load'][0]:.1f} before, {machine['load'][1]:.1f} behind)",
             ", ".join(f"{name} {version}" for name, version in machine["peers"].items()) or "no peer is installed"]
    if result["scoring"]:
        lines += ["", scoring(result["scoring"], machine["peak"]), ""]
        for shape in result["scoring"]:
            ways = dict.fromkeys(one["peer"]["way"] for one in shape["lines"] if "peer" in one)
            differs = f"scores differ by at most {shape['difference']:.1e}" if shape["difference"] is not None else ""
            lines.append("; ".join(x for x in (f"{shape['fields']} fields: {shape['flops_per_row']:,} operations a row", differs,
                                               "peer: onnxruntime, " + " and ".join(ways) if ways else "", shape["said"]) if x))
    if result["training"]:
        lines += ["", training(result["training"])]
        lines += [f"{shape['fields']} fields: {words}" for shape in result["training"] for words in shape["said"]]
    if result["threads"]:
        lines += ["", threads(result["threads"])]
    if result["swaps"]:
        lines += ["", swaps(result["swaps"])]
    lines += ["FAILED: " + words for words in result["failed"]]
    return "\n".join(lines)


def bars(result):
    """(label, ratio, note) of every comparison, for the chart."""
    for shape in result["scoring"]:
        for one in shape["lines"]:
            if "ratio" in one:
                if one["kind"] == "call":
                    note = f"p50 {time(one['ours']['p50'])}, peer {time(one['peer']['p50'])}"
                else:
                    note = f"{number(one['ours']['rows_per_second'])} rows/s, peer {number(one['peer']['rows_per_second'])}"
                yield f"{shape['fields']} fields, {one['name']}", one["ratio"], note
    for shape in result["training"]:
        for one in shape["lines"]:
            for name, found in one["peers"].items():
                yield (f"{shape['fields']} fields, training, {one['name']}", found["ratio"],
                       f"{number(one['ours'])} rows/s, {PEERS[name]} {number(found['rate'])}")
