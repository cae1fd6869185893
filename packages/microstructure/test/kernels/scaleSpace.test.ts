import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  scaleDerivatives,
  scaleSpace,
  scaleSpaceHalo,
  structureTensorParts,
  tensorRoots,
} from "../../src/kernels/index.ts";

type Planes = Record<"smooth" | "gradient" | "larger" | "smaller", ArrayLike<number>>;
const golden = JSON.parse(readFileSync(new URL("../fixtures/kernels/scale_space.json", import.meta.url), "utf8")) as {
  width: number;
  height: number;
  image: number[];
  scales: Record<string, Planes>;
};

function derive(width: number, height: number, smooth: Float32Array): Planes & { larger: Float32Array } {
  const [gradient, larger, smaller] = [0, 1, 2].map(() => new Float32Array(width * height));
  scaleDerivatives(width, height, smooth, gradient, larger, smaller);
  return { smooth, gradient, larger, smaller };
}

function filled(width: number, height: number, value: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
}

describe("scale space", () => {
  it("is SciPy's: Gaussians to 5e-4 of the spread, differences as near to derivatives as the scale allows", () => {
    const { width, height, image } = golden;
    const sigmas = Object.keys(golden.scales).map(Number);
    const out = sigmas.map(() => new Float32Array(width * height));
    scaleSpace(width, height, Float32Array.from(image), sigmas, new Float32Array(width * height), out);
    for (const [k, sigma] of sigmas.entries()) {
      const found = derive(width, height, out[k]);
      for (const [name, expected] of Object.entries(golden.scales[sigma])) {
        const values = Array.from(expected);
        const spread = Math.max(...values) - Math.min(...values);
        // A central difference of a Gaussian errs by h²/(2σ²) or so, and each step of the scales by its cut at 4 σ.
        const room = name === "smooth" ? 5e-4 : 2e-3 + 0.3 / sigma ** 2;
        for (const [j, value] of values.entries()) {
          const difference = Math.abs(found[name as keyof Planes][7 * j] - value);
          expect(difference / spread, `${name} at scale ${sigma}, pixel ${7 * j}`).toBeLessThan(room);
        }
      }
    }
  });

  it("inside the halo a tile has the values of the whole image, bit by bit", () => {
    const sigmas = [1, 2, 4];
    const [width, height] = [120, 100];
    const image = filled(width, height, (x, y) => Math.sin(x * 0.7 + Math.cos(y)) + Math.sin(y * 2.1));
    const smooth = (w: number, h: number, source: Float32Array): Float32Array => {
      const out = sigmas.map(() => new Float32Array(w * h));
      scaleSpace(w, h, source, sigmas, new Float32Array(w * h), out);
      return out[2];
    };
    const halo = scaleSpaceHalo(sigmas);
    expect(halo).toBe(4 + 7 + 14);
    const whole = smooth(width, height, image);
    const [left, top, w, h] = [30, 20, 70, 75];
    const tile = smooth(
      w,
      h,
      filled(w, h, (x, y) => image[(y + top) * width + x + left]),
    );
    for (let y = halo; y < h - halo; y++) {
      for (let x = halo; x < w - halo; x++) {
        expect(tile[y * w + x]).toBe(whole[(y + top) * width + x + left]);
      }
    }
  });

  it("of a quadratic surface has the exact slopes and curvatures, of a single pixel none", () => {
    const surface = filled(9, 8, (x, y) => 0.5 * x * x + 0.25 * y * y + 0.5 * x * y);
    const { gradient, larger, smaller } = derive(9, 8, surface);
    const i = 3 * 9 + 4; // slope (4 + 1.5, 1.5 + 2), Hessian (1, 0.5; 0.5, 0.5)
    expect(gradient[i]).toBeCloseTo(Math.hypot(5.5, 3.5), 5);
    expect(larger[i]).toBeCloseTo(0.75 + Math.sqrt(0.0625 + 0.25), 5);
    expect(smaller[i]).toBeCloseTo(0.75 - Math.sqrt(0.0625 + 0.25), 5);
    const one = derive(1, 1, Float32Array.of(3));
    expect([one.gradient[0], one.larger[0], one.smaller[0]]).toEqual([0, 0, 0]);
  });

  it("structure tensor: one direction on a ramp, both on a checked surface", () => {
    const [width, height] = [32, 32];
    const eigenvalues = (image: Float32Array): [number, number] => {
      const [a, b, larger, smaller] = [0, 1, 2, 3].map(() => new Float32Array(width * height));
      structureTensorParts(width, height, image, 3, a, larger, b, smaller);
      tensorRoots(width * height, larger, smaller, b, 1, larger, smaller);
      return [larger[16 * width + 16] ** 2, smaller[16 * width + 16] ** 2];
    };
    const ramp = eigenvalues(filled(width, height, (x, y) => 3 * x + 4 * y));
    expect(ramp[0]).toBeCloseTo(25, 2);
    expect(ramp[1]).toBeCloseTo(0, 2);
    const checked = eigenvalues(filled(width, height, (x, y) => Math.sin(x) + Math.sin(y)));
    expect(checked[1]).toBeGreaterThan(0.6 * checked[0]);
  });
});
