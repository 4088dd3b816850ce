// Columns that say nothing or too little, rows that come twice, and labels.
#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "audit.hpp"
#include "interrupt.hpp"
#include "report.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

double share(int64_t part, int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

void check_column(const AuditColumn& column, const AuditThresholds& limits, Audit& out) {
  const int64_t filled = column.rows - column.nulls;
  const double null = share(column.nulls, column.rows);
  if (null >= limits.null) {
    out.findings.push_back(
        {true, "null", column.title(),
         percent(null) + " of its rows have no value (threshold " + percent(limits.null) + ")", null,
         limits.null});
  } else if (column.distinct <= 1 && column.nulls == 0) {
    out.findings.push_back({true,
                            "constant",
                            column.title(),
                            "the same value in every row; nothing can be learned from it",
                            {},
                            {}});
  }
  const double distinct = share(column.distinct, filled);
  if (column.kind == AuditColumn::Kind::category && filled >= limits.few_rows && distinct > limits.id_like)
    out.findings.push_back({true, "id_like", column.title(),
                            counted(column.distinct, "distinct value") + " on " + counted(filled, "row") +
                                " (" + percent(distinct) + ", threshold " + percent(limits.id_like) +
                                "): like an id; --ignore it, or make it coarser",
                            distinct, limits.id_like});
}

uint64_t mixed(uint64_t hash, uint64_t value) { return audit_hash(hash, value); }

/// Rows that are equal in everything that audit looks at.
int64_t repeated_rows(const AuditTable& table) {
  std::vector<uint64_t> hashes(static_cast<std::size_t>(table.rows), 1);
  const auto mix_codes = [&](const std::vector<int32_t>& codes) {
    for (std::size_t i = 0; i < codes.size(); ++i)
      hashes[i] = mixed(hashes[i], static_cast<uint32_t>(codes[i]));
  };
  const auto mix_numbers = [&](const std::vector<double>& numbers) {
    for (std::size_t i = 0; i < numbers.size(); ++i)
      hashes[i] = mixed(hashes[i], std::bit_cast<uint64_t>(numbers[i]));
  };
  for (const auto* codes : {&table.user, &table.item}) mix_codes(*codes);
  for (const auto* numbers : {&table.label, &table.time}) mix_numbers(*numbers);
  for (const AuditColumn& column : table.columns) {
    if (column.part != "interactions") continue;
    if (column.kind == AuditColumn::Kind::category) mix_codes(column.codes);
    if (column.kind == AuditColumn::Kind::number) mix_numbers(column.numbers);
    if (column.kind != AuditColumn::Kind::categories) continue;
    for (std::size_t row = 0; row < hashes.size(); ++row) {
      for (auto i = column.offsets[row]; i < column.offsets[row + 1]; ++i)
        hashes[row] = mixed(hashes[row], static_cast<uint32_t>(column.codes[static_cast<std::size_t>(i)]));
      hashes[row] = mixed(hashes[row], 0);
    }
  }
  std::sort(hashes.begin(), hashes.end());
  return table.rows - (std::unique(hashes.begin(), hashes.end()) - hashes.begin());
}

void check_pairs(const AuditTable& table, Audit& out) {
  if (table.user.empty() || table.item.empty()) return;
  struct Pair {
    uint64_t key;
    double label;
  };
  std::vector<Pair> pairs;
  pairs.reserve(table.user.size());
  for (std::size_t i = 0; i < table.user.size(); ++i)
    pairs.push_back(
        {uint64_t{static_cast<uint32_t>(table.user[i])} << 32 | static_cast<uint32_t>(table.item[i]),
         table.label.empty() ? 0 : table.label[i]});
  std::sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.key < b.key; });
  int64_t repeated = 0, conflicts = 0;
  for (std::size_t i = 0; i < pairs.size();) {
    std::size_t end = i + 1;
    bool same = true;
    for (; end < pairs.size() && pairs[end].key == pairs[i].key; ++end)
      same &= pairs[end].label == pairs[i].label;
    repeated += static_cast<int64_t>(end - i) - 1;
    if (!same) ++conflicts;
    i = end;
  }
  if (repeated > 0)
    // With a time the same pair may come again in good faith.
    out.findings.push_back({table.time.empty(),
                            "duplicate_pairs",
                            "",
                            counted(repeated, "row") + (repeated == 1 ? " repeats a pair" : " repeat pairs") +
                                " of user and item",
                            static_cast<double>(repeated),
                            {}});
  if (conflicts > 0)
    out.findings.push_back({true,
                            "conflicting_pairs",
                            "",
                            counted(conflicts, "pair") + " of user and item " +
                                (conflicts == 1 ? "comes" : "come") + " with more than one label",
                            static_cast<double>(conflicts),
                            {}});
}

