#include "support.hpp"

#include <numeric>

namespace interplay::popularity::test {

const interplay_engine& engine() {
  return *interplay_builtin_popularity(INTERPLAY_ENGINE_ABI, &fake::host());
}

fake::Data make_data(const std::vector<Row>& rows, interplay_objective objective) {
  fake::Data data;
  data.objective = objective;
  data.columns.resize(3);
  data.columns[0].name = "price";
  data.columns[0].kind = INTERPLAY_NUMBER;
  data.columns[1].name = "user";
  data.columns[1].of = INTERPLAY_OF_USER;
  data.columns[2].name = "item";
  data.columns[2].of = INTERPLAY_OF_ITEM;
  for (const std::size_t id : {1U, 2U}) {
    data.columns[id].cardinality = 10;
    data.columns[id].is_id = 1;
  }
  for (const Row& row : rows) {
    data.columns[0].numbers.push_back(0.5F);
    data.columns[1].ids.push_back(row.user);
    data.columns[2].ids.push_back(row.item);
    data.labels.push_back(row.label);
  }
  return data;
}

fake::Params damped(double user, double item, double rounds) {
  fake::Params params;
  params.numbers = {{"user_damping", user}, {"item_damping", item}, {"rounds", rounds}, {"seed", 1}};
  return params;
}
fake::Params undamped() { return damped(0, 0); }

std::vector<double> score(const void* state, const std::vector<Row>& pairs) {
  const fake::Data data = make_data(pairs, binary);
  fake::BatchMemory memory(data);
  std::vector<std::int64_t> rows(pairs.size());
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  memory.fill(rows.data(), data.rows());
  std::vector<float> out(pairs.size());
  if (engine().score(state, nullptr, &memory.batch, out.data(), nullptr) != INTERPLAY_OK) return {};
  return {out.begin(), out.end()};
}

std::map<std::string, std::vector<std::uint64_t>> bytes_of(const void* state) {
  fake::File file;
  engine().save(state, file.writer(), nullptr);
  std::map<std::string, std::vector<std::uint64_t>> bytes;
  for (const auto& [name, section] : file.sections) bytes[name] = section.words;
  return bytes;
}

Fitted::Fitted(const fake::Data& data, fake::Params params, int workers, const void* from, int cancel_at)
    : run(workers) {
  run.cancel_at_report = cancel_at;
  status = engine().fit(run.get(), params.get(), data.view(), nullptr, from, &state, failure.out());
}
Fitted::~Fitted() {
  if (state) engine().destroy(state);
}

}  // namespace interplay::popularity::test
