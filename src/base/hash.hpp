// XXH3 (xxHash, Yann Collet) for looking up and for checksums; its one home.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace interplay::core {

std::uint64_t hash_bytes(const void* data, std::size_t size) noexcept;
/// For integer keys: their eight bytes.
std::uint64_t hash_integer(std::int64_t value) noexcept;
/// 16 lower-case hexadecimal digits.
std::string hex(std::uint64_t value);

}  // namespace interplay::core
