// interplay.hpp: interplay.h for C++17 and later. Header only: every class owns one handle of the C
// interface, every failing call throws an Exception. It adds no behaviour of its own, so interplay.h stays
// the reference for all calls.
//
//   const auto model = interplay::Model::fit_pairs("autoint", R"({"epochs": 20})", users, movies, stars);
//   const auto [items, scores] = model.recommend_user(1, 10);
//   model.save("model.interplay");
//
// and with users' and items' features:
//
//   interplay::Dataset data(R"({"user": "user_id", "item": "movie_id", "label": "rating"})");
//   data.append("items", interplay::Table(3).add("movie_id", ids).add("year", years));
//   data.append("interactions", interplay::Table(n).add("user_id", users).add("movie_id", movies).add("rating", stars));
//   const auto model = interplay::Model::create("autoint").fit(data.seal());
//
// OWNERS    Objects move and do not copy, except Model, which is immutable: a copy is one more reference to the same
//           model. One that was moved from is refused by every call. A Column, and what Text::view gives, is borrowed.
// THREADS   const methods may be called by any number of threads at once, others by one at a time. A Monitor's callback
//           runs on the thread that is inside the call.
// ERRORS    interplay::Exception: what() is the library's sentence, status() and detail() are for programs. What a
//           callback throws comes out of the call that it cancels.
#pragma once

#include <interplay/base.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace interplay {

/// Bytes that the library returned: JSON, or a dumped model.
class Text {
 public:
  explicit Text(detail::Handle<interplay_text> handle) : handle_(std::move(handle)) {}
  std::string_view view() const noexcept { return {c_str(), interplay_text_size(handle_.get())}; }
  operator std::string_view() const noexcept { return view(); }
  std::string str() const { return std::string(view()); }
  const char* c_str() const noexcept { return interplay_text_data(handle_.get()); }

 private:
  detail::Handle<interplay_text> handle_;
};

/// One column as it lies in a table. Borrowed: it dies with the table.
class Column {
 public:
  explicit Column(const interplay_column& column) : column_(column) {}
  int32_t type() const noexcept { return column_.type; }
  int64_t rows() const noexcept { return column_.rows; }
  bool is_list() const noexcept { return column_.row_offsets != nullptr; }
  bool is_valid(int64_t row) const noexcept { return column_.valid == nullptr || column_.valid[row] != 0; }
  /// All numbers; of a list column, the numbers of all lists. T must be the column's own type.
  template <class T>
  ArrayView<T> values() const {
    if (detail::type_of<T>() != column_.type)
      throw Exception(INTERPLAY_BAD_DATA, "the column has another element type");
    return {static_cast<const T*>(column_.values), static_cast<std::size_t>(column_.n_values)};
  }
  /// The i-th string; the i-th row's where the column is not a list.
  std::string_view text(int64_t i) const {
    if (column_.type != INTERPLAY_STRING)
      throw Exception(INTERPLAY_BAD_DATA, "the column does not hold strings");
    const int64_t* at = column_.string_offsets + i;
    return {static_cast<const char*>(column_.values) + at[0], static_cast<std::size_t>(at[1] - at[0])};
  }
  /// The first value of a row and the one behind its last.
  std::pair<int64_t, int64_t> range(int64_t row) const noexcept {
    if (!is_list()) return {row, row + 1};
    return {column_.row_offsets[row], column_.row_offsets[row + 1]};
  }
  const interplay_column& raw() const noexcept { return column_; }

 private:
  interplay_column column_;
};

/// Named columns of equal length.
class Table {
 public:
  explicit Table(int64_t rows)
      : handle_(detail::make<interplay_table>(interplay_table_new, rows)), rows_(rows) {}
  explicit Table(detail::Handle<interplay_table> handle) : handle_(std::move(handle)) {}
  /// The stream is moved in and released in every case.
  static Table from_arrow(ArrowArrayStream* stream) {
    return Table(detail::make<interplay_table>(interplay_table_from_arrow, stream));
  }
  /// The stream outlives the table.
  void to_arrow(ArrowArrayStream* out_stream) const {
    detail::call(interplay_table_to_arrow, get(), out_stream);
  }

