/**
 * Grain-size accuracy of the segmentation defaults on rendered micrographs with known labels, and on the NIST steel where
 * MATERIOME_DATA is set. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/grainsize.ts
 *
 * Options: --json, --seeds N (default 10), --first-seed N (default 1), --sizes 12,24,… (px), --polarity dark|bright, --threads N (default 2).
 */
import { parseArgs } from "node:util";
import { closeWorkers, runTasks } from "@materiome/core";
import { mean } from "./averages.ts";
import { report } from "./commandLine.ts";
import {
  GRAIN_SIZES_PX,
  type NistScore,
  NOISES,
  type RenderedCase,
  type RenderedScore,
  scoreLineless,
  scoreNist,
} from "./grainsizeCases.ts";
import { provenance } from "./provenance.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seeds: { type: "string", default: "10" },
    "first-seed": { type: "string", default: "1" },
    sizes: { type: "string" },
    polarity: { type: "string", default: "dark" },
    threads: { type: "string", default: "2" },
  },
});
const seeds = Number(options.seeds);
const firstSeed = Number(options["first-seed"]);
const sizes = options.sizes === undefined ? GRAIN_SIZES_PX : options.sizes.split(",").map(Number);
const polarity = options.polarity === "bright" ? "bright" : "dark";

const cases: RenderedCase[] = sizes.flatMap((grainSizePx) =>
  Array.from({ length: seeds }, (_, k) => ({ grainSizePx, seed: firstSeed + k, polarity })),
);
const module = new URL("./grainsizeCases.ts", import.meta.url).href;
const scores = (
  await runTasks<RenderedCase, RenderedScore[]>({ module, name: "scoreRendered" }, cases, {
    threads: Number(options.threads),
    onProgress: ({ done, total }) => process.stderr.write(`\r${done} of ${total} fields`),
  })
).flat();
process.stderr.write("\n");
await closeWorkers();

const cells = sizes.flatMap((grainSizePx) =>
  NOISES.map((noise) => {
    const cell = scores.filter((score) => score.grainSizePx === grainSizePx && score.noise === noise);
    return {
      grainSizePx,
      noise,
      nFields: cell.length,
      minGrains: Math.min(...cell.map((score) => score.nTrue)),
      interceptErrorPct: 100 * mean(cell.map((score) => Math.abs(score.interceptError))),
      interceptBiasPct: 100 * mean(cell.map((score) => score.interceptError)),
      countErrorPct: 100 * mean(cell.map((score) => Math.abs(score.countError))),
      lowestLineShare: Math.min(...cell.map((score) => score.lineShare)),
      countBiasPct: 100 * mean(cell.map((score) => score.countError)),
      secondsPerMegapixel: mean(cell.map((score) => score.seconds / score.megapixels)),
    };
  }),
);
const data = process.env["MATERIOME_DATA"];
const nist: NistScore | undefined = data === undefined ? undefined : await scoreNist(data);
const lineless = data === undefined ? undefined : await scoreLineless(data);

const result = { suite: "grainsize", polarity, seeds, firstSeed, cells, nist, lineless, ...provenance() };
report(result, () => {
  const line = (fields: readonly (string | number)[]): string =>
    fields.map((field) => (typeof field === "number" ? field.toFixed(2) : field).padStart(11)).join("");
  console.log(
    line(["size px", "noise", "fields", "grains ≥", "|Δℓ| %", "Δℓ %", "|ΔN| %", "ΔN %", "line share", "s/Mpx"]),
  );
  for (const c of cells) {
    const counts = [String(c.grainSizePx), c.noise, String(c.nFields), String(c.minGrains)];
    const errors = [
      c.interceptErrorPct,
      c.interceptBiasPct,
      c.countErrorPct,
      c.countBiasPct,
      c.lowestLineShare,
      c.secondsPerMegapixel,
    ];
    console.log(line([...counts, ...errors]));
  }
  if (nist === undefined) console.log("NIST steel: skipped, MATERIOME_DATA is not set");
  else {
    console.log(
      `NIST steel: ℓ ${nist.meanInterceptUm.toFixed(2)} µm (horizontal ${nist.horizontalUm.toFixed(2)}, vertical ${nist.verticalUm.toFixed(2)}), ${nist.nGrains} grains, boundary F1 at 3 px ${nist.f1.toFixed(3)} (precision ${nist.precision.toFixed(3)}, recall ${nist.recall.toFixed(3)}), ${nist.seconds.toFixed(2)} s`,
    );
  }
});
