// The kernels for sse2; the baseline of x86-64: no flags.
#include "kit/kernels/simd_gradients.hpp"

namespace interplay::kit {

const Kernels& sse2_kernels() {
  static constinit const Kernels table = simd::table<xsimd::sse2>("sse2");
  return table;
}

}  // namespace interplay::kit
