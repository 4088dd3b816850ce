// Wrong use gets this language's own error with the library's text; columns go in and come out as they are.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as interplay from "interplay";
import { Assembly, AutoInt, Dataset, FM, InterplayError, Model, Popularity, Recommender, Table } from "interplay";
import { fitted, ratings, SCHEMA } from "./fixtures.mjs";
import { TREE } from "./teller.mjs";

const biases = await fitted();
const pairs = (labels) => Model.fitPairs("popularity", {}, [1], [1], labels);
const assembly = () =>
  new Assembly(
    "popularity",
    {},
    {
      schema: {},
      fields: [{ name: "age", of: "context", kind: "number" }],
      objective: { kind: "regression" },
    },
  );
/** Half a surrogate pair, which UTF-8 does not have. */
const HALF = "a\ud83d";
const half = { name: "TypeError", message: /expected text without half a surrogate pair, found/ };

for (const [say, call, expected] of [
  ["lengths that differ", () => biases.predictPairs([1, 2], [1]), { status: "BAD_DATA", message: /2 users, 1 items/ }],
  ["columns that differ", () => new Table({ a: [1, 2], b: [1] }), { status: "BAD_DATA" }],
  ["an id with a fraction", () => biases.predictPairs([1.5], [1]), { name: "TypeError", message: /users, row 0: .* found 1.5/ }],
  ["an id that lost digits", () => biases.predictPairs([2 ** 53], [1]), { name: "TypeError", message: /bigint/ }],
  ["an id that is a text", () => biases.predictPairs(["a"], [1]), { name: "TypeError", message: /whole number/ }],
  ["ids of another type", () => biases.predict({ user_id: ["1"], item_id: ["2"] }), { status: "BAD_DATA", message: /user_id/ }],
  ["an id that is a null", () => biases.predictPairs([1, null], [1, 1]), { name: "TypeError", message: /users, row 1: .* found null/ }],
  ...[
    ["a null", [null], /labels, row 0: expected a number, found null/],
    ["a text", ["5"], /labels, row 0: .* found "5"/],
    ["beyond float32", [1e300], /labels, row 0: .*float32 can hold, found 1e\+300/],
  ].map(([say, labels, message]) => [`a label that is ${say}`, () => pairs(labels), { name: "TypeError", message }]),
  ["labels that are a text", () => pairs("5"), { name: "TypeError", message: /labels: expected an array .*found "5"/ }],
  ["a k with a fraction", () => biases.scorer().top([1], 1.5), { status: "INVALID_ARGUMENT", message: /k: .* found 1.5/ }],
  ...[
    ["recommendUser", (k) => biases.recommendUser(1, k)],
    ["a scorer's top", (k) => biases.scorer().top([1], k)],
  ].flatMap(([say, call]) =>
    [0, -1].map((k) => [`${say} with a k of ${k}`, () => call(k), { status: "INVALID_ARGUMENT", message: "k must be at least 1" }]),
  ),
  ...[
    ["1.7 as int32", [1.7], "int32", /bias, row 0: .*int32 can hold, found 1.7/],
    ["2^31 as int32", [2 ** 31], "int32", /bias, row 0: .*int32 can hold, found 2147483648/],
    ["256 as bool8", [256], "bool8", /bias, row 0: .*bool8 can hold, found 256/],
    ["1e300 as float32", [1e300], "float32", /bias, row 0: .*float32 can hold, found 1e\+300/],
    ["1.5 as int64", [1.5], "int64", /bias, row 0: expected a whole number .*found 1.5/],
    ["a null", [null], "float64", /bias, row 0: expected a number, found null/],
    ["a text", ["1"], "float32", /bias, row 0: .*found "1"/],
    ["no array", "1", "float32", /bias: expected an array .*found "1"/],
  ].map(([say, data, type, message]) => [
    `a tensor of ${say}`,
    () => assembly().addTensor("bias", data, [1], type),
    { name: "TypeError", message },
  ]),
  [
    "a shape with a fraction",
    () => assembly().addTensor("bias", [1, 2, 3], [1.5, 2]),
    { name: "TypeError", message: /bias: shape, row 0: expected a whole number .*found 1.5/ },
  ],
  ["an engine's number", () => new Model(5), { name: "TypeError", message: /expected a string/ }],
  ["a NUL in a name", () => new Model("autoint\0"), { name: "TypeError", message: /NUL/ }],
  ["a negative k", () => biases.recommend({ user_id: [1] }, { k: -1 }), { status: "INVALID_ARGUMENT", message: /k/ }],
  ["a part that is none", () => biases.update("movies", { a: [1] }), { status: "INVALID_ARGUMENT", message: /users/ }],
  ["a column that is none", () => biases.scorer(["nobody"], ["item_id"]), { status: "NOT_FOUND", message: /nobody/ }],
  ["no attention", () => biases.explain({ user_id: [1], item_id: [2] }, { what: ["attention"] }), { status: "UNSUPPORTED" }],
  ["a missing file", () => Model.load("/nowhere/model"), { code: "INTERPLAY_NOT_FOUND", message: /\/nowhere\/model/ }],
  ["a file: URL", () => Model.load(pathToFileURL("/nowhere/model")), { status: "NOT_FOUND", message: /\/nowhere\/model/ }],
  ["a place that is none", () => biases.save("/proc/nothing/model"), { status: "NOT_FOUND", message: /\/proc\/nothing/ }],
  ["bytes that are no model", () => Model.fromBuffer(Buffer.from("no model")), { status: "CORRUPT", message: /model file/ }],
  ["bytes that were cut", async () => Model.fromBuffer((await biases.toBuffer()).subarray(0, -1)), { status: "CORRUPT" }],
  ["an engine that is none", () => new Model("nothing"), { status: "NOT_FOUND", message: /autoint/ }],
  ["a plug-in by a relative path", () => interplay.loadEngine("plugin.so"), { status: "INVALID_ARGUMENT", message: /absolute.*plugin.so/ }],
  ["a plug-in that is not there", () => interplay.loadEngine(pathToFileURL("/nowhere/plugin.so")), { status: "NOT_FOUND" }],
  ["predict before fit", () => new AutoInt().predict(1, 1), { status: "INVALID_STATE" }],
  ["a misspelt parameter", () => new AutoInt({ epoch: 3 }), { status: "INVALID_ARGUMENT", message: /did you mean "epochs"/ }],
  ["a parameter that is NaN", () => new AutoInt({ dropout: Number.NaN }), { name: "TypeError", message: /dropout/ }],
  ["a model of another engine", () => new FM({}, biases), { status: "INVALID_ARGUMENT", message: /popularity/ }],
  ["a mixture in a column", () => new Table({ a: [1, "b"] }), { name: "TypeError", message: /"a".*number and string/ }],
  ["an object in a column", () => new Table({ a: [{}] }), { name: "TypeError", message: /"a".*object/ }],
  ["a null in a list", () => new Table({ a: [[1], [2, null]] }), { name: "TypeError", message: /"a", row 1: .*found null/ }],
  ["half a character in a column", () => new Table({ a: ["b", HALF] }), { ...half, message: /column "a", row 1: .*half a surrogate pair/ }],
  ["half a character in a list", () => new Table({ a: [[HALF]] }), half],
  ["half a character in a column's name", () => new Table({ [HALF]: [1] }), half],
  ["the other half of a character in a name", () => new Model("\ude00"), half],
  ["half a character in a scorer's column", () => biases.scorer(["user_id"], [HALF]), half],
  ["half a character in a cell", () => biases.scorer().score([HALF], [1]), half],
  ["half a character in a cell's list", () => biases.scorer().score([[1, HALF]], [1]), half],
  ["half a character in a path", () => Model.load(`/nowhere/${HALF}`), half],
  ["half a character in a parameter", () => new Model("fm", { preset: HALF }), { status: "INVALID_ARGUMENT", message: /surrogate/ }],
  ["a number without its list", () => new Table({ a: [[1], 2] }), { name: "TypeError", message: /row 1/ }],
  [
    "a type that cannot hold it",
    () => new Table({ a: { type: "int32", values: [2 ** 31] } }),
    { name: "TypeError", message: /2147483648/ },
  ],
  ["no table", () => biases.predict(7), { name: "TypeError", message: /columns by name/ }],
  ["a pair of three", () => new Recommender("popularity", {}, biases).batchPredict([[1, 2, 3]]), { name: "TypeError", message: /pair 0/ }],
  [
    "too many shared values",
    () => biases.scorer().score([1, 2], [3]),
    { name: "TypeError", message: /expected 1 shared values \(user_id\), found 2/ },
  ],
]) {
  test(`wrong use: ${say}`, () => assert.rejects(async () => call(), expected));
}

