// The metric that a model is judged by, and what the simplest predictors reach in it.
#pragma once

#include "eval/baseline.hpp"
#include "eval/objective.hpp"
#include "model/model.hpp"

namespace interplay::core {

/// Log loss for a binary objective, otherwise RMSE; by the rows' weights.
double measure(const interplay_objective& objective, std::span<const float> scores, const RowSet& rows);

/// {"global_mean": ..., "biases": ...}: what a reader needs to judge a metric on the same rows.
Json baselines(const interplay_objective& objective, const Biases& biases, const RowSet& rows);

}  // namespace interplay::core
