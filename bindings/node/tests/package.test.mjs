// Making the package: what is missing is said in a sentence, and no package is made without the library.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { TREE } from "./teller.mjs";

const FOLDER = join(TREE, "bindings/node");
const skip = existsSync(join(FOLDER, "build_addon")) ? false : `expected the sources at ${FOLDER}`;

function temporary(t) {
  const folder = mkdtempSync(join(tmpdir(), "interplay-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("without a build, build_addon says to build first", { skip }, (t) => {
  const folder = temporary(t);
  for (const build of [folder, join(folder, "none")]) {
    const { status, stderr } = spawnSync(join(FOLDER, "build_addon"), [build], { encoding: "utf8" });

    assert.equal(status, 1);
    assert.equal(stderr.trim().split("\n").length, 1);
    assert.match(stderr, /expected libinterplay\.so\.1 in .*\/lib, found none: .*\.ci\/build release interplay.* prefix/);
  }
});

test("npm pack refuses to make a package without the library", { skip }, (t) => {
  const folder = temporary(t);
  const here = join(folder, "bindings/node");
  const pack = () => spawnSync("npm", ["pack", "--offline", "--dry-run"], { cwd: here, encoding: "utf8" });
  mkdirSync(here, { recursive: true });
  copyFileSync(join(TREE, "LICENSE"), join(folder, "LICENSE"));
  for (const name of ["package.json", "prepack.mjs"])
    if (existsSync(join(FOLDER, name))) copyFileSync(join(FOLDER, name), join(here, name));

  const refused = pack();
  for (const path of ["dist/index.js", `native/${process.platform}-${process.arch}/interplay.node`]) {
    mkdirSync(join(here, path, ".."), { recursive: true });
    writeFileSync(join(here, path), "");
  }
  const made = pack();

  assert.notEqual(refused.status, 0);
  assert.match(refused.stderr, /expected dist\/index\.js, found none: npm run build/);
  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stderr, /LICENSE/);
});
