#include "kit/gemm.hpp"

#include <interplay/sdk/tensor.hpp>

#if __has_include(<xtensor-blas/xblas.hpp>)
#include <xtensor-blas/xblas.hpp>
#else
#include <xtensor-blas/xlinalg.hpp>
#endif

/* xtensor-blas is content with any BLAS and so declares no function of OpenBLAS's own. */
extern "C" char* openblas_get_corename(void);

namespace interplay::kit {

void gemm_tn(float* c, const float* a, const float* b, std::size_t m, std::size_t n, std::size_t k,
             float beta) {
  auto result = as_matrix(c, m, n);
  xt::blas::gemm(as_matrix(a, k, m), as_matrix(b, k, n), result, true, false, 1.0f, beta);
}

const char* blas_core() { return openblas_get_corename(); }

}  // namespace interplay::kit
