"""Data goes in and comes out as it was: plain columns, Polars, pandas, pyarrow, DuckDB."""
import gc

import numpy
import pytest

import interplay
from interplay import Table

COLUMNS = {"n": [1, None, 3], "x": [0.5, 1.5, None], "s": ["a", "Grüße", None], "b": [True, False, True],
           "tags": [["a", "b"], [], None], "ids": [[1], [2, 3], []]}


def test_lists_come_back_as_they_went_in():
    assert Table(COLUMNS).to_dict() == COLUMNS


def test_arrays_keep_their_type_and_live_on_without_the_table():
    arrays = {"a": numpy.array([1, 2], numpy.int32), "b": numpy.array([1, 2], numpy.float32), "c": numpy.array([True, False])}

    columns = dict(Table(arrays))
    gc.collect()

    for name, array in arrays.items():
        assert columns[name].dtype == array.dtype
        assert columns[name].tolist() == array.tolist()
        assert not columns[name].flags.writeable


def test_columns_of_other_memory_layouts_are_copied_right():
    grid = numpy.arange(12).reshape(4, 3)

    assert Table({"every other": grid[::2, 1]})["every other"].tolist() == [1, 7]
    assert Table({"lists": grid})["lists"] == grid.tolist()
    assert Table({"big endian": numpy.array([1, 2], ">i8")})["big endian"].tolist() == [1, 2]


@pytest.mark.parametrize("make", ["polars", "pyarrow", "pandas"])
def test_data_frames_go_in_and_come_out(make):
    library = pytest.importorskip(make)
    frame = library.table(COLUMNS) if make == "pyarrow" else library.DataFrame(COLUMNS)
    if make == "pandas":  # which has floats and NaN in the place of integers with nulls
        frame = frame.drop(columns=["n", "x"])
        pytest.importorskip("pyarrow")

    table = Table(frame)

    assert table.to_dict() == {name: COLUMNS[name] for name in table}
    back = {"polars": lambda: library.DataFrame(table).to_dict(as_series=False), "pyarrow": lambda: library.table(table).to_pydict(),
            "pandas": lambda: None}[make]()
    assert back in (None, COLUMNS)


def test_a_pandas_index_is_no_column():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"a": [1, 2, 3]}, index=[7, 8, 9])

    assert Table(frame[frame.a > 1]).to_dict() == {"a": [2, 3]}


def test_duckdb_relations_go_in():
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")

    assert Table(duckdb.connect().sql("select range as a, 'x' as s from range(3)")).to_dict() == {"a": [0, 1, 2], "s": ["x"] * 3}


def test_a_stream_of_many_batches_is_joined():
    pyarrow = pytest.importorskip("pyarrow")
    batches = [pyarrow.record_batch({"a": [1, 2]}), pyarrow.record_batch({"a": [3]})]

    assert Table(pyarrow.Table.from_batches(batches))["a"].tolist() == [1, 2, 3]


def test_one_batch_is_not_copied():
    pyarrow = pytest.importorskip("pyarrow")
    values = pyarrow.array(numpy.arange(1000))

    table = Table(pyarrow.table({"a": values}))

    assert table["a"].ctypes.data == values.buffers()[1].address


def test_streams_that_nobody_takes_are_released():
    table = Table({"a": numpy.arange(1_000_000)})
    before = memory()
    for _ in range(200):
        table.__arrow_c_stream__()

    assert memory() - before < 30_000_000  # of 1.6 GB


def memory():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.parametrize(("columns", "words"), [
    ({"a": [1, "x"]}, "column 'a': expected numbers"), ({"a": [object()]}, "column 'a'"), ({"a": ["x", 1]}, "found 'x'"),
    ({"a": numpy.zeros((2, 2, 2))}, "one or two dimensions"),
    ({"a": numpy.array([2**63], numpy.uint64)}, "expected int64, .* found 9223372036854775808"),
    ({"a": numpy.array([1 + 1j])}, "column 'a'")])
def test_what_has_no_meaning_is_named(columns, words):
    with pytest.raises(TypeError, match=words):
        Table(columns)


@pytest.mark.parametrize(("values", "found"), [
    ([2**63, -1], 2**63), ([-1, None, 2**63], 2**63), ([[2**63], [-1]], 2**63), ([2**64, 0.5], 2**64), ([-2**63 - 1], -2**63 - 1),
    ([numpy.uint64(2**63), numpy.int64(-1)], 2**63), ([2**53 + 1, 0.5], 2**53 + 1), ([[1.0], [2**53 + 1]], 2**53 + 1)])
def test_a_whole_number_that_numpy_would_round_is_refused(values, found):
    for make in (Table, lambda columns: Table.typed(len(values), {"a": (columns["a"], interplay.Type.INT64)})):
        with pytest.raises(TypeError, match=f"column 'a': expected whole numbers .* found {found}$"):
            make({"a": values})


def test_whole_numbers_of_several_types_stay_whole():
    wide = [numpy.int64(-1), numpy.uint64(2**63 - 1), 2**53 + 1]

    assert Table({"a": wide}).to_dict() == {"a": [-1, 2**63 - 1, 2**53 + 1]}
    assert Table({"a": [2**53, 0.5, None]}).to_dict() == {"a": [2.0**53, 0.5, None]}


@pytest.mark.parametrize(("values", "kind"), [
    ([1.7], "INT64"), ([float("nan")], "INT64"), ([2.0**63], "INT64"), ([2**64], "INT64"), ([2**31], "INT32"), ([-2**31 - 1, 1], "INT32"),
    (numpy.array([2.0**31]), "INT32"), ([2], "BOOL8"), ([0.5], "BOOL8"), ([[1], [1.7]], "INT64")])
def test_a_number_that_its_type_does_not_hold_is_refused(values, kind):
    with pytest.raises(TypeError, match="column 'a': expected"):
        Table.typed(len(values), {"a": (values, interplay.Type[kind])})


def test_a_typed_column_takes_all_that_its_type_holds():
    whole = {"INT64": [-2**63, 2**63 - 1], "INT32": [-2**31, 2**31 - 1], "BOOL8": [True, False]}
    for kind, values in whole.items():
        assert Table.typed(2, {"a": (values, interplay.Type[kind])})["a"].tolist() == values
    assert Table.typed(2, {"a": ([1.0, None], interplay.Type.INT64)})["a"] == [1, None]


@pytest.mark.parametrize("values", [[True, None], [None, numpy.True_]])
def test_bools_beside_a_null_are_bools(values):
    table = Table({"a": values})

    assert table.info["columns"][0]["type"] == "bool8" and table["a"] == values


def test_what_is_no_data_says_what_is():
    with pytest.raises(TypeError, match="PyCapsule"):
        Table(3)


def test_lengths_that_differ_are_the_librarys_to_refuse():
    with pytest.raises(interplay.BadDataError, match="b"):
        Table({"a": [1, 2], "b": [1]})


def test_a_missing_column_lists_those_there():
    with pytest.raises(LookupError, match="b"):
        Table({"a": [1], "b": [2]})["c"]
