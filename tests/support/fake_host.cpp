#include "support/fake_host.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

namespace fake {
namespace {

std::atomic<int> errors_alive{0};

struct FakeError {
  interplay_status status;
  std::string message, detail;
};

std::size_t element_size(std::int32_t dtype) {
  if (dtype == INTERPLAY_BOOL8 || dtype == INTERPLAY_INT8) return 1;
  if (dtype == INTERPLAY_BFLOAT16) return 2;
  return dtype == INTERPLAY_INT64 || dtype == INTERPLAY_FLOAT64 ? 8 : 4;
}

interplay_status fail(interplay_error** error, interplay_status status, const char* message,
                      const char* detail) {
  if (error) {
    *error = reinterpret_cast<interplay_error*>(new FakeError{status, message, detail ? detail : "{}"});
    ++errors_alive;
  }
  return status;
}

void error_free(interplay_error* error) {
  if (!error) return;
  delete reinterpret_cast<FakeError*>(error);
  --errors_alive;
}

double number(const interplay_params* params, const char* name) {
  const auto& numbers = reinterpret_cast<const Params*>(params)->numbers;
  const auto found = numbers.find(name);
  return found == numbers.end() ? 0 : found->second;
}
std::int64_t integer(const interplay_params* params, const char* name) {
  return static_cast<std::int64_t>(number(params, name));
}
const char* text(const interplay_params* params, const char* name) {
  const auto& texts = reinterpret_cast<const Params*>(params)->texts;
  const auto found = texts.find(name);
  return found == texts.end() ? "" : found->second.c_str();
}
std::int32_t flag(const interplay_params* params, const char* name) { return number(params, name) != 0; }
std::size_t list(const interplay_params* params, const char* name, double* out, std::size_t capacity) {
  const auto& lists = reinterpret_cast<const Params*>(params)->lists;
  const auto found = lists.find(name);
  if (found == lists.end()) return 0;
  std::copy_n(found->second.begin(), std::min(capacity, found->second.size()), out);
  return found->second.size();
}

const Data& data_of(const interplay_view* view) { return *reinterpret_cast<const Data*>(view); }
std::int64_t view_rows(const interplay_view* view) { return data_of(view).rows(); }
std::uint32_t view_fields(const interplay_view* view, const interplay_field** out) {
  *out = data_of(view).fields().data();
  return static_cast<std::uint32_t>(data_of(view).columns.size());
}
void view_objective(const interplay_view* view, interplay_objective* out) { *out = data_of(view).objective; }

std::int64_t view_negatives(const interplay_view* view) { return data_of(view).negatives; }

interplay_status batch_new(const interplay_view* view, std::int64_t, interplay_batch** out,
                           interplay_error**) {
  auto* memory = new BatchMemory(data_of(view));
  memory->batch.users =
      reinterpret_cast<const std::int32_t*>(memory);  // found again by batch_fill and batch_free
  *out = &memory->batch;
  return INTERPLAY_OK;
}
BatchMemory& memory_of(const interplay_batch* batch) {
  return *reinterpret_cast<BatchMemory*>(const_cast<std::int32_t*>(batch->users));
}
interplay_status batch_fill(interplay_batch* batch, const std::int64_t* rows, std::int64_t n, std::uint64_t,
                            interplay_error**) {
  memory_of(batch).fill(rows, n);
  return INTERPLAY_OK;
}
void batch_free(interplay_batch* batch) { delete &memory_of(batch); }

interplay_status report(interplay_run* run, const interplay_event* event) {
  Run& r = *reinterpret_cast<Run*>(run);
  if (event->epoch_end) r.events.push_back(*event);
  return r.reports++ == r.cancel_at_report ? INTERPLAY_CANCELLED : INTERPLAY_OK;
}
std::int32_t workers(const interplay_run* run) { return reinterpret_cast<const Run*>(run)->workers; }
void note(interplay_run* run, const char* key, double value) {
  reinterpret_cast<Run*>(run)->notes[key] = value;
}
void warn(interplay_run* run, const char* message) {
  reinterpret_cast<Run*>(run)->warnings.push_back(message);
}

interplay_status put(interplay_writer* writer, const char* name, const interplay_tensor* tensor,
                     interplay_error**) {
  File::Section section{tensor->dtype, {tensor->shape, tensor->shape + tensor->rank}, {}, 0};
  section.bytes = element_size(tensor->dtype);
  for (const std::int64_t n : section.shape) section.bytes *= static_cast<std::size_t>(n);
  section.words.resize(section.bytes / 8 + 1);
  if (section.bytes) std::memcpy(section.words.data(), tensor->data, section.bytes);
  reinterpret_cast<File*>(writer)->sections[name] = std::move(section);
  return INTERPLAY_OK;
}
std::int32_t wants_optimizer(const interplay_writer* writer) {
  return reinterpret_cast<const File*>(writer)->wants_optimizer;
}
std::int32_t table_type(const interplay_writer* writer) {
  return reinterpret_cast<const File*>(writer)->table_type;
}
std::int32_t verifies(const interplay_reader* reader) {
  return reinterpret_cast<const File*>(reader)->verify ? 1 : 0;
}
interplay_status get(interplay_reader* reader, const char* name, interplay_tensor* out,
                     interplay_error** error) {
  File& file = *reinterpret_cast<File*>(reader);
  file.read.push_back(name);
  const auto found = file.sections.find(name);
  if (found == file.sections.end()) return fail(error, INTERPLAY_NOT_FOUND, name, nullptr);
  const File::Section& section = found->second;
  *out = {section.words.data(), section.dtype, static_cast<std::int32_t>(section.shape.size()), {}};
  std::copy(section.shape.begin(), section.shape.end(), out->shape);
  return INTERPLAY_OK;
}
std::int32_t has(const interplay_reader* reader, const char* name) {
  return reinterpret_cast<const File*>(reader)->sections.count(name) != 0;
}

}  // namespace

/// Shards are handed out one by one; between calls the threads spin for a while, then give way.
class Pool {
 public:
  using Body = interplay_status (*)(void*, std::int64_t, std::int32_t);

