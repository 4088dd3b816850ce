// A model from parts that were made elsewhere: fields with their values, and the engine's tensors by name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "data/table.hpp"
#include "model/model.hpp"

namespace interplay::core {

class Assembly {
 public:
  /// See interplay_assembly_new.
  Assembly(const std::string& engine, const Json& params, const Json& description);

  void add_values(const std::string& field, const Table& values);
  /// Copies. shape: rank numbers, may be null for rank 0
  void add_tensor(const std::string& name, std::int32_t type, const void* data, std::int32_t rank,
                  const std::int64_t* shape);
  Model finish() const;

 private:
  struct Tensor {
    interplay_tensor tensor;
    Bytes bytes;
  };
  class Reader;
  friend class Reader;

  void add_field(const Json& json);
  void read_objective(const Json& json);
  Catalogue catalogue() const;
  void refuse_unused(const std::vector<std::string>& used) const;

  Model model_;                   // engine and parameters
  Fitted fitted_;                 // schema, fields and objective; the catalogue is made by finish
  std::vector<bool> has_values_;  // of each field
  std::map<std::string, std::shared_ptr<const Vocabulary>> keys_;  // of the id fields, by name
  std::map<std::string, Tensor> tensors_;
};

}  // namespace interplay::core
