#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "audit.hpp"

using namespace interplay::cli;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

AuditColumn category(const std::string& name, std::vector<int32_t> codes) {
  AuditColumn out;
  out.name = name;
  out.part = "interactions";
  out.codes = std::move(codes);
  out.rows = static_cast<int64_t>(out.codes.size());
  out.nulls = std::count(out.codes.begin(), out.codes.end(), Codes::none);
  out.distinct = out.codes.empty() ? 0 : *std::max_element(out.codes.begin(), out.codes.end()) + 1;
  return out;
}

AuditColumn numbers(const std::string& name, std::vector<double> values) {
  AuditColumn out;
  out.name = name;
  out.part = "interactions";
  out.kind = AuditColumn::Kind::number;
  out.rows = static_cast<int64_t>(values.size());
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  out.distinct = std::unique(sorted.begin(), sorted.end()) - sorted.begin();
  out.numbers = std::move(values);
  return out;
}

/// Labels 0, 1, 0, 1, ...
AuditTable alternating(int64_t rows) {
  AuditTable table;
  table.rows = rows;
  table.label_name = "y";
  for (int64_t row = 0; row < rows; ++row) table.label.push_back(static_cast<double>(row % 2));
  return table;
}

std::vector<int32_t> by_row(int64_t rows, auto value) {
  std::vector<int32_t> out;
  for (int64_t row = 0; row < rows; ++row) out.push_back(static_cast<int32_t>(value(row)));
  return out;
}

const Finding* found(const Audit& audit, const std::string& check, const std::string& column = "") {
  for (const Finding& finding : audit.findings)
    if (finding.check == check && (column.empty() || finding.column == column)) return &finding;
  return nullptr;
}

double reach(const Audit& audit, const std::string& column) {
  for (const Reach& one : audit.reaches)
    if (one.column == column) return one.value;
  return not_a_number;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cli_audit)

