// Tells the story's steps through interplay.hpp: one method for each call.
#pragma once

#include <filesystem>

#include "values.hpp"

namespace story {

class Teller {
 public:
  /// folder: empty, for the story's files.
  Teller(const Json& story, std::filesystem::path folder)
      : tables_(story.at("tables")), folder_(std::move(folder)) {}
  /// Does one step; its result as a document. Throws what the call throws.
  Json tell(const Json& step);

 private:
  using Call = Json (Teller::*)(const Json& step);
  static const std::map<std::string, Call>& calls();

  Json version(const Json& step);
  Json engine_list(const Json& step);
  Json engine_info(const Json& step);
  Json table_info(const Json& step);
  Json fit_pairs(const Json& step);
  Json predict_pairs(const Json& step);
  Json recommend_user(const Json& step);
  Json dataset_new(const Json& step);
  Json dataset_append(const Json& step);
  Json dataset_seal(const Json& step);
  Json dataset_info(const Json& step);
  Json dataset_split(const Json& step);
  Json monitor_new(const Json& step);
  Json monitor_read(const Json& step);
  Json monitor_cancel(const Json& step);
  Json model_create(const Json& step);
  Json model_fit(const Json& step);
  Json model_predict(const Json& step);
  Json model_recommend(const Json& step);
  Json model_evaluate(const Json& step);
  Json model_explain(const Json& step);
  Json model_update(const Json& step);
  Json model_info(const Json& step);
  Json model_save(const Json& step);
  Json model_load(const Json& step);
  Json file_info(const Json& step);
  Json model_dump(const Json& step);
  Json model_parse(const Json& step);
  Json model_tensors(const Json& step);
  Json model_tensor(const Json& step);
  Json assembly_new(const Json& step);
  Json assembly_add_values(const Json& step);
  Json assembly_add_tensor(const Json& step);
  Json assembly_finish(const Json& step);
  Json scorer_open(const Json& step);
  Json scorer_score(const Json& step);
  Json scorer_top(const Json& step);
  Json scorer_resolve(const Json& step);
  Json scorer_stats(const Json& step);

  interplay::Table table(const Json& step, const char* key) const;
  std::string path(const Json& step) const;
  const interplay::Model& model(const Json& step) const;
  Json keep(const Json& step, interplay::Model made);
  std::vector<interplay_cell> cells(const Json& of, interplay::CellHeap& heap) const;
  std::vector<interplay_cell> rows(const Json& step, interplay::CellHeap& heap) const;

  const Json& tables_;
  std::filesystem::path folder_;
  std::map<std::string, interplay::Model> models_;
  std::map<std::string, interplay::Dataset> datasets_;
  std::map<std::string, interplay::Monitor> monitors_;
  std::map<std::string, interplay::Assembly> assemblies_;
  std::map<std::string, interplay::Scorer> scorers_;
  std::map<std::string, std::string> bytes_;
  Ids ids_;
};

}  // namespace story
