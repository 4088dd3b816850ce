// explain, against what follows from predictions: leaving a field out is predicting with its unknown value.
#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

Json explained(const Model& model, const Table& rows, const char* options = nullptr) {
  return Json::parse(model.explain(rows, options).view());
}

constexpr int64_t nobody = 555555;

/// Three rows that say everything themselves, so that a user who is not known keeps his country. Item 1007 has all
/// genres. A field that is left out has its unknown value: an unknown user, no hour.
struct Rows {
  Ints user{100, 104, 111}, item{1007, 1007, 1007};
  Floats hour{5, 17, 9};
};
Table table_of(const Rows& rows) {
  Table table = pairs(rows.user, rows.item);
  table.add("hour", rows.hour).add("country", countries(Rows{}.user));
  return table;
}
Floats logits(const Rows& rows) {
  return scores(fitted(), table_of(rows), R"({"output": "logit"})", "logit");
}
Rows without_user() { return {Ints(3, nobody), Rows{}.item, Rows{}.hour}; }
Rows without_hour() { return {Rows{}.user, Rows{}.item, Floats(3, not_a_number)}; }
Rows without_both() { return {Ints(3, nobody), Rows{}.item, Floats(3, not_a_number)}; }

std::size_t field_number(const Json& answer, const char* name) {
  for (std::size_t f = 0; f < answer["fields"].size(); ++f)
    if (answer["fields"][f]["name"] == name) return f;
  BOOST_FAIL("no field " << name);
  return 0;
}

/// The events again and again: more rows than a block has.
Table many_rows() {
  const Events e = events();
  Events more;
  for (int round = 0; round < 13; ++round) {
    more.user.insert(more.user.end(), e.user.begin(), e.user.end());
    more.item.insert(more.item.end(), e.item.begin(), e.item.end());
  }
  return pairs(more.user, more.item);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_explain)

BOOST_AUTO_TEST_CASE(a_contribution_is_the_logit_less_that_with_the_unknown_value) {
  const Floats all = logits({}), user = logits(without_user()), hour = logits(without_hour());
  const Json answer = explained(fitted(), table_of({}), R"({"per_row": true})");
  for (const auto& [name, without] : {std::pair("user_id", user), std::pair("hour", hour)}) {
    const std::size_t f = field_number(answer, name);
    double sum = 0, absolute = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double change = static_cast<double>(all[i]) - static_cast<double>(without[i]);
      BOOST_TEST(std::fabs(answer["per_row"][i]["contributions"][f].get<double>() - change) < 1e-6);
      sum += change;
      absolute += std::fabs(change);
    }
    BOOST_TEST(answer["contributions"][f]["field"] == name);
    BOOST_TEST(answer["contributions"][f]["mean"].get<double>() == sum / 3, tt::tolerance(1e-6));
    BOOST_TEST(answer["contributions"][f]["mean_abs"].get<double>() == absolute / 3, tt::tolerance(1e-6));
    BOOST_TEST(absolute > 0);
  }
}

BOOST_AUTO_TEST_CASE(a_pair_is_what_both_fields_do_together_and_neither_alone) {
  const Floats all = logits({}), user = logits(without_user()), hour = logits(without_hour()),
               both = logits(without_both());
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double together = static_cast<double>(all[i]) - static_cast<double>(user[i]) -
                            static_cast<double>(hour[i]) + static_cast<double>(both[i]);
    sum += together;
    squares += together * together;
  }
  const Json answer = explained(fitted(), table_of({}), R"({"what": ["pairs"], "replace": "unknown"})");
  BOOST_TEST(answer["pairs"].size() == 10U);  // of five fields
  BOOST_TEST(!answer.contains("contributions"));
  bool found = false;
  double before = beyond;
  for (const Json& pair : answer["pairs"]) {
    BOOST_TEST(pair["strength"].get<double>() <= before);
    before = pair["strength"];
    if (pair["fields"] != Json{"user_id", "hour"} && pair["fields"] != Json{"hour", "user_id"}) continue;
    found = true;
    BOOST_TEST(pair["mean"].get<double>() == sum / 3, tt::tolerance(1e-4));
    BOOST_TEST(pair["strength"].get<double>() == std::sqrt(squares / 3), tt::tolerance(1e-4));
  }
  BOOST_TEST(found);
  BOOST_TEST(explained(fitted(), table_of({}), R"({"what": ["pairs"], "top": 3})")["pairs"].size() == 3U);
}

BOOST_AUTO_TEST_CASE(the_means_are_those_of_predict) {
  const Table rows = everything();
  const Json answer = explained(fitted(), rows);
  double score = 0, logit = 0;
  for (const float s : scores(fitted(), rows)) score += static_cast<double>(s);
  for (const float s : scores(fitted(), rows, R"({"output": "logit"})", "logit"))
    logit += static_cast<double>(s);
  BOOST_TEST(answer["rows"] == 600);
  BOOST_TEST(answer["score"].get<double>() == score / 600, tt::tolerance(1e-9));
  BOOST_TEST(answer["logit"].get<double>() == logit / 600, tt::tolerance(1e-9));
  BOOST_TEST(!answer.contains("pairs"));
  BOOST_TEST(!answer.contains("per_row"));
  BOOST_TEST(answer["fields"][field_number(answer, "user_id")]["of"] == "user");
  BOOST_TEST(answer["fields"][field_number(answer, "genres")]["of"] == "item");
  BOOST_TEST(answer["fields"][field_number(answer, "hour")]["of"] == "context");
}

