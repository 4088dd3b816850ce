// What learns, answers and keeps a model, with memory that runs out at every moment: see sweep.hpp.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reliability/sweep.hpp"
#include "support/shop.hpp"

using namespace interplay;
using namespace interplay::test;

namespace {

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The dataset, piece by piece; the tables are there.
interplay_status collect(Out& out, const Table& rows, interplay_error** error) {
  interplay_status status = into(out.data, error, interplay_dataset_new,
                                 R"({"user": "user_id", "item": "item_id", "histories": true})");
  if (status == INTERPLAY_OK)
    status = interplay_dataset_append(out.data.get(), "interactions", rows.get(), error);
  return status != INTERPLAY_OK ? status : interplay_dataset_seal(out.data.get(), error);
}
interplay_status score(Out& out, const Model& model, interplay_error** error) {
  static const char* const names[] = {"user_id", "item_id"};
  static const interplay_cell shared = cell(int64_t{1}), items[] = {cell(int64_t{10}), cell(int64_t{99})};
  const interplay_status status = into(out.scorer, error, interplay_scorer_open, model.get(),
                                       static_cast<const char* const*>(names), 1U, 1U, R"({"max_rows": 4})");
  if (status != INTERPLAY_OK) return status;
  return interplay_scorer_score(out.scorer.get(), &shared, items, 2, nullptr, 0, out.scores, error);
}

struct Story {
  const char* engine;
  Dataset data = shop(Ids::integers);
  Model model;
  Table rows = some_rows(Ids::integers), users = Table(2);
  std::string bytes, file;

  explicit Story(const char* name) : engine(name), model(learned(name, Ids::integers)) {
    users.add("user_id", std::vector<int64_t>{1, 99});
    bytes = model.dump().str();
    file = std::string(name) + ".interplay";
    model.save(file);
  }
  ~Story() { std::filesystem::remove(file); }
  Story(const Story&) = delete;
  Story& operator=(const Story&) = delete;

  const interplay_model* get() const { return model.get(); }
  const interplay_table* table() const { return rows.get(); }
  const interplay_dataset* dataset() const { return data.get(); }

  std::vector<Call> learning() const {
    return {{"append", [&](Out& o, interplay_error** e) { return collect(o, rows, e); }},
            {"create",
             [&](Out& o, interplay_error** e) {
               return into(o.model, e, interplay_model_create, engine, R"({"seed": 3})");
             }},
            {"fit", [&](Out& o, interplay_error** e) {
               return into(o.model, e, interplay_model_fit, get(), dataset(), dataset(), R"({"threads": 3})",
                           nullptr, nullptr);
             }}};
  }
  std::vector<Call> asking() const {
    return {
        {"predict",
         [&](Out& o, interplay_error** e) {
           return into(o.table, e, interplay_model_predict, get(), table(), R"({"threads": 3})");
         }},
        {"recommend",
         [&](Out& o, interplay_error** e) {
           return into(o.table, e, interplay_model_recommend, get(),
                       static_cast<const interplay_table*>(users.get()), nullptr, R"({"k": 3, "threads": 3})",
                       nullptr);
         }},
        {"evaluate",
         [&](Out& o, interplay_error** e) {
           return into(o.text, e, interplay_model_evaluate, get(), dataset(), R"({"k": 2})", nullptr);
         }},
        {"explain",
         [&](Out& o, interplay_error** e) {
           return into(o.text, e, interplay_model_explain, get(), table(), nullptr, nullptr);
         }},
        {"scorer", [&](Out& o, interplay_error** e) { return score(o, model, e); }},
        {"info", [&](Out& o, interplay_error** e) { return into(o.text, e, interplay_model_info, get()); }}};
  }
  std::vector<Call> keeping() const {
    return {
        {"update",
         [&](Out& o, interplay_error** e) {
           return into(o.model, e, interplay_model_update, get(), "seen", table(), nullptr);
         }},
        {"save",
         [&](Out&, interplay_error** e) { return interplay_model_save(get(), file.c_str(), nullptr, e); }},
        {"load",
         [&](Out& o, interplay_error** e) {
           return into(o.model, e, interplay_model_load, file.c_str(), nullptr);
         }},
        {"map",
         [&](Out& o, interplay_error** e) {
           return into(o.model, e, interplay_model_load, file.c_str(), R"({"mmap": true})");
         }},
        {"parse",
         [&](Out& o, interplay_error** e) {
           return into(o.model, e, interplay_model_parse, bytes.data(), bytes.size(), nullptr);
         }},
        {"dump",
         [&](Out& o, interplay_error** e) { return into(o.text, e, interplay_model_dump, get(), nullptr); }},
        {"file_info",
         [&](Out& o, interplay_error** e) { return into(o.text, e, interplay_file_info, file.c_str()); }}};
  }
};

void tell(const char* engine) {
  const Story story(engine);
  for (const std::vector<Call>& calls : {story.learning(), story.asking(), story.keeping()})
    for (const Call& call : calls) sweep(call);
  BOOST_TEST((story.model.dump().str() == story.bytes), "the model that all calls were asked of has changed");
  BOOST_TEST((read(story.file) == story.bytes), "the file is not whole");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(reliability_allocations)

BOOST_AUTO_TEST_CASE(autoint_survives_any_allocation_that_fails) { tell("autoint"); }
BOOST_AUTO_TEST_CASE(fm_survives_any_allocation_that_fails) { tell("fm"); }
BOOST_AUTO_TEST_CASE(popularity_survives_any_allocation_that_fails) { tell("popularity"); }

BOOST_AUTO_TEST_SUITE_END()
