// Tables and datasets in one line, for the tests of this folder.
#pragma once

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>
#include <vector>

#include "data/dataset.hpp"

namespace interplay::test {

namespace tt = boost::test_tools;
using Codes = std::vector<std::int32_t>;
using Floats = std::vector<float>;
using Offsets = std::vector<std::int64_t>;

inline constexpr const char* pairs_schema = R"({"user": "u", "item": "i", "label": "l"})";

inline core::Column ints(std::string name, std::vector<std::int64_t> values) {
  return core::make_column(std::move(name), std::move(values));
}
inline core::Column int32s(std::string name, std::vector<std::int32_t> values) {
  return core::make_column(std::move(name), std::move(values));
}
inline core::Column floats(std::string name, std::vector<float> values) {
  return core::make_column(std::move(name), std::move(values));
}
inline core::Column texts(std::string name, std::vector<std::string_view> values) {
  return core::make_column(std::move(name), values);
}
inline core::Column doubles(std::string name, const std::vector<double>& values) {
  core::Column column;
  column.name = std::move(name);
  column.type = core::Type::float64;
  column.rows = column.n_values = static_cast<std::int64_t>(values.size());
  auto owner = std::make_shared<const std::vector<double>>(values);
  const auto* data = reinterpret_cast<const std::byte*>(owner->data());
  column.values = core::Array<std::byte>(data, values.size() * sizeof(double), owner);
  return column;
}
inline core::Column list(std::string name, core::Column values, Offsets offsets) {
  values.name = std::move(name);
  values.rows = static_cast<std::int64_t>(offsets.size()) - 1;
  values.row_offsets = std::move(offsets);
  return values;
}
inline core::Column with_nulls(core::Column column, std::vector<std::uint8_t> valid) {
  column.valid = std::move(valid);
  return column;
}

inline core::Table table(std::vector<core::Column> columns) {
  core::Table out(columns.empty() ? 0 : columns[0].rows);
  for (core::Column& column : columns) out.add(std::move(column));
  return out;
}

inline core::Dataset new_dataset(const std::string& schema) {
  return core::Dataset(core::Schema::parse(core::parse_json(schema, "schema")));
}

}  // namespace interplay::test
