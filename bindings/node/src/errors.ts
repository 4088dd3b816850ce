// What can go wrong: one class, with a code for each status of the C ABI and the library's own text.

/** What became of a call, by the numbers of interplay.h. */
export const Status = {
  OK: 0,
  INVALID_ARGUMENT: 1,
  INVALID_STATE: 2,
  BAD_DATA: 3,
  NOT_FOUND: 4,
  UNSUPPORTED: 5,
  CORRUPT: 6,
  INCOMPATIBLE: 7,
  IO: 8,
  NO_MEMORY: 9,
  CANCELLED: 10,
  INTERNAL: 11,
} as const;

/** The name of a status. */
export type StatusName = keyof typeof Status;

/** For programs: what the library says beside its message. */
export interface Detail {
  key?: string;
  accepted?: string[];
  nearest?: string;
  column?: string;
  row?: number;
  path?: string;
  [more: string]: unknown;
}

const NAMES = new Map<number, StatusName>(Object.entries(Status).map(([name, n]) => [n, name as StatusName]));

/**
 * Any failure that the library reports.
 *
 * - `status`: "NOT_FOUND", ..., as in interplay.h; `code` is the same for those who switch on `error.code`: "INTERPLAY_NOT_FOUND"
 * - `message`: what was expected, what was found, where, and what to do next
 * - `detail`: `key`, `accepted`, `nearest`, `column`, `row` or `path`, where there is one
 *
 * A cancelled call has the `name` "AbortError", as in the rest of Node, and the signal's reason as its `cause`.
 */
export class InterplayError extends Error {
  readonly status: StatusName;
  readonly code: string;
  readonly detail: Detail;

  constructor(status: StatusName, message: string, detail: Detail = {}) {
    super(message);
    this.name = status === "CANCELLED" ? "AbortError" : "InterplayError";
    this.status = status;
    this.code = `INTERPLAY_${status}`;
    this.detail = detail;
  }

  /** The error for a number of the C ABI; one that this version does not know counts as INTERNAL. */
  static of(status: number, message: string, detail: string): InterplayError {
    return new InterplayError(NAMES.get(status) ?? "INTERNAL", message, JSON.parse(detail) as Detail);
  }
}
