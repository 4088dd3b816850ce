#include "base/file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <string>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"

namespace interplay::core {
namespace {

[[noreturn]] void fail_system(const std::string& doing, const std::string& path, int error) {
  Json detail;
  detail["path"] = path;
  detail["errno"] = error;
  fail(error == ENOENT ? INTERPLAY_NOT_FOUND : INTERPLAY_IO,
       "cannot " + doing + " \"" + path + "\": " + std::generic_category().message(error), dump_json(detail));
}

class File {
 public:
  /// `named` is the path that an error names
  File(const std::string& path, int flags, mode_t mode, const std::string& doing, const std::string& named)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {
    if (descriptor_ < 0) fail_system(doing, named, errno);
  }
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) (void)::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int get() const { return descriptor_; }
  int close() { return ::close(std::exchange(descriptor_, -1)); }

 private:
  int descriptor_;
};

std::size_t regular_size(const File& file, const std::string& path, std::uint64_t max_bytes) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) fail_system("read", path, errno);
  if (!S_ISREG(info.st_mode)) fail(INTERPLAY_IO, "cannot read \"" + path + "\": expected a regular file");
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (max_bytes != 0 && size > max_bytes)
    fail(INTERPLAY_INVALID_ARGUMENT, "\"" + path + "\" has " + std::to_string(size) +
                                         " bytes, more than max_bytes allows (" + std::to_string(max_bytes) +
                                         ")");
  return static_cast<std::size_t>(size);
}

Bytes read_up_to(const File& file, const std::string& path, std::size_t size) {
  Buffer buffer(size);
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(file.get(), buffer.data + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail_system("read", path, errno);
    if (got == 0) fail(INTERPLAY_IO, "\"" + path + "\" shrank while it was read");
    done += static_cast<std::size_t>(got);
  }
  return std::move(buffer).freeze();
}

/// The errno of the failure, or 0.
int write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), 1U << 30));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return 0;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// A name beside `path` that no other save uses at this moment: the process and a place in its memory make it so.
std::string aside(const std::string& path, const void* unique, std::uint64_t attempt) {
  const std::uint64_t key[3] = {static_cast<std::uint64_t>(::getpid()),
                                reinterpret_cast<std::uintptr_t>(unique), attempt};
  return path + "." + hex(hash_bytes(key, sizeof key)).substr(0, 8) + ".tmp";
}

/// A new file beside `path`. A process that was killed may have left one of the same name: in a container, number and
/// addresses of the next process can be its own again.
File create_aside(const std::string& path, const void* unique, std::string& name) {
  constexpr std::uint64_t attempts = 100;
  for (std::uint64_t attempt = 0; attempt < attempts; ++attempt) {
    name = aside(path, unique, attempt);
    const int descriptor = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0) return File(descriptor);
    if (errno != EEXIST) break;
  }
  fail_system("write", path, errno);
}

void sync_folder(const std::string& path) {
  // Some file systems cannot sync a folder; the file itself is synced already, so that is no failure.
  const int descriptor = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return;
  (void)::fsync(descriptor);
  (void)::close(descriptor);
}

}  // namespace

Buffer::Buffer(std::size_t bytes) : size(bytes) {
  constexpr std::align_val_t alignment{64};
  auto* const raw = static_cast<std::byte*>(::operator new[](std::max<std::size_t>(bytes, 1), alignment));
  memory = std::shared_ptr<std::byte[]>(raw, [](std::byte* p) { ::operator delete[](p, alignment); });
  data = raw;
}

Bytes read_file(const std::string& path, std::uint64_t max_bytes) {
  const File file(path, O_RDONLY, 0, "read", path);
  return read_up_to(file, path, regular_size(file, path, max_bytes));
}

Bytes read_start(const std::string& path, std::size_t size) {
  const File file(path, O_RDONLY, 0, "read", path);
  return read_up_to(file, path, std::min(size, regular_size(file, path, 0)));
}

std::uint64_t file_size(const std::string& path) {
  const File file(path, O_RDONLY, 0, "read", path);
  return regular_size(file, path, 0);
}

Bytes map_file(const std::string& path, std::uint64_t max_bytes, bool prefault) {
  const File file(path, O_RDONLY, 0, "map", path);
  const std::size_t size = regular_size(file, path, max_bytes);
  if (size == 0) return {};
#ifdef MAP_POPULATE
  const int now = prefault ? MAP_POPULATE : 0;
#else
  const int now = 0;
#endif
  void* const memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED | now, file.get(), 0);
  if (memory == MAP_FAILED) fail_system("map", path, errno);
  return {static_cast<const std::byte*>(memory), size,
          std::shared_ptr<const void>(memory,
                                      [size](const void* p) { (void)::munmap(const_cast<void*>(p), size); })};
}

void replace_file(const std::string& path, std::span<const std::span<const std::byte>> pieces) {
  std::string temporary;
  File file = create_aside(path, &pieces, temporary);
  int error = 0;
  for (const auto& piece : pieces)
    if (error == 0) error = write_all(file.get(), piece);
  if (error == 0 && ::fsync(file.get()) != 0) error = errno;
  if (file.close() != 0 && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), path.c_str()) != 0) error = errno;
  if (error != 0) {
    (void)::unlink(temporary.c_str());
    fail_system("write", path, error);
  }
  sync_folder(path);
}

}  // namespace interplay::core
