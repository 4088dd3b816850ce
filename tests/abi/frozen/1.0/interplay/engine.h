/* engine.h: what an engine is, for engine authors. Applications read interplay.h. The C++ kit in sdk/ makes this a class.
 *
 * An engine learns from and scores batches of small integers and floats. The core has done the rest: it owns ids and
 * vocabularies, joins users' and items' features, draws negatives, splits off the validation part, masks ids so that the
 * unknown value is trained, ranks, and keeps files, checksums and threads.
 *
 * An engine never prints, exits, throws through this table, starts a thread or reads a clock into its results, and takes
 * every random draw from the parameter "seed". Results must not depend on the number of workers.
 */
#ifndef INTERPLAY_ENGINE_H
#define INTERPLAY_ENGINE_H

#include "interplay.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The engine ABI's major; a plug-in of another major is refused. Within a major, structs marked so grow at the tail. */
#define INTERPLAY_ENGINE_ABI 1

typedef struct interplay_params interplay_params; /**< parsed, checked against params_schema, defaults filled in */
typedef struct interplay_run interplay_run;       /**< one fit: workers, progress, cancellation                   */
typedef struct interplay_view interplay_view;     /**< encoded rows, joined with users and items on demand        */
typedef struct interplay_writer interplay_writer;
typedef struct interplay_reader interplay_reader;

/* kind of a field */
#define INTERPLAY_CATEGORY 1   /* one id a row                                    */
#define INTERPLAY_CATEGORIES 2 /* any number of ids a row, perhaps with weights   */
#define INTERPLAY_NUMBER 3     /* one float a row, NaN where it is missing        */
/* element types that a tensor of a file may have besides those of interplay.h */
#define INTERPLAY_BFLOAT16 16 /* the upper half of a float32 */
#define INTERPLAY_INT8 17     /* signed                      */
/* whose a field is */
#define INTERPLAY_OF_CONTEXT 0
#define INTERPLAY_OF_USER 1
#define INTERPLAY_OF_ITEM 2

typedef struct interplay_field { /* frozen */
  const char *name;
  int32_t kind;
  int32_t of;
  int32_t cardinality; /* ids are 0 .. cardinality - 1, and 0 is the unknown value; 0 for INTERPLAY_NUMBER */
  int32_t is_id;       /* 1 for the user's and the item's own id                                           */
} interplay_field;

typedef struct interplay_values { /* frozen; one field of a batch */
  int64_t rows;                   /* the batch's, or 1: one value for every row (the user's part of a ranking call) */
  const int32_t *ids;             /* CATEGORY: rows; CATEGORIES: offsets[rows]                                      */
  const float *numbers;           /* NUMBER: rows; CATEGORIES: a coefficient for each id (the row's value is the sum of
                                     coefficient x what the id stands for), or NULL: the mean, 1 / n each             */
  const int32_t *offsets;         /* CATEGORIES: rows + 1, from 0                                                   */
} interplay_values;

typedef struct interplay_batch { /* grows at the tail */
  uint32_t struct_size;
  uint32_t n_fields;
  int64_t rows;
  const interplay_values *fields; /* n_fields of them, in the order of view_fields                      */
  const float *labels;            /* rows; NULL while scoring                                           */
  const float *weights;           /* rows, or NULL: every row weighs 1                                  */
  const int32_t *users;           /* rows: index in the catalogue, -1 where there is none; training only */
  const int32_t *items;
} interplay_batch;

/* kind of an objective */
#define INTERPLAY_BINARY 1     /* labels 0 and 1; score = sigmoid(logit); log loss                                     */
#define INTERPLAY_RATING 2     /* labels in [low, high]; score = low + (high - low) sigmoid(logit); squared error      */
#define INTERPLAY_REGRESSION 3 /* any labels; score = low + (high - low) logit, with low = mean, high = mean + std dev */

typedef struct interplay_objective { /* frozen; fixed at the first fit */
  int32_t kind;
  int32_t reserved;
  double low, high;
  double mean; /* of the training labels */
} interplay_objective;

