// The immutable model: every verb of interplay.h under its own name.
import { stat } from "node:fs/promises";
import { listIn, shown } from "./checks.js";
import type { Id, NumberArray } from "./columns.js";
import { filled, idsOf, present, room, Type, wholes } from "./columns.js";
import { type Dataset, datasetIn, type Part } from "./dataset.js";
import type { EvaluateOptions, EvaluationReport, ExplainOptions, Explanation, ModelInfo, TensorInfo } from "./documents.js";
import { InterplayError } from "./errors.js";
import type { External } from "./native.js";
import { addon, Handle, here, isExternal, json, parsed, pathOf, pool } from "./native.js";
import { type Watch, watched } from "./run.js";
import { Scorer, type ScorerOptions } from "./scorer.js";
import { type Data, Table, withTable } from "./table.js";

export interface FitOptions extends Watch {
  /** Sealed, with the columns of the training data; absent: `validation_fraction` of these is held out at random. */
  valid?: Dataset | undefined;
  /** Absent: what affinity and the CPU quota allow. The result does not depend on it. */
  threads?: number | undefined;
}

export interface PredictOptions {
  output?: "score" | "logit" | undefined;
  threads?: number | undefined;
}

export interface RecommendOptions extends Watch {
  /** Absent: the catalogue. Otherwise the item column, and any column of items' features. */
  candidates?: Data | undefined;
  k?: number | undefined;
  exclude_seen?: boolean | undefined;
  /** A list column of `users` with items to leave out. */
  exclude?: string | undefined;
  threads?: number | undefined;
}

export interface SaveOptions {
  /** false leaves out what users have seen, which is personal data. */
  seen?: boolean | undefined;
  /** true keeps what going on with training needs. */
  optimizer?: boolean | undefined;
  /** Embeddings in 4, 2 or 1 bytes a number, in the file and in a model that is read from it. */
  tables?: "float32" | "bfloat16" | "int8" | undefined;
}

export interface LoadOptions {
  /** Map the file instead of reading it, so that processes share its memory. It must not change while the model lives. */
  mmap?: boolean | undefined;
  /** With mmap: read all of the file at once, not when it is used. */
  prefault?: boolean | undefined;
  /** Check every byte: true by default, but with mmap false, where wrong bytes give wrong scores. */
  verify?: boolean | undefined;
  /** Refuse larger files. */
  max_bytes?: number | undefined;
}

export interface UpdateOptions {
  action?: "upsert" | "replace" | "remove" | undefined;
}

/** Whole-number ids: an array of numbers or bigints, or a typed array. */
export type Ids = NumberArray | readonly (number | bigint)[];

/**
 * An engine, its parameters, and what was learned. It never changes: fit and update return new ones, so any number of calls may use one
 * at once. Calls that take longer than microseconds return promises and run on libuv's pool.
 */
export class Model extends Handle {
  #info: ModelInfo | undefined;

  /** A model that has learned nothing yet; `engine(name)` lists the parameters. */
  constructor(engine: string, params?: object);
  /** @internal */
  constructor(handle: External);
  constructor(engine: string | External, params?: object) {
    super(isExternal(engine) ? engine : here<External>("model_create", nameIn(engine), json(params, "params")));
  }

  // ---- pairs of int64 ids

  /** Create and fit in one call. Without labels every pair is a positive one. Only an exit of the process stops it: use fit to watch. */
  static async fitPairs(
    engine: string,
    params: object | undefined,
    users: Ids,
    items: Ids,
    labels?: NumberArray | readonly number[],
  ): Promise<Model> {
    sameLength({ users, items, labels });
    const numbers = labels === undefined ? null : floats("labels", labels);
    return weighed(
      await pool(
        "fit_pairs",
        nameIn(engine),
        json(params, "params"),
        users.length,
        copied("users", users),
        copied("items", items),
        numbers,
      ),
    );
  }