  explicit Pool(int workers) {
    for (int i = 1; i < workers; ++i) threads_.emplace_back([this, i] { wait_for_work(i); });
  }
  ~Pool() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }

  interplay_status run(std::int64_t shards, Body body, void* arg) {
    body_ = body;
    arg_ = arg;
    shards_ = shards;
    next_ = 0;
    failed_shard_ = shards;
    busy_ = static_cast<int>(threads_.size());
    ++round_;
    take_shards(0);
    for (int spins = 0; busy_ != 0; ++spins)
      if (spins > 1000) std::this_thread::yield();
    return failed_shard_ < shards ? status_ : INTERPLAY_OK;
  }

 private:
  void take_shards(int worker) {
    for (std::int64_t shard; (shard = next_++) < shards_;) {
      const interplay_status status = body_(arg_, shard, worker);
      if (status == INTERPLAY_OK) continue;
      while (lock_.test_and_set()) {
      }
      if (shard < failed_shard_) {
        failed_shard_ = shard;
        status_ = status;
      }
      lock_.clear();
    }
  }
  void wait_for_work(int worker) {
    for (std::uint64_t seen = 0;;) {
      for (int spins = 0; round_ == seen; ++spins) {
        if (stop_) return;
        if (spins > 1000) std::this_thread::yield();
      }
      ++seen;
      take_shards(worker);
      --busy_;
    }
  }

