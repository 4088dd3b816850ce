// A host for engines without the core: tables of functions over plain arrays in memory. It hides nothing, so
// that a test can build what the core never would: a hostile file, a fit that is cancelled in its third
// report, ids out of range.
#pragma once

#include <interplay/engine.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fake {

/// One column: fill what its kind needs.
struct Column {
  std::string name;
  std::int32_t kind = INTERPLAY_CATEGORY;
  std::int32_t cardinality = 0;
  std::vector<std::int32_t> ids;
  std::vector<float> numbers;  // of a number; or weights of a list, may be empty
  std::vector<std::int32_t> offsets;
  std::int32_t of = INTERPLAY_OF_CONTEXT;
  std::int32_t is_id = 0;
};

/// Encoded rows; hand `&data` cast by view() to an engine.
struct Data {
  std::vector<Column> columns;
  std::vector<float> labels, weights;  // weights may be empty
  interplay_objective objective{INTERPLAY_BINARY, 0, 0, 1, 0.5};
  std::int64_t negatives = 0;  // of each row of data: rows() / (1 + negatives) of the rows here are data

  std::int64_t rows() const { return static_cast<std::int64_t>(labels.size()); }
  const interplay_view* view() const { return reinterpret_cast<const interplay_view*>(this); }
  /// Frozen at the first call.
  const std::vector<interplay_field>& fields() const;

 private:
  mutable std::vector<interplay_field> fields_;
};

/// Rows of data as an engine sees them; owns its arrays.
struct BatchMemory {
  explicit BatchMemory(const Data& source) : data(source) {}
  void fill(const std::int64_t* rows, std::int64_t n);

  const Data& data;
  interplay_batch batch{};
  std::vector<interplay_values> values;
  std::vector<Column> columns;
  std::vector<float> labels, weights;
};

struct Params {
  std::map<std::string, double> numbers;  // flags and integers too
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<double>> lists;

  /// The defaults of an engine's schema, or of one of its presets.
  static Params defaults(const char* params_schema, const std::string& preset = "");
  const interplay_params* get() const { return reinterpret_cast<const interplay_params*>(this); }
};

/// Threads that wait for work; one for every worker but the caller.
class Pool;

struct Run {
  explicit Run(int workers = 1);
  ~Run();
  interplay_run* get() { return reinterpret_cast<interplay_run*>(this); }

  int workers;
  int cancel_at_report = -1;  // from 0; -1: never
  int reports = 0;
  std::vector<interplay_event> events;  // at ends of epochs
  std::map<std::string, double> notes;
  std::vector<std::string> warnings;
  std::unique_ptr<Pool> pool;
};

/// A file of named sections.
struct File {
  struct Section {
    std::int32_t dtype = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::uint64_t> words;  // the bytes, aligned
    std::size_t bytes = 0;
  };
  std::map<std::string, Section> sections;
  bool wants_optimizer = false;
  bool verify = true;
  std::int32_t table_type = 0;
  std::vector<std::string> read;  // names that get was asked for, in order

  interplay_writer* writer() { return reinterpret_cast<interplay_writer*>(this); }
  interplay_reader* reader() { return reinterpret_cast<interplay_reader*>(this); }
};

/// What an engine's failing call left behind; frees it.
struct Failure {
  Failure() = default;
  Failure(const Failure&) = delete;
  ~Failure();
  interplay_error** out() { return &error; }
  std::string message() const;

  interplay_error* error = nullptr;
};

const interplay_host& host();
/// Errors made and not yet freed: 0 at the end of every test.
int live_errors();

}  // namespace fake
