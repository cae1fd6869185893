import { FormatError, type Json, type Matrix } from "@materiome/core";
import { varianceOf } from "../kernels/index.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";
import type { FittedNet } from "./fittedNet.ts";
import type { NetKind, NetMember } from "./trainable.ts";
import type { TrainingSettings } from "./trainingLoop.ts";
import { DENSE } from "./trainNet.ts";

/** Means and variances of one net, in target units; the variance is 0 where it predicts none. */
export function memberEstimates<S extends TrainingSettings, F>(
  kind: NetKind<S, F>,
  { net, mean, scale }: NetMember<F>,
  x: Matrix,
): Estimates {
  const width = kind.nOutputs(net);
  const outputs = kind.outputs(net, x);
  const out = { mean: new Float64Array(x.rows), variance: new Float64Array(x.rows) };
  for (let i = 0; i < x.rows; i++) {
    out.mean[i] = mean + scale * (outputs[i * width] as number); // i < rows
    if (width > 1) out.variance[i] = scale * scale * varianceOf(outputs[i * width + 1] as number);
  }
  return out;
}

/** Adds the estimates of members up: their mean, and the mean of their variances plus the variance of their means (divisor one less). */
export class MemberSums {
  readonly #n: number;
  readonly #count: Int32Array;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  readonly #variance: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.#count = new Int32Array(n);
    this.#mean = new Float64Array(n);
    this.#squares = new Float64Array(n);
    this.#variance = new Float64Array(n);
  }

  add({ mean, variance }: Estimates, rows?: Int32Array): void {
    for (let r = 0; r < mean.length; r++) {
      const i = rows === undefined ? r : (rows[r] as number); // one per row
      const count = (this.#count[i] as number) + 1;
      const away = (mean[r] as number) - (this.#mean[i] as number);
      const centre = (this.#mean[i] as number) + away / count;
      this.#squares[i] = (this.#squares[i] as number) + away * ((mean[r] as number) - centre);
      this.#variance[i] = (this.#variance[i] as number) + (variance[r] as number);
      this.#mean[i] = centre;
      this.#count[i] = count;
    }
  }

  /** NaN for rows that no member predicted. */
  estimates(): Estimates {
    const variance = new Float64Array(this.#n);
    const mean = new Float64Array(this.#n);
    for (let i = 0; i < this.#n; i++) {
      const count = this.#count[i] as number; // i < n
      mean[i] = count === 0 ? Number.NaN : (this.#mean[i] as number);
      variance[i] =
        count === 0
          ? Number.NaN
          : (this.#variance[i] as number) / count + (count > 1 ? (this.#squares[i] as number) / (count - 1) : 0);
    }
    return { mean, variance };
  }
}

/** Mean of nets. */
export function netPredictor<S extends TrainingSettings, F>(
  kind: NetKind<S, F>,
  members: readonly NetMember<F>[],
): Predictor {
  return {
    kind: kind.name,
    allowsMissing: false,
    estimate(x: Matrix): Estimates {
      const sums = new MemberSums(x.rows);
      for (const member of members) sums.add(memberEstimates(kind, member, x));
      return sums.estimates();
    },
    encode(): { [key: string]: Json } {
      return {
        kind: kind.name,
        members: members.map(({ net, mean, scale }) => ({ mean, scale, net: kind.encode(net) })),
      };
    },
  };
}

/** @throws FormatError for a damaged file */
export function decodeNetMembers<S extends TrainingSettings, F>(
  kind: NetKind<S, F>,
  data: unknown,
  nFeatures: number,
): NetMember<F>[] {
  const who = kind.name;
  if (!Array.isArray(data) || data.length === 0)
    throw new FormatError(`${who}: the stored nets are missing; train again`);
  return data.map((stored: unknown) => {
    const { mean, scale, net } = (stored ?? {}) as { readonly [key: string]: unknown };
    if (typeof mean !== "number" || typeof scale !== "number") {
      throw new FormatError(`${who}: the scaling of the target is missing; the file is damaged, train again`);
    }
    const read = kind.decode(net, nFeatures);
    if (kind.nOutputs(read) > 2) {
      throw new FormatError(`${who}: a net of one target has more outputs; train again`);
    }
    return { mean, scale, net: read };
  });
}

/** Members of fully connected nets. */
export function decodeMembers(data: unknown, nFeatures: number): NetMember<FittedNet>[] {
  return decodeNetMembers(DENSE, data, nFeatures);
}

export function decodeMlp(data: { readonly [key: string]: unknown }, nFeatures: number): Predictor {
  return netPredictor(DENSE, decodeMembers(data["members"], nFeatures));
}
