// Importing nodes that were made by hand, for the tests of Arrow import.
#pragma once

#include <boost/test/unit_test.hpp>

#include "data/arrow.hpp"
#include "support/arrow_builder.hpp"
#include "support/fails.hpp"

namespace interplay::test {

namespace tt = boost::test_tools;
using core::Column;
using core::Table;
using core::table_from_arrow;

/// Imports and checks that stream, schema and arrays are released once each and no child ever.
inline Table import(ArrowStreamBuilder& builder) {
  ArrowArrayStream stream = builder.stream();
  Table table = table_from_arrow(&stream);
  BOOST_TEST(stream.release == nullptr);
  BOOST_TEST(builder.releases.streams == 1);
  BOOST_TEST(builder.releases.schemas == 1);
  return table;
}

inline Table import(std::vector<ArrowNode> batches) {
  ArrowStreamBuilder builder(std::move(batches));
  Table table = import(builder);
  // Deep copies, so that the builder may go: the tests below look at values only.
  Table copy(table.rows());
  for (const Column& one : table.columns()) copy.add_copy(one);
  return copy;
}

inline Column import_one(ArrowNode node) {
  const std::int64_t rows = node.length;
  return import({batch(rows, {std::move(node)})}).columns().at(0);
}

/// The import fails, and everything that was handed out is released once.
inline void refused(std::vector<ArrowNode> batches, interplay_status status,
                    std::initializer_list<const char*> words) {
  ArrowStreamBuilder builder(std::move(batches));
  ArrowArrayStream stream = builder.stream();
  fails(status, words, [&] { table_from_arrow(&stream); });
  BOOST_TEST(stream.release == nullptr);
  BOOST_TEST(builder.releases.streams == 1);
  BOOST_TEST(builder.releases.alive == 0);
  BOOST_TEST(builder.releases.children == 0);
}

inline void bad(ArrowNode node, std::initializer_list<const char*> words) {
  const std::int64_t rows = node.length;
  refused({batch(rows, {std::move(node)})}, INTERPLAY_BAD_DATA, words);
}

template <class T>
std::vector<std::int64_t> integers(const char* format, std::initializer_list<T> values) {
  const Column one = import_one(numbers("a", format, values));
  std::vector<std::int64_t> out;
  for (std::int64_t i = 0; i < one.rows; ++i) out.push_back(one.integer(i));
  return out;
}

inline std::vector<std::string> texts_of(const Column& column) {
  std::vector<std::string> out;
  for (std::int64_t i = 0; i < column.n_values; ++i) out.emplace_back(column.text(i));
  return out;
}

using Words = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

inline ArrowNode text32(std::string name = "s") {
  return column(std::move(name), "u", 3, {no_buffer(), buffer<std::int32_t>({0, 2, 2, 5}), bytes("abcde")});
}
inline ArrowNode with_offset(ArrowNode node, std::int64_t offset) {
  node.offset = offset;
  node.length -= offset;
  return node;
}
inline ArrowNode lying(ArrowNode node, std::function<void(ArrowArray&)> lie) {
  node.lie = std::move(lie);
  return node;
}
inline ArrowNode dictionary(ArrowNode indices, ArrowNode values) {
  indices.dictionary.push_back(std::move(values));
  return indices;
}
inline ArrowNode int_list(Buffer validity = no_buffer()) {
  return column("g", "+l", 3, {validity, buffer<std::int32_t>({0, 2, 2, 3})},
                {numbers<std::int64_t>("item", "l", {7, 8, 9})});
}
/// A string view of the text itself (up to 12 bytes), or into a buffer.
inline std::vector<std::byte> view(std::string_view text, std::int32_t index = 0, std::int32_t offset = 0,
                                   std::int32_t length = -1) {
  std::vector<std::byte> out(16);
  const std::int32_t size = length < 0 ? static_cast<std::int32_t>(text.size()) : length;
  std::memcpy(out.data(), &size, 4);
  std::memcpy(out.data() + 4, text.data(), std::min<std::size_t>(text.size(), 12));
  if (size > 12) {
    std::memcpy(out.data() + 8, &index, 4);
    std::memcpy(out.data() + 12, &offset, 4);
  }
  return out;
}
inline ArrowNode views(std::initializer_list<std::vector<std::byte>> list, std::vector<Buffer> buffers,
                       Buffer validity = no_buffer()) {
  std::vector<std::byte> all;
  for (const auto& one : list) all.insert(all.end(), one.begin(), one.end());
  std::vector<Buffer> every = {validity, Buffer(all)};
  every.insert(every.end(), buffers.begin(), buffers.end());
  return column("s", "vu", static_cast<std::int64_t>(list.size()), every);
}

}  // namespace interplay::test
