// What people read on stdout: aligned tables and lists of facts, 80 columns wide.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "json.hpp"

namespace interplay::cli {

inline constexpr std::size_t page_width = 80;

/// Columns with a heading each. The last column gives way where a row would not fit.
class TextTable {
 public:
  enum class Align { left, right };
  void column(std::string heading, Align align = Align::left);
  void row(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::vector<std::string> headings_;
  std::vector<Align> aligns_;
  std::vector<std::vector<std::string>> rows_;
};

/// "name        value", the values below each other and wrapped.
class Facts {
 public:
  void add(std::string name, std::string value);
  std::string text() const;

 private:
  std::vector<std::pair<std::string, std::string>> facts_;
};

/// "3 users", "1 user".
std::string counted(int64_t n, const std::string& noun);
/// "rating, 1 to 5, mean 3.58"
std::string objective_text(const Json& info);
/// "user_id 6,041, genres 19 (categories)": as many as fit in a sentence.
std::string fields_text(const Json& info);
/// What a metric is worth: the model beside the global mean and the biases of users and items. A part without numbers is
/// left out.
struct Comparison {
  std::string part;  ///< "validation", "test"
  std::string metric;
  std::optional<double> model, global_mean, biases;
};
std::string comparison_text(const std::vector<Comparison>& comparisons);
/// Of a model's "training": which epoch was best; nothing where no rows were held out to tell.
std::optional<int64_t> best_epoch_of(const Json& training);
/// The validation line from a model's info.
Comparison validation_of(const Json& info);
/// A model file's info as a page.
std::string model_page(const Json& info);
/// {"properties": {...}} as a table of name, type, default, range and description.
std::string parameters_page(const Json& schema);

}  // namespace interplay::cli
