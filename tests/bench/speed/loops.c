/* This library's side of the benchmark in C, as a host in C would call it: from the caller's own int64 values in plain
 * arrays to scores, with a clock around each call. Ways to call are in `ways`; another one is one function and one line. */
#include <interplay/interplay.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

typedef struct bench_caller {
  const interplay_model* model;
  int64_t n_fields;
  const char* const* names;
  const int64_t* const* columns; /* the caller's values: a column a field */
  int64_t rows;                  /* of each column */
  float* scores;                 /* room for the largest batch */
  char* message;                 /* 256 bytes: why a call failed */
} bench_caller;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int failed(const bench_caller* caller, interplay_error* error) {
  snprintf(caller->message, 256, "%s", interplay_error_message(error));
  interplay_error_free(error);
  return 0;
}

/* interplay_model_predict on a table made for the call. */
static int score_tables(const bench_caller* caller, int64_t begin, int64_t n) {
  interplay_error* error = NULL;
  interplay_table *rows = NULL, *out = NULL;
  interplay_column column;
  int good = interplay_table_new(n, &rows, &error) == INTERPLAY_OK;
  for (int64_t f = 0; good && f < caller->n_fields; ++f)
    good = interplay_table_add(rows, caller->names[f], INTERPLAY_INT64, caller->columns[f] + begin, n, NULL,
                               NULL, &error) == INTERPLAY_OK;
  good = good && interplay_model_predict(caller->model, rows, NULL, &out, &error) == INTERPLAY_OK &&
         interplay_table_column(out, "score", &column, &error) == INTERPLAY_OK;
  if (good) memcpy(caller->scores, column.values, (size_t)n * sizeof(float));
  interplay_table_free(out);
  interplay_table_free(rows);
  return good ? 1 : failed(caller, error);
}

/* interplay_predict_pairs; the model's fields are the user and the item. */
static int score_pairs(const bench_caller* caller, int64_t begin, int64_t n) {
  interplay_error* error = NULL;
  if (interplay_predict_pairs(caller->model, (size_t)n, caller->columns[0] + begin,
                              caller->columns[1] + begin, caller->scores, &error) == INTERPLAY_OK)
    return 1;
  return failed(caller, error);
}

/* interplay_recommend_user: the n best of the catalogue for the user of the row. */
static int recommend(const bench_caller* caller, int64_t begin, int64_t n) {
  interplay_error* error = NULL;
  int64_t items[64];
  size_t found = 0;
  if (n <= 64 && interplay_recommend_user(caller->model, caller->columns[0][begin], (size_t)n, items,
                                          caller->scores, &found, &error) == INTERPLAY_OK)
    return found == (size_t)n;
  return failed(caller, error);
}

typedef int (*way)(const bench_caller* caller, int64_t begin, int64_t n);
static const way ways[] = {score_tables, score_pairs, recommend};

/* One call; 0 and a message on failure. */
int bench_call(const bench_caller* caller, int32_t number, int64_t begin, int64_t n) {
  return ways[number](caller, begin, n);
}

/* Calls of n rows each, one behind the other through the rows and round again, until the seconds are over. Writes the seconds
 * of each call, at most `room`. step: how far the next call begins behind this one. Returns how many; -1 on failure. */
int64_t bench_time(const bench_caller* caller, int32_t number, int64_t n, int64_t step, double seconds,
                   double* out, int64_t room) {
  int64_t calls = 0, begin = 0;
  const double end = now() + seconds;
  double start = now();
  while (start < end && calls < room) {
    start = now();
    if (!ways[number](caller, begin, n)) return -1;
    out[calls++] = now() - start;
    begin = begin + step + (step > n ? step : n) <= caller->rows ? begin + step : 0;
  }
  return calls;
}
