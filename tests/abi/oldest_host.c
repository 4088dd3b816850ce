/* A host of the past: it has the table of the frozen engine.h and not a member more. Today's plug-ins must work in it.
 * Usage: oldest_host PLUGIN...      PLUGIN: an engine of one item field, built against today's headers */
#include <dlfcn.h>
#include <interplay/engine.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { n = 4 };
/* Two rows of item 1 and two of item 2: the mean is 3, the items lie 1 above and 1 below. */
static int32_t ids[n] = {1, 1, 2, 2};
static float labels[n] = {4, 4, 2, 2};
static const interplay_field field = {"item_id", INTERPLAY_CATEGORY, INTERPLAY_OF_ITEM, 3, 1};
static interplay_values values = {n, ids, NULL, NULL};
static interplay_batch batch = {sizeof batch, 1, n, &values, labels, NULL, NULL, NULL};

static void expect(int holds, const char* what, const char* plugin) {
  if (holds) return;
  fprintf(stderr, "oldest_host: %s: expected %s\n", plugin, what);
  exit(1);
}

static interplay_status fail(interplay_error** error, interplay_status status, const char* message,
                             const char* detail) {
  (void)error, (void)detail;
  fprintf(stderr, "oldest_host: the engine says: %s\n", message);
  return status;
}
static double param_number(const interplay_params* params, const char* name) {
  (void)params, (void)name;
  return 0; /* no damping */
}
static int64_t view_rows(const interplay_view* view) { return (void)view, n; }
static uint32_t view_fields(const interplay_view* view, const interplay_field** out) {
  (void)view;
  *out = &field;
  return 1;
}
static void view_objective(const interplay_view* view, interplay_objective* out) {
  const interplay_objective ratings = {INTERPLAY_RATING, 0, 1, 5, 3};
  (void)view;
  *out = ratings;
}
static interplay_status batch_new(const interplay_view* view, int64_t rows, interplay_batch** out,
                                  interplay_error** error) {
  (void)view, (void)rows, (void)error;
  *out = &batch;
  return INTERPLAY_OK;
}
static interplay_status batch_fill(interplay_batch* filled, const int64_t* rows, int64_t count, uint64_t draw,
                                   interplay_error** error) {
  (void)filled, (void)rows, (void)draw, (void)error;
  return count == n ? INTERPLAY_OK : INTERPLAY_INVALID_ARGUMENT;
}
static void batch_free(interplay_batch* freed) { (void)freed; }
static interplay_status report(interplay_run* run, const interplay_event* event) {
  (void)run;
  return event->struct_size >= sizeof *event ? INTERPLAY_OK : INTERPLAY_CANCELLED;
}

/* A file in memory: tensors under names, copied. */
enum { most = 16 };
struct entry {
  char name[64];
  interplay_tensor tensor;
};
static struct entry file[most];
static int entries;

static size_t bytes_of(const interplay_tensor* tensor) {
  const int32_t type = tensor->dtype;
  size_t n = type == INTERPLAY_BOOL8 || type == INTERPLAY_INT8      ? 1
             : type == INTERPLAY_BFLOAT16                           ? 2
             : type == INTERPLAY_FLOAT32 || type == INTERPLAY_INT32 ? 4
                                                                    : 8;
  for (int i = 0; i < tensor->rank; ++i) n *= (size_t)tensor->shape[i];
  return n;
}
static interplay_status put(interplay_writer* writer, const char* name, const interplay_tensor* tensor,
                            interplay_error** error) {
  struct entry* entry = &file[entries];
  const size_t size = bytes_of(tensor);
  void* copy = aligned_alloc(64, (size + 63) / 64 * 64 + 64);
  (void)writer, (void)error;
  if (entries == most || strlen(name) >= sizeof entry->name || copy == NULL) return INTERPLAY_INTERNAL;
  if (size > 0) memcpy(copy, tensor->data, size);
  strcpy(entry->name, name);
  entry->tensor = *tensor;
  entry->tensor.data = copy;
  ++entries;
  return INTERPLAY_OK;
}
static int32_t has(const interplay_reader* reader, const char* name) {
  (void)reader;
  for (int i = 0; i < entries; ++i)
    if (strcmp(file[i].name, name) == 0) return 1;
  return 0;
}
static interplay_status get(interplay_reader* reader, const char* name, interplay_tensor* out,
                            interplay_error** error) {
  (void)reader, (void)error;
  for (int i = 0; i < entries; ++i)
    if (strcmp(file[i].name, name) == 0) {
      *out = file[i].tensor;
      return INTERPLAY_OK;
    }
  return INTERPLAY_NOT_FOUND;
}

static interplay_host table(void) {
  interplay_host host;
  memset(&host, 0, sizeof host);
  host.struct_size = sizeof host;
  host.abi = INTERPLAY_ENGINE_ABI;
  host.fail = fail;
  host.param_number = param_number;
  host.view_rows = view_rows;
  host.view_fields = view_fields;
  host.view_objective = view_objective;
  host.batch_new = batch_new;
  host.batch_fill = batch_fill;
  host.batch_free = batch_free;
  host.report = report;
  host.put = put;
  host.get = get;
  host.has = has;
  return host;
}

static void use(const char* path, const interplay_host* whole) {
  interplay_host less = *whole;
  const interplay_engine* (*entry)(uint32_t, const interplay_host*);
  const interplay_engine* engine;
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *symbol, *state = NULL, *loaded = NULL;
  float out[n + 1] = {0, 0, 0, 0, -1}, again[n] = {0};
  if (library == NULL) fprintf(stderr, "oldest_host: the loader says: %s\n", dlerror());
  expect(library != NULL, "a plug-in that the system can load", path);
  symbol = dlsym(library, "interplay_engine_entry");
  expect(symbol != NULL, "interplay_engine_entry", path);
  memcpy(&entry, &symbol, sizeof entry);
  less.struct_size = offsetof(interplay_host, param_int);
  expect(entry(INTERPLAY_ENGINE_ABI, &less) == NULL, "it to decline a host that can only fail", path);
  expect(entry(INTERPLAY_ENGINE_ABI + 1, whole) == NULL, "it to decline a host of another ABI", path);
  engine = entry(INTERPLAY_ENGINE_ABI, whole);
  expect(engine != NULL && engine->abi == INTERPLAY_ENGINE_ABI, "an engine for the oldest host", path);
  expect(engine->fit(NULL, NULL, (const interplay_view*)&batch, NULL, NULL, &state, NULL) == INTERPLAY_OK,
         "fit to succeed", path);
  expect(engine->score(state, NULL, &batch, out, NULL) == INTERPLAY_OK, "score to succeed", path);
  for (int i = 0; i < n; ++i) expect(out[i] == labels[i], "each item's own mean", path);
  expect(out[n] == -1, "four scores and no fifth", path);
  entries = 0;
  expect(engine->save(state, NULL, NULL) == INTERPLAY_OK && entries > 0, "save to write", path);
  engine->destroy(state);
  expect(engine->load(NULL, NULL, &field, 1, &loaded, NULL) == INTERPLAY_OK, "load to succeed", path);
  expect(engine->score(loaded, NULL, &batch, again, NULL) == INTERPLAY_OK, "score to succeed after load",
         path);
  expect(memcmp(out, again, sizeof again) == 0, "the scores from before saving", path);
  engine->destroy(loaded);
  while (entries > 0) free((void*)(uintptr_t)file[--entries].tensor.data);
}

int main(int argc, char** argv) {
  static interplay_host host;
  host = table();
  for (int i = 1; i < argc; ++i) use(argv[i], &host);
  return argc < 2;
}
