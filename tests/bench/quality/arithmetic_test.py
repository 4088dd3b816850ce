#!/usr/bin/env python3
"""The harness's own arithmetic, on numbers small enough for paper and pencil."""
import importlib.machinery
import importlib.util
import math
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import metrics
import splits
import tasks
import tool

loader = importlib.machinery.SourceFileLoader("run", os.path.join(HERE, "run"))
run = importlib.util.module_from_spec(importlib.util.spec_from_loader("run", loader))
loader.exec_module(run)


def small(n=100, users=10):
    """n rows of users in turn; times fall, so that the first row is the latest."""
    rows = [[f"u{i % users}", f"i{i}", str(1 + i % 5)] for i in range(n)]
    return tasks.Data(["user", "item", "rating"], rows, [1.0 + i % 5 for i in range(n)], "rating", "user", "item",
                      users=(["user", "age"], {"u0": ["u0", "30"]}), times=list(range(n, 0, -1)),
                      groups=[row[0] for row in rows])


class Metrics(unittest.TestCase):
    def test_rmse_is_the_root_of_the_mean_square(self):
        self.assertEqual(metrics.rmse([1, 2, 3, 4], [1, 2, 3, 8]), 2)

    def test_log_loss_of_a_coin_is_the_logarithm_of_two(self):
        self.assertAlmostEqual(metrics.log_loss([0, 1, 1], [.5, .5, .5]), math.log(2))

    def test_a_sure_error_costs_a_finite_sum(self):
        self.assertAlmostEqual(metrics.log_loss([0], [1.0]), -math.log(1e-7))

    def test_auc_counts_the_pairs_in_order(self):  # of 2 x 2 pairs only (0.6, 0.7) is in the wrong order
        self.assertEqual(metrics.auc([0, 1, 0, 1], [.1, .6, .7, .9]), .75)

    def test_ties_count_half(self):
        self.assertEqual(metrics.auc([0, 1], [.5, .5]), .5)
        self.assertEqual(metrics.auc([0, 1, 1], [.5, .5, .9]), .75)

    def test_auc_of_one_kind_of_label_is_undefined(self):
        self.assertTrue(math.isnan(metrics.auc([1, 1], [.1, .2])))

    def test_standard_error_is_the_deviation_over_the_root_of_n(self):  # deviation of 1, 3 is sqrt(2)
        self.assertEqual(metrics.summary([1, 3]), {"mean": 2, "se": 1.0, "n": 2})
        self.assertIsNone(metrics.summary([1])["se"])

    def test_differences_are_paired_by_seed(self):  # seeds 1 and 2 are shared: 0.5 and 0.5, without any error
        mine = [{"seed": 2, "rmse": 2.5}, {"seed": 1, "rmse": 1.5}, {"seed": 3, "rmse": 9}]
        others = [{"seed": 1, "rmse": 1.0}, {"seed": 2, "rmse": 2.0}]
        self.assertEqual(metrics.paired(mine, others, "rmse"), {"mean": .5, "se": 0, "n": 2})
        self.assertIsNone(metrics.paired(mine, [], "rmse"))


class Splits(unittest.TestCase):
    def check(self, split, n=100):
        self.assertEqual(sorted(i for part in split for i in part), list(range(n)), "every row is in one part")
        for part in split:
            self.assertEqual(part, sorted(part))

    def test_rows_at_random_are_72_8_20(self):
        split = splits.rows_at_random(small(), 1)
        self.check(split)
        self.assertEqual([len(part) for part in split], [72, 8, 20])

    def test_a_seed_names_a_split(self):
        self.assertEqual(splits.rows_at_random(small(), 1), splits.rows_at_random(small(), 1))
        self.assertNotEqual(splits.rows_at_random(small(), 1), splits.rows_at_random(small(), 2))

    def test_the_last_by_time_are_the_latest(self):  # the first rows, as times fall
        split = splits.last_by_time(small(), 1)
        self.check(split)
        self.assertEqual(split[2], list(range(20)))
        self.assertEqual(split[1], list(range(20, 28)))

    def test_each_users_last_are_the_users_own(self):  # 10 rows a user: 2 to test, then 1 of 8
        split = splits.last_of_each_user(small(), 1)
        self.check(split)
        self.assertEqual([i for i in split[2] if i % 10 == 3], [3, 13])
        self.assertEqual([i for i in split[1] if i % 10 == 3], [23])

    def test_a_user_with_one_row_is_learned_from(self):
        train, valid, test = splits.last_of_each_user(small(10), 1)
        self.assertEqual((len(train), valid, test), (10, [], []))

    def test_whole_groups_share_no_user(self):
        data = small(100, 30)
        split = splits.whole_groups(data, 1)
        self.check(split)
        users = [{data.groups[i] for i in part} for part in split]
        self.assertEqual([len(u) for u in users], [22, 2, 6])
        self.assertFalse(users[0] & users[1] or users[0] & users[2] or users[1] & users[2])

    def test_runs_of_equal_keys_are_respondents(self):
        self.assertEqual(tasks.runs(["a", "a", "b", "a"]), [0, 0, 1, 2])


