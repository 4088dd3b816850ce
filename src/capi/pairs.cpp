// shortcuts: pairs of int64 ids, over the same calls as everything else
#include <algorithm>
#include <cstring>

#include "capi/guard.hpp"

using namespace interplay::core;

namespace {

constexpr const char* user_column = "user_id";
constexpr const char* item_column = "item_id";
constexpr const char* label_column = "rating";

/// Borrowed: these tables die inside the call.
template <class T>
Column borrowed(const char* name, Type type, const T* values, std::size_t n) {
  Column column;
  column.name = name;
  column.type = type;
  column.rows = column.n_values = static_cast<std::int64_t>(n);
  column.values = Array<std::byte>(reinterpret_cast<const std::byte*>(values), n * sizeof(T), nullptr);
  return column;
}

void require_pairs(const Model& model, const char* verb) {
  const Fitted& fitted = model.require_fitted(verb);
  if (fitted.schema.user.empty() || fitted.schema.item.empty())
    fail(INTERPLAY_UNSUPPORTED,
         std::string(verb) +
             ": the schema of this model names no user or no item column; use the calls with tables");
}

}  // namespace

extern "C" {

interplay_status interplay_fit_pairs(const char* engine, const char* params_json, size_t n,
                                     const int64_t* users, const int64_t* items, const float* labels,
                                     interplay_model** out_model, interplay_error** error) {
  clear(out_model);
  return guard(error, [&] {
    require(engine, "engine");
    require(out_model, "out_model");
    if (n > 0) {
      require(users, "users");
      require(items, "items");
    }
    const Model created = create(engine, parse_json(params_json, "parameters"));
    Json schema;
    schema["user"] = user_column;
    schema["item"] = item_column;
    Table table(static_cast<std::int64_t>(n));
    table.add(borrowed(user_column, Type::int64, users, n));
    table.add(borrowed(item_column, Type::int64, items, n));
    if (labels != nullptr) {
      schema["label"] = label_column;
      table.add(borrowed(label_column, Type::float32, labels, n));
    }
    Dataset dataset(Schema::parse(schema));
    dataset.append(Part::context, table);
    dataset.seal();
    *out_model = new_model(fit(created, dataset, nullptr, Json::object(), nullptr));
  });
}

interplay_status interplay_predict_pairs(const interplay_model* model, size_t n, const int64_t* users,
                                         const int64_t* items, float* out_scores, interplay_error** error) {
  if (out_scores != nullptr) std::fill_n(out_scores, n, 0.0F);
  return guard(error, [&] {
    require(model, "model");
    if (n > 0) {
      require(users, "users");
      require(items, "items");
      require(out_scores, "out_scores");
    }
    require_pairs(model->model, "predict_pairs");
    const Schema& schema = model->model.fitted->schema;
    Table rows(static_cast<std::int64_t>(n));
    rows.add(borrowed(schema.user.c_str(), Type::int64, users, n));
    rows.add(borrowed(schema.item.c_str(), Type::int64, items, n));
    const Table scores = predict(model->model, rows, Json::object());
    if (n > 0) std::memcpy(out_scores, scores.at("score").values.data(), n * sizeof(float));
  });
}

interplay_status interplay_recommend_user(const interplay_model* model, int64_t user, size_t k,
                                          int64_t* out_items, float* out_scores, size_t* out_n,
                                          interplay_error** error) {
  clear(out_n);
  return guard(error, [&] {
    require(model, "model");
    require(out_n, "out_n");
    if (k == 0) fail(INTERPLAY_INVALID_ARGUMENT, "k must be at least 1", R"({"key":"k"})");
    require(out_items, "out_items");
    require_pairs(model->model, "recommend_user");
    const Fitted& fitted = *model->model.fitted;
    if (fitted.catalogue.items.keys->type() == KeyType::text)
      fail(INTERPLAY_BAD_DATA,
           "recommend_user: the items of this model are strings; use interplay_model_recommend");
    Table users(1);
    users.add(borrowed(fitted.schema.user.c_str(), Type::int64, &user, 1));
    Json options;
    options["k"] = static_cast<std::int64_t>(std::min<std::size_t>(k, std::size_t{1} << 31));
    const Table best = recommend(model->model, users, nullptr, options, nullptr);
    const auto n = static_cast<std::size_t>(best.rows());
    *out_n = n;
    if (n == 0) return;
    std::memcpy(out_items, best.at(fitted.schema.item).values.data(), n * sizeof(std::int64_t));
    if (out_scores != nullptr) std::memcpy(out_scores, best.at("score").values.data(), n * sizeof(float));
  });
}

}  // extern "C"
