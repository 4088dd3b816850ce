// Cancelling, the event loop, many calls at once, closing, memory: what a guest in somebody's process owes.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { AutoInt, Dataset, Model, Monitor, Popularity, Table } from "interplay";
import { dataset, fitted, LONG, ratings, run } from "./fixtures.mjs";

const cancelled = { name: "AbortError", status: "CANCELLED", code: "INTERPLAY_CANCELLED" };

test("an AbortSignal cancels a fit, and its reason is the cause", async () => {
  const data = await dataset();
  const model = new Model("autoint", LONG);
  const begin = performance.now();
  const signal = AbortSignal.timeout(100);

  await assert.rejects(model.fit(data, { signal }), (error) => error.cause === signal.reason && error.status === "CANCELLED");

  assert.ok(performance.now() - begin < 5000);
  assert.equal(model.info.fitted, false);
});

test("a signal that was aborted before, and a monitor", async () => {
  const data = await dataset();
  const model = new Model("autoint", LONG);
  const monitor = new Monitor();
  const fit = model.fit(data, { monitor });
  while (monitor.read().stage === undefined) await sleep(5);
  monitor.cancel();

  await assert.rejects(fit, cancelled);
  await assert.rejects(model.fit(data, { signal: AbortSignal.abort("no") }), { ...cancelled, cause: "no" });
  assert.equal(monitor.read().stage, "fit");
});

test("a cancelled fit leaves a recommender as it was", async () => {
  const model = await new AutoInt({ epochs: 1 }).fit(ratings());
  const before = model.predict(1, 3);

  await assert.rejects(model.fit(ratings(), { onProgress: () => assert.fail("enough") }), { message: "enough" });

  assert.equal(model.predict(1, 3), before);
});

test("progress comes as events, and what it throws cancels and arrives", async () => {
  const data = await dataset();
  const model = new Model("autoint", LONG);
  const events = [];
  const onProgress = (event) => {
    events.push(event);
    if (events.length === 3) throw new RangeError("enough");
  };

  await assert.rejects(model.fit(data, { onProgress, progressInterval: 5 }), { name: "RangeError", message: "enough" });

  assert.equal(events.length, 3);
  assert.equal(events[0].stage, "fit");
  assert.equal(events[0].epochs, LONG.epochs);
});

test("the last event of a fit is seen", async () => {
  const data = await dataset();
  const model = new Model("autoint", { epochs: 2 });
  const events = [];
  const again = await model.fit(data, { onProgress: (event) => events.push(event) });

  assert.equal(events.at(-1).epoch, again.info.training.epochs);
});

