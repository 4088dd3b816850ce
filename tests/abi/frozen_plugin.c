/* An engine of the past, in plain C against the frozen engine.h and linked to nothing: every row scores the labels' mean. */
#include <interplay/engine.h>
#include <math.h>
#include <stdlib.h>

static const interplay_host* host;

struct state {
  float mean;
};

static interplay_status remember(float mean, void** out_state, interplay_error** error) {
  struct state* state = malloc(sizeof *state);
  if (state == NULL)
    return host->fail(error, INTERPLAY_NO_MEMORY, "frozen_mean: no memory for a state", NULL);
  state->mean = mean;
  *out_state = state;
  return INTERPLAY_OK;
}

static interplay_status fit(interplay_run* run, const interplay_params* params, const interplay_view* train,
                            const interplay_view* valid, const void* from, void** out_state,
                            interplay_error** error) {
  interplay_objective objective;
  (void)run, (void)params, (void)valid, (void)from;
  host->view_objective(train, &objective);
  return remember((float)objective.mean, out_state, error);
}

static interplay_status score(const void* state, void* scratch, const interplay_batch* batch, float* out,
                              interplay_error** error) {
  (void)scratch, (void)error;
  for (int64_t row = 0; row < batch->rows; ++row) out[row] = ((const struct state*)state)->mean;
  return INTERPLAY_OK;
}

static interplay_status save(const void* state, interplay_writer* writer, interplay_error** error) {
  const interplay_tensor mean = {&((const struct state*)state)->mean, INTERPLAY_FLOAT32, 1, {1, 0, 0, 0}};
  return host->put(writer, "mean", &mean, error);
}

static interplay_status load(interplay_reader* reader, const interplay_params* params,
                             const interplay_field* fields, uint32_t n_fields, void** out_state,
                             interplay_error** error) {
  interplay_tensor mean;
  const interplay_status status = host->get(reader, "mean", &mean, error);
  (void)params, (void)fields, (void)n_fields;
  if (status != INTERPLAY_OK) return status;
  if (mean.dtype != INTERPLAY_FLOAT32 || mean.rank != 1 || mean.shape[0] != 1 ||
      !isfinite(*(const float*)mean.data))
    return host->fail(error, INTERPLAY_CORRUPT, "frozen_mean: expected one finite float32", NULL);
  return remember(*(const float*)mean.data, out_state, error);
}

static const interplay_engine engine = {
    .struct_size = sizeof engine,
    .abi = INTERPLAY_ENGINE_ABI,
    .name = "frozen_mean",
    .version = "1.0",
    .summary = "The mean of the labels, by a plug-in of the past",
    .params_schema = "{\"type\": \"object\", \"properties\": {}}",
    .fit = fit,
    .score = score,
    .save = save,
    .load = load,
    .destroy = free,
};

INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host);
INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host) {
  if (host_abi != INTERPLAY_ENGINE_ABI) return NULL;
  host = the_host;
  return &engine;
}
