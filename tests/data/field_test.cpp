#include "data/field.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "support/fails.hpp"

namespace core = interplay::core;
namespace tt = boost::test_tools;
using core::CodedColumn;
using core::Field;
using core::FieldOptions;
using core::Key;
using core::Kind;
using core::Part;
using core::Strict;
using core::Transform;
using core::Unknown;
using interplay::test::fails;

namespace {

using Codes = std::vector<std::int32_t>;
using Counts = std::vector<std::int64_t>;
using Floats = std::vector<float>;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

Key text(std::string_view value) { return Key::of(value); }
Key integer(std::int64_t value) { return Key::of(value); }

CodedColumn categories(const std::vector<Key>& rows) {
  CodedColumn column;
  column.name = "c";
  for (const Key& key : rows) column.codes.push_back(column.values.add(key));
  return column;
}

CodedColumn lists(const std::vector<Key>& values, Counts offsets, Floats weights = {}) {
  CodedColumn column = categories(values);
  column.kind = Kind::categories;
  column.offsets = std::move(offsets);
  column.numbers = std::move(weights);
  return column;
}

CodedColumn numbers(Floats values) {
  CodedColumn column;
  column.name = "n";
  column.kind = Kind::number;
  column.numbers = std::move(values);
  return column;
}

Field fit(const CodedColumn& column, const Counts& row_counts, const FieldOptions& options = {},
          const Field* old = nullptr) {
  return core::fit_field(column, Part::context, options, row_counts, old);
}

Field fit_number(const Floats& values, const Counts& row_counts, std::optional<Transform> transform,
                 std::int32_t buckets = 0) {
  FieldOptions options;
  options.transform = transform;
  options.buckets = buckets;
  return fit(numbers(values), row_counts, options);
}

FieldOptions hashed(std::int32_t buckets, Unknown unknown) {
  FieldOptions options;
  options.hash_buckets = buckets;
  options.unknown = unknown;
  return options;
}

template <class T>
std::vector<T> all(const core::Array<T>& array) {
  return {array.begin(), array.end()};
}

core::Column with_nulls(core::Column column, std::vector<std::uint8_t> valid) {
  column.valid = std::move(valid);
  return column;
}

core::Column list_column(core::Column column, Counts offsets) {
  column.rows = static_cast<std::int64_t>(offsets.size()) - 1;
  column.row_offsets = std::move(offsets);
  return column;
}

core::Column texts(const std::vector<std::string_view>& values) { return core::make_column("c", values); }
core::Column int64s(Counts values) { return core::make_column("c", std::move(values)); }

}  // namespace

BOOST_AUTO_TEST_SUITE(data_field)

BOOST_AUTO_TEST_CASE(values_get_ids_from_1_in_order_of_appearance) {
  const Field field = fit(categories({text("b"), text("a"), text("b"), Key{}}), {1, 1, 1, 1});

  BOOST_TEST(field.name == "c");
  BOOST_TEST(field.cardinality() == 4);
  BOOST_TEST(field.id(text("b")) == 1);
  BOOST_TEST(field.id(text("a")) == 2);
  BOOST_TEST(field.id(Key{}) == 3);  // null is a value of its own
  BOOST_TEST(field.id(text("c")) == 0);
  BOOST_TEST(field.id(integer(1)) == 0);
}

BOOST_AUTO_TEST_CASE(only_training_rows_count) {
  const Field field = fit(categories({text("a"), text("b"), Key{}}), {0, 1, 0});

  BOOST_TEST(field.cardinality() == 2);
  BOOST_TEST(field.id(text("a")) == 0);
  BOOST_TEST(field.id(text("b")) == 1);
  BOOST_TEST(field.id(Key{}) == 0);
}

BOOST_AUTO_TEST_CASE(a_column_without_training_rows_gives_unknown_alone) {
  const Field field = fit(categories({text("a")}), {0});

  BOOST_TEST(field.cardinality() == 1);
  BOOST_TEST(field.id(text("a")) == 0);
  BOOST_TEST(field.id(Key{}) == 0);
}

