// The kernels for avx512; compiled with -mavx512f -mavx512cd -mavx512bw -mavx512dq -mfma.
#include "kit/kernels/simd_gradients.hpp"

namespace interplay::kit {

const Kernels& avx512_kernels() {
  static constinit const Kernels table = simd::table<xsimd::avx512dq>("avx512");
  return table;
}

}  // namespace interplay::kit
