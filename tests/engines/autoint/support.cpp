#include "support.hpp"

#include <interplay/sdk/random.hpp>

#include <cmath>
#include <numeric>
#include <ostream>

namespace interplay::autoint::test {

const interplay_engine& engine() { return *interplay_builtin_autoint(INTERPLAY_ENGINE_ABI, &fake::host()); }

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.fields << " d=" << c.d << " A=" << c.A << " H=" << c.H << " L=" << c.L << " rows=" << c.rows
             << " objective=" << c.objective << (c.weighted ? " weighted" : "");
}

const std::vector<Case>& cases() {
  static const std::vector<Case> all{{"cc", 4, 4, 2, 2, 7, INTERPLAY_BINARY, false},
                                     {"cc", 32, 32, 2, 3, 130, INTERPLAY_RATING, false},
                                     {"c", 3, 2, 1, 1, 1, INTERPLAY_BINARY, false},
                                     {"cmwn", 5, 6, 3, 2, 9, INTERPLAY_RATING, true},
                                     {"mwn", 1, 1, 1, 2, 70, INTERPLAY_REGRESSION, false},
                                     {"ccc", 7, 9, 1, 3, 5, INTERPLAY_REGRESSION, true},
                                     {"cn", 3, 4, 2, 0, 6, INTERPLAY_BINARY, true},
                                     {"ccmwnccmwnccmwncc", 8, 20, 4, 2, 65, INTERPLAY_BINARY, true}};
  return all;
}

namespace {

void add_value(fake::Column& column, char kind, Random& random) {
  const auto id = [&] {
    return static_cast<std::int32_t>(random.below(static_cast<std::uint64_t>(column.cardinality)));
  };
  if (kind == 'c') column.ids.push_back(id());
  if (kind == 'n') column.numbers.push_back(random.below(5) == 0 ? NAN : random.normal());
  if (kind != 'm' && kind != 'w') return;
  for (std::uint64_t n = random.below(4); n > 0; --n) {
    column.ids.push_back(id());
    if (kind == 'w') column.numbers.push_back(0.5f + random.uniform());
  }
  column.offsets.push_back(static_cast<std::int32_t>(column.ids.size()));
}

float draw_label(std::int32_t objective, Random& random) {
  if (objective == INTERPLAY_BINARY) return static_cast<float>(random.below(2));
  if (objective == INTERPLAY_RATING) return static_cast<float>(1 + random.below(5));
  return 10 + 3 * random.normal();
}

}  // namespace

fake::Data make_data(const Case& c, std::uint64_t seed) {
  fake::Data data;
  Random random(seed, Purpose::golden_rows);
  for (const char* kind = c.fields; *kind; ++kind) {
    fake::Column& column = data.columns.emplace_back();
    column.name = std::string("field ") + *kind;
    column.kind = *kind == 'c' ? INTERPLAY_CATEGORY : *kind == 'n' ? INTERPLAY_NUMBER : INTERPLAY_CATEGORIES;
    column.cardinality = column.kind == INTERPLAY_NUMBER ? 0 : 5;
    if (column.kind == INTERPLAY_CATEGORIES) column.offsets.push_back(0);
    for (std::int64_t row = 0; row < c.rows; ++row) add_value(column, *kind, random);
  }
  for (std::int64_t row = 0; row < c.rows; ++row) {
    data.labels.push_back(draw_label(c.objective, random));
    if (c.weighted) data.weights.push_back(0.2f + random.uniform());
  }
  if (c.objective == INTERPLAY_RATING) data.objective = {INTERPLAY_RATING, 0, 1, 5, 3};
  if (c.objective == INTERPLAY_REGRESSION) data.objective = {INTERPLAY_REGRESSION, 0, 10, 13, 10};
  return data;
}

fake::Data planted(std::int64_t rows, std::int32_t cardinality, std::uint64_t seed) {
  fake::Data data;
  Random random(seed, Purpose::golden_rows);
  data.columns.resize(2);
  for (fake::Column& column : data.columns) column.cardinality = cardinality;
  data.columns[0].name = "user";
  data.columns[1].name = "item";
  const auto n = static_cast<std::uint64_t>(cardinality - 1);
  for (std::int64_t row = 0; row < rows; ++row) {
    const auto user = static_cast<std::int32_t>(1 + random.below(n)),
               item = static_cast<std::int32_t>(1 + random.below(n));
    data.columns[0].ids.push_back(user);
    data.columns[1].ids.push_back(item);
    const bool likes = (user % 3) == (item % 3);
    data.labels.push_back(likes == (random.below(10) != 0) ? 1.0f : 0.0f);
  }
  return data;
}

