// One append as a transaction: the chunk is coded aside and then moved in, or nothing has happened.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "data/coding.hpp"
#include "data/dataset.hpp"

namespace interplay::core {

class Append {
 public:
  Append(const Schema& schema, Records& records, std::array<PartLayout, 3>& layouts, Part part,
         const Table& table);
  ~Append();  // takes back what run() did, unless it came to its end
  Append(const Append&) = delete;
  Append& operator=(const Append&) = delete;

  void run();

 private:
  CodedPart& part() const;
  std::vector<std::pair<const char*, const std::string*>> roles() const;
  void check_layout();
  void check_foreign_names() const;
  void code_roles();
  void code_users_or_items();
  void code_features();
  void code_feature(const Column& column, CodedColumn& target, bool first);
  void make_room_for_columns();
  void move_columns_in() noexcept;
  void commit();

  const Schema& schema_;
  Records& records_;
  std::array<PartLayout, 3>& layouts_;
  PartLayout& layout_;
  const Part part_;
  const Table& table_;
  const Place place_;

  std::vector<const Column*> features_;
  std::vector<PartLayout::UsedColumn> used_;
  std::vector<CodedColumn> columns_;
  std::vector<std::int32_t> user_, item_, group_, ids_;
  std::vector<float> label_, weight_;
  std::vector<double> time_;

  std::vector<std::pair<Dictionary*, std::int32_t>> sizes_;  // to shrink to
  std::size_t marked_ = 0;                                   // of ids_, whose rows are entered
  std::size_t rows_known_ = 0;                               // size of row_of_user or row_of_item before
  bool done_ = false;
};

}  // namespace interplay::core
