// The JSON documents of the library, typed. Their keys are those of interplay.h, which describes them.
import type { Schema } from "./dataset.js";
import type { ProgressEvent } from "./run.js";

export interface EngineSummary {
  name: string;
  version: string;
  summary: string;
}

/** One parameter in the engine's JSON Schema. */
export interface ParameterSchema {
  type: "integer" | "number" | "string" | "boolean" | "array";
  description: string;
  default: unknown;
  minimum?: number;
  maximum?: number;
  enum?: unknown[];
}

export interface EngineInfo extends EngineSummary {
  parameters: { properties: Record<string, ParameterSchema>; [more: string]: unknown };
}

export interface ModelInfo {
  id: string;
  parent: string | null;
  fitted: boolean;
  engine: { name: string; version: string };
  parameters: Record<string, unknown>;
  /** {} before the first fit. */
  schema: Schema;
  fields: { name: string; of: string; kind: string; type: "integer" | "string" | "number" | null; cardinality: number }[];
  objective: { kind: string; low: number; high: number; mean: number };
  catalogue: { users: number; items: number; seen: number; histories?: unknown };
  training: {
    rows: number;
    valid_rows: number;
    epochs: number;
    best_epoch: number;
    metric: string;
    valid_metric: number;
    history: ProgressEvent[];
    [more: string]: unknown;
  };
  warnings: string[];
  kernel: string;
  [more: string]: unknown;
}

/** What a model file says of itself. */
export interface FileInfo extends ModelInfo {
  format: string;
  sections: { name: string; [more: string]: unknown }[];
}

export interface EvaluateOptions {
  k?: number | undefined;
  /** The label from which a row is relevant; absent: the mean of the label's range. */
  relevant?: number | undefined;
  threads?: number | undefined;
}

export interface EvaluationReport {
  rows: number;
  metrics: Record<string, number>;
  baselines: Record<string, number>;
  unknown: Record<string, number>;
  [more: string]: unknown;
}

export interface ExplainOptions {
  what?: ("attention" | "fields" | "pairs")[] | undefined;
  per_row?: boolean | undefined;
  top?: number | undefined;
  replace?: "unknown" | "shuffle" | undefined;
  threads?: number | undefined;
}

export interface Explanation {
  rows: number;
  score: number;
  logit?: number;
  fields: { name: string; of: "user" | "item" | "context" }[];
  /** mean[layer][head][field][field]: what a field attends to; rows sum to 1. */
  attention?: { layers: number; heads: number; mean: number[][][][] };
  contributions?: { field: string; mean_abs: number; mean: number }[];
  pairs?: { fields: [string, string]; strength: number; mean: number }[];
  per_row?: { score: number; logit?: number; contributions?: number[]; attention?: number[][][][] }[];
}

export interface TensorInfo {
  name: string;
  type: "float32" | "float64" | "int32" | "int64" | "bytes";
  shape: number[];
}
