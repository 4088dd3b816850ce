// An Arrow stream becomes a table: the stream's protocol, who releases what, and joining batches.
#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/utf8.hpp"
#include "data/arrow.hpp"
#include "data/arrow_decode.hpp"

namespace interplay::core {

namespace {

// Each out struct is zeroed before the producer sees it, so that one which was never filled is not released.
struct OwnedSchema {
  ArrowSchema schema{};
  OwnedSchema() = default;
  OwnedSchema(const OwnedSchema&) = delete;
  OwnedSchema& operator=(const OwnedSchema&) = delete;
  ~OwnedSchema() {
    if (schema.release != nullptr) schema.release(&schema);
  }
};

/// A batch is released as a whole, once, when the last column that lies in it is gone; never its children.
struct OwnedArray {
  ArrowArray array{};
  OwnedArray() = default;
  OwnedArray(const OwnedArray&) = delete;
  OwnedArray& operator=(const OwnedArray&) = delete;
  ~OwnedArray() {
    if (array.release != nullptr) array.release(&array);
  }
};

class Stream {
 public:
  explicit Stream(ArrowArrayStream* moved_in) {
    if (moved_in == nullptr) fail(INTERPLAY_INVALID_ARGUMENT, "the Arrow stream is null");
    stream_ = *moved_in;
    moved_in->release = nullptr;
    if (stream_.release == nullptr) {
      fail(INTERPLAY_INVALID_ARGUMENT, "the Arrow stream was released or consumed before; make a new one");
    }
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream() {
    if (stream_.release != nullptr) stream_.release(&stream_);
  }

  void get_schema(OwnedSchema& out) {
    if (stream_.get_schema == nullptr || stream_.get_next == nullptr) {
      fail(INTERPLAY_INVALID_ARGUMENT, "the Arrow stream has no get_schema or no get_next");
    }
    const int error = stream_.get_schema(&stream_, &out.schema);
    if (error != 0) {
      out.schema.release = nullptr;  // after a failure its content means nothing
      refuse(error, "its schema");
    }
    if (out.schema.release == nullptr)
      fail(INTERPLAY_BAD_DATA, "the Arrow stream gave a schema that is released");
  }

  /// False at the end of the stream.
  bool get_next(OwnedArray& out, std::size_t batch) {
    const int error = stream_.get_next(&stream_, &out.array);
    if (error != 0) {
      out.array.release = nullptr;
      refuse(error, "batch " + std::to_string(batch));
    }
    return out.array.release != nullptr;
  }

 private:
  [[noreturn]] void refuse(int error, const std::string& what) {
    const char* text = stream_.get_last_error == nullptr ? nullptr : stream_.get_last_error(&stream_);
    std::string message =
        "the Arrow stream failed to give " + what + " (error " + std::to_string(error) + ")";
    if (text != nullptr) {
      constexpr std::size_t longest = 2000;
      const std::string said(text, strnlen(text, longest));
      message += ": " + (find_invalid_utf8(said) == all_valid ? said : in_quotes(said));
    }
    const bool system = error == EIO || error == ENOENT || error == EACCES || error == EPERM ||
                        error == ENOSPC || error == EPIPE || error == ETIMEDOUT;
    fail(error == ENOMEM ? INTERPLAY_NO_MEMORY : system ? INTERPLAY_IO : INTERPLAY_BAD_DATA, message);
  }

  ArrowArrayStream stream_{};
};

struct Batch {
  std::shared_ptr<const OwnedArray> owner;
  std::int64_t first_row = 0;
};

std::vector<std::string> column_names(const ArrowSchema& schema) {
  const char* format = schema.format == nullptr ? "" : schema.format;
  if (std::string_view(format) != "+s") {
    fail(INTERPLAY_UNSUPPORTED, "an Arrow stream must be of struct batches (\"+s\"), found " +
                                    in_quotes(format) +
                                    "; export a table or a record batch, not a single array");
  }
  if (schema.n_children < 0 || (schema.n_children > 0 && schema.children == nullptr)) {
    fail(INTERPLAY_BAD_DATA,
         "the Arrow schema has " + std::to_string(schema.n_children) + " children, but no list of them");
  }
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema* child = schema.children[i];
    if (child == nullptr || child->release == nullptr) {
      fail(INTERPLAY_BAD_DATA, "child " + std::to_string(i) + " of the Arrow schema is missing or released");
    }
    names.emplace_back(child->name == nullptr ? "" : child->name);
    parse_format(*child, names.back());  // refuses what has no meaning before any batch is asked for
  }
  return names;
}

/// A column without rows, of the type that the schema says.
Column empty_column(const ArrowFormat& format) {
  Column column;
  column.type = format.type;
  if (format.type == Type::string) column.string_offsets = std::vector<std::int64_t>(1, 0);
  if (format.is_list()) column.row_offsets = std::vector<std::int64_t>(1, 0);
  return column;
}

void append(std::vector<std::int64_t>& offsets, const Array<std::int64_t>& more) {
  const std::int64_t base = offsets.back();
  for (std::size_t i = 1; i < more.size(); ++i) offsets.push_back(base + more[i]);
}

/// One behind the other. All come from one schema, so that their types agree.
Column join(const std::vector<Column>& parts) {
  Column out;
  out.type = parts[0].type;
  bool nulls = false, weights = false;
  std::size_t bytes = 0;
  for (const Column& part : parts) {
    out.rows += part.rows;
    out.n_values += part.n_values;
    bytes += part.values.size();
    nulls = nulls || !part.valid.empty();
    weights = weights || !part.weights.empty();
  }
  std::vector<std::int64_t> string_offsets(1, 0), row_offsets(1, 0);
  std::vector<std::uint8_t> valid;
  std::vector<float> weight;
  auto values = std::make_shared<std::vector<std::max_align_t>>((bytes + sizeof(std::max_align_t) - 1) /
                                                                sizeof(std::max_align_t));
  auto* data = reinterpret_cast<std::byte*>(values->data());
  std::size_t at = 0;
  for (const Column& part : parts) {
    if (!part.values.empty()) std::memcpy(data + at, part.values.data(), part.values.size());
    at += part.values.size();
    append(string_offsets, part.string_offsets);
    append(row_offsets, part.row_offsets);
    if (nulls && part.valid.empty()) valid.resize(valid.size() + static_cast<std::size_t>(part.rows), 1);
    valid.insert(valid.end(), part.valid.begin(), part.valid.end());
    weight.insert(weight.end(), part.weights.begin(), part.weights.end());
  }
  out.values = Array<std::byte>(data, bytes, values);
  if (out.type == Type::string) out.string_offsets = std::move(string_offsets);
  if (parts[0].multi_valued()) out.row_offsets = std::move(row_offsets);
  if (nulls) out.valid = std::move(valid);
  if (weights) out.weights = std::move(weight);
  return out;
}

/// Column `index` of one batch. A null row of the batch itself, a struct, is a null in every column.
Column column_of(const ArrowSchema& schema, const std::string& name, const Batch& batch, std::int64_t index,
                 std::int64_t n_columns) {
  const ArrowArray& array = batch.owner->array;
  const ArrowSource source{name, batch.owner, batch.first_row};
  const ArrowSlice rows = slice_array(&array, 0, array.length, 1, n_columns, source);
  Column column = decode_column(schema, array.children[index], rows.first, rows.count, source);
  const std::vector<std::uint8_t> present = read_validity(rows, source);
  if (present.empty()) return column;
  std::vector<std::uint8_t> both = present;
  for (std::size_t row = 0; row < both.size(); ++row) {
    if (column.is_null(static_cast<std::int64_t>(row))) both[row] = 0;
  }
  column.valid = std::move(both);
  return column;
}

std::int64_t total_rows(const std::vector<Batch>& batches) {
  return batches.empty() ? 0 : batches.back().first_row + batches.back().owner->array.length;
}

std::vector<Batch> read_batches(Stream& stream) {
  std::vector<Batch> batches;
  for (std::size_t i = 0;; ++i) {
    auto owner = std::make_shared<OwnedArray>();
    if (!stream.get_next(*owner, i)) return batches;
    const std::int64_t rows = owner->array.length;
    if (rows < 0 || rows > (std::int64_t{1} << 48)) {
      fail(INTERPLAY_BAD_DATA, "batch " + std::to_string(i) + " of the Arrow stream has the length " +
                                   std::to_string(rows) + ", expected 0 to 2^48");
    }
    if (rows > 0) batches.push_back({std::move(owner), total_rows(batches)});
  }
}

}  // namespace

Table table_from_arrow(ArrowArrayStream* moved_in) {
  Stream stream(moved_in);
  OwnedSchema schema;
  stream.get_schema(schema);
  const std::vector<std::string> names = column_names(schema.schema);
  const std::vector<Batch> batches = read_batches(stream);
  Table table(total_rows(batches));
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ArrowSchema& child = *schema.schema.children[i];
    std::vector<Column> parts;
    for (const Batch& batch : batches) {
      parts.push_back(
          column_of(child, names[i], batch, static_cast<std::int64_t>(i), schema.schema.n_children));
    }
    Column column = parts.empty()       ? empty_column(parse_format(child, names[i]))
                    : parts.size() == 1 ? std::move(parts[0])
                                        : join(parts);
    column.name = names[i];
    table.add(std::move(column));
  }
  return table;
}

}  // namespace interplay::core
