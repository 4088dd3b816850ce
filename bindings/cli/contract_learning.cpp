// The contract's part about fit.
#include <string_view>

#include "contract_data.hpp"

namespace interplay::cli {

void learns_every_kind_of_label(const Subject& subject) {
  const std::pair<Labels, const char*> kinds[] = {{Labels::ratings, "ratings from 1 to 5"},
                                                  {Labels::clicks, "labels of 0 and 1"},
                                                  {Labels::numbers, "labels of any size"},
                                                  {Labels::none, "rows without labels"}};
  for (const auto& [kind, what] : kinds) {
    try {
      scores_of_table(fitted(subject, kind), known_rows(), what);
    } catch (const Exception& error) {
      throw Violation("learning from " + std::string(what) + " and scoring failed: " + error.what());
    }
  }
}

void same_seed_same_bytes(const Subject& subject) {
  expect_same_bytes(bytes_of(fitted(subject)), bytes_of(fitted(subject)), "two fits with one seed");
}

void threads_change_no_byte(const Subject& subject) {
  expect_same_bytes(bytes_of(fitted(subject, Labels::ratings, 1)),
                    bytes_of(fitted(subject, Labels::ratings, 4)), "fits on 1 and on 4 threads");
}

void cancels(const Subject& subject) {
  int64_t events = 0;
  const Monitor monitor([&](std::string_view text) {
    // Only the engine's own reports have an epoch.
    const bool its_own = integer_at(parse_json(text, "event"), "epoch").has_value();
    events += its_own;
    return !its_own;
  });
  const Model start = Model::create(subject.engine, compact(subject.params));
  try {
    start.fit(planted(Labels::ratings), nullptr, R"({"threads": 2})", &monitor);
  } catch (const Exception& error) {
    if (error.status() != INTERPLAY_CANCELLED)
      throw Violation("expected a fit that is told to stop to be cancelled, found another failure: " +
                      std::string(error.what()));
    // What a cancelled fit left in memory that is shared would show in the next one.
    expect_same_bytes(bytes_of(fitted(subject)), bytes_of(fitted(subject)),
                      "fits after one that was cancelled");
    return;
  }
  if (events == 0) throw Violation("the fit never reported how far it is, so nobody can stop it");
  throw Violation(
      "expected a fit that is told to stop by host->report to fail with CANCELLED, found that it "
      "went on to its end");
}

namespace {

/// New rows say nothing of the users and items that a model knows, so what it makes of these afterwards still depends on what
/// it had learned. The two here have the same labels, but of other rows, so that their objectives are alike.
void keeps_what_it_learned(const Subject& subject) {
  std::vector<float> scores[2];
  const Episode pasts[] = {Episode::first, Episode::turned};
  for (int i = 0; i < 2; ++i) {
    const Dataset past = planted(Labels::ratings, pasts[i]);
    const Model model = Model::create(subject.engine, compact(subject.params)).fit(past, &past);
    scores[i] = scores_of_table(model.fit(planted(Labels::ratings, Episode::newcomers)), known_rows(),
                                "known users and items after going on with new ones");
  }
  if (scores[0] == scores[1])
    throw Violation(
        "expected training that goes on with new users and items alone to keep what was learned of the "
        "others, found the same scores whatever that was: fit ignores `from`");
}

}  // namespace

void goes_on(const Subject& subject) {
  const Model first = fitted(subject);
  const std::string before = bytes_of(first);
  const Model second = first.fit(planted(Labels::ratings, Episode::more), nullptr, R"({"threads": 2})");
  scores_of_table(second, known_rows(), "known users and items after going on");
  keeps_what_it_learned(subject);
  expect_same_bytes(before, bytes_of(first), "the model that training went on from, before and after");
}

}  // namespace interplay::cli
