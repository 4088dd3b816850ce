// evaluate: metrics of the scores, and, when asked, of the rankings over the whole catalogue.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "base/error.hpp"
#include "eval/metrics.hpp"
#include "model/agreement.hpp"
#include "model/measure.hpp"
#include "model/ranking.hpp"

namespace interplay::core {
namespace {

struct Wishes {
  std::int64_t k = 0;  // 0: no ranking
  double relevant = 0;
  bool relevant_given = false;
  int threads = 1;
};

Wishes parse_wishes(const Json& options) {
  ObjectReader reader(options, "options of evaluate");
  Wishes wishes;
  if (options.contains("sampled"))  // past the reader, which would count it among the keys that there are
    fail(INTERPLAY_UNSUPPORTED,
         "evaluate: ranking against a sample of the items is refused, because it can put a worse model "
         "before a better one (Krichene and Rendle, KDD 2020); leave \"sampled\" out to rank the "
         "whole catalogue");
  wishes.k = reader.integer("k", 0, 0, std::int64_t{1} << 31);
  wishes.relevant_given = reader.has("relevant");
  wishes.relevant = reader.number("relevant", 0, -1e300, 1e300);
  wishes.threads = threads_option(reader);
  reader.finish();
  return wishes;
}

Json or_null(double value) { return std::isnan(value) ? Json(nullptr) : Json(value); }

Json score_metrics(const Fitted& fitted, std::span<const float> scores, const RowSet& rows) {
  Json json;
  json["rmse"] = rmse(scores, rows.label, rows.weight);
  json["mae"] = mae(scores, rows.label, rows.weight);
  json["calibration_error"] = or_null(calibration_error(scores, rows.label, rows.weight));
  if (fitted.objective.kind != INTERPLAY_BINARY) return json;
  json["log_loss"] = log_loss(scores, rows.label, rows.weight);
  json["auc"] = or_null(auc(scores, rows.label, rows.weight));  // null: one class only
  return json;
}

/// From which label on a row is relevant, or positive.
double threshold_of(const Fitted& fitted, const Wishes& wishes) {
  return wishes.relevant_given ? wishes.relevant : (fitted.objective.low + fitted.objective.high) / 2;
}

/// What scores are measured against. Where the model gives a probability: 0 and 1, or, with "relevant", whether a label is at
/// least that.
std::vector<float> measured_labels(const Fitted& fitted, const Wishes& wishes, const RowSet& rows) {
  std::vector<float> labels = rows.label;
  if (fitted.objective.kind != INTERPLAY_BINARY) return labels;
  if (!wishes.relevant_given)
    check_labels(fitted.objective, rows, "evaluate: the dataset",
                 "pass \"relevant\", from which label on a row counts as 1");
  const double threshold = threshold_of(fitted, wishes);
  for (float& label : labels) label = static_cast<double>(label) >= threshold ? 1.0F : 0.0F;
  return labels;
}

/// AUC by group: of 0/1 labels always, of others when the caller's options say which rows are positive.
void add_group_auc(const Fitted& fitted, const Dataset& dataset, const Wishes& wishes,
                   std::span<const std::int64_t> chosen, std::span<const float> scores, const RowSet& rows,
                   Json& result) {
  const Records& records = dataset.records();
  const std::vector<std::int32_t>& codes = records.group.empty() ? records.user : records.group;
  if (codes.empty()) return;
  if (fitted.objective.kind != INTERPLAY_BINARY && wishes.k == 0 && !wishes.relevant_given) return;
  const double threshold = threshold_of(fitted, wishes);
  std::vector<std::int32_t> group;
  std::vector<float> positive;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    group.push_back(codes[static_cast<std::size_t>(chosen[i])]);
    positive.push_back(static_cast<double>(rows.label[i]) >= threshold ? 1.0F : 0.0F);
  }
  const GroupAuc found = group_auc(scores, positive, rows.weight, group);
  result["metrics"]["group_auc"] = or_null(found.value);
  result["groups"]["by"] = records.group.empty() ? dataset.schema().user : dataset.schema().group;
  result["groups"]["counted"] = found.counted;
  result["groups"]["left_out"] = found.left_out;
}

/// Rows in which a field is unknown: an id of 0, or a user or item that the catalogue does not know.
Json unknown_rows(const Fitted& fitted, const RowSet& rows) {
  Json json = Json::object();
  for (std::size_t f = 0; f < fitted.fields.size(); ++f) {
    const Source& source = rows.sources[f];
    if (fitted.fields[f].kind != Kind::category) continue;
    if (source.column == nullptr) {  // nothing is known without the column
      json[fitted.fields[f].name] = rows.rows;
      continue;
    }
    std::int64_t count = 0;
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      const auto at = static_cast<std::size_t>(row);
      const std::int64_t index = source.by == By::user   ? rows.user[at]
                                 : source.by == By::item ? rows.item[at]
                                                         : row;
      if (index < 0 || source.column->ids[static_cast<std::size_t>(index)] == 0) ++count;
    }
    json[fitted.fields[f].name] = count;
  }
  return json;
}

