#!/usr/bin/env python3
"""The speed harness's own arithmetic, on numbers small enough for paper and pencil."""
import os
import sys
import unittest
import xml.etree.ElementTree

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, os.pardir, "large")]
import arithmetic
import chart
import report
import words


class Percentiles(unittest.TestCase):
    def test_half_of_an_even_number_is_the_lower_middle(self):
        self.assertEqual(arithmetic.percentile([1, 2, 3, 4], .5), 2)

    def test_the_99th_of_a_hundred_is_the_last_but_one(self):
        self.assertEqual(arithmetic.percentile(list(range(1, 101)), .99), 99)
        self.assertEqual(arithmetic.percentile(list(range(1, 101)), .999), 100)

    def test_of_one_value_every_percentile_is_that_value(self):
        self.assertEqual([arithmetic.percentile([7], share) for share in (0, .5, .999, 1)], [7] * 4)

    def test_of_nothing_there_is_none(self):
        with self.assertRaises(ValueError):
            arithmetic.percentile([], .5)


class Rates(unittest.TestCase):
    def test_a_round_is_rows_over_seconds(self):  # 3 calls of 10 rows in 1.5 s
        self.assertEqual(arithmetic.rate([.25, .25, 1], 10), 20)

    def test_the_summary_takes_the_median_round_and_all_calls(self):  # 10, 5 and 2 rows a second
        found = arithmetic.summary([[.1], [.2, .2], [.5]], 1)
        self.assertEqual((round(found["rows_per_second"], 9), found["calls"]), (5, 4))
        self.assertEqual((found["p50"], found["p99"]), (.2, .5))

    def test_a_ratio_compares_round_with_round(self):  # a slow round slows both: 2, 2 and 4 times as fast
        self.assertEqual(arithmetic.ratio([[1], [10], [1]], [[2], [20], [4]], 1), 2)

    def test_a_ratio_of_rows_allows_for_other_batches(self):  # 8 rows a second against 2
        self.assertEqual(arithmetic.ratio([[1]], [[1]], 8, 2), 4)


    def test_epochs_count_from_the_end_of_the_first(self):  # it may compile, or warm up: 2 epochs of 10 rows in 4 s
        self.assertEqual(arithmetic.epochs_rate([7, 9, 11], 10), 5)

    def test_two_threads_count_by_what_two_cores_gave(self):  # 1.5 times one thread, where the machine had 2 to give
        self.assertEqual(arithmetic.speedup([2], [3], [100], [200]), (1.5, 2, .75))

    def test_a_speedup_is_the_median_of_rounds_and_not_of_rates(self):  # 2, 2 and 1; the slow rounds slow both sides
        self.assertEqual(arithmetic.speedup([1, 10, 10], [2, 20, 10], [1, 1, 1], [2, 2, 2]), (2, 2, 1))


class Flops(unittest.TestCase):
    def test_without_a_layer_the_logit_reads_the_embeddings(self):  # 2 fields x 3 numbers, times 2
        self.assertEqual(arithmetic.flops(2, 3, 4, 0), 12)

    def test_one_layer_of_one_field(self):  # d 2, A 4: QKV 24, attention 2 x 4, W^O 8, the logit 2 x 2; times 2
        self.assertEqual(arithmetic.flops(1, 2, 4, 1), 2 * (24 + 8 + 8 + 4))

    def test_the_tutorials_pair(self):  # a layer: 2*32*96 + 2*4*32 + 2*32*32 = 8448
        self.assertEqual(arithmetic.flops(2, 32, 32, 3), 2 * (3 * 8448 + 256))

    def test_the_largest_difference_has_no_sign(self):
        self.assertEqual(arithmetic.largest_difference([1, 2, 3], [1, 4, 2.5]), 2)
        with self.assertRaises(ValueError):
            arithmetic.largest_difference([1, 2], [1])


class Memory(unittest.TestCase):
    def test_bytes_for_one_more_leave_out_what_does_not_grow(self):  # 1000 and 8 each
        self.assertEqual(words.slope([{"n": 10, "held": 1080}, {"n": 30, "held": 1240}], "held", "n"), 8)

    def test_sizes_have_their_unit(self):
        self.assertEqual([words.size(n) for n in (12, 12_345, 1_620_000_000)], ["12 B", "12.3 kB", "1.62 GB"])


class Words(unittest.TestCase):
    def test_numbers_keep_three_digits(self):
        self.assertEqual([report.number(x) for x in (1234567, 98.76, 1.2345, .01234)], ["1,234,567", "98.8", "1.23", "0.0123"])

    def test_times_have_their_unit(self):
        self.assertEqual([report.time(x) for x in (1.5e-6, 250e-6, .0123, 2)], ["1.50 us", "250 us", "12.3 ms", "2.00 s"])

    def test_the_chart_is_xml_and_names_every_bar(self):
        text = chart.svg("title <&>", "note", [("a & b", 2.0, "x"), ("c", .5, "y")])
        root = xml.etree.ElementTree.fromstring(text)
        words = " ".join(t.text for t in root.iter("{http://www.w3.org/2000/svg}text"))
        for word in ("title <&>", "a & b", "c", "2.00", "0.50"):
            self.assertIn(word, words)


if __name__ == "__main__":
    unittest.main()