typedef struct interplay_tensor { /* frozen; row-major */
  const void *data;
  int32_t dtype; /* INTERPLAY_FLOAT32, INTERPLAY_FLOAT64, INTERPLAY_INT32, INTERPLAY_INT64, INTERPLAY_BOOL8 (bytes),
                    INTERPLAY_BFLOAT16 or INTERPLAY_INT8 */
  int32_t rank;  /* 0 .. 4 */
  int64_t shape[4];
} interplay_tensor;

typedef struct interplay_event { /* grows at the tail; one line of progress. NaN: not measured */
  uint32_t struct_size;
  int32_t epoch_end; /* 1: the epoch is over; such events make the history in the model's info */
  int64_t epoch, epochs;
  int64_t rows, rows_total; /* of this epoch */
  double loss;              /* mean training loss of this epoch so far, in the label's unit squared or nats */
  double valid_loss;
  double valid_metric; /* rmse in the label's unit, or log loss */
  int64_t best_epoch;  /* 0: none yet */
} interplay_event;

/** The core's functions for an engine; lives for ever. Grows at the tail. */
typedef struct interplay_host {
  uint32_t struct_size;
  uint32_t abi;
  /** Make an error from a status, a UTF-8 message and a JSON object (or NULL). Returns the status, so that an engine can
   *  write `return host->fail(error, ...)`. `error` may be NULL. */
  interplay_status (*fail)(interplay_error **error, interplay_status status, const char *message, const char *detail_json);

  /* Parameters: names in params_schema, or the core's own ("seed", ...). A name that is neither is a defect: 0, "". */
  int64_t (*param_int)(const interplay_params *params, const char *name);
  double (*param_number)(const interplay_params *params, const char *name);
  const char *(*param_text)(const interplay_params *params, const char *name); /* lives as long as params */
  int32_t (*param_bool)(const interplay_params *params, const char *name);
  /** Writes up to `capacity` numbers of a list and returns its length. */
  size_t (*param_list)(const interplay_params *params, const char *name, double *out, size_t capacity);

  int64_t (*view_rows)(const interplay_view *view);
  uint32_t (*view_fields)(const interplay_view *view, const interplay_field **out_fields); /* live as long as the view */
  void (*view_objective)(const interplay_view *view, interplay_objective *out_objective);
  /** A batch with room for max_rows rows. One thread at a time may use a batch; different batches are independent. */
  interplay_status (*batch_new)(const interplay_view *view, int64_t max_rows, interplay_batch **out, interplay_error **error);
  /** Fill with n rows of the view, any rows in any order, 0 <= row < view_rows. `draw` keys what is drawn at random (ids
   *  masked as unknown, negatives): the epoch, from 1; 0 masks nothing and draws the same negatives every time.
   *  May be called from inside `parallel`. Numbers come finite, or NaN where they are missing. */
  interplay_status (*batch_fill)(interplay_batch *batch, const int64_t *rows, int64_t n, uint64_t draw, interplay_error **error);
  void (*batch_free)(interplay_batch *batch);

  int32_t (*workers)(const interplay_run *run); /* >= 1 */
  /** Run body(arg, shard, worker) for shards 0 .. n_shards - 1, in any order, on the fit's threads; worker < workers()
   *  names the scratch to use. Returns when all are done: the first failure in the order of shards, if any. */
  interplay_status (*parallel)(interplay_run *run, int64_t n_shards,
                               interplay_status (*body)(void *arg, int64_t shard, int32_t worker), void *arg);
  /** Tell how far fit is; call it often, it is cheap. Only on fit's thread. CANCELLED: clean up and return it at once. */
  interplay_status (*report)(interplay_run *run, const interplay_event *event);
  /** A number or a warning for the model's info ("training" and "warnings"). Only on fit's thread. */
  void (*note)(interplay_run *run, const char *key, double value);
  void (*warn)(interplay_run *run, const char *message);

  /** Write a named tensor; name: a-z, 0-9, '_', '.', '/', at most 40 characters, once each. Copied. */
  interplay_status (*put)(interplay_writer *writer, const char *name, const interplay_tensor *tensor, interplay_error **error);
  /** 1 if the caller of save wants what only further training needs. */
  int32_t (*wants_optimizer)(const interplay_writer *writer);
  /** Read one. out->data is aligned to 64 bytes and lives as long as the state that load returns. NOT_FOUND if absent. */
  interplay_status (*get)(interplay_reader *reader, const char *name, interplay_tensor *out, interplay_error **error);
  int32_t (*has)(const interplay_reader *reader, const char *name);
  void (*error_free)(interplay_error *error); /* an error that an engine got and does not hand on */
  /** How many rows are drawn as negatives for each row of data; 0: the data have labels. With n rows of data and k of these,
   *  rows 0 .. n - 1 of the view are the data, label 1, and row n + i * k + j, label 0, is the j-th drawn for row i. */
  int64_t (*view_negatives)(const interplay_view *view);
  /** In save: the type that embedding tables shall have in the file, INTERPLAY_FLOAT32, INTERPLAY_BFLOAT16 or INTERPLAY_INT8;
   *  0: the one that they have. An engine that asks stores them so; one that never asks keeps what it has. */
  int32_t (*table_type)(const interplay_writer *writer);
  /** In load: 1 if every number is to be doubted; 0: the file is mapped and not to be read whole, so load looks at shapes and
   *  at what is small, and score stays in its memory whatever a large tensor's numbers are. */
  int32_t (*verifies)(const interplay_reader *reader);
} interplay_host;

