// What the tests in a browser count with.
import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

let passed = 0, failed = 0;

export function check(name, holds, more = "") {
  if (holds) {
    passed++;
  } else {
    failed++;
    console.log(`--- ${name} ${more}`);
  }
}

export function equal(name, got, want) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(want)];
  check(name, a === b, `\n    got ${a}\n    not ${b}`);
}

// What cpprof prints; ARGS as typed.
export function cpprof(...args) {
  return execFileSync(process.env.CPPROF || "build/cpprof", args, {encoding: "utf8"});
}

// Runs TEST in a folder for its files, and ends the program with the line tests/run reads.
export async function run(test) {
  const folder = mkdtempSync(join(tmpdir(), "cpprof-test-"));
  try {
    await test(folder);
  } catch (error) {
    check("no exception", false, error.stack);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed ? 1 : 0);
}
