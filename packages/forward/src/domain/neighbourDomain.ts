import {
  createMatrix,
  DataError,
  DomainError,
  decodeArray,
  encodeArray,
  FormatError,
  type Matrix,
  type Serialized,
  StoredReader,
} from "@materiome/core";
import { createNeighbourSearch, quantileSorted } from "@materiome/core/numerics";
import { checkRows } from "./leverages.ts";

export interface NeighbourDomainOptions {
  /** Which of the nearest training rows the distance is to. @defaultValue 5, or as many as there are less one */
  readonly k?: number | undefined;
  /** Share of the rows held out that lie inside. @defaultValue 0.95 */
  readonly share?: number | undefined;
}

/** Knows rows like the training rows; immutable. */
export interface NeighbourDomain {
  readonly k: number;
  /** Distance up to which a row lies inside. */
  readonly limit: number;
  /**
   * Distance to the k-th nearest training row over the limit, [n]: up to 1 inside.
   * @throws ShapeError for other columns; DataError for values that are not finite
   */
  scores(x: Matrix): Float64Array;
  toJSON(): Serialized;
}

const WHO = "fitNeighbourDomain";
const TYPE = "materiome/neighbour-domain";

/**
 * Applicability domain for features of a network, such as `ImageClassifier.features`: a row lies inside if its k-th nearest training row, both brought to
 * length 1, is no farther than that of most rows held out. Lengths say how clearly something is seen, directions what it is.
 *
 * @param training - [m, d], finite: what the network learned from
 * @param heldOut - [n, d], finite: rows like those, that it did not learn from, at least five; training rows lie too near to themselves to tell
 * @throws ShapeError for other columns; DataError for values that are not finite, or fewer than five rows held out; DomainError for options out of range
 * @see Y. Sun, Y. Ming, X. Zhu, Y. Li, ICML 2022, arXiv:2204.06507
 * @example
 * const domain = fitNeighbourDomain(await net.features(trainImages), await net.features(validationImages));
 * const isInside = domain.scores(await net.features(newImages)).map((score) => (score <= 1 ? 1 : 0));
 */
export function fitNeighbourDomain(
  training: Matrix,
  heldOut: Matrix,
  options: NeighbourDomainOptions = {},
): NeighbourDomain {
  const { k = Math.max(1, Math.min(5, training.rows - 1)), share = 0.95 } = options;
  checkRows(WHO, training, heldOut);
  if (!(Number.isInteger(k) && k >= 1 && k <= training.rows)) {
    throw new DomainError(`${WHO}: k must be a whole number in 1 … ${training.rows} (the training rows), got ${k}`);
  }
  if (!(share > 0 && share < 1)) throw new DomainError(`${WHO}: share must lie between 0 and 1, got ${share}`);
  if (heldOut.rows < LEAST) {
    throw new DataError(`${WHO}: ${heldOut.rows} rows held out; at least ${LEAST} are needed to tell how far is usual`);
  }
  const unit = inSingle(unitRows(training));
  const distances = distancesTo(unit, unitRows(heldOut), k).sort();
  // All held out may be copies of training rows: what is as near as that is inside.
  const limit = Math.max(quantileSorted(distances, share), Number.EPSILON);
  return neighbourDomain(unit, k, limit);
}

const LEAST = 5;

function neighbourDomain(unit: Matrix, k: number, limit: number): NeighbourDomain {
  return {
    k,
    limit,
    scores(x) {
      checkRows("neighbour domain", unit, x);
      return distancesTo(unit, unitRows(x), k).map((distance) => distance / limit);
    },
    toJSON: () => ({
      type: TYPE,
      version: 1,
      params: { k, limit, rows: unit.rows, columns: unit.columns },
      state: { training: encodeArray(Float32Array.from(unit.data)) },
    }),
  };
}

/**
 * Reads a stored domain; scores are those of the one that was stored.
 *
 * @throws FormatError for damaged content; IncompatibleError for another version
 * @example
 * const domain = readNeighbourDomain(JSON.parse(text));
 */
export function readNeighbourDomain(data: unknown): NeighbourDomain {
  const who = "readNeighbourDomain";
  const stored = new StoredReader(who);
  const { params, state } = stored.header(data, TYPE, [1]);
  const number = (name: string): number => stored.number(params[name], name);
  const [k, limit, rows, columns] = [number("k"), number("limit"), number("rows"), number("columns")];
  const values = decodeArray(state["training"], "f32");
  const areCounts = [k, rows, columns].every((n) => Number.isInteger(n) && n >= 1);
  if (!areCounts || k > rows || !(limit > 0) || values.length !== rows * columns) {
    throw new FormatError(
      `${who}: ${rows} × ${columns} rows, k ${k} and limit ${limit} do not fit; the file is damaged`,
    );
  }
  return neighbourDomain(createMatrix(rows, columns, Float64Array.from(values)), k, limit);
}

function distancesTo(unit: Matrix, rows: Matrix, k: number): Float64Array {
  const { distances } = createNeighbourSearch(unit)(rows, k);
  return Float64Array.from({ length: rows.rows }, (_, i) => distances[i * k + k - 1] as number); // k a row
}

/** Rows of zeros stay as they are. */
function unitRows({ rows, columns, data }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = i * columns; j < (i + 1) * columns; j++) sum += (data[j] as number) ** 2; // inside
    const length = sum > 0 ? Math.sqrt(sum) : 1;
    for (let j = i * columns; j < (i + 1) * columns; j++) out[j] = (data[j] as number) / length;
  }
  return createMatrix(rows, columns, out);
}

/** As it is stored. */
function inSingle({ rows, columns, data }: Matrix): Matrix {
  return createMatrix(rows, columns, Float64Array.from(Float32Array.from(data)));
}
