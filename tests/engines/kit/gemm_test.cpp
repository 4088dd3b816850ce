// Training's wide products: who answers, and are all four ways round right.
#include "kit/gemm.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(kit_gemm)

BOOST_AUTO_TEST_CASE(openblas_answers) {
  const std::string config = interplay::kit::blas_config();
  BOOST_TEST_MESSAGE(config);
  BOOST_TEST(config.find("OpenBLAS") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(products_by_hand) {  // [1 2; 3 4; 5 6] and its like, by pencil
  const std::vector<float> a{1, 2, 3, 4, 5, 6}, b{1, 0, 2, 1};
  std::vector<float> c(6, 1);

  interplay::kit::gemm(c.data(), a.data(), b.data(), 3, 2, 2, 0);
  BOOST_TEST((c == std::vector<float>{5, 2, 11, 4, 17, 6}));
  interplay::kit::gemm_nt(c.data(), a.data(), b.data(), 3, 2, 2, 0);
  BOOST_TEST((c == std::vector<float>{1, 4, 3, 10, 5, 16}));
  std::vector<float> square(4, 1);
  interplay::kit::gemm_tn(square.data(), a.data(), a.data(), 2, 2, 3, 1);
  BOOST_TEST((square == std::vector<float>{36, 45, 45, 57}));
}

BOOST_AUTO_TEST_CASE(one_row_and_one_column_are_no_special_case) {  // where an array library's strides are 0
  const std::vector<float> a{2, 3}, b{5, 7};
  float c = 0;
  std::vector<float> outer(4, 0);

  interplay::kit::gemm(&c, a.data(), b.data(), 1, 1, 2, 0);
  BOOST_TEST(c == 31);
  interplay::kit::gemm(outer.data(), a.data(), b.data(), 2, 2, 1, 0);
  BOOST_TEST((outer == std::vector<float>{10, 14, 15, 21}));
  interplay::kit::gemm_tn(outer.data(), a.data(), b.data(), 2, 2, 1, 0);
  BOOST_TEST((outer == std::vector<float>{10, 14, 15, 21}));
  interplay::kit::gemm_nt(&c, a.data(), b.data(), 1, 1, 2, 0);
  BOOST_TEST(c == 31);
}

BOOST_AUTO_TEST_SUITE_END()
