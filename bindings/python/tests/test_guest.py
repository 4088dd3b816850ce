"""Closing, wrong use, memory: what a host may expect of its guest."""
import subprocess
import sys
import textwrap

import numpy
import pytest

import interplay
from interplay import AutoInt, Dataset, Model, Monitor, _abi, _table


@pytest.mark.parametrize("labelled", [True, False])
def test_a_fit_of_pairs_is_what_c_gives(labelled, ratings):
    users, items = ratings["user_id"], ratings["item_id"]
    labels, params = ratings["rating"] if labelled else None, {"epochs": 2}
    given = [_table.pointer(column) for column in (users, items, labels)]
    expected = Model._of(_abi.made("model", "fit_pairs", b"autoint", _abi.options(params), len(users), *given))

    found = Model.fit_pairs("autoint", params, users, items, labels)

    assert found.predict_pairs(users, items).tolist() == expected.predict_pairs(users, items).tolist()
    assert found.info["schema"] == expected.info["schema"] and found.info["id"] == expected.info["id"]


@pytest.mark.parametrize("labels", [["4.5", "1"], [[1, 2], [3, 4]]])
def test_labels_that_are_no_column_of_numbers_are_refused(labels):
    with pytest.raises((TypeError, interplay.BadDataError), match="rating"):
        Model.fit_pairs("popularity", None, [1, 2], [1, 2], labels)


def remembered(thing, name):
    getattr(thing, name)
    return thing


@pytest.mark.parametrize("make", [
    lambda d: (Model("popularity"), lambda m: m.info), lambda d: (remembered(Model("popularity"), "info"), lambda m: m.info),
    lambda d: (remembered(interplay.Table({"a": [1]}), "names"), lambda t: t.names),
    lambda d: (Model("popularity"), lambda m: m.predict_pairs([1], [1])),
    lambda d: (interplay.Table({"a": [1]}), lambda t: t["a"]), lambda d: (Dataset({"user": "u"}), lambda s: s.info),
    lambda d: (Monitor(), lambda m: m.read()), lambda d: (Model("popularity").fit(d).scorer(), lambda s: s.stats())])
def test_use_after_close(make, dataset):
    thing, use = make(dataset)
    thing.close()
    thing.close()

    with pytest.raises(interplay.InvalidStateError, match="closed"):
        use(thing)


def test_a_closed_recommender(ratings):
    with AutoInt(epochs=1).fit(user_ids=ratings["user_id"], item_ids=ratings["item_id"]) as model:
        model.predict(user_id=1, item_id=1)
    with pytest.raises(interplay.InvalidStateError, match="closed"):
        model.predict(user_id=1, item_id=1)


@pytest.mark.parametrize(("call", "kind", "words"), [
    (lambda m: m.predict_pairs([1, 2], [1]), interplay.BadDataError, "2 users, 1 items"),
    (lambda m: m.predict_pairs([1.5], [1]), TypeError, "whole number, found 1.5"),
    (lambda m: m.predict_pairs(["a"], [1]), TypeError, "whole numbers"),
    (lambda m: m.predict({"user_id": ["1"], "item_id": ["2"]}), interplay.BadDataError, "user_id"),
    (lambda m: m.recommend({"user_id": [1]}, k=-1), interplay.InvalidArgumentError, "k"),
    (lambda m: m.update("movies", {"a": [1]}), interplay.InvalidArgumentError, "users"),
    (lambda m: m.scorer(["nobody"], ["item_id"]), interplay.NotFoundError, "nobody"),
    (lambda m: m.explain({"user_id": [1], "item_id": [2]}, what=["attention"]), NotImplementedError, "attention"),
    (lambda m: Model.load("/nowhere/model"), FileNotFoundError, "/nowhere/model"),
    (lambda m: Model.from_bytes(m.to_bytes()[:-1]), interplay.CorruptError, "cut short"),
    (lambda m: Model.from_bytes(b"no model"), interplay.CorruptError, "model file"),
    (lambda m: Model("nothing"), LookupError, "autoint"),
    (lambda m: Model("autoint", {"dropout": float("nan")}), interplay.InvalidArgumentError, "dropout.* finite .* found nan"),
    (lambda m: m.save("/proc/nothing/model"), OSError, "/proc/nothing")])
