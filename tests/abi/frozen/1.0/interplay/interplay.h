/* interplay.h: a recommender that a product carries inside. For applications; engine authors read engine.h.
 *
 * The verbs: create, fit, predict, recommend, explain, evaluate, update, save, load.
 * The nouns: error, text, table, dataset, model, monitor, assembly, scorer.
 *
 * ERRORS    A fallible function returns a status and takes, last, an optional interplay_error ** (NULL is fine and leaks
 *           nothing). It is set to NULL on success and to an error of yours to free on failure. Every out parameter is
 *           always written: to the result on success, to NULL or 0 on failure. Nothing is thrown through this header.
 * THREADS   A const handle may be used by any number of threads at once; a non-const one by one thread at a time. Every
 *           handle may move between threads. Callbacks run only on the thread that is inside the call.
 * MEMORY    Arguments are borrowed for the call. What a call returns through an out parameter is yours: free it with the
 *           function of its type, in any order, NULL accepted. Never use C's free() on it.
 * TEXT      UTF-8. JSON documents are strict: an unknown key, a wrong type or a value out of range is an error that names
 *           the key and the accepted ones. A JSON argument may be NULL and then means {}.
 * GUEST     The library never prints, exits, changes the locale or the environment, and no thread of it outlives a call.
 */
#ifndef INTERPLAY_H
#define INTERPLAY_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && !defined(INTERPLAY_STATIC)
#ifdef INTERPLAY_BUILD
#define INTERPLAY_API __declspec(dllexport)
#else
#define INTERPLAY_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define INTERPLAY_API __attribute__((visibility("default")))
#else
#define INTERPLAY_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- status ------------------------------------------------------------------------------------------------- */

/** What became of a call. A code that this header does not know counts as INTERPLAY_INTERNAL. */
typedef int32_t interplay_status;
#define INTERPLAY_OK 0
#define INTERPLAY_INVALID_ARGUMENT 1 /* a null, an unknown key, a value out of range: the call is wrong            */
#define INTERPLAY_INVALID_STATE 2    /* predict before fit, append after seal                                      */
#define INTERPLAY_BAD_DATA 3         /* the content of a table: lengths, a NaN label, an id of the wrong type      */
#define INTERPLAY_NOT_FOUND 4        /* an engine, a column or a file that is not there                            */
#define INTERPLAY_UNSUPPORTED 5      /* sensible, but this engine, model or build does not do it                   */
#define INTERPLAY_CORRUPT 6          /* a model file or document is damaged                                        */
#define INTERPLAY_INCOMPATIBLE 7     /* a model file or plug-in of another version                                 */
#define INTERPLAY_IO 8               /* the operating system refused: message and path are in the error            */
#define INTERPLAY_NO_MEMORY 9
#define INTERPLAY_CANCELLED 10       /* the monitor or its callback asked to stop                                  */
#define INTERPLAY_INTERNAL 11        /* a defect of the library: please report it                                  */

typedef struct interplay_error interplay_error;     /**< why a call failed; immutable                              */
typedef struct interplay_text interplay_text;       /**< owned bytes: JSON, or a dumped model                      */
typedef struct interplay_table interplay_table;     /**< named columns of equal length, going in or coming out     */
typedef struct interplay_dataset interplay_dataset; /**< interactions, and features of users and items             */
typedef struct interplay_model interplay_model;     /**< immutable and reference counted                           */
typedef struct interplay_monitor interplay_monitor; /**< watches and cancels a long call                           */
typedef struct interplay_assembly interplay_assembly; /**< a model in the making, from tensors                      */
typedef struct interplay_scorer interplay_scorer;   /**< one thread's scratch for scoring one model                */

/** The ABI, major * 65536 + minor. Within a major, functions and JSON keys are added, never changed or removed. */
INTERPLAY_API uint32_t interplay_abi_version(void);
/** The release, "0.1.0". Lives for ever. */
INTERPLAY_API const char *interplay_version(void);

/** The status that the failing call returned; INTERPLAY_OK for NULL. */
INTERPLAY_API interplay_status interplay_error_status(const interplay_error *error);
/** One or two sentences: what was expected, what was found, where, what to do. Lives as long as the error; "" for NULL. */
INTERPLAY_API const char *interplay_error_message(const interplay_error *error);
/** A JSON object for programs: may have "key", "accepted", "nearest", "column", "row", "path". "{}" where there is no more. */
INTERPLAY_API const char *interplay_error_detail(const interplay_error *error);
INTERPLAY_API void interplay_error_free(interplay_error *error);

/** The bytes; one NUL follows the last, which size does not count. Live as long as the text. */
INTERPLAY_API const char *interplay_text_data(const interplay_text *text);
INTERPLAY_API size_t interplay_text_size(const interplay_text *text);
INTERPLAY_API void interplay_text_free(interplay_text *text);

/* ---- shortcuts: pairs of int64 ids --------------------------------------------------------------------------- *
 * A whole product in four calls. The models are ordinary ones: everything below works on them too. Their schema is
 * {"user": "user_id", "item": "item_id", "label": "rating"}. */