BOOST_AUTO_TEST_CASE(what_a_field_attends_to_sums_to_one) {
  const Json answer = explained(fitted(), pairs({100, 101}, {1000, 1001}), R"({"per_row": true})");
  BOOST_TEST(answer["attention"]["layers"] == 1);
  BOOST_TEST(answer["attention"]["heads"] == 2);
  const Json& mean = answer["attention"]["mean"];
  BOOST_REQUIRE(mean.size() == 1U);
  BOOST_REQUIRE(mean[0].size() == 2U);
  for (std::size_t h = 0; h < 2; ++h) {
    BOOST_REQUIRE(mean[0][h].size() == 5U);
    for (std::size_t i = 0; i < 5; ++i) {
      BOOST_REQUIRE(mean[0][h][i].size() == 5U);
      double sum = 0;
      for (std::size_t j = 0; j < 5; ++j) {
        sum += mean[0][h][i][j].get<double>();
        const double middle = (answer["per_row"][0]["attention"][0][h][i][j].get<double>() +
                               answer["per_row"][1]["attention"][0][h][i][j].get<double>()) /
                              2;
        BOOST_TEST(mean[0][h][i][j].get<double>() == middle, tt::tolerance(1e-6));
      }
      BOOST_TEST(sum == 1.0, tt::tolerance(1e-6));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_explanation_does_not_depend_on_the_number_of_threads) {
  const Table rows = many_rows();
  for (const char* replace : {"unknown", "shuffle"}) {
    const std::string options = R"({"what": ["attention", "fields", "pairs"], "replace": ")" +
                                std::string(replace) + "\", \"threads\": ";
    const std::string one = fitted().explain(rows, options + "1}").str();
    BOOST_TEST(fitted().explain(rows, options + "3}").str() == one);
    BOOST_TEST(fitted().explain(rows, options + "0}").str() == one);
  }
}

BOOST_AUTO_TEST_CASE(rows_that_are_all_the_same_explain_nothing_by_each_other) {
  const Json answer = explained(fitted(), pairs(Ints(7, 103), Ints(7, 1002)),
                                R"({"what": ["fields", "pairs"], "replace": "shuffle"})");
  for (const Json& line : answer["contributions"]) BOOST_TEST(line["mean_abs"].get<double>() == 0.0);
  for (const Json& line : answer["pairs"]) BOOST_TEST(line["strength"].get<double>() == 0.0);
}

BOOST_AUTO_TEST_CASE(the_monitor_watches_and_cancels_an_explanation) {
  const Table rows = many_rows();
  std::string newest;
  const Monitor watch([&](std::string_view event) {
    newest = event;
    return true;
  });
  (void)fitted().explain(rows, nullptr, &watch);
  BOOST_TEST(Json::parse(newest)["stage"] == "explain");
  const Monitor stop([](std::string_view) { return false; });
  refused(INTERPLAY_CANCELLED, {}, [&] { (void)fitted().explain(rows, nullptr, &stop); });
}

BOOST_AUTO_TEST_CASE(explain_refuses_what_cannot_be_explained) {
  const Model& m = fitted();
  const Table two = pairs({100, 101}, {1000, 1001});
  refused(INTERPLAY_INVALID_ARGUMENT, {"\"what\"", "field", "did you mean \"fields\""},
          [&] { (void)m.explain(two, R"({"what": ["field"]})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"per_rows", "per_row"},
          [&] { (void)m.explain(two, R"({"per_rows": true})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"per_row", "1000", "3120"},
          [&] { (void)m.explain(many_rows(), R"({"per_row": true})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"shuffle", "one row"},
          [&] { (void)m.explain(pairs({100}, {1000}), R"({"replace": "shuffle"})"); });
  refused(INTERPLAY_INVALID_ARGUMENT, {"shuffel", "shuffle"},
          [&] { (void)m.explain(two, R"({"replace": "shuffel"})"); });
  refused(INTERPLAY_BAD_DATA, {"no rows"}, [&] { (void)m.explain(pairs({}, {})); });
  refused(INTERPLAY_NOT_FOUND, {"explain", "user_id"},
          [&] { (void)m.explain(take(Table(1).add("nothing", Ints{1}))); });
  refused(INTERPLAY_BAD_DATA, {"user_id"},
          [&] { (void)m.explain(take(Table(1).add("user_id", Texts{"100"}))); });
  refused(INTERPLAY_INVALID_STATE, {"explain", "fit"},
          [&] { (void)Model::create("autoint", quick).explain(two); });
  make_fails<interplay_text>(INTERPLAY_INVALID_ARGUMENT, {"rows"}, interplay_model_explain, m.get(), nullptr,
                             nullptr, nullptr);
  make_fails<interplay_text>(INTERPLAY_INVALID_ARGUMENT, {"model"}, interplay_model_explain, nullptr,
                             two.get(), nullptr, nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
