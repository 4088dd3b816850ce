// What is misspelt, missing or of another kind is refused at entry, in the words of the caller: never swallowed, never a raw error.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AutoInt, Dataset, Model, Popularity, Recommender, Table } from "interplay";
import { dataset, ratings } from "./fixtures.mjs";

const model = await new Popularity().fit(ratings());
const data = await dataset();
const { userIds, itemIds, ratings: values } = ratings();

const invalid = (message) => ({ status: "INVALID_ARGUMENT", message });
const wrong = (message) => ({ name: "TypeError", message });

const CASES = {
  "keys of training data": [
    [
      "fit",
      () => new Popularity().fit({ userIds, itemIds, rating: values }),
      invalid(/fit: .*"rating"; did you mean "ratings"\? .*userIds/),
    ],
    ["partialFit", () => model.partialFit({ userIds, itemsIds: itemIds }), invalid(/partialFit: .*did you mean "itemIds"/)],
    ["columns by their names", () => model.fit({ user_id: userIds }), invalid(/did you mean "userIds"/)],
    ["nothing", () => model.fit(), wrong(/fit: expected a Dataset or training data \{ userIds, .*found undefined/)],
    ["an array", () => model.fit([[1, 2, 3]]), wrong(/fit: expected a Dataset .*found an array/)],
    ["a number of a user", () => model.fit({ userIds: 1, itemIds: [1] }), wrong(/userIds: expected an array .*found 1/)],
    ["a set of items", () => model.fit({ userIds: [1], itemIds: new Set([1]) }), wrong(/itemIds: expected an array .*found a Set/)],
    ["a schema", () => model.fit({ userIds: [1], itemIds: [1], schema: 5 }), wrong(/fit: expected an object of roles, as schema, found 5/)],
    [
      "both kinds",
      () => model.fit({ userIds, interactions: { user_id: [1] } }),
      wrong(/fit: expected interactions .*found userIds beside/),
    ],
    ["a text of ratings", () => model.fit({ userIds: [1], itemIds: [1], ratings: "5" }), wrong(/ratings: expected an array .*"5"/)],
  ],
  "keys of options": [
    ["fit", () => model.fit(ratings(), { onprogress() {} }), invalid(/fit: unknown option "onprogress"; did you mean "onProgress"\?/)],
    ["recommend", () => model.recommend(1, { top_k: 3 }), invalid(/recommend: .*did you mean "topK"/)],
    ["the library's", () => model.recommend(1, { exclude_seen: undefined }), invalid(/did you mean "excludeSeen"/)],
    ["batchPredict", () => model.batchPredict([[1, 1]], { onProgress() {} }), invalid(/batchPredict: .*"onProgress".* output, threads/)],
    ["evaluate", () => model.evaluate(data, { K: undefined }), invalid(/evaluate: .*did you mean "k"/)],
    ["explain", () => model.explain([[1, 1]], { what_: undefined }), invalid(/explain: .*did you mean "what"/)],
    ["save", () => model.save("/nowhere/model", { seem: undefined }), invalid(/save: .*did you mean "seen"/)],
    ["load", () => Recommender.load("/nowhere/model", { nmap: undefined }), invalid(/load: .*did you mean "mmap"/)],
    ["load of an engine", () => AutoInt.load("/nowhere/model", { verfy() {} }), invalid(/load: .*did you mean "verify"/)],
    ["update", () => model.update("seen", { user_id: [1], item_id: [1] }, { acton: undefined }), invalid(/update: .*"action"/)],
  ],
  "options that are none": [
    ["a number", () => model.recommend(1, 3), wrong(/recommend: expected an object of options, found 3/)],
    ["null", () => model.recommend(1, null), wrong(/recommend: expected an object of options, found null/)],
    ["a signal alone", () => model.fit(ratings(), AbortSignal.abort()), wrong(/fit: expected an object .*found an AbortSignal/)],
    ["a dataset alone", () => model.fit(ratings(), data), wrong(/fit: expected an object .*found a Dataset/)],
    ["of a model's fit", () => model.model.fit(data, 3), wrong(/expected an object of options, found 3/)],
    ["of a model's predict", () => model.model.predict({ user_id: [1] }, 3), wrong(/expected an object, found 3/)],
    ["of a path", () => AutoInt.load("/nowhere/model", "mmap"), wrong(/load: expected an object .*found "mmap"/)],
    ["parameters", () => new AutoInt(20), wrong(/AutoInt: expected an object of parameters, found 20/)],
    ["parameters of a text", () => new AutoInt("movies"), wrong(/AutoInt: expected an object of parameters, found "movies"/)],
    ["a parameter", () => new AutoInt({ epochs: () => 1 }), wrong(/epochs: expected a value, found a function/)],
    ["a parameter of a model", () => new Model("autoint", { epochs: Symbol("one") }), wrong(/epochs: expected a value, found Symbol/)],
    ["a name", () => new AutoInt({ name: 5 }), wrong(/name: expected a string, found 5/)],
    ["onProgress", () => model.fit(ratings(), { onProgress: 5 }), wrong(/onProgress: expected a function, found 5/)],
    ["signal", () => model.fit(ratings(), { signal: "x" }), wrong(/signal: expected an AbortSignal, found "x"/)],
    ["monitor", () => model.model.fit(data, { monitor: {} }), wrong(/monitor: expected a Monitor, found an object/)],
    ["progressInterval", () => model.fit(ratings(), { progressInterval: -1 }), wrong(/progressInterval: .*found -1/)],
    ["topK", () => model.recommend(1, { topK: 0 }), invalid(/topK: expected a whole number from 1 to 2147483648, found 0/)],
    ["exclude", () => model.recommend(1, { exclude: 5 }), wrong(/exclude: expected an array of items, found 5/)],
    ["exclude of a text", () => model.recommend(1, { exclude: "abc" }), wrong(/exclude: expected an array of items, found "abc"/)],
    ["excludeSeen", () => model.recommend(1, { excludeSeen: 1 }), wrong(/excludeSeen: expected true or false, found 1/)],
  ],
  "ids that are not there": [
    [
      "a misspelt column of rows",
      () => model.batchPredict([{ user_id: 1, movieId: 10 }]),
      invalid(/expected the columns user_id and item_id, found user_id, movieId: a column item_id of nulls .* model\.predict/),
    ],
    [
      "of columns",
      () => model.explain({ users: [1], item_id: [1] }),
      invalid(/expected the columns user_id and item_id, found users, item_id/),
    ],
    ["of a table", () => model.batchPredict(new Table({ item_id: [1] })), invalid(/found item_id: a column user_id of nulls/)],
    ["a pair's item", () => model.batchPredict([[1, undefined]]), wrong(/pair 0: expected \[user, item\].*found \[1, undefined\]/)],
    ["predict of a user alone", () => model.predict(1), wrong(/predict: itemId: expected an id.*found undefined/)],
    ["predict of an item alone", () => model.predict(undefined, 10), wrong(/predict: userId: expected an id.*found undefined/)],
    ["predict of an object", () => model.predict({ user: 1 }, 10), wrong(/predict: userId: expected an id.*found an object/)],
    ["recommend for nobody", () => model.recommend(), wrong(/recommend: userId: expected an id.*found undefined/)],
    ["an excluded one", () => model.recommend(1, { exclude: [undefined] }), wrong(/recommend: exclude, row 0: expected an id/)],
  ],
  "datasets that are none": [
    ["evaluate", () => model.evaluate(ratings()), wrong(/dataset: expected a Dataset, found an object: .*Dataset\.of\(schema/)],
    ["evaluate nothing", () => model.model.evaluate(), wrong(/dataset: expected a Dataset, found undefined/)],
    ["valid", () => model.fit(ratings(), { valid: ratings() }), wrong(/valid: expected a Dataset, found an object: .*Dataset\.of\(schema/)],
    ["a promise of one", () => model.evaluate(dataset()), wrong(/dataset: expected a Dataset, found a Promise/)],
    ["a model's fit", () => new Model("popularity").fit(ratings()), wrong(/train: expected a Dataset, found an object/)],
  ],
  "words of the caller": [
    ["load of nothing", () => AutoInt.load(), wrong(/path: expected a string or a file: URL, found undefined/)],
    ["save to nothing", () => model.save(), wrong(/path: expected a string or a file: URL, found undefined/)],
    ["an engine that is none", () => new Model(), wrong(/engine: expected a string, found undefined/)],
    ["a set in a table", () => new Table({ a: new Set([1]) }), wrong(/column "a": expected an array .*found a Set/)],
    ["a number in a table", () => new Table({ a: 1 }), wrong(/column "a": expected an array .*found 1/)],
    ["users that are none", () => model.fit({ ...ratings(), users: 5 }), wrong(/users: expected columns by name, .*found 5/)],
    ["candidates that are none", () => model.recommend(1, { candidates: "a" }), wrong(/candidates: expected columns .*found "a"/)],
    ["rows that are none", () => model.batchPredict(), wrong(/rows: expected columns .*found undefined/)],
    ["no data", () => model.update("seen"), wrong(/data: expected columns .*found undefined/)],
    ["users of pairs", () => model.model.predictPairs(), wrong(/users: expected an array .*found undefined/)],
    ["items of pairs", () => Model.fitPairs("fm", {}, [1], 1), wrong(/items: expected an array .*found 1/)],
    ["columns of a scorer", () => model.model.scorer("user_id", ["item_id"]), wrong(/shared: expected an array .*found "user_id"/)],
    ["rows of a scorer", () => model.model.scorer().score([1], 5), wrong(/rows: expected an array .*found 5/)],
    ["shared values of a scorer", () => model.model.scorer().score(1, [5]), wrong(/shared: expected an array .*found 1/)],
    ["parts that are none", () => Dataset.of({ user: "user_id" }), wrong(/parts: expected an object .*found undefined/)],
    ...[
      ["predict", (unfitted) => unfitted.predict(1, 1)],
      ["recommend", (unfitted) => unfitted.recommend(1)],
      ["batchPredict", (unfitted) => unfitted.batchPredict([{ user_id: 1 }])],
      ["explain", (unfitted) => unfitted.explain([[1, 1]])],
    ].map(([name, call]) => [
      `${name} before fit`,
      () => call(new Popularity()),
      { status: "INVALID_STATE", message: new RegExp(`^${name}: expected a fitted model.* fit`) },
    ]),
  ],
};

for (const [group, cases] of Object.entries(CASES)) {
  for (const [say, call, expected] of cases) test(`${group}: ${say}`, () => assert.rejects(async () => call(), expected));
}

test("a misspelt key has its detail for programs", async () => {
  await assert.rejects(new Popularity().fit({ userIds, itemIds, rating: values }), ({ detail }) => {
    assert.deepEqual([detail.key, detail.nearest], ["rating", "ratings"]);
    return detail.accepted.includes("interactions");
  });
});

test("a null is an unknown user or item, and so is a column of nulls", async () => {
  const unknown = model.predict(null, 3);
  const nulls = { user_id: { type: "int64", values: [null] }, item_id: [3] };

  assert.deepEqual([...(await model.batchPredict([[null, 3]]))], [unknown]);
  assert.deepEqual([...(await model.batchPredict(nulls))], [unknown]);
  assert.deepEqual([...(await model.model.predict({ item_id: [3] }))], [unknown]);
  assert.equal((await model.recommend(null, { topK: 2 })).length, 2);
});

test("a whole number scores as a number's value as 5.0 does elsewhere, in a cell, a list's weights, a column and a label", async () => {
  const ids = Array.from({ length: 50 }, (_, id) => id);
  const tastes = ids.map((id) => [`a${id % 3}`, `b${id % 5}`]);
  const users = { user_id: ids, age: ids.map((id) => id + 0.5), tastes, weights: ids.map((id) => [id / 2 + 0.25, 2]) };
  const schema = { user: "user_id", item: "item_id", label: "rating", fields: { tastes: { weights: "weights" } } };
  const interactions = (rating) => ({ user_id: userIds, item_id: itemIds, rating });
  const fitted = async (rating) =>
    new Model("autoint", { epochs: 1 }).fit(await Dataset.of(schema, { users, interactions: interactions(rating) }));
  const whole = await fitted(values);
  const scorer = whole.scorer(["user_id", "age", "tastes", "weights"], ["item_id"]);
  const score = (age, weights) => scorer.score([1, age, ["a1", "b2"], weights], [3])[0];
  const rows = (age, weights) => whole.predict({ user_id: [1], item_id: [3], age, tastes: [["a1", "b2"]], weights: [weights] });
  const [expected] = await rows(Float64Array.of(5), Float64Array.of(1, 3)); // 5.0, 1.0 and 3.0

  assert.notEqual(score(5.5, [1, 3]), expected);
  assert.notEqual(score(5, [1.5, 3]), expected);
  assert.deepEqual([score(5, [1, 3]), score(5n, [1n, 3]), (await rows([5], [1, 3]))[0]], Array(3).fill(expected));
  assert.deepEqual(await (await fitted(Float64Array.from(values))).predictPairs([1], [3]), await whole.predictPairs([1], [3]));
});

test("rows of a model without items need none", async () => {
  const rows = { user_id: userIds, rating: Float32Array.from(values) };
  const users = new Popularity(
    {},
    await new Model("popularity").fit(await Dataset.of({ user: "user_id", label: "rating" }, { interactions: rows })),
  );

  assert.equal((await users.batchPredict({ user_id: [1, 2] })).length, 2);
  await assert.rejects(users.batchPredict({ users: [1] }), invalid(/expected the column user_id, found users/));
  await assert.rejects(users.batchPredict([[1, 2]]), { status: "UNSUPPORTED" });
});

test("options that are undefined are not there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  await model.save(join(folder, "model"), { seen: undefined });
  const again = await Popularity.load(join(folder, "model"), { name: undefined, mmap: undefined });
  rmSync(folder, { recursive: true });

  assert.equal(again.predict(1, 3), model.predict(1, 3));
  const options = { topK: 3, excludeSeen: false, threads: 1, signal: undefined, onProgress: undefined, exclude: undefined };
  assert.equal((await again.recommend(1, options)).length, 3);
});
