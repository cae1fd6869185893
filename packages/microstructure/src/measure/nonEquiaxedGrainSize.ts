import { DomainError } from "@materiome/core";
import { grainSizeFromCount, grainSizeFromIntercept } from "./grainSizeNumber.ts";

/** What was measured on one of the three principal planes of a worked product. */
export interface PrincipalPlane {
  /** N_A, grains per mm². */
  readonly grainsPerMm2: number;
  /** ℓ̄ along two directions of the plane, square to each other, µm; the first is the direction of working where it lies in it. */
  readonly interceptsUm: readonly [number, number];
}

export interface PrincipalPlanes {
  /** Contains the direction of working and the normal of the product. */
  readonly longitudinal: PrincipalPlane;
  /** Square to the direction of working. */
  readonly transverse: PrincipalPlane;
  /** Parallel to the surface. */
  readonly planar: PrincipalPlane;
}

export interface NonEquiaxedGrainSize {
  /** N̄_A = (N_A,ℓ N_A,t N_A,p)^⅓ and G from it. */
  readonly grainsPerMm2: number;
  readonly planimetricG: number;
  /** ℓ̄ = (product of the six)^(1/6), as the two measurements of each direction are averaged so, and G from it. */
  readonly meanInterceptUm: number;
  readonly interceptG: number;
  /** AI of the longitudinal plane: ℓ̄ along over ℓ̄ across the direction of working. */
  readonly anisotropyIndex: number;
}

/**
 * Grain size of non-equiaxed grains from the three principal planes.
 *
 * @param planes - N_A and two directed intercepts of each
 * @throws DomainError for a number that is not positive
 * @see ASTM E112-13 §16 (specimens with non-equiaxed grain shapes): mean N_A, directed mean lineal intercepts, anisotropy index
 * @example
 * const plane = { grainsPerMm2: 1984, interceptsUm: [20, 20] } as const;
 * nonEquiaxedGrainSize({ longitudinal: plane, transverse: plane, planar: plane }).planimetricG; // 8.00
 */
export function nonEquiaxedGrainSize(planes: PrincipalPlanes): NonEquiaxedGrainSize {
  const list = [planes.longitudinal, planes.transverse, planes.planar];
  const counts = list.map(({ grainsPerMm2 }) => grainsPerMm2);
  const lengths = list.flatMap(({ interceptsUm }) => interceptsUm);
  const bad = [...counts, ...lengths].find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad !== undefined) {
    throw new DomainError(`nonEquiaxedGrainSize: counts and intercepts must be positive, got ${bad}`);
  }
  const grainsPerMm2 = geometricMean(counts);
  const meanInterceptUm = geometricMean(lengths);
  const [alongUm, acrossUm] = planes.longitudinal.interceptsUm;
  return {
    grainsPerMm2,
    planimetricG: grainSizeFromCount(grainsPerMm2),
    meanInterceptUm,
    interceptG: grainSizeFromIntercept(meanInterceptUm),
    anisotropyIndex: alongUm / acrossUm,
  };
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
