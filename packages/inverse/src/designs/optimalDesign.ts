import {
  type AbortLike,
  createMatrix,
  DataError,
  DomainError,
  type Matrix,
  type Random,
  ShapeError,
} from "@materiome/core";
import { createExchange, type ExchangeProblem } from "./coordinateExchange.ts";
import type { Design } from "./design.ts";
import { categoryLevels, createRowModel, type DesignFactor } from "./modelMatrix.ts";
import { type ModelKind, type ModelTerm, modelTerms } from "./modelTerms.ts";
import { regionMoments } from "./regionMoments.ts";

export interface OptimalDesignOptions {
  readonly random: Random;
  /** Terms whose coefficients are to be learned; categories have no squares in `quadratic`. @defaultValue "quadratic" for numbers only, else "interactions" */
  readonly model?: ModelKind | readonly ModelTerm[] | undefined;
  /** `D`: the coefficients together as precisely as can be; `I`: predictions over the region, on average. @defaultValue "D" */
  readonly criterion?: "D" | "I" | undefined;
  /** Runs of each block (day, batch of powder); their sum is the number of runs. Blocks have fixed effects. @defaultValue one block */
  readonly blocks?: readonly number[] | undefined;
  /**
   * Whole plots: within each, hard-to-change factors stay. Sizes as even as can be. Needed where a factor is hard to change.
   */
  readonly wholePlots?: number | undefined;
  /** Variance between whole plots over that within. @defaultValue 1 */
  readonly varianceRatio?: number | undefined;
  /** Runs already made, [n₀, k]; they count (in the first block, each its own whole plot), and stay as they are. @defaultValue none */
  readonly existing?: Matrix | undefined;
  /** False for runs that cannot be made. @defaultValue all can */
  readonly isAllowed?: ((run: Float64Array) => boolean) | undefined;
  /** Values tried for each number besides its ends. @defaultValue evenly to 11 */
  readonly gridLevels?: number | undefined;
  /** Random starts. @defaultValue 20 */
  readonly starts?: number | undefined;
  readonly signal?: AbortLike | undefined;
}

/** A design that is best for one model, among those the exchange found. */
export interface OptimalDesign extends Design {
  /** New runs only, [n, k]. */
  readonly runs: Matrix;
  /** Block of each new run. */
  readonly blocks: Int32Array;
  /** Whole plot of each new run; each run its own where no factor is hard to change. */
  readonly wholePlots: Int32Array;
  /** ln det of the information matrix Xᵀ V⁻¹ X of all runs, existing ones and block effects included. */
  readonly logDeterminant: number;
  /** Mean variance of prediction over the region, in units of σ². */
  readonly meanVariance: number;
  /** Starts that ended at the best value, to 0.1 %: with few, try more. */
  readonly agreeing: number;
}

/**
 * Best runs for a linear model by coordinate exchange: from random starts, one coordinate of one run (of one whole plot, where the
 * factor is hard to change) at a time moves to the value that betters the criterion most, until none does.
 *
 * With hard-to-change factors the information is Xᵀ V⁻¹ X, V = I + η Z Zᵀ for whole plots Z and the ratio of variances η (Goos &
 * Vandebroek): a split-plot design. It is a local optimum, as all such searches give.
 *
 * @param factors in coded units @param nRuns new runs
 * @throws DomainError for options out of range, or fewer runs than coefficients
 * @throws ShapeError for block sizes or existing runs that do not fit
 * @throws DataError if no start of full rank is found
 * @see Meyer & Nachtsheim, Technometrics 37, 60 (1995), doi:10.1080/00401706.1995.10485889; Goos & Vandebroek, Technometrics 45, 235
 * (2003); Jones & Goos, J. R. Stat. Soc. C 56, 347 (2007), doi:10.1111/j.1467-9876.2007.00581.x; Goos & Jones, Optimal Design of
 * Experiments (2011), doi:10.1002/9781119974017
 * @example
 * const factors = [{ kind: "number", isHardToChange: true }, { kind: "number" }, { kind: "category", levels: 3 }] as const;
 * const design = optimalDesign(factors, 24, { random: createRandom(1), wholePlots: 6 });
 */
