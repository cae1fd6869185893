import type { Matrix } from "@materiome/core";
import { InferenceSession, Tensor } from "onnxruntime-web";

/** What a file gives for rows: each output with its numbers or texts. */
export interface OnnxResult {
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
}

/** Runs an ONNX file by onnxruntime. */
export async function runOnnx(
  bytes: Uint8Array,
  x: Matrix,
  precision: "float64" | "float32" = "float64",
): Promise<Record<string, OnnxResult>> {
  const session = await InferenceSession.create(bytes, { executionProviders: ["wasm"] });
  const dims = [x.rows, x.columns];
  const input =
    precision === "float64"
      ? new Tensor("float64", Float64Array.from(x.data), dims)
      : new Tensor("float32", Float32Array.from(x.data), dims);
  const results = await session.run({ features: input });
  await session.release();
  return Object.fromEntries(
    Object.entries(results).map(([name, { dims: size, data }]) => [
      name,
      { dims: size, data: Array.from(data as Iterable<number | string>) },
    ]),
  );
}

/** Largest |a − b| / |b| of two lists of numbers; infinite where one has NaN and the other not. */
export function relativeDifference(a: readonly (number | string)[], b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let k = 0; k < b.length; k++) {
    const [left, right] = [a[k] as number, b[k]];
    if (Object.is(left, right) || left === right) continue;
    const difference = Math.abs(left - right) / Math.abs(right);
    most = Math.max(most, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return most;
}