/** Create and fit in one call.
 *  params_json  the engine's parameters, see interplay_model_create
 *  n            the length of users, items and labels
 *  labels       NULL: every pair is a positive one, and unseen items are drawn as negatives
 *  Fails        as interplay_model_create and interplay_model_fit do. */
INTERPLAY_API interplay_status interplay_fit_pairs(const char *engine, const char *params_json, size_t n,
                                                   const int64_t *users, const int64_t *items, const float *labels,
                                                   interplay_model **out_model, interplay_error **error);
/** Score n pairs on the calling thread. An id that the model does not know scores through the unknown value.
 *  out_scores   n floats: probabilities for a model of 0/1 labels, otherwise in the label's unit */
INTERPLAY_API interplay_status interplay_predict_pairs(const interplay_model *model, size_t n, const int64_t *users,
                                                       const int64_t *items, float *out_scores,
                                                       interplay_error **error);
/** The k best items of the catalogue that the user has not seen, best first.
 *  out_items, out_scores  room for k each; out_scores may be NULL
 *  out_n                  how many were written: fewer than k where the catalogue has no more */
INTERPLAY_API interplay_status interplay_recommend_user(const interplay_model *model, int64_t user, size_t k,
                                                        int64_t *out_items, float *out_scores, size_t *out_n,
                                                        interplay_error **error);

/* ---- tables -------------------------------------------------------------------------------------------------- *
 * Columns are copied in from plain arrays, or adopted from an Arrow C stream. Every length is an argument, so every
 * offset is checked against it; text must be valid UTF-8. */

#define INTERPLAY_INT64 1
#define INTERPLAY_INT32 2
#define INTERPLAY_FLOAT32 3
#define INTERPLAY_FLOAT64 4
#define INTERPLAY_BOOL8 5  /* one byte a value, 0 or 1 */
#define INTERPLAY_STRING 6 /* UTF-8 bytes and offsets  */

/** A table of `rows` rows and no column yet. */
INTERPLAY_API interplay_status interplay_table_new(int64_t rows, interplay_table **out_table, interplay_error **error);
/** Add a column of numbers, copied.
 *  type         INTERPLAY_INT64 .. INTERPLAY_BOOL8, the element type of `values`
 *  n_values     the length of `values`: rows, or with row_offsets the number of values in all lists
 *  row_offsets  NULL: one value a row. Otherwise rows + 1 ascending numbers from 0 to n_values: row r has the values
 *               row_offsets[r] .. row_offsets[r + 1] - 1 (a multi-valued column)
 *  valid        NULL: no nulls. Otherwise a byte a row, 0 for null (a null list differs from an empty one)
 *  Fails        INVALID_ARGUMENT (the name is taken or empty, a type that is none), BAD_DATA (lengths, offsets) */
INTERPLAY_API interplay_status interplay_table_add(interplay_table *table, const char *name, int32_t type,
                                                   const void *values, int64_t n_values, const int64_t *row_offsets,
                                                   const uint8_t *valid, interplay_error **error);
/** Add a column of strings, copied.
 *  bytes        all strings one behind the other, n_bytes of them
 *  offsets      n_values + 1 ascending numbers from 0 to n_bytes
 *  row_offsets, valid  as in interplay_table_add */
INTERPLAY_API interplay_status interplay_table_add_strings(interplay_table *table, const char *name, const char *bytes,
                                                           int64_t n_bytes, const int64_t *offsets, int64_t n_values,
                                                           const int64_t *row_offsets, const uint8_t *valid,
                                                           interplay_error **error);
/** One column as it lies in the table. The layout of this struct is frozen for ever. Its pointers are borrowed from the
 *  table and die with it. */
typedef struct interplay_column {
  int32_t type; /* INTERPLAY_INT64 .. INTERPLAY_STRING */
  int32_t reserved;
  int64_t rows;
  int64_t n_values;              /* rows, or the number of values in all lists           */
  int64_t n_bytes;               /* STRING: the length of `values` in bytes, otherwise 0 */
  const void *values;            /* STRING: the bytes of all strings                     */
  const int64_t *string_offsets; /* STRING: n_values + 1, otherwise NULL                 */
  const int64_t *row_offsets;    /* rows + 1, or NULL: one value a row                   */
  const uint8_t *valid;          /* a byte a row, or NULL: no nulls                      */
} interplay_column;
/** Fails with NOT_FOUND when no column has this name; the message lists those that are there. */
INTERPLAY_API interplay_status interplay_table_column(const interplay_table *table, const char *name,
                                                      interplay_column *out_column, interplay_error **error);
/** {"rows": N, "columns": [{"name": "age", "type": "int64", "multi_valued": false, "nulls": 0}, ...]} in their order. */
INTERPLAY_API interplay_status interplay_table_info(const interplay_table *table, interplay_text **out_json,
                                                    interplay_error **error);
/* The structs of Arrow's C data interface, https://arrow.apache.org/docs/format/CDataInterface.html; declared there. */
struct ArrowArrayStream;
/** Adopt an Arrow stream of struct batches: it is moved in and released in every case, also on failure. A single batch
 *  is used where it lies (32-bit offsets, bitmaps and dictionaries are expanded); several are joined once.
 *  Fails        UNSUPPORTED (a column type without a meaning here, named), BAD_DATA (lengths, offsets, UTF-8) */