Settings settings_of(const Case& c) {
  Settings settings;
  settings.embedding_dim = c.d;
  settings.attention_dim = c.A;
  settings.num_heads = c.H;
  settings.num_layers = c.L;
  settings.dropout = settings.embedding_dropout = settings.embedding_decay = 0;
  settings.embedding_init = 0.5;  // large, so that attention is far from uniform and a wrong gradient shows
  return settings;
}

fake::Params small_params() {
  fake::Params params;
  params.numbers = {{"embedding_dim", 8},    {"attention_dim", 8},      {"num_heads", 2},
                    {"num_layers", 2},       {"dropout", 0.1},          {"epochs", 3},
                    {"batch_size", 150},     {"learning_rate", 0.01},   {"warmup_steps", 5},
                    {"patience", 3},         {"restore_best", 1},       {"embedding_dropout", 0.1},
                    {"embedding_init", 0.1}, {"embedding_decay", 0.01}, {"seed", 7}};
  return params;
}

std::vector<std::int64_t> all_rows(const fake::Data& data) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(data.rows()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

void dense_to_twin(std::vector<double>& p, const reference::AutoInt& t, const Model& model,
                   const float* dense) {
  const Shape& s = model.shape;
  for (std::size_t l = 0; l < s.L; ++l)
    for (std::size_t h = 0; h < s.H; ++h)
      for (std::size_t c = 0; c < s.dh; ++c)
        for (std::size_t r = 0; r < s.d; ++r) {
          for (std::size_t which = 0; which < 3; ++which)
            p[t.qkv(l, which) + r * s.A + h * s.dh + c] =
                static_cast<double>(dense[s.qkv(l) + r * 3 * s.Ap + which * s.Ap + h * s.dhp + c]);
          p[t.projection(l) + (h * s.dh + c) * s.d + r] =
              static_cast<double>(dense[s.projection(l) + (h * s.dhp + c) * s.dp + r]);
        }
  for (std::size_t i = 0; i < (s.L + 1) * s.M; ++i)
    for (std::size_t c = 0; c < s.d; ++c)
      p[t.output() + i * s.d + c] = static_cast<double>(dense[s.output(0) + i * s.dp + c]);
  p[t.bias()] = static_cast<double>(dense[s.bias()]);
}

reference::AutoInt to_twin(const Model& model) {
  const Shape& s = model.shape;
  reference::AutoInt twin{s.M, s.d, s.A, s.H, s.L, model.kinds, {}, {}};
  for (const Table& table : model.tables) twin.rows.push_back(table.rows());
  twin.p.resize(twin.size());
  for (std::size_t f = 0; f < s.M; ++f)
    for (std::size_t i = 0; i < twin.rows[f] * s.d; ++i)
      twin.p[twin.table(f) + i] = static_cast<double>(model.tables[f].data()[i]);
  dense_to_twin(twin.p, twin, model, model.dense.data());
  return twin;
}

std::vector<float> score(const void* state, const interplay_batch& batch) {
  std::vector<float> out(static_cast<std::size_t>(batch.rows));
  if (engine().score(state, nullptr, &batch, out.data(), nullptr) != INTERPLAY_OK) out.clear();
  return out;
}

std::vector<float> score_all(const void* state, const fake::Data& data) {
  fake::BatchMemory memory(data);
  memory.fill(all_rows(data).data(), data.rows());
  return score(state, memory.batch);
}

std::map<std::string, std::vector<std::uint64_t>> bytes_of(const void* state) {
  fake::File file;
  file.wants_optimizer = true;
  engine().save(state, file.writer(), nullptr);
  std::map<std::string, std::vector<std::uint64_t>> bytes;
  for (const auto& [name, section] : file.sections) bytes[name] = section.words;
  return bytes;
}

}  // namespace interplay::autoint::test
