// The rest of the border with memory that runs out at every moment: tables, Arrow, splits, assemblies, tensors, scorers,
// pairs, the registry. See sweep.hpp.
#include "data/arrow_structs.hpp"
#include "registry/toy.hpp"
#include "reliability/sweep.hpp"
#include "support/shop.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

using Ints = std::vector<int64_t>;

interplay_status info_of(Out& out, interplay_error** error) {
  return into(out.text, error, interplay_table_info, static_cast<const interplay_table*>(out.table.get()));
}

interplay_status make_table(Out& out, interplay_error** error) {
  static const int64_t numbers[] = {1, 2, 3}, lists[] = {0, 1, 1, 3}, ends[] = {0, 1, 3, 3};
  static const uint8_t valid[] = {1, 0, 1};
  interplay_status status = into(out.table, error, interplay_table_new, int64_t{3});
  if (status == INTERPLAY_OK)
    status =
        interplay_table_add(out.table.get(), "numbers", INTERPLAY_INT64, numbers, 3, lists, valid, error);
  if (status == INTERPLAY_OK)
    status =
        interplay_table_add_strings(out.table.get(), "texts", "abc", 3, ends, 3, nullptr, nullptr, error);
  return status == INTERPLAY_OK ? info_of(out, error) : status;
}

/// Out and in again. A stream that was not made has nothing to release.
interplay_status through_arrow(const Table& table, Out& out, interplay_error** error) {
  ArrowArrayStream stream{};
  interplay_status status = interplay_table_to_arrow(table.get(), &stream, error);
  if (status != INTERPLAY_OK) {
    if (stream.release != nullptr) BOOST_ERROR("to_arrow failed and left a stream");
    return status;
  }
  status = into(out.table, error, interplay_table_from_arrow, &stream);
  if (stream.release != nullptr) BOOST_ERROR("from_arrow left the stream to its caller");
  return status == INTERPLAY_OK ? info_of(out, error) : status;
}
interplay_status append_arrow(const Table& table, Out& out, interplay_error** error) {
  ArrowArrayStream stream{};
  interplay_status status =
      into(out.data, error, interplay_dataset_new, R"({"user": "user_id", "item": "item_id"})");
  if (status == INTERPLAY_OK) status = interplay_table_to_arrow(table.get(), &stream, error);
  if (status == INTERPLAY_OK)
    status = interplay_dataset_append_arrow(out.data.get(), "interactions", &stream, error);
  return status;
}
interplay_status split(const Dataset& data, Out& out, interplay_error** error) {
  interplay_dataset *first = nullptr, *second = nullptr;
  const interplay_status status =
      interplay_dataset_split(static_cast<const interplay_dataset*>(data.get()),
                              R"({"method": "time", "fraction": 0.25})", &first, &second, error);
  out.data.reset(first);
  const Owned<interplay_dataset> rest(second);
  return status;
}

const char* const names[] = {"user_id", "item_id"};

interplay_status top(const Model& model, Out& out, interplay_error** error) {
  interplay_cell user = cell(int64_t{1});
  int64_t index[3];
  std::size_t n = 0;
  interplay_status status = into(out.scorer, error, interplay_scorer_open, model.get(), names, 1U, 1U,
                                 static_cast<const char*>(nullptr));
  if (status == INTERPLAY_OK)
    status = interplay_scorer_resolve(out.scorer.get(), 0, &user, nullptr, 0, &user, error);
  if (status == INTERPLAY_OK)
    status =
        interplay_scorer_top(out.scorer.get(), &user, nullptr, 0, nullptr, 0, 3, index, nullptr, &n, error);
  if (status != INTERPLAY_OK) return status;
  return into(out.text, error, interplay_scorer_stats,
              static_cast<const interplay_scorer*>(out.scorer.get()));
}

interplay_status pairs(Out& out, interplay_error** error) {
  static const int64_t users[] = {1, 1, 2, 3}, items[] = {10, 11, 11, 12};
  static const float labels[] = {1, 2, 3, 5};
  interplay_status status = into(out.model, error, interplay_fit_pairs, "popularity",
                                 R"({"validation_fraction": 0})", std::size_t{4}, users, items, labels);
  if (status == INTERPLAY_OK)
    status = interplay_predict_pairs(out.model.get(), 2, users, items, out.scores, error);
  int64_t best[2];
  std::size_t n = 0;
  if (status == INTERPLAY_OK)
    status = interplay_recommend_user(out.model.get(), 1, 2, best, nullptr, &n, error);
  return status;
}

/// What a model has learned, put together again.
struct Parts {
  Table users = Table(2), items = Table(3);
  std::vector<float> rows = std::vector<float>(16, 0.5F);

