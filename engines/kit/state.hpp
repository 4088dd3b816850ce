// What fit returns and everything else reads.
#pragma once

#include "kit/optimizer.hpp"

namespace interplay::kit {

struct State {
  Model model;
  Moments moments;          // empty after a load without them
  std::int64_t steps = 0;   // of all fits: keys the random draws
  std::int64_t epochs = 0;  // likewise
};

}  // namespace interplay::kit
