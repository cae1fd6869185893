import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { partSide, segmentByParts } from "../../../src/nets/unet/segmentByParts.ts";
import { unetOutputs } from "../../../src/nets/unet/unetShard.ts";
import { haloOf, initialParameters } from "../../../src/nets/unet/unetSpec.ts";

const spec = { channels: 2, filters: [4, 8, 8], outputs: 3 };

describe("segmentByParts", () => {
  it("gives what the whole image gives, whatever the parts", async () => {
    const [width, height] = [172, 100];
    const random = createRandom(4);
    const x = Float32Array.from({ length: width * height * 2 }, () => random.normal());
    const parameters = initialParameters(spec, createRandom(5));
    const sizes: number[] = [];
    const compute = (part: Float32Array, w: number, h: number): Promise<Float32Array> => {
      sizes.push(w, h);
      return unetOutputs(spec, "wasm", parameters, [1, h, w, 2], part);
    };
    const whole = await segmentByParts(spec, x, width, height, compute);
    expect(sizes).toEqual([width, height]);
    const largest = whole.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(0.1);
    for (const side of [72, 88]) {
      sizes.length = 0;
      const parts = await segmentByParts(spec, x, width, height, compute, side);
      expect(sizes.length).toBeGreaterThan(8);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(side);
      expect(parts.every((value, i) => Math.abs(value - whole[i]!) < 1e-6 * largest)).toBe(true);
    }
  });

  it("takes parts of whole coarsest pixels that keep at least a ninth", () => {
    for (const filters of [[16, 32, 64], [64, 128, 256, 512, 1024], [8]]) {
      const shape = { channels: 1, filters, outputs: 2 };
      const side = partSide(shape);
      expect(side % 2 ** (filters.length - 1)).toBe(0);
      expect(side).toBeGreaterThanOrEqual(3 * haloOf(shape));
    }
  });
});
