// Minutes that `auto` takes for a large table, and what it chose.
// Run: node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/autoTime.ts
// Options: --rows N (default 5000), --features N (default 300), --threads N (default 2), --seed N (default 1), --json
import { closeWorkers, createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import { createAuto } from "@materiome/forward";
import { numberOptions, report } from "./commandLine.ts";
import { provenance, provenanceLine } from "./provenance.ts";

const { rows = 5000, features = 300, threads = 2, seed = 1 } = numberOptions(["rows", "features", "threads", "seed"]);
const random = createRandom(seed).fork("rows");
const data = Float64Array.from({ length: rows * features }, () => random.next());
// Friedman's function of the first five features; the others are noise.
const y = Float64Array.from({ length: rows }, (_, i) => {
  const [a, b, c, d, e] = data.subarray(i * features) as unknown as [number, number, number, number, number]; // five at least
  return 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + random.normal();
});
const x: FeatureMatrix = {
  ...createMatrix(rows, features, data),
  features: Array.from({ length: features }, (_, f) => ({ name: `x${f}`, unit: "", source: [`x${f}`] })),
};
const started = performance.now();
const model = await createAuto().fit(
  x,
  { kind: "regression", values: createMatrix(rows, 1, y), units: [""] },
  { random: createRandom(seed), threads },
);
const minutes = (performance.now() - started) / 60_000;
const cpuMinutes = (process.cpuUsage().user + process.cpuUsage().system) / 60e6;
await closeWorkers();
const result = {
  suite: "speed",
  case: "auto",
  metric: "minutes of one fit",
  value: minutes,
  cpuMinutes,
  ...{ rows, features, threads, seed },
  report: (model as { readonly report?: unknown }).report ?? null,
  ...provenance(),
};
report(result, () => {
  console.log(
    `auto, ${rows} rows of ${features} features: ${minutes.toFixed(1)} min, ${cpuMinutes.toFixed(1)} min of CPU`,
  );
  console.log(provenanceLine(result));
});