// "a" stands in one row that three training rows use, "b" in two rows used once each, "c" in one.
BOOST_AUTO_TEST_CASE(min_count_counts_training_rows) {
  FieldOptions options;
  options.min_count = 2;

  const Field field = fit(categories({text("a"), text("c"), text("b"), text("b")}), {3, 1, 1, 1}, options);

  BOOST_TEST(field.cardinality() == 3);
  BOOST_TEST(field.id(text("a")) == 1);
  BOOST_TEST(field.id(text("b")) == 2);
  BOOST_TEST(field.id(text("c")) == 0);
}

BOOST_AUTO_TEST_CASE(values_of_lists_are_learned_from_the_lists_of_training_rows) {
  const CodedColumn column = lists({text("a"), text("b"), text("c")}, {0, 2, 2, 3});

  const Field field = fit(column, {1, 1, 0});

  BOOST_TEST((field.kind == Kind::categories));
  BOOST_TEST(field.cardinality() == 3);
  BOOST_TEST(field.id(text("b")) == 2);
  BOOST_TEST(field.id(text("c")) == 0);
  BOOST_TEST(!field.weighted);
}

BOOST_AUTO_TEST_CASE(hash_buckets_give_every_value_an_id_and_none_is_unknown) {
  const Field field = fit(categories({text("a"), text("b")}), {1, 1}, hashed(8, Unknown::bucket));

  BOOST_TEST(field.cardinality() == 9);
  for (const char* word : {"a", "b", "never seen", ""}) {
    const std::int32_t id = field.id(text(word));
    BOOST_TEST((id >= 1 && id <= 8));
    BOOST_TEST(id == field.id(text(word)));
  }
  BOOST_TEST(field.id(Key{}) >= 1);
}

BOOST_AUTO_TEST_CASE(hash_buckets_spread_the_values) {
  const Field field = fit(categories({integer(0)}), {1}, hashed(4, Unknown::bucket));
  std::vector<int> count(5);

  for (std::int64_t i = 0; i < 400; ++i) ++count[static_cast<std::size_t>(field.id(integer(i)))];

  BOOST_TEST(count[0] == 0);
  for (std::size_t id = 1; id <= 4; ++id) BOOST_TEST(count[id] > 50);  // 100 expected, deviation 9
}

BOOST_AUTO_TEST_CASE(unknown_hash_hashes_only_what_is_not_in_the_vocabulary) {
  const Field field = fit(categories({text("a"), text("b")}), {1, 1}, hashed(3, Unknown::hash));

  BOOST_TEST(field.cardinality() == 6);
  BOOST_TEST(field.id(text("a")) == 4);  // behind 0 and three buckets
  BOOST_TEST(field.id(text("b")) == 5);
  const std::int32_t other = field.id(text("never seen"));
  BOOST_TEST((other >= 1 && other <= 3));
}

BOOST_AUTO_TEST_CASE(training_on_keeps_ids_and_appends_new_values) {
  const Field old = fit(categories({text("a"), text("b")}), {1, 1});

  const Field field = fit(categories({text("c"), text("b"), text("d")}), {1, 1, 0}, {}, &old);

  BOOST_TEST(field.id(text("a")) == 1);
  BOOST_TEST(field.id(text("b")) == 2);
  BOOST_TEST(field.id(text("c")) == 3);
  BOOST_TEST(field.id(text("d")) == 0);
  BOOST_TEST(field.cardinality() == 4);
  BOOST_TEST(old.cardinality() == 3);
}

BOOST_AUTO_TEST_CASE(training_on_keeps_the_transform) {
  const Field old = fit_number({1, 3}, {1, 1}, Transform::standardise);

  const Field field = fit(numbers({100, 300}), {1, 1}, {}, &old);

  BOOST_TEST(field.shift == 2.0);
  BOOST_TEST(field.scale == 1.0);
}

