import { join } from "node:path";
import { createNumberColumn, InfeasibleError, type RunContext, Table, type TableModel } from "@materiome/core";
import { type TrainedPropertyModel, trainChain } from "@materiome/forward";
import { type Candidate, type InversionResult, invert, parseSpec, spaceFromTable } from "@materiome/inverse";
import type { GrainStructure } from "@materiome/microstructure/synthesis";
import { prepareFolder } from "../output/prepareFolder.ts";
import { runFurnace, type SampleRequest } from "./annealTask.ts";
import { fitGrowthLaw, type GrowthLaw } from "./growthLaw.ts";
import { makeSamples, type Sample } from "./makeSamples.ts";
import { type Anneal, DEMO, kelvin, planAnneals } from "./plan.ts";

export const COLUMNS = {
  temperature: "temperature",
  time: "time",
  start: "starting grain size",
  grainSize: "grain size",
  strength: "yield strength",
} as const;

/** A sample with the settings that made it. */
export interface AnnealedSample extends Sample {
  readonly anneal: Anneal;
  /** Digitized size of the starting material, µm: what the engineer knows of it. */
  readonly startUm: number;
}

/** A suggestion and what the simulator said when it was run. */
export interface CheckedSuggestion {
  readonly candidate: Candidate;
  readonly temperatureC: number;
  readonly timeMin: number;
  readonly grainSizesUm: readonly number[];
  readonly strengthsMPa: readonly number[];
  readonly meanStrengthMPa: number;
  /** Share of the repeats inside the wanted range. */
  readonly shareMet: number;
}

export interface DemoResult {
  readonly samples: readonly AnnealedSample[];
  readonly startsUm: readonly number[];
  readonly growthLaw: GrowthLaw;
  readonly structureModel: TrainedPropertyModel;
  readonly strengthModel: TrainedPropertyModel;
  readonly chain: TableModel;
  readonly inversion: InversionResult;
  /** Index of the starting material that the suggestions are for. */
  readonly materialInHand: number;
  readonly checked: readonly CheckedSuggestion[];
}

const REPEATS = 3;
/** Of each link by itself and of both end to end: the demo is to take a minute. */
const FOLDS = 5;
const SUGGESTIONS = 5;

/**
 * The whole loop on data it makes itself: process grid → grain-growth simulation → micrographs → digitizing → tensile
 * tests → process → structure and structure → property models → inversion of a wanted strength → simulation of the answer.
 *
 * @param folder - where the micrographs go; must exist
 */
export async function runDemo(folder: string, run: RunContext): Promise<DemoResult> {
  const { random } = run;
  const pictures = join(folder, "micrographs");
  await prepareFolder(pictures);
  const starts = await runFurnace<{ grainSizeUm: number; key: string }, GrainStructure>(
    "growStartingMaterial",
    DEMO.startingGrainSizesUm.map((grainSizeUm, i) => ({ grainSizeUm, key: random.fork("start").fork(i).key })),
    { ...run, stage: "starting materials" },
  );
  const startsUm = await measureStarts(starts, pictures, run);
  const samples = await annealAll(starts, startsUm, pictures, run);

  const table = sampleTable(samples);
  const growthLaw = fitGrowthLaw(
    samples.map((s) => ({
      temperatureK: kelvin(s.anneal.temperatureC),
      timeS: s.anneal.timeMin * 60,
      startUm: s.startUm,
      grainSizeUm: s.grainSizeUm,
    })),
  );
  const { chain, first, second } = await trainChain(
    table,
    {
      first: { targets: [COLUMNS.grainSize], inputs: [COLUMNS.temperature, COLUMNS.time, COLUMNS.start], folds: FOLDS },
      second: { targets: [COLUMNS.strength], inputs: [COLUMNS.grainSize], folds: FOLDS },
      folds: FOLDS,
    },
    run,
  );

  const materialInHand = 1;
  const { strengthMPa, toleranceMPa } = DEMO.wanted;
  const space = spaceFromTable(chain.training, {
    inputs: chain.inputs,
    fix: { [COLUMNS.start]: startsUm[materialInHand] ?? Number.NaN },
    bounds: { [COLUMNS.time]: { scale: "log", min: 15, max: 300, step: 1 } },
  });
  const inversion = await invert(chain, {
    specs: [parseSpec(`${COLUMNS.strength}=${strengthMPa}±${toleranceMPa} MPa`, chain.targets)],
    space,
    n: SUGGESTIONS,
    minDistance: 0.12,
    explore: false,
    ...run,
    random: random.fork("invert"),
  });
  if (inversion.refused !== undefined) {
    throw new InfeasibleError(`demo: no anneal is expected to reach the strength: ${inversion.refused.reason}`);
  }
  const start = starts[materialInHand];
  if (start === undefined) throw new InfeasibleError("demo: no starting material");
  const checked = await checkSuggestions(inversion.candidates, start, pictures, run);
  return {
    samples,
    startsUm,
    growthLaw,
    structureModel: first,
    strengthModel: second,
    chain,
    inversion,
    materialInHand,
    checked,
  };
}

