// The story that every binding tells with the same numbers: tests/scenario/README.md.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { abiVersion, Cell, InterplayError, Status, Type } from "interplay";
import { foundAt, holds, STORY, Teller } from "./teller.mjs";

test("the enumerations are the story's", () => {
  assert.deepEqual({ status: { ...Status }, type: { ...Type }, cell: { ...Cell } }, STORY.enumerations);
  assert.equal(abiVersion >> 16, STORY.abi_major);
});

test("every status has a code of its own", () => {
  for (const [name, number] of Object.entries(STORY.enumerations.status)) {
    const error = InterplayError.of(number, "why", "{}");
    assert.deepEqual([error.status, error.code, error.message], [name, `INTERPLAY_${name}`, "why"]);
  }
});

test("a status of the future is internal", () => {
  assert.equal(InterplayError.of(99, "why", "{}").status, "INTERNAL");
});

function asExpected(error, expected) {
  if (expected.by === "binding") return error instanceof TypeError || error instanceof InterplayError;
  const detail = Object.entries(expected.detail ?? {}).every(([key, value]) => error.detail?.[key] === value);
  return error instanceof InterplayError && error.status === expected.status && error.message.includes(expected.text) && detail;
}

/** What is not as the step says. */
async function complaints(teller, step) {
  let result;
  try {
    result = await teller.tell(step);
  } catch (error) {
    if (step.error !== undefined && asExpected(error, step.error)) return [];
    return [`expected ${JSON.stringify(step.error ?? "success")}, found ${error.stack}`];
  }
  if (step.error !== undefined) return [`expected ${JSON.stringify(step.error)}, found success`];
  const wrong = (step.expect ?? []).filter((check) => !holds(check, result));
  return wrong.map((check) => `expected ${JSON.stringify(check)}, found ${String(foundAt(result, check.at))}`);
}

test("the story", async () => {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  const teller = new Teller(folder);
  const wrong = [];
  try {
    for (const [n, step] of STORY.steps.entries()) {
      for (const line of await complaints(teller, step)) wrong.push(`step ${n}, ${step.call} (${step.say}): ${line}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }

  assert.deepEqual(wrong, []);
  assert.ok(STORY.steps.length > 100);
});
