#include "support.hpp"

#include "network.hpp"

#include <interplay/sdk/random.hpp>

#include <cmath>
#include <numeric>

namespace interplay::autoint::test {

const interplay_engine& engine() { return *interplay_builtin_autoint(INTERPLAY_ENGINE_ABI, &fake::host()); }

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

fake::Data make_data(const Shape& c, std::uint64_t seed) {
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

fake::Params small_params() {
  fake::Params params = fake::Params::defaults(params_schema());
  for (const auto& [name, value] : std::map<std::string, double>{{"embedding_dim", 8},
                                                                 {"attention_dim", 8},
                                                                 {"num_layers", 2},
                                                                 {"epochs", 3},
                                                                 {"batch_size", 150},
                                                                 {"learning_rate", 0.01},
                                                                 {"warmup_steps", 5},
                                                                 {"embedding_dropout", 0.1},
                                                                 {"embedding_init", 0.1},
                                                                 {"embedding_l2", 0.01}})
    params.numbers[name] = value;
  return params;
}

fake::Params exact_params(const std::string& preset) {
  fake::Params params = fake::Params::defaults(params_schema(), preset);
  for (const char* name : {"dropout", "embedding_dropout", "output_dropout", "deep_dropout", "embedding_l2"})
    params.numbers[name] = 0;
  params.numbers["embedding_init"] = 0.5;
  params.numbers["embedding_dim"] = params.numbers["attention_dim"] = 6;
  params.numbers["num_layers"] = 2;
  if (!params.lists["deep_layers"].empty()) params.lists["deep_layers"] = {7, 4};
  return params;
}

std::vector<std::int64_t> all_rows(const fake::Data& data) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(data.rows()));
  std::iota(rows.begin(), rows.end(), std::int64_t{0});
  return rows;
}

kit::Model fresh_model(const fake::Params& params, const fake::Data& data, const kit::Kernels& level) {
  engine();  // sets the host
  auto graph = build(read_settings(Params(params.get())), data.columns.size());
  return kit::make_model(std::move(graph), data.fields(), 7, 0.3f, level);
}

std::map<std::string, std::vector<double>> by_name(const kit::Graph& graph, const float* dense) {
  std::map<std::string, std::vector<double>> all;
  for (const kit::Parameter& p : graph.parameters) {
    std::vector<double>& plain = all[p.name];
    for (std::size_t i = 0; i < p.size(); ++i) plain.push_back(static_cast<double>(dense[p.offset + i]));
  }
  return all;
}

namespace {

reference::Variant variant_of(const fake::Params& params) {
  const Settings s = read_settings(Params(params.get()));
  const auto text = [&](const char* name) { return params.texts.at(name); };
  const auto flag = [&](const char* name) { return params.numbers.at(name) != 0; };
  reference::Variant v;
  v.widths = s.widths;
  v.heads = s.num_heads;
  v.feed_forward = s.feed_forward;
  v.qkv = text("qkv");
  v.qkv_activation = text("qkv_activation");
  v.score_scale = text("score_scale");
  v.attention = text("attention");
  v.output_projection = text("output_projection");
  v.residual = text("residual");
  v.residual_activation = text("residual_activation");
  v.norm = text("norm");
  v.activation = text("activation");
  v.pool = text("pool");
  v.number_embedding = text("number_embedding");
  v.qkv_bias = flag("qkv_bias");
  v.input_projection = flag("input_projection");
  v.first_order = flag("first_order");
  v.output_bias = flag("output_bias");
  v.deep_batch_norm = flag("deep_batch_norm");
  v.deep_layers = s.deep_layers;
  return v;
}

}  // namespace

reference::AutoInt to_twin(const kit::Model& model, const fake::Params& params) {
  reference::AutoInt twin{variant_of(params), model.kinds, {}};
  for (std::size_t t = 0; t < model.tables.size(); ++t) {
    const std::size_t rows = model.tables[t].rows(), width = model.graph->tables[t].width;
    const float* v = model.tables[t].data();
    twin.w[model.graph->tables[t].name] = {rows, width, std::vector<double>(v, v + rows * width)};
  }
  const auto dense = by_name(*model.graph, model.dense.data());
  for (const kit::Parameter& p : model.graph->parameters)
    twin.w[p.name] = {p.rows.size(), p.columns.size(), dense.at(p.name)};
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
