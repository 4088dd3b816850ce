// cereal archives over the sections of a model file. Each tensor becomes a section under its own name;
// everything small (numbers, strings, vectors, your serialize functions and their class versions) goes into
// one section called "state", little-endian and of fixed width on every platform.
//
// The input archive trusts nothing: a length is compared with the bytes that are left before it becomes
// memory, and what is wrong is named: "member epochs: expected 8 more bytes, found 3".
#pragma once

#include <interplay/sdk/host.hpp>
#include <interplay/sdk/tensor_view.hpp>

#include <cereal/cereal.hpp>

#include <bit>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

namespace interplay {

namespace detail {
constexpr const char* state_section = "state";

/// What T takes in the blob. `long` is wider here than there, so it always takes eight bytes.
template <class T>
using Wire = std::conditional_t<
    std::is_same_v<T, bool>, std::uint8_t,
    std::conditional_t<std::is_same_v<T, long>, std::int64_t,
                       std::conditional_t<std::is_same_v<T, unsigned long>, std::uint64_t, T>>>;

template <class T>
std::array<unsigned char, sizeof(T)> little_endian(T value) {
  auto bytes = std::bit_cast<std::array<unsigned char, sizeof(T)>>(value);
  if constexpr (std::endian::native == std::endian::big)
    for (std::size_t i = 0; i < sizeof(T) / 2; ++i) std::swap(bytes[i], bytes[sizeof(T) - 1 - i]);
  return bytes;
}

/// The fewest bytes that a T takes in the blob. A class may be empty, yet is counted as one byte: more
/// elements than bytes are never believed.
template <class T>
constexpr std::uint64_t min_bytes() {
  if constexpr (std::is_arithmetic_v<T>) return sizeof(Wire<T>);
  return 1;
}
}  // namespace detail

/// A tensor under a name of its own: a-z, 0-9, '_', '.', '/', at most 40 characters.
template <class T>
struct NamedTensor {
  std::string name;
  T& tensor;
};
/// archive(tensor("layer0/qkv", view)), where view is a TensorView or any row-major array with data, shape
/// and resize.
template <class T>
NamedTensor<std::remove_reference_t<T>> tensor(std::string name, T&& value) {
  return {std::move(name), value};
}

class OutputArchive : public cereal::OutputArchive<OutputArchive, cereal::AllowEmptyClassElision> {
 public:
  explicit OutputArchive(interplay_writer* writer)
      : cereal::OutputArchive<OutputArchive, 1>(this), writer_(writer) {}

  /// True if the caller of save wants what only further training needs.
  bool wants_optimizer() const { return host().wants_optimizer(writer_) != 0; }
  /// The type that embedding tables shall have in the file (who asks stores them so); 0: the one that they have.
  std::int32_t table_type() const { return host().table_type(writer_); }

  template <class T>
  void put(const std::string& name, const TensorView<T>& view) {
    interplay_tensor tensor{view.data, tensor_dtype<std::remove_const_t<T>>(), view.rank, {}};
    for (std::size_t i = 0; i < 4; ++i) tensor.shape[i] = view.shape[i];
    interplay_error* error = nullptr;
    detail::require(host().put(writer_, name.c_str(), &tensor, &error), error);
  }

  template <class T>
  void write(T value) {
    static_assert(!std::is_same_v<T, long double>, "a long double is another number on every platform");
    const auto bytes = detail::little_endian(static_cast<detail::Wire<T>>(value));
    const std::size_t at = blob_.size();
    blob_.resize(at + bytes.size());  // not insert: g++ 12 sees an overflow in it where everything is inlined
    std::memcpy(blob_.data() + at, bytes.data(), bytes.size());
  }
  void write_text(const std::string& text) {
    write(static_cast<std::uint64_t>(text.size()));
    blob_.insert(blob_.end(), text.begin(), text.end());
  }

  /// The trampoline calls it after save: the blob becomes a section.
  void finish() { put(detail::state_section, TensorView<const std::uint8_t>(blob_.data(), blob_.size())); }

