/* damped_means: the labels' mean, and how far each user and each item lies from it. An engine for interplay in plain C.
 *
 *     score = mean + effect[user] + effect[item],   effect = (sum of residuals) / (rows + damping)
 *
 * It needs two headers and links against nothing: everything it asks of the library goes through the table `host`. */
#include <float.h>
#include <interplay/engine.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const interplay_host* host;

/* What is learned. Once fit or load has returned it, it never changes: any number of threads may score it. */
struct side {
  int32_t field; /* which field of a batch has the ids, -1: none         */
  int32_t n;     /* ids are 0 .. n - 1; 0 is the unknown value, effect 0 */
  float* effect;
};
struct state {
  double mean, low, high; /* of the labels, and the ends of their range */
  struct side sides[2];   /* items, users: the order of learning        */
};
static const int32_t owners[2] = {INTERPLAY_OF_ITEM, INTERPLAY_OF_USER};
static const char* const names[2] = {"items", "users"};

static void destroy(void* state) {
  struct state* s = state;
  if (s == NULL) return;
  for (int i = 0; i < 2; ++i) free(s->sides[i].effect);
  free(s);
}

/* A state with room for these fields, all effects 0. */
static struct state* new_state(const interplay_field* fields, uint32_t n_fields) {
  struct state* s = calloc(1, sizeof *s);
  if (s == NULL) return NULL;
  for (int i = 0; i < 2; ++i) {
    struct side* side = &s->sides[i];
    side->field = -1;
    for (uint32_t f = 0; f < n_fields; ++f)
      if (fields[f].is_id && fields[f].of == owners[i]) {
        side->field = (int32_t)f;
        side->n = fields[f].cardinality;
      }
    side->effect = calloc((size_t)side->n + 1, sizeof(float)); /* + 1: never of size 0 */
    if (side->effect == NULL) {
      destroy(s);
      return NULL;
    }
  }
  return s;
}

static interplay_status no_memory(interplay_error** error) {
  return host->fail(error, INTERPLAY_NO_MEMORY, "damped_means: no memory for the effects", NULL);
}

/* A field with one row counts for every row of the batch: the user's part of a ranking call comes so. */
static int32_t id_of(const struct side* side, const interplay_batch* batch, int64_t row) {
  if (side->field < 0) return 0;
  const interplay_values* values = &batch->fields[side->field];
  const int32_t id = values->ids[values->rows == 1 ? 0 : row];
  return id > 0 && id < side->n ? id : 0;
}

enum { batch_rows = 1024 };

/* Adds up the residuals of one side's ids. CANCELLED as soon as the host says so. */
static interplay_status add_up(interplay_run* run, const interplay_view* train, const struct state* s,
                               int which, interplay_batch* batch, double* sums, double* counts,
                               interplay_error** error) {
  const struct side *mine = &s->sides[which], *other = &s->sides[1 - which];
  const int64_t n = host->view_rows(train);
  double loss = 0, rows_weight = 0;
  for (int64_t first = 0; first < n; first += batch_rows) {
    int64_t rows[batch_rows], k = n - first < batch_rows ? n - first : batch_rows;
    for (int64_t r = 0; r < k; ++r) rows[r] = first + r;
    interplay_status status = host->batch_fill(batch, rows, k, 0, error);
    if (status != INTERPLAY_OK) return status;
    for (int64_t r = 0; r < k; ++r) {
      const double weight = batch->weights != NULL ? batch->weights[r] : 1;
      const double residual = batch->labels[r] - s->mean - other->effect[id_of(other, batch, r)];
      sums[id_of(mine, batch, r)] += weight * residual;
      counts[id_of(mine, batch, r)] += weight;
      loss += weight * residual * residual;
      rows_weight += weight;
    }
    const interplay_event event = {sizeof event,
                                   first + k == n,
                                   which + 1,
                                   2,
                                   first + k,
                                   n,
                                   rows_weight > 0 ? loss / rows_weight : NAN,
                                   NAN,
                                   NAN,
                                   0};
    status = host->report(run, &event);
    if (status != INTERPLAY_OK) return status;
  }
  return INTERPLAY_OK;
}

static interplay_status learn(interplay_run* run, const interplay_view* train, struct state* s, int which,
                              double damping, interplay_error** error) {
  struct side* side = &s->sides[which];
  double* sums = calloc(2 * ((size_t)side->n + 1), sizeof *sums);
  interplay_batch* batch = NULL;
  if (sums == NULL) return no_memory(error);
  double* const counts = sums + side->n + 1;
  interplay_status status = host->batch_new(train, batch_rows, &batch, error);
  if (status == INTERPLAY_OK) {
    status = add_up(run, train, s, which, batch, sums, counts, error);
    host->batch_free(batch);
  }
  /* Ids without rows keep what an earlier fit gave them, and 0 stays the unknown value. */
  for (int32_t id = 1; status == INTERPLAY_OK && id < side->n; ++id)
    if (counts[id] > 0) side->effect[id] = (float)(sums[id] / (counts[id] + damping));
  free(sums);
  return status;
}

