/**
 * A U-Net from phase map to field, learned from maps that the Fourier solver solved: flux of conduction (contrast 10, gradient along x) and stress of
 * plane strain (Young's moduli 1 and 10, strain along x) of two-phase maps of 64². Tested on maps of the same kind and on others: another fraction,
 * finer features, discs. Beside: the mean of each phase, and linear least squares on fractions around a pixel. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/fieldSurrogate.ts
 *
 * Options: --case conduction | elasticity (default both), --maps 100, --epochs 16, --test 16, --seed 1, --threads 2, --pictures FOLDER, --json.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { closeWorkers, createRandom, createRaster, type Random, type Raster } from "@materiome/core";
import {
  type ComponentScores,
  createFieldSurrogate,
  type FieldExample,
  type FieldSurrogate,
  scoreFields,
} from "@materiome/forward/nets";
import { writeMicrographPng } from "@materiome/microstructure";
import { conductionField, elasticField } from "@materiome/microstructure/fields";
import { median } from "./averages.ts";
import { isMain, numberOptions, report, textOption } from "./commandLine.ts";
import { fitLocalFractions } from "./fieldBaseline.ts";
import { discMap, randomFieldMap } from "./fieldMaps.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";

export interface FieldSurrogateOptions {
  /** @defaultValue both */
  readonly cases?: readonly CaseName[];
  /** Maps to learn from. @defaultValue 100 */
  readonly maps?: number;
  /** Maps of each test. @defaultValue 16 */
  readonly test?: number;
  /** @defaultValue 16 */
  readonly epochs?: number;
  /** @defaultValue 1 */
  readonly seed?: number;
  /** @defaultValue 2 */
  readonly threads?: number;
  /** Where pictures of truth, prediction and error are written. @defaultValue none */
  readonly pictures?: string | undefined;
}

type CaseName = "conduction" | "elasticity";
type Method = "surrogate" | "phase means" | "local fractions";

/** Scores on one kind of map: one entry a component. */
export interface FieldTestScores {
  readonly maps: string;
  readonly isExtrapolation: boolean;
  readonly scores: { readonly [M in Method]: readonly ComponentScores[] };
}

/** The solver stopped early, on the maps of the first test. */
export interface SolverPoint {
  readonly tolerance: number;
  readonly relativeL2: readonly number[];
  /** Of the processor. */
  readonly milliseconds: number;
}

export interface FieldCase {
  readonly name: CaseName;
  readonly components: readonly string[];
  readonly tests: readonly FieldTestScores[];
  /** Of the processor, for one map of 64², in one thread: medians over the test maps. */
  readonly milliseconds: { readonly surrogate: number; readonly solver: number };
  /** Time of the solver at 1e-6 over that of the surrogate. */
  readonly speedRatio: number;
  readonly solver: readonly SolverPoint[];
  readonly bestEpoch: number;
  readonly trainingMinutes: number;
}

export interface FieldSurrogateBenchmark extends Provenance {
  readonly suite: "fields";
  readonly cases: readonly FieldCase[];
  readonly size: { readonly side: number; readonly maps: number; readonly validation: number; readonly test: number };
  readonly epochs: number;
  readonly filters: readonly number[];
  readonly seed: number;
  readonly threads: number;
}

const SIDE = 64;
const FILTERS = [12, 24, 48];
const BATCH = 4;
const VALIDATION = 16;

interface Case {
  readonly components: readonly { readonly name: string; readonly unit: string }[];
  readonly mirrors: { readonly x: readonly (1 | -1)[]; readonly y: readonly (1 | -1)[] };
  solve(phases: Raster, tolerance: number): Raster<Float64Array>;
}

const CASES: Readonly<Record<CaseName, Case>> = {
  conduction: {
    components: [
      { name: "flux x", unit: "W/m²" },
      { name: "flux y", unit: "W/m²" },
    ],
    mirrors: { x: [1, -1], y: [1, -1] },
    solve: (phases, tolerance) =>
      conductionField(phases, { conductivity: { 0: 1, 1: 10 }, gradient: { x: -1, y: 0 }, tolerance }).flux,
  },
  elasticity: {
    components: [
      { name: "stress xx", unit: "MPa" },
      { name: "stress yy", unit: "MPa" },
      { name: "stress xy", unit: "MPa" },
    ],
    mirrors: { x: [1, 1, -1], y: [1, 1, -1] },
    solve(phases, tolerance) {
      const material = { young: { 0: 1000, 1: 10_000 }, poisson: { 0: 0.3, 1: 0.3 } }; // MPa
      const { stress } = elasticField(phases, { ...material, strain: { xx: 0.001, yy: 0, xy: 0 }, tolerance });
      const data = stress.data.filter((_, i) => i % 4 < 3); // xx, yy, xy
      return createRaster(data, phases.width, phases.height, { channels: 3 });
    },
  },
};

