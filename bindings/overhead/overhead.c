/* What the calls cost in C: the line of bindings/README.md that every language is compared with. Usage: overhead MODEL */
#include <interplay/interplay.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 15, ONES = 20000, BATCH = 10000 };

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(interplay_status status, interplay_error** error) {
  if (status != INTERPLAY_OK) {
    fprintf(stderr, "overhead: %s\n", interplay_error_message(*error));
    exit(1);
  }
}

/* Microseconds of one call, the best round's mean. */
static double one_pair(const interplay_model* model, interplay_error** error) {
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    for (int64_t i = 0; i < ONES; i++) {
      int64_t user = i % 900 + 1, item = i % 1600 + 1;
      float score;
      must(interplay_predict_pairs(model, 1, &user, &item, &score, error), error);
    }
    double each = (now() - start) / ONES;
    best = each < best ? each : best;
  }
  return 1e6 * best;
}

static double one_cell(const interplay_model* model, interplay_error** error) {
  const char* columns[] = {"user_id", "item_id"};
  interplay_scorer* scorer = NULL;
  must(interplay_scorer_open(model, columns, 1, 1, "{\"max_rows\": 1}", &scorer, error), error);
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    for (int64_t i = 0; i < ONES; i++) {
      interplay_cell user = {INTERPLAY_CELL_INT64, 0, (uint64_t)(i % 900 + 1)};
      interplay_cell item = {INTERPLAY_CELL_INT64, 0, (uint64_t)(i % 1600 + 1)};
      float score;
      must(interplay_scorer_score(scorer, &user, &item, 1, NULL, 0, &score, error), error);
    }
    double each = (now() - start) / ONES;
    best = each < best ? each : best;
  }
  interplay_scorer_free(scorer);
  return 1e6 * best;
}

static double batch(const interplay_model* model, interplay_error** error) {
  static int64_t users[BATCH], items[BATCH];
  static float scores[BATCH];
  for (int64_t i = 0; i < BATCH; i++) {
    users[i] = i % 900 + 1;
    items[i] = i % 1600 + 1;
  }
  double best = 1e9;
  for (int round = 0; round < ROUNDS; round++) {
    double start = now();
    must(interplay_predict_pairs(model, BATCH, users, items, scores, error), error);
    double taken = now() - start;
    best = taken < best ? taken : best;
  }
  return 1e6 * best;
}

int main(int argc, char** argv) {
  interplay_model* model = NULL;
  interplay_error* error = NULL;
  if (argc != 2) return 2;
  must(interplay_model_load(argv[1], NULL, &model, &error), &error);
  printf("c predict_pairs %.3f\n", one_pair(model, &error));
  printf("c scorer %.3f\n", one_cell(model, &error));
  printf("c batch %.3f\n", batch(model, &error));
  interplay_model_free(model);
  return 0;
}
