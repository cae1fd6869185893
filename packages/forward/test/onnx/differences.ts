import { createRandom, type FeatureMatrix, type Regressor, type Targets } from "@materiome/core";
import { exportOnnx, type ForwardModel } from "@materiome/forward";
import { expect } from "vitest";
import { relativeDifference, runOnnx } from "./runOnnx.ts";

/** Relative; what double precision gives is far below it. */
export const TOLERANCE = 1e-5;
const PRECISIONS = ["float64", "float32"] as const;

export const run = (): { random: ReturnType<typeof createRandom> } => ({ random: createRandom(1) });
export const fit = async (learner: Regressor, x: FeatureMatrix, y: Targets): Promise<ForwardModel> =>
  (await learner.fit(x, y, run())) as ForwardModel;
const inSingle = (x: FeatureMatrix): FeatureMatrix => ({ ...x, data: Float64Array.from(Float32Array.from(x.data)) });

/** Largest relative difference of the file's predictions from the model's, in both precisions. */
export async function differences(model: ForwardModel, x: FeatureMatrix): Promise<number[]> {
  const found: number[] = [];
  for (const precision of PRECISIONS) {
    const rows = precision === "float64" ? x : inSingle(x);
    const { prediction } = await runOnnx(exportOnnx(model, { precision }), rows, precision);
    expect(prediction.dims).toEqual([x.rows, 1]);
    found.push(relativeDifference(prediction.data, model.predictSync(rows).mean.data));
  }
  return found;
}
