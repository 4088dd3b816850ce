#include <boost/test/unit_test.hpp>
#include <limits>

#include "data/arrow_nodes.hpp"

using namespace interplay::core;
using namespace interplay::test;

BOOST_AUTO_TEST_SUITE(data_arrow_import)

BOOST_AUTO_TEST_CASE(every_width_of_integer_keeps_its_values) {
  BOOST_TEST(integers<std::int8_t>("c", {-128, 127}) == (Numbers{-128, 127}), tt::per_element());
  BOOST_TEST(integers<std::uint8_t>("C", {0, 255}) == (Numbers{0, 255}), tt::per_element());
  BOOST_TEST(integers<std::int16_t>("s", {-32768, 1}) == (Numbers{-32768, 1}), tt::per_element());
  BOOST_TEST(integers<std::uint16_t>("S", {65535}) == (Numbers{65535}), tt::per_element());
  BOOST_TEST(integers<std::int32_t>("i", {-2147483647 - 1}) == (Numbers{-2147483648}), tt::per_element());
  BOOST_TEST(integers<std::uint32_t>("I", {4294967295U}) == (Numbers{4294967295}), tt::per_element());
  BOOST_TEST(integers<std::int64_t>("l", {-5, 6}) == (Numbers{-5, 6}), tt::per_element());
  BOOST_TEST(integers<std::uint64_t>("L", {9223372036854775807U}) == (Numbers{9223372036854775807}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(dates_and_times_are_the_integers_they_are_made_of) {
  for (const char* format : {"tdD", "tts", "ttm"}) {
    BOOST_TEST(integers<std::int32_t>(format, {-1, 20000}) == (Numbers{-1, 20000}), tt::per_element());
  }
  for (const char* format :
       {"tdm", "ttu", "ttn", "tss:", "tsm:UTC", "tsu:Europe/Berlin", "tsn:", "tDs", "tDn"}) {
    const Column one = import_one(numbers<std::int64_t>("t", format, {-1, 1700000000000}));
    BOOST_TEST((one.type == Type::int64));
    BOOST_TEST(one.integer(1) == 1700000000000);
  }
}

BOOST_AUTO_TEST_CASE(an_unsigned_number_beyond_int64_is_named_by_row) {
  ArrowNode large = numbers<std::uint64_t>("id", "L", {1, 9223372036854775808U});
  bad(large, {"column \"id\", row 1", "at most 9223372036854775807, found 9223372036854775808"});
  large.buffers[0] = bits("10");
  BOOST_TEST(import_one(large).is_null(1));
}

BOOST_AUTO_TEST_CASE(floats_bools_and_nulls_arrive) {
  BOOST_TEST(import_one(numbers<float>("a", "f", {0.5F, -2})).number(1) == -2.0);
  BOOST_TEST(import_one(numbers<double>("a", "g", {1e300})).number(0) == 1e300);
  const Column flags = import_one(column("b", "b", 10, {bits("1111111101"), bits("0100000010")}));
  BOOST_TEST(flags.integer(1) == 1);
  BOOST_TEST(flags.integer(8) == 1);
  BOOST_TEST((flags.is_null(8) && !flags.is_null(9)));
  const Column nothing = import_one(column("n", "n", 2, {}));
  BOOST_TEST((nothing.type == Type::float64));
  BOOST_TEST((nothing.is_null(0) && nothing.is_null(1)));
}

BOOST_AUTO_TEST_CASE(strings_of_every_layout_arrive) {
  BOOST_TEST(texts_of(import_one(text32())) == (Words{"ab", "", "cde"}), tt::per_element());
  BOOST_TEST(
      texts_of(import_one(column(
          "s", "U", 2, {no_buffer(), buffer<std::int64_t>({0, 1, 3}), bytes("abc")}))) == (Words{"a", "bc"}),
      tt::per_element());
  const ArrowNode node =
      views({view("short"), view("a text longer than twelve", 0, 3), view("null", 0, 0, 13)},
            {bytes("...a text longer than twelve"), buffer<std::int64_t>({28})}, bits("110"));
  BOOST_TEST(texts_of(import_one(node)) == (Words{"short", "a text longer than twelve", ""}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(dictionaries_are_expanded) {
  const Column words =
      import_one(dictionary(numbers<std::int8_t>("c", "c", {2, 0, 9, 2}, bits("1101")), text32()));
  BOOST_TEST(texts_of(words) == (Words{"cde", "ab", "", "cde"}), tt::per_element());
  BOOST_TEST((words.is_null(2) && !words.is_null(3)));
  const Column small = import_one(dictionary(numbers<std::uint32_t>("c", "I", {1, 0}),
                                             numbers<std::int16_t>("", "s", {5, -6}, bits("01"))));
  BOOST_TEST(small.integer(0) == -6);
  BOOST_TEST(small.is_null(1));
}

BOOST_AUTO_TEST_CASE(lists_of_every_layout_arrive) {
  const Column narrow = import_one(int_list(bits("110")));
  BOOST_TEST(narrow.row_offsets.span()[3] == 3);
  BOOST_TEST(narrow.is_null(2));
  const Column wide =
      import_one(column("g", "+L", 2, {no_buffer(), buffer<std::int64_t>({1, 1, 3})}, {text32("item")}));
  BOOST_TEST(texts_of(wide) == (Words{"", "cde"}), tt::per_element());
  BOOST_TEST(wide.row_offsets[0] == 0);
  const Column fixed =
      import_one(column("g", "+w:2", 2, {no_buffer()}, {numbers<std::int64_t>("item", "l", {1, 2, 3, 4})}));
  BOOST_TEST(fixed.first(1) == 2);
  BOOST_TEST(fixed.integer(3) == 4);
  const Column coded = import_one(column("g", "+l", 1, {no_buffer(), buffer<std::int32_t>({0, 2})},
                                         {dictionary(numbers<std::int32_t>("item", "i", {2, 0}), text32())}));
  BOOST_TEST(texts_of(coded) == (Words{"cde", "ab"}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(lists_of_value_and_weight_become_weights) {
  const auto weighted = [](ArrowNode weight) {
    ArrowNode pair = column("item", "+s", 3, {no_buffer()}, {text32("value"), std::move(weight)});
    return import_one(
        column("g", "+l", 2, {no_buffer(), buffer<std::int32_t>({1, 2, 3})}, {std::move(pair)}));
  };

  for (const Column& one : {weighted(numbers<float>("weight", "f", {0.5F, 1, 2})),
                            weighted(numbers<double>("w", "g", {0.5, 1, 2}))}) {
    BOOST_TEST(texts_of(one) == (Words{"", "cde"}), tt::per_element());
    BOOST_TEST(one.weights[1] == 2.0F);
  }
}

BOOST_AUTO_TEST_CASE(offsets_of_arrays_are_honoured_at_every_level) {
  BOOST_TEST(import_one(with_offset(numbers<std::int64_t>("a", "l", {1, 2, 3}, bits("110")), 1)).is_null(1));
  BOOST_TEST(texts_of(import_one(with_offset(text32(), 1))) == (Words{"", "cde"}), tt::per_element());
  const Column flags = import_one(with_offset(column("b", "b", 10, {no_buffer(), bits("0000000001")}), 8));
  BOOST_TEST(flags.integer(1) == 1);
  const Column lists = import_one(with_offset(int_list(bits("101")), 1));
  BOOST_TEST((lists.is_null(0) && !lists.is_null(1)));
  BOOST_TEST(lists.integer(lists.first(1)) == 9);
  const Column fixed =
      import_one(with_offset(column("g", "+w:2", 2, {no_buffer()},
                                    {with_offset(numbers<std::int64_t>("item", "l", {0, 1, 2, 3, 4}), 1)}),
                             1));
  BOOST_TEST(fixed.integer(0) == 3);
}

BOOST_AUTO_TEST_CASE(the_offset_and_the_nulls_of_the_batch_reach_its_columns) {
  ArrowNode rows = batch(3,
                         {numbers<std::int64_t>("a", "l", {1, 2, 3, 4}, bits("1101")),
                          with_offset(numbers<std::int64_t>("b", "l", {0, 1, 2, 3, 4}), 1)},
                         bits("1011"));
  rows.offset = 1;
  const Table table = import({rows});

  BOOST_TEST(table.at("a").integer(2) == 4);
  BOOST_TEST((table.at("a").is_null(0) && table.at("a").is_null(1) && !table.at("a").is_null(2)));
  BOOST_TEST(table.at("b").integer(2) == 4);
  BOOST_TEST((table.at("b").is_null(0) && !table.at("b").is_null(1)));
}

BOOST_AUTO_TEST_CASE(one_batch_is_used_where_it_lies_and_released_with_the_last_column) {
  ArrowStreamBuilder builder(
      {batch(2, {numbers<std::int64_t>("a", "l", {1, 2}), numbers<float>("b", "f", {1, 2})})});
  {
    Column kept;
    {
      const Table table = import(builder);
      kept = table.at("b");
    }
    BOOST_TEST(builder.releases.arrays == 0);
    BOOST_TEST(kept.number(1) == 2.0);
  }

  BOOST_TEST(builder.releases.arrays == 1);
  BOOST_TEST(builder.releases.children == 0);
}

BOOST_AUTO_TEST_CASE(several_batches_are_joined_and_released) {
  const auto part = [](Buffer validity) {
    return batch(3, {text32(), int_list(validity), numbers<std::int16_t>("n", "s", {1, 2, 3}, validity)});
  };
  ArrowStreamBuilder builder(
      {part(no_buffer()),
       batch(0, {column("s", "u", 0, {no_buffer(), no_buffer(), no_buffer()}),
                 column("g", "+l", 0, {no_buffer(), no_buffer()}, {numbers<std::int64_t>("item", "l", {})}),
                 numbers<std::int16_t>("n", "s", {})}),
       part(bits("011"))});
  const Table table = import(builder);

  BOOST_TEST(table.rows() == 6);
  BOOST_TEST(texts_of(table.at("s")) == (Words{"ab", "", "cde", "ab", "", "cde"}), tt::per_element());
  BOOST_TEST(table.at("g").last(5) == 6);
  BOOST_TEST((table.at("n").is_null(3) && !table.at("n").is_null(0) && !table.at("n").is_null(4)));
  BOOST_TEST(builder.releases.arrays == 3);
  BOOST_TEST(builder.releases.children == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_without_batches_or_rows_still_has_columns) {
  ArrowStreamBuilder builder({batch(0, {text32(), int_list(), numbers<float>("f", "f", {})})});
  builder.zero_batches = true;
  const Table table = import(builder);

  BOOST_TEST(table.rows() == 0);
  BOOST_TEST((table.at("s").type == Type::string));
  BOOST_TEST(table.at("g").multi_valued());
  BOOST_TEST((table.at("g").type == Type::int64));
  BOOST_TEST(import({batch(0, {})}).columns().empty());
}

BOOST_AUTO_TEST_CASE(rows_are_counted_over_all_batches_in_errors) {
  const auto one = [](std::uint64_t value) {
    return batch(2, {numbers<std::uint64_t>("id", "L", {1, value})});
  };
  refused({one(2), one(std::numeric_limits<std::uint64_t>::max())}, INTERPLAY_BAD_DATA, {"\"id\", row 3"});
  refused({batch(3, {text32()}), batch(3, {column("s", "u", 3,
                                                  {no_buffer(), buffer<std::int32_t>({0, 1, 2, 3}),
                                                   bytes("a\xff"
                                                         "b")})})},
          INTERPLAY_BAD_DATA, {"column \"s\"", "row 4 is not UTF-8 from byte 0"});
}

// A buffer that starts at an odd address is allowed; reading it in place would be undefined.
BOOST_AUTO_TEST_CASE(buffers_that_are_not_aligned_are_copied) {
  ArrowNode odd = column("a", "l", 1, {no_buffer(), bytes(std::string_view("\0\x05\0\0\0\0\0\0\0", 9))});
  odd.lie = [](ArrowArray& array) { array.buffers[1] = static_cast<const char*>(array.buffers[1]) + 1; };
  ArrowStreamBuilder builder({batch(1, {odd})});
  const Table table = import(builder);

  BOOST_TEST(table.at("a").integer(0) == 5);
  BOOST_TEST(reinterpret_cast<std::uintptr_t>(table.at("a").values.data()) % 8 == 0U);
}

BOOST_AUTO_TEST_CASE(types_without_a_meaning_are_named_with_their_column) {
  for (const char* format : {"e",  "z",     "Z",   "vz", "d:10,2", "w:16", "tiM", "ts",  "tss",   "tDx",
                             "+m", "+us:0", "+vl", "+s", "+r",     "",     "ll",  "+w:", "+w:-1", "+w:x"}) {
    BOOST_TEST_CONTEXT(format) {
      refused(
          {batch(1, {column("price", format, 1, {no_buffer(), buffer<std::int64_t>({1, 2}), no_buffer()})})},
          INTERPLAY_UNSUPPORTED, {"column \"price\"", "has no meaning here"});
    }
  }
  refused({batch(1, {column("g", "+l", 1, {no_buffer()}, {int_list()})})}, INTERPLAY_UNSUPPORTED,
          {"\"g\"", "\"+l\""});
  refused({batch(1, {dictionary(numbers<std::int32_t>("c", "i", {0}), int_list())})}, INTERPLAY_UNSUPPORTED,
          {"\"c\"", "\"+l\""});
}

BOOST_AUTO_TEST_CASE(a_stream_of_anything_but_structs_is_refused) {
  refused({numbers<std::int64_t>("a", "l", {1})}, INTERPLAY_UNSUPPORTED, {"struct batches", "\"l\""});
}

BOOST_AUTO_TEST_CASE(a_weight_that_is_no_float_is_refused) {
  ArrowNode pair =
      column("item", "+s", 1, {no_buffer()}, {text32("value"), numbers<std::int64_t>("weight", "l", {1})});
  refused({batch(1, {column("g", "+l", 1, {no_buffer(), buffer<std::int32_t>({0, 1})}, {pair})})},
          INTERPLAY_UNSUPPORTED, {"\"g\"", "the weight, float32 or float64"});
  pair.children.pop_back();
  refused({batch(1, {column("g", "+l", 1, {no_buffer(), buffer<std::int32_t>({0, 1})}, {pair})})},
          INTERPLAY_UNSUPPORTED, {"\"g\"", "two children"});
}

BOOST_AUTO_TEST_CASE(a_null_inside_a_list_is_named_unless_the_list_is_null) {
  ArrowNode lists = int_list();
  lists.children[0].buffers[0] = bits("101");
  bad(lists, {"column \"g\", row 0", "value 1 of the list is null"});
  lists.buffers[0] = bits("011");
  BOOST_TEST(import_one(lists).is_null(0));
  ArrowNode pair =
      column("item", "+s", 3, {bits("110")}, {text32("value"), numbers<float>("w", "f", {1, 1, 1})});
  bad(column("g", "+l", 3, {no_buffer(), buffer<std::int32_t>({0, 1, 2, 3})}, {pair}),
      {"row 2", "element 0", "null"});
}

BOOST_AUTO_TEST_CASE(names_must_be_there_once) {
  refused({batch(1, {numbers<std::int64_t>("", "l", {1})})}, INTERPLAY_INVALID_ARGUMENT,
          {"column 1", "no name"});
  refused({batch(1, {numbers<std::int64_t>("a", "l", {1}), numbers<std::int64_t>("a", "l", {1})})},
          INTERPLAY_INVALID_ARGUMENT, {"\"a\" already"});
}

BOOST_AUTO_TEST_SUITE_END()