INTERPLAY_API interplay_status interplay_table_from_arrow(struct ArrowArrayStream *moved_in,
                                                          interplay_table **out_table, interplay_error **error);
/** Export as a stream of one batch. `out_stream` is the caller's memory, written like a fresh object; the stream outlives
 *  the table and is released through its own callback. */
INTERPLAY_API interplay_status interplay_table_to_arrow(const interplay_table *table,
                                                        struct ArrowArrayStream *out_stream, interplay_error **error);
INTERPLAY_API void interplay_table_free(interplay_table *table);

/* ---- datasets ------------------------------------------------------------------------------------------------ */

/** An empty dataset with a schema.
 *  schema_json  {"user": "user_id", "item": "movie_id", "label": "rating"} names the columns with a role. Roles: user,
 *               item, label (absent: every row is a positive), weight, time, group. Every other column is a feature by
 *               its type: string, integer or bool are categories, float is a number, lists are categories. Other keys:
 *               "features" or "ignore": lists of column names, to choose;
 *               "fields": {"genres": {...}} with any of "kind" (category, categories, number), "min_count",
 *               "hash_buckets", "transform" (none, standardise, log, log2, or {"buckets": 10} for quantile buckets),
 *               "unknown" (bucket, error, hash), "weights" (the column with the weights of a multi-valued field),
 *               "combiner" (what a list's values with weights w add up by: mean: w / sum w, sum: w, sqrtn:
 *               w / sqrt(sum w^2)).
 *               "histories": true, or {"liked": {"of": "user", ...}}: fields that are made of the interactions, for data
 *               with user and item. "of": "user" is the items that the row's user has met, "item" the users who have met
 *               the row's item; "weights": none, or label: each by its label, standardised; "max_length" (200): the newest
 *               ones by time, else by the order of training; "order": while learning, a row's history holds what is
 *               "earlier" than the row (by time, else by an order drawn anew for each epoch), or "any" but the row's own
 *               pair; the default is any without time, and with "label" it must be earlier, or labels would leak. true
 *               makes user_history and item_history, and with labels user_history_labels and item_history_labels. */
INTERPLAY_API interplay_status interplay_dataset_new(const char *schema_json, interplay_dataset **out_dataset,
                                                     interplay_error **error);
/** Append a table to a part, as often as there are chunks; the columns must agree from chunk to chunk.
 *  part         "interactions" (one row an event), "users" or "items" (one row each, with the id column)
 *  Fails        BAD_DATA (a column missing or of another type, a null id, a NaN label, a duplicate user or item),
 *               INVALID_STATE after seal. On failure the dataset is as it was before. */
INTERPLAY_API interplay_status interplay_dataset_append(interplay_dataset *dataset, const char *part,
                                                        const interplay_table *table, interplay_error **error);
/** The same for an Arrow stream, which is moved in and released in every case. */
INTERPLAY_API interplay_status interplay_dataset_append_arrow(interplay_dataset *dataset, const char *part,
                                                              struct ArrowArrayStream *moved_in,
                                                              interplay_error **error);
/** No more appends: from here the dataset may be shared by threads, fitted and split. Sealing twice is fine. */
INTERPLAY_API interplay_status interplay_dataset_seal(interplay_dataset *dataset, interplay_error **error);
/** Divide the interactions of a sealed dataset in two; users' and items' features are shared by both parts.
 *  options_json {"method": "random" | "last" | "time" | "users", "fraction": 0.2, "seed": 1}; `fraction` is the share of
 *               the second part. random: rows; last: each user's last rows by time (by position without one);
 *               time: the last rows overall (needs a time column); users: all rows of a random share of the users. */
INTERPLAY_API interplay_status interplay_dataset_split(const interplay_dataset *dataset, const char *options_json,
                                                       interplay_dataset **out_first, interplay_dataset **out_second,
                                                       interplay_error **error);
/** {"rows", "users", "items", "bytes", "sealed", "label": {"min", "max", "mean", "distinct"}, "fields": [{"name", "of", "kind",
 *  "distinct", "nulls"}], "warnings": [...]} */
INTERPLAY_API interplay_status interplay_dataset_info(const interplay_dataset *dataset, interplay_text **out_json,
                                                      interplay_error **error);
INTERPLAY_API void interplay_dataset_free(interplay_dataset *dataset);

/* ---- monitor ------------------------------------------------------------------------------------------------- */

/** Called on the thread that is inside the watched call, about four times a second and at the end of every epoch.
 *  event_json  {"stage": "fit", "epoch": 3, "epochs": 20, "epoch_end": true, "rows": 720000, "rows_total": 720000,
 *              "loss": 0.71, "valid_loss": 0.78, "metric": "rmse", "valid_metric": 0.88, "best_epoch": 3,
 *              "rows_per_second": 190000, "seconds": 11.2, "seconds_left": 63.0}; dies when the callback returns.
 *              valid_loss and valid_metric stand only in events with epoch_end and where a validation set is.
 *  returns     0 to go on, anything else to cancel */
