import { DomainError, type Matrix, takeRows } from "@materiome/core";
import { upperBoundBoxes } from "../kernels/index.ts";
import { checkOutcomes } from "./checkOutcomes.ts";
import { paretoFront } from "./paretoFront.ts";

/**
 * Disjoint boxes that together hold every outcome that would improve a Pareto front: not dominated by it, and better than the
 * reference point. Lower corners reach down to −∞.
 */
export interface BoxDecomposition {
  readonly nBoxes: number;
  readonly nObjectives: number;
  /** Coordinates of all faces: the rising values of the first objective, then of the second, and so on. */
  readonly edges: Float64Array;
  /** [m + 1]: edges of objective j are `edges[start[j]] … edges[start[j + 1] − 1]`. */
  readonly start: Int32Array;
  /** [nBoxes, m]: index in `edges` of the lower and of the upper face. */
  readonly lowerEdge: Int32Array;
  readonly upperEdge: Int32Array;
}

/**
 * Boxes of the non-dominated region of a front: m = 1 gives 1 box, m = 2 as many as front points + 1; for m = 3 their number grows
 * linearly with the front, for m = 4 quadratically.
 *
 * @param values [n, m], all columns to be small; dominated rows and rows beyond the reference are left out; n may be 0
 * @param reference [m]
 * @throws DomainError for values that are not finite or more than four objectives
 * @throws ShapeError if the reference has another length than the rows
 * @see Lacour, Klamroth & Fonseca, Comput. Oper. Res. 79, 347 (2017), doi:10.1016/j.cor.2016.06.021; Daulton, Balandat & Bakshy,
 * NeurIPS 2020, arXiv:2006.05078
 * @example
 * decomposeNonDominated(createMatrix(2, 2, Float64Array.of(1, 2, 2, 1)), [3, 3]).nBoxes; // 3
 */
export function decomposeNonDominated(values: Matrix, reference: ArrayLike<number>): BoxDecomposition {
  checkOutcomes("decomposeNonDominated", values, reference);
  const m = values.columns;
  if (m > 4) {
    throw new DomainError(
      `decomposeNonDominated: up to 4 objectives, got ${m}; join some by desirability, or use ParEGO or NSGA-III`,
    );
  }
  const corner = Float64Array.from(reference);
  const inside: number[] = [];
  for (let i = 0; i < values.rows; i++) {
    if (corner.every((limit, j) => (values.data[i * m + j] ?? limit) < limit)) inside.push(i);
  }
  const counted = takeRows(values, inside);
  const front = distinctRows(takeRows(counted, paretoFront(counted)));
  const { boxes, lower, upper } = upperBoundBoxes(front.rows, m, front.data, corner);
  const perObjective = Array.from({ length: m }, (_, j) => {
    const both = new Set<number>();
    for (let k = 0; k < boxes; k++) both.add(lower[k * m + j] as number).add(upper[k * m + j] as number); // k < boxes, j < m
    return Float64Array.from(both).sort();
  });
  const start = new Int32Array(m + 1);
  perObjective.forEach((edges, j) => {
    start[j + 1] = (start[j] ?? 0) + edges.length;
  });
  const where = perObjective.map(
    (edges, j) => new Map(Array.from(edges, (value, i) => [value, (start[j] ?? 0) + i] as const)),
  );
  const indexOf = (value: number, i: number): number => where[i % m]?.get(value) ?? 0; // every value is an edge
  return {
    nBoxes: boxes,
    nObjectives: m,
    edges: Float64Array.from(perObjective.flatMap((edges) => Array.from(edges))),
    start,
    lowerEdge: Int32Array.from(lower, indexOf),
    upperEdge: Int32Array.from(upper, indexOf),
  };
}

/** Copies of a row bound nothing new; rows sorted by the last objective, from which bounds are found in few steps. */
function distinctRows(values: Matrix): Matrix {
  const { rows, columns: m, data } = values;
  const seen = new Map<string, number>();
  for (let i = 0; i < rows; i++) {
    const key = data.subarray(i * m, (i + 1) * m).join("|");
    if (!seen.has(key)) seen.set(key, i);
  }
  const last = (i: number): number => data[i * m + m - 1] ?? 0;
  return takeRows(
    values,
    [...seen.values()].sort((a, b) => last(a) - last(b)),
  );
}
