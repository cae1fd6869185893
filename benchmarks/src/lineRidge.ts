/**
 * The line filter of grain boundaries as WebAssembly beside plain loops over typed arrays, in turns, on 576 × 576 pixels of noise. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/lineRidge.ts
 *
 * Options: --rounds N (default 12), --json. Both must give the same bits.
 */
import { createRandom } from "@materiome/core";
import { type LineTaps, lineRidge } from "@materiome/core/numerics";
import { plainLineRidge } from "../../packages/core/test/numerics/image/plainLineRidge.ts";
import { median } from "./averages.ts";
import { numberOptions, report } from "./commandLine.ts";
import { provenance, provenanceLine } from "./provenance.ts";

const SIDE = 576;
const MARGIN = 12;
const ORIENTATIONS = 12;
const SIGMA = 2.2;
const PENALTY = 0.7;

const offsets = (of: (angle: number) => number): Int32Array =>
  Int32Array.from({ length: 5 * ORIENTATIONS }, (_, i) =>
    Math.round((i % 5) * SIGMA * of((Math.PI * Math.floor(i / 5)) / ORIENTATIONS)),
  );
const taps: LineTaps = {
  nOrientations: ORIENTATIONS,
  weights: Float64Array.of(0.22, 0.19, 0.13, 0.05, 0.02),
  offsetsX: offsets(Math.cos),
  offsetsY: offsets(Math.sin),
};
const random = createRandom(1);
const padded = Float32Array.from({ length: (SIDE + 2 * MARGIN) ** 2 }, () => random.next());
const size = { width: SIDE, height: SIDE, margin: MARGIN };

const empty = () => ({ strength: new Float32Array(SIDE * SIDE), orientation: new Uint8Array(SIDE * SIDE) });
const ways = {
  plain({ strength, orientation }: ReturnType<typeof empty>): void {
    const { weights, offsetsX, offsetsY } = taps;
    const given = [SIDE, SIDE, MARGIN, padded, ORIENTATIONS, weights, offsetsX, offsetsY, PENALTY] as const;
    plainLineRidge(...given, strength, orientation);
  },
  wasm({ strength, orientation }: ReturnType<typeof empty>): void {
    lineRidge(size, padded, taps, PENALTY, strength, orientation);
  },
};
const { rounds = 12 } = numberOptions(["rounds"]);
const times: Record<keyof typeof ways, number[]> = { plain: [], wasm: [] };
for (let round = 0; round < rounds; round++) {
  const found = [];
  for (const way of ["plain", "wasm"] as const) {
    const out = empty();
    const started = performance.now();
    ways[way](out);
    times[way].push(performance.now() - started);
    found.push(out);
  }
  const [a, b] = found;
  const isSame = a?.strength.every((value, i) => value === b?.strength[i] && a.orientation[i] === b?.orientation[i]);
  if (isSame !== true) throw new Error("lineRidge and plain loops differ");
}
const [plain, wasm] = [median(times.plain), median(times.wasm)];
const result = {
  ...{ suite: "speed", case: "line-ridge", metric: "milliseconds, median", side: SIDE, rounds },
  ...{ plain, wasm, ratio: wasm / plain },
  ...provenance({}),
};
report(result, () => {
  console.log(`plain loops ${plain.toFixed(0)} ms, WebAssembly ${wasm.toFixed(0)} ms, the same bits`);
  console.log(provenanceLine(result));
});