/** Fractions 0.2 … 0.5 of phase 1, features of some 10 px. */
const usual = (random: Random): Raster => randomFieldMap(SIDE, 0.2 + 0.3 * random.next(), 3, random);

const TESTS: readonly { readonly maps: string; readonly isExtrapolation: boolean; make(random: Random): Raster }[] = [
  { maps: "random fields, fraction 0.2 … 0.5, as learned from", isExtrapolation: false, make: usual },
  {
    maps: "random fields, fraction 0.7",
    isExtrapolation: true,
    make: (random) => randomFieldMap(SIDE, 0.7, 3, random),
  },
  {
    maps: "random fields of half the size of features, fraction 0.2 … 0.5",
    isExtrapolation: true,
    make: (random) => randomFieldMap(SIDE, 0.2 + 0.3 * random.next(), 1.5, random),
  },
  {
    maps: "discs 12 px across, fraction 0.35",
    isExtrapolation: true,
    make: (random) => discMap(SIDE, 0.35, 6, random),
  },
];

export async function benchmarkFieldSurrogate(options: FieldSurrogateOptions = {}): Promise<FieldSurrogateBenchmark> {
  const {
    cases = ["conduction", "elasticity"],
    maps = 100,
    epochs = 16,
    test = 16,
    seed = 1,
    threads = 2,
    pictures,
  } = options;
  const found: FieldCase[] = [];
  try {
    for (const name of cases) {
      found.push(await runCase(name, { maps, epochs, test, seed, threads, pictures }));
    }
  } finally {
    await closeWorkers();
  }
  return {
    suite: "fields",
    cases: found,
    size: { side: SIDE, maps, validation: VALIDATION, test },
    epochs,
    filters: FILTERS,
    seed,
    threads,
    ...provenance(),
  };
}

async function runCase(
  name: CaseName,
  settings: { maps: number; epochs: number; test: number; seed: number; threads: number; pictures: string | undefined },
): Promise<FieldCase> {
  const { components, mirrors, solve } = CASES[name];
  const random = createRandom(settings.seed);
  const examples = (label: string, n: number, make: (random: Random) => Raster): FieldExample[] =>
    Array.from({ length: n }, (_, i) => {
      const phases = make(random.fork(`${label} ${i}`));
      return { phases, field: solve(phases, 1e-6) };
    });
  const train = examples("training", settings.maps, usual);
  const validation = examples("validation", VALIDATION, usual);
  const learner = createFieldSurrogate({
    components,
    mirrors,
    filters: FILTERS,
    epochs: settings.epochs,
    patience: settings.epochs,
    batchSize: BATCH,
    learningRate: 0.004,
  });
  const started = performance.now();
  const surrogate = await learner.fit(train, validation, { random: random.fork("fit"), threads: settings.threads });
  const trainingMinutes = (performance.now() - started) / 60_000;
  const local = fitLocalFractions(train, 7);
  const tests: FieldTestScores[] = [];
  const sets: FieldExample[][] = [];
  for (const { maps, isExtrapolation, make } of TESTS) {
    const set = examples(maps, settings.test, make);
    sets.push(set);
    const { surrogate: ours, phaseMeans } = await surrogate.score(set);
    const truth = set.map(({ field }) => field);
    const scores = {
      surrogate: ours,
      "phase means": phaseMeans,
      "local fractions": scoreFields(
        truth,
        set.map(({ phases }) => local(phases)),
      ),
    };
    tests.push({ maps, isExtrapolation, scores });
  }
  const [first = []] = sets;
  const timed = await timeBoth(surrogate, first, solve);
  if (settings.pictures !== undefined) await writePictures(settings.pictures, name, surrogate, sets);
  return {
    name,
    components: components.map((component) => component.name),
    tests,
    ...timed,
    bestEpoch: surrogate.bestEpoch,
    trainingMinutes,
  };
}

