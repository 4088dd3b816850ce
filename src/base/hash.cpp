#include "base/hash.hpp"

#include <xxhash.h>

namespace interplay::core {

std::uint64_t hash_bytes(const void* data, std::size_t size) noexcept { return XXH3_64bits(data, size); }

std::uint64_t hash_integer(std::int64_t value) noexcept { return XXH3_64bits(&value, sizeof value); }

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace interplay::core
