/**
 * Whether inversion keeps its promises. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/inversion.ts
 *
 * Options: --json, --part heats|simulator|window (default all), --seed N (default 1), --threads N (default 2);
 * of the heats: --heats N (default 30), --folds N (default 10), --model NAME (default extra-trees);
 * of the simulator: --trainings N (default 3), --levels N (default 12), --proposals N (default 3), --simulator-model NAME (default
 * gaussian-process).
 *
 * Heats (NIMS fatigue of steels): whole heats held out; fatigue strengths that the heat reached in a measured treatment, and ones as
 * far above its best, are asked for with its composition, reduction and inclusions fixed. False refusals, false acceptances, and how
 * far the proposed tempering temperature is from the best measured one.
 *
 * Simulator (the metal of `materiome demo`): strengths ± half widths at many levels; every proposal is annealed and tested once, with
 * the scatter that the training tests had. Share met against predicted probability, and the optimism of the best of each question
 * before and after correction.
 *
 * Window (NIMS, 13 settings free): R-hat and effective draws of the process window at the default budget.
 */
import { closeWorkers } from "@materiome/core";
import { MODEL_NAMES, type ModelName } from "@materiome/forward";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { askForHeats } from "./inversionHeats.ts";
import { askTheSimulator } from "./inversionSimulator.ts";
import { drawWindows } from "./inversionWindow.ts";
import { provenance, provenanceLine } from "./provenance.ts";

const { seed = 1, threads = 2, heats = 30, folds = 10 } = numberOptions(["seed", "threads", "heats", "folds"]);
const { trainings = 3, levels = 12, proposals = 3 } = numberOptions(["trainings", "levels", "proposals"]);
const part = textOption("part");
if (part !== undefined && !["heats", "simulator", "window"].includes(part))
  throw new Error("--part: expected heats, simulator or window");
const isAsked = (name: string): boolean => part === undefined || part === name;

function modelOf(option: string, otherwise: ModelName): ModelName {
  const name = textOption(option) ?? otherwise;
  const known = MODEL_NAMES.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`--${option}: expected ${MODEL_NAMES.join(", ")}`);
  return known;
}

const heatModel = modelOf("model", "extra-trees");
const simulatorModel = modelOf("simulator-model", "gaussian-process");
const started = performance.now();
const cpu = process.cpuUsage();
const ofHeats = isAsked("heats") ? await askForHeats({ model: heatModel, folds, heats, seed, threads }) : undefined;
const ofSimulator = isAsked("simulator")
  ? await askTheSimulator({ model: simulatorModel, trainings, levels, proposals, seed, threads })
  : undefined;
const windows = isAsked("window") ? await drawWindows({ seed, threads }) : undefined;
process.stderr.write("\n");
await closeWorkers();
const used = process.cpuUsage(cpu);
report(
  {
    suite: "inversion",
    heats: ofHeats && { model: heatModel, folds, ...ofHeats },
    simulator: ofSimulator && { model: simulatorModel, trainings, ...ofSimulator },
    windows,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
    seed,
    ...provenance({}),
  },
  (result) => {
    if (result.heats !== undefined) {
      console.log(
        `NIMS fatigue steels: ${result.heats.nHeats} heats held out whole, ${result.heats.nQuestions} questions, ${heatModel}`,
      );
      for (const o of result.heats.byOffset) {
        console.log(
          `  ± ${String(o.offsetMPa).padStart(2)} MPa of the best measured: false refusals ${percent(o.falseRefusals)} of ${o.nReachable} (corrected ${percent(o.falseRefusalsCorrected)}), false acceptances ${percent(o.falseAcceptances)} of ${o.nUnreached} (corrected ${percent(o.falseAcceptancesCorrected)}); tempering off by ${o.temperingErrorMeanC.toFixed(0)} degC (median ${o.temperingErrorMedianC.toFixed(0)}, within 25: ${percent(o.temperingWithin25C)})`,
        );
      }
    }
    if (result.simulator !== undefined) {
      const { simulator } = result;
      console.log(
        `grain growth: ${simulator.nWithin} of ${simulator.nProposals} proposals with 0.1 ≤ P ≤ 0.9 at ${simulator.nLevels} levels, ${trainings} laboratories, ${simulatorModel}`,
      );
      for (const [name, bins] of [
        ["P", simulator.bins],
        ["corrected P", simulator.correctedBins],
      ] as const)
        for (const b of bins) {
          console.log(
            `  ${name} ${b.from} … ${b.to}: ${String(b.n).padStart(3)} proposals, predicted ${b.predicted.toFixed(3)}, met ${b.met.toFixed(3)} ± ${b.error.toFixed(3)}, difference ${b.difference.toFixed(3)}`,
          );
        }
      for (const d of simulator.decisions) console.log(`  refused below ${d.least}: ${JSON.stringify(d)}`);
      for (const [name, o] of [
        ["best of its question", simulator.best],
        ["the others", simulator.others],
      ] as const) {
        console.log(
          `  ${name}: ${o.n} proposals, predicted ${o.predicted.toFixed(3)}, corrected ${o.corrected?.toFixed(3) ?? "unknown"}, met ${o.met.toFixed(3)} ± ${o.error.toFixed(3)}`,
        );
      }
    }
    for (const w of result.windows ?? []) {
      console.log(
        `${w.model}, ${w.spec}: R-hat ${w.rHat?.toFixed(3)}, ${w.effectiveSampleSize?.toFixed(0)} effective draws of ${w.nEvaluated} predicted settings, ${w.cpuSeconds.toFixed(1)} s`,
      );
    }
    console.log(`seed ${seed}, ${result.cpuSeconds.toFixed(0)} s of processor; ${provenanceLine(result)}`);
  },
);

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