typedef int32_t (*interplay_progress)(void *user_data, const char *event_json);
/** A monitor may watch one call after another. callback may be NULL: then poll it with interplay_monitor_read. */
INTERPLAY_API interplay_status interplay_monitor_new(interplay_progress callback, void *user_data,
                                                     interplay_monitor **out_monitor, interplay_error **error);
/** Ask the watched call, and every later one with this monitor, to stop with INTERPLAY_CANCELLED. Any thread, any time. */
INTERPLAY_API void interplay_monitor_cancel(const interplay_monitor *monitor);
/** The newest event, "{}" before the first. Any thread, any time. */
INTERPLAY_API interplay_status interplay_monitor_read(const interplay_monitor *monitor, interplay_text **out_event_json,
                                                      interplay_error **error);
INTERPLAY_API void interplay_monitor_free(interplay_monitor *monitor);

/* ---- engines ------------------------------------------------------------------------------------------------- *
 * The library has some built in; others are plug-ins: shared libraries that export interplay_engine_entry and are written
 * against engine.h alone. Nothing is searched for and nothing is loaded that the application did not name. An engine is
 * never unloaded. Both functions below may be called while other threads use the library. */

struct interplay_engine; /* see engine.h, which only authors of engines need */
struct interplay_host;
/** The one symbol of a plug-in, under the name interplay_engine_entry. NULL: this engine cannot work with such a host.
 *  It must not call the library. Once it was accepted it is not called again; after a refusal each attempt calls it. */
typedef const struct interplay_engine *(*interplay_engine_entry_fn)(uint32_t host_abi,
                                                                    const struct interplay_host *host);

/** Load a plug-in. It runs in this process with all its rights, so load what you trust.
 *  utf8_path    absolute. The same file again is fine and changes nothing
 *  out_name     NULL, or set to the engine's name for interplay_model_create; it lives for ever
 *  Fails        INVALID_ARGUMENT (a relative path, a folder, an engine's name that is taken), NOT_FOUND (the file),
 *               INCOMPATIBLE: the system cannot load it, it has no entry function, it speaks another engine ABI, or it
 *               lacks a required member, which is named. The file stays in the process, also then */
INTERPLAY_API interplay_status interplay_engine_load(const char *utf8_path, const char **out_name,
                                                     interplay_error **error);
/** The same for an engine that is linked into the application, where plug-ins cannot be loaded or are not wanted.
 *  entry        the same function again is fine and changes nothing */
INTERPLAY_API interplay_status interplay_engine_register(interplay_engine_entry_fn entry, const char **out_name,
                                                         interplay_error **error);

/** [{"name": "autoint", "version": "1.0", "summary": "..."}, ...] */
INTERPLAY_API interplay_status interplay_engine_list(interplay_text **out_json, interplay_error **error);
/** {"name", "version", "summary", "parameters": a JSON Schema with type, default, range and description of each} */
INTERPLAY_API interplay_status interplay_engine_info(const char *name, interplay_text **out_json,
                                                     interplay_error **error);

/* ---- models -------------------------------------------------------------------------------------------------- */

/** A model that knows its engine and parameters and has learned nothing yet.
 *  params_json  the engine's own parameters (interplay_engine_info lists them), and those that hold for every engine:
 *               "seed" (1), "validation_fraction" (0.1), "unknown_rate" (0.03), "negatives" (4 drawn a row of data
 *               without labels), "negative_sampling" (uniform, popularity), "negatives_exclude_seen" (true), "objective" ("auto": binary for labels 0 and 1, rating for few integers, regression)
 *  Fails        NOT_FOUND (the engine; the message lists those there are), INVALID_ARGUMENT (a parameter, named) */
INTERPLAY_API interplay_status interplay_model_create(const char *engine, const char *params_json,
                                                      interplay_model **out_model, interplay_error **error);

struct interplay_comm; /* reserved for training on several machines over the host's own transport */

/** Learn, and return what was learned as a new model; `from` is untouched, also when the call fails or is cancelled.
 *  from         created, or fitted: then training goes on from it, known ids keep their numbers, new ones are appended
 *  train        sealed. Vocabulary and statistics come from it alone, less the part held out
 *  valid        sealed, with the columns of train; NULL: `validation_fraction` of train is held out at random
 *  options_json {"threads": 0}: 0 takes what affinity and CPU quota allow. The result does not depend on it.
 *  monitor      NULL, or watches and cancels
 *  comm         must be NULL */
INTERPLAY_API interplay_status interplay_model_fit(const interplay_model *from, const interplay_dataset *train,
                                                   const interplay_dataset *valid, const char *options_json,
                                                   const interplay_monitor *monitor, const struct interplay_comm *comm,
                                                   interplay_model **out_model, interplay_error **error);
