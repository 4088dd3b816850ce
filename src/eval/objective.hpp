// What a model is trained for, chosen once from the labels, and how a logit becomes a score.
#pragma once

#include <interplay/engine.h>

#include <span>
#include <string>

namespace interplay::core {

/// choice: "auto", "binary", "rating" or "regression". BAD_DATA for labels that are constant or do not suit the choice.
/// auto: labels 0 and 1 only: binary; at most 32 distinct integers: rating; otherwise regression.
interplay_objective choose_objective(const std::string& choice, std::span<const float> labels);
/// For data without labels, where unseen items are drawn as negatives.
interplay_objective implicit_objective(std::int64_t negatives);

/// logit -> score, see engine.h
float score_of(const interplay_objective& objective, float logit);

const char* objective_name(std::int32_t kind);
/// "log_loss" for binary, otherwise "rmse"
const char* metric_name(std::int32_t kind);

}  // namespace interplay::core
