/** What is multiplied in a term: a quantity, a sum, or a function. */
export interface Base {
  readonly kind: "quantity" | "sum" | "difference" | "log" | "logOf" | "logRatio" | "exp" | "expRatio" | "arrhenius";
  /** Quantities it is made of; `second` is −1 where there is one. */
  readonly first: number;
  readonly second: number;
  /** Of the exponent; 1 elsewhere. */
  readonly sign: number;
  /** Activation energy in kJ/mol; 0 elsewhere. */
  readonly energy: number;
  /** Above 0 in the training rows, and far enough from it to divide by, to take a root or a logarithm. */
  readonly isPositive: boolean;
  /** Operations and quantities in it. */
  readonly cost: number;
  /** In the training rows, up to a factor. */
  readonly values: Float64Array;
}

/** A product of powers of bases, the term of a law without its coefficient. */
export interface Monomial {
  /** Base and twice its power, by ascending base. */
  readonly powers: readonly (readonly [base: number, halves: number])[];
  /** 0: a quantity; 1: a function of one, or of two with one operation; 2: made of two of those. */
  readonly level: number;
  readonly cost: number;
  readonly key: string;
}

/** Largest power, in halves. */
const MOST_HALVES = 6;

/** A term of one base. */
export function monomialOf(bases: readonly Base[], base: number, halves: number, level: number): Monomial {
  return assembled(bases, [[base, halves]], level) as Monomial; // powers below the largest
}

/** The product of two terms, undefined where it is a plain number or has a large power, or two activation energies. */
export function product(bases: readonly Base[], a: Monomial, b: Monomial, level: number): Monomial | undefined {
  const powers = new Map<number, number>(a.powers);
  for (const [base, halves] of b.powers) powers.set(base, (powers.get(base) ?? 0) + halves);
  const left = [...powers].filter(([, halves]) => halves !== 0).sort(([p], [q]) => p - q);
  if (left.length === 0 || left.some(([, halves]) => Math.abs(halves) > MOST_HALVES)) return undefined;
  const hot = left.filter(([base]) => (bases[base] as Base).energy !== 0);
  if (hot.length > 1 || hot.some(([, halves]) => halves !== 2)) return undefined;
  return assembled(bases, left, level);
}

function assembled(
  bases: readonly Base[],
  powers: readonly (readonly [number, number])[],
  level: number,
): Monomial | undefined {
  let cost = powers.length - 1;
  for (const [base, halves] of powers) cost += (bases[base] as Base).cost + (halves === 2 ? 0 : 1);
  return { powers, level, cost, key: powers.map(([base, halves]) => `${base}^${halves}`).join(" ") };
}

/** Simpler ones first, then those of earlier features. */
export function compareTerms(a: Monomial, b: Monomial): number {
  if (a.cost !== b.cost) return a.cost - b.cost;
  for (const [k, [base, halves]] of a.powers.entries()) {
    const [other = -1, otherHalves = 0] = b.powers[k] ?? [];
    if (base !== other || halves !== otherHalves) return base - other || halves - otherHalves;
  }
  return a.powers.length - b.powers.length;
}

/** The activation energy's base in a term, −1 for none. */
export function energyBase(bases: readonly Base[], { powers }: Monomial): number {
  return powers.find(([base]) => (bases[base] as Base).energy !== 0)?.[0] ?? -1;
}

/** Values of a term, divided by the largest magnitude, in the training rows. */
export function evaluate(bases: readonly Base[], { powers }: Monomial, out: Float64Array): void {
  out.fill(1);
  for (const [base, halves] of powers) {
    const { values } = bases[base] as Base;
    let size = 0;
    for (let i = 0; i < out.length; i++) size = Math.max(size, Math.abs(values[i] as number)); // one per row
    const power = halves / 2;
    for (let i = 0; i < out.length; i++) {
      const share = (values[i] as number) / size;
      out[i] = (out[i] as number) * (power === 1 ? share : power === -1 ? 1 / share : share ** power);
    }
  }
  let most = 0;
  for (const value of out) most = Math.max(most, Math.abs(value));
  for (let i = 0; most > 0 && i < out.length; i++) out[i] = (out[i] as number) / most;
}