  /// Any array of int64_t, int32_t, float, double, uint8_t (booleans, 0 or 1), std::string or
  /// std::string_view, with one value a row, copied. valid: empty, or a byte a row, 0 for null.
  template <class Values>
  Table& add(ZString name, const Values& values, ArrayView<uint8_t> valid = {}) {
    if (!valid.empty()) detail::expect_length(valid.size(), std::size(values), "valid, a byte a row");
    return put(name, values, nullptr, valid);
  }
  /// A multi-valued column: row r has the values row_offsets[r] .. row_offsets[r + 1] - 1.
  template <class Values>
  Table& add_lists(ZString name, const Values& values, ArrayView<int64_t> row_offsets,
                   ArrayView<uint8_t> valid = {}) {
    detail::expect(rows_ >= 0, "add_lists needs a table that was made with a number of rows");
    expect_row_offsets(row_offsets);
    if (!valid.empty()) detail::expect_length(valid.size(), row_offsets.size() - 1, "valid, a byte a row");
    return put(name, values, row_offsets.data(), valid);
  }
  /// Strings that lie one behind the other already; offsets has one number more than there are strings.
  Table& add_strings(ZString name, std::string_view bytes, ArrayView<int64_t> offsets,
                     ArrayView<int64_t> row_offsets = {}, ArrayView<uint8_t> valid = {}) {
    detail::expect(!offsets.empty(), "offsets must have one number more than there are strings");
    const bool lists = !row_offsets.empty();
    if (lists) expect_row_offsets(row_offsets);
    if (!valid.empty())
      detail::expect_length(valid.size(), (lists ? row_offsets : offsets).size() - 1, "valid, a byte a row");
    detail::call(interplay_table_add_strings, get(), name.get(), bytes.data(),
                 static_cast<int64_t>(bytes.size()), offsets.data(), static_cast<int64_t>(offsets.size()) - 1,
                 lists ? row_offsets.data() : nullptr, detail::data_or_null(valid));
    return *this;
  }

  Column column(ZString name) const {
    interplay_column out;
    detail::call(interplay_table_column, static_cast<const interplay_table*>(get()), name.get(), &out);
    return Column(out);
  }
  Text info() const { return Text(detail::make<interplay_text>(interplay_table_info, get())); }
  interplay_table* get() const noexcept { return handle_.get(); }

 private:
  void expect_row_offsets(ArrayView<int64_t> row_offsets) const {
    detail::expect_length(row_offsets.size(), static_cast<std::size_t>(rows_) + 1,
                          "row_offsets, rows + 1 numbers");
  }
  template <class Values>
  Table& put(ZString name, const Values& values, const int64_t* row_offsets, ArrayView<uint8_t> valid) {
    using Element = std::decay_t<decltype(*std::data(values))>;
    const auto n = static_cast<int64_t>(std::size(values));
    if constexpr (std::is_convertible_v<Element, std::string_view>) {
      std::string bytes;
      std::vector<int64_t> offsets(1, 0);
      offsets.reserve(std::size(values) + 1);
      for (const std::string_view text : values) {
        bytes += text;
        offsets.push_back(static_cast<int64_t>(bytes.size()));
      }
      detail::call(interplay_table_add_strings, get(), name.get(), bytes.data(),
                   static_cast<int64_t>(bytes.size()), offsets.data(), n, row_offsets,
                   detail::data_or_null(valid));
    } else {
      static_assert(detail::type_of<Element>() != 0,
                    "columns hold int64_t, int32_t, float, double, uint8_t or strings");
      detail::call(interplay_table_add, get(), name.get(), detail::type_of<Element>(),
                   static_cast<const void*>(std::data(values)), n, row_offsets, detail::data_or_null(valid));
    }
    return *this;
  }

  detail::Handle<interplay_table> handle_;
  int64_t rows_ = -1;
};

/// Interactions, and features of users and items.
class Dataset {
 public:
  explicit Dataset(ZString schema_json)
      : handle_(detail::make<interplay_dataset>(interplay_dataset_new, schema_json.get())) {}
  explicit Dataset(detail::Handle<interplay_dataset> handle) : handle_(std::move(handle)) {}
  Dataset& append(ZString part, const Table& table) {
    detail::call(interplay_dataset_append, get(), part.get(),
                 static_cast<const interplay_table*>(table.get()));
    return *this;
  }
  Dataset& append_arrow(ZString part, ArrowArrayStream* moved_in) {
    detail::call(interplay_dataset_append_arrow, get(), part.get(), moved_in);
    return *this;
  }
  Dataset& seal() {
    detail::call(interplay_dataset_seal, get());
    return *this;
  }
  std::pair<Dataset, Dataset> split(ZString options_json) const {
    interplay_dataset *first = nullptr, *second = nullptr;
    detail::call(interplay_dataset_split, static_cast<const interplay_dataset*>(get()), options_json.get(),
                 &first, &second);
    return {Dataset(detail::Handle<interplay_dataset>(first)),
            Dataset(detail::Handle<interplay_dataset>(second))};
  }
  Text info() const { return Text(detail::make<interplay_text>(interplay_dataset_info, get())); }
  interplay_dataset* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<interplay_dataset> handle_;
};

/// Watches and cancels long calls. An exception from the callback cancels the call and comes out of it.
class Monitor {
 public:
  /// Gets an event, see interplay_progress; returns false to cancel.
  using Callback = std::function<bool(std::string_view event_json)>;

