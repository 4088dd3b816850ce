// Interactions, and features of users and items.
import { isRecord, shown } from "./checks.js";
import type { External } from "./native.js";
import { Handle, here, isExternal, json, parsed, pool } from "./native.js";
import { type Data, withTable } from "./table.js";

/** The columns with a role, and how to use the others: see interplay_dataset_new in interplay.h. */
export interface Schema {
  user?: string;
  item?: string;
  /** Absent: every row is a positive one. */
  label?: string;
  weight?: string;
  time?: string;
  group?: string;
  features?: string[];
  ignore?: string[];
  fields?: Record<string, FieldOptions>;
  histories?: boolean | Record<string, HistoryOptions>;
  [more: string]: unknown;
}

export interface FieldOptions {
  kind?: "category" | "categories" | "number";
  min_count?: number;
  hash_buckets?: number;
  transform?: "none" | "standardise" | "log" | "log2" | { buckets: number };
  unknown?: "bucket" | "error" | "hash";
  weights?: string;
  combiner?: "mean" | "sum" | "sqrtn";
}

export interface HistoryOptions {
  of?: "user" | "item";
  weights?: "none" | "label";
  max_length?: number;
  order?: "earlier" | "any";
}

export interface DatasetInfo {
  rows: number;
  users: number;
  items: number;
  bytes: number;
  sealed: boolean;
  label: { min: number; max: number; mean: number; distinct: number } | null;
  fields: { name: string; of: string; kind: string; distinct: number; nulls: number }[];
  warnings: string[];
}

/** The parts of a dataset: one row an event, a user, an item. */
export interface Parts {
  interactions?: Data | undefined;
  users?: Data | undefined;
  items?: Data | undefined;
}

export type Part = keyof Parts;

export interface SplitOptions {
  /** random: rows; last: each user's last rows; time: the last rows of all; users: all rows of some users. */
  method?: "random" | "last" | "time" | "users";
  /** The share of the second dataset. */
  fraction?: number;
  seed?: number;
}

/**
 * Interactions, and optionally a row of features for each user and each item. `await Dataset.of(schema, { interactions, users, items })`
 * makes a sealed one at once; otherwise append chunk by chunk, then seal. Once sealed it never changes.
 */
export class Dataset extends Handle {
  constructor(schema: Schema);
  /** @internal */
  constructor(handle: External);
  constructor(schema: Schema | External) {
    super(isExternal(schema) ? schema : here<External>("dataset_new", json(schema, "schema")));
  }

  /** A sealed dataset. */
  static async of(schema: Schema, parts: Parts): Promise<Dataset> {
    if (!isRecord(parts)) throw new TypeError(`parts: expected an object { interactions, users, items }, found ${shown(parts)}`);
    const dataset = new Dataset(schema);
    try {
      for (const [part, data] of Object.entries(parts)) if (data !== undefined) await dataset.append(part as Part, data);
      await dataset.seal();
    } catch (error) {
      dataset.close();
      throw error;
    }
    return dataset;
  }

  /** Append to a part, one call after the other. On failure the dataset is as it was before. */
  async append(part: Part, data: Data): Promise<void> {
    await withTable(part, data, (table) => pool("dataset_append", this.live, part, table.live));
  }

  /** No more appends: from here it may be fitted, split and shared by calls. */
  async seal(): Promise<void> {
    await pool("dataset_seal", this.live);
  }

  /** Two datasets of the interactions, which share the users' and items' features. */
  async split(options: SplitOptions = {}): Promise<[Dataset, Dataset]> {
    const [first, second] = await pool<[External, External]>("dataset_split", this.live, json(options));
    return [new Dataset(first), new Dataset(second)];
  }

  get info(): DatasetInfo {
    return parsed(here("dataset_info", this.live));
  }
}

/** A dataset, or a TypeError that names the argument. */
export function datasetIn(name: string, value: unknown): Dataset {
  if (value instanceof Dataset) return value;
  throw new TypeError(`${name}: expected a Dataset, found ${shown(value)}: make one by await Dataset.of(schema, { interactions })`);
}