test("the package has the library's version", () => {
  assert.equal(createRequire(import.meta.url)("interplay/package.json").version, interplay.version);
});

test("the detail is for programs", () => {
  assert.throws(
    () => new AutoInt({ epoch: 3 }),
    (error) => error instanceof InterplayError && error.detail.nearest === "epochs" && error.detail.key === "epoch",
  );
});

test("a damaged file never crashes", async () => {
  const data = await biases.toBuffer();
  for (let i = 0; i < 300; i++) {
    const damaged = Buffer.from(data);
    damaged[(i * 7919) % data.length] ^= 1 + (i % 255);
    await assert.rejects(Model.fromBuffer(damaged), (error) => ["CORRUPT", "INCOMPATIBLE"].includes(error.status));
  }
});

test("columns come out as they went in", () => {
  const table = new Table({
    whole: [1, null, 3],
    long: [9007199254740993n, -1n, 2],
    fraction: [0.5, 1, undefined],
    text: ["a", "\u00fc\u{1f600}", ""],
    flag: [true, false, null],
    lists: [[1, 2], null, []],
    names: [["a", "b"], [], ["c"]],
    floats: Float32Array.of(1, 2, 3),
    bytes: Uint8Array.of(1, 2, 3),
    empty: { type: "string", values: [null, null, null] },
  });

  assert.deepEqual(table.toColumns(), {
    whole: [1, null, 3],
    long: [9007199254740993n, -1, 2],
    fraction: [0.5, 1, null],
    text: ["a", "\u00fc\u{1f600}", ""],
    flag: [true, false, null],
    lists: [[1, 2], null, []],
    names: [["a", "b"], [], ["c"]],
    floats: Float32Array.of(1, 2, 3),
    bytes: Int32Array.of(1, 2, 3),
    empty: [null, null, null],
  });
  assert.deepEqual(
    table.info.columns.map(({ type }) => type),
    ["int64", "int64", "float64", "string", "bool8", "int64", "string", "float32", "int32", "string"],
  );
});

