#include "model_bytes.hpp"

#include <xxhash.h>

#include <cstring>

#include "errors.hpp"

namespace interplay::cli {
namespace {

constexpr std::size_t header = 64, entry = 128, alignment = 64, name_size = 64;
constexpr std::string_view magic("\x89IPLY\r\n\x1A", 8);

template <class T>
T read(std::string_view file, std::size_t at) {
  if (at + sizeof(T) > file.size()) throw DataError("model file: expected more bytes, found its end");
  T value;
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}

template <class T>
void write(std::string& file, std::size_t at, T value) {
  std::memcpy(file.data() + at, &value, sizeof value);
}

std::size_t aligned(std::size_t size) { return (size + alignment - 1) / alignment * alignment; }

void write_entry(std::string& file, std::size_t at, const Section& section, std::size_t offset) {
  std::memcpy(file.data() + at, section.name.data(), section.name.size());
  write(file, at + 64, static_cast<uint64_t>(offset));
  write(file, at + 72, static_cast<uint64_t>(section.bytes.size()));
  write(file, at + 80, static_cast<uint64_t>(XXH3_64bits(section.bytes.data(), section.bytes.size())));
  write(file, at + 88, section.type);
  write(file, at + 92, static_cast<int32_t>(section.shape.size()));
  for (std::size_t d = 0; d < section.shape.size(); ++d) write(file, at + 96 + 8 * d, section.shape[d]);
}

}  // namespace

std::vector<Section> sections_of(std::string_view file) {
  if (file.substr(0, magic.size()) != magic || read<uint32_t>(file, 8) != 1)
    throw DataError("model file: expected format 1, found another");
  std::vector<Section> sections(read<uint32_t>(file, 24));
  for (std::size_t i = 0; i < sections.size(); ++i) {
    Section& section = sections[i];
    const std::size_t at = header + i * entry;
    const auto offset = read<uint64_t>(file, at + 64), size = read<uint64_t>(file, at + 72);
    section.type = read<int32_t>(file, at + 88);
    for (int32_t d = 0; d < read<int32_t>(file, at + 92) && d < 4; ++d)
      section.shape.push_back(read<int64_t>(file, at + 96 + 8 * static_cast<std::size_t>(d)));
    if (offset > file.size() || size > file.size() - offset)
      throw DataError("model file: a section leaves it");
    section.name = std::string(file.substr(at, name_size).data(), strnlen(file.data() + at, name_size));
    section.bytes = file.substr(offset, size);
  }
  return sections;
}

std::string file_of(const std::vector<Section>& sections) {
  std::string file(header + sections.size() * entry, '\0');
  for (std::size_t i = 0; i < sections.size(); ++i) {
    file.resize(aligned(file.size()));
    write_entry(file, header + i * entry, sections[i], file.size());
    file += sections[i].bytes;
  }
  std::memcpy(file.data(), magic.data(), magic.size());
  write(file, 8, uint32_t{1});
  write(file, 16, static_cast<uint64_t>(file.size()));
  write(file, 24, static_cast<uint32_t>(sections.size()));
  write(file, 32, static_cast<uint64_t>(XXH3_64bits(file.data(), header + sections.size() * entry)));
  return file;
}

}  // namespace interplay::cli
