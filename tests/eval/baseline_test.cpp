#include "eval/baseline.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <vector>

namespace core = interplay::core;
namespace tt = boost::test_tools;

namespace {

using Codes = std::vector<std::int32_t>;
using Floats = std::vector<float>;

/// n ratings each of user 0 and user 1, who rate the one item low and high.
core::Biases two_users(int n, float low, float high) {
  Codes users, items;
  Floats labels;
  for (int i = 0; i < n; ++i)
    for (const std::int32_t user : {0, 1}) {
      users.push_back(user);
      items.push_back(0);
      labels.push_back(user == 0 ? low : high);
    }
  return core::Biases(users, items, labels);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(eval_baseline)

BOOST_AUTO_TEST_CASE(without_known_users_and_items_the_mean_is_predicted) {
  const core::Biases biases(Codes{0, 0, 1}, Codes{0, 1, 0}, Floats{1, 2, 6});

  BOOST_TEST(biases.mean() == 3.0);
  BOOST_TEST(biases.predict(-1, -1) == 3.0F);
  BOOST_TEST(biases.predict(2, 2) == 3.0F);  // beyond what was learned
}

BOOST_AUTO_TEST_CASE(no_rows_give_zero) {
  const core::Biases biases({}, {}, {});

  BOOST_TEST(biases.mean() == 0.0);
  BOOST_TEST(biases.predict(0, 0) == 0.0F);
}

// Without items: residuals -1 and 1 with n = 15 ratings each, damping 15: biases -15 / 30 and 15 / 30.
BOOST_AUTO_TEST_CASE(a_user_with_as_many_ratings_as_the_damping_gets_half_the_bias) {
  Codes users;
  Floats labels;
  for (int i = 0; i < 15; ++i)
    for (const std::int32_t user : {0, 1}) {
      users.push_back(user);
      labels.push_back(user == 0 ? 2.0F : 4.0F);
    }

  const core::Biases biases(users, {}, labels);

  BOOST_TEST(biases.predict(0, -1) == 2.5F, tt::tolerance(1e-6F));
  BOOST_TEST(biases.predict(1, -1) == 3.5F, tt::tolerance(1e-6F));
}

// The same with the damping 10 of items.
BOOST_AUTO_TEST_CASE(an_item_with_as_many_ratings_as_the_damping_gets_half_the_bias) {
  Codes items;
  Floats labels;
  for (int i = 0; i < 10; ++i)
    for (const std::int32_t item : {0, 1}) {
      items.push_back(item);
      labels.push_back(item == 0 ? 2.0F : 4.0F);
    }

  const core::Biases biases({}, items, labels);

  BOOST_TEST(biases.predict(-1, 0) == 2.5F, tt::tolerance(1e-6F));
  BOOST_TEST(biases.predict(-1, 1) == 3.5F, tt::tolerance(1e-6F));
}

BOOST_AUTO_TEST_CASE(a_user_who_rates_higher_is_predicted_higher) {
  const core::Biases biases = two_users(3, 2, 4);

  BOOST_TEST(biases.predict(0, 0) < 3.0F);
  BOOST_TEST(biases.predict(1, 0) > 3.0F);
  BOOST_TEST(biases.predict(-1, 0) == 3.0F, tt::tolerance(1e-6F));  // the item's residuals cancel
}

BOOST_AUTO_TEST_CASE(more_ratings_come_nearer_to_the_labels_without_passing_them) {
  float before = 3.0F;
  for (const int n : {1, 10, 100, 1000}) {
    const float predicted = two_users(n, 2, 4).predict(1, 0);

    BOOST_TEST(predicted > before);
    BOOST_TEST(predicted < 4.0F);
    before = predicted;
  }
}

BOOST_AUTO_TEST_CASE(rows_without_a_user_or_item_count_for_the_mean_alone) {
  const core::Biases biases(Codes{-1, 0}, Codes{-1, 0}, Floats{1, 3});

  BOOST_TEST(biases.mean() == 2.0);
  BOOST_TEST(biases.predict(-1, -1) == 2.0F);
  BOOST_TEST(biases.predict(0, 0) > 2.0F);
}

// Users 0 and 1, items 0 and 1, all four rated: a user's effect and an item's are told apart by their signs.
BOOST_AUTO_TEST_CASE(effects_of_users_and_items_add_up) {
  const core::Biases biases(Codes{0, 0, 1, 1}, Codes{0, 1, 0, 1}, Floats{1, 2, 3, 4});  // 2 a user, 1 an item

  const float user = biases.predict(1, -1) - biases.predict(0, -1);
  const float item = biases.predict(-1, 1) - biases.predict(-1, 0);
  BOOST_TEST(user > item);
  BOOST_TEST(item > 0.0F);
  BOOST_TEST(biases.predict(1, 1) - biases.predict(0, 0) == user + item, tt::tolerance(1e-5F));
}

// Balanced, so each side's residuals do not depend on the other: items 2 ratings of +-0.5 over 12, users +-1 over 17.
BOOST_AUTO_TEST_CASE(two_users_and_two_items_by_hand) {
  const core::Biases biases(Codes{0, 0, 1, 1}, Codes{0, 1, 0, 1}, Floats{1, 2, 3, 4});

  BOOST_TEST(biases.predict(0, 0) == static_cast<float>(2.5 - 2.0 / 17 - 1.0 / 12), tt::tolerance(1e-6F));
  BOOST_TEST(biases.predict(1, 0) == static_cast<float>(2.5 + 2.0 / 17 - 1.0 / 12), tt::tolerance(1e-6F));
  BOOST_TEST(biases.predict(1, 1) == static_cast<float>(2.5 + 2.0 / 17 + 1.0 / 12), tt::tolerance(1e-6F));
}

BOOST_AUTO_TEST_SUITE_END()