/// One user's relevant items in the data set; -1 for one that the catalogue does not know.
struct Asked {
  std::int32_t user;
  std::vector<std::int32_t> relevant;
};

std::vector<Asked> relevant_items(const Fitted& fitted, const RowSet& rows, double threshold) {
  std::map<std::int32_t, std::vector<std::int32_t>> by_user;
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (!rows.label.empty() && static_cast<double>(rows.label[at]) < threshold) continue;
    const std::int32_t user = rows.user.empty() ? -1 : rows.user[at];
    // Nobody is recommended what he has seen in training, so such a row asks for nothing.
    if (rows.item[at] >= 0 && fitted.catalogue.seen.contains(user, rows.item[at])) continue;
    by_user[user].push_back(rows.item[at]);
  }
  std::vector<Asked> asked;
  for (auto& [user, items] : by_user) {
    std::sort(items.begin(), items.end());
    // An item counts once; several unknown ones stay apart, since nothing says that they are the same.
    const auto first_known = std::lower_bound(items.begin(), items.end(), 0);
    items.erase(std::unique(first_known, items.end()), items.end());
    asked.push_back({user, std::move(items)});
  }
  return asked;
}

/// Ranks of the relevant items of one user among all candidates that he has not seen; `best` gets the candidates'
/// positions.
std::vector<double> ranks_of(const Fitted& fitted, Ranker& ranker, const Candidates& candidates,
                             const Asked& asked, TopK& best) {
  std::vector<std::int64_t> chosen;
  for (std::size_t i = 0; i < candidates.items.size(); ++i)
    if (!fitted.catalogue.seen.contains(asked.user, candidates.items[i]))
      chosen.push_back(static_cast<std::int64_t>(i));
  std::vector<float> sorted;
  std::map<std::int32_t, float> value_of;
  for (const std::int32_t item : asked.relevant) value_of[item] = std::numeric_limits<float>::quiet_NaN();
  sorted.reserve(chosen.size());
  ranker.rank(-1, asked.user, chosen, [&](auto positions, auto values) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const float value = std::isnan(values[i]) ? -std::numeric_limits<float>::infinity() : values[i];
      sorted.push_back(value);
      best.offer(value, positions[i]);
      const auto it = value_of.find(candidates.items[static_cast<std::size_t>(positions[i])]);
      if (it != value_of.end()) it->second = value;
    }
  });
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> ranks;
  for (const std::int32_t item : asked.relevant) {
    const float value = value_of[item];
    if (item < 0 || std::isnan(value)) {  // unknown, or not in the catalogue: it cannot be recommended
      ranks.push_back(std::numeric_limits<double>::infinity());
      continue;
    }
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
    // Relevant items that are tied with each other take places one behind the other; ties with others are halved.
    std::int64_t before = 0, tied_relevant = 0;
    for (const auto& [other, other_value] : value_of) {
      tied_relevant += other >= 0 && other_value == value ? 1 : 0;
      before += other >= 0 && other_value == value && other < item ? 1 : 0;
    }
    ranks.push_back(mid_rank(sorted.end() - high + before, high - low - tied_relevant));
  }
  return ranks;
}

