import { createRandom, readTableFile } from "@materiome/core";
import { findDatasetFile } from "@materiome/datasets";
import { type ModelName, trainPropertyModel } from "@materiome/forward";
import { invert, parseSpec, spaceFromTable } from "@materiome/inverse";

const TARGET = "Fatigue Strength (10E7 Cycles)";
const COMPOSITION = ["C", "Si", "Mn", "P", "S", "Ni", "Cr", "Cu", "Mo"];
const KNOBS = ["Normalized Temperature", "Quenching Temperature", "Temperaing Temperature"];
/** Inclusions are given; temperatures, composition and reduction may be turned: 13 settings. */
const GIVEN = { dA: 0.05, dB: 0, dC: 0 };
const SPECS = [`${TARGET}=500±10 MPa`, `${TARGET}>=600 MPa`];
const MODELS: readonly ModelName[] = ["forest", "extra-trees", "boosting", "gaussian-process"];

/** How well the chains of the process window agree at the default budget, on models with many edges and one without. */
export async function drawWindows({ seed, threads }: { readonly seed: number; readonly threads: number }) {
  const table = await readTableFile(await findDatasetFile("nims-fatigue-steels", "nims-fatigue.csv"));
  const windows = [];
  for (const name of MODELS) {
    const { model } = await trainPropertyModel(
      table,
      { targets: [TARGET], inputs: [...KNOBS, ...COMPOSITION, "RR", ...Object.keys(GIVEN)], model: name, folds: 2 },
      { random: createRandom(seed).fork("train"), threads },
    );
    const space = spaceFromTable(model.training, { inputs: model.inputs, fix: GIVEN });
    for (const spec of SPECS) {
      const before = process.cpuUsage();
      const { window } = await invert(model, {
        specs: [parseSpec(spec, model.targets)],
        space,
        random: createRandom(seed).fork(spec),
        minProbability: 0.3,
        maxEvaluations: 3000,
        threads,
      });
      const { user, system } = process.cpuUsage(before);
      windows.push({
        model: name,
        spec,
        rHat: window?.rHat,
        effectiveSampleSize: window?.effectiveSampleSize,
        nEvaluated: window?.nEvaluated,
        cpuSeconds: (user + system) / 1e6,
      });
      process.stderr.write(`\r${name}: ${windows.length} windows   `);
    }
  }
  return windows;
}
