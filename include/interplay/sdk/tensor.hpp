// The one place that knows where xtensor keeps its headers (flat up to 0.25, in folders since 0.26). It costs
// seconds of compile time: headers that many files include take tensor_view.hpp. xtensor's expressions are
// lazy and remember their operands, so none may outlive its statement: write `const Tensor2 x = ...`, never
// `auto x = ...`.
#pragma once

#if __has_include(<xtensor/containers/xtensor.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <array>
#include <cstddef>

namespace interplay {

template <std::size_t N>
using Tensor = xt::xtensor<float, N>;
using Tensor1 = Tensor<1>;
using Tensor2 = Tensor<2>;
using Tensor3 = Tensor<3>;
using Tensor4 = Tensor<4>;

/// data (rows, columns) as an xtensor expression over borrowed memory; allocates nothing
template <class T>
auto as_matrix(T* data, std::size_t rows, std::size_t columns) {
  return xt::adapt(data, rows * columns, xt::no_ownership(), std::array<std::size_t, 2>{rows, columns});
}

}  // namespace interplay
