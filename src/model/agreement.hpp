// Does a dataset agree with what was learned, or is to be learned beside it? What does not would be read as unknown, or as
// something else, without a word: BAD_DATA instead.
#pragma once

#include <string>

#include "model/join.hpp"

namespace interplay::core {

/// The same column, or none in both. `where` begins the message ("evaluate: the dataset"), `whose` says who has the expected one
/// ("the model").
void check_role(const std::string& role, const std::string& expected, const std::string& found,
                const std::string& where, const std::string& whose);

/// The columns of users and items that were learned.
void check_roles(const Schema& learned, const Schema& given, const std::string& where,
                 const std::string& whose);

/// Every column of the interactions that the model learned from.
void check_context(const Fitted& fitted, const Dataset& dataset, const std::string& where);

/// 0 and 1 alone where the model learns a probability from them; `advice` ends the message.
void check_labels(const interplay_objective& objective, const RowSet& rows, const std::string& where,
                  const std::string& advice);

}  // namespace interplay::core
