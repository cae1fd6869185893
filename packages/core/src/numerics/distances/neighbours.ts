import { DomainError } from "../../errors/errors.ts";
import { buildTree, searchAll, searchTree } from "../../kernels/nearestNeighbours.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { requireColumns } from "./distanceMatrix.ts";

/** The nearest rows of each query, nearest first; equal distances in the order of the rows. */
export interface Neighbours {
  /** Row indices, [nQueries, k]. */
  readonly rows: Int32Array;
  /** Euclidean distances, [nQueries, k]. */
  readonly distances: Float64Array;
  readonly k: number;
}

/** Finds nearest rows among the points it was made from. */
export type NeighbourSearch = (queries: Matrix, k: number) => Neighbours;

export interface CreateNeighbourSearchOptions {
  /** Both give the same answer. @defaultValue "tree" up to 15 columns and from 200 rows, "all" otherwise */
  readonly method?: "tree" | "all" | undefined;
}

const TREE_COLUMNS = 15;
const TREE_ROWS = 200;

/**
 * Exact k nearest rows by Euclidean distance: a k-d tree (J. L. Bentley, Commun. ACM 18, 509 (1975),
 * doi:10.1145/361002.361007) for few columns, a look at all rows for many. A row asked about itself finds itself first.
 *
 * @param points - finite
 * @throws DomainError for a value that is NaN or infinite, naming row and column; by the search also for k outside 1 … rows
 * @throws ShapeError by the search if the columns differ
 * @example
 * const nearest = createNeighbourSearch(createMatrix(3, 1, Float64Array.of(0, 5, 6)));
 * nearest(createMatrix(1, 1, Float64Array.of(4)), 2).rows; // Int32Array [ 1, 2 ]
 */
export function createNeighbourSearch(points: Matrix, options: CreateNeighbourSearchOptions = {}): NeighbourSearch {
  const { rows: n, columns: d, data } = points;
  requireFinite("createNeighbourSearch", points);
  const method = options.method ?? (d <= TREE_COLUMNS && n >= TREE_ROWS ? "tree" : "all");
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const nodes = 4 * Math.max(1, n);
  const axis = new Int32Array(method === "tree" ? nodes : 0);
  const split = new Float64Array(method === "tree" ? nodes : 0);
  if (method === "tree") buildTree(d, data, order, axis, split);
  return (queries, k) => {
    requireColumns("nearest neighbours", queries, points);
    requireFinite("nearest neighbours", queries);
    if (!(Number.isInteger(k) && k >= 1 && k <= n)) {
      throw new DomainError(`nearest neighbours: k must be a whole number in 1 … ${n} (the rows there are), got ${k}`);
    }
    const distances = new Float64Array(queries.rows * k).fill(Number.POSITIVE_INFINITY);
    const rows = new Int32Array(queries.rows * k).fill(2147483647);
    if (method === "tree") {
      searchTree(queries.rows, d, k, queries.data, data, order, axis, split, new Float64Array(d), distances, rows);
    } else searchAll(queries.rows, n, d, k, queries.data, data, distances, rows);
    return { rows, distances: distances.map(Math.sqrt), k };
  };
}

/** @throws DomainError for the first value that is NaN or infinite */
export function requireFinite(name: string, { data, columns }: Matrix): void {
  for (let at = 0; at < data.length; at++) {
    if (!Number.isFinite(data[at])) {
      throw new DomainError(
        `${name}: values must be finite, row ${Math.floor(at / columns)}, column ${at % columns} (counted from 0) is ${data[at]}; impute or drop it first`,
      );
    }
  }
}
