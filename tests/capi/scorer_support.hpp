// Rows that can be told both ways: as a table for predict and as cells for a scorer; and a shop that has every kind of field.
#pragma once

#include <variant>

#include "capi/support.hpp"

namespace interplay::test {

using Nothing = std::monostate;
using Numbers = std::vector<double>;
using Value = std::variant<Nothing, int64_t, double, std::string, Ints, Texts, Numbers>;
using Cells = std::vector<interplay_cell>;

struct Told {
  std::string name;
  std::vector<Value> rows;  // all of one type, or nothing
};

/// The values of one type, with nothing as that type's default.
template <class T>
std::vector<T> all_of(const Told& column) {
  std::vector<T> list;
  for (const Value& value : column.rows)
    list.push_back(std::holds_alternative<T>(value) ? std::get<T>(value) : T{});
  return list;
}
template <class List>
void add_told_lists(Table& table, const Told& column, const Bools& valid) {
  List all;
  Ints offsets{0};
  for (const List& list : all_of<List>(column)) {
    all.insert(all.end(), list.begin(), list.end());
    offsets.push_back(static_cast<int64_t>(all.size()));
  }
  table.add_lists(column.name, all, offsets, valid);
}
inline void add_told(Table& table, const Told& column) {
  Bools valid;
  std::size_t type = 0;
  for (const Value& value : column.rows) {
    valid.push_back(value.index() != 0);
    type = std::max(type, value.index());
  }
  switch (type) {
    case 2:
      table.add(column.name, all_of<double>(column), valid);
      return;
    case 3:
      table.add(column.name, all_of<std::string>(column), valid);
      return;
    case 4:
      return add_told_lists<Ints>(table, column, valid);
    case 5:
      return add_told_lists<Texts>(table, column, valid);
    case 6:
      return add_told_lists<Numbers>(table, column, valid);
    default:
      table.add(column.name, all_of<int64_t>(column), valid);
  }
}

/// Makes cells; with a scorer, ID cells of one of its columns where that can be.
struct Teller {
  CellHeap& heap;
  const Scorer* scorer = nullptr;
  std::size_t column = 0;

  interplay_cell one(interplay_cell made) const {
    return scorer != nullptr ? scorer->resolve(column, made, heap) : made;
  }
  interplay_cell operator()(Nothing) const { return one(cell()); }
  interplay_cell operator()(int64_t value) const { return one(cell(value)); }
  interplay_cell operator()(double value) const { return one(cell(value)); }
  interplay_cell operator()(const std::string& value) const { return one(heap.text(value)); }
  template <class T>
  interplay_cell operator()(const std::vector<T>& values) const {
    Cells cells;
    for (const T& value : values) cells.push_back((*this)(value));
    return heap.list(cells);
  }
};

enum class Tell { values, ids };

/// Some rows, of which the first columns are alike.
struct Rows {
  std::vector<Told> shared, row;
  std::size_t n = 0;

