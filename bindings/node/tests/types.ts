// What the types promise, checked by tsc --noEmit: the lines marked @ts-expect-error must be refused.
import { AutoInt, type AutoIntParams, Dataset, FM, type Id, InterplayError, Model, type Recommendation, Table } from "interplay";

const params: AutoIntParams = { embedding_dim: 32, preset: "best", layer_dims: [32, 32] };
// @ts-expect-error a misspelt parameter
new AutoInt({ epoch: 3 });
// @ts-expect-error a preset that is none
new AutoInt({ preset: "worst" });
// @ts-expect-error of another engine
new FM({ num_heads: 2 });

export async function typed(signal: AbortSignal): Promise<Recommendation[]> {
  const model: AutoInt = await new AutoInt({ name: "typed", ...params }).fit(
    { userIds: ["a", "b"], itemIds: BigInt64Array.of(1n, 2n), ratings: Float32Array.of(1, 2) },
    { signal, onProgress: ({ epoch, loss }) => console.log(epoch, loss?.toFixed(2)) },
  );
  const score: number = model.predict("a", 1);
  const scores: Float32Array = await model.batchPredict([["a", score]]);
  const loaded: AutoInt = await AutoInt.load("file", { mmap: true, name: "again" });
  const best: { item: Id; score: number }[] = await loaded.recommend("a", { topK: scores.length });
  // @ts-expect-error an option that is none
  await loaded.recommend("a", { top_k: 10 });
  // @ts-expect-error a part that is none
  await loaded.update("movies", { movie_id: [1] });
  return best;
}

export async function resources(): Promise<void> {
  using table = new Table({ user_id: [1, 2n, null], tags: [["a"], [], null], age: { type: "float64", values: [1, 2, 3] } });
  using data = await Dataset.of({ user: "user_id", histories: { liked: { of: "user" } } }, { interactions: table });
  using model = await new Model("popularity").fit(data, { threads: 1 });
  try {
    await model.evaluate(data, { k: 10 });
  } catch (error) {
    if (error instanceof InterplayError && error.status === "INVALID_ARGUMENT") console.log(error.detail.nearest);
    // @ts-expect-error a status that is none
    if (error instanceof InterplayError && error.status === "WRONG") console.log(error.code);
  }
}