export function optimalDesign(
  factors: readonly DesignFactor[],
  nRuns: number,
  options: OptimalDesignOptions,
): OptimalDesign {
  const { random, criterion = "D", varianceRatio = 1, starts = 20, gridLevels = 11, existing, signal } = options;
  const k = factors.length;
  const { model = factors.every(({ kind }) => kind === "number") ? "quadratic" : "interactions" } = options;
  const terms = typeof model === "string" ? modelTerms(k, model).filter((term) => hasNoSquare(factors, term)) : model;
  const hard = factors.flatMap((factor, j) => (factor.isHardToChange === true ? [j] : []));
  check("nRuns", nRuns, Number.isInteger(nRuns) && nRuns >= 1, "a whole number of at least 1");
  check("starts", starts, Number.isInteger(starts) && starts >= 1, "a whole number of at least 1");
  check("gridLevels", gridLevels, Number.isInteger(gridLevels) && gridLevels >= 2, "a whole number of at least 2");
  check("varianceRatio", varianceRatio, varianceRatio >= 0 && Number.isFinite(varianceRatio), "at least 0");
  if (existing !== undefined && existing.columns !== k) {
    throw new ShapeError(`optimalDesign: existing runs have ${existing.columns} columns, there are ${k} factors`);
  }
  const blockSizes = options.blocks ?? [nRuns];
  if (blockSizes.reduce((a, b) => a + b, 0) !== nRuns || !blockSizes.every((n) => Number.isInteger(n) && n >= 1)) {
    throw new ShapeError(`optimalDesign: blocks of ${blockSizes.join(", ")} runs do not add up to ${nRuns} runs`);
  }
  const blocks = Int32Array.from(blockSizes.flatMap((size, b) => new Array<number>(size).fill(b)));
  if (hard.length > 0 && options.wholePlots === undefined) {
    throw new DomainError("optimalDesign: a factor is hard to change; say in how many whole plots it is reset");
  }
  if (hard.length === 0 && options.wholePlots !== undefined) {
    throw new DomainError("optimalDesign: whole plots are for hard-to-change factors, and no factor is; mark one");
  }
  const nPlots = options.wholePlots ?? nRuns;
  check("wholePlots", nPlots, Number.isInteger(nPlots) && nPlots >= 1 && nPlots <= nRuns, `1 … ${nRuns}`);
  const wholePlots = Int32Array.from({ length: nRuns }, (_, i) => Math.floor((i * nPlots) / nRuns));

  const rowModel = createRowModel(factors, terms);
  const nBlocks = blockSizes.length;
  const p = rowModel.columns + nBlocks - 1;
  if (nRuns + (existing?.rows ?? 0) < p) {
    throw new DomainError(
      `optimalDesign: ${p} coefficients need at least as many runs, got ${nRuns + (existing?.rows ?? 0)}; add runs or leave out terms`,
    );
  }
  const isMixture = typeof model === "string" && model.startsWith("mixture");
  if (isMixture)
    throw new DomainError("optimalDesign: mixtures have designs of their own, see simplexLattice and extremeVertices");
  const moments = regionMoments(factors, terms, "cube");
  const problem: ExchangeProblem = {
    nFactors: k,
    nRuns,
    p,
    hard: new Set(hard),
    wholePlots,
    plotVariance: hard.length > 0 ? varianceRatio : 0,
    existing: existing ?? createMatrix(0, k),
    values: factors.map((factor) => valuesOf(factor, gridLevels)),
    isAllowed: options.isAllowed ?? (() => true),
    criterion,
    moments: padded(moments, p),
    write(run, i, out, at) {
      rowModel.write(run, out, at);
      const block = i < 0 ? 0 : (blocks[i] as number); // i < nRuns; runs made before belong to the first block
      for (let b = 0; b < nBlocks - 1; b++) {
        out[at + rowModel.columns + b] = block === b ? 1 : block === nBlocks - 1 ? -1 : 0;
      }
    },
  };
  const exchange = createExchange(problem);
  const found = Array.from({ length: starts }, (_, s) => {
    signal?.throwIfAborted();
    return exchange.improve(random.fork("start").fork(s));
  }).filter((outcome) => outcome !== undefined);
  const scoreOf = (outcome: (typeof found)[number]): number =>
    criterion === "D" ? outcome.logDeterminant / p : -Math.log(outcome.meanVariance);
  const best = found.reduce<(typeof found)[number] | undefined>(
    (a, b) => (a === undefined || scoreOf(b) > scoreOf(a) ? b : a),
    undefined,
  );
  if (best === undefined) {
    throw new DataError(
      "optimalDesign: no start allows all coefficients to be estimated; give factors more levels, loosen what is allowed, or leave out terms",
    );
  }
  const agreeing = found.filter((outcome) => scoreOf(outcome) > scoreOf(best) - 1e-3).length;
  const kind = `${criterion}-optimal ${hard.length > 0 ? "split-plot " : ""}design`;
  const { runs, logDeterminant, meanVariance } = best;
  return { kind, coding: "signed", runs, blocks, wholePlots, logDeterminant, meanVariance, agreeing };
}

function hasNoSquare(factors: readonly DesignFactor[], term: ModelTerm): boolean {
  return factors.every(({ kind }, j) => kind === "number" || (term[j] ?? 0) < 2);
}

function valuesOf(factor: DesignFactor, gridLevels: number): readonly number[] {
  const levels = categoryLevels(factor);
  if (levels === 0 && Array.isArray(factor.levels)) {
    const values = factor.levels as readonly number[];
    if (values.length >= 2 && values.every((v) => v >= -1 && v <= 1)) return values;
    throw new DomainError(
      `optimalDesign: levels of a number are at least two values in −1 … 1, got ${values.join(", ")}`,
    );
  }
  const n = levels === 0 ? gridLevels : levels;
  return Array.from({ length: n }, (_, i) => (2 * i) / (n - 1) - 1);
}

/** Block effects are not of interest: no weight. */
function padded(moments: Matrix, p: number): Matrix {
  const out = createMatrix(p, p);
  for (let i = 0; i < moments.rows; i++) {
    out.data.set(moments.data.subarray(i * moments.columns, (i + 1) * moments.columns), i * p);
  }
  return out;
}

function check(name: string, value: unknown, isRight: boolean, expected: string): void {
  if (!isRight) throw new DomainError(`optimalDesign: ${name} must be ${expected}, got ${String(value)}`);
}
