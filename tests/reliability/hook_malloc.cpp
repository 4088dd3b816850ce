// Every allocation of the process: the library's, its BLAS's, its C++ runtime's, libc's own.
#include <cerrno>
#include <cstddef>

#include "reliability/faults.hpp"

namespace faults = interplay::test::faults;

namespace {

void* counted(void* memory) {
  if (memory != nullptr) ++faults::living;
  return memory;
}
void* refused() {
  errno = ENOMEM;
  return nullptr;
}

}  // namespace

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);
void* memalign(std::size_t alignment, std::size_t size);
void* malloc(std::size_t size);
void* calloc(std::size_t n, std::size_t size);
void* realloc(void* memory, std::size_t size);
void* aligned_alloc(std::size_t alignment, std::size_t size);
int posix_memalign(void** out, std::size_t alignment, std::size_t size);
void free(void* memory);

void* malloc(std::size_t size) { return faults::fails() ? refused() : counted(__libc_malloc(size)); }
void* calloc(std::size_t n, std::size_t size) {
  return faults::fails() ? refused() : counted(__libc_calloc(n, size));
}
void* realloc(void* memory, std::size_t size) {
  if (faults::fails()) return refused();
  void* const moved = __libc_realloc(memory, size);
  return memory == nullptr ? counted(moved) : moved;
}
void* memalign(std::size_t alignment, std::size_t size) {
  return faults::fails() ? refused() : counted(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  *out = memalign(alignment, size);
  return *out != nullptr ? 0 : ENOMEM;
}
void free(void* memory) {
  if (memory != nullptr) --faults::living;
  __libc_free(memory);
}
}
