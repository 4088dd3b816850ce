// A tiny shop, 30 users and 20 items, and models that learned it in an instant; and what tests of a border need: calls
// that must fail, scores bit by bit.
#pragma once

#include <bit>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <cstring>
#include <initializer_list>
#include <interplay/interplay.hpp>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace interplay::test {

namespace tt = boost::test_tools;
using Json = nlohmann::json;
using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;
using Texts = std::vector<std::string>;
using Bools = std::vector<uint8_t>;
using Words = std::initializer_list<const char*>;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float beyond = std::numeric_limits<float>::infinity();

/// Looks at a failure: its status, and the words that message and detail must have.
inline void expect_failure(interplay_status status, const std::string& text, interplay_status expected,
                           Words words) {
  BOOST_TEST(status == expected, "status " << status << " instead of " << expected << ": " << text);
  for (const char* word : words)
    BOOST_TEST(text.find(word) != std::string::npos, "'" << word << "' is missing in: " << text);
}

/// Runs `act`, which must throw an Exception of this status with these words.
template <class Act>
void refused(interplay_status expected, Words words, Act act) {
  try {
    act();
  } catch (const Exception& e) {
    expect_failure(e.status(), std::string(e.what()) + " " + e.detail(), expected, words);
    BOOST_TEST(Json::accept(e.detail()), "the detail is no JSON: " << e.detail());
    return;
  }
  BOOST_ERROR("the call did not fail");
}

/// function(arguments..., &error) must fail; and once more without an error to write to, which must not leak.
template <class Function, class... Arguments>
void call_fails(interplay_status expected, Words words, Function function, Arguments... arguments) {
  interplay_error* error = nullptr;
  const interplay_status status = function(arguments..., &error);
  BOOST_REQUIRE(error != nullptr);
  BOOST_TEST(interplay_error_status(error) == status);
  expect_failure(status, std::string(interplay_error_message(error)) + " " + interplay_error_detail(error),
                 expected, words);
  interplay_error_free(error);
  BOOST_TEST(function(arguments..., nullptr) == status);
}

/// function(arguments..., &out, &error) must fail and write NULL to what held something else.
template <class T, class Function, class... Arguments>
void make_fails(interplay_status expected, Words words, Function function, Arguments... arguments) {
  int something = 0;
  T* out = reinterpret_cast<T*>(&something);
  call_fails(expected, words, function, arguments..., &out);
  BOOST_TEST(out == nullptr);
}

/// For tables that are built in one expression.
inline Table take(Table& table) { return std::move(table); }

enum class Ids { integers, strings };

inline Table& add_ids(Table& table, const char* name, const Ints& ids, Ids kind) {
  if (kind == Ids::integers) return table.add(name, ids);
  Texts texts;
  for (const int64_t id : ids) texts.push_back(std::to_string(id).insert(0, 1, '#'));
  return table.add(name, texts);
}

/// Who rated what, and when: users 100 .. 129, items 1000 .. 1019.
struct Events {
  Ints user, item;
  Floats rating, hour;
};
inline const Ints& all_users() {
  static const Ints ids = [] {
    Ints list;
    for (int64_t u = 0; u < 30; ++u) list.push_back(100 + u);
    return list;
  }();
  return ids;
}
inline const Ints& all_items() {
  static const Ints ids = [] {
    Ints list;
    for (int64_t i = 0; i < 20; ++i) list.push_back(1000 + i);
    return list;
  }();
  return ids;
}
inline float taste(int64_t user, int64_t item) {
  return static_cast<float>(1 + (user * 3 + item * 2 + user * item) % 5);
}
/// Two of five pairs; the other pairs are unseen.
inline bool rated(int64_t user, int64_t item) { return (user * 7 + item * 3) % 5 < 2; }
inline Events events() {
  Events e;
  for (const int64_t user : all_users())
    for (const int64_t item : all_items()) {
      if (!rated(user, item)) continue;
      e.user.push_back(user);
      e.item.push_back(item);
      e.rating.push_back(taste(user, item));
      e.hour.push_back(e.user.size() % 11 == 0 ? not_a_number : static_cast<float>((user + item) % 24));
    }
  return e;
}

