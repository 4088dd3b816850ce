// Tells tests/scenario/scenario.json through this package: one function for each call, and the comparison. See its README.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as interplay from "interplay";

/** The clone around this folder; run_tests names it, since it runs a copy of the tests elsewhere. */
export const TREE = process.env.INTERPLAY_TREE ?? fileURLToPath(new URL("../../..", import.meta.url));
export const STORY = JSON.parse(readFileSync(join(TREE, "tests/scenario/scenario.json"), "utf8"));

/** A number above 2^53, and NaN, is written as a string. */
const number = (value) => (typeof value !== "string" ? value : value === "NaN" ? Number.NaN : BigInt(value));

function table(name) {
  const columns = STORY.tables[name].map((column) => {
    const values = column.lists ?? column.values;
    return [column.name, { type: column.type, values: column.type === "string" || column.lists ? values : values.map(number) }];
  });
  return new interplay.Table(Object.fromEntries(columns));
}

const maybe = (name) => (name === undefined ? undefined : table(name));

export class Teller {
  made = {};

  constructor(folder) {
    this.folder = folder;
  }

  /** Do one step; its result as a document. Throws what the call throws. */
  async tell(step) {
    if (step.write !== undefined) writeFileSync(this.path(step), step.write);
    const result = await CALLS[step.call](step, this.of(step), this);
    if (Array.isArray(step.as)) Object.assign(this.made, Object.fromEntries(step.as.map((name, i) => [name, result[i]])));
    else if (step.as !== undefined) this.made[step.as] = result;
    return result;
  }

  path(step) {
    return join(this.folder, step.path);
  }

  /** What earlier steps made, by the keys that name it. */
  of(step) {
    const keys = ["model", "dataset", "train", "valid", "monitor", "assembly", "scorer", "bytes"];
    return Object.fromEntries(keys.map((key) => [key, this.made[step[key]]]));
  }

  /**
   * {"int64": 1}, {"float64": 0.5}, {"string": "a"}, {"list": [...]}, {"id": name} or null. The story's float64 of 25.0 goes in as the
   * int64 25: JavaScript has one kind of number, and the scorer sends a whole one as INT64, which columns of numbers take too.
   */
  cell(cell) {
    if (cell === null) return null;
    const [[kind, value]] = Object.entries(cell);
    if (kind === "list") return value.map((one) => this.cell(one));
    return kind === "id" ? this.made[value] : kind === "string" ? value : number(value);
  }

  cells(step) {
    return [(step.shared ?? []).map((one) => this.cell(one)), step.rows?.map((row) => row.map((one) => this.cell(one)))];
  }
}

