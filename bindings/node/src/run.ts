// Long calls: watched by reading a monitor, cancelled by an AbortSignal.
import { recordIn, shown } from "./checks.js";
import type { InterplayError } from "./errors.js";
import type { External } from "./native.js";
import { addon, Handle, here, parsed } from "./native.js";

/** What a long call is doing. */
export interface ProgressEvent {
  stage: string;
  epoch?: number;
  epochs?: number;
  epoch_end?: boolean;
  rows?: number;
  rows_total?: number;
  loss?: number;
  valid_loss?: number;
  metric?: string;
  valid_metric?: number;
  best_epoch?: number;
  rows_per_second?: number;
  seconds?: number;
  seconds_left?: number;
  [more: string]: unknown;
}

/** How to watch and stop a long call. */
export interface Watch {
  /** Aborting it cancels the call, whose promise is rejected with the status CANCELLED and the signal's reason as its cause. */
  signal?: AbortSignal | undefined;
  /** Called on this thread with the newest event, whenever there is another. What it throws cancels the call and rejects the promise. */
  onProgress?: ((event: ProgressEvent) => void) | undefined;
  /** Milliseconds between two looks at the monitor: 50 by default. */
  progressInterval?: number | undefined;
  /** One of your own, to read and cancel from elsewhere. */
  monitor?: Monitor | undefined;
}

/** Watches and cancels long calls: pass it as `monitor`. */
export class Monitor extends Handle {
  constructor() {
    super(here<External>("monitor_new"));
  }

  /** Ask the watched call, and every later one with this monitor, to stop. */
  cancel(): void {
    here("monitor_cancel", this.live);
  }

  /** The newest event; {} before the first. */
  read(): ProgressEvent | Record<string, never> {
    return parsed(here("monitor_read", this.live));
  }
}

// A process that is told to exit waits for libuv's pool, so its long calls are asked to stop.
const running = new Set<External>();
let listening = false;

function stopAllAtExit(): void {
  if (listening) return;
  listening = true;
  process.once("exit", () => {
    for (const monitor of running) here("monitor_cancel", monitor);
  });
}

function checkWatch({ signal, onProgress, progressInterval, monitor }: Watch): void {
  const refuse = (name: string, expected: string, value: unknown) => {
    throw new TypeError(`${name}: expected ${expected}, found ${shown(value)}`);
  };
  if (signal && typeof signal.addEventListener !== "function") refuse("signal", "an AbortSignal", signal);
  if (onProgress && typeof onProgress !== "function") refuse("onProgress", "a function", onProgress);
  if (monitor && !(monitor instanceof Monitor)) refuse("monitor", "a Monitor", monitor);
  if (progressInterval !== undefined && !(progressInterval > 0)) refuse("progressInterval", "milliseconds above 0", progressInterval);
}

/** Run a call that takes a monitor, with what its options have besides. */
export async function watched<T, O extends Watch>(
  options: O,
  work: (monitor: External, more: Omit<O, keyof Watch>) => Promise<T>,
): Promise<T> {
  checkWatch(recordIn("options", options));
  const { signal, onProgress, progressInterval = 50, monitor: given, ...more } = options;
  const monitor = given?.live ?? here<External>("monitor_new");
  const cancel = () => here("monitor_cancel", monitor);
  let thrown: { error: unknown } | undefined;
  let seen = "{}";
  const look = () => {
    const text = here<Uint8Array>("monitor_read", monitor);
    const event = Buffer.from(text).toString();
    if (event === seen || thrown !== undefined) return;
    seen = event;
    try {
      onProgress?.(JSON.parse(event) as ProgressEvent);
    } catch (error) {
      thrown = { error };
      cancel();
    }
  };
  stopAllAtExit();
  running.add(monitor);
  if (signal?.aborted) cancel();
  signal?.addEventListener("abort", cancel);
  const timer = !onProgress ? undefined : setInterval(look, progressInterval);
  try {
    const result = await work(monitor, more);
    if (onProgress) look();
    if (thrown === undefined) return result;
  } catch (error) {
    if (signal?.aborted && (error as InterplayError).status === "CANCELLED") (error as Error).cause = signal.reason;
    if (thrown === undefined) throw error;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener("abort", cancel);
    running.delete(monitor);
    if (given === undefined) addon.close(monitor);
  }
  throw thrown.error;
}
