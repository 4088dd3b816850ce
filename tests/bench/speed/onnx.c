/* onnxruntime called from C, as a host in C would call it. The package on PyPI has the library and no header: what is needed
 * of its table of functions is named here by place. The table only ever grows at its end, and all of these stand in version 1. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

enum {
  api_version = 1,
  float32 = 1,
  int64 = 7,
  sequential = 0,
  every_optimisation = 99,
  only_errors = 3,
  device_memory = 0
};
enum {
  get_error_message = 2,
  create_env = 3,
  create_session_from_array = 8,
  run = 9,
  create_session_options = 10,
  set_execution_mode = 13,
  set_optimization_level = 23,
  set_intra_op_threads = 24,
  set_inter_op_threads = 25,
  create_tensor_with_data = 49,
  create_cpu_memory_info = 69,
  release_env = 92,
  release_status = 93,
  release_memory_info = 94,
  release_session = 95,
  release_value = 96,
  release_session_options = 100
};

typedef void (*function)(void);
typedef struct {
  const function* (*get_api)(uint32_t version);
  const char* (*get_version)(void);
} api_base;
typedef void* status; /* NULL: it went well */
typedef void (*release)(void*);
typedef status (*run_type)(void* session, const void* options, const char* const* input_names,
                           const void* const* inputs, size_t n_inputs, const char* const* output_names,
                           size_t n_outputs, void** outputs);
typedef status (*tensor_type)(const void* memory, void* data, size_t bytes, const int64_t* shape, size_t rank,
                              int type, void** out);

typedef struct bench_onnx {
  const int64_t* ids; /* (rows, n_fields), the peer's own numbers */
  int64_t n_fields, rows;
  float* scores;        /* room for the largest batch */
  char* message;        /* 256 bytes: why a call failed */
  const int64_t* users; /* of a ranking, likewise: the user of each row */
  /* from bench_onnx_open on */
  const function* api;
  void *library, *env, *options, *memory, *session;
  /* kept from call to call, for batches of `kept_rows` */
  int64_t* kept_ids;
  void *kept_in, *kept_out;
  int64_t kept_rows;
} bench_onnx;

static int good(const bench_onnx* peer, status found) {
  if (!found) return 1;
  const char* (*text)(status) = (const char* (*)(status))peer->api[get_error_message];
  snprintf(peer->message, 256, "%s", text(found));
  ((release)peer->api[release_status])(found);
  return 0;
}

static int tensor(const bench_onnx* peer, void* data, int type, int64_t n, void** out) {
  const int64_t shape[2] = {n, peer->n_fields};
  const size_t bytes =
      type == int64 ? (size_t)(n * peer->n_fields) * sizeof(int64_t) : (size_t)n * sizeof(float);
  return good(peer, ((tensor_type)peer->api[create_tensor_with_data])(peer->memory, data, bytes, shape,
                                                                      type == int64 ? 2 : 1, type, out));
}

static int score(const bench_onnx* peer, const void* in, void* out) {
  static const char *const inputs[] = {"ids"}, *const outputs[] = {"scores"};
  return good(peer, ((run_type)peer->api[run])(peer->session, NULL, inputs, &in, 1, outputs, 1, &out));
}

/* Tensors made for the call, over the rows and the scores where they lie. */
static int fresh(const void* caller, int64_t begin, int64_t n) {
  const bench_onnx* peer = caller;
  void *in = NULL, *out = NULL;
  const int done = tensor(peer, (int64_t*)peer->ids + begin * peer->n_fields, int64, n, &in) &&
                   tensor(peer, peer->scores, float32, n, &out) && score(peer, in, out);
  ((release)peer->api[release_value])(in);
  ((release)peer->api[release_value])(out);
  return done;
}

/* Tensors kept from call to call; the rows are copied into them. */
static int kept(const void* caller, int64_t begin, int64_t n) {
  const bench_onnx* peer = caller;
  memcpy(peer->kept_ids, peer->ids + begin * peer->n_fields, (size_t)(n * peer->n_fields) * sizeof(int64_t));
  return score(peer, peer->kept_in, peer->kept_out);
}

