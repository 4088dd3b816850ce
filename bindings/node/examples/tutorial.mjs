// The tutorial on MovieLens. Usage: node tutorial.mjs FOLDER   (ratings.csv, users.csv, items.csv of ml-100k, with headings)
// Needs: npm install interplay
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoInt, Dataset } from "interplay";

const folder = process.argv[2];
if (folder === undefined) throw new Error("expected a folder with ratings.csv: node tutorial.mjs FOLDER");

/** The named columns of a CSV file without quotes; numbers where `numbers` has the name. */
function columnsOf(file, names, numbers = names) {
  const [head, ...rows] = readFileSync(join(folder, file), "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  const column = (name) => rows.map((row) => (numbers.includes(name) ? Number(row[head.indexOf(name)]) : row[head.indexOf(name)]));
  return Object.fromEntries(names.map((name) => [name, column(name)]));
}

const ratings = columnsOf("ratings.csv", ["user_id", "item_id", "rating", "timestamp"]);
const part = (keep) => ["user_id", "item_id", "rating"].map((name) => ratings[name].filter((_, row) => keep((row * 7919) % 100)));
const [userIds, itemIds, train] = part((number) => number < 80);
const [testUsers, testItems, test] = part((number) => number >= 80);

const model = new AutoInt({
  name: "AutoInt",
  embedding_dim: 32,
  attention_dim: 32,
  num_heads: 2,
  num_layers: 3,
  dropout: 0.1,
  epochs: 20,
  batch_size: 256,
  learning_rate: 0.001,
});
let epoch = 0;
await model.fit(
  { userIds, itemIds, ratings: train },
  {
    onProgress(event) {
      if (event.epoch !== epoch) console.log(`epoch ${event.epoch} of ${event.epochs}, ${event.seconds_left?.toFixed(0)} s left`);
      epoch = event.epoch;
    },
  },
);

console.log(`user 196 and movie 242: ${model.predict(196, 242).toFixed(2)}`);
console.log(
  "three pairs:",
  await model.batchPredict([
    [196, 242],
    [186, 302],
    [22, 377],
  ]),
);
for (const { item, score } of await model.recommend(196, { topK: 10 })) console.log(`  movie ${item}: ${score.toFixed(2)}`);

const scores = await model.batchPredict({ user_id: testUsers, item_id: testItems });
const rmse = Math.sqrt(test.reduce((sum, rating, row) => sum + (scores[row] - rating) ** 2, 0) / test.length);
console.log(`test RMSE ${rmse.toFixed(4)}`);

const place = mkdtempSync(join(tmpdir(), "interplay-"));
await model.save(join(place, "model.interplay"));
const again = await AutoInt.load(join(place, "model.interplay"));
rmSync(place, { recursive: true });
if (again.predict(196, 242) !== model.predict(196, 242)) throw new Error("expected a loaded model to give the same score, found another");

try {
  new AutoInt({ embeding_dim: 32 });
} catch (error) {
  console.log(`a wrong parameter: ${error.message}`);
}

// The users' features, the last fifth by time held out.
const schema = { user: "user_id", item: "item_id", label: "rating", time: "timestamp" };
const users = columnsOf("users.csv", ["user_id", "age", "gender", "occupation"], ["user_id", "age"]);
const data = await Dataset.of(schema, { interactions: ratings, users });
const [early, late] = await data.split({ method: "time", fraction: 0.2 });
const byTime = await new AutoInt({ epochs: 5 }).fit(early);
const { metrics, baselines } = await byTime.evaluate(late);
console.log(`by time, with features: RMSE ${metrics.rmse.toFixed(4)}, biases alone ${baselines.biases.toFixed(4)}`);
const { contributions } = await byTime.explain([[196, 242]], { what: ["fields"] });
contributions.sort((a, b) => b.mean_abs - a.mean_abs);
console.log(`what made a score most: ${contributions[0].field}`);
