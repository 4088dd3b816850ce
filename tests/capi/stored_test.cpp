// How embedding tables are stored in a file, and that a model works from them.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

constexpr const char *bfloat16 = R"({"tables": "bfloat16"})", *int8 = R"({"tables": "int8"})";

std::vector<float> scores(const Model& model) { return values<float>(model.predict(everything()), "score"); }
std::string tables(const Model& model) { return info(model)["tables"]; }

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::fabs(double{a[i]} - b[i]));
  return largest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_stored)

BOOST_AUTO_TEST_CASE(narrow_tables_move_the_scores_a_little) {
  const std::string whole = dump(fitted(), "{}");
  for (const auto& [options, name] : {std::pair(bfloat16, "bfloat16"), std::pair(int8, "int8")}) {
    const std::string bytes = dump(fitted(), options);
    const Model narrow = Model::parse(bytes);
    BOOST_TEST(tables(narrow) == name);
    const double difference = largest_difference(scores(narrow), scores(fitted()));
    BOOST_TEST(difference > 0);
    // Embeddings move by at most 1/254 of a row's largest number (int8) or 1/256 of each (bfloat16); scores are 1 to 5.
    BOOST_TEST(difference < 0.04);
  }
  BOOST_TEST(tables(fitted()) == "float32");
  BOOST_TEST((dump(fitted(), R"({"tables": "float32"})") == whole));
}

BOOST_AUTO_TEST_CASE(a_narrow_model_is_saved_again_as_the_same_bytes) {
  for (const char* options : {bfloat16, int8}) {
    const std::string bytes = dump(fitted(), options);
    const Model narrow = Model::parse(bytes);
    BOOST_TEST((dump(narrow, "{}") == bytes));
    BOOST_TEST((dump(narrow, options) == bytes));
  }
}

BOOST_AUTO_TEST_CASE(a_widened_model_scores_the_bits_of_the_narrow_one) {
  for (const char* options : {bfloat16, int8}) {
    const Model narrow = Model::parse(dump(fitted(), options));
    const Model wide = Model::parse(dump(narrow, R"({"tables": "float32"})"));
    BOOST_TEST(tables(wide) == "float32");
    BOOST_TEST(score_bits(wide, everything()) == score_bits(narrow, everything()), tt::per_element());
    const Json lines = Json::parse(narrow.tensors().view());
    for (const Json& line : lines) BOOST_TEST(line["type"] == "float32");
    for (const Json& line : lines)
      BOOST_TEST(
          (narrow.tensor(std::string(line["name"])).view() == wide.tensor(std::string(line["name"])).view()));
  }
}

BOOST_AUTO_TEST_CASE(one_user_against_the_catalogue_scores_as_row_by_row) {
  const Model narrow = Model::parse(dump(fitted(), int8));
  const auto best = narrow.recommend_user(100, 5);
  const Table rows = pairs(Ints(best.items.size(), 100), best.items);
  const auto expected = values<float>(narrow.predict(rows), "score");
  BOOST_TEST(best.scores == expected, tt::per_element());
}

BOOST_AUTO_TEST_CASE(training_goes_on_from_narrow_tables_in_float32) {
  for (const char* options : {R"({"tables": "bfloat16", "optimizer": true})", int8}) {
    const Model narrow = Model::parse(dump(fitted(), options));
    const Model more = narrow.fit(shop());
    BOOST_TEST(tables(more) == "float32");
    BOOST_TEST(largest_difference(scores(more), scores(narrow)) > 0);
  }
}

BOOST_AUTO_TEST_CASE(a_mapped_model_fits_updates_and_saves) {
  const char* const path = "narrow";
  fitted().save(path, int8);
  {
    const Model mapped = Model::load(path, R"({"mmap": true, "prefault": true})");
    const Model copied = Model::load(path);
    BOOST_TEST(score_bits(mapped, everything()) == score_bits(copied, everything()), tt::per_element());
    BOOST_TEST((dump(mapped.fit(shop()), "{}") == dump(copied.fit(shop()), "{}")));
    const Table item = item_table({8888});
    BOOST_TEST((dump(mapped.update("items", item), "{}") == dump(copied.update("items", item), "{}")));
    mapped.save(path);  // a new file under the name: the old one stays as long as it is mapped
    BOOST_TEST(score_bits(mapped, everything()) == score_bits(copied, everything()), tt::per_element());
  }
  std::remove(path);
}

BOOST_AUTO_TEST_CASE(an_engine_without_tables_keeps_what_it_has) {
  const Model biases = Model::create("popularity").fit(shop());
  BOOST_TEST((dump(biases, int8) == dump(biases, "{}")));
  BOOST_TEST(tables(Model::parse(dump(biases, int8))) == "float32");
}

BOOST_AUTO_TEST_CASE(options_that_cannot_be_are_refused) {
  refused(INTERPLAY_INVALID_ARGUMENT, {"tables", "int4", "int8"},
          [] { (void)fitted().dump(R"({"tables": "int4"})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"prefault", "mmap"},
          [] { (void)Model::load("never", R"({"prefault": true})"); });
}

BOOST_AUTO_TEST_SUITE_END()