 private:
  interplay_writer* writer_;
  std::vector<std::uint8_t> blob_;
};

class InputArchive : public cereal::InputArchive<InputArchive, cereal::AllowEmptyClassElision> {
 public:
  explicit InputArchive(interplay_reader* reader)
      : cereal::InputArchive<InputArchive, 1>(this), reader_(reader) {
    if (!has_blob()) return;
    const interplay_tensor blob = raw(detail::state_section, INTERPLAY_BOOL8);
    if (blob.rank != 1) corrupt("one dimension", std::to_string(blob.rank));
    next_ = static_cast<const unsigned char*>(blob.data);
    left_ = static_cast<std::uint64_t>(blob.shape[0]);
  }

  /// False: the tensors were made elsewhere and handed in one by one, so there are no small things to read. An
  /// engine that can do without them takes sizes from its parameters and counts from 0.
  bool has_blob() const { return has(detail::state_section); }
  bool has(const std::string& name) const { return host().has(reader_, name.c_str()) != 0; }
  /// False: the file is mapped, and what is large is not to be read now; see interplay_host.
  bool verifies() const { return host().verifies(reader_) != 0; }
  /// Its element type; 0: there is none of that name.
  std::int32_t type_of(const std::string& name) const {
    interplay_tensor found{};
    if (has(name)) {
      interplay_error* error = nullptr;
      detail::require(host().get(reader_, name.c_str(), &found, &error), error);
    }
    return found.dtype;
  }
  /// A tensor of exactly this shape, in place: it lives as long as the state that load returns.
  template <class T>
  TensorView<const T> get(const std::string& name, std::initializer_list<std::int64_t> shape) {
    const std::span<const std::int64_t> expected(shape.begin(), shape.size());
    const interplay_tensor found = raw(name, tensor_dtype<T>(), " of the shape " + shape_text(expected));
    const std::span<const std::int64_t> actual(found.shape, static_cast<std::size_t>(found.rank));
    if (!std::equal(expected.begin(), expected.end(), actual.begin(), actual.end()))
      corrupt("the shape " + shape_text(expected), shape_text(actual));
    return view<T>(found);
  }
  /// A tensor of any shape.
  template <class T>
  TensorView<const T> get(const std::string& name) {
    return view<T>(raw(name, tensor_dtype<T>()));
  }

  template <class T>
  void read(T& value) {
    static_assert(!std::is_same_v<T, long double>, "a long double is another number on every platform");
    using Wire = detail::Wire<T>;
    std::array<unsigned char, sizeof(Wire)> bytes;
    take(bytes.data(), bytes.size());
    const auto wire = std::bit_cast<Wire>(detail::little_endian(std::bit_cast<Wire>(bytes)));
    if constexpr (std::is_same_v<T, bool>)
      if (wire > 1) corrupt("0 or 1", std::to_string(wire));
    value = static_cast<T>(wire);
  }
  void read_text(std::string& text) {
    text.resize(read_length(1));
    take(text.data(), text.size());
  }
  /// A number of elements, each of at least `min_bytes`, which must fit into what is left.
  std::size_t read_length(std::uint64_t min_bytes) {
    std::uint64_t n = 0;
    read(n);
    if (n > left_ / min_bytes)
      corrupt("at most " + std::to_string(left_ / min_bytes) + " elements", std::to_string(n));
    return static_cast<std::size_t>(n);
  }

  /// Names what is read next, for errors; cereal's name-value pairs do so by themselves.
  void set_member(const char* name) {
    member_ = std::string("member ") + name;
    detail_ = "{}";
  }
  [[noreturn]] void corrupt(const std::string& expected, const std::string& found) const {
    throw Error(INTERPLAY_CORRUPT, "engine state, " + member_ + ": expected " + expected + ", found " + found,
                detail_);
  }

  /// The trampoline calls it after load: every byte must have been wanted.
  void finish() const {
    if (left_ != 0)
      throw Error(INTERPLAY_CORRUPT,
                  "engine state: expected its end, found " + std::to_string(left_) + " more bytes");
  }

