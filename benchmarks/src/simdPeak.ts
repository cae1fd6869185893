/**
 * Multiplications and additions a second that 128-bit SIMD of WebAssembly gives on one thread where nothing is read from memory: what no kernel on it
 * can pass, as there is no fused multiply-add. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/simdPeak.ts
 *
 * Options: --json. Twelve independent chains of f32x4, enough to fill the pipelines of processors of today; the best of twenty rounds.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { report } from "./commandLine.ts";
import { provenance, provenanceLine } from "./provenance.ts";

const CHAINS = 12;
/** Four lanes, a multiplication and an addition each. */
const OPERATIONS = 8 * CHAINS;
const ROUNDS = 20;
const TURNS = 5_000_000;

/** Multiplications and additions of the 3 × 3 convolutions of a training step of `unetStep.ts`: forward, by inputs and by filters. */
function stepOperations(): number {
  const [batch, patch, filters] = [8, 64, [16, 32, 64]];
  const products = filters.reduce((sum, own, level) => {
    const pixels = (patch / 2 ** level) ** 2;
    const down = (filters[level - 1] ?? 1) * own + own * own;
    const below = filters[level + 1];
    const up = below === undefined ? 0 : (own + below) * own + own * own;
    return sum + 9 * pixels * (down + up);
  }, 0);
  return 3 * 2 * batch * products;
}

function source(): string {
  const each = (line: (k: number) => string): string => Array.from({ length: CHAINS }, (_, k) => line(k)).join("\n");
  return `export function run(n: i32): f32 {
${each((k) => `  let a${k} = f32x4.splat(${(1 + k / 100).toFixed(2)});`)}
  const m = f32x4.splat(0.999);
  const c = f32x4.splat(0.001);
  for (let i = 0; i < n; i++) {
${each((k) => `    a${k} = f32x4.add(f32x4.mul(a${k}, m), c);`)}
  }
  let sum = a0;
${each((k) => (k === 0 ? "" : `  sum = f32x4.add(sum, a${k});`))}
  return f32x4.extract_lane(sum, 0);
}
`;
}

function compile(): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), "materiome-peak-"));
  try {
    writeFileSync(join(folder, "peak.ts"), source());
    const compiler = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
    const flags = ["--outFile", "peak.wasm", "-O3", "--runtime", "stub", "--enable", "simd"];
    const { status, stderr } = spawnSync(process.execPath, [compiler, "peak.ts", ...flags], { cwd: folder });
    if (status !== 0) throw new Error(`The AssemblyScript compiler refused the loop: ${stderr}`);
    return new WebAssembly.Module(readFileSync(join(folder, "peak.wasm")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { run } = new WebAssembly.Instance(compile()).exports as { readonly run: (n: number) => number };
const seconds = Array.from({ length: ROUNDS }, () => {
  const started = performance.now();
  run(TURNS);
  return (performance.now() - started) / 1000;
});
const gigaflops = (TURNS * OPERATIONS) / Math.min(...seconds) / 1e9;
const direct = stepOperations();
/** F(2 × 2, 3 × 3): 16 products a tile of four outputs instead of 36. */
const tiled = (direct * 16) / 36;
const result = {
  ...{ suite: "speed", case: "simd-peak", metric: "10⁹ operations a second", gigaflops },
  stepOperations: { direct, tiled },
  leastStepMilliseconds: tiled / gigaflops / 1e6,
  ...provenance({}),
};
report(result, () => {
  console.log(`${gigaflops.toFixed(1)} · 10⁹ multiplications and additions a second, one thread`);
  console.log(
    `a training step of unetStep.ts: ${result.leastStepMilliseconds.toFixed(0)} ms at least, in tiles of 2 × 2`,
  );
  console.log(provenanceLine(result));
});