test("a table of apache-arrow goes in", async (t) => {
  const arrow = await import("apache-arrow").catch(() => undefined);
  if (arrow === undefined) return t.skip("apache-arrow is not installed");
  const { Bool, Field, Float64, Int64, List, Utf8, vectorFromArray } = arrow;
  const table = new arrow.Table({
    id: vectorFromArray([1n, 2n, 3n], new Int64()),
    age: vectorFromArray([20, null, 40], new Float64()),
    score: vectorFromArray([1, 2, 3], new arrow.Float32()),
    city: vectorFromArray(["Ulm", null, "Ulm"]), // a dictionary
    name: vectorFromArray(["a", "b", "c"], new Utf8()),
    old: vectorFromArray([true, null, false], new Bool()),
    tags: vectorFromArray([["x", "y"], [], null], new List(new Field("item", new Utf8()))),
    weights: vectorFromArray([[1, 2], [], null], new List(new Field("item", new Float64()))),
  });

  const ours = new Table(table);

  assert.deepEqual(ours.toColumns(), {
    id: [1, 2, 3],
    age: [20, null, 40],
    score: Float32Array.of(1, 2, 3),
    city: ["Ulm", null, "Ulm"],
    name: ["a", "b", "c"],
    old: [true, null, false],
    tags: [["x", "y"], [], null],
    weights: [[1, 2], [], null],
  });
  const types = ours.info.columns.map(({ type }) => type);
  assert.deepEqual(types, ["int64", "float64", "float32", "string", "string", "bool8", "string", "float64"]);
  assert.equal(arrow.tableFromArrays(await biases.recommend({ user_id: [1, 2] }, { k: 2, exclude_seen: false })).numRows, 4);
});

test("a column of apache-arrow whose cells are no values of the library is refused by its name and type", async (t) => {
  const arrow = await import("apache-arrow").catch(() => undefined);
  if (arrow === undefined) return t.skip("apache-arrow is not installed");
  const { Binary, DateDay, Decimal, Field, Float16, List, Struct, TimestampMillisecond, Utf8, vectorFromArray } = arrow;
  const words = Uint32Array.of(1, 0, 0, 0, 2, 0, 0, 0);
  const columns = {
    Float16: arrow.makeVector(arrow.makeData({ type: new Float16(), data: Uint16Array.of(15360, 16384) })),
    "Decimal[10e+2]": arrow.makeVector(arrow.makeData({ type: new Decimal(2, 10), data: words })),
    "Timestamp<MILLISECOND>": vectorFromArray([1, 2], new TimestampMillisecond()),
    "Date32<DAY>": vectorFromArray([new Date(0)], new DateDay()),
    Binary: vectorFromArray([Uint8Array.of(1)], new Binary()),
    "List<Float16>": vectorFromArray([[1]], new List(new Field("item", new Float16()))),
    "Struct<{a:Utf8}>": vectorFromArray([{ a: "b" }], new Struct([new Field("a", new Utf8())])),
  };

  for (const [type, column] of Object.entries(columns)) {
    assert.throws(
      () => new Table(new arrow.Table({ price: column })),
      (error) =>
        error.name === "TypeError" && error.message.startsWith('column "price": ') && error.message.includes(`found Arrow's ${type}:`),
      type,
    );
  }
});

