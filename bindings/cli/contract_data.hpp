// A little world whose rules are known: what the engines' contract is checked on.
#pragma once

#include <interplay/interplay.hpp>
#include <string>
#include <vector>

#include "contract.hpp"

namespace interplay::cli {

enum class Labels { ratings, clicks, numbers, none };

/// first: 600 rows of 40 users and 30 items. turned: the same with the last row's label in the first, and so on. more: 700,
/// of these and of five new users and items. newcomers: 100, of the new ones alone.
enum class Episode { first, turned, more, newcomers };

/// Users have a category; items a number, which some lack, and a list of tags, which may be empty; rows have a category of
/// their own.
Dataset planted(Labels labels, Episode episode = Episode::first);
/// Rows to score: known ones, and as many again with ids and values that nobody has met, or nulls.
Table known_rows();
Table strange_rows();
/// Row r of known_rows alone.
Table known_row(std::size_t r);
constexpr std::size_t n_known = 60;

/// The subject, fitted on planted(labels).
Model fitted(const Subject& subject, Labels labels = Labels::ratings, int threads = 2);
/// Scores, none of which is infinite or NaN: that is a Violation, which says where.
std::vector<float> scores_of_table(const Model& model, const Table& rows, const char* what, int threads = 1);
std::string bytes_of(const Model& model);
/// A Violation that says where they begin to differ.
void expect_same_bytes(const std::string& a, const std::string& b, const std::string& what);

}  // namespace interplay::cli
