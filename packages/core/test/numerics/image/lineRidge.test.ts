import { createRandom } from "@materiome/core";
import { type LineTaps, lineRidge } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { plainLineRidge } from "./plainLineRidge.ts";

const MARGIN = 9;

function tapsOf(nOrientations: number, step: number): LineTaps {
  const offsets = (of: (angle: number) => number): Int32Array =>
    Int32Array.from({ length: 5 * nOrientations }, (_, i) =>
      Math.round((i % 5) * step * of((Math.PI * Math.floor(i / 5)) / nOrientations)),
    );
  const weights = Float64Array.of(0.3, 0.15, 0.1, 0.07, 0.03);
  return { nOrientations, weights, offsetsX: offsets(Math.cos), offsetsY: offsets(Math.sin) };
}

function found(width: number, height: number, padded: Float32Array, taps: LineTaps) {
  const strength = new Float32Array(width * height);
  const orientation = new Uint8Array(width * height);
  lineRidge({ width, height, margin: MARGIN }, padded, taps, 0.7, strength, orientation);
  return { strength, orientation };
}

describe("lineRidge", () => {
  it.each([
    [40, 23],
    [31, 17],
    [1, 1],
    [2, 5],
    [411, 700], // two strips
  ])("gives the bits of plain loops: %i × %i", (width, height) => {
    const random = createRandom(width);
    const padded = Float32Array.from({ length: (width + 2 * MARGIN) * (height + 2 * MARGIN) }, () => random.next());
    const taps = tapsOf(12, 1.7);
    const strength = new Float32Array(width * height);
    const orientation = new Uint8Array(width * height);
    const { weights, offsetsX, offsetsY } = taps;
    plainLineRidge(width, height, MARGIN, padded, 12, weights, offsetsX, offsetsY, 0.7, strength, orientation);
    const ours = found(width, height, padded, taps);
    expect(Buffer.compare(Buffer.from(ours.strength.buffer), Buffer.from(strength.buffer))).toBe(0);
    expect(Buffer.compare(ours.orientation, orientation)).toBe(0);
    expect(strength.some((value) => value > 0)).toBe(true);
  });

  it("is the second derivative of a dark valley, in its direction", () => {
    const [width, height] = [12, 10];
    const pitch = width + 2 * MARGIN;
    // Grey rises with the square of the distance from the middle row: second derivative 2 × 0.01 across, 0 along.
    const padded = Float32Array.from(
      { length: pitch * (height + 2 * MARGIN) },
      (_, i) => 0.01 * (Math.floor(i / pitch) - MARGIN - 5) ** 2,
    );
    const { strength, orientation } = found(width, height, padded, tapsOf(4, 1));
    expect(new Set(orientation)).toEqual(new Set([0]));
    for (const value of strength) expect(value).toBeCloseTo(0.02, 6); // the weights sum to 1
  });
});
