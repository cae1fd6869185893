import { createMatrix, DataError, type FeatureMatrix, type Matrix, type RunContext, takeRows } from "@materiome/core";
import type { Acquisition } from "../acquisition/acquisition.ts";
import { logExpectedImprovement } from "../acquisition/expectedImprovement.ts";
import { logJointImprovement } from "../acquisition/jointImprovement.ts";
import { worstCaseMeans } from "../acquisition/worstCaseImprovement.ts";
import { decomposeNonDominated } from "../pareto/boxDecomposition.ts";
import { drawWeights, scalariseChebyshev } from "../pareto/chebyshev.ts";
import { expectedHypervolumeImprovement } from "../pareto/expectedHypervolumeImprovement.ts";
import { hypervolume } from "../pareto/hypervolume.ts";
import { logHypervolumeImprovement } from "../pareto/logHypervolumeImprovement.ts";
import { nonDominatedSort } from "../pareto/nonDominatedSort.ts";
import { referencePointOf } from "../pareto/referencePoint.ts";
import { logWorstCaseHypervolumeImprovement } from "../pareto/worstCaseHypervolumeImprovement.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { variableShares } from "./explain.ts";
import type { SuggestOptions } from "./options.ts";
import { feasibleRows, type Outcomes } from "./outcomes.ts";
import type { Suggestion } from "./suggestion.ts";

/** Front points whose outcomes are drawn in the noisy version. */
const INCUMBENTS = 6;
/** Boxes of a front are found for so many objectives; ParEGO takes more. */
export const MOST_FOR_BOXES = 4;
/** A difference of two gains below this share of the larger is rounding. */
const ROUNDING = 1e-10;

/** How the next experiment is chosen for several objectives. */
export interface FrontSearch {
  /** Rows of the observations that hold all objectives, best ranks first, feasible ones before others. */
  readonly order: readonly number[];
  /** False where no tried point is probably feasible: then only feasibility is looked for. */
  readonly hasFront: boolean;
  readonly notes: readonly string[];
  /** For point `index` of a batch, given the features of those that are waiting. */
  acquisition(waiting: FeatureMatrix, index: number): Promise<Acquisition>;
  /**
   * Why a point: the share of the expected gain that is the hypervolume which its means alone add (undefined where the acquisition is
   * none of hypervolume), and the shares of variables, averaged over the objectives.
   */
  explain(point: Point, acquisition: Acquisition | undefined): Pick<Suggestion, "exploitShare" | "variables">;
  /**
   * Expected gain in hypervolume of the noise-free outcomes at a point over the front of means, pending points left aside; undefined for
   * more than four objectives and without a front.
   */
  gainAt(point: Point): number | undefined;
  /**
   * Logarithm of how much hypervolume is expected to be gained by learning about a point: E[gain at μ + σ z] − gain at μ over the front of
   * means, which is never below 0 (the gain in hypervolume is convex in each outcome); −∞ where it drowns in rounding. Undefined as `gainAt`.
   *
   * @param mean - of the point, in the models' sense
   * @param deviation - by how much the measurement would move each mean
   */
  logGainOfLearning(mean: Float64Array, deviation: Float64Array): number | undefined;
  /**
   * What noise alone would seem to gain: the largest expected hypervolume improvement of measuring a point of the front once more.
   * Undefined as `gainAt`, and where the noise of an objective is not known.
   *
   * @param known - standard deviations of one measurement by outcome, where they are known better than by the surrogates
   */
  noiseGain(known: Readonly<Record<string, number>>): number | undefined;
}

/** What a front is learned and made of. */
export interface FrontGround {
  /** Features of all told points. */
  readonly encoded: FeatureMatrix;
  readonly run: RunContext;
  /** Whether a row of the observations may stand on the front that is to be improved on. */
  readonly counts: (row: number) => boolean;
  /** The model of what counts of an outcome: of its mean under disturbance, where that does. */
  readonly meanOf: (model: SurrogateModel) => SurrogateModel;
  /** What settings become, where the worst case counts. */
  readonly worstOf: Disturber | undefined;
}

/**
 * Prepares the search for several objectives: (noisy) log expected hypervolume improvement over the front of posterior means at
 * tried, probably feasible points for two to four objectives, ParEGO where asked or for more.
 *
 * @throws DataError if fewer than two rows hold all objectives
 */