  /** float32 scores of pairs of int64 ids. */
  async predictPairs(users: Ids, items: Ids): Promise<Float32Array> {
    sameLength({ users, items });
    const scores = new Float32Array(users.length);
    await pool("predict_pairs", this.live, users.length, copied("users", users), copied("items", items), scores);
    return scores;
  }

  /** The k best of the catalogue that the user has not seen, best first. */
  async recommendUser(user: number | bigint, k = 10): Promise<{ items: (number | bigint)[]; scores: Float32Array }> {
    const places = room(k, this.#items);
    const items = new BigInt64Array(places);
    const scores = new Float32Array(places);
    const n = await pool<number>("recommend_user", this.live, user, places, items, scores);
    return { items: idsOf(items.subarray(0, n)), scores: scores.subarray(0, n) };
  }

  // ---- tables and datasets

  /** Learn, and return what was learned as a new model. From a fitted one, training goes on. */
  async fit(train: Dataset, options: FitOptions = {}): Promise<Model> {
    return watched(options, async (watch, { valid, ...more }) => {
      const held = (valid ?? null) && datasetIn("valid", valid).live;
      return weighed(await pool("model_fit", this.live, datasetIn("train", train).live, held, json(more), watch));
    });
  }

  /** float32 scores of rows. A column that is there wins over the catalogue; an absent one comes from it; otherwise it is unknown. */
  async predict(rows: Data, options: PredictOptions = {}): Promise<Float32Array> {
    using out = new Table(await withTable("rows", rows, (table) => pool<External>("model_predict", this.live, table.live, json(options))));
    return out.column(options.output ?? "score") as Float32Array;
  }

  /** The k best items of many users: columns "row" (of `users`), the item, "score" and "rank", grouped by row, best first. */
  async recommend(users: Data, options: RecommendOptions = {}): Promise<Record<string, Id[] | Float32Array | Int32Array>> {
    const handle = await watched(options, (watch, { candidates, ...more }) =>
      withTable("users", users, (table) => {
        const among = (items: Table | null) =>
          pool<External>("model_recommend", this.live, table.live, items?.live ?? null, json(more), watch);
        return candidates === undefined ? among(null) : withTable("candidates", candidates, among);
      }),
    );
    using out = new Table(handle);
    return out.toColumns() as Record<string, Id[] | Float32Array | Int32Array>;
  }

  /** Metrics on a sealed dataset, beside two baselines; with k also hr@k, ndcg@k, recall@k, mrr@k and coverage@k. */
  async evaluate(dataset: Dataset, options: EvaluateOptions & Watch = {}): Promise<EvaluationReport> {
    return watched(options, async (watch, more) =>
      parsed(await pool("model_evaluate", this.live, datasetIn("dataset", dataset).live, json(more), watch)),
    );
  }

  /** What made the scores of some rows: attention, what each field brings, which pairs of fields act together. */
  async explain(rows: Data, options: ExplainOptions & Watch = {}): Promise<Explanation> {
    return watched(options, (watch, more) =>
      withTable("rows", rows, async (table) => parsed(await pool("model_explain", this.live, table.live, json(more), watch))),
    );
  }

  /** A new model with other users, items or seen pairs, and the same weights. */
  async update(part: Exclude<Part, "interactions"> | "seen", data: Data, options: UpdateOptions = {}): Promise<Model> {
    return weighed(await withTable("data", data, (table) => pool<External>("model_update", this.live, part, table.live, json(options))));
  }

  /** The hot path, on this thread; see Scorer. By default the user's column is shared and the item's is each row's. */
  scorer(shared?: string[], row?: string[], options?: ScorerOptions): Scorer {
    const schema = shared === undefined || row === undefined ? this.info.schema : {};
    return new Scorer(this.live, this.#items, shared ?? [schema.user ?? []].flat(), row ?? [schema.item ?? []].flat(), options);
  }

  // ---- what it is, and files

  /** Id, engine, parameters, schema, fields, objective, catalogue, training with its history, warnings, kernel. */
  get info(): ModelInfo {
    const handle = this.live; // also where the answer is known: a closed model has none
    const info = this.#info ?? parsed<ModelInfo>(here("model_info", handle));
    this.#info = info;
    return info;
  }

  /** How many items a ranking of the catalogue may have. */
  get #items(): number {
    return this.info.fitted ? this.info.catalogue.items : 0;
  }

  /** Names, types and shapes of what the engine has learned. */
  async tensors(): Promise<TensorInfo[]> {
    return parsed(await pool("model_tensors", this.live));
  }

  /** The numbers of one tensor, row-major. */
  async tensor(name: string): Promise<Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array> {
    const type = (await this.tensors()).find((one) => one.name === name)?.type ?? "float32";
    const bytes = await pool<Uint8Array>("model_tensor", this.live, name);
    const memory = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const Kind = { float32: Float32Array, float64: Float64Array, int32: Int32Array, int64: BigInt64Array, bytes: Uint8Array }[type];
    return new Kind(memory as ArrayBuffer);
  }

  /** Write the model to a file, aside and renamed, so that the old file or the new one is always whole. */
  async save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    await pool("model_save", this.live, pathOf(path), json(options));
  }

