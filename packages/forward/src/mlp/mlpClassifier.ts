import { decodeArray, encodeArray, FormatError, type Json, type Matrix } from "@materiome/core";
import { type CodedClassifier, checkPlanes, missingError } from "../tree/codedClassifier.ts";
import { decodeNet, encodeNet, type FittedNet, netOutputs } from "./fittedNet.ts";

/** Nets of classes, whose probabilities are averaged. */
export interface NetClassification {
  readonly nFeatures: number;
  readonly nClasses: number;
  /** Classes that had training rows, ascending: one output each; the others have the probability 0. */
  readonly present: Int32Array;
  readonly nets: readonly FittedNet[];
}

/** Samples of planes that are gathered at once. */
const BLOCK = 4096;

/** Adds the softmax of a net's outputs up, [nSamples, nPresent]. */
export function addProbabilities(net: FittedNet, x: Matrix, sum: Float64Array): void {
  const width = net.shape.nOutputs;
  const logits = netOutputs(net, x);
  for (let row = 0; row < logits.length; row += width) {
    let most = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < width; c++) most = Math.max(most, logits[row + c] as number); // c < width
    let total = 0;
    for (let c = 0; c < width; c++) total += Math.exp((logits[row + c] as number) - most);
    for (let c = 0; c < width; c++) {
      sum[row + c] = (sum[row + c] as number) + Math.exp((logits[row + c] as number) - most) / total;
    }
  }
}

/** Mean probabilities of nets, from rows and from planes by the same sums. */
export function mlpClassifier({ nFeatures, nClasses, present, nets }: NetClassification): CodedClassifier {
  const score = (x: Matrix, first: number, out: Float32Array | Float64Array): void => {
    const sum = new Float64Array(x.rows * present.length);
    for (const net of nets) addProbabilities(net, x, sum);
    out.fill(0, first * nClasses, (first + x.rows) * nClasses);
    for (let i = 0; i < x.rows; i++) {
      for (const [k, c] of present.entries()) {
        out[(first + i) * nClasses + c] = (sum[i * present.length + k] as number) / nets.length; // a class each
      }
    }
  };
  return {
    nFeatures,
    nClasses,
    predictRows: (x, out) => score(x, 0, out),
    predictPlanes(planes, n, out) {
      checkPlanes(planes, n, nFeatures, nClasses, out);
      for (let first = 0; first < n; first += BLOCK) {
        const rows = Math.min(BLOCK, n - first);
        const data = new Float64Array(rows * nFeatures);
        for (const [f, plane] of planes.entries()) {
          for (let i = 0; i < rows; i++) {
            const value = plane[first + i] as number; // checked above
            if (Number.isNaN(value)) throw missingError(f, 1, first + i, 1);
            data[i * nFeatures + f] = value;
          }
        }
        score({ rows, columns: nFeatures, data }, first, out);
      }
    },
    encode(): { readonly [key: string]: Json } {
      return { mlp: { present: encodeArray(present), nets: nets.map(encodeNet) } };
    },
  };
}

/** @throws FormatError for a damaged file */
export function readNetClassification(data: unknown, nFeatures: number, nClasses: number): NetClassification {
  const stored = (data ?? {}) as { readonly [key: string]: unknown };
  const present = decodeArray(stored["present"], "i32");
  const nets = stored["nets"];
  if (!Array.isArray(nets) || nets.length === 0 || present.some((c) => !(c >= 0 && c < nClasses))) {
    throw new FormatError("mlp: nets or classes are missing; the file is damaged, train again");
  }
  const read = nets.map((net) => decodeNet(net, nFeatures));
  if (read.some(({ shape }) => shape.nOutputs !== present.length)) {
    throw new FormatError("mlp: outputs and classes differ in number; the file is damaged, train again");
  }
  return { nFeatures, nClasses, present, nets: read };
}

export function decodeNetClassifier(data: unknown, nFeatures: number, nClasses: number): CodedClassifier {
  return mlpClassifier(readNetClassification(data, nFeatures, nClasses));
}
