import { createRandom, readTableFile, shuffle, type Table, type TableModel, takeTableRows } from "@materiome/core";
import { findDatasetFile } from "@materiome/datasets";
import { type ModelName, trainPropertyModel } from "@materiome/forward";
import { invert, parseSpec, spaceFromTable } from "@materiome/inverse";
import { mean, median } from "./averages.ts";

const TARGET = "Fatigue Strength (10E7 Cycles)";
const TEMPERING = "Temperaing Temperature";
const COMPOSITION = ["C", "Si", "Mn", "P", "S", "Ni", "Cr", "Cu", "Mo"];
/** What comes with the heat: reduction ratio and inclusions. */
const GIVEN = [...COMPOSITION, "RR", "dA", "dB", "dC"];
const KNOBS = ["Normalized Temperature", "Quenching Temperature", TEMPERING];
/** How far what is asked for lies below (reachable) and above (not reached) the best that was measured, MPa. */
const OFFSETS = [15, 30, 60];

export interface HeatsOptions {
  readonly model: ModelName;
  readonly folds: number;
  /** Heats to ask for, drawn by the seed. */
  readonly heats: number;
  readonly seed: number;
  readonly threads: number;
}

interface Question {
  readonly heat: number;
  readonly offset: number;
  readonly isReachable: boolean;
  readonly isRefused: boolean;
  readonly predicted: number;
  readonly corrected: number | null;
  /** |proposed − best measured| tempering temperature of the best candidate, °C. */
  readonly temperingError: number | null;
}

/**
 * Whole heats held out: the model has seen no row of them. For each, a fatigue strength that it reached in one of its measured
 * treatments and one that it did not, by as much below as above the best measured, with all that the heat brings fixed.
 *
 * "Not reached" speaks of the treatments that were measured (three to five tempering temperatures a heat): one that was not could do
 * better, so a false acceptance close to the best may be none.
 */
export async function askForHeats(options: HeatsOptions) {
  const { model: name, folds, seed, threads } = options;
  const random = createRandom(seed);
  const table = await readTableFile(await findDatasetFile("nims-fatigue-steels", "nims-fatigue.csv"));
  const heatOf = heatsOf(table);
  const nHeats = Math.max(...heatOf) + 1;
  const order = Array.from(shuffle(nHeats, random.fork("heats")));
  const asked = new Set(order.slice(0, options.heats));
  const questions: Question[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const held = new Set(order.filter((_, k) => k % folds === fold));
    if (![...held].some((heat) => asked.has(heat))) continue;
    const rows = Int32Array.from(heatOf.keys()).filter((i) => !held.has(heatOf[i] ?? -1));
    const { model } = await trainPropertyModel(
      takeTableRows(table, rows),
      { targets: [TARGET], inputs: [...KNOBS, ...GIVEN], model: name, folds: 2 },
      { random: random.fork("train").fork(fold), threads },
    );
    for (const heat of held) {
      if (!asked.has(heat)) continue;
      questions.push(...(await askForHeat(model, table, heatOf, heat, options)));
      process.stderr.write(`\rfold ${fold + 1} of ${folds}: ${questions.length} questions   `);
    }
  }
  return {
    nHeats: asked.size,
    nQuestions: questions.length,
    byOffset: OFFSETS.map((offset) => summary(questions, offset)),
  };
}

/** Rows of equal composition are one heat. */
function heatsOf(table: Table): number[] {
  const names = new Map<string, number>();
  return Array.from({ length: table.nRows }, (_, i) => {
    const key = COMPOSITION.map((column) => table.number(column).values[i]).join(" ");
    const heat = names.get(key) ?? names.size;
    names.set(key, heat);
    return heat;
  });
}

async function askForHeat(
  model: TableModel,
  table: Table,
  heatOf: readonly number[],
  heat: number,
  { seed, threads }: HeatsOptions,
): Promise<Question[]> {
  const own = Array.from(heatOf.keys()).filter((i) => heatOf[i] === heat);
  const strength = table.number(TARGET).values;
  const best = own.reduce((a, b) => ((strength[b] ?? 0) > (strength[a] ?? 0) ? b : a));
  const fix = Object.fromEntries(GIVEN.map((column) => [column, table.number(column).values[best] ?? Number.NaN]));
  const space = spaceFromTable(model.training, { inputs: model.inputs, fix });
  const questions: Question[] = [];
  for (const offset of OFFSETS) {
    for (const isReachable of [true, false]) {
      const level = (strength[best] ?? Number.NaN) + (isReachable ? -offset : offset);
      const { candidates, refused, diagnostics } = await invert(model, {
        specs: [parseSpec(`${TARGET}>=${level}`, model.targets)],
        space,
        random: createRandom(seed).fork(heat).fork(level),
        maxEvaluations: 2000,
        explore: false,
        threads,
      });
      const [candidate] = candidates;
      const proposed = candidate?.settings.find((setting) => setting.name === TEMPERING)?.value;
      questions.push({
        heat,
        offset,
        isReachable,
        isRefused: refused !== undefined,
        predicted: diagnostics.bestProbability,
        corrected: diagnostics.optimism?.corrected ?? null,
        temperingError:
          typeof proposed === "number"
            ? Math.abs(proposed - (table.number(TEMPERING).values[best] ?? Number.NaN))
            : null,
      });
    }
  }
  return questions;
}

function summary(questions: readonly Question[], offset: number) {
  const own = questions.filter((q) => q.offset === offset);
  const reachable = own.filter((q) => q.isReachable);
  const unreached = own.filter((q) => !q.isReachable);
  const errors = reachable.flatMap((q) => (q.temperingError === null ? [] : [q.temperingError]));
  return {
    offsetMPa: offset,
    nReachable: reachable.length,
    falseRefusals: reachable.filter((q) => q.isRefused).length / reachable.length,
    nUnreached: unreached.length,
    falseAcceptances: unreached.filter((q) => !q.isRefused).length / unreached.length,
    falseAcceptancesCorrected: unreached.filter((q) => (q.corrected ?? q.predicted) >= 0.5).length / unreached.length,
    falseRefusalsCorrected: reachable.filter((q) => (q.corrected ?? q.predicted) < 0.5).length / reachable.length,
    temperingErrorMeanC: mean(errors),
    temperingErrorMedianC: median(errors),
    temperingWithin25C: errors.filter((error) => error <= 25).length / errors.length,
  };
}
