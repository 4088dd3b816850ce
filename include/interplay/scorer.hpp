// scorer.hpp: the hot path for C++17 and later, a part of interplay.hpp. interplay.h is the reference for all calls.
//
//   interplay::Scorer scorer(model, {"user_id"}, {"movie_id"});
//   interplay::CellHeap heap;
//   const std::vector<interplay_cell> movies{interplay::cell(int64_t{7}), interplay::cell(int64_t{9})};
//   const std::vector<float> scores = scorer.score({interplay::cell(int64_t{1})}, movies);
#pragma once

#include <interplay/interplay.hpp>

#include <cstring>
#include <initializer_list>

namespace interplay {

/// A null cell, an integer, a number. (Strings and lists need a CellHeap.)
inline interplay_cell cell() noexcept { return {INTERPLAY_CELL_NULL, 0, 0}; }
inline interplay_cell cell(int64_t value) noexcept {
  return {INTERPLAY_CELL_INT64, 0, static_cast<uint64_t>(value)};
}
inline interplay_cell cell(double value) noexcept {
  interplay_cell made{INTERPLAY_CELL_FLOAT64, 0, 0};
  std::memcpy(&made.value, &value, sizeof value);
  return made;
}

/// The strings and lists of some cells. Keeps its memory when it is cleared.
class CellHeap {
 public:
  interplay_cell text(std::string_view bytes) {
    return {INTERPLAY_CELL_STRING, count(bytes.size()), put(bytes.data(), bytes.size())};
  }
  interplay_cell list(ArrayView<interplay_cell> cells) {
    return {INTERPLAY_CELL_LIST, count(cells.size()),
            put(cells.data(), cells.size() * sizeof(interplay_cell))};
  }
  void clear() noexcept { words_.clear(); }
  const void* data() const noexcept { return words_.data(); }
  std::size_t size() const noexcept { return words_.size() * sizeof(uint64_t); }

 private:
  static uint32_t count(std::size_t n) {
    detail::expect(n <= UINT32_MAX, "a string or list of a cell has at most 2^32 - 1 bytes or cells");
    return static_cast<uint32_t>(n);
  }
  uint64_t put(const void* bytes, std::size_t n) {
    const std::size_t at = words_.size();
    words_.resize(at + (n + sizeof(uint64_t) - 1) / sizeof(uint64_t));
    if (n > 0) std::memcpy(words_.data() + at, bytes, n);
    return at * sizeof(uint64_t);
  }

  std::vector<uint64_t> words_;  // so that everything is aligned
};

/// One thread's scratch for scoring one model, which it keeps alive.
class Scorer {
 public:
  using Names = std::vector<std::string>;
  using Cells = ArrayView<interplay_cell>;
  /// What top returns: rows, or indices of the catalogue, best first.
  struct Best {
    std::vector<int64_t> index;
    std::vector<float> scores;
  };

  Scorer(const Model& model, const Names& shared, const Names& row, ZString options_json = nullptr)
      : n_shared_(shared.size()), n_row_(row.size()) {
    std::vector<const char*> columns;
    for (const Names* names : {&shared, &row})
      for (const std::string& name : *names) columns.push_back(name.c_str());
    handle_ = detail::make<interplay_scorer>(interplay_scorer_open, model.get(), columns.data(),
                                             static_cast<uint32_t>(n_shared_), static_cast<uint32_t>(n_row_),
                                             options_json.get());
  }

  /// n scores into `out`, without an allocation.
  void score(Cells shared, Cells rows, const CellHeap& heap, float* out, std::size_t n) {
    check(shared, rows, n);
    detail::call(interplay_scorer_score, get(), shared.data(), rows.data(), n, heap.data(), heap.size(), out);
  }
  /// One score for each row; a scorer without columns of rows scores one.
  std::vector<float> score(const std::vector<interplay_cell>& shared, Cells rows,
                           const CellHeap& heap = CellHeap()) {
    std::vector<float> scores(n_row_ > 0 ? rows.size() / n_row_ : 1);
    score(Cells(shared), rows, heap, scores.data(), scores.size());
    return scores;
  }
  /// The k best of the rows.
  Best top(const std::vector<interplay_cell>& shared, Cells rows, std::size_t k,
           const CellHeap& heap = CellHeap()) {
    static const interplay_cell none{};  // NULL would be the catalogue
    const std::size_t n = n_row_ > 0 ? rows.size() / n_row_ : 1;
    check(Cells(shared), rows, n);
    return best(shared, rows.empty() ? &none : rows.data(), n, k, heap);
  }
  /// The k best of the catalogue.
  Best top(const std::vector<interplay_cell>& shared, std::size_t k, const CellHeap& heap = CellHeap()) {
    detail::expect_length(shared.size(), n_shared_, "cells of a call, one for each shared column");
    return best(shared, nullptr, 0, k, heap);
  }
  /// column: shared ones first.
  interplay_cell resolve(std::size_t column, interplay_cell value, const CellHeap& heap = CellHeap()) const {
    interplay_cell id;
    detail::call(interplay_scorer_resolve, static_cast<const interplay_scorer*>(get()),
                 static_cast<uint32_t>(column), &value, heap.data(), heap.size(), &id);
    return id;
  }
  /// The item at an index of the catalogue: an integer cell, or a string whose bytes are text (borrowed).
  std::pair<interplay_cell, std::string_view> item(int64_t index) const {
    interplay_cell key;
    const char* text = nullptr;
    detail::call(interplay_scorer_item, static_cast<const interplay_scorer*>(get()), index, &key, &text);
    return {key, text ? std::string_view(text, key.size) : std::string_view()};
  }
  Text stats() const {
    return Text(
        detail::make<interplay_text>(interplay_scorer_stats, static_cast<const interplay_scorer*>(get())));
  }
  interplay_scorer* get() const noexcept { return handle_.get(); }

 private:
  void check(Cells shared, Cells rows, std::size_t n) const {
    detail::expect_length(shared.size(), n_shared_, "cells of a call, one for each shared column");
    detail::expect_length(rows.size(), n * n_row_, "cells of the rows, one for each column of each row");
  }
  Best best(const std::vector<interplay_cell>& shared, const interplay_cell* rows, std::size_t n,
            std::size_t k, const CellHeap& heap) {
    Best found;
    detail::rank(rows && k > n && n > 0 ? n : k, found.index, found.scores, [&](std::size_t room) {
      std::size_t written = 0;
      detail::call(interplay_scorer_top, get(), shared.data(), rows, n, heap.data(), heap.size(), room,
                   found.index.data(), found.scores.data(), &written);
      return written;
    });
    return found;
  }

  detail::Handle<interplay_scorer> handle_;
  std::size_t n_shared_, n_row_;
};

}  // namespace interplay
