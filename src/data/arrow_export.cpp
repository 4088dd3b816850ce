// A table becomes an Arrow stream of one batch. Every array and every schema, children too, has a release of its own, so a
// consumer may move any of them out; what they share is the table, kept alive by each.
#include <cerrno>
#include <exception>
#include <new>

#include "base/error.hpp"
#include "data/arrow.hpp"
#include "data/arrow_structs.hpp"

namespace interplay::core {

namespace {

const char nothing[16] = {};  // for buffers without a byte: a pointer that is not null troubles nobody

// ---- schema

struct SchemaNode {
  std::string name;
  std::vector<ArrowSchema> children;
  std::vector<ArrowSchema*> pointers;
};

extern "C" void interplay_release_schema(ArrowSchema* schema) {
  auto* node = static_cast<SchemaNode*>(schema->private_data);
  for (ArrowSchema& child : node->children) {
    if (child.release != nullptr) child.release(&child);  // not those that were moved out
  }
  delete node;
  schema->release = nullptr;
}

/// `format` is static. After this returns, `out` must be released; before, it is zero.
SchemaNode* start_schema(ArrowSchema& out, const char* format, const std::string& name, bool nullable,
                         std::size_t children) {
  auto node = std::make_unique<SchemaNode>();
  node->name = name;
  node->children.resize(children, ArrowSchema{});
  for (ArrowSchema& child : node->children) node->pointers.push_back(&child);
  out = ArrowSchema{};
  out.format = format;
  out.name = node->name.c_str();
  out.flags = nullable ? ARROW_FLAG_NULLABLE : 0;
  out.n_children = static_cast<std::int64_t>(children);
  out.children = children == 0 ? nullptr : node->pointers.data();
  out.release = interplay_release_schema;
  out.private_data = node.get();
  return node.release();
}

const char* format_of(Type type) {
  switch (type) {
    case Type::int64:
      return "l";
    case Type::int32:
      return "i";
    case Type::float32:
      return "f";
    case Type::float64:
      return "g";
    case Type::bool8:
      return "b";
    case Type::string:
      return "U";
  }
  return "n";
}

void export_schema(const Column& column, ArrowSchema& out) {
  const bool nullable = !column.valid.empty();
  if (!column.multi_valued()) {
    start_schema(out, format_of(column.type), column.name, nullable, 0);
    return;
  }
  ArrowSchema& item = start_schema(out, "+L", column.name, nullable, 1)->children[0];
  if (column.weights.empty()) {
    start_schema(item, format_of(column.type), "item", false, 0);
    return;
  }
  SchemaNode* pair = start_schema(item, "+s", "item", false, 2);
  start_schema(pair->children[0], format_of(column.type), "value", false, 0);
  start_schema(pair->children[1], "f", "weight", false, 0);
}

// ---- array

struct ArrayNode {
  std::shared_ptr<const Table> table;
  std::vector<std::uint8_t> validity, bits;  // made for the export: ours are bytes
  std::vector<const void*> buffers;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
};

extern "C" void interplay_release_array(ArrowArray* array) {
  auto* node = static_cast<ArrayNode*>(array->private_data);
  for (ArrowArray& child : node->children) {
    if (child.release != nullptr) child.release(&child);
  }
  delete node;
  array->release = nullptr;
}

template <class Bytes>
std::vector<std::uint8_t> pack(const Bytes& bytes, std::size_t n) {
  std::vector<std::uint8_t> bits((n + 7) / 8, 0);
  for (std::size_t i = 0; i < n; ++i) {
    const unsigned bit = static_cast<std::uint8_t>(bytes[i]) != 0 ? 1U : 0U;
    bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | bit << (i % 8));
  }
  return bits;
}

ArrayNode* start_array(ArrowArray& out, const std::shared_ptr<const Table>& table, std::int64_t length,
                       std::size_t children) {
  auto node = std::make_unique<ArrayNode>();
  node->table = table;
  node->children.resize(children, ArrowArray{});
  for (ArrowArray& child : node->children) node->pointers.push_back(&child);
  node->buffers.reserve(3);
  node->buffers.push_back(nullptr);  // validity
  out = ArrowArray{};
  out.length = length;
  out.n_children = static_cast<std::int64_t>(children);
  out.children = children == 0 ? nullptr : node->pointers.data();
  out.n_buffers = 1;
  out.buffers = node->buffers.data();
  out.release = interplay_release_array;
  out.private_data = node.get();
  return node.release();
}

void add_buffer(ArrowArray& out, ArrayNode* node, const void* buffer) {
  node->buffers.push_back(buffer == nullptr ? nothing : buffer);
  out.buffers = node->buffers.data();
  out.n_buffers = static_cast<std::int64_t>(node->buffers.size());
}

void add_validity(ArrowArray& out, ArrayNode* node, const Column& column) {
  if (column.valid.empty()) return;
  node->validity = pack(column.valid, column.valid.size());
  node->buffers[0] = node->validity.data();
  for (const std::uint8_t valid : column.valid) out.null_count += valid == 0 ? 1 : 0;
}

/// The values of a column, or of all its lists.
ArrayNode* export_values(const Column& column, const std::shared_ptr<const Table>& table, ArrowArray& out) {
  ArrayNode* node = start_array(out, table, column.n_values, 0);
  if (column.type == Type::bool8) {
    node->bits = pack(column.values, static_cast<std::size_t>(column.n_values));
    add_buffer(out, node, node->bits.data());
    return node;
  }
  if (column.type == Type::string) add_buffer(out, node, column.string_offsets.data());
  add_buffer(out, node, column.values.data());
  return node;
}

void export_column(const Column& column, const std::shared_ptr<const Table>& table, ArrowArray& out) {
  if (!column.multi_valued()) {
    ArrayNode* node = export_values(column, table, out);
    add_validity(out, node, column);
    return;
  }
  ArrayNode* lists = start_array(out, table, column.rows, 1);
  add_buffer(out, lists, column.row_offsets.data());
  add_validity(out, lists, column);
  if (column.weights.empty()) {
    export_values(column, table, lists->children[0]);
    return;
  }
  ArrayNode* pairs = start_array(lists->children[0], table, column.n_values, 2);
  export_values(column, table, pairs->children[0]);
  ArrowArray& weights = pairs->children[1];
  add_buffer(weights, start_array(weights, table, column.n_values, 0), column.weights.data());
}

// ---- stream

struct StreamNode {
  std::shared_ptr<const Table> table;
  bool done = false;
  const char* last_error = nullptr;  // static: there may be no memory to make one
};

StreamNode& node_of(ArrowArrayStream* stream) { return *static_cast<StreamNode*>(stream->private_data); }

/// Fills `out` or leaves it released: half-made children are taken down with their parent.
template <class Struct, class Fill>
int guarded(ArrowArrayStream* stream, Struct* out, Fill fill) noexcept {
  *out = Struct{};
  int code = ENOMEM;
  try {
    fill();
    return 0;
  } catch (const std::bad_alloc&) {
    node_of(stream).last_error = "interplay: out of memory while exporting a table";
  } catch (...) {
    node_of(stream).last_error = "interplay: a defect while exporting a table; please report it";
    code = EINVAL;
  }
  if (out->release != nullptr) out->release(out);
  *out = Struct{};
  return code;
}

extern "C" int interplay_stream_get_schema(ArrowArrayStream* stream, ArrowSchema* out) {
  return guarded(stream, out, [&] {
    const std::vector<Column>& columns = node_of(stream).table->columns();
    SchemaNode* root = start_schema(*out, "+s", "", false, columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) export_schema(columns[i], root->children[i]);
  });
}

extern "C" int interplay_stream_get_next(ArrowArrayStream* stream, ArrowArray* out) {
  return guarded(stream, out, [&] {
    StreamNode& node = node_of(stream);
    if (node.done) return;  // a released array: the end
    const std::vector<Column>& columns = node.table->columns();
    ArrayNode* root = start_array(*out, node.table, node.table->rows(), columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) export_column(columns[i], node.table, root->children[i]);
    node.done = true;
  });
}

extern "C" const char* interplay_stream_get_last_error(ArrowArrayStream* stream) {
  return node_of(stream).last_error;
}

extern "C" void interplay_stream_release(ArrowArrayStream* stream) {
  delete static_cast<StreamNode*>(stream->private_data);
  stream->release = nullptr;
}

}  // namespace

void clear_stream(ArrowArrayStream* out) noexcept { *out = ArrowArrayStream{}; }

void table_to_arrow(std::shared_ptr<const Table> table, ArrowArrayStream* out) {
  if (out == nullptr) fail(INTERPLAY_INVALID_ARGUMENT, "the Arrow stream to write to is null");
  *out = ArrowArrayStream{};
  out->private_data = new StreamNode{std::move(table)};
  out->get_schema = interplay_stream_get_schema;
  out->get_next = interplay_stream_get_next;
  out->get_last_error = interplay_stream_get_last_error;
  out->release = interplay_stream_release;
}

}  // namespace interplay::core
