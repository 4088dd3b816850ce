#include "support/shop.hpp"

#include <string>

namespace interplay::test {
namespace {

using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;
using Texts = std::vector<std::string>;

Table& add_ids(Table& table, const char* name, const Ints& values, Ids ids) {
  if (ids == Ids::integers) return table.add(name, values);
  Texts texts;
  for (const int64_t value : values) texts.push_back(std::to_string(value));
  return table.add(name, texts);
}

std::string params_of(const std::string& engine, bool wide) {
  if (engine == "popularity") return R"({"validation_fraction": 0})";
  const std::string common = R"("epochs": 1, "batch_size": 16, "validation_fraction": 0)";
  if (engine == "fm") return R"({"rank": 2, )" + common + "}";
  return R"({"embedding_dim": 2, "attention_dim": 2, "num_heads": 1, "num_layers": 1, )" + common +
         (wide ? R"(, "deep_layers": [3]})" : "}");
}

}  // namespace

Dataset shop(Ids ids) {
  Ints user, item, when;
  Floats label, hour;
  Texts device;
  for (int64_t n = 0; n < 24; ++n) {
    user.push_back(1 + n % 6);
    item.push_back(10 + n * 5 % 8);
    when.push_back(n);
    label.push_back(static_cast<float>(1 + n % 5));
    hour.push_back(static_cast<float>(n * 7 % 24));
    device.push_back(n % 3 == 0 ? "phone" : "desk");
  }
  Table rows(24), users(6), items(8);
  add_ids(rows, "user_id", user, ids);
  add_ids(rows, "item_id", item, ids);
  rows.add("rating", label).add("when", when).add("hour", hour).add("device", device);
  add_ids(users, "user_id", {1, 2, 3, 4, 5, 6}, ids);
  users.add("country", Texts{"de", "fr", "", "de", "fr", "it"});
  add_ids(items, "item_id", {10, 11, 12, 13, 14, 15, 16, 17}, ids);
  const Ints offsets{0, 1, 3, 3, 4, 5, 6, 7, 8};
  items.add_lists("tags", Texts{"red", "red", "big", "big", "red", "new", "big", "old"}, offsets);
  items.add_lists("tags_weights", Floats{1, 2, 1, 1, 3, 1, 1, 0}, offsets);
  items.add("price", Floats{1, 2, 3, 4, 5, 6, 7, 8});
  Dataset data(R"({"user": "user_id", "item": "item_id", "label": "rating", "time": "when", "histories": true,
    "fields": {"tags": {"weights": "tags_weights"}, "price": {"transform": {"buckets": 3}}}})");
  data.append("users", users).append("items", items).append("interactions", rows).seal();
  return data;
}

Model learned(const char* engine, Ids ids) {
  return Model::create(engine, params_of(engine, true)).fit(shop(ids));
}

Model learned_pairs(const char* engine) {
  return Model::fit_pairs(engine, params_of(engine, false), Ints{1, 1, 2, 3}, Ints{10, 11, 11, 12},
                          Floats{1, 2, 3, 5});
}

Table some_rows(Ids ids) {
  Table rows(4);
  add_ids(rows, "user_id", {1, 2, 6, 99}, ids);
  add_ids(rows, "item_id", {10, 11, 17, 99}, ids);
  return rows;
}

}  // namespace interplay::test