// 1 once and 3 three times: mean 2.5, variance (2.25 + 3 * 0.25) / 4 = 0.75. The row of 99 and the null do not count.
BOOST_AUTO_TEST_CASE(numbers_are_standardised_over_training_rows) {
  const Field field = fit_number({1, 3, 99, not_a_number}, {1, 3, 0, 5}, std::nullopt);

  BOOST_TEST((field.transform == Transform::standardise));
  BOOST_TEST(field.cardinality() == 0);
  BOOST_TEST(field.number(2.5) == 0.0F);
  BOOST_TEST(field.number(1) == static_cast<float>(-1.5 / std::sqrt(0.75)), tt::tolerance(1e-6F));
  BOOST_TEST(field.number(3) == static_cast<float>(0.5 / std::sqrt(0.75)), tt::tolerance(1e-6F));
  BOOST_TEST(std::isnan(field.number(static_cast<double>(not_a_number))));
}

BOOST_AUTO_TEST_CASE(none_leaves_numbers_alone) {
  const Field field = fit_number({1, 3}, {1, 1}, Transform::none);

  BOOST_TEST(field.number(7.5) == 7.5F);
}

// log(1 + 0) = 0 and log(1 + 3) = log 4: mean log 4 / 2, deviation the same. log(1 + |x|) keeps the sign of x.
BOOST_AUTO_TEST_CASE(log_is_taken_of_one_plus_the_size_then_standardised) {
  const Field field = fit_number({0, 3}, {1, 1}, Transform::log);

  BOOST_TEST(field.number(0) == -1.0F, tt::tolerance(1e-6F));
  BOOST_TEST(field.number(3) == 1.0F, tt::tolerance(1e-6F));
  BOOST_TEST(field.number(1) + 1.0F == 1.0F, tt::tolerance(1e-6F));  // log 2 is half of log 4
  BOOST_TEST(field.number(-3) == -3.0F, tt::tolerance(1e-6F));
}

// The AutoInt paper's, section 5.1: log(x)^2 above 2, x itself below; the natural logarithm, not standardised.
BOOST_AUTO_TEST_CASE(log2_is_the_squared_logarithm_above_2) {
  const Field field = fit_number({1, 100}, {1, 1}, Transform::log2);

  BOOST_TEST(field.number(1) == 1.0F);
  BOOST_TEST(field.number(2) == 2.0F);
  BOOST_TEST(field.number(-5) == -5.0F);
  BOOST_TEST(field.number(std::exp(3.0)) == 9.0F, tt::tolerance(1e-6F));
}

