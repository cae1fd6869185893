import { GAS_CONSTANT_J_PER_MOL_K } from "@materiome/core";
import { columnScores } from "../kernels/index.ts";
import { type Base, evaluate, type Monomial, monomialOf, product } from "./monomial.ts";
import { type Quantity, sumFactor } from "./quantities.ts";

/** Terms that a law may be made of, simplest first, without the products of two that the search forms itself. */
export interface ExpressionSpace {
  readonly quantities: readonly Quantity[];
  readonly bases: readonly Base[];
  /** Terms of levels 0 to 2, none constant. */
  readonly terms: readonly Monomial[];
  /** Their values in the training rows, n each, largest magnitude 1. */
  readonly columns: Float64Array;
  /** Which of them are multiplied with each other. */
  readonly factors: readonly number[];
}

/** Activation energies that are tried, kJ/mol; the one chosen is refined between its neighbours. */
export const ENERGIES: readonly number[] = Array.from({ length: 15 }, (_, k) => 10 * 60 ** (k / 14));

/** Features in terms of two, those that go best with the target by themselves. */
const MOST_PAIRED = 20;
/** A quantity whose least value is a smaller share of its range may well be 0 in a new row. */
const MARGIN = 0.01;
/** Arguments of exp beyond leave nothing but the largest row. */
const MOST_EXPONENT = 20;
/** Activation energies are at most so many times R T; squares of their exponentials are still numbers. */
const MOST_ENERGY = 100;

/** @param values - of the quantities in the training rows; @param target - centred */
export function expressionSpace(
  quantities: readonly Quantity[],
  values: readonly Float64Array[],
  target: Float64Array,
): ExpressionSpace {
  const builder = new SpaceBuilder(quantities, values, target);
  for (const [q, own] of values.entries()) if (isVarying(own)) builder.addFunctions(q);
  const paired = builder.pairedQuantities();
  for (const [k, a] of paired.entries()) for (const b of paired.slice(k + 1)) builder.addPairs(a, b);
  return builder.build();
}

class SpaceBuilder {
  private readonly bases: Base[] = [];
  private readonly terms: Monomial[] = [];
  private readonly columns: Float64Array[] = [];
  private readonly factors: number[] = [];
  private readonly baseOf = new Map<number, number>();
  private readonly quantities: readonly Quantity[];
  private readonly values: readonly Float64Array[];
  private readonly target: Float64Array;

  constructor(quantities: readonly Quantity[], values: readonly Float64Array[], target: Float64Array) {
    this.quantities = quantities;
    this.values = values;
    this.target = target;
  }

  /** The quantity itself and functions of it. */
  addFunctions(q: number): void {
    const own = this.values[q] as Float64Array; // one per quantity
    const { isPlain, toKelvin } = this.quantities[q] as Quantity;
    const isPositive = isAbove(own, MARGIN);
    const base = this.addBase({ kind: "quantity", first: q, isPositive, values: own, cost: 1 });
    this.baseOf.set(q, base);
    this.add(base, 2, 0);
    for (const halves of isPositive ? [4, 1, -2, -1, 6, -4] : [4, 6]) this.add(base, halves, 1);
    if (isPositive) {
      const logs = own.map(Math.log);
      const log = this.addBase({ kind: isPlain ? "log" : "logOf", first: q, isPositive: false, values: logs, cost: 2 });
      this.add(log, 2, 1, isPlain);
    }
    if (isPlain) this.addExponentials({ kind: "exp", first: q }, own, 1);
    if (toKelvin === 0 || !isPositive) return;
    const coldest = toKelvin * own.reduce((low, value) => Math.min(low, value));
    for (const energy of ENERGIES) {
      if (1000 * energy > MOST_ENERGY * GAS_CONSTANT_J_PER_MOL_K * coldest) break;
      for (const sign of [-1, 1]) {
        const heat = arrhenius(own, toKelvin, sign * energy);
        this.add(
          this.addBase({ kind: "arrhenius", first: q, isPositive: true, values: heat, energy, sign, cost: 3 }),
          2,
          1,
        );
      }
    }
  }