def test_wrong_use_gets_the_librarys_words(call, kind, words, biases):
    with pytest.raises(kind, match=words):
        call(biases)


@pytest.mark.parametrize("call", [
    lambda m, path: Model("popularity\0x"), lambda m, path: Model.load(f"{path}\0.x"), lambda m, path: m.save(f"{path}\0.x"),
    lambda m, path: interplay.file_info(f"{path}\0.x"), lambda m, path: interplay.Table({"a\0b": [1]}),
    lambda m, path: interplay.Table({"a\0b": ["text"]}), lambda m, path: interplay.Table({"a": [1]})["a\0b"],
    lambda m, path: m.update("users\0x", {"user_id": [1]}), lambda m, path: m.scorer(["user_id\0x"], ["item_id"]),
    lambda m, path: Model.fit_pairs("popularity\0x", None, [1], [1]), lambda m, path: interplay.engine("popularity\0x")])
def test_a_text_is_not_cut_at_a_nul(call, biases, tmp_path):
    biases.save(tmp_path / "model")

    with pytest.raises(interplay.InvalidArgumentError, match="without NUL, found one in '.*x00"):
        call(biases, tmp_path / "model")

    assert interplay.Table({"a": ["x\0y"]})["a"] == ["x\0y"]  # values have a length


def test_a_damaged_file_never_crashes(biases):
    data, draw = bytearray(biases.to_bytes()), numpy.random.default_rng(1)
    for _ in range(300):
        damaged = bytearray(data)
        damaged[draw.integers(len(data))] ^= 1 + draw.integers(255)
        with pytest.raises(interplay.Error) as caught:
            Model.from_bytes(bytes(damaged))
        assert caught.value.status in (interplay.Status.CORRUPT, interplay.Status.INCOMPATIBLE)


def test_verbose_without_tqdm_prints_a_line_an_epoch(dataset, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    Model("autoint", {"epochs": 2}).fit(dataset, verbose=True)

    assert capsys.readouterr().out.startswith("epoch 1 of 2: loss ")


def test_verbose_with_tqdm_draws_a_bar(dataset, capsys):
    pytest.importorskip("tqdm")
    Model("autoint", {"epochs": 2}).fit(dataset, verbose=True)

    captured = capsys.readouterr()
    assert captured.out == "" and "2.0/2" in captured.err


def test_a_bar_is_whole_where_training_stops_early(dataset, capsys):
    pytest.importorskip("tqdm")
    model = Model("autoint", {"epochs": 40, "patience": 1, "learning_rate": 0.1}).fit(dataset, verbose=True)

    done = len(model.info["training"]["history"])
    assert done < 40
    assert f"| {done}.0/{done}" in capsys.readouterr().err.split("\r")[-1]


def test_a_million_predictions_hold_memory_flat():
    # In a process of its own, so that nothing else moves the number.
    program = textwrap.dedent("""
        import interplay

        def memory():
            with open("/proc/self/statm", encoding="ascii") as file:
                return int(file.read().split()[1]) * 4096
        model = interplay.Popularity().fit(user_ids=[1, 1, 2, 2, 3, 3], item_ids=["a", "b", "a", "c", "b", "c"], ratings=[5, 3, 4, 2, 1, 3])
        def calls(n):
            for k in range(n):
                model.predict(user_id=k % 5, item_id="a")
            for k in range(n // 100):
                model.recommend(k % 5, 2)
                model.batch_predict([(1, "a"), (2, "b")])
                try:
                    model.predict(user_id="wrong", item_id="a")
                except interplay.BadDataError:
                    pass
        calls(50_000)
        before = memory()
        calls(1_000_000)
        print(memory() - before)
    """)
    grown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert int(grown) < 2_000_000


def test_importing_starts_no_thread_and_prints_nothing():
    program = "import numpy, os; n = len(os.listdir('/proc/self/task')); import interplay; assert len(os.listdir('/proc/self/task')) == n"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == done.stderr == ""
