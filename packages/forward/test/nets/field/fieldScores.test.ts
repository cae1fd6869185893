import { createRaster, DataError, ShapeError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { scoreFields } from "../../../src/nets/index.ts";

describe("scoreFields", () => {
  it("are the errors of each component by hand", () => {
    const of = (...values: number[]) => createRaster(Float64Array.from(values), 2, 1, { channels: 2 });
    const truth = [of(3, 1, 4, 1), of(1, 2, 1, 0)];
    const found = [of(3, 1, 4, 1), of(2, 2, 1, 1)];
    const [first, second] = scoreFields(truth, found);
    // True 3, 4 | 1, 1 found 3, 4 | 2, 1; mean 2.25.
    expect(first!.relativeL2).toBeCloseTo(Math.sqrt(1 / 2) / 2, 12);
    expect(first!.r2).toBeCloseTo(1 - 1 / (0.75 ** 2 + 1.75 ** 2 + 2 * 1.25 ** 2), 12);
    expect(first!.meanRmse).toBeCloseTo(Math.sqrt(0.25 / 2), 12);
    expect(first!.meanRelative).toBeCloseTo(Math.sqrt(0.25 / (3.5 ** 2 + 1)), 12);
    expect(second!.relativeL2).toBeCloseTo(0.25, 12);
  });

  it("refuse fields that do not belong together", () => {
    const one = createRaster(new Float64Array(4), 2, 2);
    expect(() => scoreFields([one], [])).toThrow(ShapeError);
    expect(() => scoreFields([one], [createRaster(new Float32Array(4), 4, 1)])).toThrow(/field 0 is 4 × 1/);
    expect(() => scoreFields([], [])).toThrow(DataError);
  });
});
