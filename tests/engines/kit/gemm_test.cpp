// Training's wide products: who answers, and is the answer right.
#include "kit/gemm.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(kit_gemm)

BOOST_AUTO_TEST_CASE(
    openblas_has_kernels_for_avx2_machines) {  // without them it falls back to SSE3, 3.5 times slower
  const std::string core = interplay::kit::blas_core();
  BOOST_TEST_MESSAGE(core);
  BOOST_TEST(!core.empty());
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) BOOST_TEST(core != "Prescott");
#endif
}

BOOST_AUTO_TEST_CASE(products_by_hand) {  // [1 3 5; 2 4 6] [1 2; 3 4; 5 6] and one more, by pencil
  const std::vector<float> a{1, 2, 3, 4, 5, 6};
  std::vector<float> square(4, 1);
  interplay::kit::gemm_tn(square.data(), a.data(), a.data(), 2, 2, 3, 1);
  BOOST_TEST((square == std::vector<float>{36, 45, 45, 57}));
}

BOOST_AUTO_TEST_CASE(one_row_and_one_column_are_no_special_case) {  // where an array library's strides are 0
  const std::vector<float> a{2, 3}, b{5, 7};
  std::vector<float> outer(4, 0);
  float c = 0;

  interplay::kit::gemm_tn(outer.data(), a.data(), b.data(), 2, 2, 1, 0);
  BOOST_TEST((outer == std::vector<float>{10, 14, 15, 21}));
  interplay::kit::gemm_tn(&c, a.data(), b.data(), 1, 1, 2, 0);
  BOOST_TEST(c == 31);
}

BOOST_AUTO_TEST_SUITE_END()
