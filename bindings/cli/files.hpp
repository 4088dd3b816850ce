// Reading a file whole, and writing one so that it appears finished or not at all.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace interplay::cli {

/// "-" is standard input. Throws DataError.
std::string read_file(const std::string& path);

/// Finds out before hours of work whether their result could be written. Throws DataError.
void expect_writable(const std::string& path);

/// A file beside its final name until commit; without one it disappears. "-" or "" is standard output.
class OutputFile {
 public:
  explicit OutputFile(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(int code) const;

  std::string path_;
  std::string aside_;  ///< empty: the bytes go straight to path_ (a pipe, a device, standard output)
  std::FILE* file_ = nullptr;
};

}  // namespace interplay::cli
