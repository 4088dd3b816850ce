#include "model/container.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/error.hpp"
#include "base/hash.hpp"

namespace interplay::core {
namespace {

static_assert(std::endian::native == std::endian::little,
              "model files are little-endian and used where they lie");

constexpr unsigned char magic[8] = {0x89, 'I', 'P', 'L', 'Y', '\r', '\n', 0x1a};
constexpr std::uint32_t format_major = 1, format_minor = 0;
constexpr std::size_t header_size = 64, entry_size = 128, name_size = 64, alignment = 64;
constexpr std::uint32_t most_sections = 65536;
constexpr std::byte zeros[alignment]{};

struct Header {
  unsigned char magic[8];
  std::uint32_t major, minor;
  std::uint64_t file_size;
  std::uint32_t sections, zero;
  std::uint64_t checksum;
  unsigned char reserved[24];
};
static_assert(sizeof(Header) == header_size);

struct Entry {
  char name[name_size];
  std::uint64_t offset, size, checksum;
  std::int32_t dtype, rank;
  std::int64_t shape[4];
};
static_assert(sizeof(Entry) == entry_size);

std::uint64_t aligned(std::uint64_t offset) { return (offset + alignment - 1) / alignment * alignment; }

[[noreturn]] void corrupt(const std::string& what) { fail(INTERPLAY_CORRUPT, "model file: " + what); }

bool all_zero(const void* data, std::size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(data);
  return std::all_of(bytes, bytes + size, [](unsigned char b) { return b == 0; });
}

[[noreturn]] void fail_size(std::uint64_t expected, std::uint64_t found) {
  corrupt("it should have " + std::to_string(expected) + " bytes and has " + std::to_string(found) +
          (found < expected ? ": cut short, or not written to the end"
                            : ": something was written behind its end"));
}

Header read_header(const Bytes& file) {
  Header header{};
  if (file.size < header_size)
    corrupt("expected a header of 64 bytes, the file has " + std::to_string(file.size));
  std::memcpy(&header, file.data, header_size);
  if (std::memcmp(header.magic, magic, sizeof magic) != 0)
    corrupt("it does not begin like one; is this a model saved by interplay?");
  if (header.major != format_major)
    fail(INTERPLAY_INCOMPATIBLE, "model file: its format is " + std::to_string(header.major) + "." +
                                     std::to_string(header.minor) + ", this library reads " +
                                     std::to_string(format_major) + ".x; use a library that reads it");
  if (header.sections == 0 || header.sections > most_sections)
    corrupt("a directory of " + std::to_string(header.sections) + " sections is impossible");
  if (header.zero != 0 || !all_zero(header.reserved, sizeof header.reserved))
    corrupt("reserved bytes of the header are not zero");
  return header;
}

std::uint64_t head_checksum(const std::byte* head, std::size_t size) {
  Header header{};
  std::memcpy(&header, head, header_size);
  header.checksum = 0;
  std::vector<std::byte> copy(head, head + size);
  std::memcpy(copy.data(), &header, header_size);
  return hash_bytes(copy.data(), copy.size());
}

}  // namespace

bool is_section_name(const std::string& name, std::size_t most) {
  return !name.empty() && name.size() <= most && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '/';
  });
}

std::size_t dtype_size(std::int32_t dtype) {
  switch (dtype) {
    case INTERPLAY_INT64:
    case INTERPLAY_FLOAT64:
      return 8;
    case INTERPLAY_INT32:
    case INTERPLAY_FLOAT32:
      return 4;
    case INTERPLAY_BFLOAT16:
      return 2;
    case INTERPLAY_BOOL8:
    case INTERPLAY_INT8:
      return 1;
    default:
      return 0;
  }
}

