import { createRandom, createRaster, type Raster } from "@materiome/core";
import { createFeatureBank } from "@materiome/microstructure/pixels";
import { describe, expect, it } from "vitest";

const OPTIONS = {
  scalesPx: [1, 2],
  stepShapes: [{ acrossPx: 1.2, alongPx: 3, relativeToPx: [6] }],
  lineShapes: [{ acrossPx: 1.5, alongPx: 3 }],
  surroundingsPx: [6],
  halfDiscsPx: [5],
};

function image(width: number, height: number, at: (x: number, y: number) => number): Raster<Float32Array> {
  return createRaster(
    Float32Array.from({ length: width * height }, (_, i) => at(i % width, Math.floor(i / width))),
    width,
    height,
  );
}

function noise(width: number, height: number, seed = 1): Raster<Float32Array> {
  const random = createRandom(seed);
  return image(width, height, () => random.next());
}

describe("createFeatureBank", () => {
  const bank = createFeatureBank(["grey"], OPTIONS);
  const plane = (planes: readonly Float32Array[], name: string): Float32Array => {
    const k = bank.features.findIndex((feature) => feature.name === name);
    expect(k).toBeGreaterThanOrEqual(0);
    return planes[k]!;
  };

  it("gives one finite plane per named feature, with names that differ", () => {
    const planes = bank.compute(noise(20, 14));
    expect(planes.length).toBe(bank.features.length);
    expect(new Set(bank.features.map(({ name }) => name)).size).toBe(planes.length);
    for (const values of planes) {
      expect(values.length).toBe(20 * 14);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it("gives a tile the values of the whole image, bit for bit", () => {
    const whole = noise(70, 60);
    const all = bank.compute(whole);
    for (const region of [
      { x: 0, y: 0, width: 30, height: 20 },
      { x: 41, y: 33, width: 17, height: 23 },
      { x: 60, y: 50, width: 10, height: 10 },
    ]) {
      const part = bank.compute(whole, region);
      for (const [f, values] of part.entries()) {
        const same = values.every((v, i) => {
          const x = region.x + (i % region.width);
          const y = region.y + Math.floor(i / region.width);
          return Object.is(v, all[f]![y * 70 + x]);
        });
        expect(same, bank.features[f]!.name).toBe(true);
      }
    }
  });

  it("is right on a ramp: gradient the slope times σ, curvature and deviation across it", () => {
    const slope = 0.01;
    const planes = bank.compute(image(80, 40, (x) => slope * x));
    const middle = 20 * 80 + 40;
    expect(plane(planes, "grey value")[middle]).toBeCloseTo(0.4, 6);
    expect(plane(planes, "grey mean 2")[middle]).toBeCloseTo(0.4, 5);
    expect(plane(planes, "grey gradient 2")[middle]).toBeCloseTo(2 * slope, 6);
    expect(plane(planes, "tensor larger 2")[middle]).toBeCloseTo(2 * slope, 6);
    expect(plane(planes, "tensor smaller 2")[middle]).toBeCloseTo(0, 6);
    expect(plane(planes, "grey Hessian larger 2")[middle]).toBeCloseTo(0, 5);
    // A Gaussian window of σ on a ramp has standard deviation slope · σ.
    expect(plane(planes, "grey deviation 2")[middle]).toBeCloseTo(2 * slope, 3);
    // Eight directions meet the ramp exactly: largest response slope · σ, none along it.
    expect(plane(planes, "image step across lines 1.2×3 largest")[middle]).toBeCloseTo(1.2 * slope, 5);
    expect(plane(planes, "image step across lines 1.2×3 at right angle")[middle]).toBeCloseTo(0, 5);
    expect(plane(planes, "grey box 6")[middle]).toBeCloseTo(0.4, 5);
    expect(plane(planes, "grey ring 6 smallest")[middle]).toBeCloseTo(0.34, 5);
    expect(plane(planes, "grey ring 6 largest")[middle]).toBeCloseTo(0.46, 5);
  });

  it("finds a dark line along and not across its direction", () => {
    const planes = bank.compute(image(60, 60, (x) => (x === 30 ? 0 : 1)));
    const name = "grey line 1.5×3";
    const on = 30 * 60 + 30;
    // Second difference, twice by central differences, of a line smoothed by σ = 1.5, times σ².
    const g = [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6].map((x) => Math.exp((-x * x) / 4.5));
    const sum = g.reduce((total, v) => total + v, 0);
    expect(plane(planes, `${name} largest`)[on]!).toBeCloseTo((2.25 * (g[6]! - g[8]!)) / (2 * sum), 6);
    expect(plane(planes, `${name} at right angle`)[on]!).toBeLessThan(0.02);
    expect(Math.abs(plane(planes, `${name} largest`)[30 * 60 + 10]!)).toBeLessThan(1e-3);
  });

  it("does not depend on a quarter turn of the image", () => {
    const before = noise(41, 41, 5);
    const turned = image(41, 41, (x, y) => before.data[x * 41 + (40 - y)]!);
    const [a, b] = [bank.compute(before), bank.compute(turned)];
    const middle = 20 * 41 + 20;
    for (const [f, feature] of bank.features.entries()) {
      expect(b[f]![middle], feature.name).toBeCloseTo(a[f]![middle]!, 4);
    }
  });

  it("is constant on a uniform image of one pixel or many", () => {
    for (const size of [1, 30]) {
      const planes = bank.compute(image(size, size, () => 0.5));
      expect(plane(planes, "grey value")[0]).toBe(0.5);
      expect(plane(planes, "grey gradient 1")[0]).toBe(0);
      expect(plane(planes, "image step across lines 1.2×3 largest")[0]).toBeCloseTo(0, 9);
    }
  });

  it("tells both sides of a step wholly apart, and those along it not at all", () => {
    const planes = bank.compute(image(60, 60, (_, y) => (y < 30 ? 0.16 : 0.64)));
    const name = "image half discs 5";
    expect(plane(planes, `${name} largest`)[30 * 60 + 30]!).toBeGreaterThan(0.7);
    expect(plane(planes, `${name} at right angle`)[30 * 60 + 30]!).toBeLessThan(0.01);
    expect(plane(planes, `${name} largest`)[10 * 60 + 30]!).toBe(0);
  });

  it("tells speckle from an even grey of the same mean", () => {
    const planes = bank.compute(image(60, 60, (x, y) => (y < 30 ? 0.48 : (x + y) % 2 === 0 ? 0.16 : 0.8)));
    const name = "image half discs 5 largest";
    expect(plane(planes, name)[30 * 60 + 30]!).toBeGreaterThan(0.7);
    expect(plane(planes, name)[45 * 60 + 30]!).toBeLessThan(0.05);
    expect(plane(planes, "image step across lines 1.2×3 largest")[30 * 60 + 30]!).toBeLessThan(0.05);
  });

  it("compares half discs as a count of pixels does", () => {
    const source = noise(31, 29, 9);
    const planes = bank.compute(source);
    const [cx, cy, r, step] = [15, 14, 5, 0.16];
    const round = (v: number): number => Math.sign(v) * Math.round(Math.abs(v));
    const side = (t: number): Map<number, number> => {
      const histogram = new Map<number, number>();
      for (const s of [1, 2, 3, 4, 5, 6]) {
        for (const distance of [0.45 * r, 0.8 * r]) {
          const angle = (Math.PI * (t + s + 0.5)) / 8;
          const [x, y] = [cx + round(distance * Math.cos(angle)), cy + round(distance * Math.sin(angle))];
          for (const dx of [-1, 0, 1]) {
            for (const dy of [-1, 0, 1]) {
              const place = source.data[(y + dy) * 31 + x + dx]! / step;
              const low = Math.floor(place);
              const share = Math.round((place - low) * 256) / 256;
              histogram.set(low, (histogram.get(low) ?? 0) + (1 - share) / 108);
              histogram.set(low + 1, (histogram.get(low + 1) ?? 0) + share / 108);
            }
          }
        }
      }
      return histogram;
    };
    const found = Array.from({ length: 8 }, (_, t) => {
      const [a, b] = [side(t), side(t + 8)];
      let sum = 0;
      for (const bin of new Set([...a.keys(), ...b.keys()])) {
        const [u, v] = [a.get(bin) ?? 0, b.get(bin) ?? 0];
        if (u + v > 0) sum += (u - v) ** 2 / (u + v) / 2;
      }
      return sum;
    });
    const at = cy * 31 + cx;
    expect(plane(planes, "image half discs 5 largest")[at]).toBeCloseTo(Math.max(...found), 5);
    expect(plane(planes, "image half discs 5 smallest")[at]).toBeCloseTo(Math.min(...found), 5);
    expect(plane(planes, "image half discs 5 mean")[at]).toBeCloseTo(
      found.reduce((s, v) => s + v / 8, 0),
      5,
    );
  });

  it("takes values far out for the last bins of the histograms", () => {
    const half = (top: number): Raster<Float32Array> => image(40, 40, (_, y) => (y < 20 ? top : 0));
    const name = "image half discs 5 largest";
    const [near, far] = [half(4), half(2e6)].map((source) => plane(bank.compute(source), name)[20 * 40 + 20]);
    expect(far).toBe(near);
    expect(near).toBeGreaterThan(0.7);
  });

  it("refuses options outside their range", () => {
    expect(() => createFeatureBank(["grey"], { scalesPx: [] })).toThrow(/scalesPx/);
    expect(() => createFeatureBank(["grey"], { scalesPx: [2, 1] })).toThrow(/ascend/);
    expect(() => createFeatureBank(["grey"], { lineShapes: [{ acrossPx: 3, alongPx: 1 }] })).toThrow(/line shape/);
    expect(() => createFeatureBank(["grey"], { surroundingsPx: [1.5] })).toThrow(/radii/);
    expect(() => createFeatureBank(["grey"], { halfDiscsPx: [1] })).toThrow(/halfDiscsPx/);
  });
});