/// Ids with a single row, ids without one in their file, ids that are missing or twice there.
void check_ids(const std::string& noun, const std::vector<int32_t>& ids, int32_t codes,
               const std::vector<int32_t>& row_of, const std::string& column, const AuditThresholds& limits,
               Audit& out) {
  std::vector<int64_t> counts(static_cast<std::size_t>(codes), 0);
  for (const int32_t id : ids)
    if (id != Codes::none) ++counts[static_cast<std::size_t>(id)];
  int64_t present = 0, single = 0, bare_rows = 0, bare = 0;
  for (std::size_t id = 0; id < counts.size(); ++id) {
    if (counts[id] == 0) continue;
    ++present;
    if (counts[id] == 1) ++single;
    if (row_of.empty() || row_of[id] >= 0) continue;
    ++bare;
    bare_rows += counts[id];
  }
  if (single > 0)
    out.findings.push_back({share(single, present) >= limits.single, "single", column,
                            counted(single, noun) + " of " + grouped(present) + " (" +
                                percent(share(single, present)) + ") " + (single == 1 ? "has" : "have") +
                                " one row only; next to nothing can be learned about them",
                            share(single, present), limits.single});
  if (bare > 0)
    out.findings.push_back({true,
                            "no_features",
                            column,
                            counted(bare, noun) + " on " + counted(bare_rows, "row") + " " +
                                (bare == 1 ? "has" : "have") + " no row in the file of " + noun +
                                "s: their features are unknown",
                            share(bare_rows, static_cast<int64_t>(ids.size())),
                            {}});
}

void refused(int64_t n, const std::string& what, const std::string& column, Audit& out) {
  if (n > 0)
    out.findings.push_back({true,
                            "refused",
                            column,
                            counted(n, "row") + " " + what + "; fit refuses such a file",
                            static_cast<double>(n),
                            {}});
}

}  // namespace

std::string percent(double value) {
  const double hundred = value * 100;
  return fixed(hundred, hundred > 0 && hundred < 0.1 ? 3 : 1) + " %";
}

uint64_t audit_hash(uint64_t seed, uint64_t row) {
  // The finalizer of splitmix64, whose bits are as good as drawn ones.
  uint64_t z = seed * 0x9E3779B97F4A7C15U + row + 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31);
}

void audit_columns(const AuditTable& table, const AuditThresholds& limits, Audit& out) {
  for (const AuditColumn& column : table.columns) check_column(column, limits, out);
}

void audit_rows(const AuditTable& table, const AuditThresholds& limits, Audit& out) {
  refused(table.null_users, "have no user", table.user_name, out);
  refused(table.null_items, "have no item", table.item_name, out);
  refused(table.null_labels, "have no label", table.label_name, out);
  refused(table.repeated_users, "of the users' file repeat an id", table.user_name, out);
  refused(table.repeated_items, "of the items' file repeat an id", table.item_name, out);
  if (const int64_t repeated = repeated_rows(table); repeated > 0)
    out.findings.push_back({true,
                            "duplicate_rows",
                            "",
                            counted(repeated, "row") + (repeated == 1 ? " is" : " are") +
                                " there before, equal in every column: a random split has them on both sides",
                            static_cast<double>(repeated),
                            {}});
  check_pairs(table, out);
  stop_if_interrupted();
  if (!table.user.empty())
    check_ids("user", table.user, table.users, table.users_row, table.user_name, limits, out);
  if (!table.item.empty())
    check_ids("item", table.item, table.items, table.items_row, table.item_name, limits, out);
}

void audit_label(const AuditTable& table, const AuditThresholds& limits, Audit& out) {
  out.label = table.label_name;
  std::vector<double> labels;
  for (const double label : table.label)
    if (!std::isnan(label)) labels.push_back(label);
  if (labels.empty()) return;
  double sum = 0;
  for (const double label : labels) sum += label;
  std::sort(labels.begin(), labels.end());
  const auto rows = static_cast<int64_t>(labels.size());
  out.label_min = labels.front();
  out.label_max = labels.back();
  out.label_mean = sum / static_cast<double>(rows);
  for (std::size_t i = 0; i < labels.size();) {
    const auto end =
        std::upper_bound(labels.begin() + static_cast<std::ptrdiff_t>(i), labels.end(), labels[i]);
    const auto n = end - labels.begin() - static_cast<std::ptrdiff_t>(i);
    if (++out.label_distinct <= limits.classes) out.classes.emplace_back(labels[i], n);
    i += static_cast<std::size_t>(n);
  }
  if (out.label_distinct > limits.classes) out.classes.clear();
  out.binary = out.label_distinct == 2 && out.label_min == 0 && out.label_max == 1;
  if (out.label_distinct == 1)
    out.findings.push_back(
        {true,
         "label",
         out.label,
         "the label is " + number(out.label_min) + " in every row; there is nothing to predict",
         {},
         {}});
  for (const auto& [label, n] : out.classes)
    if (out.label_distinct > 1 && share(n, rows) < limits.rare)
      out.findings.push_back({true, "label", out.label,
                              "the label " + number(label) + " is rare: " + counted(n, "row") + " (" +
                                  percent(share(n, rows)) + ", threshold " + percent(limits.rare) + ")",
                              share(n, rows), limits.rare});
}

Audit audit(const AuditTable& table, double fraction, uint64_t seed, const AuditThresholds& limits) {
  Audit out;
  out.rows = table.rows;
  out.fraction = fraction;
  const auto present = [](std::vector<int32_t> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return static_cast<int64_t>(ids.size()) - (!ids.empty() && ids.front() == Codes::none ? 1 : 0);
  };
  out.users = present(table.user);
  out.items = present(table.item);
  audit_label(table, limits, out);
  audit_columns(table, limits, out);
  audit_reaches(table, seed, limits, out);
  audit_rows(table, limits, out);
  audit_unknown(table, seed, limits, out);
  std::stable_sort(out.findings.begin(), out.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.warning && !b.warning; });
  return out;
}

}  // namespace interplay::cli