/* The n best of all kept rows for the user of row `begin`, best first, into the scores behind those of the rows. */
static int top(const void* caller, int64_t begin, int64_t n) {
  const bench_onnx* peer = caller;
  for (int64_t row = 0; row < peer->kept_rows; ++row)
    peer->kept_ids[row * peer->n_fields] = peer->users[begin];
  if (!score(peer, peer->kept_in, peer->kept_out)) return 0;
  float* best = peer->scores + peer->kept_rows;
  int64_t filled = 0;
  for (int64_t row = 0; row < peer->kept_rows; ++row) {
    const float found = peer->scores[row];
    if (filled == n && !(found > best[n - 1])) continue; /* nearly always */
    int64_t at = filled < n ? filled++ : n - 1;
    for (; at > 0 && found > best[at - 1]; --at) best[at] = best[at - 1];
    best[at] = found;
  }
  return 1;
}

static const bench_way ways[] = {fresh, kept, top};

static void drop_kept(bench_onnx* peer) {
  if (peer->kept_in) ((release)peer->api[release_value])(peer->kept_in);
  if (peer->kept_out) ((release)peer->api[release_value])(peer->kept_out);
  free(peer->kept_ids);
  peer->kept_in = peer->kept_out = peer->kept_ids = NULL;
  peer->kept_rows = 0;
}

/* Tensors for batches of n rows; their first rows are the peer's. 0 and a message on failure. */
int bench_onnx_keep(bench_onnx* peer, int64_t n) {
  if (peer->kept_rows == n) return 1;
  drop_kept(peer);
  peer->kept_ids = malloc((size_t)(n * peer->n_fields) * sizeof(int64_t));
  if (!peer->kept_ids || n > peer->rows) return 0;
  memcpy(peer->kept_ids, peer->ids, (size_t)(n * peer->n_fields) * sizeof(int64_t));
  if (!tensor(peer, peer->kept_ids, int64, n, &peer->kept_in) ||
      !tensor(peer, peer->scores, float32, n, &peer->kept_out))
    return 0;
  peer->kept_rows = n;
  return 1;
}

/* A session of one thread with everything optimised. library: the file of onnxruntime. 0 and a message on failure. */
int bench_onnx_open(bench_onnx* peer, const char* library, const void* graph, size_t size) {
  peer->library = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  const api_base* (*base)(void) =
      peer->library ? (const api_base* (*)(void))dlsym(peer->library, "OrtGetApiBase") : NULL;
  peer->api = base ? base()->get_api(api_version) : NULL;
  if (!peer->api) {
    const char* why = peer->library ? "its table of functions is not there" : dlerror();
    snprintf(peer->message, 256, "expected onnxruntime's C API in %s, found: %s", library, why);
    return 0;
  }
  const function* api = peer->api;
  typedef status (*set_type)(void*, int);
  return good(peer,
              ((status(*)(int, const char*, void**))api[create_env])(only_errors, "bench", &peer->env)) &&
         good(peer,
              ((status(*)(int, int, void**))api[create_cpu_memory_info])(device_memory, 0, &peer->memory)) &&
         good(peer, ((status(*)(void**))api[create_session_options])(&peer->options)) &&
         good(peer, ((set_type)api[set_execution_mode])(peer->options, sequential)) &&
         good(peer, ((set_type)api[set_optimization_level])(peer->options, every_optimisation)) &&
         good(peer, ((set_type)api[set_intra_op_threads])(peer->options, 1)) &&
         good(peer, ((set_type)api[set_inter_op_threads])(peer->options, 1)) &&
         good(peer, ((status(*)(void*, const void*, size_t, void*, void**))api[create_session_from_array])(
                        peer->env, graph, size, peer->options, &peer->session));
}

void bench_onnx_close(bench_onnx* peer) {
  if (!peer->api) return;
  drop_kept(peer);
  if (peer->session) ((release)peer->api[release_session])(peer->session);
  if (peer->options) ((release)peer->api[release_session_options])(peer->options);
  if (peer->memory) ((release)peer->api[release_memory_info])(peer->memory);
  if (peer->env) ((release)peer->api[release_env])(peer->env);
  peer->api = NULL;
}

int bench_onnx_call(const bench_onnx* peer, int32_t number, int64_t begin, int64_t n) {
  return ways[number](peer, begin, n);
}

int64_t bench_onnx_time(const bench_onnx* peer, int32_t number, int64_t n, int64_t step, double seconds,
                        double* out, int64_t room) {
  return bench_timed(ways[number], peer, peer->rows, n, step, seconds, out, room);
}