  Body body_ = nullptr;
  void* arg_ = nullptr;
  std::int64_t shards_ = 0, failed_shard_ = 0;
  interplay_status status_ = INTERPLAY_OK;
  std::atomic_flag lock_ = ATOMIC_FLAG_INIT;
  std::atomic<std::int64_t> next_{0};
  std::atomic<std::uint64_t> round_{0};
  std::atomic<int> busy_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

namespace {
interplay_status parallel(interplay_run* run, std::int64_t shards, Pool::Body body, void* arg) {
  return reinterpret_cast<Run*>(run)->pool->run(shards, body, arg);
}
}  // namespace

Params Params::defaults(const char* params_schema, const std::string& preset) {
  const nlohmann::json schema = nlohmann::json::parse(params_schema);
  const nlohmann::json none = nlohmann::json::object();
  const nlohmann::json& chosen = preset.empty() ? none : schema.at("presets").at(preset);
  Params params;
  params.numbers["seed"] = 7;
  for (const auto& [name, property] : schema.at("properties").items()) {
    const nlohmann::json& value = chosen.contains(name) ? chosen[name] : property.at("default");
    if (value.is_string())
      params.texts[name] = value.get<std::string>();
    else if (value.is_array())
      params.lists[name] = value.get<std::vector<double>>();
    else
      params.numbers[name] = value.is_boolean() ? value.get<bool>() : value.get<double>();
  }
  return params;
}

Run::Run(int n) : workers(n), pool(std::make_unique<Pool>(n)) {}
Run::~Run() = default;

const std::vector<interplay_field>& Data::fields() const {
  if (fields_.empty())
    for (const Column& column : columns)
      fields_.push_back({column.name.c_str(), column.kind, column.of, column.cardinality, column.is_id});
  return fields_;
}

namespace {
interplay_values gather(Column& to, const Column& from, const std::int64_t* rows, std::int64_t n) {
  to.ids.clear();
  to.numbers.clear();
  to.offsets.assign(1, 0);
  for (std::int64_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(rows[i]);
    if (from.kind == INTERPLAY_CATEGORY) to.ids.push_back(from.ids[row]);
    if (from.kind == INTERPLAY_NUMBER) to.numbers.push_back(from.numbers[row]);
    if (from.kind != INTERPLAY_CATEGORIES) continue;
    to.ids.insert(to.ids.end(), from.ids.begin() + from.offsets[row],
                  from.ids.begin() + from.offsets[row + 1]);
    if (!from.numbers.empty())
      to.numbers.insert(to.numbers.end(), from.numbers.begin() + from.offsets[row],
                        from.numbers.begin() + from.offsets[row + 1]);
    to.offsets.push_back(static_cast<std::int32_t>(to.ids.size()));
  }
  return {n, to.ids.data(), from.numbers.empty() ? nullptr : to.numbers.data(), to.offsets.data()};
}
}  // namespace

void BatchMemory::fill(const std::int64_t* rows, std::int64_t n) {
  columns.resize(data.columns.size());
  values.clear();
  for (std::size_t i = 0; i < columns.size(); ++i)
    values.push_back(gather(columns[i], data.columns[i], rows, n));
  labels.clear();
  weights.clear();
  for (std::int64_t i = 0; i < n; ++i) {
    labels.push_back(data.labels[static_cast<std::size_t>(rows[i])]);
    if (!data.weights.empty()) weights.push_back(data.weights[static_cast<std::size_t>(rows[i])]);
  }
  batch.struct_size = sizeof batch;
  batch.n_fields = static_cast<std::uint32_t>(columns.size());
  batch.rows = n;
  batch.fields = values.data();
  batch.labels = labels.data();
  batch.weights = data.weights.empty() ? nullptr : weights.data();
}

Failure::~Failure() { error_free(error); }
std::string Failure::message() const { return error ? reinterpret_cast<FakeError*>(error)->message : ""; }

int live_errors() { return errors_alive; }

const interplay_host& host() {
  static const interplay_host table{sizeof(interplay_host),
                                    INTERPLAY_ENGINE_ABI,
                                    fail,
                                    integer,
                                    number,
                                    text,
                                    flag,
                                    list,
                                    view_rows,
                                    view_fields,
                                    view_objective,
                                    batch_new,
                                    batch_fill,
                                    batch_free,
                                    workers,
                                    parallel,
                                    report,
                                    note,
                                    warn,
                                    put,
                                    wants_optimizer,
                                    get,
                                    has,
                                    error_free,
                                    view_negatives,
                                    table_type,
                                    verifies};
  return table;
}

}  // namespace fake