static interplay_status fit(interplay_run* run, const interplay_params* params, const interplay_view* train,
                            const interplay_view* valid, const void* from, void** out_state,
                            interplay_error** error) {
  const interplay_field* fields;
  const uint32_t n_fields = host->view_fields(train, &fields);
  const struct state* before = from;
  struct state* s = new_state(fields, n_fields);
  interplay_objective objective;
  interplay_status status = INTERPLAY_OK;
  (void)valid; /* nothing is chosen by it */
  *out_state = NULL;
  if (s == NULL) return no_memory(error);
  host->view_objective(train, &objective);
  s->mean = objective.mean;
  s->low = objective.kind == INTERPLAY_REGRESSION ? -FLT_MAX : objective.low;
  s->high = objective.kind == INTERPLAY_REGRESSION ? FLT_MAX : objective.high;
  for (int i = 0; before != NULL && i < 2; ++i) /* known ids keep their numbers */
    memcpy(s->sides[i].effect, before->sides[i].effect, (size_t)before->sides[i].n * sizeof(float));
  for (int i = 0; status == INTERPLAY_OK && i < 2; ++i)
    status = learn(run, train, s, i, host->param_number(params, "damping"), error);
  if (status != INTERPLAY_OK) {
    destroy(s); /* on failure nothing stays behind */
    return status;
  }
  *out_state = s;
  return INTERPLAY_OK;
}

static interplay_status score(const void* state, void* scratch, const interplay_batch* batch, float* out,
                              interplay_error** error) {
  const struct state* s = state;
  (void)scratch, (void)error;
  for (int64_t r = 0; r < batch->rows; ++r) {
    double x = s->mean;
    for (int i = 0; i < 2; ++i) x += s->sides[i].effect[id_of(&s->sides[i], batch, r)];
    out[r] = (float)fmin(fmax(x, s->low), s->high);
  }
  return INTERPLAY_OK;
}

/* Tensors under names of our own; the library does the file, its checksums and its alignment. */
static interplay_status save(const void* state, interplay_writer* writer, interplay_error** error) {
  const struct state* s = state;
  const double numbers[3] = {s->mean, s->low, s->high};
  const interplay_tensor tensor = {numbers, INTERPLAY_FLOAT64, 1, {3, 0, 0, 0}};
  interplay_status status = host->put(writer, "numbers", &tensor, error);
  for (int i = 0; status == INTERPLAY_OK && i < 2; ++i) {
    const interplay_tensor effects = {s->sides[i].effect, INTERPLAY_FLOAT32, 1, {s->sides[i].n, 0, 0, 0}};
    status = host->put(writer, names[i], &effects, error);
  }
  return status;
}

/* A file may come from anywhere: type, shape and every number are doubted. */
static interplay_status get(interplay_reader* reader, const char* name, int32_t dtype, int64_t n,
                            interplay_tensor* out, interplay_error** error) {
  const interplay_status status = host->get(reader, name, out, error);
  if (status != INTERPLAY_OK) return status;
  int good = out->dtype == dtype && out->rank == 1 && out->shape[0] == n;
  for (int64_t i = 0; good && i < n; ++i)
    good = isfinite(dtype == INTERPLAY_FLOAT32 ? (double)((const float*)out->data)[i]
                                               : ((const double*)out->data)[i]);
  if (good) return INTERPLAY_OK;
  return host->fail(
      error, INTERPLAY_CORRUPT,
      "damped_means: a tensor has another type or length than the fields ask for, or is not finite", NULL);
}

static interplay_status load(interplay_reader* reader, const interplay_params* params,
                             const interplay_field* fields, uint32_t n_fields, void** out_state,
                             interplay_error** error) {
  struct state* s = new_state(fields, n_fields);
  interplay_tensor tensor;
  (void)params;
  *out_state = NULL;
  if (s == NULL) return no_memory(error);
  interplay_status status = get(reader, "numbers", INTERPLAY_FLOAT64, 3, &tensor, error);
  if (status == INTERPLAY_OK) {
    const double* numbers = tensor.data;
    s->mean = numbers[0], s->low = numbers[1], s->high = numbers[2];
  }
  for (int i = 0; status == INTERPLAY_OK && i < 2; ++i) {
    status = get(reader, names[i], INTERPLAY_FLOAT32, s->sides[i].n, &tensor, error);
    if (status == INTERPLAY_OK && s->sides[i].n > 0)
      memcpy(s->sides[i].effect, tensor.data, (size_t)s->sides[i].n * sizeof(float));
  }
  if (status == INTERPLAY_OK)
    *out_state = s;
  else
    destroy(s);
  return status;
}

static const interplay_engine engine = {
    .struct_size = sizeof engine,
    .abi = INTERPLAY_ENGINE_ABI,
    .name = "damped_means_c",
    .version = "1.0", /* of what save writes */
    .summary = "The labels' mean and damped effects of user and item, in C.",
    .params_schema =
        "{\"type\": \"object\", \"properties\": {\"damping\": {\"type\": \"number\", \"default\": 10,"
        " \"minimum\": 0, \"maximum\": 1000000,"
        " \"description\": \"Rows of an average label that are added to each user's and item's own.\"}}}",
    .fit = fit,
    .score = score,
    .save = save,
    .load = load,
    .destroy = destroy,
};

/* The one symbol. A host of another major, or one that lacks a function that is called above, is declined. */
INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host);
INTERPLAY_API const interplay_engine* interplay_engine_entry(uint32_t host_abi,
                                                             const interplay_host* the_host) {
  if (host_abi != INTERPLAY_ENGINE_ABI || the_host->struct_size < offsetof(interplay_host, error_free))
    return NULL;
  host = the_host;
  return &engine;
}
