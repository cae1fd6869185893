import { DataError, type FeatureMatrix, type Json, type RunContext } from "@materiome/core";
import { checkCovariance } from "../gaussianProcess/checkCovariance.ts";
import { taskOf } from "../gaussianProcess/coregionalTasks.ts";
import type { Covariance } from "../gaussianProcess/covariance.ts";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";
import { countTasks } from "../gaussianProcess/program.ts";
import type { TrainingSet } from "../learner/checkTraining.ts";
import { optionCheck } from "../learner/classifier.ts";
import type { ProcessPredictor } from "../learner/predictor.ts";
import { createForwardModel, type ForwardModel, type HeldOut } from "../learner/regressionModel.ts";
import { createRegressor, type ForwardLearner } from "../learner/regressor.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { LEAST_NOISE } from "./createMultiTask.ts";
import { onFeatures } from "./onFeatures.ts";
import { standardiseTask } from "./standardiseTask.ts";
import { taskPredictor } from "./taskPredictor.ts";

export interface MultiFidelityOptions {
  /**
   * Name of the 0/1 feature that is 1 for the better fidelity, or of the table column whose 0/1 features, in their order, go
   * from the cheapest fidelity to the best.
   */
  readonly fidelity: string;
  /** Covariance of the other features, of each fidelity's own part. @defaultValue Matérn 5/2 + constant */
  readonly covariance?: Covariance | undefined;
  /** As of `createGaussianProcess`. @defaultValue "auto" */
  readonly inducing?: number | "auto" | undefined;
  /** @defaultValue 3 */
  readonly starts?: number | undefined;
  /** @defaultValue 200 */
  readonly maxIterations?: number | undefined;
  /** Probability of the intervals. @defaultValue 0.9 */
  readonly level?: number | undefined;
}

const WHO = "multi-fidelity";
const FEATURES: Covariance = { kind: "sum", terms: [{ kind: "matern52" }, { kind: "constant" }] };
/** Of the best fidelity, from which the intervals are learnt. */
const LEAST_ROWS = 3;

/**
 * One property from sources of different fidelity, such as simulations and experiments, in one table with a column that says
 * which: f_t(x) = ρ f_{t−1}(x) + δ_t(x), each part a Gaussian process, each fidelity standardised and with noise of its own. With more than
 * two fidelities each takes a factor of its own of every part before it, of which the autoregression is a special case.
 *
 * Intervals hold for the best fidelity: they are learnt from its rows alone, each left out (with its group) in closed form while
 * cheaper rows at the same place stay. Predictions are of the fidelity that the asked rows name. `report.factors` lists ρ.
 *
 * @throws DomainError for options outside their range
 * @see Kennedy & O'Hagan, Biometrika 87, 1 (2000), doi:10.1093/biomet/87.1.1
 * @example
 * const learner = createMultiFidelity({ fidelity: "isMeasured" }); // 0 for computed rows, 1 for measured ones
 * const model = await learner.fit(x, y, { random: createRandom(1) });
 */
export function createMultiFidelity(options: MultiFidelityOptions): ForwardLearner {
  const { fidelity, covariance, inducing = "auto", starts = 3, maxIterations = 200, level = 0.9 } = options;
  const check = optionCheck("createMultiFidelity");
  check("fidelity", fidelity, typeof fidelity === "string" && fidelity !== "", "the name of a feature or column");
  if (covariance !== undefined) checkCovariance(covariance, "covariance", true);
  const settings = { inducing, starts, maxIterations, level };
  createGaussianProcess(settings); // refuses what it does not take
  const given = covariance === undefined ? null : (JSON.parse(JSON.stringify(covariance)) as Json);
  return createRegressor({
    name: WHO,
    type: "materiome/multi-fidelity-learner",
    module: import.meta.url,
    settings: { fidelity, covariance: given, ...settings },
    fit: fitFidelities,
  });
}

interface Settings {
  readonly fidelity: string;
  readonly covariance: Json;
  readonly inducing: number | "auto";
  readonly starts: number;
  readonly maxIterations: number;
  readonly level: number;
}

