// Arrow streams made by hand: any format, any buffer, any lie. Each release is counted, and what a released array owned is
// freed, so that AddressSanitizer sees a use after it.
#pragma once

#include <cerrno>
#include <cstring>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/arrow_structs.hpp"

namespace interplay::test {

using Buffer = std::optional<std::vector<std::byte>>;  // nullopt: a null pointer

template <class T>
Buffer buffer(std::initializer_list<T> values) {
  std::vector<std::byte> bytes(values.size() * sizeof(T));
  if (values.size() > 0) std::memcpy(bytes.data(), values.begin(), bytes.size());
  return bytes;
}
inline Buffer bytes(std::string_view text) {
  std::vector<std::byte> out(text.size());
  if (!text.empty()) std::memcpy(out.data(), text.data(), text.size());
  return out;
}
/// A bitmap from "1011": the first character is element 0.
inline Buffer bits(std::string_view text) {
  std::vector<std::byte> out((text.size() + 7) / 8);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '1') out[i / 8] |= std::byte{1} << (i % 8);
  }
  return out;
}
inline Buffer no_buffer() { return std::nullopt; }

/// One array with its schema. `lie` and `lie_schema` change the structs after they were made.
struct ArrowNode {
  std::string format;
  std::string name;
  std::int64_t length = 0;
  std::vector<Buffer> buffers;
  std::vector<ArrowNode> children;
  std::vector<ArrowNode> dictionary;  // none or one
  std::int64_t null_count = -1;
  std::int64_t offset = 0;
  std::function<void(ArrowArray&)> lie;
  std::function<void(ArrowSchema&)> lie_schema;
};

inline ArrowNode column(std::string name, std::string format, std::int64_t length,
                        std::vector<Buffer> buffers, std::vector<ArrowNode> children = {}) {
  return {
      std::move(format), std::move(name), length, std::move(buffers), std::move(children), {}, -1, 0, {}, {}};
}
template <class T>
ArrowNode numbers(std::string name, std::string format, std::initializer_list<T> values,
                  Buffer validity = no_buffer()) {
  return column(std::move(name), std::move(format), static_cast<std::int64_t>(values.size()),
                {validity, buffer(values)});
}
inline ArrowNode batch(std::int64_t rows, std::vector<ArrowNode> columns, Buffer validity = no_buffer()) {
  return column("", "+s", rows, {validity}, std::move(columns));
}

struct Releases {
  int schemas = 0, arrays = 0, streams = 0;
  int children = 0;  // the consumer must never release one
  int alive = 0;     // arrays handed out and not yet released
};

/// A stream over batches; all have the schema of the first. Errors are given in the place of batch `fail_at`, or of the
/// schema with -1.
class ArrowStreamBuilder {
 public:
  explicit ArrowStreamBuilder(std::vector<ArrowNode> batches) : batches_(std::move(batches)) {}
  ArrowStreamBuilder(const ArrowStreamBuilder&) = delete;
  ArrowStreamBuilder& operator=(const ArrowStreamBuilder&) = delete;

  std::optional<int> fail_at;
  int error = EINVAL;
  const char* error_text = "the producer lost its way";
  bool zero_batches = false;
  Releases releases;

  ArrowArrayStream stream() {
    ArrowArrayStream out{};
    out.private_data = this;
    out.get_schema = [](ArrowArrayStream* self, ArrowSchema* schema) {
      return me(self)->give_schema(schema);
    };
    out.get_next = [](ArrowArrayStream* self, ArrowArray* array) { return me(self)->give_array(array); };
    out.get_last_error = [](ArrowArrayStream* self) { return me(self)->error_text; };
    out.release = [](ArrowArrayStream* self) {
      ++me(self)->releases.streams;
      self->release = nullptr;
    };
    return out;
  }