/** Score rows.
 *  rows         columns under the schema's names, in any order; others are ignored. A column that is present wins over
 *               the catalogue, nulls included; an absent one comes from the catalogue of its user or item; otherwise it
 *               is unknown. A history is a list of ids under its name, oldest first; one by labels has the labels as its
 *               weights, or in the list column <name>_weights. So somebody whom the model has never seen is served by
 *               what he has met. It never holds the row's own pair
 *  options_json {"threads": 1, "output": "score" | "logit"}
 *  out_table    rows rows with the float32 column "score" (or "logit")
 *  Fails        BAD_DATA when an id or value has another type than in training, or is unknown and the schema says
 *               "unknown": "error" */
INTERPLAY_API interplay_status interplay_model_predict(const interplay_model *model, const interplay_table *rows,
                                                       const char *options_json, interplay_table **out_table,
                                                       interplay_error **error);
/** The best items of many users.
 *  users        one row a request: the user column, and any column of features or context
 *  candidates   NULL: the catalogue. Otherwise the item column, and any column of items' features or context
 *  options_json {"k": 10, "exclude_seen": true, "exclude": "a list column of `users` with item ids", "threads": 1}
 *  out_table    "row" (int64, the row of `users`), the item column under its schema name, "score" (float32), "rank"
 *               (int32, from 1), grouped by row, best first; ties in the order of the catalogue or candidates */
INTERPLAY_API interplay_status interplay_model_recommend(const interplay_model *model, const interplay_table *users,
                                                         const interplay_table *candidates, const char *options_json,
                                                         const interplay_monitor *monitor, interplay_table **out_table,
                                                         interplay_error **error);
/** Metrics on a sealed dataset: {"rows": N, "metrics": {"rmse": 0.87, "mae": ...}, "baselines": {"global_mean",
 *  "biases"} (rmse or log loss that these reach, learned from the training rows), "unknown": {"user_id": rows, ...}}.
 *  options_json {"k": 10, "relevant": 4, "threads": 1}. Always: rmse, mae, calibration_error, and for 0/1 labels auc,
 *               log_loss, group_auc. With "k": hr@k, ndcg@k, recall@k, mrr@k, where the relevant rows are those with
 *               label >= "relevant" (default: the mean of the label's range) and are ranked among the whole catalogue
 *               less the training items of the user, ties at mid-rank; and coverage@k, the share of the catalogue's
 *               items that stand in the first k of at least one of those users. Sampled ranking ("sampled") is refused:
 *               it orders models wrongly.
 *  calibration_error  rows by score in 10 bins of equal count (equal scores share a bin); the mean over the rows of
 *               |mean score - mean label| of their bin: in probability for 0/1 labels, otherwise in the label's unit
 *  group_auc    the AUC within each group (the schema's "group" column, else the user), mean over the groups by their
 *               rows; groups with one class are left out. {"groups": {"by": column, "counted", "left_out"}} says how
 *               many. Other labels than 0/1: only with "k" or "relevant", and the positive rows are the relevant ones. */
INTERPLAY_API interplay_status interplay_model_evaluate(const interplay_model *model, const interplay_dataset *dataset,
                                                        const char *options_json, const interplay_monitor *monitor,
                                                        interplay_text **out_json, interplay_error **error);
/** What made the scores of some rows.
 *  rows         as for interplay_model_predict; at least one
 *  options_json {"what": ["attention", "fields", "pairs"], "per_row": false, "top": 20, "replace": "unknown", "threads": 1}.
 *               "what": by default attention, where the engine has it, and fields. The cost in scores of a row: 1, M with
 *               fields, M (M + 1) / 2 with pairs, of M fields.
 *               "replace": what a field that is left out has instead: "unknown", its unknown value (id 0, NaN, the list
 *               of one unknown value); "shuffle", the value of another row of the table, drawn by the row's number, the
 *               same row for both fields of a pair
 *  out_json     {"rows", "score": mean, "logit": mean, "fields": [{"name", "of": "user", "item" or "context"}, ...],
 *               "attention": {"layers": L, "heads": H, "mean": [L][H][M][M]}: what a field (row) attends to; rows sum to 1,
 *               "contributions": [{"field", "mean_abs", "mean"}, ...] in the order of fields: the row's logit less that
 *               with the field left out, mean over rows,
 *               "pairs": [{"fields": [a, b], "strength", "mean"}, ...], strongest first, "top" of them: what both fields do
 *               together and neither alone, f(x) - f(x less a) - f(x less b) + f(x less both) of the logit f; strength is
 *               its root mean square over the rows,
 *               "per_row": [{"score", "logit", "contributions": [M], "attention": [L][H][M][M]}, ...] if asked for: at most
 *               1000 rows}. Engines without logits: no "logit", and the score in its place.
 *  Fails        UNSUPPORTED when attention is asked for and the engine has none, BAD_DATA without rows, otherwise as
 *               interplay_model_predict. The result does not depend on "threads". */
INTERPLAY_API interplay_status interplay_model_explain(const interplay_model *model, const interplay_table *rows,
                                                       const char *options_json, const interplay_monitor *monitor,
                                                       interplay_text **out_json, interplay_error **error);
