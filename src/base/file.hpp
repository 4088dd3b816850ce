// Files: read whole, mapped, and replaced in one step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace interplay::core {

/// Bytes that somebody keeps alive. data is aligned to 64 bytes.
struct Bytes {
  const std::byte* data = nullptr;
  std::size_t size = 0;
  std::shared_ptr<const void> owner;
};

/// Memory of `size` bytes, aligned to 64, with a way to fill it.
struct Buffer {
  std::shared_ptr<std::byte[]> memory;
  std::byte* data = nullptr;
  std::size_t size = 0;

  explicit Buffer(std::size_t bytes);
  Bytes freeze() && { return {data, size, std::move(memory)}; }
};

/// NOT_FOUND or IO with the path and the system's words. max_bytes 0: no limit; a larger file is INVALID_ARGUMENT.
Bytes read_file(const std::string& path, std::uint64_t max_bytes);
/// Mapped read-only and shared with other processes: the file must not change while the bytes live. `prefault`: all of it
/// is read and mapped before the call returns, instead of page by page when it is first touched.
Bytes map_file(const std::string& path, std::uint64_t max_bytes, bool prefault = false);
/// The first `size` bytes at most.
Bytes read_start(const std::string& path, std::size_t size);
std::uint64_t file_size(const std::string& path);

/// Written aside in the same folder, synced, renamed over `path`, and the folder synced: the old file or the new one is
/// always whole. Fails with IO and leaves nothing behind.
void replace_file(const std::string& path, std::span<const std::span<const std::byte>> pieces);

}  // namespace interplay::core