 private:
  template <class Struct>
  struct Made {
    ArrowStreamBuilder* builder = nullptr;
    ArrowNode node;
    std::deque<Struct> structs;  // children and dictionaries, all levels
    std::deque<std::vector<Struct*>> child_lists;
    std::deque<std::vector<const void*>> buffer_lists;
    std::vector<std::unique_ptr<std::byte[]>> memory;
  };

  static ArrowStreamBuilder* me(ArrowArrayStream* stream) {
    return static_cast<ArrowStreamBuilder*>(stream->private_data);
  }

  int give_schema(ArrowSchema* out) {
    if (fail_at == -1) return error;
    auto* made = new Made<ArrowSchema>{this, batches_.at(0), {}, {}, {}, {}};
    fill(*out, made->node, *made);
    out->private_data = made;
    out->release = [](ArrowSchema* schema) {
      auto* owner = static_cast<Made<ArrowSchema>*>(schema->private_data);
      ++owner->builder->releases.schemas;
      delete owner;
      schema->release = nullptr;
    };
    if (made->node.lie_schema) made->node.lie_schema(*out);
    return 0;
  }

  int give_array(ArrowArray* out) {
    if (fail_at && static_cast<std::size_t>(*fail_at) == next_) return error;
    if (zero_batches || next_ == batches_.size()) {
      out->release = nullptr;
      return 0;
    }
    auto* made = new Made<ArrowArray>{this, batches_.at(next_++), {}, {}, {}, {}};
    fill(*out, made->node, *made);
    out->private_data = made;
    ++releases.alive;
    out->release = [](ArrowArray* array) {
      auto* owner = static_cast<Made<ArrowArray>*>(array->private_data);
      ++owner->builder->releases.arrays;
      --owner->builder->releases.alive;
      delete owner;
      array->release = nullptr;
    };
    if (made->node.lie) made->node.lie(*out);
    return 0;
  }

  template <class Struct>
  Struct* make_child(const ArrowNode& node, Made<Struct>& made) {
    Struct& child = made.structs.emplace_back();
    fill(child, node, made);
    child.private_data = this;
    child.release = [](Struct* self) {
      ++static_cast<ArrowStreamBuilder*>(self->private_data)->releases.children;
      self->release = nullptr;
    };
    if constexpr (std::is_same_v<Struct, ArrowArray>) {
      if (node.lie) node.lie(child);
    } else {
      if (node.lie_schema) node.lie_schema(child);
    }
    return &child;
  }

  template <class Struct>
  void fill_children(Struct& out, const ArrowNode& node, Made<Struct>& made) {
    auto& list = made.child_lists.emplace_back();
    for (const ArrowNode& child : node.children) list.push_back(make_child(child, made));
    out.n_children = static_cast<std::int64_t>(list.size());
    out.children = list.empty() ? nullptr : list.data();
    out.dictionary = node.dictionary.empty() ? nullptr : make_child(node.dictionary[0], made);
  }

  void fill(ArrowSchema& out, const ArrowNode& node, Made<ArrowSchema>& made) {
    out = ArrowSchema{};
    out.format = node.format.c_str();
    out.name = node.name.c_str();
    out.flags = ARROW_FLAG_NULLABLE;
    fill_children(out, node, made);
  }

  void fill(ArrowArray& out, const ArrowNode& node, Made<ArrowArray>& made) {
    out = ArrowArray{};
    out.length = node.length;
    out.null_count = node.null_count;
    out.offset = node.offset;
    auto& list = made.buffer_lists.emplace_back();
    for (const Buffer& one : node.buffers) {
      if (!one) {
        list.push_back(nullptr);
        continue;
      }
      auto& memory = made.memory.emplace_back(new std::byte[one->size()]);
      if (!one->empty()) std::memcpy(memory.get(), one->data(), one->size());
      list.push_back(memory.get());
    }
    out.n_buffers = static_cast<std::int64_t>(list.size());
    out.buffers = list.empty() ? nullptr : list.data();
    fill_children(out, node, made);
  }

  std::vector<ArrowNode> batches_;
  std::size_t next_ = 0;
};

}  // namespace interplay::test
