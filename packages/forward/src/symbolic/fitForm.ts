import {
  absoluteUnit,
  createNumberColumn,
  type FeatureMatrix,
  type Matrix,
  multiplyUnits,
  powerOfUnit,
  Table,
} from "@materiome/core";
import { expression } from "@materiome/core/features";
import { cholesky, choleskyInverse, choleskySolve, minimiseScalar } from "@materiome/core/numerics";
import { type LawParameter, readLaw } from "../physics/law.ts";
import { arrhenius, ENERGIES, type ExpressionSpace } from "./expressionSpace.ts";
import type { FittedLaw } from "./lawPredictor.ts";
import { type Base, energyBase, evaluate, type Monomial } from "./monomial.ts";
import { dot, residual, squares } from "./projection.ts";
import { isComposable, type Quantity } from "./quantities.ts";
import { expressionNotation, writeTerm } from "./writeTerm.ts";

/** Terms of a law with what fits the training rows best: a constant, a coefficient for each, an activation energy where one needs it. */
export interface FittedForm extends FittedLaw {
  readonly terms: readonly Monomial[];
  /** In kJ/mol, of a law that has one. */
  readonly energy: number | undefined;
  /** Share of the variance of the target in the training rows. */
  readonly rSquared: number;
}

/** @param y - target in `unit` */
export function fitForm(
  space: ExpressionSpace,
  terms: readonly Monomial[],
  x: FeatureMatrix,
  y: Float64Array,
  unit: string,
): FittedForm {
  const { bases, quantities } = space;
  const taken = new Set(x.features.map(({ name }) => name));
  const nameOf = (wanted: string): string => (taken.has(wanted) ? nameOf(`${wanted}_`) : wanted);
  const notation = expressionNotation(nameOf("Q"));
  const texts = terms.map((term) => writeTerm(term, bases, quantities, notation));
  const names = [...terms.keys(), terms.length].map((t) => nameOf(`c${t}`));
  const hot = terms.map((term) => energyBase(bases, term)).find((base) => base >= 0);
  const lawUnit = isComposable(unit) ? unit : "";
  const units = termUnits(space, terms, x);
  const parameters: LawParameter[] = names.map((name, k) => ({
    name,
    unit: k === 0 ? lawUnit : multiplyUnits(absoluteUnit(lawUnit), powerOfUnit(units[k - 1] as string, -1).unit).unit, // one per term
  }));
  if (hot !== undefined) parameters.push({ name: notation.energy, unit: "kJ/mol" });
  const text = [
    names[0],
    ...texts.map(({ above, below }, k) => {
      const head = above === "" ? names[k + 1] : `${names[k + 1]} * ${above}`;
      return below === "" ? head : `${head} / ${below}`;
    }),
  ].join(" + ");
  const law = readLaw(text, x.features, parameters, lawUnit);
  const centred = centre(y).values;
  const energy = hot === undefined ? undefined : refineEnergy(space, terms, hot, centred);
  const { coefficients, rest } = solve(termColumns(law, x, terms.length, energy), y);
  const at = Float64Array.from(energy === undefined ? coefficients : [...coefficients, energy]);
  const total = squares(centred);
  return {
    law,
    parameters: at,
    covariance: covarianceOf(law.derivatives(x, at), squares(rest)),
    positive: positiveOf(space, terms),
    terms,
    energy,
    rSquared: total > 0 ? 1 - squares(rest) / total : 0,
  };
}

/** Units of terms, as the language of expressions works them out. */
function termUnits({ bases, quantities }: ExpressionSpace, terms: readonly Monomial[], x: FeatureMatrix): string[] {
  const table = new Table(x.features.map(({ name, unit }) => createNumberColumn(name, [], { role: "process", unit })));
  const notation = expressionNotation('quantity(1, "kJ/mol")');
  return terms.map((term) => {
    const { above, below } = writeTerm(term, bases, quantities, notation);
    return expression(`${above || "1"}${below === "" ? "" : ` / ${below}`}`, table).unit;
  });
}

/** Values of the terms in the law's own units: what it is with one coefficient 1 and the others 0. */
function termColumns(law: FittedLaw["law"], x: Matrix, nTerms: number, energy: number | undefined): Float64Array[] {
  const at = new Float64Array(law.parameters.length);
  if (energy !== undefined) at[nTerms + 1] = energy;
  const none = law.values(x, at);
  return Array.from({ length: nTerms }, (_, t) => {
    const one = at.slice();
    one[t + 1] = 1;
    return law.values(x, one).map((value, i) => value - (none[i] as number)); // one per row
  });
}

