// What fit returns and everything else reads: models of one shape, trained apart, whose mean logit is the score.
#pragma once

#include "kit/optimizer.hpp"

namespace interplay::kit {

struct Member {
  Model model;
  Moments moments;          // empty after a load without them
  std::int64_t steps = 0;   // of all fits: keys the random draws
  std::int64_t epochs = 0;  // likewise
};

struct State {
  std::vector<Member> members;  // at least one
};

}  // namespace interplay::kit
