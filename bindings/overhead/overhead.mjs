// What the same calls cost in Node. Usage: node overhead.mjs PACKAGE MODEL   (PACKAGE: bindings/node, built)
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [ROUNDS, ONES, BATCH] = [15, 20000, 10000];
const [root, path] = process.argv.slice(2);
const { Recommender } = await import(pathToFileURL(join(root, "dist/index.js")));

/** Microseconds of one call, the best round's mean. */
async function bestOf(work, calls) {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    best = Math.min(best, (1000 * (performance.now() - start)) / calls);
  }
  return best;
}

const model = await Recommender.load(path);
const scorer = model.model.scorer(undefined, undefined, { max_rows: 1 });
const pairs = Array.from({ length: ONES }, (_, i) => [(i % 900) + 1, (i % 1600) + 1]);
const batch = pairs.slice(0, BATCH);
const users = BigInt64Array.from(batch, ([user]) => BigInt(user));
const items = BigInt64Array.from(batch, ([, item]) => BigInt(item));

const measured = {
  predict: [() => pairs.forEach(([user, item]) => model.predict(user, item)), ONES],
  scorer: [() => pairs.forEach(([user, item]) => scorer.score([user], [item])), ONES],
  predictPairs: [() => model.model.predictPairs(users, items), 1],
  "predictPairs of one, a promise": [() => model.model.predictPairs([1], [10]), 1],
  batchPredict: [() => model.batchPredict(batch), 1],
};
for (const [name, [work, calls]] of Object.entries(measured)) console.log(`node ${name} ${(await bestOf(work, calls)).toFixed(3)}`);