  Parts() {
    users.add("value", Ints{1, 2});
    items.add("value", Ints{10, 11, 12});
  }
  /// An fm of rank 1: a row of biases and one of vectors for each value and the unknown one.
  interplay_status assemble(Out& out, interplay_error** error) const {
    static const char* const description =
        R"({"schema": {"user": "user_id", "item": "item_id", "label": "rating"},
      "fields": [{"name": "user_id", "of": "user", "kind": "category"}, {"name": "item_id", "of": "item", "kind": "category"}],
      "objective": {"kind": "rating", "low": 1, "high": 5, "mean": 3}})";
    Owned<interplay_assembly> assembly;
    interplay_status status =
        into(assembly, error, interplay_assembly_new, "fm", R"({"rank": 1})", description);
    const auto values = [&](const char* field, const Table& of) {
      if (status == INTERPLAY_OK)
        status = interplay_assembly_add_values(assembly.get(), field,
                                               static_cast<const interplay_table*>(of.get()), error);
    };
    const auto tensor = [&](const char* name, int64_t length) {
      const int64_t shape[] = {length, 1};
      if (status == INTERPLAY_OK)
        status = interplay_assembly_add_tensor(assembly.get(), name, INTERPLAY_FLOAT32, rows.data(), 2, shape,
                                               error);
    };
    values("user_id", users);
    values("item_id", items);
    for (const char* kind : {"linear/0", "tables/0"}) tensor(kind, 3);
    for (const char* kind : {"linear/1", "tables/1"}) tensor(kind, 4);
    tensor("bias", 1);
    if (status != INTERPLAY_OK) return status;
    return into(out.model, error, interplay_assembly_finish,
                static_cast<const interplay_assembly*>(assembly.get()));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(reliability_border)

BOOST_AUTO_TEST_CASE(tables_and_datasets_survive_any_allocation_that_fails) {
  const Table rows = some_rows(Ids::strings);
  const Dataset data = shop(Ids::integers);
  for (const Call& call : std::vector<Call>{
           {"table", make_table},
           {"arrow", [&](Out&o, interplay_error**e) { return through_arrow(rows, o, e); }},
           {"append_arrow", [&](Out&o, interplay_error**e) { return append_arrow(rows, o, e); }},
           {"split", [&](Out&o, interplay_error**e) { return split(data, o, e); }}})
    sweep(call);
}

BOOST_AUTO_TEST_CASE(models_from_tensors_and_their_tensors_survive_any_allocation_that_fails) {
  const Model model = learned_pairs("fm");
  const Parts parts;
  for (const Call& call : std::vector<Call>{
           {"assembly", [&](Out&o, interplay_error**e) { return parts.assemble(o, e); }},
           {"tensors",
            [&](Out&o, interplay_error**e) { return into(o.text, e, interplay_model_tensors, model.get()); }},
           {"tensor", [&](Out&o, interplay_error**e) {
              return into(o.text, e, interplay_model_tensor, model.get(), "tables/0");
            }}})
    sweep(call);
}

BOOST_AUTO_TEST_CASE(pairs_rankings_and_lists_of_engines_survive_any_allocation_that_fails) {
  const Model model = learned_pairs("popularity");
  for (const Call& call : std::vector<Call>{
           {"pairs", pairs},
           {"top", [&](Out&o, interplay_error**e) { return top(model, o, e); }},
           {"engine_list", [](Out&o, interplay_error**e) { return into(o.text, e, interplay_engine_list); }},
           {"engine_info",
            [](Out&o, interplay_error**e) { return into(o.text, e, interplay_engine_info, "autoint"); }}})
    sweep(call);
}

BOOST_AUTO_TEST_CASE(an_engine_that_found_no_memory_to_join_joins_later) {
  static const interplay_engine table = toy("late");
  const auto entry = [](std::uint32_t, const interplay_host*) { return &table; };
  for (long n = 1;; ++n) {
    const long before = faults::living;
    interplay_error* error = nullptr;
    const char* name = nullptr;
    faults::arm(n, false);
    const interplay_status status = interplay_engine_register(entry, &name, &error);
    const bool fired = faults::disarm();
    interplay_error_free(error);
    if (status == INTERPLAY_OK) {
      BOOST_TEST(name == std::string("late"));
      if (!fired) BOOST_TEST(n > 1, "registering allocates nothing");
      break;
    }
    const long left = faults::living - before;
    BOOST_TEST(status == INTERPLAY_NO_MEMORY);
    BOOST_TEST(name == nullptr);
    BOOST_TEST(left == 0, "allocation " << n << " failed: " << left << " left behind");
  }
  BOOST_TEST(Model::create("late").get() != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
