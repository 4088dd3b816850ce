"""What is printed."""
import models
from report import number, table, time

UNITS = (("GB", 1e9), ("MB", 1e6), ("kB", 1e3))


def size(n):
    for unit, one in UNITS:
        if n >= one:
            return f"{number(n / one)} {unit}"
    return f"{n} B"


def slope(lines, key, per):
    """Bytes for one more: the difference of two sizes, so that what does not grow falls out."""
    small, large = lines
    return (large[key] - small[key]) / (large[per] - small[per])


def percentiles(found):
    return [time(found[p]) for p in ("p50", "p99", "p99.9")]


def lookups(lines):
    rows = []
    for line in lines:
        for name, found in line["warm"].items():
            if isinstance(found, dict):
                rows.append([line["kind"], name, number(found["rows_per_second"]),
                             *(percentiles(found) if name.endswith(" 1") else [""] * 3)])
        cold = line["cold"]
        rows.append([line["kind"], "no page in memory, score 1", number(cold["rows_per_second"]), *percentiles(cold)])
    return table(["values", "users", "rows/s", "p50", "p99", "p99.9"], rows)


def opens(lines):
    rows = [[line["kind"], name, *(time(found[key]) for key in ("open", "scored", "worst"))]
            for line in lines for name, found in line["opens"].items()]
    return table(["values", "the file", "open", "and one row scored", "worst"], rows)


def facts(line):
    build, cold, warm, shared = line["build"], line["cold"], line["warm"], line["shared"]
    return "\n  ".join([
        f"{line['kind']}, {line['values']:,} users:",
        f"assembled in {time(build['assemble'])}, saved in {time(build['save'])}, file {size(build['file'])}, "
        f"at most {size(build['peak'])} resident",
        f"read in {time(warm['load'])}: {size(warm['model'])} by malloc, {size(warm['model_pages'])} resident; "
        f"a scorer {size(warm['scorer'])}, of one row {size(warm['scorer_of_one_row'])}",
        f"by mmap with no page in memory ({100 * cold['still_in_memory']:.0f} % were): opened in {time(cold['load'])}, the scorer in "
        f"{time(cold['scorer'])}, the first row {time(cold['first'])}, then {size(cold['pages'])} more resident",
        f"prefaulted by a process: its part {size(shared['alone'])}, with another process that maps it {size(shared['with another'])}"])


def growth(lines):
    names = ("dataset", "epoch", "fit", "score 1024", "score 1")
    rows = [[f"{line['rows']:,}", f"{line['users']:,}", *(number(1e9 * line[name]) for name in names)] for line in lines]
    return table(["rows", "users", *(f"{name}, ns/row" for name in names)], rows)


def memory(found):
    rows, values = found["rows"], found["values"]

    def user(key):
        return number(slope(values, key, "users"))
    return "\n".join([
        *(f"the model of shape {one['shape']}: {size(one['model'])}, file {size(one['file'])}; a scorer {size(one['scorer'])}, of one row "
          f"{size(one['scorer_of_one_row'])}" for one in found["models"]),
        f"a training row: {number(slope(rows, 'held', 'rows'))} bytes in the dataset (it says {number(slope(rows, 'said', 'rows'))}), and "
        f"{number(slope(rows, 'fit', 'rows'))} more at the most while it is learned",
        f"a user, embedding of {models.DIM} numbers: {user('assembled')} bytes assembled, {user('parsed')} read, "
        f"{user('parsed_with_optimizer')} with the optimizer's state;",
        f"  in files {user('parsed_file')} and {user('parsed_with_optimizer_file')}; the model that fit returns {user('learned')}, and at the "
        f"most {user('fit')} while it learns"])


def text(result):
    parts = []
    if result["lookups"]:
        parts += [lookups(result["lookups"]), opens(result["lookups"]), "\n".join(map(facts, result["lookups"]))]
    if result["growth"]:
        parts.append(growth(result["growth"]))
    if result["memory"]:
        parts.append(memory(result["memory"]))
    return "\n\n".join(parts)
