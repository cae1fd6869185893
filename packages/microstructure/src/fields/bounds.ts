import { DataError, DomainError } from "@materiome/core";

/** What a property of a composite can be. */
export interface PropertyBounds {
  /** Arithmetic mean: all phases side by side. */
  readonly voigt: number;
  /** Harmonic mean: all phases in series. */
  readonly reuss: number;
  /** Least and most of an isotropic structure. */
  readonly lower: number;
  readonly upper: number;
}

export interface BoundsOptions {
  /** 2: nothing changes along the third direction (fibres, sections treated as plane); 3: in space. @defaultValue 2 */
  readonly dimension?: 2 | 3 | undefined;
}

/**
 * Bounds of the effective conductivity of phases with given fractions: Voigt and Reuss for any structure, Hashin and Shtrikman for isotropic ones,
 * [Σ φ_i / (k_i + (d − 1) k_r)]⁻¹ − (d − 1) k_r with k_r the least and the largest conductivity.
 *
 * @param phases - fractions that sum to 1, conductivities of at least 0 in any one unit
 * @throws DataError without phases or where fractions do not sum to 1; DomainError for values out of range
 * @see Z. Hashin, S. Shtrikman, doi:10.1063/1.1728579; S. Torquato, doi:10.1007/978-1-4757-6355-3, ch. 21
 * @example
 * const { lower, upper } = conductionBounds([{ fraction: 0.7, conductivity: 1 }, { fraction: 0.3, conductivity: 10 }]);
 */
export function conductionBounds(
  phases: readonly { readonly fraction: number; readonly conductivity: number }[],
  { dimension = 2 }: BoundsOptions = {},
): PropertyBounds {
  const who = "conductionBounds";
  checkPhases(who, phases, dimension);
  const values = phases.map(({ conductivity }) => conductivity);
  const bad = values.find((k) => !(k >= 0 && Number.isFinite(k)));
  if (bad !== undefined) {
    throw new DomainError(`${who}: a conductivity must be at least 0 and finite, got ${bad}`);
  }
  const fractions = phases.map(({ fraction }) => fraction);
  const shift = (k: number): number => (dimension - 1) * k;
  return boundsOf(fractions, values, shift(Math.min(...values)), shift(Math.max(...values)));
}

/** Of plane strain (in the plane) or in space. */
export interface ElasticBounds {
  /** Bulk modulus: K = λ + 2μ/3 in space, λ + μ in the plane. */
  readonly bulk: PropertyBounds;
  readonly shear: PropertyBounds;
}

/**
 * Bounds of bulk and shear modulus of isotropic phases with given fractions: Voigt, Reuss, and Hashin and Shtrikman (in Walpole's form, for phases of
 * any order of moduli), [Σ φ_i / (K_i + z)]⁻¹ − z with z of the softest and stiffest moduli: in the plane μ for the bulk and K μ / (K + 2 μ) for the
 * shear modulus, K = λ + μ; in space 4 μ / 3 and μ (9 K + 8 μ) / (6 (K + 2 μ)).
 *
 * Those in the plane hold for plane strain and structures that are isotropic in the plane, as `effectiveStiffness` gives them.
 *
 * @param phases - fractions that sum to 1; Young's moduli in any one unit, above 0; Poisson's ratios between −1 and 0.5
 * @throws DataError without phases or where fractions do not sum to 1; DomainError for values out of range
 * @see Z. Hashin, doi:10.1016/0022-5096(65)90015-3 (plane); Z. Hashin, S. Shtrikman, doi:10.1016/0022-5096(63)90060-7 (space);
 * L. J. Walpole, doi:10.1016/0022-5096(66)90035-4
 * @example
 * const bounds = elasticBounds([
 *   { fraction: 0.8, young: 210, poisson: 0.3 },
 *   { fraction: 0.2, young: 400, poisson: 0.2 },
 * ]);
 * console.log(bounds.shear.lower, bounds.shear.upper); // GPa, as given
 */
export function elasticBounds(
  phases: readonly { readonly fraction: number; readonly young: number; readonly poisson: number }[],
  { dimension = 2 }: BoundsOptions = {},
): ElasticBounds {
  const who = "elasticBounds";
  checkPhases(who, phases, dimension);
  for (const { young, poisson } of phases) {
    if (young > 0 && Number.isFinite(young) && poisson > -1 && poisson < 0.5) continue;
    throw new DomainError(
      `${who}: Young's moduli must be above 0 and Poisson's ratios between −1 and 0.5, got ${young} and ${poisson}`,
    );
  }
  const fractions = phases.map(({ fraction }) => fraction);
  const shear = phases.map(({ young, poisson }) => young / (2 * (1 + poisson)));
  const bulk = phases.map(({ young, poisson }) =>
    dimension === 2 ? young / (2 * (1 + poisson) * (1 - 2 * poisson)) : young / (3 * (1 - 2 * poisson)),
  );
  const ofBulk = (mu: number): number => (dimension === 2 ? mu : (4 * mu) / 3);
  const ofShear = (k: number, mu: number): number =>
    dimension === 2 ? (k * mu) / (k + 2 * mu) : (mu * (9 * k + 8 * mu)) / (6 * (k + 2 * mu));
  const [softest, stiffest] = [Math.min(...shear), Math.max(...shear)];
  return {
    bulk: boundsOf(fractions, bulk, ofBulk(softest), ofBulk(stiffest)),
    shear: boundsOf(fractions, shear, ofShear(Math.min(...bulk), softest), ofShear(Math.max(...bulk), stiffest)),
  };
}

function boundsOf(
  fractions: readonly number[],
  values: readonly number[],
  least: number,
  most: number,
): PropertyBounds {
  /** Of the values shifted by z, their harmonic mean, shifted back; a phase of fraction 0 does not count. */
  const shifted = (z: number): number => {
    let sum = 0;
    for (const [i, fraction] of fractions.entries()) if (fraction > 0) sum += fraction / (values[i]! + z); // one value each
    return 1 / sum - z;
  };
  return {
    voigt: fractions.reduce((sum, fraction, i) => sum + fraction * values[i]!, 0), // one value each
    reuss: shifted(0),
    lower: shifted(least),
    upper: shifted(most),
  };
}

function checkPhases(who: string, phases: readonly { readonly fraction: number }[], dimension: number): void {
  if (dimension !== 2 && dimension !== 3) throw new DomainError(`${who}: dimension must be 2 or 3, got ${dimension}`);
  if (phases.length === 0) throw new DataError(`${who}: no phases are given`);
  const bad = phases.find(({ fraction }) => !(fraction >= 0 && fraction <= 1));
  const total = phases.reduce((sum, { fraction }) => sum + fraction, 0);
  if (bad === undefined && Math.abs(total - 1) < 1e-6) return;
  throw new DataError(
    `${who}: fractions must lie between 0 and 1 and sum to 1, got ${phases.map(({ fraction }) => fraction).join(", ")}`,
  );
}