/** The catalogue changes, the weights do not: a new model that shares every tensor with `model`.
 *  part         "users" or "items" (tables as for interplay_dataset_append), or "seen" (the user and the item column, and
 *               for histories the columns of label and time: without them a label is the mean, and the time the last)
 *  options_json {"action": "upsert" | "replace" | "remove"}: upsert adds or overwrites rows; replace makes the table the
 *               whole part; remove needs only the id columns. An item that is removed is never recommended; its weights
 *               stay, should it come back. */
INTERPLAY_API interplay_status interplay_model_update(const interplay_model *model, const char *part,
                                                      const interplay_table *table, const char *options_json,
                                                      interplay_model **out_model, interplay_error **error);
/** {"id": content hash, "parent": id or null, "fitted", "engine": {"name", "version"}, "parameters", "schema", "fields": [{"name",
 *  "of", "kind", "type", "cardinality"}] ("type": what its values are: "integer", "string", "number", or null where none was
 *  seen), "objective": {"kind", "low", "high", "mean"}, "catalogue": {"users", "items", "seen",
 *  "histories"},
 *  "training": {"rows", "valid_rows", "split", "fingerprint", "epochs", "best_epoch", "metric", "valid_metric",
 *  "baselines": {"global_mean", "biases"}, "history": [...]}, "warnings", "kernel"} */
INTERPLAY_API interplay_status interplay_model_info(const interplay_model *model, interplay_text **out_json,
                                                    interplay_error **error);

/* ---- scorers: the hot path ----------------------------------------------------------------------------------- *
 * One thread's scratch for scoring one model: open it once, then score row after row. A call parses nothing, locks nothing,
 * starts nothing and, once warm, allocates nothing: memory that a longer list than ever before needs is kept for the next.
 * Only what fails makes an error object. A scorer keeps its model alive; another thread opens another scorer. */

/** One value. The layout is frozen for ever, 16 bytes on every platform, without a pointer: strings and lists lie in the one
 *  heap that goes with the call, and `value` is their offset in bytes. */
typedef struct interplay_cell {
  int32_t type;   /* INTERPLAY_CELL_NULL .. INTERPLAY_CELL_ID                                                          */
  uint32_t size;  /* STRING: bytes; LIST: cells; ID: as interplay_scorer_resolve wrote it; otherwise ignored           */
  uint64_t value; /* INT64: the number, two's complement; FLOAT64: its IEEE bits; STRING, LIST: offset; ID: as written */
} interplay_cell;
#define INTERPLAY_CELL_NULL 0
#define INTERPLAY_CELL_INT64 1
#define INTERPLAY_CELL_FLOAT64 2
#define INTERPLAY_CELL_STRING 3 /* UTF-8, without a NUL                                                                 */
#define INTERPLAY_CELL_LIST 4   /* its cells lie one behind the other, at an offset that is a multiple of 8             */
#define INTERPLAY_CELL_ID 5     /* a value that interplay_scorer_resolve has looked up                                  */

/** Open a scorer.
 *  columns      n_shared + n_row names: first those whose cells are given once a call (typically the user's), then those that
 *               each row has. The schema's names, and for a list with weights, or a history by labels, the column with these:
 *               the one that the schema names, else <name>_weights, a list of as many numbers as the list has values (left
 *               out: every weight is 1; labels cannot be left out), in the same part as the list.
 *               As for interplay_model_predict: a column that is named wins over the catalogue, null cells included; one that
 *               is not comes from the catalogue of its user or item; otherwise it is unknown
 *  options_json {"output": "score" | "logit", "max_rows": 1024, "exclude_seen": true}. Rows are scored in blocks of at most
 *               "max_rows", whose memory is taken now: opening takes about as long as scoring that many. "exclude_seen":
 *               interplay_scorer_top leaves out what the user has seen; by default in rankings of the catalogue and not of
 *               given rows
 *  Fails        NOT_FOUND (a column that is none of the model's; the message has the nearest), INVALID_ARGUMENT (a name that
 *               stands twice, weights without their list, an option), INVALID_STATE (not fitted), UNSUPPORTED (the engine has
 *               no logits) */
INTERPLAY_API interplay_status interplay_scorer_open(const interplay_model *model, const char *const *columns,
                                                     uint32_t n_shared, uint32_t n_row, const char *options_json,
                                                     interplay_scorer **out_scorer, interplay_error **error);
/** Score rows: the bits are those of interplay_model_predict for the same row, however many there are.
 *  shared       n_shared cells; NULL where there are none
 *  rows         n_rows * n_row cells, row by row; NULL where there are none
 *  heap         heap_size bytes that strings and lists lie in, borrowed for the call; NULL when 0
 *  out_scores   n_rows floats; zeros when the call fails
 *  Cells        an id or a category is INT64 or STRING, as in training, or ID; a number is INT64 or FLOAT64, where NULL and NaN
 *               are missing; a list holds ids or categories and no NULL. Lists of a block of rows have at most 4194304
 *               values a column
 *  Fails        BAD_DATA, naming column, row and value of a list: a cell of another type, a string or list that does not lie
 *               in the heap, text that is not UTF-8, an infinite number, an ID of another column or out of range, a value that
 *               is unknown where the schema says "unknown": "error". The scorer can be used on */
