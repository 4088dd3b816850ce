// Wrong use gets this language's own error with the library's text; columns go in and come out as they are.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import * as interplay from "interplay";
import { AutoInt, Dataset, FM, InterplayError, Model, Popularity, Recommender, Table } from "interplay";
import { fitted, ratings, SCHEMA } from "./fixtures.mjs";
import { TREE } from "./teller.mjs";

const biases = await fitted();

for (const [say, call, expected] of [
  ["lengths that differ", () => biases.predictPairs([1, 2], [1]), { status: "BAD_DATA", message: /2 users, 1 items/ }],
  ["columns that differ", () => new Table({ a: [1, 2], b: [1] }), { status: "BAD_DATA" }],
  ["an id with a fraction", () => biases.predictPairs([1.5], [1]), { name: "TypeError", message: /users, row 0: .* found 1.5/ }],
  ["an id that lost digits", () => biases.predictPairs([2 ** 53], [1]), { name: "TypeError", message: /bigint/ }],
  ["an id that is a text", () => biases.predictPairs(["a"], [1]), { name: "TypeError", message: /whole number/ }],
  ["ids of another type", () => biases.predict({ user_id: ["1"], item_id: ["2"] }), { status: "BAD_DATA", message: /user_id/ }],
  ["a k that is none", () => biases.scorer().top([1], -1), { status: "INVALID_ARGUMENT", message: /k: .* found -1/ }],
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

test("half of a surrogate pair stays by itself", () => {
  assert.deepEqual(new Table({ text: ["a\ud83d", "\ude00"] }).column("text"), ["a\ufffd", "\ufffd"]);
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
