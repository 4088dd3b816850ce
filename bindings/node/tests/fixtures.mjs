// Planted ratings: users and items come in two halves, and a user likes the items of his own.
import { spawnSync } from "node:child_process";
import { Dataset, Model } from "interplay";

export const SCHEMA = { user: "user_id", item: "item_id", label: "rating" };

/** n ratings of 50 users and 40 items: 5 or 4 within a half, 1 or 2 across. */
export function ratings(n = 2000) {
  const userIds = Array.from({ length: n }, (_, i) => (i * 7) % 50);
  const itemIds = Array.from({ length: n }, (_, i) => (i * 11 + Math.floor(i / 50)) % 40);
  const values = userIds.map((user, i) => ((user + itemIds[i]) % 2 === 0 ? 5 - (i % 2) : 1 + (i % 2)));
  return { userIds, itemIds, ratings: values };
}

export async function dataset(n) {
  const { userIds, itemIds, ratings: values } = ratings(n);
  return Dataset.of(SCHEMA, { interactions: { user_id: userIds, item_id: itemIds, rating: Float32Array.from(values) } });
}

export async function fitted(engine = "popularity", params = {}) {
  const data = await dataset();
  const unfitted = new Model(engine, params);
  return await unfitted.fit(data);
}

/** A fit that only its end or a cancel stops: minutes long. */
export const LONG = { epochs: 100_000, validation_fraction: 0, batch_size: 16 };

/** Run a program of its own; its output. */
export function run(program, ...flags) {
  const done = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", program], {
    cwd: import.meta.dirname,
    encoding: "utf8",
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  if (done.status !== 0) throw new Error(`expected the program to end well, found ${done.status ?? done.signal}: ${done.stderr}`);
  return done;
}
