// What JavaScript would swallow or fail at with words of its own, refused at entry: a key that is misspelt, a value of another kind.
import type { Id } from "./columns.js";
import { InterplayError } from "./errors.js";

/** The keys of a type: one that is missing here, or too many, does not compile. */
export type Keys<T> = { readonly [K in keyof Required<T>]: true };

/** A value in an error's text. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  const kind = value.constructor?.name ?? "Object";
  if (kind === "Array" || kind === "Object") return `an ${kind.toLowerCase()}`;
  return `${/^[AEIOU]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** Whether this is an object of keys: no array, signal, Map or handle of this package. */
export function isRecord(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Object]";
}

/** An object of options (or of parameters), or a TypeError that names the call. */
export function recordIn<T extends object>(call: string, given: T, what = "options"): T {
  if (isRecord(given)) return given;
  throw new TypeError(`${call}: expected an object of ${what}, found ${shown(given)}`);
}

/** Options without a key that the call does not know. */
export function optionsIn<T extends object>(call: string, given: T, accepted: Keys<T>): T {
  knownKeys(call, "option", recordIn(call, given), accepted);
  return given;
}

/** Refuse a key that is none of `accepted`, with the nearest one. */
export function knownKeys<T extends object>(call: string, what: string, given: T, accepted: Keys<T>): void {
  const names = Object.keys(accepted);
  const key = Object.keys(given).find((name) => !names.includes(name));
  if (key === undefined) return;
  const nearest = nearestOf(key, names);
  const hint = nearest === undefined ? "; accepted:" : `; did you mean "${nearest}"? Accepted:`;
  const detail = { key, accepted: names, ...(nearest !== undefined && { nearest }) };
  throw new InterplayError("INVALID_ARGUMENT", `${call}: unknown ${what} "${key}"${hint} ${names.join(", ")}`, detail);
}

/** Another spelling (top_k for topK), or a name with a third of the letters wrong at most. */
function nearestOf(word: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.replaceAll("_", "").toLowerCase();
  const distances = names.map((name) => ({ name, distance: editsBetween(plain(word), plain(name)) }));
  const best = distances.reduce((a, b) => (b.distance < a.distance ? b : a));
  return best.distance <= word.length / 3 ? best.name : undefined;
}

/** Letters to insert, leave out or replace (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Refuse what is no array: it would pass for an empty one, and a text for its letters. */
export function listIn(name: string, value: unknown): void {
  if (Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))) return;
  throw new TypeError(`${name}: expected an array or a typed array, found ${shown(value)}`);
}

/** An id; null stands for one that is unknown, while undefined is a slip. */
export function idIn(name: string, value: unknown): Id {
  if (value === null || ["number", "bigint", "string"].includes(typeof value)) return value as Id;
  throw new TypeError(`${name}: expected an id (a number, a bigint or a string; null scores an unknown one), found ${shown(value)}`);
}
