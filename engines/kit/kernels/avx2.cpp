// The kernels for avx2; compiled with -mavx2 -mfma.
#include "kit/kernels/simd_gradients.hpp"

namespace interplay::kit {

const Kernels& avx2_kernels() {
  static constinit const Kernels table = simd::table<xsimd::fma3<xsimd::avx2>>("avx2");
  return table;
}

}  // namespace interplay::kit
