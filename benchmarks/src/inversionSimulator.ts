import { createNumberColumn, createRandom, type Random, runTasks, Table } from "@materiome/core";
import { type ModelName, trainPropertyModel } from "@materiome/forward";
import { type Candidate, type Criterion, invert, parseSpec, spaceFromTable } from "@materiome/inverse";
import type { GrainStructure } from "@materiome/microstructure/synthesis";
import { DEMO, planAnneals } from "../../packages/cli/src/demo/plan.ts";
import type { AnnealRequest } from "./annealStrengthTask.ts";
import { mean } from "./averages.ts";

/** Index of the starting material that is asked for. */
const IN_HAND = 1;
/** Half widths asked for, MPa: with a test scatter of 4 MPa from hardly to almost surely met. */
const HALF_WIDTHS = [1.5, 2.5, 4, 5.5, 7.5];
const CRITERIA: readonly Criterion[] = ["predicted", "corrected"];
/** Least probabilities at which the two criteria are compared. */
const THRESHOLDS = [0.3, 0.5, 0.7];
const BIN_EDGES = [0.1, 0.3, 0.5, 0.7, 0.9];

export interface SimulatorOptions {
  readonly model: ModelName;
  /** Independent laboratories: each makes its own training samples and asks for every level. */
  readonly trainings: number;
  readonly levels: number;
  /** Proposals of each question. */
  readonly proposals: number;
  readonly seed: number;
  readonly threads: number;
}

interface Proposal {
  /** Which probability the search went by. */
  readonly criterion: Criterion;
  /** Question, the same number for both criteria. */
  readonly question: string;
  readonly level: number;
  readonly halfWidth: number;
  /** 0: the best of its question. */
  readonly rank: number;
  readonly predicted: number;
  readonly corrected: number | null;
  readonly strength: number;
  readonly isMet: boolean;
}

/**
 * Proposals for the demo's metal, each annealed and tested once with fresh randomness: whether what is predicted with probability p is met
 * with probability p, and how much less often the best of a question is.
 */
export async function askTheSimulator(options: SimulatorOptions) {
  const all: Proposal[] = [];
  for (let k = 0; k < options.trainings; k++) {
    all.push(...(await askInOneLaboratory(createRandom(options.seed).fork(k), k, options)));
    process.stderr.write(`\rlaboratory ${k + 1} of ${options.trainings}: ${all.length} proposals   `);
  }
  const proposals = all.filter((p) => p.criterion === "predicted");
  const byCorrected = all.filter((p) => p.criterion === "corrected");
  const counted = proposals.filter((p) => p.predicted >= 0.1 && p.predicted <= 0.9);
  const best = counted.filter((p) => p.rank === 0);
  return {
    nProposals: proposals.length,
    nWithin: counted.length,
    nLevels: new Set(proposals.map((p) => p.level)).size,
    bins: BIN_EDGES.slice(1).map((to, b) => bin(proposals, (p) => p.predicted, BIN_EDGES[b] ?? 0, to)),
    correctedBins: BIN_EDGES.slice(1).map((to, b) => bin(byCorrected, (p) => p.corrected ?? -1, BIN_EDGES[b] ?? 0, to)),
    best: optimism(best),
    others: optimism(counted.filter((p) => p.rank > 0)),
    nQuestions: options.trainings * options.levels * HALF_WIDTHS.length,
    decisions: THRESHOLDS.map((least) => ({
      least,
      ...Object.fromEntries(CRITERIA.map((criterion) => [criterion, decided(all, criterion, least)])),
    })),
  };
}

function bin(proposals: readonly Proposal[], of: (p: Proposal) => number, from: number, to: number) {
  const isLast = to === BIN_EDGES.at(-1);
  const own = proposals.filter((p) => of(p) >= from && (isLast ? of(p) <= to : of(p) < to));
  const met = mean(own.map((p) => Number(p.isMet)));
  const predicted = mean(own.map(of));
  return {
    from,
    to,
    n: own.length,
    predicted,
    met,
    difference: met - predicted,
    error: Math.sqrt((met * (1 - met)) / own.length),
  };
}

/**
 * What becomes of the best proposals that a criterion accepts. The net benefit weighs them as who asks for at least a probability p does: what is
 * met counts 1, what is not p / (1 − p), what is refused 0 (Vickers & Elkin, Med. Decis. Making 26, 565 (2006),
 * doi:10.1177/0272989X06295361).
 */
function decided(all: readonly Proposal[], criterion: Criterion, least: number) {
  const judged = (p: Proposal): number => (criterion === "corrected" ? (p.corrected ?? p.predicted) : p.predicted);
  const own = all.filter((p) => p.criterion === criterion && p.rank === 0 && judged(p) >= least);
  const nMet = own.filter((p) => p.isMet).length;
  return {
    nAccepted: own.length,
    promised: mean(own.map(judged)),
    met: nMet / own.length,
    error: Math.sqrt(((nMet / own.length) * (1 - nMet / own.length)) / own.length),
    netBenefit: nMet - (own.length - nMet) * (least / (1 - least)),
  };
}

