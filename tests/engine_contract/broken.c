/* The example in C with one defect, which the macro BROKEN names: what `interplay engine-check` must find. */
#define _DEFAULT_SOURCE /* usleep */
#define interplay_engine_entry good_entry
#include "../../examples/engine_template/c/damped_means.c"
#undef interplay_engine_entry

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

enum {
  nothing,
  wrong_abi,
  missing_function,
  duplicate_name,
  error_without_text,
  throws,
  prints,
  leaves_a_thread,
  not_deterministic,
  depends_on_the_batch,
  ignores_sharing,
  races,
  not_finite,
  ignores_cancellation,
  never_reports,
  trusts_the_file,
  forgets_a_number,
  ignores_from,
  counts_workers,
  writes_one_more,
  score_without_text,
  load_without_text,
  exits,
  crashes,
  hangs,
  leaks,
  writes_past_its_buffer
};

void throw_something(void); /* in throw.cpp, which is there where it is called */

static interplay_engine mine; /* the good engine's table, with something changed */

static void* sleep_on(void* ignored) {
  for (;;) sleep(1000);
  return ignored;
}

static interplay_status ignore_cancellation(interplay_run* run, const interplay_event* event) {
  (void)run, (void)event;
  return INTERPLAY_OK;
}

static interplay_status bad_fit(interplay_run* run, const interplay_params* params,
                                const interplay_view* train, const interplay_view* valid, const void* from,
                                void** out_state, interplay_error** error) {
  const interplay_host* const whole = host;
  interplay_host deaf = *host;
  pthread_t thread;
  if (BROKEN == error_without_text) return *out_state = NULL, INTERPLAY_IO;
  if (BROKEN == throws) throw_something();
  if (BROKEN == prints) puts("epoch 1 of 2");
  if (BROKEN == leaves_a_thread) pthread_create(&thread, NULL, sleep_on, NULL);
  if (BROKEN == exits) exit(0);
  if (BROKEN == hangs) sleep_on(NULL);
  if (BROKEN == leaks) {
    void* volatile lost = malloc(1000);
    lost = NULL;
    (void)lost;
  }
  deaf.report = ignore_cancellation;
  if (BROKEN == never_reports || BROKEN == ignores_cancellation) {
    /* Not through `host`, which other fits use. One report is made and its answer forgotten. */
    const interplay_event event = {sizeof event, 1, 1, 1, 1, 1, NAN, NAN, NAN, 0};
    if (BROKEN == ignores_cancellation) whole->report(run, &event);
    host = &deaf;
  }
  const interplay_status status =
      fit(run, params, train, valid, BROKEN == ignores_from ? NULL : from, out_state, error);
  host = whole;
  if (status == INTERPLAY_OK && BROKEN == counts_workers)
    ((struct state*)*out_state)->mean += 0.001 * whole->workers(run);
  if (status == INTERPLAY_OK && BROKEN == not_deterministic) {
    static int fits;
    ((struct state*)*out_state)->mean += 0.001 * ++fits;
  }
  return status;
}

static interplay_status bad_score(const void* state, void* scratch, const interplay_batch* batch, float* out,
                                  interplay_error** error) {
  static volatile float shared;
  const struct state* s = state;
  if (BROKEN == score_without_text) return INTERPLAY_IO;
  const interplay_status status = score(state, scratch, batch, out, error);
  if (BROKEN == writes_one_more && batch->fields[s->sides[1].field].rows == 1 && batch->rows > 1)
    out[batch->rows] = 0;
  for (int64_t r = 0; r < batch->rows; ++r) {
    if (BROKEN == depends_on_the_batch) out[r] += 0.01F * (float)batch->rows;
    if (BROKEN == not_finite && id_of(&s->sides[1], batch, r) == 0) out[r] = NAN;
    if (BROKEN == ignores_sharing && batch->fields[s->sides[1].field].rows == 1 && r > 0) out[r] += 0.1F;
    if (BROKEN == races) {
      shared = out[r];
      usleep(20);
      out[r] = shared;
    }
  }
  if (BROKEN == crashes) *(volatile int*)NULL = 1;
  /* Past the guard, which the host keeps behind the last score: what only AddressSanitizer sees. */
  if (BROKEN == writes_past_its_buffer) out[batch->rows + 1] = 0;
  return status;
}

static interplay_status bad_save(const void* state, interplay_writer* writer, interplay_error** error) {
  struct state s = *(const struct state*)state;
  if (BROKEN == forgets_a_number) s.mean = 0;
  return save(&s, writer, error);
}

static interplay_status trusting_load(interplay_reader* reader, const interplay_params* params,
                                      const interplay_field* fields, uint32_t n_fields, void** out_state,
                                      interplay_error** error) {
  struct state* s = new_state(fields, n_fields);
  interplay_tensor tensor;
  (void)params;
  if (host->get(reader, "numbers", &tensor, error) != INTERPLAY_OK) return INTERPLAY_CORRUPT;
  memcpy(&s->mean, tensor.data, 3 * sizeof(double));
  for (int i = 0; i < 2; ++i) {
    if (host->get(reader, names[i], &tensor, error) != INTERPLAY_OK) return INTERPLAY_CORRUPT;
    memcpy(s->sides[i].effect, tensor.data,
           (size_t)tensor.shape[0] * sizeof(float)); /* whatever the file says */
  }
  *out_state = s;
  return INTERPLAY_OK;
}

static interplay_status mute_load(interplay_reader* reader, const interplay_params* params,
                                  const interplay_field* fields, uint32_t n_fields, void** out_state,
                                  interplay_error** error) {
  const interplay_status status = load(reader, params, fields, n_fields, out_state, error);
  if (status != INTERPLAY_OK && error && *error) {
    host->error_free(*error);
    *error = NULL;
  }
  return status;
}

INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host);
INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host) {
  mine = *good_entry(host_abi, the_host);
  mine.name = BROKEN == duplicate_name ? "popularity" : "broken";
  mine.fit = bad_fit;
  mine.score = bad_score;
  mine.save = bad_save;
  if (BROKEN == trusts_the_file) mine.load = trusting_load;
  if (BROKEN == load_without_text) mine.load = mute_load;
  if (BROKEN == wrong_abi) mine.abi = INTERPLAY_ENGINE_ABI + 1;
  if (BROKEN == missing_function) mine.save = NULL;
  return &mine;
}