  explicit Monitor(Callback callback = nullptr) : state_(new State(std::move(callback))) {
    handle_ = detail::make<interplay_monitor>(interplay_monitor_new,
                                              state_->callback ? &Monitor::progress : nullptr,
                                              static_cast<void*>(state_.get()));
  }
  void cancel() const noexcept { interplay_monitor_cancel(get()); }
  Text read() const { return Text(detail::make<interplay_text>(interplay_monitor_read, get())); }
  interplay_monitor* get() const noexcept { return handle_.get(); }

  /// Runs a call that this monitor (or nullptr) watches.
  template <class Call>
  static auto watched(const Monitor* monitor, Call call) {
    try {
      return call(monitor ? monitor->get() : nullptr);
    } catch (const Exception&) {
      if (const std::exception_ptr thrown = monitor ? monitor->state_->exchange(nullptr) : nullptr)
        std::rethrow_exception(thrown);
      throw;
    }
  }

 private:
  struct State {
    explicit State(Callback wanted) : callback(std::move(wanted)) {}
    Callback callback;
    std::mutex mutex;  // calls on several threads may have one monitor
    std::exception_ptr thrown;

    std::exception_ptr exchange(std::exception_ptr next) {
      const std::lock_guard<std::mutex> lock(mutex);
      return std::exchange(thrown, std::move(next));
    }
  };
  static int32_t progress(void* state, const char* event_json) noexcept {
    try {
      return static_cast<State*>(state)->callback(event_json) ? 0 : 1;
    } catch (...) {
      static_cast<State*>(state)->exchange(std::current_exception());
      return 1;
    }
  }

  std::unique_ptr<State> state_;  // on the heap: the callback's address outlives a move
  detail::Handle<interplay_monitor> handle_;
};

/// What recommend_user returns: best first, both of the same length.
struct Ranking {
  std::vector<int64_t> items;
  std::vector<float> scores;
};

/// An engine with its parameters and what it learned. Immutable: fit and update return another model.
class Model {
 public:
  explicit Model(detail::Handle<interplay_model> handle) : handle_(std::move(handle)) {}
  Model(const Model& other) noexcept : handle_(interplay_model_retain(other.get())) {}
  Model(Model&&) noexcept = default;
  Model& operator=(Model other) noexcept {
    handle_ = std::move(other.handle_);
    return *this;
  }
  ~Model() = default;

  static Model create(ZString engine, ZString params_json = nullptr) {
    return Model(detail::make<interplay_model>(interplay_model_create, engine.get(), params_json.get()));
  }
  static Model load(ZString path, ZString options_json = nullptr) {
    return Model(detail::make<interplay_model>(interplay_model_load, path.get(), options_json.get()));
  }
  static Model parse(std::string_view bytes, ZString options_json = nullptr) {
    const void* data = bytes.data();
    return Model(
        detail::make<interplay_model>(interplay_model_parse, data, bytes.size(), options_json.get()));
  }

  /// valid, monitor: may be nullptr.
  Model fit(const Dataset& train, const Dataset* valid = nullptr, ZString options_json = nullptr,
            const Monitor* monitor = nullptr) const {
    return Monitor::watched(monitor, [&](interplay_monitor* watch) {
      return Model(detail::make<interplay_model>(interplay_model_fit, get(), train.get(),
                                                 valid ? valid->get() : nullptr, options_json.get(), watch,
                                                 nullptr));
    });
  }
  Table predict(const Table& rows, ZString options_json = nullptr) const {
    return Table(
        detail::make<interplay_table>(interplay_model_predict, get(), rows.get(), options_json.get()));
  }
  /// candidates: nullptr for the whole catalogue.
  Table recommend(const Table& users, const Table* candidates = nullptr, ZString options_json = nullptr,
                  const Monitor* monitor = nullptr) const {
    return Monitor::watched(monitor, [&](interplay_monitor* watch) {
      return Table(detail::make<interplay_table>(interplay_model_recommend, get(), users.get(),
                                                 candidates ? candidates->get() : nullptr, options_json.get(),
                                                 watch));
    });
  }
  Text evaluate(const Dataset& dataset, ZString options_json = nullptr,
                const Monitor* monitor = nullptr) const {
    return Monitor::watched(monitor, [&](interplay_monitor* watch) {
      return Text(detail::make<interplay_text>(interplay_model_evaluate, get(), dataset.get(),
                                               options_json.get(), watch));
    });
  }
  Text explain(const Table& rows, ZString options_json = nullptr, const Monitor* monitor = nullptr) const {
    return Monitor::watched(monitor, [&](interplay_monitor* watch) {
      return Text(detail::make<interplay_text>(interplay_model_explain, get(), rows.get(), options_json.get(),
                                               watch));
    });
  }
  Model update(ZString part, const Table& table, ZString options_json = nullptr) const {
    return Model(detail::make<interplay_model>(interplay_model_update, get(), part.get(), table.get(),
                                               options_json.get()));
  }
  Text info() const { return Text(detail::make<interplay_text>(interplay_model_info, get())); }
  /// JSON: name, type and shape of each tensor.
  Text tensors() const { return Text(detail::make<interplay_text>(interplay_model_tensors, get())); }
  /// The bytes of one, row-major.
  Text tensor(ZString name) const {
    return Text(detail::make<interplay_text>(interplay_model_tensor, get(), name.get()));
  }
  Text dump(ZString options_json = nullptr) const {
    return Text(detail::make<interplay_text>(interplay_model_dump, get(), options_json.get()));
  }
  void save(ZString path, ZString options_json = nullptr) const {
    detail::call(interplay_model_save, get(), path.get(), options_json.get());
  }