BOOST_AUTO_TEST_CASE(a_copy_of_the_label_is_a_leak_and_a_coin_is_none) {
  AuditTable table = alternating(1000);
  table.columns.push_back(category("copy", by_row(1000, [](int64_t row) { return row % 2; })));
  table.columns.push_back(
      category("coin", by_row(1000, [](int64_t row) { return audit_hash(99, uint64_t(row)) & 1; })));

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(result.binary);
  BOOST_TEST(reach(result, "copy") == 1);
  BOOST_TEST(std::abs(reach(result, "coin") - 0.5) < 0.05);
  BOOST_TEST(found(result, "leak", "copy") != nullptr);
  BOOST_TEST(found(result, "leak", "coin") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_number_that_grows_with_the_label_is_a_leak_by_its_buckets) {
  AuditTable table;
  table.rows = 1000;
  table.label_name = "y";
  std::vector<double> price;
  for (int row = 0; row < 1000; ++row) {
    table.label.push_back(row % 5 + 1);
    price.push_back(10.0 * (row % 5) + row / 1000.0);  // never the same twice, so no value predicts
  }
  table.columns.push_back(numbers("price", price));
  // The same as whole numbers: read as categories they say nothing, as numbers everything.
  AuditColumn cents = category("cents", by_row(1000, [](int64_t row) { return row; }));
  for (const double value : price) cents.numbers.push_back(1000 * value);
  table.columns.push_back(cents);

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(!result.binary);
  BOOST_TEST(reach(result, "price") > 0.98);
  BOOST_TEST(reach(result, "cents") > 0.98);
  BOOST_REQUIRE(found(result, "leak", "price"));
  BOOST_TEST(found(result, "leak", "price")->threshold.value() == 0.8);
}

BOOST_AUTO_TEST_CASE(values_seen_once_cannot_leak_because_the_other_half_never_saw_them) {
  AuditTable table = alternating(200);
  table.columns.push_back(category("row_id", by_row(200, [](int64_t row) { return row; })));

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(reach(result, "row_id") == 0.5);
  BOOST_TEST(found(result, "leak") == nullptr);
  BOOST_TEST(found(result, "id_like", "row_id") != nullptr);
  BOOST_TEST(found(result, "id_like", "row_id")->value.value() == 1);
}

BOOST_AUTO_TEST_CASE(half_as_many_values_as_rows_are_not_yet_like_an_id) {
  AuditTable table = alternating(40);
  table.columns.push_back(category("half", by_row(40, [](int64_t row) { return row / 2; })));
  table.columns.push_back(category("more", by_row(40, [](int64_t row) { return row < 21 ? row : 0; })));

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(found(result, "id_like", "half") == nullptr);
  BOOST_TEST(found(result, "id_like", "more") != nullptr);
}

BOOST_AUTO_TEST_CASE(constant_and_empty_columns_are_told_apart) {
  AuditTable table = alternating(100);
  table.columns.push_back(category("constant", by_row(100, [](int64_t) { return 0; })));
  table.columns.push_back(category("empty", by_row(100, [](int64_t row) { return row < 5 ? 0 : -1; })));
  table.columns.push_back(category("sparse", by_row(100, [](int64_t row) { return row < 6 ? 0 : -1; })));

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(found(result, "constant", "constant") != nullptr);
  BOOST_TEST(found(result, "constant", "empty") == nullptr);
  BOOST_TEST(found(result, "null", "empty")->value.value() == 0.95);
  BOOST_TEST(found(result, "null", "sparse") == nullptr);
  BOOST_TEST(found(result, "constant", "sparse") == nullptr);  // having a value at all may say something
}

BOOST_AUTO_TEST_CASE(rows_and_pairs_that_come_twice_are_counted_and_conflicts_named) {
  AuditTable table;
  table.rows = 5;
  table.user_name = "u";
  table.item_name = "i";
  table.label_name = "y";
  table.user = {0, 0, 0, 1, 1};
  table.item = {0, 0, 0, 0, 1};
  table.label = {1, 1, 5, 2, 3};
  table.users = 2;
  table.items = 2;

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(found(result, "duplicate_rows")->value.value() == 1);     // (0, 0, 1) again
  BOOST_TEST(found(result, "duplicate_pairs")->value.value() == 2);    // rows 2 and 3 repeat (0, 0)
  BOOST_TEST(found(result, "conflicting_pairs")->value.value() == 1);  // with labels 1 and 5
  BOOST_TEST(found(result, "single", "u") == nullptr);
  BOOST_TEST(found(result, "single", "i")->value.value() == 0.5);  // item 1
}

BOOST_AUTO_TEST_CASE(the_last_rows_of_users_hold_what_training_never_saw) {
  // Two users with five rows each; 20 % are the last one of each. User 0 ends with the new item 9, user 1 with item 0.
  AuditTable table;
  table.rows = 10;
  table.user_name = "u";
  table.item_name = "i";
  table.user = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  table.item = {0, 1, 2, 3, 9, 0, 1, 2, 3, 0};
  table.users = 2;
  table.items = 10;

  const Audit result = audit(table, 0.2, 1);

  BOOST_REQUIRE(result.splits == (std::vector<std::string>{"random", "last", "users"}));
  BOOST_TEST(result.unknown[0].rates[1] == 0);    // users
  BOOST_TEST(result.unknown[1].rates[1] == 0.5);  // items
  BOOST_TEST(result.unknown[0].rates[2] == 1);    // one user of two is all new
  BOOST_TEST(found(result, "unknown", "i") != nullptr);
  BOOST_TEST(found(result, "unknown", "u") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_split_by_time_takes_the_newest_rows_wherever_they_stand) {
  AuditTable table;
  table.rows = 5;
  table.item_name = "i";
  table.time_name = "t";
  table.item = {4, 0, 0, 1, 1};
  table.time = {50, 10, 20, 30, 40};
  table.items = 5;

  const Audit result = audit(table, 0.2, 1);

  BOOST_REQUIRE(result.splits == (std::vector<std::string>{"random", "time"}));
  BOOST_TEST(result.unknown[0].rates[1] == 1);  // the newest row is the first, and item 4 is new
}

BOOST_AUTO_TEST_CASE(features_of_users_are_reached_through_the_user) {
  AuditTable table = alternating(1000);
  table.user_name = "u";
  table.user = by_row(1000, [](int64_t row) { return row % 20; });
  table.users = 20;
  AuditColumn churned = category("churned", by_row(20, [](int64_t user) { return user % 2; }));
  churned.part = "users";
  table.columns.push_back(churned);
  table.users_row = by_row(20, [](int64_t user) { return user == 19 ? -1 : user; });

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(found(result, "leak", "users.churned") != nullptr);
  BOOST_REQUIRE(found(result, "no_features", "u"));
  BOOST_TEST(found(result, "no_features", "u")->value.value() == 0.05);  // 50 rows of 1,000
}

BOOST_AUTO_TEST_CASE(rare_and_constant_labels_are_told) {
  AuditTable rare = alternating(1000);
  std::fill(rare.label.begin(), rare.label.end(), 0);
  rare.label[3] = 1;
  AuditTable constant = alternating(10);
  std::fill(constant.label.begin(), constant.label.end(), 1);

  BOOST_TEST(found(audit(rare, 0.2, 1), "label")->value.value() == 0.001);
  BOOST_TEST(found(audit(alternating(1000), 0.2, 1), "label") == nullptr);
  BOOST_TEST(found(audit(constant, 0.2, 1), "label") != nullptr);
}

BOOST_AUTO_TEST_CASE(what_fit_refuses_is_said_before) {
  AuditTable table = alternating(30);
  table.label[2] = not_a_number;
  table.null_labels = 1;
  table.repeated_users = 2;

  const Audit result = audit(table, 0.2, 1);

  BOOST_TEST(std::count_if(result.findings.begin(), result.findings.end(),
                           [](const Finding& one) { return one.check == "refused"; }) == 2);
}

BOOST_AUTO_TEST_CASE(an_integer_and_the_text_that_spells_it_are_one_id) {
  Codes codes;

  BOOST_TEST(codes.code(int64_t{7}) == 0);
  BOOST_TEST(codes.code("7") == 0);
  BOOST_TEST(codes.code("007") == 1);
  BOOST_TEST(codes.size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()
