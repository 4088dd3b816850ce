// A dataset whose columns are not of the types that a model learned: evaluate, and fit from that model, refuse it as predict
// refuses a table; and whole numbers are numbers to whoever learned numbers, however the dataset keeps them.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr int64_t n = 40;
constexpr const char* schema = R"({"user": "user_id", "item": "item_id", "label": "rating"})";
constexpr const char* bucketed =
    R"({"user": "user_id", "item": "item_id", "label": "rating",
        "fields": {"x": {"transform": {"buckets": 4}}}})";

Ints wholes() {
  Ints values;
  for (int64_t i = 0; i < n; ++i) values.push_back(i % 5);
  return values;
}
Floats halves() {
  Floats values;
  for (const int64_t whole : wholes()) values.push_back(static_cast<float>(whole) + 2.5F);
  return values;
}
Floats floats() {
  const Ints values = wholes();
  return Floats(values.begin(), values.end());
}
Texts words() {
  Texts values;
  for (const int64_t whole : wholes()) values.push_back("w" + std::to_string(whole));
  return values;
}
Ints every_value() {
  Ints offsets;
  for (int64_t i = 0; i <= n; ++i) offsets.push_back(i);
  return offsets;
}

/// Rows of users, items and ratings, to which `add` adds the column x.
template <class Add>
Dataset with(Add add, const char* of = schema) {
  Ints users, items;
  Floats ratings;
  for (int64_t i = 0; i < n; ++i) {
    users.push_back(i % 8);
    items.push_back(i / 8);
    ratings.push_back(static_cast<float>(1 + i % 5));
  }
  Table rows(n);
  rows.add("user_id", users).add("item_id", items).add("rating", ratings);
  add(rows);
  Dataset data(of);
  data.append("interactions", rows).seal();
  return data;
}
const auto of_wholes = [](Table& rows) { rows.add("x", wholes()); };
const auto of_halves = [](Table& rows) { rows.add("x", halves()); };
const auto of_floats = [](Table& rows) { rows.add("x", floats()); };
const auto of_words = [](Table& rows) { rows.add("x", words()); };
const auto of_lists = [](Table& rows) { rows.add_lists("x", wholes(), every_value()); };

Model learned(const Dataset& data) {
  return Model::create("fm", R"({"rank": 2, "epochs": 1, "validation_fraction": 0})").fit(data);
}
void refuses(const Model& model, const Dataset& data, Words said) {
  refused(INTERPLAY_BAD_DATA, said, [&] { model.evaluate(data); });
  refused(INTERPLAY_BAD_DATA, said, [&] { (void)model.fit(data); });
  refused(INTERPLAY_BAD_DATA, said, [&] { (void)model.fit(with(of_wholes), &data); });
}
double rmse(const Model& model, const Dataset& data) {
  return Json::parse(model.evaluate(data).view())["metrics"]["rmse"].get<double>();
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_model_of_integers_refuses_numbers_strings_and_lists) {
  const Model model = learned(with(of_wholes));
  refuses(model, with(of_halves),
          {"\"x\"", "learned integers", "this dataset has numbers", "convert the column"});
  refuses(model, with(of_words), {"\"x\"", "learned integers", "this dataset has strings"});
  refuses(model, with(of_lists), {"\"x\"", "learned one value a row", "this dataset has lists"});
}

BOOST_AUTO_TEST_CASE(a_model_of_lists_refuses_one_value_a_row) {
  const Model model = learned(with(of_lists));
  refused(INTERPLAY_BAD_DATA, {"\"x\"", "learned lists", "this dataset has one value a row"},
          [&] { model.evaluate(with(of_wholes)); });
}

BOOST_AUTO_TEST_CASE(a_model_of_numbers_refuses_strings_and_lists) {
  for (const char* of : {schema, bucketed}) {
    const Model model = learned(with(of_floats, of));
    refused(INTERPLAY_BAD_DATA, {"\"x\"", "learned numbers", "this dataset has strings"},
            [&] { model.evaluate(with(of_words)); });
    refused(INTERPLAY_BAD_DATA, {"\"x\"", "learned numbers", "this dataset has lists"},
            [&] { (void)model.fit(with(of_lists)); });
  }
}

BOOST_AUTO_TEST_CASE(whole_numbers_are_numbers_to_a_model_of_numbers) {
  for (const char* of : {schema, bucketed}) {
    const Model model = learned(with(of_floats, of));
    BOOST_TEST(rmse(model, with(of_wholes)) == rmse(model, with(of_floats)));
    BOOST_TEST(rmse(model, with(of_wholes)) != rmse(model, with(of_halves)));
    BOOST_TEST(rmse(model.fit(with(of_wholes)), with(of_floats)) ==
               rmse(model.fit(with(of_floats, of)), with(of_floats)));
  }
}
