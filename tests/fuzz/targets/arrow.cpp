// What a reader of the C data interface can find out is wrong here as the bytes please: formats, nulls where a pointer should
// be, counts, offsets into strings and lists, indices of dictionaries, UTF-8. What it cannot find out is right: a buffer is
// as long as the array's length and offset ask for, and not a byte longer.
#include <algorithm>

#include "fuzz/promises.hpp"
#include "fuzz/targets.hpp"
#include "support/arrow_builder.hpp"

#include <interplay/interplay.hpp>

namespace interplay::fuzz {
namespace {

using test::ArrowNode;
using test::Buffer;

struct Format {
  const char* text;
  std::size_t width;  // bytes of a value; 0: see the letter
};
constexpr Format flat[] = {{"l", 8},       {"i", 4},   {"g", 8},  {"f", 4},   {"u", 0},   {"U", 0},
                           {"vu", 0},      {"b", 0},   {"n", 0},  {"c", 1},   {"C", 1},   {"s", 2},
                           {"S", 2},       {"I", 4},   {"L", 8},  {"tdD", 4}, {"tdm", 8}, {"tsu:", 8},
                           {"tsn:UTC", 8}, {"tDs", 8}, {"tts", 4}};
constexpr const char* nested[] = {"+l", "+L", "+w:2", "+w:0", "+w:1"};
constexpr const char* nonsense[] = {"", "z", "+s", "+m", "d:10,2", "+w:-1", "+w:99999999999", "e", "ts"};
constexpr const char* names[] = {"user_id", "item_id", "rating", "a", "b", "", "\xff"};

template <std::size_t n>
const char* one_of(Bytes& input, const char* const (&list)[n]) {
  return list[input.below(n)];
}

/// The tree of a column's types; every batch has it.
struct Type {
  std::string format, name;
  std::size_t width = 0;
  std::vector<Type> children, dictionary;
  std::uint8_t lie = 0;
};

Type value_type(Bytes& input, bool may_index) {
  const std::uint8_t choice = input.byte();
  if (choice >= 250) return {one_of(input, nonsense), "v", 8, {}, {}, 0};
  const Format& format = flat[choice % std::size(flat)];
  Type type{format.text, "v", format.width, {}, {}, 0};
  if (may_index && choice >= 200) type.dictionary.push_back(value_type(input, choice >= 248));
  return type;
}
Type column_type(Bytes& input) {
  const std::uint8_t choice = input.byte();
  Type type;
  if (choice % 4 != 3) {
    type = value_type(input, true);
  } else {
    type.format = one_of(input, nested);
    if (choice % 3 == 0) {
      Type pair{"+s", "pair", 0, {value_type(input, true), value_type(input, choice >= 240)}, {}, 0};
      type.children.push_back(std::move(pair));
    } else {
      type.children.push_back(value_type(input, true));
    }
  }
  type.name = one_of(input, names);
  type.lie = input.byte();
  return type;
}

/// Exactly n bytes: the input's, then zeros.
Buffer exactly(Bytes& input, std::size_t n) {
  const std::string text = input.text(n);
  std::vector<std::byte> out(n);
  if (!text.empty()) std::memcpy(out.data(), text.data(), text.size());
  return out;
}
/// n + 1 offsets, most of them ascending; `end` is behind the largest.
template <class T>
Buffer offsets(Bytes& input, std::size_t n, std::size_t& end) {
  std::vector<std::byte> out((n + 1) * sizeof(T));
  std::int64_t at = 0;
  end = 0;
  for (std::size_t i = 0; i <= n; ++i) {
    const std::uint8_t step = input.byte();
    at += step < 240 ? step % 6 : -static_cast<std::int64_t>(step % 8);
    end = std::max(end, static_cast<std::size_t>(std::max<std::int64_t>(at, 0)));
    const T value = static_cast<T>(at);
    std::memcpy(out.data() + i * sizeof(T), &value, sizeof value);
  }
  return out;
}

void fill_views(ArrowNode& node, std::size_t n, Bytes& input) {
  node.buffers.push_back(exactly(input, n * 16));
  const std::size_t further = input.below(3);
  std::vector<std::byte> sizes(further * sizeof(std::int64_t));
  for (std::size_t i = 0; i < further; ++i) {
    const std::int64_t size = input.byte();
    std::memcpy(sizes.data() + i * sizeof size, &size, sizeof size);
    node.buffers.push_back(exactly(input, static_cast<std::size_t>(size)));
  }
  node.buffers.push_back(sizes);
}

void fill_values(ArrowNode& node, const Type& type, std::size_t n, Bytes& input) {
  std::size_t end = 0;
  const char letter = type.format.size() == 1 ? type.format[0] : '\0';
  if (type.format == "vu") {
    fill_views(node, n, input);
  } else if (letter == 'u' || letter == 'U') {
    node.buffers.push_back(letter == 'u' ? offsets<std::int32_t>(input, n, end)
                                         : offsets<std::int64_t>(input, n, end));
    node.buffers.push_back(exactly(input, end));
  } else if (type.format == "+l" || type.format == "+L") {
    node.buffers.push_back(type.format == "+l" ? offsets<std::int32_t>(input, n, end)
                                               : offsets<std::int64_t>(input, n, end));
  } else if (letter == 'b') {
    node.buffers.push_back(exactly(input, (n + 7) / 8));
  } else if (type.width > 0) {
    node.buffers.push_back(exactly(input, n * type.width));
  }
}

void lie(ArrowNode& node, std::uint8_t kind) {
  const bool views = node.format == "vu";
  node.lie = [kind, views](ArrowArray& array) {
    switch (kind) {
      case 1:
        array.length = -1;
        break;
      case 2:
        array.length = (std::int64_t{1} << 48) + 1;
        break;
      case 3:
        array.offset = -1;
        break;
      case 4:
        array.offset = INT64_MAX;
        break;
      case 5:
        array.n_buffers = views ? 2 : array.n_buffers + 1;
        break;
      case 6:
        array.n_buffers -= views ? array.n_buffers : 1;
        break;
      case 7:
        array.buffers = nullptr;
        break;
      case 8:
        if (array.n_buffers > 0) array.buffers[array.n_buffers - 1] = nullptr;
        break;
      case 9:
        if (array.n_buffers > 1) array.buffers[1] = nullptr;
        break;
      case 10:
        array.n_children = -1;
        break;
      case 11:
        array.children = nullptr;
        break;
      case 12:
        if (array.n_children > 0) array.children[0] = nullptr;
        break;
      case 13:
        array.dictionary = nullptr;
        break;
      case 14:
        array.null_count = 1;
        break;
      case 15:
        array.null_count = 0;
        break;
      case 16:
        if (array.n_children > 0) array.children[0]->release = nullptr;
        break;
      default:
        break;
    }
  };
  node.lie_schema = [kind](ArrowSchema& schema) {
    switch (kind) {
      case 20:
        schema.n_children = -1;
        break;
      case 21:
        schema.children = nullptr;
        break;
      case 22:
        if (schema.n_children > 0) schema.children[0] = nullptr;
        break;
      case 23:
        schema.format = nullptr;
        break;
      case 24:
        schema.name = nullptr;
        break;
      case 25:
        schema.n_children = 0;
        break;
      default:
        break;
    }
  };
}

ArrowNode array_of(const Type& type, std::size_t length, Bytes& input) {
  ArrowNode node;
  node.format = type.format;
  node.name = type.name;
  node.length = static_cast<std::int64_t>(length);
  const std::uint8_t how = input.byte();
  node.offset = how % 4 == 3 ? how / 64 : 0;
  const std::size_t n = length + static_cast<std::size_t>(node.offset);
  if (type.format != "n")
    node.buffers.push_back(how % 3 == 1 ? exactly(input, (n + 7) / 8) : test::no_buffer());
  fill_values(node, type, n, input);
  for (const Type& child : type.children)
    node.children.push_back(array_of(child, type.format == "+s" ? n : input.below(24), input));
  for (const Type& words : type.dictionary) node.dictionary.push_back(array_of(words, input.below(8), input));
  lie(node, how >= 200 ? type.lie % 32 : 0);
  return node;
}

std::vector<ArrowNode> batches_of(Bytes& input) {
  const std::size_t n_columns = input.below(5), n_batches = 1 + input.below(3);
  std::vector<Type> columns;
  for (std::size_t c = 0; c < n_columns; ++c) columns.push_back(column_type(input));
  const std::uint8_t batch_lie = input.byte();
  std::vector<ArrowNode> batches;
  for (std::size_t b = 0; b < n_batches; ++b) {
    const std::size_t rows = input.below(12);
    Type root{batch_lie == 255 ? "l" : "+s", "", 0, {}, {}, batch_lie};
    ArrowNode node = array_of(root, rows, input);
    const std::size_t all = rows + static_cast<std::size_t>(node.offset);
    for (const Type& column : columns)
      node.children.push_back(array_of(column, input.byte() < 250 ? all : rows / 2, input));
    batches.push_back(std::move(node));
  }
  return batches;
}

template <class T>
using Owned = detail::Handle<T>;

std::string info_of(const interplay_table* table) {
  const Owned<interplay_text> info(make<interplay_text>(interplay_table_info, table));
  promise(info != nullptr, "an imported table has no info");
  return interplay_text_data(info.get());
}

/// An imported table comes back the same from an export, and a dataset takes or refuses it.
void use(const interplay_table* table) {
  ArrowArrayStream out{};
  promise(call(interplay_table_to_arrow, table, &out) == INTERPLAY_OK,
          "an imported table cannot be exported");
  const Owned<interplay_table> again(make<interplay_table>(interplay_table_from_arrow, &out));
  promise(again != nullptr, "what was exported cannot be imported");
  promise(info_of(table) == info_of(again.get()), "an export changes the table");
  const Owned<interplay_dataset> data(make<interplay_dataset>(
      interplay_dataset_new, R"({"user": "user_id", "item": "item_id", "label": "rating"})"));
  (void)call(interplay_dataset_append, data.get(), "interactions", table);
  (void)call(interplay_dataset_seal, data.get());
  (void)Owned<interplay_text>(
      make<interplay_text>(interplay_dataset_info, static_cast<const interplay_dataset*>(data.get())));
}

}  // namespace

void arrow(const std::uint8_t* data, std::size_t size) {
  Bytes input(data, size);
  const std::uint8_t trouble = input.byte();
  test::ArrowStreamBuilder builder(batches_of(input));
  if (trouble >= 240) builder.fail_at = trouble % 4 - 1;
  builder.zero_batches = trouble == 239;
  {
    ArrowArrayStream stream = builder.stream();
    const Owned<interplay_table> table(make<interplay_table>(interplay_table_from_arrow, &stream));
    promise(stream.release == nullptr, "the stream was not moved");
    if (table != nullptr) use(table.get());
  }
  promise(builder.releases.streams == 1, "a stream is not released once");
  promise(builder.releases.alive == 0, "a batch is kept");
  promise(builder.releases.children == 0, "a child was released");
}

std::vector<std::string> arrow_seeds() {
  // One column of each type, three columns of neighbouring types in two batches; the values are whatever comes.
  std::vector<std::string> list;
  std::string values;
  for (int i = 0; i < 300; ++i) values += static_cast<char>(i * 37 % 127);
  for (int choice = 0; choice < 250; choice += 7) {
    const std::string column{'\0', static_cast<char>(choice), '\0', '\0'};
    const std::string listed{'\3', '\1', static_cast<char>(choice), '\1', '\0'};
    list.push_back(std::string{'\0', '\1', '\0'} + column + values);
    list.push_back(std::string{'\0', '\3', '\1'} + column + listed + column + values);
  }
  return list;
}

}  // namespace interplay::fuzz