  /// Create and fit in one call. labels: empty means that every pair is a positive one.
  static Model fit_pairs(ZString engine, ZString params_json, ArrayView<int64_t> users,
                         ArrayView<int64_t> items, ArrayView<float> labels = {}) {
    detail::expect_length(items.size(), users.size(), "items, one for each user");
    if (!labels.empty())
      detail::expect_length(labels.size(), users.size(), "labels, one for each user or none");
    return Model(detail::make<interplay_model>(interplay_fit_pairs, engine.get(), params_json.get(),
                                               users.size(), users.data(), items.data(),
                                               detail::data_or_null(labels)));
  }
  /// Of one pair; where each microsecond counts, a Scorer.
  float predict_pair(int64_t user, int64_t item) const {
    float score = 0;
    detail::call(interplay_predict_pairs, get(), std::size_t{1}, &user, &item, &score);
    return score;
  }
  std::vector<float> predict_pairs(ArrayView<int64_t> users, ArrayView<int64_t> items) const {
    detail::expect_length(items.size(), users.size(), "items, one for each user");
    std::vector<float> scores(users.size());
    detail::call(interplay_predict_pairs, get(), users.size(), users.data(), items.data(), scores.data());
    return scores;
  }
  Ranking recommend_user(int64_t user, std::size_t k) const {
    Ranking best;
    detail::rank(k, best.items, best.scores, [&](std::size_t room) {
      std::size_t n = 0;
      detail::call(interplay_recommend_user, get(), user, room, best.items.data(), best.scores.data(), &n);
      return n;
    });
    return best;
  }

  const interplay_model* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<interplay_model> handle_;
};

/// A model from tensors that were made elsewhere.
class Assembly {
 public:
  Assembly(ZString engine, ZString params_json, ZString description_json)
      : handle_(detail::make<interplay_assembly>(interplay_assembly_new, engine.get(), params_json.get(),
                                                 description_json.get())) {}
  /// values: the column "value"; that of row i has id i + 1.
  Assembly& add_values(ZString field, const Table& values) {
    detail::call(interplay_assembly_add_values, get(), field.get(),
                 static_cast<const interplay_table*>(values.get()));
    return *this;
  }
  /// Row-major numbers: int64_t, int32_t, float, double or uint8_t (booleans); copied.
  template <class Values>
  Assembly& add_tensor(ZString name, const Values& values, ArrayView<int64_t> shape) {
    using Element = std::decay_t<decltype(*std::data(values))>;
    static_assert(detail::type_of<Element>() != 0, "tensors hold int64_t, int32_t, float, double or uint8_t");
    std::size_t n = 1;
    for (const int64_t length : shape) n *= static_cast<std::size_t>(length);
    detail::expect_length(std::size(values), n, "the tensor's numbers, as many as its shape says");
    detail::call(interplay_assembly_add_tensor, get(), name.get(), detail::type_of<Element>(),
                 static_cast<const void*>(std::data(values)), static_cast<int32_t>(shape.size()),
                 shape.data());
    return *this;
  }
  Model finish() const { return Model(detail::make<interplay_model>(interplay_assembly_finish, get())); }
  interplay_assembly* get() const noexcept { return handle_.get(); }

 private:
  detail::Handle<interplay_assembly> handle_;
};

/// The release of the library that is loaded, which may be newer than this header: "0.1.0".
inline std::string version() { return interplay_version(); }
/// JSON, see interplay_engine_list.
inline Text engine_list() { return Text(detail::make<interplay_text>(interplay_engine_list)); }
inline Text engine_info(ZString name) {
  return Text(detail::make<interplay_text>(interplay_engine_info, name.get()));
}
/// What a model file says of itself; needs no engine.
inline Text file_info(ZString path) {
  return Text(detail::make<interplay_text>(interplay_file_info, path.get()));
}

}  // namespace interplay

#include <interplay/scorer.hpp>  // the hot path: cells and Scorer