export function createFrontSearch(
  options: SuggestOptions,
  outcomes: Outcomes,
  { encoded, run, counts, meanOf, worstOf }: FrontGround,
): FrontSearch {
  const { space, objectives, method = "auto", referencePoint, disturbance, random } = options;
  const fitted = outcomes.objectives.map((outcome) => ({ ...outcome, model: meanOf(outcome.model) }));
  const m = fitted.length;
  const rows = (fitted[0]?.rows ?? []).filter((row) => fitted.every((outcome) => outcome.rows.includes(row)));
  if (rows.length < 2) {
    throw new DataError(
      `suggest: ${rows.length} rows hold all of ${objectives.map(({ name }) => `"${name}"`).join(", ")}; a front needs at least 2`,
    );
  }
  const x = takeRows(encoded, rows);
  /** What counts of each objective, small is good, at each point: its mean, or that of its worst case. */
  const lossesAt = (at: FeatureMatrix): Matrix => {
    const found = createMatrix(at.rows, m);
    fitted.forEach(({ model }, j) => {
      const own =
        worstOf === undefined
          ? moments(model, at).mean
          : worstCaseMeans(model, worstOf, random.fork("worst").fork(j), at);
      own.forEach((value, i) => {
        found.data[i * m + j] = -value;
      });
    });
    return found;
  };
  const losses = lossesAt(x);
  const ranks = nonDominatedSort(losses);
  const isFeasible = feasibleRows(outcomes, x);
  const byRank = (list: number[]): number[] => list.sort((a, b) => (ranks[a] as number) - (ranks[b] as number)); // rows
  const isCounted = (i: number): boolean => isFeasible[i] === true && counts(rows[i] as number); // below rows
  const feasible = byRank(Array.from(ranks.keys()).filter(isCounted));
  const others = byRank(Array.from(ranks.keys()).filter((i) => !isCounted(i)));
  const known = takeRows(losses, feasible);
  const feasibleRanks = nonDominatedSort(known);
  const front = feasible.filter((_, k) => feasibleRanks[k] === 0);
  const worst =
    referencePoint === undefined
      ? referencePointOf(feasible.length === 0 ? losses : known)
      : Float64Array.from(fitted, ({ sign }, j) => -sign * (referencePoint[j] as number)); // as many
  const isScalarised = method === "parego" || m > MOST_FOR_BOXES;
  const notes: string[] = [];
  if (m > MOST_FOR_BOXES && method !== "parego") {
    notes.push(
      `${m} objectives are weighed against each other at random (ParEGO): hypervolumes are used for up to four.`,
    );
  }
  if (referencePoint === undefined && !isScalarised) {
    const point = fitted.map(({ name, unit, sign }, j) =>
      `${name} = ${Number((-sign * (worst[j] as number)).toPrecision(4))} ${unit}`.trim(),
    );
    notes.push(`Reference point (a tenth beyond the worst of the front): ${point.join(", ")}.`);
  }
  const frontLosses = takeRows(losses, front);
  const volume = hypervolume(frontLosses, worst);

  const boxes = m > MOST_FOR_BOXES || front.length === 0 ? undefined : decomposeNonDominated(frontLosses, worst);
  const gainOf = (mean: Float64Array, variance: Float64Array): number | undefined =>
    boxes && expectedHypervolumeImprovement(boxes, mean, variance.map(aboveZero)).value;

  return {
    gainAt(point) {
      const at = encodePoints(space, [point]);
      const here = fitted.map(({ model }) => moments(model, at));
      return gainOf(
        Float64Array.from(here, ({ mean }) => -(mean[0] as number)), // one row
        Float64Array.from(here, ({ variance }) => variance[0] as number),
      );
    },
    logGainOfLearning(mean, deviation) {
      const losses = mean.map((value) => -value);
      const spread = gainOf(
        losses,
        deviation.map((d) => d * d),
      );
      const without = gainOf(losses, new Float64Array(m));
      if (spread === undefined || without === undefined) return undefined;
      const gain = spread - without;
      return gain > ROUNDING * spread ? Math.log(gain) : Number.NEGATIVE_INFINITY;
    },
    noiseGain(known) {
      const stds = fitted.map(({ name, noiseStd }) => known[name] ?? noiseStd ?? Number.NaN);
      if (boxes === undefined || !stds.every(Number.isFinite)) return undefined;
      const variance = Float64Array.from(stds, (std) => std * std);
      const gains = Array.from({ length: frontLosses.rows }, (_, i) =>
        gainOf(frontLosses.data.slice(i * m, (i + 1) * m), variance),
      );
      return gains.reduce<number>((most, gain) => Math.max(most, gain ?? 0), 0);
    },
    order: [...feasible, ...others].map((i) => rows[i] as number), // below rows
    hasFront: front.length > 0,
    notes,
    async acquisition(waiting, index) {
      const pending = waiting.rows === 0 ? undefined : waiting;
      if (isScalarised) return scalarised(index, pending);
      if (worstOf !== undefined) {
        // What is being tried is taken to turn out as is expected of it.
        const expected = pending === undefined ? frontLosses : joined(frontLosses, lossesAt(pending).data);
        return logWorstCaseHypervolumeImprovement(
          fitted.map(({ model }) => model),
          {
            disturber: worstOf,
            front: { ...expected, data: expected.data.map((loss) => -loss) },
            reference: worst.map((loss) => -loss),
            random: random.fork("worst"),
          },
        );
      }
      const incumbents = method === "noisyExpectedImprovement" ? front.slice(0, INCUMBENTS) : [];
      const taken = takeRows(losses, front.slice(incumbents.length));
      const improvement = logHypervolumeImprovement(
        fitted.map(({ model }) => model),
        {
          random: random.fork("joint"),
          front: { ...taken, data: taken.data.map((loss) => -loss) },
          reference: worst.map((loss) => -loss),
          incumbents: incumbents.length === 0 ? undefined : takeRows(x, incumbents),
          pending,
        },
      );
      return withoutGradient(improvement);
    },
    explain(point, acquisition) {
      const shares = outcomes.objectives.map(({ model }) => variableShares(space, point, model));
      const variables = space.variables
        .map(({ name }) => ({
          name,
          share: shares.reduce((sum, list) => sum + (list.find((one) => one.name === name)?.share ?? 0), 0) / m,
        }))
        .sort((a, b) => b.share - a.share);
      if (isScalarised || front.length === 0) return { exploitShare: undefined, variables };
      const at = encodePoints(space, [point]);
      const gain = hypervolume(joined(frontLosses, lossesAt(at).data), worst) - volume;
      const expected = Math.exp(acquisition?.value(at)[0] ?? Number.NaN);
      return { exploitShare: gain <= 0 ? 0 : Math.min(1, gain / expected), variables };
    },
  };

  /** The mean over disturbances has no gradient of covariances: see averagedModel. */
  function withoutGradient(acquisition: Acquisition): Acquisition {
    return disturbance === undefined ? acquisition : { ...acquisition, gradient: undefined };
  }

  /** ParEGO: one Chebyshev scalarisation of the measured outcomes, with weights drawn anew for each point. */
  async function scalarised(index: number, pending: FeatureMatrix | undefined): Promise<Acquisition> {
    const measured = createMatrix(rows.length, m);
    fitted.forEach((outcome, j) => {
      const at = new Map(outcome.rows.map((row, i) => [row, outcome.y[i] as number])); // one value a row
      rows.forEach((row, i) => {
        measured.data[i * m + j] = -(at.get(row) as number);
      });
    });
    const stream = random.fork("weights").fork(index);
    const worth = scalariseChebyshev(measured, drawWeights(m, stream)).map((loss) => -loss);
    const values = createMatrix(rows.length, 1, worth);
    const learned = await options.learner.fit(
      x,
      { kind: "regression", values, units: [""] },
      { ...run, random: stream },
    );
    const model = meanOf(learned);
    const counted = feasible.length === 0 ? x : takeRows(x, feasible);
    const best = moments(model, counted).mean.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const found =
      pending === undefined
        ? logExpectedImprovement(model, best)
        : logJointImprovement(model, { random: random.fork("joint"), pending, best });
    return withoutGradient({ ...found, name: `ParEGO, ${found.name}` });
  }
}

/** What is known exactly is no distribution; so little beside any outcome changes no gain. */
function aboveZero(variance: number): number {
  return Math.max(variance, 1e-24);
}

function joined({ rows, columns, data }: Matrix, more: Float64Array): Matrix {
  return createMatrix(rows + more.length / columns, columns, Float64Array.from([...data, ...more]));
}
