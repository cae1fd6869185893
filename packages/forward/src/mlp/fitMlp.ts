import { DataError, type Json, type RunContext, takeRows } from "@materiome/core";
import { checkDivisible, type TrainingRows } from "../learner/checkTraining.ts";
import { innerFolds } from "../learner/heldOutByFolds.ts";
import { createForwardModel, type ForwardModel } from "../learner/regressionModel.ts";
import { calibrate } from "../uncertainty/calibration.ts";
import { countParameters } from "./denseNet.ts";
import { takeOutputs } from "./fittedNet.ts";
import { MemberSums, type MlpMember, memberEstimates, mlpPredictor } from "./mlpPredictor.ts";
import type { MlpSettings } from "./mlpSettings.ts";
import type { TrainedNet } from "./trainNet.ts";
import { type PlannedNet, planNet, trainNets } from "./trainNets.ts";

/** Columns of the targets, [nSamples, units.length], NaN where not measured. */
export interface MlpTargets {
  readonly values: Float64Array;
  readonly units: readonly string[];
}

/**
 * Trains nets of all targets with one trunk, and makes a model of each target.
 *
 * @param nMembers - nets that are averaged, each without the fold after that of the one before; undefined: one net that sees all
 * folds, and one for each fold that is kept for its held-out predictions alone
 * @throws DataError for a target that is measured too rarely
 */
export async function fitMlp(
  name: string,
  rows: TrainingRows,
  { values, units }: MlpTargets,
  settings: MlpSettings,
  nMembers: number | undefined,
  run: RunContext,
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
  const trained = await trainNets(rows, rows.weights, { kind: "values", values, nTargets }, settings, plan, run);
  return units.map((unit, t) => {
    const sums = new MemberSums(x.rows);
    const members: MlpMember[] = [];
    for (const [m, one] of trained.entries()) {
      if (one.scaling.measured[t] === 0) continue; // has not learnt this target
      const member = memberOf(one, t, nTargets);
      const { heldOut } = plan[m] as PlannedNet; // one for each
      if (heldOut.length > 0) sums.add(memberEstimates(member, takeRows(x, heldOut)), heldOut);
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
      predictor: mlpPredictor(members),
      features: x.features,
      unit,
      level: settings.level,
      calibration: calibrate(y, heldOut.mean, heldOut.variance),
      heldOut,
      report: reportOf(trained, plan),
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

function memberOf({ net, scaling }: TrainedNet, t: number, nTargets: number): MlpMember {
  const outputs = net.shape.nOutputs > nTargets ? [t, nTargets + t] : [t];
  return {
    net: net.shape.nOutputs === outputs.length ? net : takeOutputs(net, outputs),
    mean: scaling.mean[t] as number, // one for each target
    scale: scaling.scale[t] as number,
  };
}

/** Five digits, of numbers that are looked at. */
const rounded = (values: readonly number[]): number[] => values.map((value) => Number(value.toPrecision(5)));

/** Learning curves of all nets: mean loss of standardised targets, or log loss, by epoch. */
export function reportOf(
  trained: readonly TrainedNet[],
  plan: readonly PlannedNet[],
): { readonly [key: string]: Json } {
  return {
    weights: countParameters((trained[0] as TrainedNet).net.shape), // a net at least
    nets: trained.map(({ epochs, best, trainLoss, stopLoss }, m) => ({
      ...{ epochs, best, rows: plan[m]?.train.length ?? 0, stopRows: plan[m]?.stop.length ?? 0 },
      ...{ trainLoss: rounded(trainLoss), stopLoss: rounded(stopLoss) },
    })),
  };
}