  Scorer::Names names(const std::vector<Told>& columns) const {
    Scorer::Names list;
    for (const Told& column : columns) list.push_back(column.name);
    return list;
  }
  Scorer open(const Model& model, const char* options = nullptr) const {
    return Scorer(model, names(shared), names(row), options);
  }
  Table table() const {
    Table made(static_cast<int64_t>(n));
    for (const Told& column : shared) add_told(made, {column.name, std::vector<Value>(n, column.rows[0])});
    for (const Told& column : row) add_told(made, column);
    return made;
  }
  Cells shared_cells(const Scorer& scorer, CellHeap& heap, Tell how = Tell::values) const {
    Cells cells;
    for (std::size_t c = 0; c < shared.size(); ++c)
      cells.push_back(std::visit(Teller{heap, how == Tell::ids ? &scorer : nullptr, c}, shared[c].rows[0]));
    return cells;
  }
  Cells row_cells(const Scorer& scorer, CellHeap& heap, Tell how = Tell::values) const {
    Cells cells;
    for (std::size_t r = 0; r < n; ++r)
      for (std::size_t c = 0; c < row.size(); ++c)
        cells.push_back(std::visit(Teller{heap, how == Tell::ids ? &scorer : nullptr, shared.size() + c},
                                   row[c].rows[r]));
    return cells;
  }
  Floats scores(Scorer& scorer, Tell how = Tell::values) const {
    CellHeap heap;
    const Cells first = shared_cells(scorer, heap, how), cells = row_cells(scorer, heap, how);
    Floats out(n);
    scorer.score(first, cells, heap, out.data(), n);
    return out;
  }
};

template <class T>
std::vector<Value> tell(const std::vector<T>& values) {
  return {values.begin(), values.end()};
}

/// Scores by cells, by resolved ids, in small blocks and row by row: all must have the bits of predict.
inline void expect_as_predicted(const Model& model, const Rows& rows) {
  const auto expected = score_bits(model, rows.table());
  Scorer scorer = rows.open(model), small = rows.open(model, R"({"max_rows": 3})");
  BOOST_TEST(bits(rows.scores(scorer)) == expected, tt::per_element());
  BOOST_TEST(bits(rows.scores(scorer, Tell::ids)) == expected, tt::per_element());
  BOOST_TEST(bits(rows.scores(small)) == expected, tt::per_element());
  for (std::size_t r = 0; r < rows.n; ++r) {
    Rows single{rows.shared, rows.row, 1};
    for (Told& column : single.row) column.rows = {column.rows[r]};
    BOOST_TEST(bits(single.scores(small))[0] == expected[r]);
  }
}

/// A shop with categories of both types, numbers plain and in buckets, lists with and without weights, and histories.
constexpr const char* rich_schema =
    R"({"user": "user_id", "item": "item_id", "label": "rating", "histories": true,
  "fields": {"price": {"transform": {"buckets": 4}}, "tags": {"weights": "tags_power"}, "shelf": {"hash_buckets": 4},
  "clicks": {"combiner": "sqrtn"}}})";

inline Dataset rich_shop(Ids ids) {
  const Events e = events();
  Table rows = interactions(e, ids);
  std::vector<Value> device, price, clicks, shelf;
  for (std::size_t i = 0; i < e.user.size(); ++i) {
    const auto n = static_cast<int64_t>(i);
    device.push_back(n % 5 == 0 ? Value() : Value(std::string(n % 2 == 0 ? "phone" : "desk")));
    price.push_back(n % 13 == 0 ? Value() : Value(static_cast<double>(n * 7 % 50)));
    shelf.push_back(n % 9);
    clicks.push_back(n % 7 == 0 ? Value() : Value(Ints{n % 3, n % 4, n % 5}));
  }
  for (const Told& told :
       {Told{"device", device}, Told{"price", price}, Told{"clicks", clicks}, Told{"shelf", shelf}})
    add_told(rows, told);
  Table items = item_table(all_items(), ids);
  std::vector<Value> tags, power;
  for (std::size_t i = 0; i < all_items().size(); ++i) {
    const auto n = static_cast<double>(i);
    tags.push_back(i == 4 ? Value() : i % 2 == 0 ? Value(Texts{"red", "big"}) : Value(Texts{"big"}));
    power.push_back(i == 4 ? Value() : i % 2 == 0 ? Value(Numbers{n, 1}) : Value(Numbers{2}));
  }
  add_told(items, {"tags", tags});
  add_told(items, {"tags_power", power});
  Dataset data(rich_schema);
  data.append("users", user_table(all_users(), ids)).append("items", items);
  data.append("interactions", rows).seal();
  return data;
}
inline const Model& rich(Ids ids = Ids::integers) {
  static const Model integers = Model::create("autoint", quick).fit(rich_shop(Ids::integers));
  static const Model strings = Model::create("autoint", quick).fit(rich_shop(Ids::strings));
  return ids == Ids::integers ? integers : strings;
}

}  // namespace interplay::test
