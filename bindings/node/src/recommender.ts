// What the classes of the engines (AutoInt, FM, Popularity) share: a model that can be fitted in place, and the pairs of the tutorial.
import * as ACCEPTED from "./accepted.js";
import { idIn, isRecord, knownKeys, optionsIn, recordIn, shown } from "./checks.js";
import type { Cells, Column, Id } from "./columns.js";
import { cellsOf, isNumberArray } from "./columns.js";
import { Dataset, type Schema } from "./dataset.js";
import type { EvaluateOptions, EvaluationReport, ExplainOptions, Explanation, ModelInfo } from "./documents.js";
import { InterplayError } from "./errors.js";
import { type FitOptions, type LoadOptions, Model, type PredictOptions, type SaveOptions, type UpdateOptions } from "./model.js";
import type { ProgressEvent, Watch } from "./run.js";
import { PairScorer } from "./scorer.js";
import { type Data, type Table, withTable } from "./table.js";

/** A name of yours; the file does not have it. */
export interface Named {
  name?: string | undefined;
}

/** Three columns of one length; or interactions with a schema; and features of users and items beside either. */
export interface TrainingData {
  userIds?: Cells;
  itemIds?: Cells;
  /** Absent: every pair is a positive one, and unseen items are drawn as negatives. */
  ratings?: Cells;
  interactions?: Data;
  /** The roles of the columns of `interactions`; beside the three columns, further keys and other names for them. */
  schema?: Schema;
  /** One row each, with the id column: strings, whole numbers and lists are categories, floats numbers. */
  users?: Data;
  items?: Data;
}

export interface TopOptions extends Watch {
  /** How many: 10 by default. */
  topK?: number | undefined;
  /** Leave out what the user has met in training: true by default. */
  excludeSeen?: boolean | undefined;
  /** More items to leave out. */
  exclude?: Iterable<Id> | undefined;
  /** The item column and any features of items; absent: the catalogue. */
  candidates?: Data | undefined;
  threads?: number | undefined;
}

type Pairs = readonly (readonly [Id, Id])[];

export interface Recommendation<I extends Id = Id> {
  item: I;
  score: number;
}

/**
 * A model under a name. Everything that Model does is at `.model`, which the recommender owns: fit and update put a new one there and close
 * the one before, as soon as the calls inside it have ended.
 */
export class Recommender<Params extends object = Record<string, unknown>> implements Disposable {
  readonly name: string;
  readonly engine: string;
  readonly #params: object;
  #model: Model;
  #pairs: PairScorer | undefined;

  /** With a model, one around it instead of a new one. */
  constructor(engine: string, params: Params & Named = {} as Params, model?: Model) {
    const { name = engine, ...given } = recordIn(new.target.name, params, "parameters");
    if (typeof name !== "string") throw new TypeError(`name: expected a string, found ${shown(name)}`);
    const found = model?.info.engine.name ?? engine;
    if (found !== engine) {
      throw new InterplayError(
        "INVALID_ARGUMENT",
        `expected a model of the engine ${engine}, found one of ${found}: Recommender.load takes any`,
      );
    }
    this.engine = engine;
    this.name = name;
    this.#params = model?.info.parameters ?? given;
    this.#model = model ?? new Model(engine, given);
  }

  get model(): Model {
    return this.#model;
  }

