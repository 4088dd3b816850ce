// Wide products by OpenBLAS, through xtensor-blas: the gradients of weights too large for the near caches. Scoring does not
// come here: the edges of a BLAS's blocks may round differently, and a row's score must not depend on its neighbours.
#pragma once

#include <cstddef>

namespace interplay::kit {

/// c (m, n) = a (k, m)^T b (k, n) + beta c; row-major without gaps
void gemm_tn(float* c, const float* a, const float* b, std::size_t m, std::size_t n, std::size_t k,
             float beta);

/// The kernels that OpenBLAS chose for this machine when it was loaded: "SkylakeX" say.
const char* blas_core();

}  // namespace interplay::kit