/** How the event loop fares while `work` runs: ticks of a timer of 1 ms a second, and its delay in ms. */
async function loopDuring(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  delay.enable();
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(timer);
  delay.disable();
  return { seconds, perSecond: ticks / seconds, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
}

const said = ({ seconds, perSecond, p99, max }) =>
  `${seconds.toFixed(2)} s, ${perSecond.toFixed(0)} ticks/s, delay p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;

test("the event loop is free while fitting", async (t) => {
  const data = await dataset(20_000);
  const model = new Model("autoint", { epochs: 20, patience: 0 });

  const loop = await loopDuring(async () => (await model.fit(data, { threads: 1 })).close());

  t.diagnostic(said(loop));
  assert.ok(loop.perSecond > 100, said(loop)); // of a thousand
});

test("the event loop is free while recommending from a large catalogue", async (t) => {
  const { userIds, itemIds, ratings: rating } = ratings();
  const items = { item_id: Int32Array.from({ length: 50_000 }, (_, i) => i) };
  const data = await Dataset.of(
    { user: "user_id", item: "item_id", label: "rating" },
    { interactions: { user_id: userIds, item_id: itemIds.map((id) => id), rating: Float32Array.from(rating) }, items },
  );
  const model = new AutoInt({}, await new Model("autoint", { epochs: 1 }).fit(data));

  const loop = await loopDuring(() => Promise.all(Array.from({ length: 60 }, (_, user) => model.recommend(user % 50))));

  t.diagnostic(`60 users, ${model.info.catalogue.items} items: ${said(loop)}`);
  assert.ok(loop.perSecond > 100, said(loop));
  assert.ok(loop.max < (loop.seconds * 1000) / 3, said(loop)); // one call on this thread would be as long as its own time
});

test("one model serves many threads at once", async () => {
  const model = await fitted("autoint", { epochs: 1 });
  const users = Array.from({ length: 2000 }, (_, i) => i % 60);
  const items = users.map((user) => (user * 3) % 45);
  const expected = await model.predictPairs(users, items);

  const results = await Promise.all([
    ...Array.from({ length: 100 }, () => model.predictPairs(users, items)),
    ...Array.from({ length: 100 }, () => model.predict({ user_id: users, item_id: items })),
  ]);

  for (const scores of results) assert.deepEqual(scores, expected);
});

test("workers load the package and a model of their own", async () => {
  const model = await fitted("popularity");
  const bytes = await model.toBuffer();
  const program = `
    import { workerData, parentPort } from "node:worker_threads";
    const { Model } = await import(workerData.url);
    const model = await Model.fromBuffer(workerData.bytes);
    parentPort.postMessage(await model.predictPairs([1, 2], [3, 4]));
  `;
  const url = import.meta.resolve("interplay");
  const answers = await Promise.all(
    Array.from({ length: 3 }, () => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: { bytes, url } });
      return new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
    }),
  );

  for (const scores of answers) assert.deepEqual(scores, await model.predictPairs([1, 2], [3, 4]));
});

test("a worker that is terminated inside a fit ends when the fit has, and harms nobody", async () => {
  const program = `
    import { parentPort, workerData } from "node:worker_threads";
    const { Dataset, Model } = await import(workerData.url);
    const user_id = BigInt64Array.from({ length: 20_000 }, (_, i) => BigInt(i % 50));
    const interactions = { user_id, item_id: user_id.map((id) => (id * 7n) % 40n) };
    const data = await Dataset.of({ user: "user_id", item: "item_id" }, { interactions });
    const onProgress = () => parentPort.postMessage("inside");
    await new Model("autoint", { epochs: 5, patience: 0 }).fit(data, { threads: 1, progressInterval: 1, onProgress });
  `;
  const url = import.meta.resolve("interplay");
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData: { url } });
  await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  const begin = performance.now();
  await worker.terminate();

  assert.ok(performance.now() - begin > 200, `${performance.now() - begin} ms, of 2 s that the fit takes`);
  assert.equal((await fitted("autoint", { epochs: 1 })).info.fitted, true);
});

test("a call that is inside keeps a closed model alive", async () => {
  const model = await fitted("popularity");
  const users = new BigInt64Array(500_000);
  const call = model.predictPairs(users, users);
  model.close();

  assert.ok((await call).every(Number.isFinite));
  assert.ok(model.closed);
});

test("what is closed says so", async () => {
  const data = await dataset();
  const model = await fitted("popularity");
  const things = [
    [new Model("popularity"), (model) => model.info],
    [new Table({ a: [1] }), (table) => table.column("a")],
    [new Dataset({ user: "u" }), (dataset) => dataset.info],
    [new Monitor(), (monitor) => monitor.read()],
    [model.scorer(), (scorer) => scorer.stats],
    [await new Model("popularity").fit(data), (model) => model.predictPairs([1], [1])],
    [await new Popularity().fit(ratings()), (model) => model.predict(1, 1)],
  ];
  for (const [thing, use] of things) {
    thing.close();
    thing.close();
    await assert.rejects(async () => use(thing), { status: "INVALID_STATE", message: /closed/ });
  }
});

test("Symbol.dispose closes, for `using`", () => {
  const table = new Table({ a: [1] });
  table[Symbol.dispose]();

  assert.ok(table.closed);
});

test("a dataset takes one change at a time", async () => {
  const data = new Dataset({ user: "user_id" });
  const rows = { user_id: new BigInt64Array(100_000) };
  const first = data.append("interactions", rows);

  await assert.rejects(data.append("interactions", rows), { name: "TypeError", message: /in use/ });
  await first;
  await data.append("interactions", rows);
  assert.equal(data.info.rows, 200_000);
});

test("the caller's arrays are free again at once", async () => {
  const model = await fitted("popularity");
  const users = new BigInt64Array(100_000).fill(3n);
  const expected = (await model.predictPairs([3], [0]))[0];
  const call = model.predictPairs(users, new BigInt64Array(100_000));
  users.fill(4n);

  assert.ok((await call).every((score) => score === expected));
});

test("a million predictions hold memory flat", () => {
  const program = `
    import { Popularity } from "interplay";
    const model = await new Popularity().fit({ userIds: [1, 1, 2, 2, 3, 3], itemIds: ["a", "b", "a", "c", "b", "c"], ratings: [5, 3, 4, 2, 1, 3] });
    async function calls(n) {
      for (let k = 0; k < n; k++) model.predict(k % 5, "a");
      for (let k = 0; k < n / 100; k++) {
        await model.recommend(k % 5, { topK: 2 });
        await model.batchPredict([[1, "a"], [2, "b"]]);
        try { model.predict("wrong", "a"); } catch {}
      }
    }
    await calls(300_000);
    gc();
    const before = process.memoryUsage.rss();
    await calls(1_000_000);
    gc();
    console.log(process.memoryUsage.rss() - before);
  `;
  const grown = Number(run(program, "--expose-gc").stdout);

  assert.ok(grown < 8_000_000, `${grown} bytes`); // a leak of 8 bytes a call
});

test("close() gives the memory back without the garbage collector", () => {
  const program = `
    import { Table } from "interplay";
    const table = new Table({ column: new Float64Array(25_000_000).fill(1) });
    const before = process.memoryUsage.rss();
    table.close();
    console.log(before - process.memoryUsage.rss());
  `;

  assert.ok(Number(run(program).stdout) > 150_000_000); // of 200 million bytes
});

test("what is forgotten is freed by the garbage collector", () => {
  const program = `
    import { setImmediate } from "node:timers/promises";
    import { Table } from "interplay";
    const column = new Float64Array(125_000); // a megabyte
    for (let i = 0; i < 1000; i++) {
      new Table({ column });
      if (i % 20 === 0) { gc(); await setImmediate(); }
    }
    console.log(process.memoryUsage.rss());
  `;
  const memory = Number(run(program, "--expose-gc").stdout);

  assert.ok(memory < 300_000_000, `${memory} bytes, of a thousand megabytes that were made`);
});

/** The memory of a program that forgets 1000 models of 2 MB, each made by `make`, without a word to the garbage collector. */
function forgotten(make) {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  const path = JSON.stringify(join(folder, "model"));
  try {
    const program = `
      import { AutoInt } from "interplay";
      import { dataset, ratings } from "./fixtures.mjs";
      const model = await new AutoInt({ embedding_dim: 256, attention_dim: 256, num_layers: 2, epochs: 1 }).fit(ratings(64));
      await model.save(${path});
      const data = await dataset(64);
      for (let i = 0; i < 1000; i++) await (${make})(${path}, model, data);
      console.log(process.memoryUsage.rss());
    `;
    return Number(run(program).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const [say, make] of [
  ["loaded", "(path) => AutoInt.load(path)"],
  ["fitted", "(_, { model }, data) => model.fit(data)"],
]) {
  test(`the garbage collector knows how large a model is that was ${say}`, () => {
    const memory = forgotten(make);

    assert.ok(memory < 600_000_000, `${memory} bytes, of 2000 million that were forgotten`);
  });
}

test("what the garbage collector was told is taken back", () => {
  const program = `
    import { Model } from "interplay";
    import { fitted } from "./fixtures.mjs";
    const bytes = await (await fitted("autoint", { epochs: 1 })).toBuffer();
    const { addon } = await import(new URL("native.js", import.meta.resolve("interplay")));
    const external = () => (gc(), gc(), addon.weigh(null, 0) / (100 * bytes.length));
    const before = external();
    const models = await Promise.all(Array.from({ length: 100 }, () => Model.fromBuffer(bytes)));
    const told = external() - before;
    for (const model of models) model.close();
    console.log(JSON.stringify({ told, left: external() - before }));
  `;
  const { told, left } = JSON.parse(run(program, "--expose-gc").stdout);

  assert.ok(Math.abs(told - 1) < 0.05, `${told} of what the models hold`);
  assert.ok(Math.abs(left) < 0.05, `${left} of what the closed models held`);
});

test("importing prints nothing and starts no thread", () => {
  const program = `
    import { promises, readdirSync } from "node:fs";
    await Promise.all(Array.from({ length: 20 }, () => promises.readFile(process.execPath))); // the pool's threads are Node's own
    const before = readdirSync("/proc/self/task").length;
    await import("interplay");
    if (readdirSync("/proc/self/task").length !== before) throw new Error("expected no thread, found one");
  `;
  const done = run(program);

  assert.equal(done.stdout + done.stderr, "");
});

test("a process may exit in the middle of a fit", () => {
  const begin = performance.now();
  run(`
    import { Model } from "interplay";
    import { dataset, LONG } from "./fixtures.mjs";
    new Model("autoint", LONG).fit(await dataset());
    setTimeout(() => process.exit(0), 200);
  `);

  assert.ok(performance.now() - begin < 5000);
});
