#include <boost/test/unit_test.hpp>
#include <limits>

#include "data/arrow_nodes.hpp"

using namespace interplay::core;
using namespace interplay::test;

BOOST_AUTO_TEST_SUITE(data_arrow_hostile)

BOOST_AUTO_TEST_CASE(lengths_and_offsets_that_cannot_be_are_refused) {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const auto number = [] { return numbers<std::int64_t>("a", "l", {1, 2}); };
  bad(lying(number(), [](ArrowArray& a) { a.length = -1; }), {"\"a\"", "length", "found -1"});
  bad(lying(number(), [=](ArrowArray& a) { a.length = huge; }), {"\"a\"", "length", "2^48"});
  bad(lying(number(), [](ArrowArray& a) { a.offset = -1; }), {"\"a\"", "offset", "found -1"});
  bad(lying(number(), [=](ArrowArray& a) { a.offset = huge; }), {"\"a\"", "offset", "2^48"});
  bad(lying(number(), [](ArrowArray& a) { a.length = 1; }), {"\"a\"", "at least 0 + 2 elements, found 1"});
  for (const std::int64_t length : {std::int64_t{-1}, huge}) {
    refused({lying(batch(2, {number()}), [=](ArrowArray& a) { a.length = length; })}, INTERPLAY_BAD_DATA,
            {"batch 0", "length"});
    refused({lying(batch(2, {number()}), [=](ArrowArray& a) { a.offset = length; })}, INTERPLAY_BAD_DATA,
            {"offset"});
  }
}

BOOST_AUTO_TEST_CASE(buffers_and_children_that_are_missing_are_refused) {
  const auto number = [] { return numbers<std::int64_t>("a", "l", {1, 2}); };
  bad(lying(number(), [](ArrowArray& a) { a.n_buffers = 1; }),
      {"\"a\"", "expected 2 Arrow buffers, found 1"});
  bad(lying(number(), [](ArrowArray& a) { a.n_buffers = -2; }), {"expected 2 Arrow buffers, found -2"});
  bad(lying(number(), [](ArrowArray& a) { a.buffers = nullptr; }), {"expected 2 Arrow buffers, found none"});
  bad(lying(number(), [](ArrowArray& a) { a.buffers[1] = nullptr; }), {"buffer 1 is null"});
  bad(lying(number(), [](ArrowArray& a) { a.null_count = 1; }), {"validity buffer for 1 nulls, found none"});
  bad(lying(text32(), [](ArrowArray& a) { a.buffers[1] = nullptr; }), {"buffer 1 is null"});
  bad(lying(text32(), [](ArrowArray& a) { a.buffers[2] = nullptr; }), {"buffer 2 is null"});
  bad(lying(int_list(), [](ArrowArray& a) { a.buffers[1] = nullptr; }), {"buffer 1 is null"});
  bad(lying(int_list(), [](ArrowArray& a) { a.n_children = 0; }), {"expected 1 children"});
  bad(lying(int_list(), [](ArrowArray& a) { a.children = nullptr; }), {"expected 1 children", "found none"});
  bad(lying(int_list(), [](ArrowArray& a) { a.children[0] = nullptr; }), {"missing or was released"});
  bad(lying(number(), [](ArrowArray& a) { a.release = nullptr; }), {"missing or was released"});
  bad(dictionary(lying(numbers<std::int32_t>("c", "i", {0}), [](ArrowArray& a) { a.dictionary = nullptr; }),
                 text32()),
      {"\"c\"", "missing"});
  refused({lying(batch(2, {number()}), [](ArrowArray& a) { a.n_children = 2; })}, INTERPLAY_BAD_DATA,
          {"expected 1 children"});
}

BOOST_AUTO_TEST_CASE(offsets_that_run_backwards_or_out_are_refused) {
  ArrowNode node = text32();
  node.buffers[1] = buffer<std::int32_t>({0, 3, 2, 5});
  bad(node, {"\"s\", row 1", "at least 3, found 2"});
  node.buffers[1] = buffer<std::int32_t>({-1, 3, 3, 5});
  bad(node, {"\"s\", row 0", "found -1"});
  node = int_list();
  node.buffers[1] = buffer<std::int32_t>({0, 2, 1, 3});
  bad(node, {"\"g\", row 1", "at least 2, found 1"});
  node.buffers[1] = buffer<std::int32_t>({0, 2, 2, 4});
  bad(node, {"\"g\"", "at least 0 + 4 elements, found 3"});
  node.buffers[1] = buffer<std::int32_t>({-2, 0, 0, 0});
  bad(node, {"\"g\", row 0", "found -2"});
  bad(column("g", "+w:2", 2, {no_buffer()}, {numbers<std::int64_t>("item", "l", {1, 2, 3})}),
      {"\"g\"", "2 times 2", "found 3"});
  bad(column("g", "+w:2147483647", 2, {no_buffer()}, {numbers<std::int64_t>("item", "l", {1})}),
      {"\"g\"", "times 2147483647"});
}

