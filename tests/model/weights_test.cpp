// Lists whose weights come with their values, as an Arrow list of structs has them: what tables may bring instead.
#include <boost/test/unit_test.hpp>
#include <limits>
#include <vector>

#include "model/model.hpp"
#include "support/fails.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;
using interplay::test::fails;

namespace {

constexpr std::int64_t rows = 30;
using Floats = std::vector<float>;

core::Column lists(core::Column column) {
  column.rows = rows;
  std::vector<std::int64_t> offsets;
  for (std::int64_t row = 0; row <= rows; ++row) offsets.push_back(2 * row);
  column.row_offsets = std::move(offsets);
  return column;
}
core::Column tags() {
  std::vector<std::int64_t> values;
  for (std::int64_t i = 0; i < 2 * rows; ++i) values.push_back(i * i % 7);
  return lists(core::make_column("tags", std::move(values)));
}
Floats powers() {
  Floats values;
  for (std::int64_t i = 0; i < 2 * rows; ++i) values.push_back(static_cast<float>(1 + i % 5));
  return values;
}
core::Column with(core::Column column, Floats weights) {
  column.weights = std::move(weights);
  return column;
}
core::Table table(core::Column column) {
  core::Table made(rows);
  made.add(std::move(column));
  return made;
}

core::Model learned() {
  core::Schema schema;
  schema.label = "label";
  core::Table data = table(with(tags(), powers()));
  Floats labels;
  for (std::int64_t row = 0; row < rows; ++row) labels.push_back(static_cast<float>(row % 4));
  data.add(core::make_column("label", std::move(labels)));
  core::Dataset dataset(schema);
  dataset.append(core::Part::context, data);
  dataset.seal();
  const char* const parameters =
      R"({"rank": 4, "epochs": 5, "validation_fraction": 0, "embedding_init": 0.5})";
  return core::fit(core::create("fm", core::parse_json(parameters, "parameters")), dataset, nullptr,
                   core::Json::object(), nullptr);
}
Floats scores(const core::Model& model, const core::Table& given) {
  const core::Table found = core::predict(model, given, core::Json::object());
  Floats values;
  for (std::int64_t row = 0; row < rows; ++row)
    values.push_back(static_cast<float>(found.at("score").number(row)));
  return values;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(model_weights)

BOOST_AUTO_TEST_CASE(a_table_may_have_the_weights_in_a_column_of_their_own) {
  const core::Model model = learned();
  core::Table apart = table(tags());
  apart.add(lists(core::make_column("tags_weights", powers())));
  const Floats with_values = scores(model, table(with(tags(), powers())));

  BOOST_TEST(scores(model, apart) == with_values, tt::per_element());
  BOOST_TEST((scores(model, table(tags())) != with_values));
}

BOOST_AUTO_TEST_CASE(weights_with_the_values_must_be_finite_and_not_negative) {
  const core::Model model = learned();
  for (const float wrong :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -1.0F}) {
    Floats weights = powers();
    weights[5] = wrong;
    fails(INTERPLAY_BAD_DATA, {"\"tags\", row 2", "finite number of at least 0"},
          [&] { scores(model, table(with(tags(), weights))); });
  }
}

BOOST_AUTO_TEST_SUITE_END()