  #put(model: Model): this {
    this.close();
    this.#model = model;
    return this;
  }

  // ---- learn

  /** Learn anew. A call that fails or is cancelled leaves everything as it was. */
  async fit(data: Dataset | TrainingData, options: FitOptions = {}): Promise<this> {
    using unfitted = new Model(this.engine, this.#params);
    return this.#put(await this.#fitted("fit", unfitted, data, options));
  }

  /** Go on from what was learned, with more data. Known ids keep their places, new ones are added. */
  async partialFit(data: Dataset | TrainingData, options: FitOptions = {}): Promise<this> {
    return this.#put(await this.#fitted("partialFit", this.model, data, options));
  }

  async #fitted(call: string, from: Model, data: Dataset | TrainingData, options: FitOptions): Promise<Model> {
    optionsIn(call, options, ACCEPTED.FIT);
    if (data instanceof Dataset) return from.fit(data, options);
    using dataset = await datasetOf(call, data, from.info.fitted ? from.info.schema : {});
    return await from.fit(dataset, options);
  }

  // ---- use

  /**
   * The score of one pair, at once: it takes microseconds. In the label's unit for ratings, a probability for clicks. Unknown ids score
   * through the trained unknown value.
   */
  predict(userId: Id, itemId: Id): number {
    if (this.#pairs === undefined) {
      const { user, item } = this.#ids("predict");
      this.#pairs = new PairScorer(this.model.live, user, item);
    }
    return this.#pairs.score(userId, itemId);
  }

  /** Scores of pairs [user, item], or of rows with the schema's columns: those of users and items must be there, null is unknown. */
  async batchPredict(pairs: Pairs | Data, options: PredictOptions = {}): Promise<Float32Array> {
    optionsIn("batchPredict", options, ACCEPTED.PREDICT);
    return this.#withRows("batchPredict", pairs, (rows) => this.model.predict(rows, options));
  }

  /** A column that is absent scores as unknown, which is for features. Of users and items it is a slip. */
  async #withRows<T>(call: string, pairs: Pairs | Data, use: (rows: Table) => Promise<T>): Promise<T> {
    const { user, item } = this.#schema(call);
    const ids = [user, item].filter((name) => name !== undefined);
    return withTable("rows", isPairs(pairs) ? rowsOf(pairs, this.#ids(call)) : pairs, async (rows) => {
      const missing = ids.find((name) => !rows.names.includes(name));
      if (missing === undefined) return use(rows);
      throw new InterplayError(
        "INVALID_ARGUMENT",
        `${call}: expected the ${ids.length > 1 ? "columns" : "column"} ${ids.join(" and ")}, found ${rows.names.join(", ") || "none"}: ` +
          `a column ${missing} of nulls scores unknown ones, and so does model.predict without it`,
        { column: missing },
      );
    });
  }

  /** The best that the user has not seen, best first. Many users at once: model.recommend. */
  async recommend(userId: Id, options: TopOptions = {}): Promise<Recommendation[]> {
    const { topK = 10, excludeSeen, exclude, ...more } = optionsIn("recommend", options, ACCEPTED.TOP);
    checkTop(topK, excludeSeen);
    const { user, item } = this.#ids("recommend");
    const out = exclude === undefined ? [] : excluded(exclude);
    const request: Record<string, Column> = { [user]: [idIn("recommend: userId", userId)], ...(out.length > 0 && { exclude: [out] }) };
    const best = await this.model.recommend(request, {
      k: topK,
      exclude_seen: excludeSeen,
      exclude: out.length > 0 ? "exclude" : undefined,
      ...more,
    });
    const scores = best.score as Float32Array;
    return Array.from(best[item] as Id[], (id, i) => ({ item: id, score: scores[i] as number }));
  }

  /** Metrics on a sealed Dataset, beside two baselines; with k also those of ranking. */
  async evaluate(dataset: Dataset, options: EvaluateOptions & Watch = {}): Promise<EvaluationReport> {
    return this.model.evaluate(dataset, optionsIn("evaluate", options, ACCEPTED.EVALUATE));
  }

  /** What made the scores of pairs [user, item], or of rows. */
  async explain(pairs: Pairs | Data, options: ExplainOptions & Watch = {}): Promise<Explanation> {
    optionsIn("explain", options, ACCEPTED.EXPLAIN);
    return this.#withRows("explain", pairs, (rows) => this.model.explain(rows, options));
  }

  /** Change the catalogue ("users", "items") or what was "seen", not the weights. */
  async update(part: "users" | "items" | "seen", data: Data, options: UpdateOptions = {}): Promise<this> {
    return this.#put(await this.model.update(part, data, optionsIn("update", options, ACCEPTED.UPDATE)));
  }

  #schema(call: string): Schema {
    const { fitted, schema } = this.info;
    if (!fitted) {
      throw new InterplayError(
        "INVALID_STATE",
        `${call}: expected a fitted model, found one that has learned nothing: call fit, or load one`,
      );
    }
    return schema;
  }

  #ids(call: string): { user: string; item: string } {
    const schema = this.#schema(call);
    if (schema.user === undefined || schema.item === undefined) {
      throw new InterplayError("UNSUPPORTED", "expected a model with a user and an item column, found one without: use model.predict");
    }
    return { user: schema.user, item: schema.item };
  }

  // ---- look at it, keep it

  get info(): ModelInfo {
    return this.model.info;
  }

  /** The epochs of the last training. */
  get history(): ProgressEvent[] {
    return this.info.training?.history ?? [];
  }

  /** Write the model to one file. */
  async save(path: string | URL, options: SaveOptions = {}): Promise<void> {
    await this.model.save(path, optionsIn("save", options, ACCEPTED.SAVE));
  }

  /** One from a file, of whatever engine. */
  static async load(path: string | URL, options: LoadOptions & Named = {}): Promise<Recommender> {
    const [name, model] = await opened(path, options);
    return new Recommender(model.info.engine.name, { name }, model);
  }

  /** Give the memory back now, or when the calls inside have ended. */
  close(): void {
    this.#pairs?.close();
    this.#pairs = undefined;
    this.#model.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** @internal What a file is loaded as: the name that was given, and the model. */
export async function opened(path: string | URL, options: LoadOptions & Named): Promise<[string | undefined, Model]> {
  const { name, ...more } = optionsIn("load", options, ACCEPTED.LOAD);
  return [name, await Model.load(path, more)];
}

function isPairs(rows: Pairs | Data): rows is Pairs {
  return Array.isArray(rows) && Array.isArray(rows[0] ?? []);
}

function rowsOf(pairs: Pairs, { user, item }: { user: string; item: string }): Data {
  const users = new Array<Id>(pairs.length);
  const items = new Array<Id>(pairs.length);
  for (let row = 0; row < pairs.length; row++) {
    const pair = pairs[row] as readonly Id[];
    if (!Array.isArray(pair) || pair.length !== 2 || pair[0] === undefined || pair[1] === undefined) {
      throw new TypeError(
        `pair ${row}: expected [user, item], found ${Array.isArray(pair) ? `[${pair.map(shown).join(", ")}]` : shown(pair)}`,
      );
    }
    users[row] = pair[0] as Id;
    items[row] = pair[1] as Id;
  }
  return { [user]: users, [item]: items };
}

function checkTop(topK: unknown, excludeSeen: unknown): void {
  if (!Number.isSafeInteger(topK) || (topK as number) < 1 || (topK as number) > 2 ** 31) {
    const message = `topK: expected a whole number from 1 to ${2 ** 31}, found ${shown(topK)}`;
    throw new InterplayError("INVALID_ARGUMENT", message, { key: "topK" });
  }
  if (typeof (excludeSeen ?? true) !== "boolean") throw new TypeError(`excludeSeen: expected true or false, found ${shown(excludeSeen)}`);
}

function excluded(items: Iterable<Id>): Id[] {
  if (typeof items === "string" || typeof items?.[Symbol.iterator] !== "function") {
    throw new TypeError(`exclude: expected an array of items, found ${shown(items)}`);
  }
  return Array.from(items, (item, row) => idIn(`recommend: exclude, row ${row}`, item));
}

async function datasetOf(call: string, data: TrainingData, schema: Schema): Promise<Dataset> {
  if (!isRecord(data)) {
    throw new TypeError(`${call}: expected a Dataset or training data { userIds, itemIds, ratings }, found ${shown(data)}`);
  }
  knownKeys<TrainingData>(call, "key of training data", data, ACCEPTED.TRAINING_DATA);
  const { interactions, userIds, itemIds, ratings, users, items } = data;
  const roles: Schema = { ...schema, ...recordIn(call, data.schema ?? {}, "roles, as schema") };
  if (interactions !== undefined) {
    const beside = Object.entries({ userIds, itemIds, ratings }).find(([, column]) => column !== undefined)?.[0];
    if (beside !== undefined) {
      throw new TypeError(
        `${call}: expected interactions or the columns userIds, itemIds and ratings, found ${beside} beside interactions`,
      );
    }
    if (Object.keys(roles).length === 0) throw new TypeError("expected a schema beside interactions: { user, item, label }");
    return Dataset.of(roles, { users, items, interactions });
  }
  if (userIds === undefined || itemIds === undefined) throw new TypeError("expected userIds and itemIds (and ratings), or interactions");
  const { user = "user_id", item = "item_id", label = "rating" } = roles;
  for (const [name, column] of Object.entries({ userIds, itemIds, ratings })) if (column !== undefined) cellsOf(name, column);
  const columns: Record<string, Column> = { [user]: userIds, [item]: itemIds };
  Object.assign(roles, { user, item });
  if (ratings !== undefined) {
    columns[label] = isNumberArray(ratings) ? ratings : { type: "float32", values: ratings };
    roles.label = label;
  }
  return Dataset.of(roles, { users, items, interactions: columns });
}
