import { createMatrix, DomainError, type Matrix } from "@materiome/core";
import { createRowModel, type DesignFactor } from "./modelMatrix.ts";
import type { ModelTerm } from "./modelTerms.ts";

/**
 * Mean of f(x) f(x)ᵀ over the region of a model f, exactly: numbers uniform on −1 … 1 (moment 1/(a + 1) for even a) and
 * categories with equal levels; or mixtures uniform on the simplex, (q − 1)! Π a_j! / (q − 1 + Σ a_j)!.
 *
 * @returns [p, p]
 */
export function regionMoments(
  factors: readonly DesignFactor[],
  terms: readonly ModelTerm[],
  region: "cube" | "simplex",
): Matrix {
  if (factors.every(({ kind }) => kind === "number")) {
    const p = terms.length;
    const moment = region === "cube" ? cubeMoment : simplexMoment;
    const out = createMatrix(p, p);
    terms.forEach((a, i) => {
      terms.forEach((b, j) => {
        out.data[i * p + j] = moment(a.map((power, k) => power + (b[k] ?? 0)));
      });
    });
    return out;
  }
  if (region === "simplex") throw new DomainError("design: categories have no place in a mixture's simplex");
  return mixedMoments(factors, terms);
}

function cubeMoment(powers: readonly number[]): number {
  return powers.reduce((product, a) => (a % 2 === 1 ? 0 : product / (a + 1)), 1);
}

function simplexMoment(powers: readonly number[]): number {
  const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
  const total = powers.reduce((a, b) => a + b, 0);
  return (
    (factorial(powers.length - 1) * powers.reduce((product, a) => product * factorial(a), 1)) /
    factorial(powers.length - 1 + total)
  );
}

/** Every combination of category levels, and of three Gauss–Legendre nodes for each number (exact up to power 5). */
function mixedMoments(factors: readonly DesignFactor[], terms: readonly ModelTerm[]): Matrix {
  const model = createRowModel(factors, terms);
  const node = Math.sqrt(3 / 5);
  const choices = factors.map((factor) =>
    factor.kind === "category"
      ? Array.from({ length: factor.levels as number }, (_, k) => {
          const levels = factor.levels as number; // checked by createRowModel
          return [(2 * k) / (levels - 1) - 1, 1 / levels] as const;
        })
      : ([
          [-node, 5 / 18],
          [0, 8 / 18],
          [node, 5 / 18],
        ] as const),
  );
  const count = choices.reduce((product, list) => product * list.length, 1);
  if (count > 2_000_000) {
    throw new DomainError(`design: the mean over ${count} combinations of levels is too long; take fewer factors`);
  }
  const p = model.columns;
  const out = createMatrix(p, p);
  const f = new Float64Array(p);
  const row = new Float64Array(factors.length);
  for (let index = 0; index < count; index++) {
    let rest = index;
    let weight = 1;
    choices.forEach((list, j) => {
      const [value, share] = list[rest % list.length] as readonly [number, number]; // below length
      rest = Math.floor(rest / list.length);
      row[j] = value;
      weight *= share;
    });
    model.write(row, f, 0);
    for (let i = 0; i < p; i++) {
      for (let j = 0; j < p; j++) {
        out.data[i * p + j] = (out.data[i * p + j] as number) + weight * (f[i] as number) * (f[j] as number);
      }
    }
  }
  return out;
}
