/* The short way: a recommender in five calls, from three plain arrays. */
#include <interplay/interplay.h>
#include <stdio.h>

#include "../quickstart/planted.h"

int main(void) {
  struct movielens data = {0}; /* only its arrays of users, items and ratings are used */
  interplay_model *model = NULL, *again = NULL;
  interplay_error* error = NULL;
  const int64_t user = 1, item = 1193;
  int64_t best[10];
  float score, scores[10];
  size_t i, n;

  const int failed = !planted_make(&data) ||
                     interplay_fit_pairs("autoint", "{\"epochs\": 5}", (size_t)data.n_ratings,
                                         data.rating_user, data.rating_item, data.rating, &model, &error) ||
                     interplay_predict_pairs(model, 1, &user, &item, &score, &error) ||
                     interplay_recommend_user(model, user, 10, best, scores, &n, &error) ||
                     interplay_model_save(model, "pairs.interplay", NULL, &error) ||
                     interplay_model_load("pairs.interplay", NULL, &again, &error);

  if (failed) fprintf(stderr, "pairs: %s\n", interplay_error_message(error));
  if (!failed) printf("Predicted rating of User 1 for Item 1193: %.4f\n", (double)score);
  if (!failed) printf("Top-10 recommendations for User 1:\n");
  for (i = 0; !failed && i < n; ++i)
    printf("%2d. %7lld  %.4f\n", (int)i + 1, (long long)best[i], (double)scores[i]);

  interplay_error_free(error);
  interplay_model_free(again);
  interplay_model_free(model);
  movielens_free(&data);
  return failed;
}