void rank_all(const Model& model, const Fitted& fitted, const RowSet& rows, const Wishes& wishes,
              interplay_monitor* monitor, Json& result) {
  if (fitted.schema.item.empty() || fitted.schema.user.empty())
    fail(INTERPLAY_UNSUPPORTED,
         "evaluate: \"k\" asks for rankings, and those need a user and an item column in the schema");
  if (!fitted.catalogue.knows_seen)
    fail(INTERPLAY_UNSUPPORTED,
         "evaluate: \"k\" asks for rankings less the training items, and this model was saved without what "
         "users have seen");
  const double threshold = threshold_of(fitted, wishes);
  const std::vector<Asked> asked = relevant_items(fitted, rows, threshold);
  const Candidates candidates = present_items(fitted);
  Parallel pool(wishes.threads == 0
                    ? 0
                    : static_cast<int>(std::min<std::size_t>(static_cast<std::size_t>(wishes.threads),
                                                             std::max<std::size_t>(asked.size(), 1))));
  struct Worker {
    Ranker ranker;
    std::vector<bool> recommended;  // of each candidate: in somebody's first k
  };
  std::vector<std::unique_ptr<Worker>> workers(static_cast<std::size_t>(pool.workers()));
  std::vector<Ranking> rankings(asked.size());
  const auto n = static_cast<std::int64_t>(asked.size());
  const std::int64_t group = 8 * pool.workers();
  for (std::int64_t first = 0; first < n; first += group) {
    tick(monitor, "evaluate", first, n);
    pool.run(std::min(group, n - first), [&](std::int64_t shard, int worker) {
      auto& mine = workers[static_cast<std::size_t>(worker)];
      if (!mine)
        mine.reset(new Worker{Ranker(model, fitted, candidates, nullptr),
                              std::vector<bool>(candidates.items.size(), false)});
      const auto at = static_cast<std::size_t>(first + shard);
      TopK best(static_cast<std::size_t>(wishes.k));
      rankings[at] = rank_metrics(ranks_of(fitted, mine->ranker, candidates, asked[at], best), wishes.k);
      for (const Ranked& ranked : best.take())
        mine->recommended[static_cast<std::size_t>(ranked.position)] = true;
    });
  }
  const auto mean = [&](double Ranking::*member) {
    double sum = 0;
    for (const Ranking& ranking : rankings) sum += ranking.*member;
    return rankings.empty() ? Json(nullptr) : Json(sum / static_cast<double>(rankings.size()));
  };
  const std::string at_k = "@" + std::to_string(wishes.k);
  result["metrics"]["hr" + at_k] = mean(&Ranking::hit);
  result["metrics"]["ndcg" + at_k] = mean(&Ranking::ndcg);
  result["metrics"]["recall" + at_k] = mean(&Ranking::recall);
  result["metrics"]["mrr" + at_k] = mean(&Ranking::reciprocal);
  std::size_t covered = 0;
  for (std::size_t i = 0; i < candidates.items.size(); ++i)
    covered += std::any_of(workers.begin(), workers.end(),
                           [i](const auto& worker) { return worker && worker->recommended[i]; });
  result["metrics"]["coverage" + at_k] =
      candidates.items.empty()
          ? Json(nullptr)
          : Json(static_cast<double>(covered) / static_cast<double>(candidates.items.size()));
  result["ranked_users"] = n;
  result["relevant"] = threshold;
}

}  // namespace

Json evaluate(const Model& model, const Dataset& dataset, const Json& options, interplay_monitor* monitor) {
  const Wishes wishes = parse_wishes(options);
  Fitted fitted = model.require_fitted("evaluate");
  if (!dataset.sealed())
    fail(INTERPLAY_INVALID_STATE,
         "evaluate: the dataset is not sealed: seal it first (interplay_dataset_seal)");
  if (dataset.rows() == 0) fail(INTERPLAY_BAD_DATA, "evaluate: the dataset has no interactions");
  const bool labelled = !dataset.records().label.empty();
  if (!labelled && wishes.k == 0)
    fail(INTERPLAY_BAD_DATA,
         "evaluate: the dataset has no labels, so only rankings can be measured; pass \"k\"");
  check_roles(fitted.schema, dataset.schema(), "evaluate: the dataset", "the model");
  fitted.catalogue = with_features_of(fitted, dataset, Strict::yes);
  std::vector<std::int64_t> rows(static_cast<std::size_t>(dataset.rows()));
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = dataset.row(static_cast<std::int64_t>(i));
  const auto joined = join_dataset(fitted, dataset, rows, Strict::yes);

  Json result;
  result["rows"] = dataset.rows();
  result["metrics"] = Json::object();
  if (labelled) {
    std::vector<float> labels =
        measured_labels(fitted, wishes, joined->set);  // before scoring, which takes long
    const std::vector<float> scores =
        score_set(*model.engine, fitted, joined->set, wishes.threads, false, monitor, "evaluate");
    labels.swap(joined->set.label);
    result["metrics"] = score_metrics(fitted, scores, joined->set);
    if (fitted.biases) result["baselines"] = baselines(fitted.objective, *fitted.biases, joined->set);
    labels.swap(joined->set.label);  // rankings and groups have thresholds of their own
    add_group_auc(fitted, dataset, wishes, rows, scores, joined->set, result);
  }
  if (wishes.k > 0) rank_all(model, fitted, joined->set, wishes, monitor, result);
  result["unknown"] = unknown_rows(fitted, joined->set);
  return result;
}

}  // namespace interplay::core