test("a column of apache-arrow has the type of its schema, whatever its values", async (t) => {
  const arrow = await import("apache-arrow").catch(() => undefined);
  if (arrow === undefined) return t.skip("apache-arrow is not installed");
  const { Dictionary, Float32, Float64, Int8, Int32, Uint8, Uint32, Uint64, Utf8, vectorFromArray } = arrow;
  const columns = {
    float32: vectorFromArray([1, null], new Float32()),
    float64: vectorFromArray([1, 2], new Dictionary(new Float64(), new Int8())),
    int32: vectorFromArray([-1, null], new Int8()),
    int32_: vectorFromArray([255, 1], new Uint8()),
    int32__: vectorFromArray([1, 2], new Int32()),
    int64: vectorFromArray([2 ** 32 - 1, 1], new Uint32()),
    int64_: vectorFromArray([1n, 2n], new Uint64()),
    string: vectorFromArray([null, null], new Utf8()),
    float64_: vectorFromArray([null, null]),
  };

  const table = new Table(new arrow.Table(columns));

  for (const { name, type } of table.info.columns) assert.equal(type, name.replaceAll("_", ""), name);
  assert.deepEqual(table.column("int32_"), Int32Array.of(255, 1));
  assert.deepEqual(table.column("int64"), [2 ** 32 - 1, 1]);
  assert.deepEqual(table.column("float64"), Float64Array.of(1, 2));
});

test("U+FFFD and whole surrogate pairs are names as any other", () => {
  const names = ["\ufffd", "\u{1f600}\ufffd", "\ufffd\u{1f600}"];

  assert.deepEqual(new Table(Object.fromEntries(names.map((name) => [name, [name]]))).names, names);
});

test("a ranking has room for what there is, however large k is", async () => {
  const items = new Set(ratings().itemIds).size;
  const scorer = biases.scorer();

  assert.equal((await biases.recommendUser(-1, 2 ** 40)).items.length, items);
  assert.equal(scorer.top([-1], 2 ** 40).index.length, items);
  assert.equal(scorer.top([-1], 1e9, [1, 2, 3]).index.length, 3);
  assert.equal(scorer.top([-1], 1e9, [1, 2, 3]).scores.buffer.byteLength, 12);
  assert.deepEqual(scorer.top([-1], 3, []).index, []);
});

test("rows as objects are a table too", () => {
  const table = new Table([{ a: 1, b: "x" }, { a: 2 }, { b: "z", __proto__: null, c: [1] }]);

  assert.deepEqual(table.toColumns(), { a: [1, 2, null], b: ["x", null, "z"], c: [null, null, [1]] });
});

test("the pairs of the tutorial agree with the long way", async () => {
  const model = await new AutoInt({ epochs: 2, name: "mine" }).fit(ratings());
  const pairs = [
    [1, 3],
    [2, 4],
    [-7, 2 ** 40],
  ];
  const scores = await model.batchPredict(pairs);
  const best = await model.recommend(1, { topK: 3, excludeSeen: false, exclude: [39] });
  const loop = model.model.scorer();

  assert.deepEqual(
    pairs.map(([user, item]) => model.predict(user, item)),
    [...scores],
  );
  assert.deepEqual(
    [...loop.score([1], [3, 5]), ...loop.score([1n], [[3n]])],
    [model.predict(1, 3), model.predict(1, 5), model.predict(1, 3)],
  );
  assert.deepEqual([...loop.score([1], Int32Array.of(3))], [model.predict(1, 3)]);
  assert.equal(best.length, 3);
  assert.ok(best.every(({ item, score }, i) => item !== 39 && score === model.predict(1, item) && score <= (best[i - 1]?.score ?? 9)));
  assert.equal(model.name, "mine");
  assert.equal(model.history.length, model.info.training.epochs);
});

