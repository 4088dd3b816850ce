#include "teller.hpp"

#include <cstring>
#include <fstream>

namespace story {
namespace {

/// A JSON argument of the step as text; absent: nullptr.
class Argument {
 public:
  Argument(const Json& step, const char* key)
      : there_(step.contains(key)), text_(there_ ? step.at(key).dump() : std::string()) {}
  operator interplay::ZString() const {
    return there_ ? interplay::ZString(text_) : interplay::ZString(nullptr);
  }

 private:
  bool there_;
  std::string text_;
};

std::string text(const Json& step, const char* key) { return step.at(key).get<std::string>(); }
Json parsed(const interplay::Text& json) { return Json::parse(json.view()); }

}  // namespace

Json Teller::tell(const Json& step) {
  if (step.contains("write")) std::ofstream(path(step)) << text(step, "write");
  return (this->*calls().at(text(step, "call")))(step);
}

const std::map<std::string, Teller::Call>& Teller::calls() {
#define CALL(name) \
  { #name, &Teller::name }
  static const std::map<std::string, Call> all{
      CALL(version),        CALL(engine_list),     CALL(engine_info),         CALL(table_info),
      CALL(fit_pairs),      CALL(predict_pairs),   CALL(recommend_user),      CALL(dataset_new),
      CALL(dataset_append), CALL(dataset_seal),    CALL(dataset_info),        CALL(dataset_split),
      CALL(monitor_new),    CALL(monitor_read),    CALL(monitor_cancel),      CALL(model_create),
      CALL(model_fit),      CALL(model_predict),   CALL(model_recommend),     CALL(model_evaluate),
      CALL(model_explain),  CALL(model_update),    CALL(model_info),          CALL(model_save),
      CALL(model_load),     CALL(file_info),       CALL(model_dump),          CALL(model_parse),
      CALL(model_tensors),  CALL(model_tensor),    CALL(assembly_new),        CALL(assembly_add_values),
      CALL(scorer_open),    CALL(assembly_finish), CALL(assembly_add_tensor), CALL(scorer_score),
      CALL(scorer_top),     CALL(scorer_resolve),  CALL(scorer_stats)};
#undef CALL
  return all;
}

interplay::Table Teller::table(const Json& step, const char* key) const {
  return table_of(tables_.at(text(step, key)));
}
std::string Teller::path(const Json& step) const { return (folder_ / text(step, "path")).string(); }
const interplay::Model& Teller::model(const Json& step) const { return models_.at(text(step, "model")); }
Json Teller::keep(const Json& step, interplay::Model made) {
  if (step.contains("as")) models_.insert_or_assign(text(step, "as"), std::move(made));
  return nullptr;
}

Json Teller::version(const Json&) { return interplay::version(); }
Json Teller::engine_list(const Json&) { return parsed(interplay::engine_list()); }
Json Teller::engine_info(const Json& step) { return parsed(interplay::engine_info(text(step, "engine"))); }
Json Teller::table_info(const Json& step) { return parsed(table(step, "table").info()); }

Json Teller::fit_pairs(const Json& step) {
  return keep(step, interplay::Model::fit_pairs(
                        text(step, "engine"), Argument(step, "params"), numbers<int64_t>(step["users"]),
                        numbers<int64_t>(step["items"]), numbers<float>(step["labels"])));
}
Json Teller::predict_pairs(const Json& step) {
  const auto users = numbers<int64_t>(step["users"]), items = numbers<int64_t>(step["items"]);
  return {{"scores", model(step).predict_pairs(users, items)}};
}
Json Teller::recommend_user(const Json& step) {
  const interplay::Ranking best = model(step).recommend_user(step.at("user"), step.at("k"));
  return {{"items", best.items}, {"scores", best.scores}};
}

Json Teller::dataset_new(const Json& step) {
  datasets_.insert_or_assign(text(step, "as"), interplay::Dataset(Argument(step, "schema")));
  return nullptr;
}
Json Teller::dataset_append(const Json& step) {
  datasets_.at(text(step, "dataset")).append(text(step, "part"), table(step, "table"));
  return nullptr;
}
Json Teller::dataset_seal(const Json& step) {
  datasets_.at(text(step, "dataset")).seal();
  return nullptr;
}
Json Teller::dataset_info(const Json& step) { return parsed(datasets_.at(text(step, "dataset")).info()); }
Json Teller::dataset_split(const Json& step) {
  auto [first, second] = datasets_.at(text(step, "dataset")).split(Argument(step, "options"));
  datasets_.insert_or_assign(step.at("as").at(0), std::move(first));
  datasets_.insert_or_assign(step.at("as").at(1), std::move(second));
  return nullptr;
}

Json Teller::monitor_new(const Json& step) {
  monitors_.insert_or_assign(text(step, "as"), interplay::Monitor());
  return nullptr;
}
Json Teller::monitor_read(const Json& step) { return parsed(monitors_.at(text(step, "monitor")).read()); }
Json Teller::monitor_cancel(const Json& step) {
  monitors_.at(text(step, "monitor")).cancel();
  return nullptr;
}

Json Teller::model_create(const Json& step) {
  return keep(step, interplay::Model::create(text(step, "engine"), Argument(step, "params")));
}
Json Teller::model_fit(const Json& step) {
  const interplay::Monitor stop([](std::string_view) { return false; });
  const interplay::Monitor* watch = step.contains("progress") ? &stop : nullptr;
  if (step.contains("monitor")) watch = &monitors_.at(text(step, "monitor"));
  const interplay::Dataset* valid = step.contains("valid") ? &datasets_.at(text(step, "valid")) : nullptr;
  return keep(step,
              model(step).fit(datasets_.at(text(step, "train")), valid, Argument(step, "options"), watch));
}
Json Teller::model_predict(const Json& step) {
  return document(model(step).predict(table(step, "rows"), Argument(step, "options")));
}
Json Teller::model_recommend(const Json& step) {
  const interplay::Table users = table(step, "users");
  if (!step.contains("candidates"))
    return document(model(step).recommend(users, nullptr, Argument(step, "options")));
  const interplay::Table candidates = table(step, "candidates");
  return document(model(step).recommend(users, &candidates, Argument(step, "options")));
}
Json Teller::model_evaluate(const Json& step) {
  return parsed(model(step).evaluate(datasets_.at(text(step, "dataset")), Argument(step, "options")));
}
Json Teller::model_explain(const Json& step) {
  return parsed(model(step).explain(table(step, "rows"), Argument(step, "options")));
}
Json Teller::model_update(const Json& step) {
  return keep(step, model(step).update(text(step, "part"), table(step, "table"), Argument(step, "options")));
}
Json Teller::model_info(const Json& step) { return parsed(model(step).info()); }

Json Teller::model_save(const Json& step) {
  model(step).save(path(step), Argument(step, "options"));
  return nullptr;
}
Json Teller::model_load(const Json& step) {
  return keep(step, interplay::Model::load(path(step), Argument(step, "options")));
}
Json Teller::file_info(const Json& step) { return parsed(interplay::file_info(path(step))); }
Json Teller::model_dump(const Json& step) {
  bytes_[text(step, "as")] = model(step).dump(Argument(step, "options")).str();
  return nullptr;
}
Json Teller::model_parse(const Json& step) {
  std::string bytes = bytes_.at(text(step, "bytes"));
  if (step.contains("cut")) bytes.resize(step["cut"]);
  if (step.contains("patch"))
    bytes.at(step["patch"].at("offset")) = static_cast<char>(step["patch"].at("byte").get<int>());
  return keep(step, interplay::Model::parse(bytes, Argument(step, "options")));
}
Json Teller::model_tensors(const Json& step) { return parsed(model(step).tensors()); }
Json Teller::model_tensor(const Json& step) {
  const interplay::Text bytes = model(step).tensor(text(step, "name"));
  std::vector<float> values(bytes.view().size() / sizeof(float));
  std::memcpy(values.data(), bytes.view().data(), values.size() * sizeof(float));
  return {{"values", values}};
}

Json Teller::assembly_new(const Json& step) {
  assemblies_.insert_or_assign(
      text(step, "as"),
      interplay::Assembly(text(step, "engine"), Argument(step, "params"), Argument(step, "description")));
  return nullptr;
}
Json Teller::assembly_add_values(const Json& step) {
  assemblies_.at(text(step, "assembly")).add_values(text(step, "field"), table(step, "table"));
  return nullptr;
}
Json Teller::assembly_add_tensor(const Json& step) {
  if (text(step, "type") != "float32")
    throw std::invalid_argument("expected float32, as in all tensors of the story");
  assemblies_.at(text(step, "assembly"))
      .add_tensor(text(step, "name"), numbers<float>(step.at("values")), numbers<int64_t>(step.at("shape")));
  return nullptr;
}
Json Teller::assembly_finish(const Json& step) {
  return keep(step, assemblies_.at(text(step, "assembly")).finish());
}

std::vector<interplay_cell> Teller::cells(const Json& of, interplay::CellHeap& heap) const {
  std::vector<interplay_cell> all;
  for (const Json& cell : of) all.push_back(cell_of(cell, ids_, heap));
  return all;
}
std::vector<interplay_cell> Teller::rows(const Json& step, interplay::CellHeap& heap) const {
  std::vector<interplay_cell> all;
  for (const Json& row : step.at("rows"))
    for (const interplay_cell& cell : cells(row, heap)) all.push_back(cell);
  return all;
}

Json Teller::scorer_open(const Json& step) {
  interplay::Scorer opened(model(step), step.at("shared"), step.at("row"), Argument(step, "options"));
  scorers_.insert_or_assign(step.value("as", ""), std::move(opened));
  return nullptr;
}
Json Teller::scorer_score(const Json& step) {
  interplay::CellHeap heap;
  const auto shared = cells(step.at("shared"), heap), of_rows = rows(step, heap);
  return {{"scores", scorers_.at(text(step, "scorer")).score(shared, of_rows, heap)}};
}
Json Teller::scorer_top(const Json& step) {
  interplay::Scorer& scorer = scorers_.at(text(step, "scorer"));
  interplay::CellHeap heap;
  const auto shared = cells(step.at("shared"), heap);
  if (step.contains("rows")) {
    const auto of_rows = rows(step, heap);
    const interplay::Scorer::Best best = scorer.top(shared, of_rows, step.at("k"), heap);
    return {{"index", best.index}, {"scores", best.scores}};
  }
  const interplay::Scorer::Best best = scorer.top(shared, step.at("k"), heap);
  Json items = Json::array();
  for (const int64_t index : best.index) {
    const auto [key, name] = scorer.item(index);
    items.push_back(key.type == INTERPLAY_CELL_STRING ? Json(name) : Json(static_cast<int64_t>(key.value)));
  }
  return {{"index", best.index}, {"scores", best.scores}, {"items", items}};
}
Json Teller::scorer_resolve(const Json& step) {
  interplay::CellHeap heap;
  const interplay_cell value = cell_of(step.at("value"), ids_, heap);
  ids_[text(step, "as")] = scorers_.at(text(step, "scorer")).resolve(step.at("column"), value, heap);
  return nullptr;
}
Json Teller::scorer_stats(const Json& step) { return parsed(scorers_.at(text(step, "scorer")).stats()); }

}  // namespace story
