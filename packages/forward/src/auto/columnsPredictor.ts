import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import type { MeanParts } from "../explain/meanParts.ts";
import type { Estimates, Predictor } from "../learner/predictor.ts";

/** A predictor that sees some columns of wider rows. */
export function columnsPredictor(member: Predictor, columns: Int32Array, nFeatures: number): Predictor {
  if (columns.length === nFeatures) return member;
  return {
    kind: "columns",
    allowsMissing: member.allowsMissing,
    estimate: (x: Matrix): Estimates => member.estimate(pickColumns(x, columns)),
    meanParts: () => widenParts(member.meanParts?.(), columns, nFeatures),
    encode(): { [key: string]: Json } {
      return { kind: "columns", columns: encodeArray(columns), member: member.encode() };
    },
  };
}

/** Columns of a matrix in the given order. */
export function pickColumns(x: Matrix, columns: Int32Array): Matrix {
  const d = columns.length;
  const data = new Float64Array(x.rows * d);
  for (let i = 0; i < x.rows; i++) {
    for (let k = 0; k < d; k++) data[i * d + k] = x.data[i * x.columns + (columns[k] as number)] as number; // k < d
  }
  return { rows: x.rows, columns: d, data };
}

/** The parts with features counted among all columns. */
function widenParts(parts: MeanParts | undefined, columns: Int32Array, nFeatures: number): MeanParts | undefined {
  if (parts === undefined) return undefined;
  const wide = (f: number): number => (f < 0 ? f : (columns[f] as number)); // features of the member
  const spread = (values: Float64Array): Float64Array => {
    const out = new Float64Array(nFeatures);
    for (const [k, value] of values.entries()) out[columns[k] as number] = value; // one per column
    return out;
  };
  return {
    offset: parts.offset,
    parts: parts.parts.map((part) => {
      if (part.kind === "trees") return { ...part, trees: { ...part.trees, feature: part.trees.feature.map(wide) } };
      const { basis } = part;
      const { centre, scale, first, second } = basis;
      return {
        ...part,
        basis: {
          ...basis,
          centre: spread(centre),
          scale: spread(scale),
          first: first.map(wide),
          second: second.map(wide),
        },
      };
    }),
  };
}

/** @throws FormatError if the stored columns are not columns of the model, ascending */
export function decodeColumns(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
  read: (member: unknown, nFeatures: number) => Predictor,
): Predictor {
  const columns = decodeArray(data["columns"], "i32");
  const isWhole = columns.every((f, k) => f < nFeatures && f > (k === 0 ? -1 : (columns[k - 1] as number))); // k ≥ 1
  if (!isWhole || columns.length === 0) {
    throw new FormatError("columns: the stored columns are damaged; train again");
  }
  return columnsPredictor(read(data["member"], columns.length), columns, nFeatures);
}