test("partialFit goes on, update changes the catalogue, load brings it back", async () => {
  const model = await new Popularity().fit({ userIds: ["ann", "bob"], itemIds: ["tea", "rye"], ratings: [5, 1] });
  const first = model.model;
  await model.partialFit({ userIds: ["cem"], itemIds: ["ale"], ratings: [3] });
  await model.update("items", { item_id: ["rye"] }, { action: "remove" });
  const again = new Popularity({}, await Model.fromBuffer(await model.model.toBuffer()));

  assert.ok(first.closed);
  assert.deepEqual((await again.recommend("dan")).map(({ item }) => item).sort(), ["ale", "tea"]);
});

test("tables in two bytes a number are a file's and its model's, mapped and read at once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  const path = join(folder, "model");
  const model = await fitted("autoint", { epochs: 1 });
  await model.save(path, { tables: "bfloat16" });

  const again = await Model.load(path, { mmap: true, prefault: true });

  rmSync(folder, { recursive: true });
  assert.equal(again.info.tables, "bfloat16");
  await assert.rejects(model.toBuffer({ tables: "int4" }), { status: "INVALID_ARGUMENT", message: /bfloat16/ });
});

test("a mapped file is checked with verify alone", async () => {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  const path = join(folder, "model");
  const data = await (await fitted("autoint", { epochs: 1 })).toBuffer();
  data[data.length >> 1] ^= 1; // among the tensors
  writeFileSync(path, data);

  assert.equal((await Model.load(path, { mmap: true })).info.fitted, true);
  await assert.rejects(Model.load(path, { mmap: true, verify: true }), { status: "CORRUPT" });
  await assert.rejects(Model.load(path), { status: "CORRUPT" });
  rmSync(folder, { recursive: true });
});

test("features of users and items, by columns of any kind", async () => {
  const { userIds, itemIds, ratings: values } = ratings(400);
  const users = Array.from({ length: 50 }, (_, id) => ({ user_id: id, age: id + 0.5, city: id % 3 ? "Ulm" : null }));
  const items = {
    item_id: Int32Array.from({ length: 40 }, (_, id) => id),
    genres: Array.from({ length: 40 }, (_, id) => ["a", `g${id % 2}`]),
  };
  const data = await Dataset.of(SCHEMA, { users, items, interactions: { user_id: userIds, item_id: itemIds, rating: values } });
  const [train, test] = await data.split({ method: "random", fraction: 0.25, seed: 1 });
  const model = await new AutoInt({ epochs: 1 }).fit(train);
  const report = await model.evaluate(test, { k: 5 });
  const { contributions } = await model.explain([[1, 2]], { what: ["fields"] });

  assert.equal(report.rows, 100);
  assert.deepEqual(contributions.map(({ field }) => field).sort(), ["age", "city", "genres", "item_id", "user_id"]);
});

// Prototypes need no test: the addon is compiled against interplay.h and takes every type from there.
test("every function of the header is there, or has a reason", async (t) => {
  const header = join(TREE, "include/interplay/interplay.h");
  if (!existsSync(header)) return t.skip(`expected interplay.h at ${header}`);
  const text = readFileSync(header, "utf8").replace(/\/\*.*?\*\//gs, "");
  const named = [...text.matchAll(/INTERPLAY_API[^;(]*?interplay_(\w+)\(/g)].map((match) => match[1]);
  const { addon } = await import(new URL("native.js", import.meta.resolve("interplay")));
  const reasons = [
    /^(abi_version|version)$/, // constants here
    /^(error|text)_|_free$/, // what the addon does by itself
    /^model_retain$/, // JavaScript counts references
    /_arrow$/, // Arrow's JavaScript library has no C data interface
    /^engine_register$/, // takes a function of a program that an engine is linked into: JavaScript has none
  ];

  assert.ok(named.length > 50);
  assert.deepEqual(
    named.filter((name) => !(name in addon.here) && !reasons.some((reason) => reason.test(name))),
    [],
  );
});

test("src/engines.ts is what the library publishes", async (t) => {
  const generator = join(TREE, "bindings/node/generate.mjs");
  if (!existsSync(generator)) return t.skip(`expected ${generator}`);
  const { source } = await import(pathToFileURL(generator));

  assert.equal(readFileSync(join(TREE, "bindings/node/src/engines.ts"), "utf8"), source(interplay), "run bindings/node/generate.mjs");
});
