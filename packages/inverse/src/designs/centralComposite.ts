import { DomainError } from "@materiome/core";
import { type Design, designOf } from "./design.ts";
import { fractionalFactorial } from "./fractionalFactorial.ts";
import { fullFactorial } from "./fullFactorial.ts";

export interface CentralCompositeOptions {
  /**
   * Distance α of the axial points: `rotatable` F^¼ for F factorial runs (equal variance at equal distance), `faceCentred` 1,
   * `spherical` √k, `orthogonal` so that estimates of squares are uncorrelated, or a number. @defaultValue "rotatable"
   */
  readonly alpha?: "rotatable" | "faceCentred" | "spherical" | "orthogonal" | number | undefined;
  /** Runs at the centre. @defaultValue 5 for two factors, 6 for more */
  readonly centreRuns?: number | undefined;
  /** Generators of the factorial part, which should be of resolution V. @defaultValue full factorial */
  readonly generators?: readonly string[] | undefined;
}

/** A central composite design and its axial distance. */
export interface CentralComposite extends Design {
  readonly alpha: number;
}

/**
 * Central composite design for a quadratic model: a two-level (fractional) factorial, 2 k axial points at ±α, centre runs; in this
 * order.
 *
 * @param nFactors 2 … 10
 * @throws DomainError for options out of range
 * @throws DataError for generators that cannot be read
 * @see Box & Wilson, J. R. Stat. Soc. B 13, 1 (1951); Box & Hunter, Ann. Math. Stat. 28, 195 (1957), doi:10.1214/aoms/1177707047;
 * NIST/SEMATECH e-Handbook, section 5.3.3.6.1
 * @example
 * centralComposite(3).alpha; // 1.681792830507429
 */
export function centralComposite(nFactors: number, options: CentralCompositeOptions = {}): CentralComposite {
  if (!(Number.isInteger(nFactors) && nFactors >= 2 && nFactors <= 10)) {
    throw new DomainError(`centralComposite: 2 to 10 factors, got ${nFactors}`);
  }
  const { alpha: asked = "rotatable", centreRuns = nFactors === 2 ? 5 : 6, generators } = options;
  if (!(Number.isInteger(centreRuns) && centreRuns >= 0)) {
    throw new DomainError(`centralComposite: centreRuns must be a whole number of at least 0, got ${centreRuns}`);
  }
  const factorial =
    generators === undefined
      ? fullFactorial(new Array<number>(nFactors).fill(2))
      : fractionalFactorial(nFactors, { generators });
  const f = factorial.runs.rows;
  const n = f + 2 * nFactors + centreRuns;
  const distances = {
    rotatable: f ** 0.25,
    faceCentred: 1,
    spherical: Math.sqrt(nFactors),
    // Σ xᵢ² xⱼ² = f of two factors is what their means give, (f + 2 α²)² / n.
    orthogonal: ((Math.sqrt(n) - Math.sqrt(f)) ** 2 * (f / 4)) ** 0.25,
  };
  const alpha = typeof asked === "number" ? asked : distances[asked];
  if (!(alpha > 0 && Number.isFinite(alpha))) {
    throw new DomainError(`centralComposite: alpha must be positive or a name, got ${String(asked)}`);
  }
  const rows: number[][] = Array.from({ length: f }, (_, i) =>
    Array.from(factorial.runs.data.subarray(i * nFactors, (i + 1) * nFactors)),
  );
  for (let j = 0; j < nFactors; j++) {
    for (const side of [-alpha, alpha]) rows.push(Array.from({ length: nFactors }, (_, i) => (i === j ? side : 0)));
  }
  for (let i = 0; i < centreRuns; i++) rows.push(new Array<number>(nFactors).fill(0));
  return { ...designOf("central composite design", "signed", rows, nFactors), alpha };
}