INTERPLAY_API interplay_status interplay_scorer_score(interplay_scorer *scorer, const interplay_cell *shared,
                                                      const interplay_cell *rows, size_t n_rows, const void *heap,
                                                      size_t heap_size, float *out_scores, interplay_error **error);
/** The k best, best first, by logit: order and ties are those of interplay_model_recommend.
 *  shared       as above. The user's column must be shared when the catalogue is ranked
 *  rows         the candidates, as above. NULL with n_rows 0: every item of the catalogue; what the row columns bring is then
 *               taken from the catalogue, or unknown. The first such call makes room for it
 *  out_index    room for k: the row's number; of the catalogue, the item's index, see interplay_scorer_item
 *  out_scores   room for k, or NULL
 *  out_n        how many were written: fewer than k where there are no more; 0 when the call fails
 *  Fails        as above; INVALID_ARGUMENT (k is 0), UNSUPPORTED (no item column, or seen items to be left out of a model that
 *               was saved without them) */
INTERPLAY_API interplay_status interplay_scorer_top(interplay_scorer *scorer, const interplay_cell *shared,
                                                    const interplay_cell *rows, size_t n_rows, const void *heap,
                                                    size_t heap_size, size_t k, int64_t *out_index, float *out_scores,
                                                    size_t *out_n, interplay_error **error);
/** Look a value up once, so that a hot loop need not. A value that the model does not know stays unknown. Numbers, weights
 *  and null lists come back as they are.
 *  column       0 .. n_shared + n_row - 1
 *  value        of a list or history: one of its values, for the list's cells
 *  out_cell     an ID for this column, in any scorer of the same model; one of the item's column also for histories of items,
 *               and likewise of the user's. It may be `value` itself. NULL (the cell) when the call fails
 *  Fails        as interplay_scorer_score does for such a cell */
INTERPLAY_API interplay_status interplay_scorer_resolve(const interplay_scorer *scorer, uint32_t column,
                                                        const interplay_cell *value, const void *heap,
                                                        size_t heap_size, interplay_cell *out_cell,
                                                        interplay_error **error);
/** The item at an index of the catalogue.
 *  out_item     INT64, or a STRING at offset 0 of *out_text
 *  out_text     its UTF-8 bytes, without a NUL, for a STRING, otherwise NULL; live as long as the scorer
 *  Fails        INVALID_ARGUMENT when there is no such index */
INTERPLAY_API interplay_status interplay_scorer_item(const interplay_scorer *scorer, int64_t index,
                                                     interplay_cell *out_item, const char **out_text,
                                                     interplay_error **error);
/** {"rows": N, "unknown": {"user_id": rows, ...}} since open, for each named column: in how many of the rows that were scored
 *  its value, or one of its list, was unknown to the model, or its number missing. So a broken join shows. Rows of a call that
 *  failed do not count from the block of "max_rows" on in which it did. */
INTERPLAY_API interplay_status interplay_scorer_stats(const interplay_scorer *scorer, interplay_text **out_json,
                                                      interplay_error **error);
INTERPLAY_API void interplay_scorer_free(interplay_scorer *scorer);

/* ---- a model from tensors, and its tensors ------------------------------------------------------------------- *
 * For what was trained elsewhere, in PyTorch say: describe the fields, hand over their values and the tensors, finish. The
 * result is a model like any other; it can be saved, updated, and fitted further. And the other way: a fitted model's
 * tensors by name, for what is to be computed elsewhere. */

/** Begin.
 *  engine, params_json  as for interplay_model_create; the sizes in the parameters are those of the tensors
 *  description_json {"schema": {"user": "user_id", "item": "movie_id", "label": "rating"},
 *               "fields": [{"name": "user_id", "of": "user", "kind": "category"}, ...] in the order of the tensors,
 *               "objective": {"kind": "rating", "low": 1, "high": 5, "mean": 3.6}}.
 *               A field: "of" is user, item or context; "kind" is category, categories or number. The fields with the names
 *               of the schema's user and item columns are the ids, and both must be there where the schema names them. A
 *               number may have "transform" (none, standardise, log, log2), "shift" and "scale": the engine sees
 *               (transform(x) - shift) / scale.
 *               "objective": kind is binary, rating (low and high are the ends of the scale) or regression (score = low +
 *               (high - low) logit; 0 and 1 by default); "mean" of the labels, by default the middle
 *  Fails        as interplay_model_create; INVALID_ARGUMENT where the description is wrong */
INTERPLAY_API interplay_status interplay_assembly_new(const char *engine, const char *params_json,
                                                      const char *description_json, interplay_assembly **out_assembly,
                                                      interplay_error **error);
/** The values of a category or categories field; once for each.
 *  values       the column "value" (int64, int32 or string, one a row): the value of row i has id i + 1, row i + 1 of the
 *               field's tensor. Id 0 is the unknown value, which has a row of the tensor but none here
 *  Fails        NOT_FOUND (no such field or column), BAD_DATA (a value that is there twice, a null id),
 *               INVALID_ARGUMENT (a number field, or called before for this one) */
