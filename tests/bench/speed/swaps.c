/* Threads that score single rows while the calling thread makes models and swaps them in. A host would do it so: the current
 * model behind a lock that is held for the time of a retain, a number that says when there is a new one, a scorer a thread. */
#include <interplay/interplay.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum { n_workers = 2 };
enum { make_nothing, make_by_load, make_by_map, make_by_update };
enum { swap_never, swap_opened_by_worker, swap_opened_aside };

typedef struct bench_swaps {
  const char* path;                /* the model's file */
  const interplay_table* upserted; /* make_by_update: the items to upsert, else NULL */
  int64_t n_fields;
  const char* const* names;
  const int64_t* const* columns; /* the caller's values, a column a field */
  int64_t rows;
  double seconds, pause;    /* in all; between a swap and the next model */
  double* calls[n_workers]; /* out: the seconds of each call; room for `room` */
  int64_t room, n_calls[n_workers];
  double* makings;                        /* out: the seconds that each model took; room for `room_makings` */
  int64_t room_makings, n_makings, wrong; /* wrong: scores of other bits than the first model's */
  char* message;
} bench_swaps;

typedef struct shared {
  bench_swaps* task;
  pthread_mutex_t lock;
  interplay_model* current; /* under the lock */
  _Atomic int64_t generation;
  _Atomic int ready, stop, failed;
  interplay_cell* cells;
  float* expected;
} shared;

typedef struct worker {
  shared* all;
  int number;
  interplay_scorer* scorer;
  _Atomic(interplay_scorer*) offered; /* opened aside, to be taken */
} worker;

static int failed(shared* all, interplay_error* error) {
  if (!atomic_exchange(&all->failed, 1))
    snprintf(all->task->message, 256, "%s", interplay_error_message(error));
  interplay_error_free(error);
  atomic_store(&all->stop, 1);
  return 0;
}

static int opened(shared* all, const interplay_model* model, interplay_scorer** out) {
  interplay_error* error = NULL;
  return interplay_scorer_open(model, all->task->names, 0, (uint32_t)all->task->n_fields, "{\"max_rows\": 1}",
                               out, &error) == INTERPLAY_OK ||
         failed(all, error);
}

static int opened_on_current(shared* all, interplay_scorer** out) {
  (void)pthread_mutex_lock(&all->lock);
  interplay_model* model = interplay_model_retain(all->current);
  (void)pthread_mutex_unlock(&all->lock);
  const int good = opened(all, model, out);
  interplay_model_free(model);
  return good;
}

/* What a scoring thread does about a new model, within the time of its next call. */
static int followed(worker* self, int64_t* seen) {
  shared* all = self->all;
  interplay_scorer* fresh = atomic_load_explicit(&self->offered, memory_order_relaxed)
                                ? atomic_exchange(&self->offered, NULL)
                                : NULL;
  const int64_t newest = atomic_load(&all->generation);
  if (!fresh && newest == *seen) return 1;
  *seen = newest;
  if (!fresh && !opened_on_current(all, &fresh)) return 0;
  interplay_scorer_free(self->scorer);
  self->scorer = fresh;
  return 1;
}

static void* work(void* argument) {
  worker* self = argument;
  shared* all = self->all;
  bench_swaps* task = all->task;
  int64_t n = 0, wrong = 0, row = self->number * task->rows / n_workers, seen = 0;
  interplay_error* error = NULL;
  atomic_fetch_add(&all->ready, 1);
  while (!atomic_load_explicit(&all->stop, memory_order_relaxed) && n < task->room) {
    float score;
    const double start = bench_now();
    if (!followed(self, &seen)) break;
    if (interplay_scorer_score(self->scorer, NULL, all->cells + row * task->n_fields, 1, NULL, 0, &score,
                               &error) != INTERPLAY_OK) {
      (void)failed(all, error);
      break;
    }
    task->calls[self->number][n++] = bench_now() - start;
    wrong += memcmp(&score, &all->expected[row], sizeof score) != 0;
    row = row + 1 < task->rows ? row + 1 : 0;
  }
  task->n_calls[self->number] = n;
  (void)__atomic_fetch_add(&task->wrong, wrong, __ATOMIC_RELAXED);
  return NULL;
}

