#include "model/agreement.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace interplay::core {
namespace {

bool is_click(float label) { return label == 0.0F || label == 1.0F; }

std::string named(const std::string& column) { return column.empty() ? "none" : "\"" + column + "\""; }

}  // namespace

void check_roles(const Schema& learned, const Schema& given, const std::string& where,
                 const std::string& whose) {
  const auto check = [&](const char* role, const std::string& expected, const std::string& found) {
    if (!expected.empty() && expected != found)
      fail(INTERPLAY_BAD_DATA, where + ": expected the " + role + " column " + named(expected) + ", as " +
                                   whose + " has it, found " + named(found) + "; name it so in the schema");
  };
  check("user", learned.user, given.user);
  check("item", learned.item, given.item);
}

void check_context(const Fitted& fitted, const Dataset& dataset, const std::string& where) {
  for (const Field& field : fitted.fields)
    if (field.of == Part::context && !field.history &&
        dataset.records().interactions.find(field.name) == nullptr)
      fail(INTERPLAY_BAD_DATA,
           where + ": expected the column \"" + field.name +
               "\", which the model learns from, found none of this name in its interactions");
}

void check_labels(const interplay_objective& objective, const RowSet& rows, const std::string& where,
                  const std::string& advice) {
  if (objective.kind != INTERPLAY_BINARY) return;
  const auto found = std::find_if_not(rows.label.begin(), rows.label.end(), is_click);
  if (found != rows.label.end())
    fail(INTERPLAY_BAD_DATA, where + ": expected labels 0 and 1, as the model learns a probability, found " +
                                 dump_json(Json(static_cast<double>(*found))) + "; " + advice);
}

}  // namespace interplay::core
