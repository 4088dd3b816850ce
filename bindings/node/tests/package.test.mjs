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

test("without the licences of what is inside the library, build_addon makes nothing", { skip }, (t) => {
  const folder = temporary(t);
  mkdirSync(join(folder, "lib"));
  writeFileSync(join(folder, "lib/libinterplay.so.1"), "");
  const { status, stderr } = spawnSync(join(FOLDER, "build_addon"), [folder], { encoding: "utf8" });

  assert.equal(status, 1);
  assert.match(stderr, /expected the licences .*src\/package\/NOTICES or .*share\/doc\/interplay\/NOTICES, found none/);
});

test("npm pack refuses to make a package without the library or its licences", { skip }, (t) => {
  const folder = temporary(t);
  const here = join(folder, "bindings/node");
  const pack = () => spawnSync("npm", ["pack", "--offline", "--dry-run"], { cwd: here, encoding: "utf8" });
  mkdirSync(here, { recursive: true });
  copyFileSync(join(TREE, "LICENSE"), join(folder, "LICENSE"));
  for (const name of ["package.json", "prepack.mjs"])
    if (existsSync(join(FOLDER, name))) copyFileSync(join(FOLDER, name), join(here, name));

  const native = `native/${process.platform}-${process.arch}`;
  for (const path of ["dist/index.js", `${native}/interplay.node`, `${native}/NOTICES`]) {
    const refused = pack();
    assert.notEqual(refused.status, 0);
    assert.ok(refused.stderr.includes(`expected ${path}, found none: npm run build`), refused.stderr);
    mkdirSync(join(here, path, ".."), { recursive: true });
    writeFileSync(join(here, path), "");
  }
  const made = pack();

  assert.equal(made.status, 0, made.stderr);
  assert.match(made.stderr, /LICENSE/);
  assert.match(made.stderr, /NOTICES/);
});
