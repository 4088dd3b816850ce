// What the tests of this folder share: small data, settings, and the way from the engine's model to the
// twin's.
#pragma once

#include "reference/autoint_twin.hpp"
#include "state.hpp"
#include "support/fake_host.hpp"

#include <map>
#include <string>
#include <vector>

extern "C" const interplay_engine* interplay_builtin_autoint(std::uint32_t abi, const interplay_host* host);

namespace interplay::autoint::test {

/// The engine over the fake host; the kit's wrappers work after the first call.
const interplay_engine& engine();

/// One shape to try: fields by kind ('c' category, 'm' list, 'w' list with weights, 'n' number), and sizes.
struct Case {
  const char* fields;
  std::int64_t d, A, H, L;
  std::int64_t rows;
  std::int32_t objective;
  bool weighted;
};
std::ostream& operator<<(std::ostream& out, const Case& c);
/// The awkward ones among them: one row, one field, one head, widths that fill no vector, no layer at all.
const std::vector<Case>& cases();

/// Random rows: lists are empty now and then, numbers are missing now and then.
fake::Data make_data(const Case& c, std::uint64_t seed);
/// Labels that depend on pairs of values of two category fields, so that there is something to learn.
fake::Data planted(std::int64_t rows, std::int32_t cardinality, std::uint64_t seed);
Settings settings_of(const Case& c);
/// The schema's defaults with small sizes, for the C table.
fake::Params small_params();
std::vector<std::int64_t> all_rows(const fake::Data& data);

/// The same numbers without padding, in double.
reference::AutoInt to_twin(const Model& model);
/// Dense weights, or their gradients, in the twin's layout and place.
void dense_to_twin(std::vector<double>& p, const reference::AutoInt& twin, const Model& model,
                   const float* dense);

/// Several kinds of field, over two thousand rows: 14 batches of 150 with a short last one, shards of 64 and
/// 22.
inline const Case mixed{"ccmwn", 8, 8, 2, 2, 2050, INTERPLAY_BINARY, true};

std::vector<float> score(const void* state, const interplay_batch& batch);
std::vector<float> score_all(const void* state, const fake::Data& data);
/// What save writes, by section.
std::map<std::string, std::vector<std::uint64_t>> bytes_of(const void* state);

/// A state and whoever destroys it.
class Fitted {
 public:
  Fitted(const fake::Data& data, fake::Params params, int workers = 1, const fake::Data* valid = nullptr,
         const void* from = nullptr, int cancel_at = -1)
      : run(workers) {
    run.cancel_at_report = cancel_at;
    status = engine().fit(run.get(), params.get(), data.view(), valid ? valid->view() : nullptr, from, &state,
                          failure.out());
  }
  ~Fitted() {
    if (state) engine().destroy(state);
  }
  const State& get() const { return *static_cast<const State*>(state); }

  fake::Run run;
  fake::Failure failure;
  interplay_status status = INTERPLAY_OK;
  void* state = nullptr;
};

}  // namespace interplay::autoint::test
