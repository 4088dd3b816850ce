// Which kernels this processor can run. The compiler's own test asks the operating system too: a processor
// with AVX-512 under a kernel that does not save its registers must not get it.
#include "kit/kernels/kernels.hpp"

namespace interplay::kit {

std::size_t available_kernels(const Kernels* out[8]) {
  std::size_t n = 0;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("fma"))
    out[n++] = &avx512_kernels();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) out[n++] = &avx2_kernels();
  out[n++] = &sse2_kernels();
#elif defined(__aarch64__)
  out[n++] = &neon_kernels();
#endif
  out[n++] = &scalar_kernels();
  return n;
}

const Kernels& kernels() {
  static const Kernels& best = [&]() -> const Kernels& {
    const Kernels* available[8];
    available_kernels(available);
    return *available[0];
  }();
  return best;
}

}  // namespace interplay::kit
