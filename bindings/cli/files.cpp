#include "files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "errors.hpp"

#if !defined(_WIN32)
#include <unistd.h>
#endif

namespace interplay::cli {
namespace {

std::string reason(int code) { return std::generic_category().message(code); }

struct Close {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

}  // namespace

std::string read_file(const std::string& path) {
  const bool input = path == "-";
  std::error_code ignored;
  if (!input && std::filesystem::is_directory(path, ignored))
    throw DataError(path + ": expected a file, found a directory");
  const std::unique_ptr<std::FILE, Close> owner(input ? nullptr : std::fopen(path.c_str(), "rb"));
  std::FILE* file = input ? stdin : owner.get();
  if (!file) throw DataError("cannot read " + path + ": " + reason(errno));
  const std::uintmax_t known = input ? 0 : std::filesystem::file_size(path, ignored);
  std::string text;
  if (!ignored) text.reserve(static_cast<std::size_t>(known) + 1);
  std::size_t used = 0;
  for (;;) {
    // The size is only a hint: a pipe has none, and a file may grow.
    const std::size_t room = std::max<std::size_t>(text.capacity() - used, std::size_t{1} << 16);
    text.resize(used + room);
    const std::size_t got = std::fread(text.data() + used, 1, room, file);
    used += got;
    if (got < room) break;
  }
  if (std::ferror(file))
    throw DataError("cannot read " + (input ? "standard input" : path) + ": " + reason(errno));
  text.resize(used);
  return text;
}

void expect_writable(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored))
    throw DataError("cannot write " + path + ": it is a directory");
  const std::filesystem::path folder = std::filesystem::absolute(path, ignored).parent_path();
  if (!std::filesystem::is_directory(folder, ignored))
    throw DataError("cannot write " + path + ": there is no folder " + folder.string());
#if !defined(_WIN32)
  if (access(folder.c_str(), W_OK) != 0) throw DataError("cannot write " + path + ": " + reason(errno));
#endif
}

OutputFile::OutputFile(const std::string& path) : path_(path == "-" ? "" : path) {
  if (path_.empty()) {
    file_ = stdout;
    return;
  }
  std::error_code ignored;
  const auto status = std::filesystem::status(path_, ignored);
  const bool special = std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
  if (!special) aside_ = path_ + ".part";
  file_ = std::fopen((special ? path_ : aside_).c_str(), "wb");
  if (!file_) fail(errno);
}

OutputFile::~OutputFile() {
  if (file_ && file_ != stdout) std::fclose(file_);
  std::error_code ignored;
  if (!aside_.empty()) std::filesystem::remove(aside_, ignored);
}

void OutputFile::write(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) fail(errno);
}

void OutputFile::commit() {
  if (std::fflush(file_) != 0) fail(errno);
  if (file_ == stdout) return;
  const int closed = std::fclose(std::exchange(file_, nullptr));
  if (closed != 0) fail(errno);
  std::error_code error;
  if (!aside_.empty()) std::filesystem::rename(aside_, path_, error);
  if (error) throw DataError("cannot write " + path_ + ": " + error.message());
  aside_.clear();
}

void OutputFile::fail(int code) const {
  throw DataError("cannot write " + (path_.empty() ? "standard output" : path_) + ": " + reason(code));
}

}  // namespace interplay::cli