async function timeBoth(
  surrogate: FieldSurrogate,
  set: readonly FieldExample[],
  solve: Case["solve"],
): Promise<Pick<FieldCase, "milliseconds" | "speedRatio" | "solver">> {
  const tolerances = [1e-6, 1e-3, 1e-2, 3e-2, 1e-1];
  const times = new Map<number, number[]>(tolerances.map((tolerance) => [tolerance, []]));
  const fields = new Map<number, Raster<Float64Array>[]>(tolerances.map((tolerance) => [tolerance, []]));
  const ours: number[] = [];
  for (const { phases } of set) {
    let from = process.cpuUsage();
    await surrogate.predict(phases);
    ours.push(since(from));
    for (const tolerance of tolerances) {
      from = process.cpuUsage();
      fields.get(tolerance)?.push(solve(phases, tolerance));
      times.get(tolerance)?.push(since(from));
    }
  }
  const truth = set.map(({ field }) => field);
  const solver = tolerances.map((tolerance) => ({
    tolerance,
    relativeL2: scoreFields(truth, fields.get(tolerance) ?? []).map(({ relativeL2 }) => relativeL2),
    milliseconds: median(times.get(tolerance) ?? []),
  }));
  const milliseconds = { surrogate: median(ours), solver: solver[0]?.milliseconds ?? Number.NaN };
  return { milliseconds, speedRatio: milliseconds.solver / milliseconds.surrogate, solver };
}

/** Milliseconds of the processor: other programs that run do not matter. */
function since(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1000;
}

/** A row for each test, in grey: map, truth, prediction, error (grey where right, full at half of the range), of the first component. */
async function writePictures(
  folder: string,
  name: CaseName,
  surrogate: FieldSurrogate,
  sets: readonly (readonly FieldExample[])[],
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scale = 3;
  const cell = SIDE * scale;
  const pitch = cell + 6;
  const picture = createRaster(
    new Float32Array(4 * pitch * sets.length * pitch).fill(1),
    4 * pitch,
    sets.length * pitch,
  );
  for (const [row, set] of sets.entries()) {
    const [example] = set;
    if (example === undefined) continue;
    const found = await surrogate.predict(example.phases);
    const truth = example.field.data.filter((_: number, i: number) => i % found.channels === 0);
    const told = found.data.filter((_, i) => i % found.channels === 0);
    const sorted = Float64Array.from(truth).sort();
    const low = sorted[0] ?? 0;
    const range = (sorted[Math.floor(0.995 * sorted.length)] ?? 1) - low;
    const paint = (column: number, greyAt: (p: number) => number): void => {
      for (let y = 0; y < cell; y++) {
        for (let x = 0; x < cell; x++) {
          const p = Math.floor(y / scale) * SIDE + Math.floor(x / scale);
          picture.data[(row * pitch + y) * picture.width + column * pitch + x] = Math.min(1, Math.max(0, greyAt(p)));
        }
      }
    };
    paint(0, (p) => example.phases.data[p] ?? 0);
    paint(1, (p) => ((truth[p] ?? 0) - low) / range);
    paint(2, (p) => ((told[p] ?? 0) - low) / range);
    paint(3, (p) => 0.5 + ((told[p] ?? 0) - (truth[p] ?? 0)) / range);
  }
  await writeMicrographPng(join(folder, `${name}.png`), picture);
}

function print(result: FieldSurrogateBenchmark): void {
  for (const {
    name,
    components,
    tests,
    milliseconds,
    speedRatio,
    solver,
    bestEpoch,
    trainingMinutes,
  } of result.cases) {
    console.log(`${name}: best epoch ${bestEpoch}, ${trainingMinutes.toFixed(1)} min`);
    for (const { maps, scores } of tests) {
      console.log(`  ${maps}`);
      for (const [method, list] of Object.entries(scores)) {
        const parts = list.map(
          ({ relativeL2, r2, meanRelative }, c) =>
            `${components[c]}: ${relativeL2.toFixed(3)}, R² ${r2.toFixed(3)}, mean ${(100 * meanRelative).toFixed(1)} %`,
        );
        console.log(`    ${method.padEnd(16)} ${parts.join("; ")}`);
      }
    }
    console.log(
      `  surrogate ${milliseconds.surrogate.toFixed(1)} ms, solver ${milliseconds.solver.toFixed(1)} ms: ${speedRatio.toFixed(2)} times as fast`,
    );
    for (const point of solver) {
      const errors = point.relativeL2.map((error) => error.toExponential(1)).join(", ");
      console.log(`    solver to ${point.tolerance}: ${point.milliseconds.toFixed(1)} ms, ${errors}`);
    }
  }
  console.log(`  ${provenanceLine(result)}`);
}

if (isMain(import.meta.url)) {
  const name = textOption("case");
  if (name !== undefined && !(name in CASES)) throw new Error(`fieldSurrogate: no case "${name}"`);
  const result = await benchmarkFieldSurrogate({
    ...numberOptions(["maps", "epochs", "test", "seed", "threads"]),
    ...(name === undefined ? {} : { cases: [name as CaseName] }),
    pictures: textOption("pictures"),
  });
  report(result, print);
}
