// An engine from a shared library is one like any other: the template in C, compiled as its author would.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { loadEngine, Model } from "interplay";
import { TREE } from "./teller.mjs";

/** Compile the template into `folder`; the plug-in's path, or why there is none. */
function compiled(folder) {
  const template = join(TREE, "examples/engine_template/c/damped_means.c");
  if (!existsSync(template)) return { reason: `expected the template at ${template}` };
  if (spawnSync("cc", ["--version"]).status !== 0) return { reason: "there is no C compiler cc on the PATH" };
  const path = join(folder, "damped_means_c.so");
  const flags = ["-shared", "-fPIC", "-I", join(TREE, "include"), template, "-o", path, "-lm"];
  const done = spawnSync("cc", flags, { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return { path };
}

test("a plug-in is an engine like any other", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const { path, reason } = compiled(folder);
  if (reason !== undefined) return t.skip(reason);
  const name = await loadEngine(path);
  const again = await loadEngine(pathToFileURL(path));

  const model = await Model.fitPairs(name, { damping: 0 }, [1, 1, 2, 2], [7, 8, 7, 8], [1, 2, 4, 5]);

  assert.deepEqual([name, again], ["damped_means_c", "damped_means_c"]);
  assert.deepEqual([...(await model.predictPairs([1, 2], [7, 8]))], [1, 5]); // users lie 1.5 below and above the mean of 3, items 0.5
});