/** The starting materials as received: photographed and digitized, no anneal. */
async function measureStarts(
  starts: readonly GrainStructure[],
  folder: string,
  run: RunContext,
): Promise<readonly number[]> {
  const requests = starts.map(
    (start, i): SampleRequest => ({
      name: `as-received-${i + 1}`,
      temperatureC: 20,
      timeMin: 0,
      start,
      key: run.random.fork("as received").fork(i).key,
    }),
  );
  const samples = await makeSamples(requests, folder, "as received", run);
  return samples.map((sample) => sample.grainSizeUm);
}

async function annealAll(
  starts: readonly GrainStructure[],
  startsUm: readonly number[],
  folder: string,
  run: RunContext,
): Promise<readonly AnnealedSample[]> {
  const anneals = planAnneals(run.random.fork("plan"));
  const requests = anneals.flatMap((anneal, i): SampleRequest[] => {
    const start = starts[anneal.start];
    if (start === undefined) return [];
    const { temperatureC, timeMin } = anneal;
    const name = `sample-${String(i + 1).padStart(2, "0")}`;
    return [{ name, temperatureC, timeMin, start, key: run.random.fork("sample").fork(i).key }];
  });
  const samples = await makeSamples(requests, folder, "samples", run);
  return samples.flatMap((sample, i) => {
    const anneal = anneals[i];
    const startUm = anneal === undefined ? undefined : startsUm[anneal.start];
    return anneal === undefined || startUm === undefined ? [] : [{ ...sample, anneal, startUm }];
  });
}

/** What the laboratory would have in its spreadsheet: settings, digitized grain size, tensile strength. */
export function sampleTable(samples: readonly AnnealedSample[]): Table {
  const number = (
    name: string,
    role: "process" | "structure" | "property",
    unit: string,
    of: (s: AnnealedSample) => number,
  ) => createNumberColumn(name, samples.map(of), { role, unit });
  return new Table(
    [
      number(COLUMNS.temperature, "process", "degC", (s) => s.anneal.temperatureC),
      number(COLUMNS.time, "process", "min", (s) => s.anneal.timeMin),
      number(COLUMNS.start, "process", "um", (s) => s.startUm),
      number(COLUMNS.grainSize, "structure", "um", (s) => s.grainSizeUm),
      number(COLUMNS.strength, "property", "MPa", (s) => s.strengthMPa),
    ],
    "demo samples",
  );
}

/** Runs the furnace at each suggestion, several times with fresh randomness. */
async function checkSuggestions(
  candidates: readonly Candidate[],
  start: GrainStructure,
  folder: string,
  run: RunContext,
): Promise<CheckedSuggestion[]> {
  const settings = candidates.map((candidate) => ({
    temperatureC: settingOf(candidate, COLUMNS.temperature),
    timeMin: settingOf(candidate, COLUMNS.time),
  }));
  const requests = settings.flatMap((setting, i) =>
    Array.from({ length: REPEATS }, (_, k): SampleRequest => {
      const key = run.random.fork("check").fork(i).fork(k).key;
      return { name: `suggestion-${i + 1}-${k + 1}`, ...setting, start, key };
    }),
  );
  const samples = await makeSamples(requests, folder, "suggestions", run);
  const { strengthMPa, toleranceMPa } = DEMO.wanted;
  return candidates.map((candidate, i) => {
    const own = samples.slice(i * REPEATS, (i + 1) * REPEATS);
    const strengthsMPa = own.map((sample) => sample.strengthMPa);
    return {
      candidate,
      temperatureC: settings[i]?.temperatureC ?? Number.NaN,
      timeMin: settings[i]?.timeMin ?? Number.NaN,
      grainSizesUm: own.map((sample) => sample.grainSizeUm),
      strengthsMPa,
      meanStrengthMPa: strengthsMPa.reduce((a, b) => a + b, 0) / strengthsMPa.length,
      shareMet: strengthsMPa.filter((s) => Math.abs(s - strengthMPa) <= toleranceMPa).length / strengthsMPa.length,
    };
  });
}

function settingOf(candidate: Candidate, name: string): number {
  return Number(candidate.settings.find((setting) => setting.name === name)?.value);
}

/** Anneals without randomness in their description, for the map of the report. */
export function processTable(rows: readonly { temperatureC: number; timeMin: number; startUm: number }[]): Table {
  const number = (name: string, unit: string, values: readonly number[]) =>
    createNumberColumn(name, values, { role: "process", unit });
  return new Table([
    number(
      COLUMNS.temperature,
      "degC",
      rows.map((r) => r.temperatureC),
    ),
    number(
      COLUMNS.time,
      "min",
      rows.map((r) => r.timeMin),
    ),
    number(
      COLUMNS.start,
      "um",
      rows.map((r) => r.startUm),
    ),
  ]);
}
