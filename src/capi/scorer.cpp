// scorers: the hot path. What is checked here takes no memory; what a cell says is checked where it is read.
#include "model/scorer.hpp"

#include <algorithm>
#include <bit>

#include "capi/guard.hpp"

using namespace interplay::core;

struct interplay_scorer {
  Scorer scorer;
};

namespace {

Heap heap_of(const void* heap, std::size_t size) {
  if (size > 0) require(heap, "heap");
  return {static_cast<const std::byte*>(heap), size};
}

CellCall call_of(const Scorer& scorer, const interplay_cell* shared, const interplay_cell* rows,
                 std::size_t n_rows, const void* heap, std::size_t heap_size) {
  if (scorer.shared_columns() > 0) require(shared, "shared");
  if (scorer.row_columns() > 0 && n_rows > 0) require(rows, "rows");
  return {shared, rows, n_rows, heap_of(heap, heap_size)};
}

std::vector<std::string> names_of(const char* const* columns, std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t c = 0; c < n; ++c) {
    require(columns[c], "columns");
    names.emplace_back(columns[c]);
  }
  return names;
}

}  // namespace

extern "C" {

interplay_status interplay_scorer_open(const interplay_model* model, const char* const* columns,
                                       uint32_t n_shared, uint32_t n_row, const char* options_json,
                                       interplay_scorer** out_scorer, interplay_error** error) {
  clear(out_scorer);
  return guard(error, [&] {
    require(model, "model");
    require(out_scorer, "out_scorer");
    const std::size_t n = std::size_t{n_shared} + n_row;
    if (n > 0) require(columns, "columns");
    const std::vector<std::string> names = names_of(columns, n);
    const ScorerOptions options = ScorerOptions::parse(parse_json(options_json, "options of scorer"));
    const std::span<const std::string> all(names);
    *out_scorer =
        new interplay_scorer{Scorer(model->model, all.first(n_shared), all.subspan(n_shared), options)};
  });
}

interplay_status interplay_scorer_score(interplay_scorer* scorer, const interplay_cell* shared,
                                        const interplay_cell* rows, size_t n_rows, const void* heap,
                                        size_t heap_size, float* out_scores, interplay_error** error) {
  const interplay_status status = guard(error, [&] {
    require(scorer, "scorer");
    if (n_rows > 0) require(out_scores, "out_scores");
    scorer->scorer.score(call_of(scorer->scorer, shared, rows, n_rows, heap, heap_size), out_scores);
  });
  if (status != INTERPLAY_OK && out_scores != nullptr) std::fill_n(out_scores, n_rows, 0.0F);
  return status;
}

interplay_status interplay_scorer_top(interplay_scorer* scorer, const interplay_cell* shared,
                                      const interplay_cell* rows, size_t n_rows, const void* heap,
                                      size_t heap_size, size_t k, int64_t* out_index, float* out_scores,
                                      size_t* out_n, interplay_error** error) {
  clear(out_n);
  return guard(error, [&] {
    require(scorer, "scorer");
    require(out_n, "out_n");
    if (k == 0) fail(INTERPLAY_INVALID_ARGUMENT, "k must be at least 1", R"({"key":"k"})");
    require(out_index, "out_index");
    Scorer& core = scorer->scorer;
    const CellCall call = call_of(core, shared, rows, n_rows, heap, heap_size);
    const bool catalogue = rows == nullptr && n_rows == 0;
    const std::span<const Ranked> best =
        catalogue ? core.top_of_catalogue(call, k) : core.top_of_rows(call, k);
    for (std::size_t i = 0; i < best.size(); ++i) {
      out_index[i] = best[i].position;
      if (out_scores != nullptr) out_scores[i] = core.output(best[i].value);
    }
    *out_n = best.size();
  });
}

interplay_status interplay_scorer_resolve(const interplay_scorer* scorer, uint32_t column,
                                          const interplay_cell* value, const void* heap, size_t heap_size,
                                          interplay_cell* out_cell, interplay_error** error) {
  // `value` and `out_cell` may be one cell.
  const interplay_cell given = value != nullptr ? *value : interplay_cell{};
  clear(out_cell);
  return guard(error, [&] {
    require(scorer, "scorer");
    require(value, "value");
    require(out_cell, "out_cell");
    *out_cell = scorer->scorer.resolve(column, given, heap_of(heap, heap_size));
  });
}

interplay_status interplay_scorer_item(const interplay_scorer* scorer, int64_t index,
                                       interplay_cell* out_item, const char** out_text,
                                       interplay_error** error) {
  clear(out_item);
  clear(out_text);
  return guard(error, [&] {
    require(scorer, "scorer");
    require(out_item, "out_item");
    require(out_text, "out_text");
    const Key key = scorer->scorer.item(index);
    if (key.kind == Key::Kind::integer)
      *out_item = {INTERPLAY_CELL_INT64, 0, std::bit_cast<std::uint64_t>(key.integer)};
    if (key.kind != Key::Kind::text) return;
    *out_item = {INTERPLAY_CELL_STRING, static_cast<std::uint32_t>(key.text.size()), 0};
    *out_text = key.text.data();
  });
}

interplay_status interplay_scorer_stats(const interplay_scorer* scorer, interplay_text** out_json,
                                        interplay_error** error) {
  clear(out_json);
  return guard(error, [&] {
    require(scorer, "scorer");
    require(out_json, "out_json");
    *out_json = new_text(scorer->scorer.stats());
  });
}

void interplay_scorer_free(interplay_scorer* scorer) { delete scorer; }

}  // extern "C"
