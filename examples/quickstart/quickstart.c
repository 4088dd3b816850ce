/* The quick start of interplay: from ratings to a saved recommender in seven steps. Read main, at the end,
 * first. What begins with interplay_ is the library; <interplay/interplay.h> explains each call. */
#include <interplay/interplay.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dataset.h"
#include "support.h"

static const char model_path[] = "quickstart.interplay";
static interplay_error* error; /* of the call that failed last: ok() prints and frees it */

/* Called while the model learns, on the thread that called fit. */
static int32_t print_progress(void* user_data, const char* event) {
  (void)user_data;
  if (json_is_true(event, "epoch_end"))
    printf("epoch %2.0f/%.0f  loss %.4f  validation RMSE %.4f\n", json_number(event, "epoch"),
           json_number(event, "epochs"), json_number(event, "loss"), json_number(event, "valid_metric"));
  return 0; /* anything else would cancel */
}

/* Step 2, create: an engine by its name, with its parameters. It has learned nothing yet. */
static int create(int epochs, interplay_model** out_model) {
  char parameters[256];
  snprintf(
      parameters, sizeof parameters,
      "{\"embedding_dim\": 32, \"attention_dim\": 32, \"num_heads\": 2, \"num_layers\": 3, \"dropout\": 0.1,"
      " \"epochs\": %d, \"batch_size\": 256, \"learning_rate\": 0.001}",
      epochs);
  return ok(interplay_model_create("autoint", parameters, out_model, &error), &error);
}

/* Step 3, fit: models never change, so what was learned is a new one. A tenth of `train` is held out to find
 * the best epoch; with a second dataset instead of the first NULL, that one would be used. */
static int fit(const interplay_model* created, const interplay_dataset* train, interplay_model** out_model) {
  interplay_monitor* monitor = NULL;
  const int fine =
      ok(interplay_monitor_new(print_progress, NULL, &monitor, &error), &error) &&
      ok(interplay_model_fit(created, train, NULL, NULL, monitor, NULL, out_model, &error), &error);
  interplay_monitor_free(monitor);
  return fine;
}

/* Step 4, predict: one pair or many. The model remembers the features of its users and items. */
static int predict(const interplay_model* model, const int64_t* users, const int64_t* items, int64_t n,
                   float* scores) {
  interplay_table *rows = NULL, *scored = NULL;
  interplay_column score;
  const int fine = make_pairs(users, items, n, &rows) &&
                   ok(interplay_model_predict(model, rows, NULL, &scored, &error), &error) &&
                   ok(interplay_table_column(scored, "score", &score, &error), &error);
  if (fine) memcpy(scores, score.values, (size_t)n * sizeof *scores);
  interplay_table_free(scored);
  interplay_table_free(rows);
  return fine;
}

static int print_predictions(const interplay_model* model, const struct movielens* data) {
  const int64_t user = 1, item = 1193, n = data->n_ratings < 5 ? data->n_ratings : 5;
  float score, scores[5];
  int64_t i;
  if (!predict(model, &user, &item, 1, &score)) return 0;
  printf("\nPredicted rating of User 1 for Item 1193: %.4f\n", (double)score);
  if (!predict(model, data->rating_user, data->rating_item, n, scores)) return 0;
  printf("Batch predictions:");
  for (i = 0; i < n; ++i) printf(" %.4f", (double)scores[i]);
  printf("\n");
  return 1;
}

/* Step 5, recommend: the best of what User 1 has not rated. */
static int print_recommendations(const interplay_model* model, const struct movielens* data) {
  const int64_t user = 1;
  interplay_table *request = NULL, *best = NULL;
  interplay_column item, score, rank;
  int64_t i;
  const int fine =
      ok(interplay_table_new(1, &request, &error), &error) &&
      ok(interplay_table_add(request, "user_id", INTERPLAY_INT64, &user, 1, NULL, NULL, &error), &error) &&
      ok(interplay_model_recommend(model, request, NULL, "{\"k\": 10}", NULL, &best, &error), &error) &&
      ok(interplay_table_column(best, "movie_id", &item, &error), &error) &&
      ok(interplay_table_column(best, "score", &score, &error), &error) &&
      ok(interplay_table_column(best, "rank", &rank, &error), &error);
  if (fine) printf("\nTop-10 recommendations for User 1:\n");
  for (i = 0; fine && i < item.rows; ++i)
    print_film(data, ((const int32_t*)rank.values)[i], ((const int64_t*)item.values)[i],
               ((const float*)score.values)[i]);
  interplay_table_free(best);
  interplay_table_free(request);
  return fine;
}

/* Step 6, evaluate: on ratings that the model has not seen. */
static int print_evaluation(const interplay_model* model, const interplay_dataset* test) {
  interplay_text* metrics = NULL;
  const int fine = ok(interplay_model_evaluate(model, test, NULL, NULL, &metrics, &error), &error);
  if (fine) printf("\nTest RMSE: %.4f\n", json_number(interplay_text_data(metrics), "rmse"));
  interplay_text_free(metrics);
  return fine;
}

/* Step 7, save and load: one file holds everything. It predicts the same, to the last bit. */
static int save_and_load(const interplay_model* model, const struct movielens* data) {
  const int64_t n = data->n_ratings < 10000 ? data->n_ratings : 10000;
  const size_t size = (size_t)n * sizeof(float);
  float *before = malloc(size), *after = malloc(size);
  interplay_model* again = NULL;
  const int fine = before && after && ok(interplay_model_save(model, model_path, NULL, &error), &error) &&
                   ok(interplay_model_load(model_path, NULL, &again, &error), &error) &&
                   predict(model, data->rating_user, data->rating_item, n, before) &&
                   predict(again, data->rating_user, data->rating_item, n, after);
  if (fine) printf("\nSaved %s: %ld bytes\n", model_path, file_size(model_path));
  if (fine) printf("Reloaded model predicts the same: %s\n", memcmp(before, after, size) == 0 ? "yes" : "no");
  interplay_model_free(again);
  free(before);
  free(after);
  return fine;
}

int main(int argc, char** argv) {
  struct options options;
  struct movielens data = {0};
  interplay_dataset *all = NULL, *train = NULL, *test = NULL;
  interplay_model *created = NULL, *model = NULL;
  int fine;
  if (!parse_options(argc, argv, &options)) return 2;

  fine = load_data(&options, &data) &&
         make_dataset(&data, options.ids_only, &all) && /* Step 1: see dataset.c */
         ok(interplay_dataset_split(all, options.split, &train, &test, &error), &error) &&
         create(options.epochs, &created) && fit(created, train, &model) && print_predictions(model, &data) &&
         print_recommendations(model, &data) && print_evaluation(model, test) &&
         print_yardsticks(&options, &data, test) && save_and_load(model, &data);

  interplay_model_free(model);
  interplay_model_free(created);
  interplay_dataset_free(test);
  interplay_dataset_free(train);
  interplay_dataset_free(all);
  movielens_free(&data);
  return fine ? 0 : 1;
}