BOOST_AUTO_TEST_CASE(an_index_outside_the_dictionary_is_refused) {
  bad(dictionary(numbers<std::int32_t>("c", "i", {0, 3}), text32()),
      {"\"c\", row 1", "dictionary of 3 values, found 3"});
  bad(dictionary(numbers<std::int8_t>("c", "c", {-1}), text32()), {"\"c\", row 0", "found -1"});
  bad(dictionary(numbers<float>("c", "f", {0}), text32()),
      {"\"c\"", "indices of a dictionary must be integers"});
}

BOOST_AUTO_TEST_CASE(a_string_view_outside_its_buffer_is_refused) {
  const std::vector<Buffer> buffers = {bytes("0123456789abcdef"), buffer<std::int64_t>({16})};
  bad(views({view("", 0, 1, 16)}, buffers), {"\"s\", row 0", "within 16 bytes, found bytes 1 to 17"});
  bad(views({view("", 0, -1, 13)}, buffers), {"row 0", "bytes -1"});
  bad(views({view("x"), view("", 1, 0, 13)}, buffers), {"row 1", "one of 1 buffers, found 1"});
  bad(views({view("", -1, 0, 13)}, buffers), {"found -1"});
  bad(views({view("", 0, 2147483647, 2147483647)}, buffers), {"within 16 bytes"});
}

BOOST_AUTO_TEST_CASE(a_schema_that_lies_is_refused) {
  const auto with = [](std::function<void(ArrowSchema&)> lie, std::initializer_list<const char*> words,
                       interplay_status status = INTERPLAY_BAD_DATA) {
    ArrowNode root = batch(3, {int_list()});
    root.lie_schema = std::move(lie);
    refused({root}, status, words);
  };
  with([](ArrowSchema& s) { s.n_children = -1; }, {"-1 children"});
  with([](ArrowSchema& s) { s.children = nullptr; }, {"1 children"});
  with([](ArrowSchema& s) { s.children[0] = nullptr; }, {"child 0"});
  with([](ArrowSchema& s) { s.children[0]->n_children = 0; }, {"\"g\"", "a list has 1 child, found 0"});
  with([](ArrowSchema& s) { s.children[0]->children = nullptr; }, {"\"g\"", "no child 0"});
  with([](ArrowSchema& s) { s.format = nullptr; }, {"struct batches"}, INTERPLAY_UNSUPPORTED);
  with([](ArrowSchema& s) { s.children[0]->format = nullptr; }, {"\"g\""}, INTERPLAY_UNSUPPORTED);
}

BOOST_AUTO_TEST_CASE(a_producers_error_is_passed_on_and_all_is_released) {
  const auto one = [] { return batch(1, {numbers<std::int64_t>("a", "l", {1})}); };
  ArrowStreamBuilder schema({one()}), second({one(), one()}), disk({one()}), silent({one()});
  schema.fail_at = -1;
  second.fail_at = 1;
  disk.fail_at = 0;
  disk.error = EIO;
  silent.fail_at = 0;
  silent.error_text = nullptr;
  const auto expect = [](ArrowStreamBuilder& builder, interplay_status status,
                         std::initializer_list<const char*> words) {
    ArrowArrayStream stream = builder.stream();
    fails(status, words, [&] { table_from_arrow(&stream); });
    BOOST_TEST(stream.release == nullptr);
    BOOST_TEST(builder.releases.streams == 1);
    BOOST_TEST(builder.releases.alive == 0);
  };

  expect(schema, INTERPLAY_BAD_DATA, {"failed to give its schema (error 22): the producer lost its way"});
  expect(second, INTERPLAY_BAD_DATA, {"failed to give batch 1", "the producer lost its way"});
  expect(disk, INTERPLAY_IO, {"error 5"});
  expect(silent, INTERPLAY_BAD_DATA, {"batch 0 (error 22)"});
  BOOST_TEST(second.releases.arrays == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_null_or_used_up_is_refused) {
  ArrowArrayStream stream{};
  fails(INTERPLAY_INVALID_ARGUMENT, {"null"}, [] { table_from_arrow(nullptr); });
  fails(INTERPLAY_INVALID_ARGUMENT, {"released or consumed before"}, [&] { table_from_arrow(&stream); });
}

BOOST_AUTO_TEST_SUITE_END()
