// Before npm pack: a package without the library for this platform would be one that nobody can import, and one without the licences
// of what is inside the library one that nobody may pass on.
import { copyFileSync, existsSync } from "node:fs";

const native = `native/${process.platform}-${process.arch}`;
for (const path of ["dist/index.js", `${native}/interplay.node`, `${native}/NOTICES`]) {
  if (existsSync(path)) continue;
  console.error(`interplay: expected ${path}, found none: npm run build makes it, from a clone whose library is built`);
  process.exit(1);
}
copyFileSync("../../LICENSE", "LICENSE");
