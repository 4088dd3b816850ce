// The keys that the calls of a Recommender take. The compiler holds them to the types; the others of a Model the library knows itself.
import type { Keys } from "./checks.js";
import type { EvaluateOptions, ExplainOptions } from "./documents.js";
import type { FitOptions, LoadOptions, PredictOptions, SaveOptions, UpdateOptions } from "./model.js";
import type { Named, TopOptions, TrainingData } from "./recommender.js";
import type { Watch } from "./run.js";

const WATCH: Keys<Watch> = { signal: true, onProgress: true, progressInterval: true, monitor: true };

export const TRAINING_DATA: Keys<TrainingData> = {
  userIds: true,
  itemIds: true,
  ratings: true,
  interactions: true,
  schema: true,
  users: true,
  items: true,
};
export const FIT: Keys<FitOptions> = { valid: true, threads: true, ...WATCH };
export const PREDICT: Keys<PredictOptions> = { output: true, threads: true };
export const TOP: Keys<TopOptions> = { topK: true, excludeSeen: true, exclude: true, candidates: true, threads: true, ...WATCH };
export const EVALUATE: Keys<EvaluateOptions & Watch> = { k: true, relevant: true, threads: true, ...WATCH };
export const EXPLAIN: Keys<ExplainOptions & Watch> = { what: true, per_row: true, top: true, replace: true, threads: true, ...WATCH };
export const UPDATE: Keys<UpdateOptions> = { action: true };
export const SAVE: Keys<SaveOptions> = { seen: true, optimizer: true, tables: true };
export const LOAD: Keys<LoadOptions & Named> = { name: true, mmap: true, prefault: true, verify: true, max_bytes: true };
