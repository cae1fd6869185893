import type { Matrix } from "@materiome/core";

/** Values of an acquisition function with their gradients by the features, [n, d]. */
export interface AcquisitionGradient {
  readonly value: Float64Array;
  readonly gradient: Matrix;
}

/**
 * What makes a point worth an experiment: larger is better. Points come as features ({@link encodePoints}), [n, d].
 *
 * An acquisition on the logarithmic scale can be multiplied with a probability or divided by a cost by adding logarithms.
 */
export interface Acquisition {
  /** In the field's term, such as "log expected improvement". */
  readonly name: string;
  /** Whether values are logarithms of something that is never negative. */
  readonly isLog: boolean;
  value(x: Matrix): Float64Array;
  /** Absent where only values are known: then neighbourhood search alone climbs. */
  readonly gradient?: ((x: Matrix) => AcquisitionGradient) | undefined;
}

export type DifferentiableAcquisition = Acquisition & { readonly gradient: (x: Matrix) => AcquisitionGradient };
