// The system's calls that a save makes, in place of libc's: one of them fails on order. Only files that are being written
// are meant.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>

#include "reliability/file_faults.hpp"

namespace faults = interplay::test::file_faults;

extern "C" {

int open(const char* path, int flags, ...) {
  mode_t mode = 0;
  if ((flags & O_CREAT) != 0) {
    va_list more;
    va_start(more, flags);
    mode = static_cast<mode_t>(va_arg(more, int));
    va_end(more);
    if (faults::fails(faults::open_call)) return -1;
  }
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
ssize_t write(int file, const void* bytes, size_t size) {
  if (file > 2) {
    if (size > 1 && faults::halves()) size /= 2;
    if (faults::fails(faults::write_call)) return -1;
  }
  return syscall(SYS_write, file, bytes, size);
}
int fsync(int file) {
  if (faults::fails(faults::fsync_call)) return -1;
  return static_cast<int>(syscall(SYS_fsync, file));
}
int close(int file) {
  const int result = static_cast<int>(syscall(SYS_close, file));
  return faults::fails(faults::close_call) ? -1 : result;
}
int rename(const char* from, const char* to) {
  if (faults::fails(faults::rename_call)) return -1;
  return static_cast<int>(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

}  // extern "C"