async function fitFidelities(settings: Settings, rows: TrainingSet, run: RunContext): Promise<ForwardModel> {
  const { x, y } = rows;
  const { fidelity, inducing, starts, maxIterations, level } = settings;
  const columns = columnsOf(x, fidelity);
  const rest = x.features.filter((_, f) => !columns.includes(f));
  if (rest.length === 0) throw new DataError(`${WHO}: there are no features beside "${fidelity}"; give some`);
  const nLevels = countTasks(columns.length);
  const features = columns.map((f) => x.features[f]?.name ?? ""); // f < columns
  const base = onFeatures((settings.covariance as Covariance | null) ?? FEATURES, rest);
  const parts = Array.from(
    { length: nLevels },
    (_, from): Covariance => ({
      kind: "product",
      variance: from === 0 ? 0.8 : 0.3,
      terms: [{ kind: "coregional", features, from }, base],
    }),
  );
  const own = { kind: "coregional", features, rank: 0 } as const;
  const noise = { kind: "product", variance: 0.02, fixed: ["variance"] } as const;
  const covariance: Covariance = {
    kind: "sum",
    terms: [
      ...parts,
      { ...noise, terms: [{ kind: "white" }, own] },
      ...(rows.isGrouped ? [{ ...noise, terms: [{ kind: "group" }, own] } as const] : []),
    ],
  };
  const levels = Array.from({ length: x.rows }, (_, i) => taskOf(columns, x.data, i * x.columns));
  const ofLevel = (level: number): Float64Array => y.filter((_, i) => levels[i] === level);
  const nBest = ofLevel(nLevels - 1).length;
  if (nBest < LEAST_ROWS) {
    throw new DataError(
      `${WHO}: ${nBest} rows are of the best fidelity, "${features.at(-1)}"; give at least ${LEAST_ROWS}, as the intervals are learnt from them`,
    );
  }
  const unknown = levels.indexOf(nLevels);
  if (unknown >= 0) throw new DataError(`${WHO}: row ${unknown} has no fidelity; one of its 0/1 features must be 1`);
  const scales = Array.from({ length: nLevels }, (_, level) => standardiseTask(ofLevel(level)));
  const at = (i: number): { readonly mean: number; readonly scale: number } => scales[levels[i] as number] as never; // i < n
  const standardised = y.map((value, i) => (value - at(i).mean) / at(i).scale);
  const learner = createGaussianProcess({ covariance, noise: LEAST_NOISE, inducing, starts, maxIterations, level });
  const model = await learner.fit(
    x,
    {
      kind: "regression",
      values: { rows: y.length, columns: 1, data: standardised },
      units: [rows.unit],
      groups: rows.isGrouped ? rows.groups : undefined,
    },
    run,
  );
  const { heldOut, predictor, report } = model as ForwardModel & { readonly heldOut: HeldOut };
  const left = {
    mean: heldOut.mean.map((value, i) => at(i).mean + at(i).scale * value),
    variance: heldOut.variance.map((value, i) => at(i).scale ** 2 * value),
  };
  const ofBest = left.mean.map((value, i) => (levels[i] === nLevels - 1 ? value : Number.NaN));
  return createForwardModel({
    predictor: taskPredictor({
      process: predictor as ProcessPredictor,
      told: { columns },
      mean: scales.map(({ mean }) => mean),
      scale: scales.map(({ scale }) => scale),
    }),
    features: x.features,
    unit: rows.unit,
    level,
    calibration: calibrate(y, ofBest, left.variance),
    heldOut: left,
    report: { ...(report as object), factors: factorsOf(report, scales), rowsOfBest: nBest } as Json,
  });
}

/** The features that tell the fidelity. */
function columnsOf(x: FeatureMatrix, fidelity: string): number[] {
  const exact = x.features.findIndex(({ name }) => name === fidelity);
  const found = exact >= 0 ? [exact] : x.features.flatMap(({ source }, f) => (source.includes(fidelity) ? [f] : []));
  if (found.length === 0) {
    throw new DataError(
      `${WHO}: no feature tells "${fidelity}"; features are ${x.features.map(({ name }) => name).join(", ")}`,
    );
  }
  return found;
}

/** ρ in units of the target. */
function factorsOf(report: Json, scales: readonly { readonly scale: number }[]): Json {
  const { hyperparameters } = report as { readonly hyperparameters: readonly { name: string; value: number }[] };
  return hyperparameters.flatMap(({ name, value }) => {
    const [, part, level] = /product(\d+)\.coregional0\.loadings\[(\d+)\]$/.exec(name) ?? [];
    if (part === undefined) return [];
    const [from, to] = [Number(part), Number(level)];
    return [{ from, to, factor: (value * (scales[to]?.scale ?? 1)) / (scales[from]?.scale ?? 1) }]; // both are levels
  });
}
