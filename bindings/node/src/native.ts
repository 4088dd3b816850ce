// The addon, which has the functions of interplay.h under their own names. Nothing else in this package calls C.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import { isRecord, shown } from "./checks.js";
import { InterplayError } from "./errors.js";

/** A C handle, owned by JavaScript's garbage collector. */
export type External = object & { readonly __interplay: unique symbol };

/** Whether this is a handle from C rather than what a user passes. */
export function isExternal(value: unknown): value is External {
  return types.isExternal(value);
}

type Functions<Result> = Record<string, (...args: unknown[]) => Result>;

interface Addon {
  here: Functions<unknown>;
  pool: Functions<Promise<unknown>>;
  close(handle: External): void;
  weigh(handle: External | null, bytes: number): number;
  version: string;
  abiVersion: number;
}

function opened(): Addon {
  const platform = `${process.platform}-${process.arch}`;
  const path = fileURLToPath(new URL(`../native/${platform}/interplay.node`, import.meta.url));
  if (!existsSync(path)) {
    throw new Error(
      `interplay: expected the library for ${platform} at ${path}, found none. This package was made without it: see "How it is made" in its README`,
    );
  }
  const addon = createRequire(import.meta.url)(path) as { start(makeError: typeof InterplayError.of): Addon };
  return addon.start(InterplayError.of);
}

export const addon: Addon = opened();
if (addon.abiVersion >> 16 !== 1) {
  throw new Error(`interplay: expected a library with ABI 1, found ${addon.abiVersion >> 16}: install the package of its release`);
}

/** Call `interplay_<name>` on this thread: for what takes microseconds. */
export function here<Result = void>(name: string, ...args: unknown[]): Result {
  return (addon.here[name] as (...args: unknown[]) => Result)(...args);
}

/** Call `interplay_<name>` on a thread of libuv's pool. What is wrong with the arguments comes as a rejection too. */
export async function pool<Result = void>(name: string, ...args: unknown[]): Promise<Result> {
  return (await (addon.pool[name] as (...args: unknown[]) => Promise<Result>)(...args)) as Result;
}

/** The JSON that the library answered. Numbers beyond 2^53 in it are rounded, as JSON.parse does. */
export function parsed<T>(text: Uint8Array): T {
  return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8")) as T;
}

/** JSON for the library, null for none. What was not given (undefined) is left to the library's defaults. */
export function json(values: object | undefined, name = "options"): string | null {
  if (values === undefined) return null;
  if (!isRecord(values)) throw new TypeError(`${name}: expected an object, found ${shown(values)}`);
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return given.length === 0 ? null : JSON.stringify(Object.fromEntries(given), spelt);
}

/** NaN and infinities would silently become null, a function nothing, and a bigint has no spelling. */
function spelt(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new TypeError(`${key}: expected a finite number, found ${value}`);
  }
  if (typeof value === "bigint") throw new TypeError(`${key}: expected a number, found the bigint ${value}`);
  if (typeof value === "function" || typeof value === "symbol") throw new TypeError(`${key}: expected a value, found ${shown(value)}`);
  return value;
}

/** Something that owns a C handle until it is closed, or forgotten. */
export abstract class Handle implements Disposable {
  #handle: External | null;

  protected constructor(handle: External) {
    this.#handle = handle;
  }

  /** @internal The handle, for a call. */
  get live(): External {
    if (this.#handle === null) {
      const what = this.constructor.name;
      throw new InterplayError("INVALID_STATE", `expected an open ${what}, found one that was closed: make or load another`);
    }
    return this.#handle;
  }

  /** @internal Its kind, in errors. */
  get [Symbol.toStringTag](): string {
    return this.constructor.name;
  }

  /** Whether close() was called. */
  get closed(): boolean {
    return this.#handle === null;
  }

  /**
   * Give the memory back now, or as soon as the last call that is inside has ended. Closing twice is fine; any other use
   * afterwards is an INVALID_STATE error. What is never closed is freed by the garbage collector.
   */
  close(): void {
    if (this.#handle !== null) addon.close(this.#handle);
    this.#handle = null;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** A path as text; Node takes URLs of files too. */
export function pathOf(path: string | URL): string {
  if (path instanceof URL) return fileURLToPath(path);
  if (typeof path === "string") return path;
  throw new TypeError(`path: expected a string or a file: URL, found ${shown(path)}`);
}
