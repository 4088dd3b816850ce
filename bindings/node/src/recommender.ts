// What the classes of the engines (AutoInt, FM, Popularity) share: a model that can be fitted in place, and the pairs of the tutorial.
import type { Cells, Column, Id } from "./columns.js";
import { isNumberArray } from "./columns.js";
import { Dataset, type Schema } from "./dataset.js";
import type { EvaluateOptions, EvaluationReport, ExplainOptions, Explanation, ModelInfo } from "./documents.js";
import { InterplayError } from "./errors.js";
import { type FitOptions, type LoadOptions, Model, type PredictOptions, type SaveOptions } from "./model.js";
import { here } from "./native.js";
import type { ProgressEvent, Watch } from "./run.js";
import { PairScorer } from "./scorer.js";
import { type Data, Table } from "./table.js";

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
}

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
    const { name, ...given } = params;
    const found = model?.info.engine.name ?? engine;
    if (found !== engine) {
      throw new InterplayError(
        "INVALID_ARGUMENT",
        `expected a model of the engine ${engine}, found one of ${found}: Recommender.load takes any`,
      );
    }
    this.engine = engine;
    this.name = name ?? engine;
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
    return this.#put(await this.#fitted(unfitted, data, options, {}));
  }

  /** Go on from what was learned, with more data. Known ids keep their places, new ones are added. */
  async partialFit(data: Dataset | TrainingData, options: FitOptions = {}): Promise<this> {
    return this.#put(await this.#fitted(this.model, data, options, this.info.fitted ? this.info.schema : {}));
  }

  async #fitted(from: Model, data: Dataset | TrainingData, options: FitOptions, schema: Schema): Promise<Model> {
    if (data instanceof Dataset) return from.fit(data, options);
    using dataset = await datasetOf(data, schema);
    return await from.fit(dataset, options);
  }

  // ---- use

  /**
   * The score of one pair, at once: it takes microseconds. In the label's unit for ratings, a probability for clicks. Unknown ids score
   * through the trained unknown value.
   */
  predict(userId: Id, itemId: Id): number {
    if (this.#pairs === undefined) {
      const { user, item } = this.#ids();
      this.#pairs = new PairScorer(this.model.live, user, item);
    }
    return this.#pairs.score(userId, itemId);
  }

  /** Scores of pairs [user, item], or of rows with the schema's columns. */
  async batchPredict(pairs: readonly (readonly [Id, Id])[] | Data, options: PredictOptions = {}): Promise<Float32Array> {
    return this.model.predict(this.#rows(pairs), options);
  }

  #rows(pairs: readonly (readonly [Id, Id])[] | Data): Data {
    if (!Array.isArray(pairs) || pairs instanceof Table || !Array.isArray(pairs[0] ?? [])) return pairs as Data;
    const { user, item } = this.#ids();
    const users = new Array<Id>(pairs.length);
    const items = new Array<Id>(pairs.length);
    for (let row = 0; row < pairs.length; row++) {
      const pair = pairs[row] as readonly Id[];
      if (!Array.isArray(pair) || pair.length !== 2) {
        throw new TypeError(`pair ${row}: expected [user, item], found ${JSON.stringify(pair)}`);
      }
      users[row] = pair[0] as Id;
      items[row] = pair[1] as Id;
    }
    return { [user]: users, [item]: items };
  }

  /** The best that the user has not seen, best first. Many users at once: model.recommend. */
  async recommend(userId: Id, options: TopOptions = {}): Promise<Recommendation[]> {
    const { topK = 10, excludeSeen, exclude, ...more } = options;
    const { user, item } = this.#ids();
    const out = exclude === undefined ? [] : [...exclude];
    const request: Record<string, Column> = { [user]: [userId], ...(out.length > 0 && { exclude: [out] }) };
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
    return this.model.evaluate(dataset, options);
  }

  /** What made the scores of pairs [user, item], or of rows. */
  async explain(pairs: readonly (readonly [Id, Id])[] | Data, options: ExplainOptions & Watch = {}): Promise<Explanation> {
    return this.model.explain(this.#rows(pairs), options);
  }

  /** Change the catalogue ("users", "items") or what was "seen", not the weights. */
  async update(part: "users" | "items" | "seen", data: Data, options: { action?: "upsert" | "replace" | "remove" } = {}): Promise<this> {
    return this.#put(await this.model.update(part, data, options));
  }

  #ids(): { user: string; item: string } {
    const { fitted, schema } = this.info;
    if (!fitted) here("predict_pairs", this.model.live, 0, null, null, null); // the library says what is missing
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
    await this.model.save(path, options);
  }

  /** One from a file, of whatever engine. */
  static async load(path: string | URL, options: LoadOptions & Named = {}): Promise<Recommender> {
    const { name, ...more } = options;
    const model = await Model.load(path, more);
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

async function datasetOf(data: TrainingData, schema: Schema): Promise<Dataset> {
  const { interactions, userIds, itemIds, ratings, users, items } = data;
  const roles: Schema = { ...schema, ...data.schema };
  if (interactions !== undefined) {
    if (Object.keys(roles).length === 0) throw new TypeError("expected a schema beside interactions: { user, item, label }");
    return Dataset.of(roles, { users, items, interactions });
  }
  if (userIds === undefined || itemIds === undefined) throw new TypeError("expected userIds and itemIds (and ratings), or interactions");
  const { user = "user_id", item = "item_id", label = "rating" } = roles;
  const columns: Record<string, Column> = { [user]: userIds, [item]: itemIds };
  Object.assign(roles, { user, item });
  if (ratings !== undefined) {
    columns[label] = isNumberArray(ratings) ? ratings : { type: "float32", values: ratings };
    roles.label = label;
  }
  return Dataset.of(roles, { users, items, interactions: columns });
}