 private:
  void take(void* out, std::size_t n) {
    if (n > left_) corrupt(std::to_string(n) + " more bytes", std::to_string(left_));
    if (n) std::memcpy(out, next_, n);
    next_ += n;
    left_ -= n;
  }
  /// `shape`: of a shape that is expected, for the error where there is none of that name.
  interplay_tensor raw(const std::string& name, std::int32_t dtype, const std::string& shape = "") {
    member_ = "tensor " + name;
    detail_ = R"({"tensor":")" + name + "\"}";  // names need no escape
    if (!has(name)) corrupt("one" + shape + " under that name", "none");
    interplay_tensor found{};
    interplay_error* error = nullptr;
    detail::require(host().get(reader_, name.c_str(), &found, &error), error);
    if (found.dtype != dtype) corrupt("element type " + std::to_string(dtype), std::to_string(found.dtype));
    if (found.rank < 0 || found.rank > 4) corrupt("at most 4 dimensions", std::to_string(found.rank));
    return found;
  }
  template <class T>
  static TensorView<const T> view(const interplay_tensor& found) {
    TensorView<const T> view;
    view.data = static_cast<const T*>(found.data);
    view.rank = found.rank;
    for (std::size_t i = 0; i < 4; ++i) view.shape[i] = found.shape[i];
    return view;
  }

  interplay_reader* reader_;
  const unsigned char* next_ = nullptr;
  std::uint64_t left_ = 0;
  std::string member_ = "its beginning", detail_ = "{}";
};

/* ---- what cereal looks up, by the archive's type ---- */

template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const T& value) {
  archive.write(value);
}
template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, T& value) {
  archive.read(value);
}

inline void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const std::string& text) {
  archive.write_text(text);
}
inline void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, std::string& text) { archive.read_text(text); }

template <class T, std::enable_if_t<!std::is_same_v<T, bool>, int> = 0>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const std::vector<T>& values) {
  archive.write(static_cast<std::uint64_t>(values.size()));
  for (const T& value : values) archive(value);
}
/// Grows with what has been read, so that a length alone never becomes memory.
template <class T, std::enable_if_t<!std::is_same_v<T, bool>, int> = 0>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, std::vector<T>& values) {
  const std::size_t n = archive.read_length(detail::min_bytes<T>());
  values.clear();
  if constexpr (std::is_arithmetic_v<T>) values.reserve(n);
  for (std::size_t i = 0; i < n; ++i) archive(values.emplace_back());
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const cereal::NameValuePair<T>& pair) {
  archive(pair.value);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, cereal::NameValuePair<T>& pair) {
  archive.set_member(pair.name);
  archive(pair.value);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const cereal::SizeTag<T>& tag) {
  archive.write(static_cast<std::uint64_t>(tag.size));
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, cereal::SizeTag<T>& tag) {
  tag.size = archive.read_length(1);
}

template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const NamedTensor<TensorView<T>>& named) {
  archive.put(named.name, named.tensor);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, NamedTensor<TensorView<const T>>& named) {
  named.tensor = archive.get<T>(named.name);
}

/// Any other array type: xtensor's, for instance.
template <class T>
void CEREAL_SAVE_FUNCTION_NAME(OutputArchive& archive, const NamedTensor<T>& named) {
  TensorView<const typename T::value_type> view;
  view.data = named.tensor.data();
  view.rank = static_cast<int>(named.tensor.shape().size());
  for (std::size_t i = 0; i < named.tensor.shape().size(); ++i)
    view.shape[i] = static_cast<std::int64_t>(named.tensor.shape()[i]);
  archive.put(named.name, view);
}
template <class T>
void CEREAL_LOAD_FUNCTION_NAME(InputArchive& archive, NamedTensor<T>& named) {
  const auto view = archive.get<typename T::value_type>(named.name);
  typename T::shape_type shape{};
  if (static_cast<std::size_t>(view.rank) != shape.size())
    archive.corrupt(std::to_string(shape.size()) + " dimensions", std::to_string(view.rank));
  for (std::size_t i = 0; i < shape.size(); ++i) shape[i] = static_cast<std::size_t>(view.shape[i]);
  named.tensor.resize(shape);
  std::copy_n(view.data, view.size(), named.tensor.data());
}

}  // namespace interplay

CEREAL_REGISTER_ARCHIVE(interplay::OutputArchive)
CEREAL_REGISTER_ARCHIVE(interplay::InputArchive)
CEREAL_SETUP_ARCHIVE_TRAITS(interplay::InputArchive, interplay::OutputArchive)
