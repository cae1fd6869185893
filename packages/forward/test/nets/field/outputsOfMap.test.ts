import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { outputsOfMap, surrogateSpec } from "../../../src/nets/field/fieldSurrogate.ts";
import { unetOutputs } from "../../../src/nets/unet/unetShard.ts";
import { initialParameters } from "../../../src/nets/unet/unetSpec.ts";

describe("outputsOfMap", () => {
  it("in parts is what the whole map gives, across the borders where it repeats itself", async () => {
    for (const isPeriodic of [true, false]) {
      const spec = surrogateSpec(2, [3, 4], 2, isPeriodic);
      const draw = createRandom(1);
      const parameters = initialParameters(spec, draw.fork("weights"));
      const [width, height] = [40, 36];
      const x = Float32Array.from({ length: 2 * width * height }, () => draw.normal());
      const compute = (data: Float32Array, w: number, h: number) =>
        unetOutputs(spec, "wasm", parameters, [1, h, w, 2], data);
      const whole = await outputsOfMap(spec, x, width, height, compute);
      const parts = await outputsOfMap(spec, x, width, height, compute, 30);
      for (const [i, value] of parts.entries()) expect(value).toBeCloseTo(whole[i]!, 4);
    }
  });
});
