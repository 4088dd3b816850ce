// What the tests of this folder share: small data, parameters, and the way from the engine's model to the twin's.
#pragma once

#include "kit/state.hpp"
#include "params.hpp"
#include "reference/autoint_twin.hpp"
#include "support/fake_host.hpp"

#include <map>
#include <string>
#include <vector>

extern "C" const interplay_engine* interplay_builtin_autoint(std::uint32_t abi, const interplay_host* host);

namespace interplay::autoint::test {

using kit::State;

/// The engine over the fake host; the kit's wrappers work after the first call.
const interplay_engine& engine();

/// Rows to try: fields by kind ('c' category, 'm' list, 'w' list with coefficients, 'n' number).
struct Shape {
  const char* fields;
  std::int64_t rows;
  std::int32_t objective;
  bool weighted;
};

/// Random rows: lists are empty now and then, numbers are missing now and then.
fake::Data make_data(const Shape& shape, std::uint64_t seed);
/// Labels that depend on pairs of values of two category fields, so that there is something to learn.
fake::Data planted(std::int64_t rows, std::int32_t cardinality, std::uint64_t seed);
/// The schema's defaults with small sizes.
fake::Params small_params();
/// Tiny, without dropout or decay, and with large embeddings, so that attention is far from uniform and a wrong gradient
/// shows.
fake::Params exact_params(const std::string& preset = "");
std::vector<std::int64_t> all_rows(const fake::Data& data);

/// A fresh model by the parameters.
kit::Model fresh_model(const fake::Params& params, const fake::Data& data,
                       const kit::Kernels& level = kit::kernels());
/// The same numbers without padding, in double.
reference::AutoInt to_twin(const kit::Model& model, const fake::Params& params);
/// Numbers that lie like the model's dense weights, by the parameters' names.
std::map<std::string, std::vector<double>> by_name(const kit::Graph& graph, const float* dense);

/// Several kinds of field, over two thousand rows: 14 batches of 150 with a short last one, shards of 64 and 22.
inline const Shape mixed{"ccmwn", 2050, INTERPLAY_BINARY, true};

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
  const State& all() const { return *static_cast<const State*>(state); }
  /// The first member, and mostly the only one.
  const kit::Member& get() const { return all().members.front(); }

  fake::Run run;
  fake::Failure failure;
  interplay_status status = INTERPLAY_OK;
  void* state = nullptr;
};

}  // namespace interplay::autoint::test
