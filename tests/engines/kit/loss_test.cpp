// Losses that compare a row with its drawn negatives, by pencil and by differences.
#include "kit/loss.hpp"
#include "kit/evaluator.hpp"
#include "support/fake_host.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>

namespace interplay::kit::test {
namespace {

const Objective binary{interplay_objective{INTERPLAY_BINARY, 0, 0, 1, 0.5}};

interplay_batch batch_of(std::int64_t rows, const float* weights) {
  interplay_batch batch{};
  batch.rows = rows;
  batch.weights = weights;
  return batch;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(kit_loss)

BOOST_AUTO_TEST_CASE(bpr_is_the_mean_over_the_negatives_of_minus_log_sigmoid_of_the_difference) {
  // z = 1 against 0 and 2: (log(1 + e^-1) + log(1 + e^1)) / 2 = (0.313262 + 1.313262) / 2
  const float z[] = {1, 0, 2};

  BOOST_TEST(std::abs(RowLoss(Loss::bpr, binary, 2).sum(batch_of(3, nullptr), 0, 3, z, 1, nullptr) -
                      0.813262) < 1e-6);
}

BOOST_AUTO_TEST_CASE(softmax_is_minus_the_log_of_the_rows_share) {
  // z = 1 against 0 and 2: log(e + 1 + e^2) - 1 = 1.407606
  const float z[] = {1, 0, 2};

  BOOST_TEST(std::abs(RowLoss(Loss::softmax, binary, 2).sum(batch_of(3, nullptr), 0, 3, z, 1, nullptr) -
                      1.407606) < 1e-6);
}

BOOST_AUTO_TEST_CASE(gradients_agree_with_differences_and_weights_count_once_a_group) {
  const float weights[] = {2, 9, 9, 0.5f, 9, 9};  // of negatives: not looked at
  const interplay_batch batch = batch_of(6, weights);
  for (const Loss kind : {Loss::bpr, Loss::softmax}) {
    const RowLoss loss(kind, binary, 2);
    float z[] = {0.3f, -1, 2, 0, 0.5f, 30}, d[6];
    loss.sum(batch, 0, 6, z, 1, d);
    for (int i = 0; i < 6; ++i) {
      const float kept = z[i], h = 1.0f / 256;
      z[i] = kept + h;
      const double above = loss.sum(batch, 0, 6, z, 1, nullptr);
      z[i] = kept - h;
      const double below = loss.sum(batch, 0, 6, z, 1, nullptr);
      z[i] = kept;
      BOOST_TEST(std::abs((above - below) / (2 * static_cast<double>(h)) - static_cast<double>(d[i])) < 2e-5);
    }
    BOOST_TEST(loss.weights(batch, 0, 6) == 2.5);
  }
}

BOOST_AUTO_TEST_CASE(huge_logits_give_a_finite_loss) {
  const float z[] = {-1e30f, 1e30f};
  for (const Loss kind : {Loss::bpr, Loss::softmax})
    BOOST_TEST(std::isfinite(RowLoss(kind, binary, 1).sum(batch_of(2, nullptr), 0, 2, z, 1, nullptr)));
}

BOOST_AUTO_TEST_CASE(a_comparing_loss_on_data_with_labels_is_refused) {
  BOOST_CHECK_EXCEPTION(RowLoss(Loss::bpr, binary, 0), Error,
                        [](const Error& e) { return e.status() == INTERPLAY_UNSUPPORTED; });
}

BOOST_AUTO_TEST_CASE(rows_come_grouped_with_their_negatives) {
  // ten rows of data, two negatives each: those of row i are 10 + 2 i and 10 + 2 i + 1
  const std::int64_t data[] = {3, 0};
  std::int64_t rows[6];

  group_rows(rows, data, 10, 3);

  BOOST_TEST((std::vector<std::int64_t>(rows, rows + 6) == std::vector<std::int64_t>{3, 16, 17, 0, 10, 11}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace interplay::kit::test