INTERPLAY_API interplay_status interplay_assembly_add_values(interplay_assembly *assembly, const char *field,
                                                             const interplay_table *values, interplay_error **error);
/** A tensor, copied. Names and shapes are the engine's: for "autoint" see engines/autoint/README.md.
 *  type         INTERPLAY_INT64 .. INTERPLAY_BOOL8
 *  data         row-major; may be NULL where the tensor is empty
 *  rank, shape  0 .. 4 dimensions
 *  Fails        INVALID_ARGUMENT: the name is taken or no name, a type that is none, a negative length */
INTERPLAY_API interplay_status interplay_assembly_add_tensor(interplay_assembly *assembly, const char *name, int32_t type,
                                                             const void *data, int32_t rank, const int64_t *shape,
                                                             interplay_error **error);
/** The fitted model. The catalogue has the users and items of the id fields, without features (interplay_model_update brings
 *  them) and without what users have seen. The assembly stays as it is: mend it after a failure, finish it again.
 *  Fails        INVALID_ARGUMENT, naming the field without values, or the tensor that is missing (with the shape that is
 *               expected), of another shape, not finite, or unknown to the engine */
INTERPLAY_API interplay_status interplay_assembly_finish(const interplay_assembly *assembly, interplay_model **out_model,
                                                         interplay_error **error);
INTERPLAY_API void interplay_assembly_free(interplay_assembly *assembly);
/** What the engine has learned: [{"name": "tables/0", "type": "float32", "shape": [6041, 32]}, ...], under the names, types
 *  ("bytes" for INTERPLAY_BOOL8) and shapes that interplay_assembly_add_tensor takes; without the optimizer's state. With the
 *  same parameters, description and values an assembly of them scores the same bits. A model with several "members" has
 *  the further ones under "members/1/", "members/2/", ..., which an assembly does not take.
 *  Fails        INVALID_STATE (not fitted) */
INTERPLAY_API interplay_status interplay_model_tensors(const interplay_model *model, interplay_text **out_json,
                                                       interplay_error **error);
/** The numbers of one of them, row-major, in the machine's byte order, aligned for any of the types. A copy: the text is
 *  yours and outlives the model. The engine writes its tensors anew for each call.
 *  Fails        NOT_FOUND (no tensor of this name; the message has the nearest), INVALID_STATE (not fitted) */
INTERPLAY_API interplay_status interplay_model_tensor(const interplay_model *model, const char *name,
                                                      interplay_text **out_bytes, interplay_error **error);

/* ---- files --------------------------------------------------------------------------------------------------- */

/** Write a model to a file: aside, synced and renamed, so that the old file or the new one is always whole.
 *  options_json {"seen": true, "optimizer": false, "tables": "float32" | "bfloat16" | "int8"}. "seen": false leaves out what
 *               users have seen (personal data; such a model cannot exclude it, and its histories are empty but for those
 *               that rows bring). "optimizer": true keeps what going on with training needs. "tables": embeddings in 4, 2
 *               or 1 bytes a number (int8: and a float a row), in the file and in a model that is read from it; by default
 *               as they are. Scores change by their rounding; fit goes on in float32. */
INTERPLAY_API interplay_status interplay_model_save(const interplay_model *model, const char *utf8_path,
                                                    const char *options_json, interplay_error **error);
/** Read a model from a file. A file from anywhere may be tried: it loads or fails, within a memory bound.
 *  options_json {"mmap": false, "prefault": false, "verify": true, "max_bytes": 0}. "mmap": true maps the file instead of
 *               reading it, and all processes that do share its memory. Then sizes and the description are checked and the
 *               rest is not read before it is used, its checksums only with "verify": true: a damaged file gives wrong
 *               scores, and none makes the library leave its memory. The file must not change or be cut while the model
 *               lives (the system ends a process that reads what was cut off); save replaces a file and changes none.
 *               "prefault": true reads all of it at once. "max_bytes": refuse larger files (0: no limit). */
INTERPLAY_API interplay_status interplay_model_load(const char *utf8_path, const char *options_json,
                                                    interplay_model **out_model, interplay_error **error);
/** The bytes that save would write. Options as there. */
INTERPLAY_API interplay_status interplay_model_dump(const interplay_model *model, const char *options_json,
                                                    interplay_text **out_bytes, interplay_error **error);
/** A model from the bytes of a file, which are copied. */
INTERPLAY_API interplay_status interplay_model_parse(const void *bytes, size_t size, const char *options_json,
                                                     interplay_model **out_model, interplay_error **error);
/** What a model file says of itself, as interplay_model_info, with "format" and "sections": needs no engine. */
INTERPLAY_API interplay_status interplay_file_info(const char *utf8_path, interplay_text **out_json,
                                                   interplay_error **error);

/** One more reference to the same model; free each. NULL gives NULL. */
INTERPLAY_API interplay_model *interplay_model_retain(const interplay_model *model);
INTERPLAY_API void interplay_model_free(interplay_model *model);

#ifdef __cplusplus
}
#endif
#endif /* INTERPLAY_H */
