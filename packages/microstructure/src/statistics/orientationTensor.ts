import { DomainError, ShapeError } from "@materiome/core";

export interface AxialTexture {
  /** Degrees counter-clockwise from +x in (−90, 90]; 0 where there is no preferred direction. */
  readonly meanDirectionDeg: number;
  /** ⟨cos 2(θ − mean)⟩: 1 for parallel, 0 for isotropic or crossed directions. */
  readonly alignmentIndex: number;
}

export interface OrientationTensor extends AxialTexture {
  /** a = ⟨p pᵀ⟩, trace 1; y pointing up. */
  readonly axx: number;
  readonly axy: number;
  readonly ayy: number;
}

/**
 * Second-order orientation tensor ⟨p pᵀ⟩ of axes p = (cos θ, sin θ), which have no sense of direction: fibres, elongated
 * grains, cracks. The alignment index is the difference of its eigenvalues.
 *
 * @param orientationsDeg - degrees counter-clockwise from +x
 * @param weights - one for each, e.g. area or length; equal where absent
 * @throws ShapeError for another number of weights; DomainError without axes, for NaN, or weights that are negative or all 0
 * @see S. G. Advani, C. L. Tucker, J. Rheol. 31, 751 (1987), doi:10.1122/1.549945
 * @example
 * const grains = regionTable(labels);
 * const { alignmentIndex } = orientationTensor(grains.map((g) => g.orientationDeg), grains.map((g) => g.areaPx));
 */
export function orientationTensor(orientationsDeg: ArrayLike<number>, weights?: ArrayLike<number>): OrientationTensor {
  const n = orientationsDeg.length;
  if (weights !== undefined && weights.length !== n) {
    throw new ShapeError(`orientationTensor: ${n} orientations but ${weights.length} weights`);
  }
  let [total, cos, sin] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const weight = weights === undefined ? 1 : weights[i]!; // as many as orientations
    const twice = (orientationsDeg[i]! * Math.PI) / 90;
    if (!(Number.isFinite(twice) && weight >= 0)) {
      throw new DomainError(
        `orientationTensor: orientation ${orientationsDeg[i]} of weight ${weight} at ${i}; needs finite angles and weights of at least 0`,
      );
    }
    total += weight;
    cos += weight * Math.cos(twice);
    sin += weight * Math.sin(twice);
  }
  if (!(total > 0)) throw new DomainError("orientationTensor: needs at least one axis of positive weight");
  const [c, s] = [cos / total, sin / total];
  return { axx: (1 + c) / 2, axy: s / 2, ayy: (1 - c) / 2, ...axialTexture(cos, sin, total) };
}

/** Mean direction and alignment from weighted sums of cos 2θ, sin 2θ and weights. */
export function axialTexture(cos: number, sin: number, total: number): AxialTexture {
  const length = Math.hypot(cos, sin);
  const isAligned = total > 0 && length > 1e-12 * total;
  const degrees = isAligned ? (Math.atan2(sin, cos) * 90) / Math.PI + 0 : 0;
  return {
    meanDirectionDeg: degrees <= -90 ? degrees + 180 : degrees,
    alignmentIndex: isAligned ? length / total : 0,
  };
}
