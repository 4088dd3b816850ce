// The kernels for neon; the baseline of 64-bit ARM: no flags.
#include "kit/kernels/simd_gradients.hpp"

namespace interplay::kit {

const Kernels& neon_kernels() {
  static constinit const Kernels table = simd::table<xsimd::neon64>("neon");
  return table;
}

}  // namespace interplay::kit