inline Table interactions(const Events& e, Ids ids = Ids::integers) {
  Table table(static_cast<int64_t>(e.user.size()));
  add_ids(table, "user_id", e.user, ids);
  add_ids(table, "item_id", e.item, ids);
  table.add("rating", e.rating).add("hour", e.hour);
  return table;
}
inline Texts countries(const Ints& users) {
  static const char* const names[] = {"de", "fr", ""};
  Texts texts;
  for (const int64_t user : users) texts.push_back(names[user % 3]);
  return texts;
}
inline Table user_table(const Ints& users, Ids ids = Ids::integers) {
  Table table(static_cast<int64_t>(users.size()));
  add_ids(table, "user_id", users, ids).add("country", countries(users));
  return table;
}
/// A column of genres: item n has those of its bits; the fourth item's list is null, the fifth's empty.
inline Table& add_genres(Table& table, const Ints& items) {
  static const char* const names[] = {"comedy", "drama", "war"};
  Texts values;
  Ints offsets{0};
  Bools valid;
  for (const int64_t item : items) {
    for (int bit = 0; bit < 3; ++bit)
      if (item != 1003 && item != 1004 && ((item >> bit) & 1) != 0) values.push_back(names[bit]);
    offsets.push_back(static_cast<int64_t>(values.size()));
    valid.push_back(item != 1003);
  }
  return table.add_lists("genres", values, offsets, valid);
}
inline Table item_table(const Ints& items, Ids ids = Ids::integers) {
  Table table(static_cast<int64_t>(items.size()));
  add_ids(table, "item_id", items, ids);
  add_genres(table, items);
  return table;
}

constexpr const char* shop_schema = R"({"user": "user_id", "item": "item_id", "label": "rating"})";
constexpr const char* quick =
    R"({"embedding_dim": 4, "attention_dim": 4, "num_heads": 2, "num_layers": 1, "epochs": 2,
  "batch_size": 32, "warmup_steps": 0, "learning_rate": 0.02})";

inline Dataset shop(const Events& e, Ids ids = Ids::integers, const char* schema = shop_schema) {
  Dataset data(schema);
  data.append("users", user_table(all_users(), ids)).append("items", item_table(all_items(), ids));
  data.append("interactions", interactions(e, ids)).seal();
  return data;
}
inline Dataset shop(Ids ids = Ids::integers, const char* schema = shop_schema) {
  return shop(events(), ids, schema);
}

/// Fitted once for all tests, and never changed: models are immutable.
inline const Model& fitted(Ids ids = Ids::integers) {
  static const Model integers = Model::create("autoint", quick).fit(shop(Ids::integers));
  static const Model strings = Model::create("autoint", quick).fit(shop(Ids::strings));
  return ids == Ids::integers ? integers : strings;
}
/// The same people and things with labels 0 and 1.
inline Events clicks() {
  Events e = events();
  for (float& rating : e.rating) rating = rating > 3 ? 1.0F : 0.0F;
  return e;
}
inline const Model& fitted_to_clicks() {
  static const Model model = Model::create("autoint", quick).fit(shop(clicks()));
  return model;
}
/// A model of three users and three items: its file is as small as files get.
inline const Model& tiny() {
  static const Model model =
      Model::fit_pairs("autoint", R"({"embedding_dim": 2, "attention_dim": 2, "num_heads": 1,
    "num_layers": 1, "epochs": 1, "validation_fraction": 0})",
                       Ints{1, 1, 2, 3}, Ints{7, 8, 8, 9}, Floats{1, 2, 3, 5});
  return model;
}

inline Table pairs(const Ints& users, const Ints& items, Ids ids = Ids::integers) {
  Table table(static_cast<int64_t>(users.size()));
  add_ids(table, "user_id", users, ids);
  add_ids(table, "item_id", items, ids);
  return table;
}
/// Every user with every item.
inline Table everything(Ids ids = Ids::integers) {
  Ints users, items;
  for (const int64_t user : all_users())
    for (const int64_t item : all_items()) {
      users.push_back(user);
      items.push_back(item);
    }
  return pairs(users, items, ids);
}

template <class T>
std::vector<T> values(const Table& table, const char* column) {
  const auto view = table.column(column).values<T>();
  return {view.begin(), view.end()};
}
inline Floats scores(const Model& model, const Table& rows, const char* options = nullptr,
                     const char* column = "score") {
  return values<float>(model.predict(rows, options), column);
}
/// Equal bits, which equal numbers need not have.
inline std::vector<uint32_t> bits(const Floats& numbers) {
  std::vector<uint32_t> list;
  for (const float number : numbers) list.push_back(std::bit_cast<uint32_t>(number));
  return list;
}
inline std::vector<uint32_t> score_bits(const Model& model, const Table& rows) {
  return bits(scores(model, rows));
}
inline Json info(const Model& model) { return Json::parse(model.info().view()); }
inline std::string dump(const Model& model, const char* options = nullptr) {
  return model.dump(options).str();
}

}  // namespace interplay::test