class Candidates(unittest.TestCase):
    def test_a_candidate_is_a_name_an_engine_and_parameters(self):
        self.assertEqual(run.parse_candidate("a=autoint:epochs=5,dropout=0"),
                         ("a", "autoint", {"epochs": "5", "dropout": "0"}))
        self.assertEqual(run.parse_candidate("a=x:wide=[400,400],deep=[],seed=1")[2],
                         {"wide": "[400,400]", "deep": "[]", "seed": "1"})
        self.assertEqual(run.parse_candidate("b=popularity"), ("b", "popularity", {}))
        with self.assertRaises(run.argparse.ArgumentTypeError):
            run.parse_candidate("autoint")

    def test_more_options_of_fit_are_cut_as_a_shell_cuts(self):
        self.assertEqual(run.parse_fit("a --schema '{\"x\": 1}' --histories"), ("a", ["--schema", '{"x": 1}', "--histories"]))

    def test_ids_alone_means_no_feature(self):
        data = small()
        data.columns, data.lists = ["user", "item", "rating", "when"], {"genres": "|"}
        self.assertEqual(tool.options_of(data, "ids"), ["--label", "rating", "--user", "user", "--item", "item", "--ignore", "when"])

    def test_a_users_feature_is_found_for_each_row(self):
        self.assertEqual(small(12).values("age"), ["30"] + [""] * 9 + ["30", ""])
        self.assertEqual(small().features(), ["age"])

    def test_every_candidate_reads_the_same_rows(self):
        with tempfile.TemporaryDirectory() as folder:
            tool.write_inputs(folder, small(4), ([0, 3], [1], [2]))
            text = {name: pathlib.Path(folder, name + ".csv").read_text(encoding="utf-8").split("\n")[1:-1]
                    for name in ("train", "valid", "test", "whole", "users")}
        self.assertEqual(text, {"train": ["u0,i0,1", "u3,i3,4"], "valid": ["u1,i1,2"], "test": ["u2,i2,3"],
                                "whole": ["u0,i0,1", "u1,i1,2", "u3,i3,4"], "users": ["u0,30"]})

    def test_users_that_training_never_saw_are_measured_apart(self):
        data = small(4, 2)
        task = tasks.Task("", "", "rating", None, None, (), strangers=True)
        found = run.measure(task, data, ([0], [], [1, 2]), [0.0, 3.0])
        self.assertEqual(found["rmse_new_users"], 2)    # row 1: user u1, rating 2
        self.assertEqual(found["rmse_known_users"], 0)  # row 2: user u0, rating 3

    def test_an_earlier_result_counts_only_on_the_same_split(self):
        mine = {"splits": {"1": {"digest": "a"}, "2": {"digest": "b"}}}
        runs = [{"seed": 1, "rmse": 1.0}, {"seed": 2, "rmse": 2.0}]
        theirs = {"splits": {"1": {"digest": "a"}, "2": {"digest": "c"}}, "candidates": {"x": {"runs": runs}}}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "theirs.json")
            run.save(path, theirs)
            self.assertEqual(list(run.earlier(path, mine)), [("x", {"runs": runs[:1]})])

    def test_an_earlier_candidate_may_come_in_parts(self):
        mine = {"splits": {"1": {"digest": "a"}, "2": {"digest": "b"}}}
        runs = [{"seed": 1, "rmse": 1.0}, {"seed": 2, "rmse": 2.0}]
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in "ab"]
            for path, own in zip(paths, (runs[:1], runs)):
                run.save(path, {**mine, "candidates": {"x": {"runs": own}}})
            self.assertEqual(run.joined(paths, mine), {"x": {"runs": runs}})


if __name__ == "__main__":
    unittest.main()
