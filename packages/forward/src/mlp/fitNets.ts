import { DataError, type Json, type RunContext, takeRows } from "@materiome/core";
import { checkDivisible, type TrainingRows } from "../learner/checkTraining.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { MemberSums, memberEstimates, netPredictor } from "./mlpPredictor.ts";
import type { NetKind, NetMember } from "./trainable.ts";
import type { TrainedNet, TrainingSettings } from "./trainingLoop.ts";
import { type PlannedNet, planNet, trainNets } from "./trainNets.ts";

/** Columns of the targets, [nSamples, units.length], NaN where not measured. */
export interface NetColumns {
  readonly values: Float64Array;
  readonly units: readonly string[];
}

/** How the rows are divided, and the intervals. */
export interface FitSettings {
  readonly stopShare: number;
  readonly folds: number;
  readonly level: number;
}

/**
 * Trains nets of all targets with one trunk, and makes a model of each target.
 *
 * @param nMembers - nets that are averaged, each without the fold after that of the one before; undefined: one net that sees all
 * folds, and one for each fold that is kept for its held-out predictions alone
 * @throws DataError for a target that is measured too rarely
 */
export async function fitNets<S extends TrainingSettings, F>(
  name: string,
  rows: TrainingRows,
  { values, units }: NetColumns,
  settings: NoInfer<S> & FitSettings,
  nMembers: number | undefined,
  run: RunContext,
  kind: NetKind<S, F>,
): Promise<ForwardModel[]> {
  run.signal?.throwIfAborted();
  checkDivisible(name, rows);
  const { x } = rows;
  const nTargets = units.length;
  const folds = innerFolds(rows, settings.folds, run.random.fork("outer split"));
  const { nFolds } = folds;
  const plan = planMembers(nMembers, nFolds, (k, m) =>
    planNet(rows, folds, k, settings.stopShare, run.random.fork("net").fork(m)),
  );
  const trained = await trainNets<S, F>(
    rows,
    rows.weights,
    { kind: "values", values, nTargets },
    settings,
    plan,
    run,
    kind,
  );
  return units.map((unit, t) => {
    const sums = new MemberSums(x.rows);
    const members: NetMember<F>[] = [];
    for (const [m, one] of trained.entries()) {
      if (one.scaling.measured[t] === 0) continue; // has not learnt this target
      const member = memberOf(kind, one, t, nTargets);
      const { heldOut } = plan[m] as PlannedNet; // one for each
      if (heldOut.length > 0) sums.add(memberEstimates(kind, member, takeRows(x, heldOut)), heldOut);
      if (nMembers !== undefined || heldOut.length === 0) members.push(member);
    }
    if (members.length === 0) {
      throw new DataError(
        `${name}: target ${t} is measured in too few rows to learn from; leave it out or give more rows`,
      );
    }
    const y = Float64Array.from({ length: x.rows }, (_, i) => values[i * nTargets + t] as number); // t < nTargets
    const heldOut = sums.estimates();
    for (const [i, value] of y.entries()) if (Number.isNaN(value)) heldOut.mean[i] = heldOut.variance[i] = Number.NaN;
    return createForwardModel({
      predictor: netPredictor(kind, members),
      features: x.features,
      unit,
      level: settings.level,
      calibration: calibrate(y, heldOut.mean, heldOut.variance),
      heldOut,
      report: reportOf(kind, trained, plan),
    });
  });
}

/** Which fold each net does not see; at least one net for each fold, so that every row is predicted. */
export function planMembers(
  nMembers: number | undefined,
  nFolds: number,
  planOf: (fold: number | undefined, member: number) => PlannedNet,
): PlannedNet[] {
  const nNets = nMembers ?? nFolds + 1;
  return Array.from({ length: nNets }, (_, m) =>
    planOf(nMembers === undefined && m === nFolds ? undefined : m % nFolds, m),
  );
}

function memberOf<S extends TrainingSettings, F>(
  kind: NetKind<S, F>,
  { net, scaling }: TrainedNet<F>,
  t: number,
  nTargets: number,
): NetMember<F> {
  const nOutputs = kind.nOutputs(net);
  const outputs = nOutputs > nTargets ? [t, nTargets + t] : [t];
  return {
    net: nOutputs === outputs.length ? net : kind.take(net, outputs),
    mean: scaling.mean[t] as number, // one for each target
    scale: scaling.scale[t] as number,
  };
}

/** Five digits, of numbers that are looked at. */
const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toPrecision(5)));

/** Learning curves of all nets: mean loss of standardised targets, or log loss, by epoch. */
function reportOf<S extends TrainingSettings, F>(
  kind: NetKind<S, F>,
  trained: readonly TrainedNet<F>[],
  plan: readonly PlannedNet[],
): { readonly [key: string]: Json } {
  return {
    weights: kind.countParameters((trained[0] as TrainedNet<F>).net), // a net at least
    nets: trained.map(({ epochs, best, trainLoss, stopLoss }, m) => ({
      ...{ epochs, best, rows: plan[m]?.train.length ?? 0, stopRows: plan[m]?.stop.length ?? 0 },
      ...{ trainLoss: rounded(trainLoss), stopLoss: rounded(stopLoss) },
    })),
  };
}
