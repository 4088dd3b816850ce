// What a model will meet after training that training never saw, split by split. The splits are cut by the rules of
// interplay_dataset_split, with draws of their own.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "audit.hpp"
#include "interrupt.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

using Marks = std::vector<char>;  // of each row: 1 for the test part
using Rows = std::vector<std::size_t>;

std::size_t held_out(double fraction, std::size_t n) {
  if (n < 2) return 0;
  const auto rounded = static_cast<std::size_t>(std::llround(fraction * static_cast<double>(n)));
  return std::clamp<std::size_t>(rounded, 1, n - 1);
}

Rows all_rows(std::size_t n) {
  Rows out(n);
  std::iota(out.begin(), out.end(), 0U);
  return out;
}

/// `count` of n, those with the smallest hash.
Marks drawn(std::size_t n, double fraction, uint64_t seed) {
  Rows order = all_rows(n);
  const std::size_t count = held_out(fraction, n);
  const auto hash = [seed](std::size_t i) { return audit_hash(seed, i); };
  std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                   [&](auto a, auto b) { return hash(a) < hash(b); });
  Marks marks(n, 0);
  for (std::size_t i = 0; i < count; ++i) marks[order[i]] = 1;
  return marks;
}

bool earlier(const AuditTable& table, std::size_t a, std::size_t b) {
  if (!table.time.empty() && table.time[a] != table.time[b]) return table.time[a] < table.time[b];
  return a < b;
}

Marks last_by_time(const AuditTable& table, double fraction) {
  Rows order = all_rows(static_cast<std::size_t>(table.rows));
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return earlier(table, a, b); });
  Marks marks(order.size(), 0);
  for (std::size_t i = order.size() - held_out(fraction, order.size()); i < order.size(); ++i)
    marks[order[i]] = 1;
  return marks;
}

Marks last_of_users(const AuditTable& table, double fraction) {
  Rows order = all_rows(static_cast<std::size_t>(table.rows));
  std::sort(order.begin(), order.end(), [&](auto a, auto b) {
    return table.user[a] != table.user[b] ? table.user[a] < table.user[b] : earlier(table, a, b);
  });
  Marks marks(order.size(), 0);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && table.user[order[end]] == table.user[order[first]]) ++end;
    for (std::size_t i = end - held_out(fraction, end - first); i < end; ++i) marks[order[i]] = 1;
    first = end;
  }
  return marks;
}

Marks some_users(const AuditTable& table, double fraction, uint64_t seed) {
  const Marks chosen = drawn(static_cast<std::size_t>(table.users), fraction, seed);
  Marks marks(static_cast<std::size_t>(table.rows), 0);
  for (std::size_t row = 0; row < marks.size(); ++row)
    if (table.user[row] != Codes::none) marks[row] = chosen[static_cast<std::size_t>(table.user[row])];
  return marks;
}

/// Share of the test rows with a value that no training row has. values(row, visit) visits the codes of a row.
template <class Values>
double unknown_rate(const Marks& test, int64_t distinct, Values values) {
  std::vector<char> seen(static_cast<std::size_t>(distinct), 0);
  for (std::size_t row = 0; row < test.size(); ++row)
    if (test[row] == 0)
      values(row, [&](int32_t code) {
        if (code != Codes::none) seen[static_cast<std::size_t>(code)] = 1;
      });
  double rows = 0, unknown = 0;
  for (std::size_t row = 0; row < test.size(); ++row) {
    if (test[row] == 0) continue;
    bool known = true;
    values(row,
           [&](int32_t code) { known &= code == Codes::none || seen[static_cast<std::size_t>(code)] != 0; });
    ++rows;
    if (!known) ++unknown;
  }
  return rows > 0 ? unknown / rows : 0;
}

double rate_of_ids(const Marks& test, const std::vector<int32_t>& ids, int32_t distinct) {
  return unknown_rate(test, distinct, [&](std::size_t row, auto visit) { visit(ids[row]); });
}

double rate_of_column(const AuditTable& table, const Marks& test, const AuditColumn& column) {
  const bool lists = column.kind == AuditColumn::Kind::categories;
  return unknown_rate(test, column.distinct, [&](std::size_t row, auto visit) {
    const int64_t own = table.row_of(column, static_cast<int64_t>(row));
    if (own < 0) return;
    const auto at = static_cast<std::size_t>(own);
    if (!lists) return visit(column.codes[at]);
    for (auto i = column.offsets[at]; i < column.offsets[at + 1]; ++i)
      visit(column.codes[static_cast<std::size_t>(i)]);
  });
}

}  // namespace

void audit_unknown(const AuditTable& table, uint64_t seed, const AuditThresholds& limits, Audit& out) {
  std::vector<Marks> tests;
  const auto add = [&](const char* name, Marks marks) {
    stop_if_interrupted();
    out.splits.emplace_back(name);
    tests.push_back(std::move(marks));
  };
  add("random", drawn(static_cast<std::size_t>(table.rows), out.fraction, seed));
  if (!table.user.empty()) add("last", last_of_users(table, out.fraction));
  if (!table.time.empty()) add("time", last_by_time(table, out.fraction));
  if (!table.user.empty()) add("users", some_users(table, out.fraction, seed));
  out.last_by_position = !table.user.empty() && table.time.empty();
  const auto measure = [&](const std::string& column, auto rate_of) {
    UnknownRate line{column, {}};
    for (const Marks& test : tests) line.rates.push_back(rate_of(test));
    for (std::size_t i = 0; i < line.rates.size(); ++i) {
      // New users are what the split "users" is for.
      if (line.rates[i] < limits.unknown || (column == table.user_name && out.splits[i] == "users")) continue;
      out.findings.push_back({true, "unknown", column,
                              percent(line.rates[i]) + " of the test rows of the split \"" + out.splits[i] +
                                  "\" have a value that training never saw (threshold " +
                                  percent(limits.unknown) + ")",
                              line.rates[i], limits.unknown});
    }
    out.unknown.push_back(std::move(line));
  };
  if (!table.user.empty())
    measure(table.user_name, [&](const Marks& test) { return rate_of_ids(test, table.user, table.users); });
  if (!table.item.empty())
    measure(table.item_name, [&](const Marks& test) { return rate_of_ids(test, table.item, table.items); });
  for (const AuditColumn& column : table.columns)
    if (column.kind != AuditColumn::Kind::number)
      measure(column.title(), [&](const Marks& test) { return rate_of_column(table, test, column); });
}

}  // namespace interplay::cli