  /** A model from a file, which may come from anywhere: it loads, or fails with CORRUPT or INCOMPATIBLE. */
  static async load(path: string | URL, options: LoadOptions = {}): Promise<Model> {
    const file = pathOf(path);
    const [handle, found] = await Promise.all([
      pool<External>("model_load", file, json(options)),
      stat(file).catch(() => undefined), // load says what is wrong
    ]);
    return weighed(handle, found?.size);
  }

  /** The bytes that save would write. */
  async toBuffer(options: SaveOptions = {}): Promise<Buffer> {
    return pool<Buffer>("model_dump", this.live, json(options));
  }

  /** A model from the bytes of a file. */
  static async fromBuffer(bytes: Uint8Array, options: Omit<LoadOptions, "mmap"> = {}): Promise<Model> {
    return weighed(await pool("model_parse", Uint8Array.from(bytes), bytes.length, json(options)), bytes.length);
  }
}

const SIZES = { float32: 4, float64: 8, int32: 4, int64: 8, bytes: 1 };

/** @internal A model from C, of whose size the garbage collector hears: that of its file or, about the same, of its tensors. */
export async function weighed(handle: External, bytes?: number): Promise<Model> {
  const model = new Model(handle);
  const tensors = bytes === undefined ? await model.tensors().catch(() => []) : []; // an engine from a plug-in may not list them
  const sum = tensors.reduce((total, { type, shape }) => total + SIZES[type] * shape.reduce((product, length) => product * length, 1), 0);
  addon.weigh(handle, bytes ?? sum);
  return model;
}

function nameIn(engine: unknown): string {
  if (typeof engine === "string") return engine;
  throw new TypeError(`engine: expected a string, found ${shown(engine)}: engines() lists them`);
}

/** Ids for a call on another thread: a copy, since the caller's array may change meanwhile. */
function copied(name: string, ids: Ids): BigInt64Array {
  return ids instanceof BigInt64Array ? ids.slice() : wholes(name, present(name, ids));
}

/** The same for labels. */
function floats(name: string, labels: NumberArray | readonly number[]): Float32Array {
  return labels instanceof Float32Array ? labels.slice() : (filled(name, present(name, labels), Type.FLOAT32) as Float32Array);
}

function sameLength(columns: { users: Ids; items: Ids; labels?: Ids | undefined }): void {
  listIn("users", columns.users);
  listIn("items", columns.items);
  if (columns.labels !== undefined) listIn("labels", columns.labels);
  const lengths = Object.entries<ArrayLike<unknown> | undefined>(columns).filter(
    (entry): entry is [string, ArrayLike<unknown>] => entry[1] !== undefined,
  );
  if (new Set(lengths.map(([, column]) => column.length)).size > 1) {
    const found = lengths.map(([name, column]) => `${column.length} ${name}`).join(", ");
    throw new InterplayError("BAD_DATA", `expected columns of one length, found ${found}`);
  }
}