std::size_t tensor_size(const interplay_tensor& tensor) {
  constexpr std::size_t impossible = SIZE_MAX;
  std::size_t size = dtype_size(tensor.dtype);
  if (size == 0 || tensor.rank < 0 || tensor.rank > 4) return impossible;
  for (std::int32_t d = 0; d < 4; ++d) {
    if (d >= tensor.rank) continue;
    if (tensor.shape[d] < 0) return impossible;
    const auto length = static_cast<std::size_t>(tensor.shape[d]);
    if (length != 0 && size > (std::size_t{1} << 62) / length) return impossible;
    size *= length;
  }
  return size;
}

const char* tensor_type_name(std::int32_t dtype) {
  switch (dtype) {
    case INTERPLAY_BOOL8:
      return "bytes";
    case INTERPLAY_BFLOAT16:
      return "bfloat16";
    case INTERPLAY_INT8:
      return "int8";
    default:
      return type_name(static_cast<Type>(dtype));
  }
}

Json describe_tensor(const std::string& name, const interplay_tensor& tensor) {
  Json line;
  line["name"] = name;
  line["type"] = tensor_type_name(tensor.dtype);
  line["shape"] = std::vector<std::int64_t>(tensor.shape, tensor.shape + tensor.rank);
  return line;
}

void ContainerWriter::add(const std::string& name, const interplay_tensor& tensor,
                          std::shared_ptr<const void> owner) {
  const std::size_t size = tensor_size(tensor);
  if (!is_section_name(name, name_size - 1))
    fail(INTERPLAY_INVALID_ARGUMENT,
         "\"" + name + "\" cannot name a section: expected 1 to 63 of a-z, 0-9, _, ., /");
  if (size == SIZE_MAX || (size > 0 && tensor.data == nullptr))
    fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\" has an impossible type, rank or shape");
  for (const Section& section : sections_)
    if (section.name == name) fail(INTERPLAY_INVALID_ARGUMENT, "tensor \"" + name + "\" was put twice");
  sections_.push_back({name, tensor, size, std::move(owner)});
  head_.clear();
}

void ContainerWriter::seal() {
  if (!head_.empty()) return;
  std::vector<Entry> entries;
  std::uint64_t end = header_size + entry_size * sections_.size();
  for (const Section& section : sections_) {
    Entry entry{};
    std::memcpy(entry.name, section.name.data(), section.name.size());
    entry.offset = aligned(end);
    entry.size = section.size;
    entry.checksum = hash_bytes(section.tensor.data, section.size);
    entry.dtype = section.tensor.dtype;
    entry.rank = section.tensor.rank;
    std::copy_n(section.tensor.shape, section.tensor.rank, entry.shape);
    entries.push_back(entry);
    end = entry.offset + entry.size;
  }
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.major = format_major;
  header.minor = format_minor;
  header.file_size = end;
  header.sections = static_cast<std::uint32_t>(sections_.size());
  head_.resize(header_size + entry_size * entries.size());
  std::memcpy(head_.data() + header_size, entries.data(), entry_size * entries.size());
  std::memcpy(head_.data(), &header, header_size);
  header.checksum = head_checksum(head_.data(), head_.size());
  std::memcpy(head_.data(), &header, header_size);
}

std::vector<std::span<const std::byte>> ContainerWriter::pieces() {
  seal();
  std::vector<std::span<const std::byte>> list{{head_.data(), head_.size()}};
  std::uint64_t end = head_.size();
  for (const Section& section : sections_) {
    list.emplace_back(zeros, aligned(end) - end);
    list.emplace_back(static_cast<const std::byte*>(section.tensor.data), section.size);
    end = aligned(end) + section.size;
  }
  return list;
}

std::string ContainerWriter::id() {
  seal();
  return hex(hash_bytes(head_.data() + header_size, head_.size() - header_size));
}

ContainerReader::ContainerReader(Bytes file, bool verify, bool whole) : file_(std::move(file)) {
  const Header header = read_header(file_);
  file_size_ = header.file_size;
  if (whole && file_size_ != file_.size) fail_size(file_size_, file_.size);
  const std::size_t head = header_size + entry_size * header.sections;
  if (head > file_.size) corrupt("its directory reaches past its end");
  if (head_checksum(file_.data, head) != header.checksum)
    corrupt("the checksum of header and directory is wrong: it is damaged");
  id_ = hex(hash_bytes(file_.data + header_size, head - header_size));
  std::uint64_t end = head;
  for (std::size_t i = 0; i < header.sections; ++i) read_entry(i, end, verify, whole);
  if (end != file_size_) corrupt("there are bytes behind its last section");
}

