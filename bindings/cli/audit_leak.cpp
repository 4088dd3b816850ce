// How far one column alone gets: the mean label of its values, learned on one half of the rows and tried on the other.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "audit.hpp"
#include "interrupt.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::size_t most_buckets = 50;
/// So many rows of the mean label are added to each value's own, so that a value seen once or twice claims little.
constexpr double prior_rows = 1;

/// The values of every row, as codes from 0; a null is the last code.
struct Values {
  std::vector<int64_t> begin;  ///< of each row's in `codes`; one more than rows
  std::vector<int32_t> codes;
  int32_t size = 0;
};

Values values_of(const AuditTable& table, const AuditColumn& column, const std::vector<int32_t>& codes,
                 int32_t distinct) {
  Values out;
  out.size = distinct + 1;
  out.begin.push_back(0);
  const bool lists = column.kind == AuditColumn::Kind::categories;
  for (int64_t row = 0; row < table.rows; ++row) {
    const int64_t own = table.row_of(column, row);
    const int64_t first = own < 0 ? 0 : lists ? column.offsets[static_cast<std::size_t>(own)] : own;
    const int64_t last = own < 0 ? 0 : lists ? column.offsets[static_cast<std::size_t>(own) + 1] : own + 1;
    for (int64_t i = first; i < last; ++i) {
      const int32_t code = codes[static_cast<std::size_t>(i)];
      out.codes.push_back(code == Codes::none ? distinct : code);
    }
    if (first == last) out.codes.push_back(distinct);
    out.begin.push_back(static_cast<int64_t>(out.codes.size()));
  }
  return out;
}

/// Quantile buckets over the column's own rows; equal numbers share one.
std::vector<int32_t> bucketed(const std::vector<double>& numbers, int32_t& buckets) {
  std::vector<double> sorted;
  for (const double value : numbers)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> edges;
  for (std::size_t i = 1; i < most_buckets && !sorted.empty(); ++i)
    edges.push_back(sorted[i * sorted.size() / most_buckets]);
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  buckets = static_cast<int32_t>(edges.size()) + 1;
  std::vector<int32_t> out;
  for (const double value : numbers)
    out.push_back(
        std::isnan(value)
            ? Codes::none
            : static_cast<int32_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin()));
  return out;
}

/// Area under the ROC curve, ties at mid-rank; 0.5 where one class is missing.
double area(const std::vector<double>& scores, const std::vector<double>& labels) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
  double positives = 0, rank_sum = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double here = 0;
    for (; end < order.size() && scores[order[end]] == scores[order[i]]; ++end) here += labels[order[end]];
    rank_sum += here * (static_cast<double>(i + end + 1) / 2);  // ranks from 1
    positives += here;
    i = end;
  }
  const double negatives = static_cast<double>(order.size()) - positives;
  if (positives == 0 || negatives == 0) return 0.5;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

double r_squared(const std::vector<double>& scores, const std::vector<double>& labels, double mean) {
  double error = 0, total = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    error += (labels[i] - scores[i]) * (labels[i] - scores[i]);
    total += (labels[i] - mean) * (labels[i] - mean);
  }
  return total > 0 ? std::max(0.0, 1 - error / total) : 0;
}

class HalfByHalf {
 public:
  HalfByHalf(const AuditTable& table, uint64_t seed, bool binary) : labels_(table.label), binary_(binary) {
    for (int64_t row = 0; row < table.rows; ++row)
      half_.push_back(static_cast<char>(audit_hash(seed, static_cast<uint64_t>(row)) & 1));
  }

  /// The mean of both directions.
  double reach(const Values& values) const { return (reach_from(values, 0) + reach_from(values, 1)) / 2; }

 private:
  template <class Visit>
  void each_row(char half, Visit visit) const {
    for (std::size_t row = 0; row < labels_.size(); ++row)
      if (half_[row] == half && !std::isnan(labels_[row])) visit(row);
  }

  double reach_from(const Values& values, char half) const {
    std::vector<double> sum(static_cast<std::size_t>(values.size), 0), n = sum;
    double total = 0, rows = 0;
    const auto each_value = [&](std::size_t row, auto visit) {
      for (auto i = values.begin[row]; i < values.begin[row + 1]; ++i)
        visit(static_cast<std::size_t>(values.codes[static_cast<std::size_t>(i)]));
    };
    each_row(half, [&](std::size_t row) {
      total += labels_[row];
      ++rows;
      each_value(row, [&](std::size_t code) {
        sum[code] += labels_[row];
        ++n[code];
      });
    });
    if (rows == 0) return binary_ ? 0.5 : 0;
    const double mean = total / rows;
    for (std::size_t code = 0; code < sum.size(); ++code)
      sum[code] = (sum[code] + prior_rows * mean) / (n[code] + prior_rows);
    std::vector<double> scores, labels;
    each_row(static_cast<char>(1 - half), [&](std::size_t row) {
      double score = 0;
      each_value(row, [&](std::size_t code) { score += sum[code]; });
      scores.push_back(score / static_cast<double>(values.begin[row + 1] - values.begin[row]));
      labels.push_back(labels_[row]);
    });
    return binary_ ? area(scores, labels) : r_squared(scores, labels, mean);
  }

  const std::vector<double>& labels_;
  bool binary_;
  std::vector<char> half_;
};

Reach reach_of(const AuditTable& table, const AuditColumn& column, const HalfByHalf& halves) {
  Reach out{column.title(), 0, false};
  if (column.kind != AuditColumn::Kind::number)
    out.value = halves.reach(values_of(table, column, column.codes, static_cast<int32_t>(column.distinct)));
  if (column.numbers.empty()) return out;
  int32_t buckets = 0;
  const std::vector<int32_t> codes = bucketed(column.numbers, buckets);
  const double by_bucket = halves.reach(values_of(table, column, codes, buckets));
  if (by_bucket > out.value || column.kind == AuditColumn::Kind::number) {
    out.value = by_bucket;
    out.buckets = true;
  }
  return out;
}

}  // namespace

void audit_reaches(const AuditTable& table, uint64_t seed, const AuditThresholds& limits, Audit& out) {
  if (out.label_distinct < 2 || table.rows < limits.few_rows) return;
  const HalfByHalf halves(table, seed, out.binary);
  const auto add_id = [&](const std::string& name, const std::vector<int32_t>& ids, int32_t size) {
    if (ids.empty()) return;
    AuditColumn column;
    column.part = "interactions";
    out.reaches.push_back({name, halves.reach(values_of(table, column, ids, size)), false});
  };
  add_id(table.user_name, table.user, table.users);
  add_id(table.item_name, table.item, table.items);
  for (const AuditColumn& column : table.columns) {
    stop_if_interrupted();
    out.reaches.push_back(reach_of(table, column, halves));
  }
  std::stable_sort(out.reaches.begin(), out.reaches.end(),
                   [](const Reach& a, const Reach& b) { return a.value > b.value; });
  const double limit = out.binary ? limits.leak_auc : limits.leak_r2;
  const std::string measure = out.binary ? "AUC" : "R2";
  for (const Reach& reach : out.reaches)
    if (reach.value >= limit)
      out.findings.push_back({true, "leak", reach.column,
                              "alone it predicts the label with " + measure + " " + fixed(reach.value, 3) +
                                  " (threshold " + fixed(limit, 2) +
                                  "): is it known before the label is? If not, --ignore it",
                              reach.value, limit});
}

}  // namespace interplay::cli
