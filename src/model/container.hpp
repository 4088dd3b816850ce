// The model file's container: named, typed, checksummed sections. FORMAT.md is the specification.
#pragma once

#include <interplay/engine.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/array.hpp"
#include "base/file.hpp"
#include "model/model.hpp"

namespace interplay::core {

template <class T>
constexpr std::int32_t dtype_of() {
  if constexpr (std::is_same_v<T, std::int64_t>) return INTERPLAY_INT64;
  if constexpr (std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::uint32_t>) return INTERPLAY_INT32;
  if constexpr (std::is_same_v<T, float>) return INTERPLAY_FLOAT32;
  if constexpr (std::is_same_v<T, double>) return INTERPLAY_FLOAT64;
  return INTERPLAY_BOOL8;
}
/// Bytes of one element; 0 for a type that no section has.
std::size_t dtype_size(std::int32_t dtype);
/// "float32", "bytes", ...
const char* tensor_type_name(std::int32_t dtype);
/// Bytes of a tensor, or SIZE_MAX when its type, rank or shape is impossible.
std::size_t tensor_size(const interplay_tensor& tensor);
/// {"name", "type", "shape"}: a line of a directory.
Json describe_tensor(const std::string& name, const interplay_tensor& tensor);

/// a-z, 0-9, '_', '.', '/', at least one and at most so many.
bool is_section_name(const std::string& name, std::size_t most);

class ContainerWriter {
 public:
  /// The bytes are borrowed until the container is written; `owner` may keep them alive.
  void add(const std::string& name, const interplay_tensor& tensor, std::shared_ptr<const void> owner);
  template <class T>
  void add(const std::string& name, const Array<T>& array) {
    add(name, {array.data(), dtype_of<T>(), 1, {static_cast<std::int64_t>(array.size()), 0, 0, 0}},
        array.owner());
  }
  /// Header and directory, then the sections and their padding, ready to be written one behind the other.
  std::vector<std::span<const std::byte>> pieces();
  /// Hash of the directory, and so of every section: the model's id.
  std::string id();

 private:
  struct Section {
    std::string name;
    interplay_tensor tensor;
    std::size_t size;
    std::shared_ptr<const void> owner;
  };
  void seal();

  std::vector<Section> sections_;
  std::vector<std::byte> head_;
};

class ContainerReader {
 public:
  /// Checks header, directory and bounds; `verify` also every checksum and the padding. CORRUPT, or INCOMPATIBLE for a newer
  /// major. `whole` false: only the start of the file is there, enough for the sections that are asked for.
  ContainerReader(Bytes file, bool verify, bool whole = true);

  bool has(const std::string& name) const { return sections_.count(name) != 0; }
  /// CORRUPT when it is missing or of another type; one-dimensional.
  template <class T>
  Array<T> array(const std::string& name) const {
    const interplay_tensor tensor = require(name, dtype_of<T>());
    return Array<T>(static_cast<const T*>(tensor.data), static_cast<std::size_t>(tensor.shape[0]),
                    file_.owner);
  }
  /// As array, but an absent section is an empty array.
  template <class T>
  Array<T> optional_array(const std::string& name) const {
    return has(name) ? array<T>(name) : Array<T>();
  }
  const interplay_tensor* find(const std::string& name) const;
  const std::string& id() const { return id_; }
  const Bytes& bytes() const { return file_; }
  std::uint64_t file_size() const { return file_size_; }
  /// In the order of the file: name, type, shape, bytes.
  Json directory() const;

 private:
  interplay_tensor require(const std::string& name, std::int32_t dtype) const;
  void read_entry(std::size_t number, std::uint64_t& end, bool verify, bool whole);

  Bytes file_;
  std::uint64_t file_size_ = 0;
  std::map<std::string, interplay_tensor> sections_;
  std::vector<std::string> order_;
  std::string id_;
};

/// How much of the file's start holds the header, directory and first section; throws CORRUPT when it is no model file.
std::size_t start_size(const std::string& path);

std::string model_id(const Model& model);

struct SaveOptions {
  bool seen = true, optimizer = false;
  std::int32_t table_type = 0;  // 0: the one that they have
};
SaveOptions parse_save_options(const char* json, const char* what);
void write_model(const Model& model, const SaveOptions& options, ContainerWriter& writer);
Model read_model(const ContainerReader& reader, bool verify);
/// The `model` section, checked for being an object.
Json read_meta(const ContainerReader& reader);
/// In a catch block: an argument, a table or a JSON value that is wrong inside a file makes it CORRUPT; others go on.
[[noreturn]] void rethrow_for_file();
/// info from a file's own words
Json file_info(const std::string& path);

}  // namespace interplay::core
