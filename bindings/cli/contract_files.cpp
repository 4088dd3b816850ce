// The contract's part about save and load.
#include <algorithm>
#include <cstring>
#include <limits>

#include "contract_data.hpp"
#include "model_bytes.hpp"
#include "text.hpp"

namespace interplay::cli {
namespace {

constexpr std::string_view engines_part = "engine/";

/// The library's own comparison of 64 rows comes after the engine has taken everything.
bool came_late(const Exception& error) {
  return std::string_view(error.what()).find("golden row") != std::string::npos;
}

enum class Unneeded { refused, fine };

/// unneeded: what becomes of a damage that changes no score.
void expect_refusal(const std::vector<Section>& sections, const std::string& damage,
                    Unneeded unneeded = Unneeded::refused) {
  try {
    Model::parse(file_of(sections));
    if (unneeded == Unneeded::fine) return;
  } catch (const Exception& error) {
    if (parse_json(error.detail(), "error").contains("without_text"))
      throw Violation("expected an error that says what is wrong with a model with " + damage +
                      ", found: " + error.what());
    if (error.status() == INTERPLAY_INTERNAL)
      throw Violation("expected a model with " + damage +
                      " to be refused as corrupt, found: " + error.what());
    if (!came_late(error)) return;
    throw Violation("expected a model with " + damage +
                    " to be refused by the engine, found that it went on: " + error.what());
  }
  throw Violation("expected a model with " + damage + " to be refused, found that the engine took it");
}

std::string named(const Section& section) { return in_quotes(section.name.substr(engines_part.size())); }

/// The last row less, as a file would look that another program wrote wrongly: checksums are right.
Section shorter(Section section) {
  if (section.shape.empty()) return section;
  const auto rows = static_cast<std::size_t>(section.shape[0]);
  section.bytes.resize(section.bytes.size() / rows * (rows - 1));
  --section.shape[0];
  return section;
}

Section with_a_nan(Section section) {
  const float nan32 = std::numeric_limits<float>::quiet_NaN();
  const double nan64 = std::numeric_limits<double>::quiet_NaN();
  if (section.type == INTERPLAY_FLOAT32) std::memcpy(section.bytes.data(), &nan32, sizeof nan32);
  if (section.type == INTERPLAY_FLOAT64) std::memcpy(section.bytes.data(), &nan64, sizeof nan64);
  return section;
}

}  // namespace

void travels(const Subject& subject) {
  const Model model = fitted(subject);
  const std::string bytes = bytes_of(model);
  const Model loaded = Model::parse(bytes);
  for (const auto make_rows : {known_rows, strange_rows}) {
    const Table rows = make_rows();
    const auto before = scores_of_table(model, rows, "rows before saving"),
               after = scores_of_table(loaded, rows, "rows after loading");
    for (std::size_t r = 0; r < before.size(); ++r)
      if (std::memcmp(&before[r], &after[r], sizeof(float)) != 0)
        throw Violation("expected a loaded model to score the same bits, found " + number(before[r]) +
                        " before and " + number(after[r]) + " after, for row " +
                        number(static_cast<int64_t>(r)));
  }
  expect_same_bytes(bytes, bytes_of(loaded), "a model and what was loaded and saved again");
}

void refuses_damage(const Subject& subject) {
  const std::vector<Section> whole = sections_of(bytes_of(fitted(subject)));
  // The damage below, and not the way in which the file is put together, is refused.
  try {
    Model::parse(file_of(whole));
  } catch (const Exception& error) {
    throw Violation(
        "expected the whole file to load before a damaged one is tried, found that it is refused; mend "
        "saving and loading first: " +
        std::string(error.what()));
  }
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const Section& section = whole[i];
    if (section.name.compare(0, engines_part.size(), engines_part) != 0 || section.bytes.empty()) continue;
    std::vector<Section> damaged = whole;
    if (!section.shape.empty()) {
      damaged[i] = shorter(section);
      expect_refusal(damaged, "tensor " + named(section) + " one row short");
    }
    if (section.type == INTERPLAY_FLOAT32 || section.type == INTERPLAY_FLOAT64) {
      damaged[i] = with_a_nan(section);
      expect_refusal(damaged, "a NaN in tensor " + named(section));
    }
    damaged.erase(damaged.begin() + static_cast<std::ptrdiff_t>(i));
    // An engine of the kit does without "state" where tensors were made elsewhere.
    expect_refusal(damaged, "tensor " + named(section) + " missing", Unneeded::fine);
  }
}

}  // namespace interplay::cli
