// What `interplay audit` finds in an AuditTable, and how it tells people and programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit_table.hpp"
#include "json.hpp"

namespace interplay::cli {

struct AuditThresholds {
  double id_like = 0.5;    ///< distinct values per row, above which a category is like an id
  double null = 0.95;      ///< share of nulls from which a column says next to nothing
  double leak_r2 = 0.8;    ///< R2 of one column alone from which it is taken for the label itself
  double leak_auc = 0.95;  ///< the same for labels 0 and 1
  double rare = 0.01;      ///< share of the rows below which a label is rare
  double single = 0.05;    ///< share of users or items with one row, from which it is a warning
  double unknown = 0.05;   ///< share of test rows with an unknown value, from which it is a warning
  int64_t few_rows = 20;   ///< below them neither an id nor a leak can be told
  int64_t classes = 20;    ///< as many distinct labels are shown and counted one by one
};

struct Finding {
  bool warning = true;  ///< false: worth knowing
  std::string check;    ///< "constant", "null", "id_like", "leak", ...
  std::string column;   ///< "" where it is about rows
  std::string message;
  std::optional<double> value, threshold;
};

/// How far one column alone gets on rows that it did not learn from.
struct Reach {
  std::string column;
  double value = 0;
  bool buckets = false;  ///< by quantile buckets of its numbers, which did better than its values
};

struct UnknownRate {
  std::string column;
  std::vector<double> rates;  ///< one a split
};

struct Audit {
  int64_t rows = 0, users = 0, items = 0;
  std::string label;
  std::vector<std::pair<double, int64_t>>
      classes;  ///< label and rows, ascending; empty where there are too many
  double label_min = 0, label_mean = 0, label_max = 0;
  int64_t label_distinct = 0;
  bool binary = false;  ///< labels 0 and 1: reaches are AUC, otherwise R2
  double fraction = 0;
  bool last_by_position = false;  ///< there is a split "last", and no time to order it
  std::vector<std::string> splits;
  std::vector<UnknownRate> unknown;
  std::vector<Reach> reaches;  ///< best first
  std::vector<Finding> findings;
};

/// fraction: share of the test rows. The halves and splits are drawn by `seed`.
Audit audit(const AuditTable& table, double fraction, uint64_t seed, const AuditThresholds& limits = {});

/// Its parts, which append to `out`.
void audit_columns(const AuditTable& table, const AuditThresholds& limits, Audit& out);
void audit_rows(const AuditTable& table, const AuditThresholds& limits, Audit& out);
void audit_label(const AuditTable& table, const AuditThresholds& limits, Audit& out);
void audit_reaches(const AuditTable& table, uint64_t seed, const AuditThresholds& limits, Audit& out);
void audit_unknown(const AuditTable& table, uint64_t seed, const AuditThresholds& limits, Audit& out);

/// The same hash on every machine: what is "drawn" for a row.
uint64_t audit_hash(uint64_t seed, uint64_t row);
/// "12.3 %"
std::string percent(double share);

Json audit_json(const Audit& audit);
std::string audit_page(const Audit& audit);

}  // namespace interplay::cli