const CALLS = {
  version: () => interplay.version,
  engine_list: () => interplay.engines(),
  engine_info: (step) => interplay.engine(step.engine),
  table_info: (step) => table(step.table).info,
  fit_pairs: (step) => interplay.Model.fitPairs(step.engine, step.params, step.users.map(number), step.items.map(number), step.labels),
  predict_pairs: async (step, { model }) => ({ scores: await model.predictPairs(step.users.map(number), step.items.map(number)) }),
  recommend_user: (step, { model }) => model.recommendUser(step.user, step.k),
  dataset_new: (step) => new interplay.Dataset(step.schema),
  dataset_append: (step, { dataset }) => dataset.append(step.part, table(step.table)),
  dataset_seal: (_, { dataset }) => dataset.seal(),
  dataset_info: (_, { dataset }) => dataset.info,
  dataset_split: (step, { dataset }) => dataset.split(step.options),
  monitor_new: () => new interplay.Monitor(),
  monitor_read: (_, { monitor }) => monitor.read(),
  monitor_cancel: (_, { monitor }) => monitor.cancel(),
  model_create: (step) => new interplay.Model(step.engine, step.params),
  model_fit: (step, { model, train, valid, monitor }) => {
    const stop = new AbortController();
    const watch = step.progress === "stop" ? { onProgress: () => stop.abort(), progressInterval: 1, signal: stop.signal } : { monitor };
    return model.fit(train, { valid, ...watch, ...step.options });
  },
  model_predict: async (step, { model }) => ({
    [step.options?.output ?? "score"]: await model.predict(table(step.rows), step.options),
  }),
  model_recommend: (step, { model }) => model.recommend(table(step.users), { candidates: maybe(step.candidates), ...step.options }),
  model_evaluate: (step, { model, dataset }) => model.evaluate(dataset, step.options),
  model_explain: (step, { model }) => model.explain(table(step.rows), step.options),
  model_update: (step, { model }) => model.update(step.part, table(step.table), step.options),
  model_info: (_, { model }) => model.info,
  model_save: (step, { model }, teller) => model.save(teller.path(step), step.options),
  model_load: (step, _, teller) => interplay.Model.load(teller.path(step), step.options),
  file_info: (step, _, teller) => interplay.fileInfo(teller.path(step)),
  model_dump: (_, { model }) => model.toBuffer(),
  model_parse: (step, { bytes }) => {
    const data = Buffer.from(bytes).subarray(0, step.cut);
    if (step.patch !== undefined) data[step.patch.offset] = step.patch.byte;
    return interplay.Model.fromBuffer(data, step.options);
  },
  model_tensors: (_, { model }) => model.tensors(),
  model_tensor: async (step, { model }) => ({ values: await model.tensor(step.name) }),
  assembly_new: (step) => new interplay.Assembly(step.engine, step.params, step.description),
  assembly_add_values: (step, { assembly }) =>
    assembly.addValues(
      step.field,
      STORY.tables[step.table].find(({ name }) => name === "value"),
    ),
  assembly_add_tensor: (step, { assembly }) => assembly.addTensor(step.name, step.values, step.shape, step.type),
  assembly_finish: (_, { assembly }) => assembly.finish(),
  scorer_open: (step, { model }) => model.scorer(step.shared, step.row, step.options),
  scorer_score: (step, { scorer }, teller) => ({ scores: scorer.score(...teller.cells(step)) }),
  scorer_top: (step, { scorer }, teller) => {
    const [shared, rows] = teller.cells(step);
    const { index, scores } = scorer.top(shared, step.k, rows);
    return { index, scores, items: rows === undefined ? index.map((i) => scorer.item(i)) : undefined };
  },
  scorer_resolve: (step, { scorer }, teller) => scorer.resolve(scorer.names[step.column], teller.cell(step.value)),
  scorer_stats: (_, { scorer }) => scorer.stats,
};

/** The result as JSON has it. */
const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);

export const foundAt = (result, pointer) =>
  pointer
    .split("/")
    .slice(1)
    .reduce((found, part) => plain(found[part]), plain(result));

function same(found, expected) {
  if (Array.isArray(expected)) return found?.length === expected.length && expected.every((one, i) => same(found[i], one));
  if (expected !== null && typeof expected === "object") {
    const keys = Object.keys(expected);
    return keys.length === Object.keys(found).length && keys.every((key) => same(found[key], expected[key]));
  }
  return found === expected || (typeof found === "bigint" && String(found) === expected);
}

function close(found, expected, within) {
  if (Array.isArray(expected)) return found?.length === expected.length && expected.every((one, i) => close(found[i], one, within));
  return Number.isFinite(found) && Math.abs(found - expected) <= within * Math.max(1, Math.abs(expected));
}

/** Whether one line of `expect` is true. */
export function holds({ at, within, ...check }, result) {
  const found = foundAt(result, at);
  const tests = {
    equals: (expected) => same(found, expected),
    near: (expected) => close(found, expected, within ?? STORY.within),
    has: (expected) => found.includes(expected),
    length: (expected) => found.length === expected,
    below: (expected) => found < expected,
    above: (expected) => found > expected,
  };
  return Object.entries(check).every(([kind, expected]) => tests[kind](expected));
}
