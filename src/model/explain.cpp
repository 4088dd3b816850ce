// explain: what made the scores of a table's rows. Attention as the engine computes it, and, of any engine, what changes
// when a field or a pair of fields is left out.
#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.hpp"
#include "model/explain_block.hpp"
#include "model/join.hpp"

namespace interplay::core {
namespace {

constexpr std::int64_t most_rows_one_by_one = 1000;
constexpr std::size_t attention_floats = std::size_t{1} << 20;  // of a block: 4 MiB a thread

struct Wishes {
  ExplainPlan plan;
  std::int64_t top = 20;
  int threads = 1;
};

bool has_attention(const Engine& engine) {
  return engine.table().attention != nullptr && engine.table().attention_shape != nullptr;
}

void parse_what(ObjectReader& reader, const Engine& engine, ExplainPlan& plan) {
  static const std::vector<std::string> known{"attention", "fields", "pairs"};
  if (!reader.has("what")) {
    plan.attention = has_attention(engine);
    plan.fields = true;
  }
  for (const std::string& what : reader.texts("what")) {
    if (what == "attention")
      plan.attention = true;
    else if (what == "fields")
      plan.fields = true;
    else if (what == "pairs")
      plan.pairs = true;
    else
      fail_unknown(INTERPLAY_INVALID_ARGUMENT, "word in \"what\"", what, known, "options of explain");
  }
  if (plan.attention && !has_attention(engine))
    fail(
        INTERPLAY_UNSUPPORTED,
        "explain: engine \"" + engine.name() + "\" has no attention to show; ask for \"fields\" or \"pairs\"",
        R"({"key":"what"})");
}

Wishes parse_wishes(const Json& options, const Engine& engine) {
  ObjectReader reader(options, "options of explain");
  Wishes wishes;
  parse_what(reader, engine, wishes.plan);
  wishes.plan.per_row = reader.boolean("per_row", false);
  wishes.plan.shuffle = reader.choice("replace", "unknown", {"unknown", "shuffle"}) == "shuffle";
  wishes.top = reader.integer("top", 20, 1, std::int64_t{1} << 31);
  wishes.threads = threads_option(reader);
  reader.finish();
  return wishes;
}

void check_rows(const ExplainPlan& plan, std::int64_t rows) {
  if (rows == 0) fail(INTERPLAY_BAD_DATA, "explain: the table has no rows, so there is nothing to explain");
  if (plan.per_row && rows > most_rows_one_by_one)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "explain: \"per_row\" is for at most " + std::to_string(most_rows_one_by_one) +
             " rows, and the table has " + std::to_string(rows) +
             "; leave it out for means over all rows, or explain fewer rows at a time",
         R"({"key":"per_row"})");
  if (plan.shuffle && rows < 2)
    fail(INTERPLAY_INVALID_ARGUMENT,
         "explain: \"replace\": \"shuffle\" takes the values of other rows, and the table has one row; use "
         "\"unknown\" or more rows",
         R"({"key":"replace"})");
}

/// A float as the shortest decimal that gives it back, so that 0.1F is written 0.1.
Json tidy(float value) {
  if (!std::isfinite(value)) return nullptr;
  char text[32];
  const char* const end = std::to_chars(text, text + sizeof text, value).ptr;
  double number = 0;
  (void)std::from_chars(text, end, number);
  return number;
}

/// Numbers (layers, heads, M, M), each taken by `at`, as lists in lists.
template <class At>
Json attention_json(const ExplainPlan& plan, std::size_t fields, const At& at) {
  Json layers = Json::array();
  std::size_t k = 0;
  for (std::int32_t l = 0; l < plan.layers; ++l) {
    Json heads = Json::array();
    for (std::int32_t h = 0; h < plan.heads; ++h) {
      Json matrix = Json::array();
      for (std::size_t i = 0; i < fields; ++i) {
        Json line = Json::array();
        for (std::size_t j = 0; j < fields; ++j) line.push_back(at(k++));
        matrix.push_back(std::move(line));
      }
      heads.push_back(std::move(matrix));
    }
    layers.push_back(std::move(heads));
  }
  return layers;
}

Json pairs_json(const std::vector<Field>& fields, const BlockExplanation& sums, double rows,
                std::int64_t top) {
  struct Line {
    std::size_t a, b;
    double strength, mean;
  };
  std::vector<Line> lines;
  for (std::size_t a = 0, k = 0; a < fields.size(); ++a)
    for (std::size_t b = a + 1; b < fields.size(); ++b, ++k)
      lines.push_back({a, b, std::sqrt(sums.squared_pair[k] / rows), sums.pair[k] / rows});
  std::stable_sort(lines.begin(), lines.end(),
                   [](const Line& x, const Line& y) { return x.strength > y.strength; });
  Json list = Json::array();
  for (const Line& line : lines) {
    if (static_cast<std::int64_t>(list.size()) == top) break;
    Json json;
    json["fields"] = {fields[line.a].name, fields[line.b].name};
    json["strength"] = line.strength;
    json["mean"] = line.mean;
    list.push_back(std::move(json));
  }
  return list;
}

/// The rows of one block, appended to the list.
void add_rows(Json& list, const BlockExplanation& block, const ExplainPlan& plan, std::size_t fields,
              bool logits) {
  const std::size_t size = plan.attention_size(fields);
  for (std::size_t row = 0; row < block.scores.size(); ++row) {
    Json json;
    json["score"] = tidy(block.scores[row]);
    if (logits) json["logit"] = tidy(block.logits[row]);
    if (plan.fields) {
      json["contributions"] = Json::array();
      for (std::size_t f = 0; f < fields; ++f)
        json["contributions"].push_back(tidy(block.changes[row * fields + f]));
    }
    if (plan.attention)
      json["attention"] =
          attention_json(plan, fields, [&](std::size_t k) { return tidy(block.attentions[row * size + k]); });
    list.push_back(std::move(json));
  }
}

Json report(const Fitted& fitted, const Wishes& wishes, const BlockExplanation& sums, std::int64_t n,
            bool logits) {
  const std::vector<Field>& fields = fitted.fields;
  const auto rows = static_cast<double>(n);
  Json json;
  json["rows"] = n;
  json["score"] = sums.score / rows;
  if (logits) json["logit"] = sums.logit / rows;
  json["fields"] = Json::array();
  for (const Field& field : fields)
    json["fields"].push_back(members({{"name", field.name}, {"of", owner_name(field.of)}}));
  if (wishes.plan.attention) {
    json["attention"]["layers"] = wishes.plan.layers;
    json["attention"]["heads"] = wishes.plan.heads;
    json["attention"]["mean"] = attention_json(wishes.plan, fields.size(),
                                               [&](std::size_t k) { return Json(sums.attention[k] / rows); });
  }
  if (wishes.plan.fields) {
    json["contributions"] = Json::array();
    for (std::size_t f = 0; f < fields.size(); ++f)
      json["contributions"].push_back(members({{"field", fields[f].name},
                                               {"mean_abs", sums.absolute_change[f] / rows},
                                               {"mean", sums.change[f] / rows}}));
  }
  if (wishes.plan.pairs) json["pairs"] = pairs_json(fields, sums, rows, wishes.top);
  return json;
}

/// Every block in turn, on several threads; sums are added in the order of blocks, whoever computed them.
BlockExplanation explain_blocks(const Engine& engine, const Fitted& fitted, const RowSet& set,
                                const Wishes& wishes, interplay_monitor* monitor, Json& per_row) {
  const ExplainPlan& plan = wishes.plan;
  const std::int64_t blocks = (set.rows + plan.block - 1) / plan.block;
  Parallel pool(wishes.threads == 0 ? 0 : static_cast<int>(std::min<std::int64_t>(wishes.threads, blocks)));
  std::vector<std::unique_ptr<BlockExplainer>> workers(static_cast<std::size_t>(pool.workers()));
  BlockExplanation sums;
  const std::int64_t group = pool.workers();  // between groups the caller's thread looks at the monitor
  std::vector<BlockExplanation> done(static_cast<std::size_t>(group));
  for (std::int64_t first = 0; first < blocks; first += group) {
    tick(monitor, "explain", first * plan.block, set.rows);
    const std::int64_t now = std::min(group, blocks - first);
    pool.run(now, [&](std::int64_t shard, int worker) {
      auto& mine = workers[static_cast<std::size_t>(worker)];
      if (!mine) mine = std::make_unique<BlockExplainer>(engine, fitted, set, plan);
      const std::int64_t row = (first + shard) * plan.block;
      done[static_cast<std::size_t>(shard)] = mine->explain(row, std::min(plan.block, set.rows - row));
    });
    for (std::int64_t i = 0; i < now; ++i) {
      const BlockExplanation& block = done[static_cast<std::size_t>(i)];
      sums.add(block);
      if (plan.per_row) add_rows(per_row, block, plan, fitted.fields.size(), engine.gives_logits());
    }
  }
  return sums;
}

/// Blocks are as large as scoring's, but smaller where a row has much attention; a matter of the model alone, so that sums
/// do not depend on threads.
void choose_block(const Engine& engine, const Fitted& fitted, std::int64_t rows, ExplainPlan& plan) {
  std::size_t block = static_cast<std::size_t>(block_rows);
  if (plan.attention) {
    engine.table().attention_shape(fitted.state.get(), &plan.layers, &plan.heads);
    const std::size_t size = std::max<std::size_t>(plan.attention_size(fitted.fields.size()), 1);
    block = std::clamp<std::size_t>(attention_floats / size, 1, block);
  }
  plan.block = std::min(static_cast<std::int64_t>(block), rows);
}

}  // namespace

Json explain(const Model& model, const Table& rows, const Json& options, interplay_monitor* monitor) {
  Wishes wishes = parse_wishes(options, *model.engine);
  const Fitted& fitted = model.require_fitted("explain");
  require_some_column(fitted, rows, "explain");
  check_rows(wishes.plan, rows.rows());
  choose_block(*model.engine, fitted, rows.rows(), wishes.plan);
  const EncodedTable table = encode_table(fitted, rows, Strict::yes);
  const RowSet set = rows_to_score(fitted, table);
  Json per_row = Json::array();
  const BlockExplanation sums = explain_blocks(*model.engine, fitted, set, wishes, monitor, per_row);
  Json json = report(fitted, wishes, sums, set.rows, model.engine->gives_logits());
  if (wishes.plan.per_row) json["per_row"] = std::move(per_row);
  return json;
}

}  // namespace interplay::core