/** The activation energy with the least squared error between the neighbours of the one that was screened. */
function refineEnergy(space: ExpressionSpace, terms: readonly Monomial[], hot: number, target: Float64Array): number {
  const base = space.bases[hot] as Base; // of the space
  const { toKelvin } = space.quantities[base.first] as ExpressionSpace["quantities"][number];
  const temperatures = (space.bases.find(({ kind, first }) => kind === "quantity" && first === base.first) as Base)
    .values;
  const at = ENERGIES.indexOf(base.energy);
  const [low, high] = [ENERGIES[at - 1] ?? base.energy / 2, ENERGIES[at + 1] ?? base.energy * 1.5];
  const errorOf = (energy: number): number => {
    const bases = [...space.bases];
    bases[hot] = { ...base, values: arrhenius(temperatures, toKelvin, base.sign * energy) };
    const columns = terms.map((term) => {
      const column = new Float64Array(target.length);
      evaluate(bases, term, column);
      return centre(column).values;
    });
    return squares(residual(target, columns));
  };
  return minimiseScalar(errorOf, low, high, { tolerance: 1e-6 * base.energy }).x;
}

function centre(values: Float64Array): { readonly mean: number; readonly values: Float64Array } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, values: values.map((value) => value - mean) };
}

/** Least squares with a constant. */
function solve(
  columns: readonly Float64Array[],
  y: Float64Array,
): { readonly coefficients: readonly number[]; readonly rest: Float64Array } {
  const target = centre(y);
  const parts = columns.map(centre);
  const sizes = parts.map(({ values }) => Math.sqrt(squares(values)));
  const m = columns.length;
  const data = new Float64Array(m * m);
  for (const [a, { values }] of parts.entries()) {
    for (const [b, other] of parts.entries()) {
      data[a * m + b] = dot(values, other.values) / ((sizes[a] as number) * (sizes[b] as number)); // one per column
    }
  }
  const right = Float64Array.from(parts, ({ values }, a) => dot(values, target.values) / (sizes[a] as number));
  // Columns chosen together are no closer than the screening allows.
  const solved =
    m === 0 ? right : choleskySolve(cholesky({ rows: m, columns: m, data }, { maxRelativeJitter: 1e-8 }), right);
  const slopes = Array.from(solved, (value, a) => value / (sizes[a] as number));
  const constant = slopes.reduce((sum, slope, a) => sum - slope * (parts[a]?.mean as number), target.mean);
  const rest = y.map((value, i) =>
    slopes.reduce((left, slope, a) => left - slope * (columns[a]?.[i] as number), value - constant),
  );
  return { coefficients: [constant, ...slopes], rest };
}

/** s² (JᵀJ)⁻¹ with s² the residual variance; NaN where no row is left to tell it. */
function covarianceOf(slopes: Matrix, error: number): Matrix {
  const { rows: n, columns: m } = slopes;
  const variance = n > m ? error / (n - m) : Number.NaN;
  const gram = new Float64Array(m * m);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < m; a++) {
      for (let b = 0; b < m; b++) {
        gram[a * m + b] =
          (gram[a * m + b] as number) + (slopes.data[i * m + a] as number) * (slopes.data[i * m + b] as number);
      }
    }
  }
  // A coefficient of exactly 0 leaves an activation energy without effect.
  const size = Float64Array.from({ length: m }, (_, a) => Math.sqrt(gram[a * m + a] as number) || 1);
  const scale = (at: number): number => (size[Math.floor(at / m)] as number) * (size[at % m] as number);
  const data = gram.map((value, at) => value / scale(at));
  const inverse = choleskyInverse(cholesky({ rows: m, columns: m, data }, { maxRelativeJitter: 1e-6 }));
  return { rows: m, columns: m, data: inverse.data.map((value, at) => (variance * value) / scale(at)) };
}

/** Quantities that have to be above 0 for the terms to mean what they meant in the training rows. */
function positiveOf({ bases, quantities }: ExpressionSpace, terms: readonly Monomial[]): readonly string[] {
  const found = new Set<string>();
  for (const { powers } of terms) {
    for (const [at, halves] of powers) {
      const { kind, first, second } = bases[at] as Base; // powers name bases there are
      const isWhole = kind === "quantity" || kind === "sum" || kind === "difference";
      if (kind === "exp" || (isWhole && halves > 0 && halves % 2 === 0)) continue;
      for (const q of [first, second]) if (q >= 0) found.add((quantities[q] as Quantity).written);
    }
  }
  return [...found];
}