void ContainerReader::read_entry(std::size_t number, std::uint64_t& end, bool verify, bool whole) {
  Entry entry{};
  std::memcpy(&entry, file_.data + header_size + entry_size * number, entry_size);
  const std::string name(entry.name, strnlen(entry.name, name_size));
  const std::string where = "section " + std::to_string(number) + ": ";
  if (!is_section_name(name, name_size - 1) || !all_zero(entry.name + name.size(), name_size - name.size()))
    corrupt(where + "its name is impossible");
  interplay_tensor tensor{
      nullptr, entry.dtype, entry.rank, {entry.shape[0], entry.shape[1], entry.shape[2], entry.shape[3]}};
  // An impossible type or rank has the size SIZE_MAX, which a forged entry may claim too.
  const std::size_t size = tensor_size(tensor);
  if (size == SIZE_MAX || size != entry.size ||
      !all_zero(entry.shape + entry.rank, sizeof(std::int64_t) * static_cast<std::size_t>(4 - entry.rank)))
    corrupt("section \"" + name + "\": its shape and its size do not agree");
  if (entry.offset != aligned(end) || entry.size > file_size_ || entry.offset > file_size_ - entry.size)
    corrupt("section \"" + name + "\": it does not lie where it should");
  const bool there = entry.offset + entry.size <= file_.size;
  if (whole && verify) {
    if (!all_zero(file_.data + end, entry.offset - end))
      corrupt("section \"" + name + "\": the padding before it is not zero");
    if (hash_bytes(file_.data + entry.offset, entry.size) != entry.checksum)
      corrupt("section \"" + name + "\": its checksum is wrong: the file is damaged");
  } else if (!whole && there && number == 0 &&
             hash_bytes(file_.data + entry.offset, entry.size) != entry.checksum) {
    corrupt("section \"" + name + "\": its checksum is wrong: the file is damaged");
  }
  end = entry.offset + entry.size;
  if (there) tensor.data = file_.data + entry.offset;
  if (!sections_.emplace(name, tensor).second) corrupt("section \"" + name + "\" is there twice");
  order_.push_back(name);
}

const interplay_tensor* ContainerReader::find(const std::string& name) const {
  const auto it = sections_.find(name);
  return it != sections_.end() ? &it->second : nullptr;
}

interplay_tensor ContainerReader::require(const std::string& name, std::int32_t dtype) const {
  const interplay_tensor* const tensor = find(name);
  if (tensor == nullptr) corrupt("the section \"" + name + "\" is missing");
  if (tensor->dtype != dtype || tensor->rank != 1 || tensor->data == nullptr)
    corrupt("section \"" + name + "\": it has another type or rank than expected");
  return *tensor;
}

Json ContainerReader::directory() const {
  Json list = Json::array();
  for (const std::string& name : order_) list.push_back(describe_tensor(name, sections_.at(name)));
  return list;
}

std::size_t start_size(const std::string& path) {
  const Bytes start = read_start(path, header_size);
  const Header header = read_header(start);
  const std::size_t head = header_size + entry_size * header.sections;
  const std::uint64_t size = interplay::core::file_size(path);
  if (header.file_size != size) fail_size(header.file_size, size);
  const Bytes directory = read_start(path, head);
  if (directory.size < head) corrupt("its directory reaches past its end");
  Entry first{};
  std::memcpy(&first, directory.data + header_size, entry_size);
  if (first.size > size || first.offset > size - first.size)
    corrupt("its first section reaches past its end");
  return static_cast<std::size_t>(first.offset + first.size);
}

}  // namespace interplay::core