static int made(shared* all, int making, interplay_model** out) {
  interplay_error* error = NULL;
  const char* options = making == make_by_map ? "{\"mmap\": true}" : NULL;
  const interplay_status status =
      making == make_by_update
          ? interplay_model_update(all->current, "items", all->task->upserted, NULL, out, &error)
          : interplay_model_load(all->task->path, options, out, &error);
  return status == INTERPLAY_OK || failed(all, error);
}

/* The new model becomes the current one; the last but one is freed, which nobody scores with any more. */
static int swapped(shared* all, worker* workers, int how, interplay_model* model, interplay_model** last) {
  for (int w = 0; how == swap_opened_aside && w < n_workers; ++w) {
    interplay_scorer* scorer = NULL;
    if (!opened(all, model, &scorer)) return 0;
    interplay_scorer_free(atomic_exchange(&workers[w].offered, scorer)); /* one that was never taken */
  }
  interplay_model* old = *last;
  (void)pthread_mutex_lock(&all->lock);
  *last = all->current;
  all->current = model;
  (void)pthread_mutex_unlock(&all->lock);
  if (how == swap_opened_by_worker) atomic_fetch_add(&all->generation, 1);
  interplay_model_free(old);
  return 1;
}

static void sleep_for(double seconds) {
  const struct timespec t = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  (void)nanosleep(&t, NULL);
}

static void make_and_swap(shared* all, worker* workers, int making, int how) {
  bench_swaps* task = all->task;
  interplay_model* last = NULL;
  for (const double end = bench_now() + task->seconds; bench_now() < end && !atomic_load(&all->stop);) {
    const double start = bench_now();
    interplay_model* model = NULL;
    if (making != make_nothing && !made(all, making, &model)) break;
    if (model && task->n_makings < task->room_makings) task->makings[task->n_makings++] = bench_now() - start;
    if (how == swap_never)
      interplay_model_free(model);
    else if (!swapped(all, workers, how, model, &last))
      break;
    sleep_for(task->pause);
  }
  atomic_store(&all->stop, 1);
  interplay_model_free(last);
}

/* The cells of the rows, and what the first model says of them. */
static int prepared(shared* all) {
  bench_swaps* task = all->task;
  interplay_error* error = NULL;
  interplay_scorer* scorer = NULL;
  all->cells = calloc((size_t)(task->rows * task->n_fields), sizeof *all->cells);
  all->expected = calloc((size_t)task->rows, sizeof *all->expected);
  if (!all->cells || !all->expected) return 0;
  for (int64_t row = 0; row < task->rows; ++row)
    for (int64_t f = 0; f < task->n_fields; ++f)
      all->cells[row * task->n_fields + f] =
          (interplay_cell){INTERPLAY_CELL_INT64, 0, (uint64_t)task->columns[f][row]};
  if (interplay_model_load(task->path, NULL, &all->current, &error) != INTERPLAY_OK)
    return failed(all, error);
  if (!opened(all, all->current, &scorer)) return 0;
  const int good = interplay_scorer_score(scorer, NULL, all->cells, (size_t)task->rows, NULL, 0,
                                          all->expected, &error) == INTERPLAY_OK ||
                   failed(all, error);
  interplay_scorer_free(scorer);
  return good;
}

/* making, how: what is made beside the scoring threads and how it reaches them. 0 and a message on failure. */
int bench_swap(bench_swaps* task, int32_t making, int32_t how) {
  shared all = {.task = task, .lock = PTHREAD_MUTEX_INITIALIZER};
  worker workers[n_workers];
  pthread_t threads[n_workers];
  int started = 0, good = prepared(&all);
  for (int w = 0; w < n_workers; ++w) workers[w] = (worker){.all = &all, .number = w};
  for (; good && started < n_workers; ++started)
    if (!opened(&all, all.current, &workers[started].scorer) ||
        pthread_create(&threads[started], NULL, work, &workers[started]) != 0) {
      good = 0;
      break;
    }
  while (good && atomic_load(&all.ready) < n_workers) sleep_for(1e-4);
  if (good) make_and_swap(&all, workers, making, how);
  atomic_store(&all.stop, 1);
  for (int w = 0; w < started; ++w) (void)pthread_join(threads[w], NULL);
  for (int w = 0; w < n_workers; ++w) {
    interplay_scorer_free(workers[w].scorer);
    interplay_scorer_free(workers[w].offered);
  }
  interplay_model_free(all.current);
  free(all.cells);
  free(all.expected);
  (void)pthread_mutex_destroy(&all.lock);
  return good && !all.failed;
}
