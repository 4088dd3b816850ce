#include <boost/test/unit_test.hpp>
#include <cstring>

#include "data/arrow.hpp"
#include "data/arrow_structs.hpp"
#include "data/builders.hpp"
#include "support/fails.hpp"

using namespace interplay::core;
using namespace interplay::test;

namespace {

std::shared_ptr<const Table> shared(std::vector<Column> columns) {
  return std::make_shared<const Table>(table(std::move(columns)));
}

Column bools(std::string name, std::initializer_list<std::uint8_t> values) {
  Column column = ints(std::move(name), {});
  auto owner = std::make_shared<const std::vector<std::uint8_t>>(values);
  column.type = Type::bool8;
  column.rows = column.n_values = static_cast<std::int64_t>(owner->size());
  column.values = Array<std::byte>(reinterpret_cast<const std::byte*>(owner->data()), owner->size(), owner);
  return column;
}

std::vector<Column> every_type() {
  Column weighted = list("w", texts("", {"x", "yz"}), {0, 0, 2});
  weighted.weights = Floats{0.5F, 2};
  return {with_nulls(ints("a", {1, -2}), {1, 0}),
          int32s("b", {3, 4}),
          floats("c", {0.5F, 1}),
          doubles("d", {1e300, 2}),
          bools("e", {1, 0}),
          texts("f", {"", "\xc3\xa9"}),
          with_nulls(list("g", ints("", {7, 8}), {0, 2, 2}), {1, 0}),
          list("h", bools("", {0, 1}), {0, 1, 2}),
          weighted};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(data_arrow_export)

BOOST_AUTO_TEST_CASE(a_table_comes_back_from_its_own_stream) {
  const std::vector<Column> before = every_type();
  ArrowArrayStream stream;
  table_to_arrow(shared(before), &stream);  // the table lives on in the stream alone
  const Table after = table_from_arrow(&stream);

  BOOST_TEST(after.rows() == 2);
  BOOST_TEST(after.columns().size() == before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Column &x = before[i], &y = after.columns()[i];
    BOOST_TEST_CONTEXT(x.name) {
      BOOST_TEST(x.name == y.name);
      BOOST_TEST((x.type == y.type && x.n_values == y.n_values && x.multi_valued() == y.multi_valued()));
      BOOST_TEST((x.values.size() == y.values.size() &&
                  std::memcmp(x.values.data(), y.values.data(), x.values.size()) == 0));
      BOOST_TEST(x.string_offsets.span() == y.string_offsets.span(), tt::per_element());
      BOOST_TEST(x.row_offsets.span() == y.row_offsets.span(), tt::per_element());
      BOOST_TEST(x.valid.span() == y.valid.span(), tt::per_element());
      BOOST_TEST(x.weights.span() == y.weights.span(), tt::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_table_without_rows_or_columns_comes_back) {
  ArrowArrayStream stream;
  table_to_arrow(shared({texts("s", {}), list("g", ints("", {}), {0})}), &stream);
  BOOST_TEST(table_from_arrow(&stream).columns().size() == 2U);
  table_to_arrow(std::make_shared<const Table>(5), &stream);
  BOOST_TEST(table_from_arrow(&stream).rows() == 5);
}

BOOST_AUTO_TEST_CASE(numbers_are_exported_where_they_lie) {
  const auto table = shared({ints("a", {1, 2})});
  ArrowArrayStream stream;
  table_to_arrow(table, &stream);
  const Table after = table_from_arrow(&stream);

  BOOST_TEST(static_cast<const void*>(after.at("a").values.data()) ==
             static_cast<const void*>(table->at("a").values.data()));
}

BOOST_AUTO_TEST_CASE(the_schema_names_formats_and_nullability) {
  ArrowArrayStream stream;
  table_to_arrow(shared(every_type()), &stream);
  ArrowSchema schema{};
  BOOST_TEST(stream.get_schema(&stream, &schema) == 0);
  std::string formats;
  for (std::int64_t i = 0; i < schema.n_children; ++i)
    formats += std::string(schema.children[i]->format) + " ";

  BOOST_TEST(std::string(schema.format) == "+s");
  BOOST_TEST(formats == "l i f g b U +L +L +L ");
  BOOST_TEST(schema.children[0]->flags == ARROW_FLAG_NULLABLE);
  BOOST_TEST(schema.children[1]->flags == 0);
  BOOST_TEST(std::string(schema.children[8]->children[0]->format) == "+s");
  schema.release(&schema);
  BOOST_TEST(schema.release == nullptr);
  stream.release(&stream);
  BOOST_TEST(stream.release == nullptr);
}

BOOST_AUTO_TEST_CASE(the_second_batch_is_the_end) {
  ArrowArrayStream stream;
  table_to_arrow(shared({ints("a", {1})}), &stream);
  ArrowArray first{}, second{};
  BOOST_TEST(stream.get_next(&stream, &first) == 0);
  BOOST_TEST(stream.get_next(&stream, &second) == 0);

  BOOST_TEST(first.length == 1);
  BOOST_TEST(second.release == nullptr);
  BOOST_TEST(stream.get_last_error(&stream) == nullptr);
  first.release(&first);
  stream.release(&stream);
}

// The specification lets a consumer move children out and release the parent first.
BOOST_AUTO_TEST_CASE(a_child_that_was_moved_out_outlives_parent_stream_and_table) {
  ArrowArrayStream stream;
  table_to_arrow(shared({texts("a", {"xyz"}), list("g", ints("", {5}), {0, 1})}), &stream);
  ArrowArray batch{};
  ArrowSchema schema{};
  BOOST_TEST(stream.get_next(&stream, &batch) == 0);
  BOOST_TEST(stream.get_schema(&stream, &schema) == 0);
  stream.release(&stream);

  ArrowArray child = *batch.children[1];
  batch.children[1]->release = nullptr;
  ArrowSchema child_schema = *schema.children[1];
  schema.children[1]->release = nullptr;
  batch.release(&batch);
  schema.release(&schema);
  ArrowArray grandchild = *child.children[0];
  child.children[0]->release = nullptr;
  child.release(&child);

  BOOST_TEST(static_cast<const std::int64_t*>(grandchild.buffers[1])[0] == 5);
  BOOST_TEST(std::string(child_schema.name) == "g");
  grandchild.release(&grandchild);
  child_schema.release(&child_schema);
}

BOOST_AUTO_TEST_CASE(a_null_stream_is_refused) {
  fails(INTERPLAY_INVALID_ARGUMENT, {"null"}, [] { table_to_arrow(shared({}), nullptr); });
}

BOOST_AUTO_TEST_SUITE_END()
