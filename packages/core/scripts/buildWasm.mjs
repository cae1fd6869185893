// Compiles assembly/NAME.ts of a package (with its parts in assembly/NAME/) to NAME.wasm.ts among its sources: git-ignored sources that hold the
// WebAssembly module as base64 text, so that one file serves tests from source, dist, worker threads and browsers.
// Run: node packages/core/scripts/buildWasm.mjs   (a few milliseconds where nothing changed)
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const packages = fileURLToPath(new URL("../..", import.meta.url));
const compiler = join(packages, "../node_modules/assemblyscript");
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd", "--use", "abort="];
const ownMemory = ["--initialMemory", "64", "--maximumMemory", "65536"];

/** Modules of core have memory of their own, those of forward work on the memory of TensorFlow.js. */
const rooms = [
  { sources: join(packages, "core/assembly"), target: join(packages, "core/src/numerics/wasm"), memory: ownMemory },
  {
    sources: join(packages, "forward/assembly"),
    target: join(packages, "forward/src/nets/wasm"),
    memory: ["--importMemory"],
  },
];

/** Brings the compiled modules up to date; each is renamed into place when whole, so that parallel runs do no harm. */
export default function buildWasm() {
  const version = JSON.parse(readFileSync(join(compiler, "package.json"), "utf8")).version;
  for (const room of rooms) buildRoom(room, version);
}

function buildRoom({ sources, target, memory }, version) {
  mkdirSync(target, { recursive: true });
  for (const file of readdirSync(sources).filter((name) => name.endsWith(".ts"))) {
    const parts = readdirSync(join(sources, file.replace(/\.ts$/, ""))).sort();
    const hash = createHash("sha256").update([version, ...flags, ...memory, ...parts, ""].join("\0"));
    for (const part of [file, ...parts.map((name) => join(file.replace(/\.ts$/, ""), name))]) {
      hash.update(readFileSync(join(sources, part)));
    }
    const stamp = hash.digest("hex");
    const output = join(target, file.replace(/\.ts$/, ".wasm.ts"));
    const heading = `// Compiled from assembly/${file} by scripts/buildWasm.mjs, stamp ${stamp}\n`;
    if (readIfThere(output).startsWith(heading)) continue;
    const name = file.replace(/\.ts$/, "");
    const text = compile(sources, file, memory).toString("base64");
    const temporary = join(target, `.${name}.${process.pid}.tmp`);
    writeFileSync(temporary, `${heading}export const ${name}Wasm: string =\n  "${text}";\n`);
    renameSync(temporary, output);
  }
}

function compile(sources, file, memory) {
  const folder = mkdtempSync(join(tmpdir(), "materiome-wasm-"));
  const module = join(folder, "module.wasm");
  try {
    const args = [join(compiler, "bin/asc.js"), file, "--outFile", module, ...flags, ...memory];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: sources, encoding: "utf8" });
    if (status !== 0) throw new Error(`The AssemblyScript compiler refused assembly/${file}:\n${stdout}${stderr}`);
    return readFileSync(module);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return "";
    throw error;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) buildWasm();