#define INTERPLAY_ENGINE_LOGITS 1u /* flag: score writes logits, from which the core makes scores by the objective;
                                      without it score writes scores in the label's unit */

/** An engine: static, returned by its entry function. A state is what was learned; it is const while scoring, so any
 *  number of threads may score it at once, each with its own scratch. Grows at the tail. */
typedef struct interplay_engine {
  uint32_t struct_size;
  uint32_t abi;
  uint32_t flags;
  uint32_t reserved;
  const char *name;          /* a-z, 0-9, '_' */
  const char *version;       /* of what it writes to files: "1.0" */
  const char *summary;       /* one sentence */
  const char *params_schema; /* a JSON Schema object; each of "properties" has type, default, description, range or enum */

  /** Learn from train; valid may be NULL. from: NULL, or the state to go on from, whose fields had the same order and at
   *  most these cardinalities. CANCELLED when report said so; then, and on failure, nothing stays behind. */
  interplay_status (*fit)(interplay_run *run, const interplay_params *params, const interplay_view *train,
                          const interplay_view *valid, const void *from, void **out_state, interplay_error **error);
  /** Score batch->rows rows into out. scratch: from scratch_new, or NULL where the engine has none. */
  interplay_status (*score)(const void *state, void *scratch, const interplay_batch *batch, float *out, interplay_error **error);
  interplay_status (*save)(const void *state, interplay_writer *writer, interplay_error **error);
  /** Doubt everything that is read: shapes against fields and params, numbers against their range. */
  interplay_status (*load)(interplay_reader *reader, const interplay_params *params, const interplay_field *fields,
                           uint32_t n_fields, void **out_state, interplay_error **error);
  void (*destroy)(void *state);

  /* optional from here: NULL or beyond struct_size */
  interplay_status (*scratch_new)(const void *state, int64_t max_rows, void **out_scratch, interplay_error **error);
  void (*scratch_free)(void *scratch);
  /** Check parameters against each other when a model is created, before any data: "num_heads must divide ...". */
  interplay_status (*check)(const interplay_params *params, interplay_error **error);
  /** The kernels that this machine gets, "avx2" say, for the model's info: the same data give the same bytes per level. */
  const char *(*kernel)(void);
  /** How much explain writes for a row: layers, heads; for an engine that has attention. */
  void (*attention_shape)(const void *state, int32_t *out_layers, int32_t *out_heads);
  /** The attention of every layer and head while scoring: out has rows x layers x heads x n_fields x n_fields floats, and
   *  each row of the last index sums to 1. */
  interplay_status (*attention)(const void *state, void *scratch, const interplay_batch *batch, float *out,
                                interplay_error **error);
} interplay_engine;

/* A plug-in exports one symbol, `interplay_engine_entry`, of the type interplay_engine_entry_fn (interplay.h), and links
 * against nothing of the library: the host's table is all that it calls. host_abi is INTERPLAY_ENGINE_ABI of the host, and
 * host->struct_size tells which members the host has. */

#ifdef __cplusplus
}
#endif
#endif /* INTERPLAY_ENGINE_H */