  /** Terms of two quantities, where units allow. */
  addPairs(a: number, b: number): void {
    const [first, second] = [this.baseOf.get(a) as number, this.baseOf.get(b) as number]; // both have been added
    const [p, q] = [this.bases[first] as Base, this.bases[second] as Base];
    const power = (base: number, halves: number): Monomial => monomialOf(this.bases, base, halves, 1);
    const add = (i: number, j: number): void => {
      const term = product(this.bases, power(first, i), power(second, j), 1);
      if (term !== undefined) this.push(term, true);
    };
    add(2, 2);
    if (q.isPositive) add(2, -2);
    if (p.isPositive) add(-2, 2);
    if (p.isPositive && q.isPositive) add(-2, -2);
    const factor = sumFactor(this.quantities[a] as Quantity, this.quantities[b] as Quantity);
    if (factor === undefined) return;
    const scaled = q.values.map((value) => value * factor);
    const together = p.values.map((value, i) => value + (scaled[i] as number)); // as long
    this.addSum({ kind: "sum", first: a, second: b }, together, p.isPositive && q.isPositive);
    // A difference may change its sign in a new row: it is neither divided by nor under a root.
    const left = p.values.map((value, i) => value - (scaled[i] as number));
    this.addSum({ kind: "difference", first: a, second: b }, left, false);
    if (!(p.isPositive && q.isPositive)) return;
    const ratio = p.values.map((value, i) => value / (scaled[i] as number));
    const logs = ratio.map(Math.log);
    this.add(
      this.addBase({ kind: "logRatio", first: a, second: b, isPositive: false, values: logs, cost: 4 }),
      2,
      2,
      false,
    );
    this.addExponentials({ kind: "expRatio", first: a, second: b }, ratio, 2);
    this.addExponentials(
      { kind: "expRatio", first: b, second: a },
      ratio.map((value) => 1 / value),
      2,
    );
  }

  /** The varying quantities that go best with the target by themselves or by a function of them, in the order of the features. */
  pairedQuantities(): readonly number[] {
    const scores = this.scores();
    const best = new Map<number, number>();
    for (const [t, { powers }] of this.terms.entries()) {
      const [at] = powers[0] as Monomial["powers"][number]; // every term so far is of one base
      const q = (this.bases[at] as Base).first;
      best.set(q, Math.max(best.get(q) ?? 0, scores[t] as number));
    }
    return [...best]
      .sort(([p, a], [q, b]) => b - a || p - q)
      .slice(0, MOST_PAIRED)
      .map(([q]) => q)
      .sort((p, q) => p - q);
  }

  build(): ExpressionSpace {
    return {
      quantities: this.quantities,
      bases: this.bases,
      terms: this.terms,
      columns: this.joined(),
      factors: this.factors,
    };
  }

  private addSum(parts: Pick<Base, "kind" | "first" | "second">, values: Float64Array, isPositive: boolean): void {
    const base = this.addBase({ ...parts, isPositive, values, cost: 3 });
    this.add(base, 2, 1);
    this.add(base, 4, 2, false);
    if (!isPositive) return;
    this.add(base, -2, 2);
    for (const halves of [1, -1]) this.add(base, halves, 2, false);
  }

  private addExponentials(
    parts: Pick<Base, "kind" | "first"> & { second?: number },
    of: Float64Array,
    level: number,
  ): void {
    if (of.some((value) => !(Math.abs(value) <= MOST_EXPONENT))) return;
    for (const sign of [1, -1]) {
      const values = of.map((value) => Math.exp(sign * value));
      this.add(this.addBase({ ...parts, sign, isPositive: true, values, cost: 1 + level }), 2, level, level === 1);
    }
  }

  private addBase(base: Pick<Base, "kind" | "first" | "isPositive" | "values" | "cost"> & Partial<Base>): number {
    this.bases.push({ second: -1, sign: 1, energy: 0, ...base });
    return this.bases.length - 1;
  }

  private add(base: number, halves: number, level: number, isFactor = true): void {
    this.push(monomialOf(this.bases, base, halves, level), isFactor);
  }

  private push(term: Monomial, isFactor: boolean): void {
    const column = new Float64Array(this.target.length);
    evaluate(this.bases, term, column);
    if (!isVarying(column)) return;
    if (isFactor) this.factors.push(this.terms.length);
    this.terms.push(term);
    this.columns.push(column);
  }

  private joined(): Float64Array {
    const n = this.target.length;
    const all = new Float64Array(n * this.columns.length);
    for (const [c, column] of this.columns.entries()) all.set(column, c * n);
    return all;
  }

  private scores(): Float64Array {
    const scores = new Float64Array(this.columns.length);
    columnScores(this.target.length, scores.length, this.joined(), this.target, scores);
    return scores;
  }
}

/** exp(Q / R T) of temperatures in their own unit, the largest value 1; Q in kJ/mol may be negative. */
export function arrhenius(values: Float64Array, toKelvin: number, energy: number): Float64Array {
  const exponents = values.map((value) => (1000 * energy) / (GAS_CONSTANT_J_PER_MOL_K * toKelvin * value));
  let most = Number.NEGATIVE_INFINITY;
  for (const exponent of exponents) most = Math.max(most, exponent);
  return exponents.map((exponent) => Math.exp(exponent - most));
}

/** Finite, and no constant but for rounding. */
export function isVarying(values: Float64Array): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) return false;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low > 1e-9 * Math.max(Math.abs(low), Math.abs(high));
}

/** Positive, and farther from 0 than a share of the range. */
function isAbove(values: Float64Array, margin: number): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > 0 && low >= margin * (high - low);
}
