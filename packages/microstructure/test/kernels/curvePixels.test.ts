import { describe, expect, it } from "vitest";
import { circlePixels, linePixels } from "../../src/kernels/index.ts";

describe("circlePixels", () => {
  it("goes round once, each pixel a neighbour of the one before and within half a pixel along its axis", () => {
    for (let radius = 1; radius <= 60; radius += 0.5) {
      const out = new Int32Array(16 * (Math.floor(radius) + 2));
      const n = circlePixels(5, -3, radius, out);
      const seen = new Set<string>();
      for (let k = 0; k < n; k++) {
        const [x, y] = [out[2 * k] - 5, out[2 * k + 1] + 3];
        const next = (k + 1) % n;
        const step = Math.max(Math.abs(out[2 * next] - out[2 * k]), Math.abs(out[2 * next + 1] - out[2 * k + 1]));
        expect(step).toBe(1);
        expect(Math.abs(Math.hypot(x, y) - radius)).toBeLessThanOrEqual(0.75);
        seen.add(`${x},${y}`);
      }
      expect(seen.size).toBe(n);
      expect([out[0], out[1]]).toEqual([5 + Math.round(radius), -3]);
      expect(out[3]).toBeLessThanOrEqual(-3); // counter-clockwise, y down
    }
  });
});

describe("linePixels", () => {
  it("steps along the longer axis, both ends included", () => {
    const out = new Int32Array(12);
    expect(linePixels(0, 0, 5, -2, out)).toBe(6);
    expect([...out]).toEqual([0, 0, 1, -0, 2, -1, 3, -1, 4, -2, 5, -2].map((v) => v + 0));
    expect(linePixels(3, 4, 3, 4, out)).toBe(1);
    expect([out[0], out[1]]).toEqual([3, 4]);
  });
});
