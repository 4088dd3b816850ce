#include "model/agreement.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/utf8.hpp"

namespace interplay::core {
namespace {

bool is_click(float label) { return label == 0.0F || label == 1.0F; }

std::string named(const std::string& column) { return column.empty() ? "none" : in_quotes(column); }

}  // namespace

void check_role(const std::string& role, const std::string& expected, const std::string& found,
                const std::string& where, const std::string& whose) {
  if (expected == found) return;
  fail(INTERPLAY_BAD_DATA,
       where + ": expected " +
           (expected.empty() ? "no " + role + " column" : "the " + role + " column " + in_quotes(expected)) +
           ", as " + whose + " has it, found " + named(found) + "; name it so in the schema");
}

void check_roles(const Schema& learned, const Schema& given, const std::string& where,
                 const std::string& whose) {
  if (!learned.user.empty()) check_role("user", learned.user, given.user, where, whose);
  if (!learned.item.empty()) check_role("item", learned.item, given.item, where, whose);
}

void check_context(const Fitted& fitted, const Dataset& dataset, const std::string& where) {
  for (const Field& field : fitted.fields)
    if (field.of == Part::context && !field.history &&
        dataset.records().interactions.find(field.name) == nullptr)
      fail(INTERPLAY_BAD_DATA,
           where + ": expected the column " + in_quotes(field.name) +
               ", which the model learns from, found none of this name in its interactions");
}

void check_labels(const interplay_objective& objective, const RowSet& rows, const std::string& where,
                  const std::string& advice) {
  if (objective.kind != INTERPLAY_BINARY) return;
  const auto found = std::find_if_not(rows.label.begin(), rows.label.end(), is_click);
  if (found != rows.label.end())
    fail(INTERPLAY_BAD_DATA, where + ": expected labels 0 and 1, as the model learns a probability, found " +
                                 spelt(*found) + "; " + advice);
}

}  // namespace interplay::core