// Many values, because it depends on each one's last bit whether the mean of equal numbers is that number.
BOOST_AUTO_TEST_CASE(a_constant_column_becomes_0_and_other_values_stay_small) {
  for (const Transform transform : {Transform::standardise, Transform::log}) {
    std::int64_t not_zero = 0, huge = 0;
    for (int i = 0; i < 40; ++i) {
      const float value = 0.1F + 0.37F * static_cast<float>(i);
      for (const std::int64_t count : {1, 3, 7}) {
        const Field field = fit_number({value, value, value}, {count, count, count}, transform);
        if (field.number(static_cast<double>(value)) != 0.0F) ++not_zero;
        if (std::fabs(field.number(static_cast<double>(value) + 1)) > 10.0F) ++huge;
      }
    }

    BOOST_TEST_CONTEXT("transform " << static_cast<int>(transform)) {
      BOOST_TEST(not_zero == 0);
      BOOST_TEST(huge == 0);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_column_of_nulls_is_left_alone) {
  const Field field = fit_number({not_a_number, not_a_number}, {1, 1}, Transform::standardise);

  BOOST_TEST(field.number(3) == 3.0F);
}

// 1, 2 | 3, 4. Ids: 0 unknown, 1 null, 2 below 3, 3 from 3 on.
BOOST_AUTO_TEST_CASE(buckets_hold_equal_shares_of_the_training_rows) {
  const Field field = fit_number({4, 2, 1, 3}, {1, 1, 1, 1}, Transform::buckets, 2);

  BOOST_TEST((field.kind == Kind::category));
  BOOST_TEST(field.cuts == std::vector<double>{3}, tt::per_element());
  BOOST_TEST(field.cardinality() == 4);
  BOOST_TEST(field.bucket(-1e30) == 2);
  BOOST_TEST(field.bucket(2.9) == 2);
  BOOST_TEST(field.bucket(3) == 3);
  BOOST_TEST(field.bucket(1e30) == 3);
  BOOST_TEST(field.bucket(static_cast<double>(not_a_number)) == 1);
}

BOOST_AUTO_TEST_CASE(equal_values_stay_in_one_bucket) {
  BOOST_TEST(fit_number({1, 1, 1, 2}, {1, 1, 1, 1}, Transform::buckets, 4).cuts == std::vector<double>{2},
             tt::per_element());
  BOOST_TEST(fit_number({1, 2}, {3, 1}, Transform::buckets, 2).cuts == std::vector<double>{2},
             tt::per_element());
  BOOST_TEST(fit_number({5, 5, 5}, {1, 1, 1}, Transform::buckets, 4).cuts.empty());
  BOOST_TEST(fit_number({not_a_number}, {1}, Transform::buckets, 4).cuts.empty());
}

BOOST_AUTO_TEST_CASE(rows_outside_training_move_no_cut) {
  const Field field =
      fit_number({1, 2, 3, 4, 100, 200, not_a_number}, {1, 1, 1, 1, 0, 0, 9}, Transform::buckets, 4);

  BOOST_TEST(field.cuts == (std::vector<double>{2, 3, 4}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(values_unseen_in_training_are_encoded_as_0) {
  const CodedColumn column = categories({text("a"), text("b"), Key{}, text("a")});
  const Field field = fit(column, {1, 0, 0, 0});

  BOOST_TEST(all(core::encode(field, column, Strict::no).ids) == (Codes{1, 0, 0, 1}), tt::per_element());
  BOOST_TEST(
      all(core::encode(field, with_nulls(texts({"z", "a", ""}), {1, 1, 0}), nullptr, Strict::no).ids) ==
          (Codes{0, 1, 0}),
      tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_table_is_encoded_like_the_data_that_was_learned) {
  const CodedColumn column = categories({integer(-5), integer(7), Key{}});
  const Field field = fit(column, {1, 1, 1});

  const auto coded = core::encode(field, column, Strict::no);
  const auto wide = core::encode(field, with_nulls(int64s({-5, 7, 0}), {1, 1, 0}), nullptr, Strict::no);
  const auto narrow = core::encode(field, core::make_column("c", Codes{7, -5}), nullptr, Strict::no);

  BOOST_TEST(all(coded.ids) == (Codes{1, 2, 3}), tt::per_element());
  BOOST_TEST(all(wide.ids) == (Codes{1, 2, 3}), tt::per_element());
  BOOST_TEST(all(narrow.ids) == (Codes{2, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_no_null_list) {
  const CodedColumn column = lists({text("a"), Key{}}, {0, 1, 1, 2});  // ["a"], [], null
  const Field field = fit(column, {1, 1, 1});
  const core::Column table = with_nulls(list_column(texts({"a", "z"}), {0, 2, 2, 2}), {1, 1, 0});

  const auto coded = core::encode(field, column, Strict::no);
  const auto encoded = core::encode(field, table, nullptr, Strict::no);  // ["a", "z"], [], null

  BOOST_TEST(all(coded.ids) == (Codes{1, 2}), tt::per_element());
  BOOST_TEST(all(coded.offsets) == (Counts{0, 1, 1, 2}), tt::per_element());
  BOOST_TEST(all(encoded.ids) == (Codes{1, 0, 2}), tt::per_element());
  BOOST_TEST(all(encoded.offsets) == (Counts{0, 2, 2, 3}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(weights_are_kept_and_are_1_where_a_table_has_none) {
  const CodedColumn column = lists({text("a"), text("b")}, {0, 2}, {0.5F, 0.25F});
  const Field field = fit(column, {1});
  const core::Column table = list_column(texts({"b", "a"}), {0, 1, 2});
  core::Column weights = list_column(core::make_column("w", Floats{3, 4}), {0, 1, 2});
  core::Column inlined = table;
  inlined.weights = Floats{5, 6};

  BOOST_TEST(field.weighted);
  BOOST_TEST(all(core::encode(field, column, Strict::no).numbers) == (Floats{0.5F, 0.25F}),
             tt::per_element());
  BOOST_TEST(all(core::encode(field, table, nullptr, Strict::no).numbers) == (Floats{1, 1}),
             tt::per_element());
  BOOST_TEST(all(core::encode(field, table, &weights, Strict::no).numbers) == (Floats{3, 4}),
             tt::per_element());
  BOOST_TEST(all(core::encode(field, inlined, nullptr, Strict::no).numbers) == (Floats{5, 6}),
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(weights_that_do_not_fit_the_values_are_refused) {
  const Field field = fit(lists({text("a")}, {0, 1}, {0.5F}), {1});
  const core::Column table = list_column(texts({"b", "a"}), {0, 1, 2});
  const core::Column weights = list_column(core::make_column("w", Floats{3}), {0, 1, 1});

  fails(INTERPLAY_BAD_DATA, {"\"w\"", "row 1", "each of the 1 values", "found 0"},
        [&] { core::encode(field, table, &weights, Strict::no); });
}

// Three weights in both, but the lists are cut at another place.
BOOST_AUTO_TEST_CASE(weights_whose_lists_have_other_lengths_are_refused) {
  const Field field = fit(lists({text("a")}, {0, 1}, {0.5F}), {1});
  const core::Column table = list_column(texts({"b", "a", "a"}), {0, 1, 3});
  const core::Column weights = list_column(core::make_column("w", Floats{3, 4, 5}), {0, 2, 3});

  fails(INTERPLAY_BAD_DATA, {"\"w\""}, [&] { core::encode(field, table, &weights, Strict::no); });
}

BOOST_AUTO_TEST_CASE(an_unknown_value_is_an_error_only_where_the_schema_says_so_and_in_earnest) {
  FieldOptions options;
  options.unknown = Unknown::error;
  const CodedColumn column = categories({text("a"), text("b")});
  const Field field = fit(column, {1, 0}, options);

  const auto lenient = core::encode(field, column, Strict::no);

  BOOST_TEST(all(lenient.ids) == (Codes{1, 0}), tt::per_element());
  fails(INTERPLAY_BAD_DATA, {"\"c\"", "\"b\"", "did not occur in training"},
        [&] { core::encode(field, column, Strict::yes); });
  fails(INTERPLAY_BAD_DATA, {"row 1", "\"z\"", "\"row\": 1"}, [&] {
    core::encode(field, texts({"a", "z"}), nullptr, Strict::yes);
  });
  BOOST_TEST(all(core::encode(fit(column, {1, 0}), texts({"z"}), nullptr, Strict::yes).ids) == Codes{0},
             tt::per_element());
}

BOOST_AUTO_TEST_CASE(a_table_of_another_type_is_refused_with_both_types) {
  const Field field = fit(categories({integer(1)}), {1});

  fails(INTERPLAY_BAD_DATA, {"\"c\"", "integers", "strings"},
        [&] { core::encode(field, texts({"1"}), nullptr, Strict::no); });
  fails(INTERPLAY_BAD_DATA, {"\"c\"", "integers", "float32"},
        [&] { core::encode(field, core::make_column("c", Floats{1}), nullptr, Strict::no); });
  fails(INTERPLAY_BAD_DATA, {"\"c\"", "one value a row", "lists"}, [&] {
    core::encode(field, list_column(int64s({1}), {0, 1}), nullptr, Strict::no);
  });
}

BOOST_AUTO_TEST_CASE(the_type_is_remembered_where_all_values_are_hashed) {
  const Field field = fit(categories({integer(1)}), {1}, hashed(4, Unknown::bucket));

  fails(INTERPLAY_BAD_DATA, {"integers", "strings"},
        [&] { core::encode(field, texts({"1"}), nullptr, Strict::no); });
}

BOOST_AUTO_TEST_CASE(numbers_of_every_type_are_encoded_and_nulls_become_nan) {
  const Field field = fit_number({1, 3}, {1, 1}, Transform::standardise);  // mean 2, deviation 1

  const auto encoded = core::encode(field, with_nulls(int64s({4, 0}), {1, 0}), nullptr, Strict::no);
  const auto coded = core::encode(field, numbers({4, not_a_number}), Strict::no);

  BOOST_TEST(encoded.rows() == 2);
  BOOST_TEST(encoded.numbers[0] == 2.0F);
  BOOST_TEST(std::isnan(encoded.numbers[1]));
  BOOST_TEST(coded.numbers[0] == 2.0F);
  BOOST_TEST(std::isnan(coded.numbers[1]));
}

BOOST_AUTO_TEST_CASE(bucketed_numbers_are_encoded_as_ids) {
  const Field field = fit_number({1, 2, 3, 4}, {1, 1, 1, 1}, Transform::buckets, 2);

  const auto encoded = core::encode(field, with_nulls(int64s({1, 3, 0}), {1, 1, 0}), nullptr, Strict::no);
  const auto coded = core::encode(field, numbers({1, 3, not_a_number}), Strict::no);

  BOOST_TEST(all(encoded.ids) == (Codes{2, 3, 1}), tt::per_element());
  BOOST_TEST(all(coded.ids) == (Codes{2, 3, 1}), tt::per_element());
}

BOOST_AUTO_TEST_CASE(texts_and_infinite_numbers_are_refused_for_a_number) {
  const Field field = fit_number({1, 3}, {1, 1}, Transform::none);

  fails(INTERPLAY_BAD_DATA, {"\"n\"", "numbers", "string"},
        [&] { core::encode(field, texts({"1"}), nullptr, Strict::no); });
  fails(INTERPLAY_BAD_DATA, {"\"n\"", "row 1", "finite"}, [&] {
    core::encode(field, core::make_column("n", Floats{1, std::numeric_limits<float>::infinity()}), nullptr,
                 Strict::no);
  });
}

// In training such a number is refused as well ("must be finite as a float32").
BOOST_AUTO_TEST_CASE(a_number_too_large_for_a_float_does_not_reach_the_engine_as_infinity) {
  const Field field = fit_number({1, 3}, {1, 1}, Transform::none);
  const std::vector<double> values{1e300};
  core::Column column = int64s({0});
  column.type = core::Type::float64;
  column.values =
      core::Array<std::byte>(reinterpret_cast<const std::byte*>(values.data()), sizeof(double), nullptr);

  fails(INTERPLAY_BAD_DATA, {"\"n\"", "row 0", "finite"},
        [&] { core::encode(field, column, nullptr, Strict::no); });
}

BOOST_AUTO_TEST_CASE(a_field_comes_back_from_json_but_for_vocabulary_and_options) {
  const Field field = fit_number({1, 2, 3, 4}, {1, 1, 1, 1}, Transform::buckets, 3);

  const Field back = Field::from_json(core::parse_json(core::dump_json(field.to_json()), "field"));

  BOOST_TEST(back.name == "n");
  BOOST_TEST((back.kind == field.kind && back.of == field.of && back.transform == Transform::buckets));
  BOOST_TEST(back.cuts == field.cuts, tt::per_element());
  BOOST_TEST(core::dump_json(back.to_json()) == core::dump_json(field.to_json()));
}

BOOST_AUTO_TEST_CASE(the_field_of_an_id_has_as_many_values_as_were_given_out) {
  Field field;
  field.is_id = true;
  field.known_ids = 5;

  BOOST_TEST(field.cardinality() == 6);
}

BOOST_AUTO_TEST_SUITE_END()
