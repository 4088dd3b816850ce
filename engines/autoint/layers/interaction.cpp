#include "layers/interaction.hpp"

#include "gemm.hpp"

#include <algorithm>
#include <cmath>

namespace interplay::autoint {

void InteractionCache::resize(const Shape& s, std::size_t rows, bool dropout) {
  qkv.resize(rows * s.M * 3 * s.Ap);
  a.resize(rows * s.H * s.M * s.Mp);
  mask.resize(dropout ? a.size() : 0);
  joined.resize(rows * s.M * s.Ap);
}

void InteractionScratch::resize(const Shape& s, std::size_t rows) {
  attention.resize(2 * s.M * s.Mp);
  d_joined.resize(rows * s.M * s.Ap);
  d_qkv.resize(rows * s.M * 3 * s.Ap);
}

void interact(float* e_out, InteractionCache& cache, const float* e_in, const float* w_qkv, const float* w_o,
              InteractionScratch& scratch, const Model& model, std::size_t rows) {
  const Shape& s = model.shape;
  const std::size_t n = rows * s.M;
  gemm(cache.qkv.data(), e_in, w_qkv, n, 3 * s.Ap, s.dp, 0);
  model.kernels->attention(cache.joined.data(), cache.a.data(), cache.qkv.data(),
                           cache.mask.empty() ? nullptr : cache.mask.data(), scratch.attention.data(),
                           s.attention(), rows);
  gemm(e_out, cache.joined.data(), w_o, n, s.dp, s.Ap, 0);
  model.kernels->add_relu(e_out, e_in, n * s.dp);
}

void d_interact(float* d_e, float* d_w_qkv, float* d_w_o, const InteractionCache& cache, const float* e_out,
                const float* e_in, const float* w_qkv, const float* w_o, InteractionScratch& scratch,
                const Model& model, std::size_t rows) {
  const Shape& s = model.shape;
  const std::size_t n = rows * s.M;
  // e_out = ReLU(joined w_o + e_in): from here on d_e is the gradient of the sum inside
  model.kernels->d_relu(d_e, e_out, n * s.dp);
  gemm_tn(d_w_o, cache.joined.data(), d_e, s.Ap, s.dp, n, 1);
  gemm_nt(scratch.d_joined.data(), d_e, w_o, n, s.Ap, s.dp, 0);
  model.kernels->d_attention(scratch.d_qkv.data(), scratch.d_joined.data(), cache.a.data(), cache.qkv.data(),
                             cache.mask.empty() ? nullptr : cache.mask.data(), scratch.attention.data(),
                             s.attention(), rows);
  // qkv = e_in w_qkv; the residual's share of d_e is already there
  gemm_tn(d_w_qkv, e_in, scratch.d_qkv.data(), s.dp, 3 * s.Ap, n, 1);
  gemm_nt(d_e, scratch.d_qkv.data(), w_qkv, n, s.dp, 3 * s.Ap, 1);
}

void draw_mask(float* mask, std::size_t n, std::size_t used, std::size_t stride, double p, Random random) {
  // two draws of 32 bits from each 64
  const auto threshold = static_cast<std::uint32_t>(std::min(p * 0x1p32, 0x1p32 - 1));
  const float keep = static_cast<float>(1.0 / (1.0 - p));
  for (std::size_t start = 0; start < n; start += stride) {
    for (std::size_t i = 0; i < used; i += 2) {
      const std::uint64_t bits = random.bits();
      mask[start + i] = static_cast<std::uint32_t>(bits) < threshold ? 0.0f : keep;
      if (i + 1 < used)
        mask[start + i + 1] = static_cast<std::uint32_t>(bits >> 32) < threshold ? 0.0f : keep;
    }
    std::fill(mask + start + used, mask + start + stride, 0.0f);
  }
}

}  // namespace interplay::autoint
