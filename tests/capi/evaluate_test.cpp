// evaluate: metrics by group, calibration and coverage, against what follows from predictions and recommendations.
#include <algorithm>
#include <map>
#include <set>

#include "capi/support.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

/// Known users with items that they have not seen, some of users whom nobody knows.
Events held_out(bool as_clicks) {
  Events e;
  for (const int64_t user : all_users())
    for (const int64_t item : all_items()) {
      if (rated(user, item)) continue;
      e.user.push_back(user % 10 == 0 ? user + 900000 : user);
      e.item.push_back(item);
      e.rating.push_back(as_clicks ? static_cast<float>(taste(user, item) > 3) : taste(user, item));
      e.hour.push_back(not_a_number);
    }
  return e;
}
Dataset bare(const Events& e, const char* schema = shop_schema) {
  Dataset data(schema);
  data.append("interactions", interactions(e)).seal();
  return data;
}
Json evaluated(const Model& model, const Dataset& data, const char* options = nullptr) {
  return Json::parse(model.evaluate(data, options).view());
}
Floats scores_of(const Model& model, const Events& e) {
  Table rows = pairs(e.user, e.item);
  rows.add("hour", e.hour);
  return scores(model, rows);
}

struct ByGroup {
  double value = 0;
  int counted = 0, left_out = 0;
};
/// Pairs of a positive and a negative of the same group, counted one by one.
ByGroup group_auc(const Floats& s, const std::vector<bool>& positive, const Ints& group) {
  ByGroup result;
  double rows = 0;
  for (const int64_t g : std::set<int64_t>(group.begin(), group.end())) {
    double right = 0, all = 0, size = 0;
    for (std::size_t p = 0; p < s.size(); ++p) {
      if (group[p] != g) continue;
      size += 1;
      for (std::size_t n = 0; n < s.size(); ++n) {
        if (group[n] != g || !positive[p] || positive[n]) continue;
        right += s[p] > s[n] ? 1 : s[p] == s[n] ? 0.5 : 0;
        all += 1;
      }
    }
    ++(all > 0 ? result.counted : result.left_out);
    if (all == 0) continue;
    result.value += size * right / all;
    rows += size;
  }
  result.value /= rows;
  return result;
}
std::vector<bool> at_least(const Floats& labels, float threshold) {
  std::vector<bool> positive;
  for (const float label : labels) positive.push_back(label >= threshold);
  return positive;
}
void check_groups(const Json& answer, const ByGroup& expected, const char* by) {
  BOOST_TEST(answer["metrics"]["group_auc"].get<double>() == expected.value, tt::tolerance(1e-9));
  BOOST_TEST(answer["groups"]["by"] == by);
  BOOST_TEST(answer["groups"]["counted"] == expected.counted);
  BOOST_TEST(answer["groups"]["left_out"] == expected.left_out);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(capi_evaluate)

// Users whom the model does not know are groups too, each its own.
BOOST_AUTO_TEST_CASE(group_auc_is_by_user_where_the_schema_has_no_group) {
  const Events e = held_out(true);
  const ByGroup expected = group_auc(scores_of(fitted_to_clicks(), e), at_least(e.rating, 0.5F), e.user);
  BOOST_TEST(expected.counted > 3);
  check_groups(evaluated(fitted_to_clicks(), bare(e)), expected, "user_id");
}

BOOST_AUTO_TEST_CASE(group_auc_is_by_the_schemas_group) {
  Events e = held_out(true);
  Ints session;
  for (std::size_t i = 0; i < e.user.size(); ++i) session.push_back(static_cast<int64_t>(i / 7));
  Table rows = interactions(e);
  rows.add("session", session);
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating", "group": "session"})");
  data.append("interactions", rows).seal();
  check_groups(evaluated(fitted_to_clicks(), data),
               group_auc(scores_of(fitted_to_clicks(), e), at_least(e.rating, 0.5F), session), "session");
}

