#include "interactions.hpp"

namespace interplay::fm {

void Interactions::score(kit::Pass& pass) const {
  const float* e = pass.x[e_];
  const std::size_t abreast = pass.abreast();
  for (std::size_t r = 0; r < pass.computed(); r += abreast) {
    float total[16] = {};
    for (std::size_t c = 0; c < slot_.axis.size(); ++c) {
      float sum[16] = {}, own[16] = {};
      for (std::size_t i = 0; i < slot_.items; ++i) {
        const float* x = e + pass.at(slot_, r, i, c);
        for (std::size_t lane = 0; lane < abreast; ++lane) {
          sum[lane] += x[lane];
          own[lane] += x[lane] * x[lane];
        }
      }
      for (std::size_t lane = 0; lane < abreast; ++lane) total[lane] += sum[lane] * sum[lane] - own[lane];
    }
    for (std::size_t lane = 0; lane < abreast; ++lane)
      pass.x[kit::Graph::logit][r + lane] += 0.5f * total[lane];
  }
}

/// d e_i = d_logit (sum over j of e_j - e_i)
void Interactions::backward(kit::TrainingPass& pass) const {
  const float* e = pass.x[e_];
  const std::size_t abreast = pass.abreast();
  for (std::size_t r = 0; r < pass.computed(); r += abreast) {
    const float* d_logit = pass.d_x[kit::Graph::logit] + r;
    for (std::size_t c = 0; c < slot_.axis.size(); ++c) {
      float sum[16] = {};
      for (std::size_t i = 0; i < slot_.items; ++i)
        for (std::size_t lane = 0; lane < abreast; ++lane) sum[lane] += e[pass.at(slot_, r, i, c) + lane];
      for (std::size_t i = 0; i < slot_.items; ++i) {
        const std::size_t at = pass.at(slot_, r, i, c);
        for (std::size_t lane = 0; lane < abreast; ++lane)
          pass.d_x[e_][at + lane] += d_logit[lane] * (sum[lane] - e[at + lane]);
      }
    }
  }
}

}  // namespace interplay::fm
