// Memory that runs out at every moment: the n-th allocation of a call fails, alone or with all that follow, for each n until
// the call gets through. Then it says NO_MEMORY or succeeds with what it always gives, nothing is leaked, and what it was
// given is as before. INTERPLAY_EVERY_ALLOCATION: each n; otherwise from 300 on a sample of them.
#pragma once

#include <boost/test/unit_test.hpp>
#include <functional>
#include <interplay/interplay.hpp>
#include <interplay/scorer.hpp>
#include <string>
#include <string_view>

#include "reliability/faults.hpp"

namespace interplay::test {

template <class T>
using Owned = detail::Handle<T>;

/// What a call gave.
struct Out {
  Owned<interplay_model> model;
  Owned<interplay_table> table;
  Owned<interplay_dataset> data;
  Owned<interplay_scorer> scorer;
  Owned<interplay_text> text;
  float scores[2] = {0, 0};
};

template <class T, class Function, class... Arguments>
interplay_status into(Owned<T>& out, interplay_error** error, Function function, Arguments... arguments) {
  T* made = nullptr;
  const interplay_status status = function(arguments..., &made, error);
  out.reset(made);
  return status;
}

/// The result in bytes that can be compared.
inline std::string told(const Out& out) {
  std::string bytes(reinterpret_cast<const char*>(out.scores), sizeof out.scores);
  if (out.text) bytes += interplay_text_data(out.text.get());
  if (out.model) bytes += Text(detail::make<interplay_text>(interplay_model_info, out.model.get())).str();
  if (out.data && interplay_dataset_seal(out.data.get(), nullptr) == INTERPLAY_OK)
    bytes += Text(detail::make<interplay_text>(interplay_dataset_info,
                                               static_cast<const interplay_dataset*>(out.data.get())))
                 .str();
  interplay_column column;
  if (out.table && interplay_table_column(out.table.get(), "score", &column, nullptr) == INTERPLAY_OK)
    bytes.append(static_cast<const char*>(column.values),
                 static_cast<std::size_t>(column.rows) * sizeof(float));
  return bytes;
}

struct Call {
  const char* name;
  std::function<interplay_status(Out&, interplay_error**)> run;
};

inline long next_failure(long n) {
#ifdef INTERPLAY_EVERY_ALLOCATION
  return n + 1;
#else
  return n < 300 ? n + 1 : n + n / 16;
#endif
}

/// One call with one failure; false when it got through without.
inline bool survives(const Call& call, long n, bool lasts, const std::string& expected) {
  const long before = faults::living;
  bool fired = false;
  std::string wrong;
  {
    Out out;
    interplay_error* error = nullptr;
    faults::arm(n, lasts);
    const interplay_status status = call.run(out, &error);
    fired = faults::disarm();
    if (status != (error != nullptr ? interplay_error_status(error) : INTERPLAY_OK))
      wrong = "status and error disagree";
    else if (status != INTERPLAY_OK && (status != INTERPLAY_NO_MEMORY || !fired))
      wrong = std::string("it says: ") + interplay_error_message(error);
    else if (status == INTERPLAY_OK && told(out) != expected)
      wrong = "it succeeds with another result";
    interplay_error_free(error);
  }
  const std::string_view problem = wrong;
  const long leaked = faults::living - before - (wrong.capacity() > 15 ? 1 : 0);
  if (!problem.empty() || leaked != 0)
    BOOST_ERROR(call.name << ", allocation " << n << (lasts ? " and all after it" : "")
                          << " failed: " << wrong << "; allocations left behind: " << leaked);
  return fired;
}

inline void sweep(const Call& call) {
  std::string expected;
  for (int warm = 0; warm < 2; ++warm) {
    Out out;
    BOOST_REQUIRE(call.run(out, nullptr) == INTERPLAY_OK);
    expected = told(out);
  }
  for (const bool lasts : {false, true}) {
    long n = 1, survived = 0;
    for (; survives(call, n, lasts, expected); n = next_failure(n)) ++survived;
    BOOST_TEST_MESSAGE(call.name << ": " << survived << " failures survived, of " << n - 1 << " allocations");
    BOOST_TEST(survived > 0, call.name << " allocates nothing");
  }
}

}  // namespace interplay::test