/** How much less often met than predicted, raw and corrected. */
function optimism(proposals: readonly Proposal[]) {
  const met = mean(proposals.map((p) => Number(p.isMet)));
  const corrected = proposals.flatMap((p) => (p.corrected === null ? [] : [p.corrected]));
  return {
    n: proposals.length,
    predicted: mean(proposals.map((p) => p.predicted)),
    corrected: corrected.length === 0 ? null : mean(corrected),
    met,
    error: Math.sqrt((met * (1 - met)) / proposals.length),
  };
}

async function askInOneLaboratory(random: Random, laboratory: number, options: SimulatorOptions): Promise<Proposal[]> {
  const { model: name, threads } = options;
  const module = new URL("./annealStrengthTask.ts", import.meta.url).href;
  const starts = await runTasks<{ grainSizeUm: number; key: string }, GrainStructure>(
    { module, name: "growMaterial" },
    DEMO.startingGrainSizesUm.map((grainSizeUm, i) => ({ grainSizeUm, key: random.fork("start").fork(i).key })),
    { threads },
  );
  const startsUm = DEMO.startingGrainSizesUm;
  const anneal = (requests: readonly AnnealRequest[]): Promise<number[]> =>
    runTasks<AnnealRequest, number>({ module, name: "annealStrength" }, requests, { threads });

  const plan = planAnneals(random.fork("plan"));
  const measured = await anneal(
    plan.map(
      ({ start, ...rest }, i): AnnealRequest => ({
        ...rest,
        start: at(starts, start),
        key: random.fork("sample").fork(i).key,
      }),
    ),
  );
  const column = (label: string, unit: string, values: readonly number[], role: "process" | "property" = "process") =>
    createNumberColumn(label, values, { role, unit });
  const table = new Table([
    column(
      "temperature",
      "degC",
      plan.map((p) => p.temperatureC),
    ),
    column(
      "time",
      "min",
      plan.map((p) => p.timeMin),
    ),
    column(
      "start",
      "um",
      plan.map((p) => at(startsUm, p.start)),
    ),
    column("strength", "MPa", measured, "property"),
  ]);
  const { model } = await trainPropertyModel(
    table,
    { targets: ["strength"], model: name, folds: 5 },
    { random: random.fork("train"), threads },
  );
  const asked: (Pick<Proposal, "criterion" | "question" | "level" | "halfWidth" | "rank"> & {
    readonly target: number;
    readonly candidate: Candidate;
  })[] = [];
  const space = spaceFromTable(model.training, {
    inputs: model.inputs,
    fix: { start: at(startsUm, IN_HAND) },
    bounds: { time: { scale: "log", min: 15, max: 300, step: 1 } },
  });
  const own = measured.filter((_, i) => plan[i]?.start === IN_HAND);
  const [low, high] = [Math.min(...own), Math.max(...own)];
  for (let l = 0; l < options.levels; l++) {
    const target = Math.round(low + ((l + 0.5) / options.levels) * (high - low));
    for (const [halfWidth, criterion] of HALF_WIDTHS.flatMap((width) => CRITERIA.map((c) => [width, c] as const))) {
      const { candidates } = await invert(model, {
        specs: [parseSpec(`strength=${target}±${halfWidth} MPa`, model.targets)],
        space,
        random: random.fork("invert").fork(l).fork(halfWidth),
        n: options.proposals,
        minProbability: 0.1,
        maxEvaluations: 1500,
        criterion,
        explore: false,
        threads,
      });
      const question = `${laboratory} ${l} ${halfWidth}`;
      asked.push(
        ...candidates.map((candidate, rank) => ({ criterion, question, level: l, target, halfWidth, rank, candidate })),
      );
    }
  }
  const achieved = await anneal(
    asked.map(
      ({ candidate }, i): AnnealRequest => ({
        start: at(starts, IN_HAND),
        temperatureC: settingOf(candidate, "temperature"),
        timeMin: settingOf(candidate, "time"),
        key: random.fork("check").fork(i).key,
      }),
    ),
  );
  return asked.map(({ criterion, question, level, target, halfWidth, rank, candidate }, i): Proposal => {
    const strength = at(achieved, i);
    return {
      criterion,
      question,
      level,
      halfWidth,
      rank,
      predicted: candidate.probability,
      corrected: candidate.correctedProbability,
      strength,
      isMet: Math.abs(strength - target) <= halfWidth,
    };
  });
}

function settingOf(candidate: Candidate, name: string): number {
  return Number(candidate.settings.find((setting) => setting.name === name)?.value);
}

function at<T>(list: readonly T[], i: number): T {
  const value = list[i];
  if (value === undefined) throw new Error(`no entry ${i} of ${list.length}`);
  return value;
}