BOOST_AUTO_TEST_CASE(group_auc_of_ratings_takes_the_relevant_rows_for_positive) {
  const Events e = held_out(false);
  const Floats s = scores_of(fitted(), e);
  const Dataset data = bare(e);
  BOOST_TEST(!evaluated(fitted(), data)["metrics"].contains("group_auc"));
  check_groups(evaluated(fitted(), data, R"({"relevant": 4})"), group_auc(s, at_least(e.rating, 4), e.user),
               "user_id");
  check_groups(evaluated(fitted(), data, R"({"k": 3})"), group_auc(s, at_least(e.rating, 3), e.user),
               "user_id");
}

// 360 rows in ten bins of 36, ties with the bin of the first.
BOOST_AUTO_TEST_CASE(calibration_error_follows_from_the_scores) {
  for (const bool as_clicks : {false, true}) {
    const Model& model = as_clicks ? fitted_to_clicks() : fitted();
    const Events e = held_out(as_clicks);
    const Floats s = scores_of(model, e);
    std::vector<std::pair<float, float>> rows;
    for (std::size_t i = 0; i < s.size(); ++i) rows.emplace_back(s[i], e.rating[i]);
    std::sort(rows.begin(), rows.end());
    std::map<std::size_t, double> off;
    for (std::size_t i = 0, first = 0; i < rows.size(); ++i) {
      if (rows[i].first != rows[first].first) first = i;
      off[first * 10 / rows.size()] +=
          static_cast<double>(rows[i].first) - static_cast<double>(rows[i].second);
    }
    double sum = 0;
    for (const auto& [bin, d] : off) sum += std::fabs(d);
    const Json found = evaluated(model, bare(e))["metrics"]["calibration_error"];
    BOOST_TEST(found.get<double>() == sum / static_cast<double>(s.size()), tt::tolerance(1e-6));
  }
}

BOOST_AUTO_TEST_CASE(coverage_is_the_share_of_the_catalogue_that_somebody_is_recommended) {
  Events e = held_out(false);
  for (const int64_t user : {5000, 5001}) {  // one more stranger, and one who likes nothing and is not asked
    e.user.push_back(user);
    e.item.push_back(1003);
    e.rating.push_back(user == 5000 ? 5.0F : 1.0F);
    e.hour.push_back(not_a_number);
  }
  std::set<int64_t> asked, recommended;
  for (std::size_t i = 0; i < e.user.size(); ++i)
    if (e.rating[i] >= 4) asked.insert(e.user[i]);
  for (const int64_t user : asked) {
    const Table best = fitted().recommend(take(Table(1).add("user_id", Ints{user})), nullptr, R"({"k": 2})");
    for (const int64_t item : values<int64_t>(best, "item_id")) recommended.insert(item);
  }
  BOOST_TEST((recommended.size() > 2 && recommended.size() < 20));
  for (const char* options : {R"({"k": 2, "relevant": 4})", R"({"k": 2, "relevant": 4, "threads": 3})"})
    BOOST_TEST(evaluated(fitted(), bare(e), options)["metrics"]["coverage@2"].get<double>() ==
                   static_cast<double>(recommended.size()) / 20,
               tt::tolerance(1e-12));
  BOOST_TEST(evaluated(fitted(), bare(e), R"({"k": 100})")["metrics"]["coverage@100"] == 1.0);
}

BOOST_AUTO_TEST_CASE(info_tells_what_type_the_values_of_a_field_are) {
  std::map<std::string, Json> types;
  const Json about = info(fitted());
  for (const Json& field : about["fields"]) types[field["name"]] = field["type"];
  BOOST_TEST(types["user_id"] == "integer");
  BOOST_TEST(types["country"] == "string");
  BOOST_TEST(types["genres"] == "string");
  BOOST_TEST(types["hour"] == "number");
  BOOST_TEST(info(fitted(Ids::strings))["fields"][0]["type"] == "string");
}

BOOST_AUTO_TEST_SUITE_END()
