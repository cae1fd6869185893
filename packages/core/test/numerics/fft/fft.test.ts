import { createRandom, DomainError, ShapeError } from "@materiome/core";
import {
  fft,
  fftFrequencies,
  fftShift,
  inverseFft,
  inverseFftShift,
  inverseRealFft,
  realFft,
} from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import scipy from "../../fixtures/scipy-fft.json" with { type: "json" };
import { relativeDifference } from "../linalg/reference.ts";

/** The definition, with the index of each root reduced by integers. */
function definition(x: Float64Array, n: number, sign: -1 | 1 = -1): Float64Array {
  const roots = Float64Array.from({ length: 2 * n }, (_, i) => {
    const angle = (2 * Math.PI * Math.floor(i / 2)) / n;
    return i % 2 === 0 ? Math.cos(angle) : sign * Math.sin(angle);
  });
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const at = 2 * ((j * k) % n);
      out[2 * k] += x[2 * j] * roots[at] - x[2 * j + 1] * roots[at + 1];
      out[2 * k + 1] += x[2 * j] * roots[at + 1] + x[2 * j + 1] * roots[at];
    }
  }
  return out;
}

function noise(length: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length }, () => random.normal());
}

function asComplex(x: Float64Array): Float64Array {
  return Float64Array.from({ length: 2 * x.length }, (_, i) => (i % 2 === 0 ? x[i / 2] : 0));
}

const product = (shape: readonly number[]): number => shape.reduce((p, n) => p * n, 1);

describe("transforms along one axis", () => {
  it("are the definition for each size from 1 to 200, complex and real, forward and back", () => {
    for (let n = 1; n <= 200; n++) {
      const x = noise(2 * n, n);
      const forward = fft(x, [n]);
      expect(relativeDifference(forward, definition(x, n)), `size ${n}`).toBeLessThan(5e-14);
      const back = definition(x, n, 1).map((value) => value / n);
      expect(relativeDifference(inverseFft(x, [n]), back), `size ${n}, inverse`).toBeLessThan(5e-14);
      const real = x.subarray(0, n);
      const half = definition(asComplex(real), n).subarray(0, 2 * Math.floor(n / 2) + 2);
      expect(relativeDifference(realFft(real, [n]), half), `size ${n}, real`).toBeLessThan(5e-14);
      expect(relativeDifference(inverseRealFft(realFft(real, [n]), [n]), real), `size ${n}, half`).toBeLessThan(5e-15);
    }
  });

  it("of a delta is flat, and of a wave is one line, exactly placed", () => {
    const n = 1009;
    const delta = new Float64Array(n);
    delta[0] = 1;
    realFft(delta, [n]).forEach((value, i) => {
      expect(Math.abs(value - (i % 2 === 0 ? 1 : 0))).toBeLessThan(1e-15);
    });
    const wave = Float64Array.from({ length: 96 }, (_, j) => Math.cos((2 * Math.PI * 5 * j) / 96));
    const lines = realFft(wave, [96]);
    lines.forEach((value, i) => {
      expect(Math.abs(value - (i === 10 ? 48 : 0))).toBeLessThan(1e-13);
    });
  });
});

describe("transforms of grids", () => {
  const value = (i: number): number => ((7919 * i + 13 * i * i) % 1009) / 1009 - 0.5;

  it.each(scipy.expected.map((entry) => [`${entry.kind} ${entry.shape.join(" × ")}`, entry] as const))(
    "agree with SciPy to 1e-12: %s",
    (_, { kind, shape, largest, coefficients }) => {
      const isReal = kind === "real";
      const grid = Float64Array.from({ length: product(shape) * (isReal ? 1 : 2) }, (_, i) => value(i));
      const spectrum = isReal ? realFft(grid, shape) : fft(grid, shape);
      for (const { at, re, im } of coefficients) {
        expect(Math.abs(spectrum[2 * at] - re)).toBeLessThan(1e-12 * largest);
        expect(Math.abs(spectrum[2 * at + 1] - im)).toBeLessThan(1e-12 * largest);
      }
      const back = isReal ? inverseRealFft(spectrum, shape) : inverseFft(spectrum, shape);
      expect(relativeDifference(back, grid)).toBeLessThan(1e-14);
    },
  );

  const size = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(29, 31, 32, 58));
  const shapes = fc.array(size, { minLength: 1, maxLength: 3 });
  const settings = { seed: 8, numRuns: 60 };

  it("invert each other, for any shape", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const z = noise(2 * product(shape), seed);
        expect(relativeDifference(inverseFft(fft(z, shape), shape), z)).toBeLessThan(1e-14);
        const x = z.subarray(0, product(shape));
        expect(relativeDifference(inverseRealFft(realFft(x, shape), shape), x)).toBeLessThan(1e-14);
      }),
      settings,
    );
  });

  it("of real grids are half of the complex transform", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const x = noise(product(shape), seed);
        const whole = fft(asComplex(x), shape);
        const n = shape.at(-1) as number;
        const kept = 2 * (Math.floor(n / 2) + 1);
        const half = whole.filter((_, i) => i % (2 * n) < kept);
        expect(relativeDifference(realFft(x, shape), half)).toBeLessThan(1e-14);
      }),
      settings,
    );
  });

  it("are linear, keep the energy (Parseval), and turn shifts into phases", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(), (shape, seed, by) => {
        const count = product(shape);
        const x = noise(2 * count, seed);
        const y = noise(2 * count, seed + 1);
        const [fx, fy] = [fft(x, shape), fft(y, shape)];
        const sum = fft(
          x.map((v, i) => 2 * v - 3 * y[i]),
          shape,
        );
        const combined = fx.map((v, i) => 2 * v - 3 * fy[i]);
        expect(relativeDifference(sum, combined)).toBeLessThan(1e-13);
        const energy = (z: Float64Array): number => z.reduce((s, v) => s + v * v, 0);
        expect(energy(fx) / count / energy(x)).toBeCloseTo(1, 12);
        // Shift along the last axis.
        const n = shape.at(-1) as number;
        const shift = by % n;
        const shifted = x.map((_, i) => {
          const [row, column] = [Math.floor(i / (2 * n)), Math.floor(i / 2) % n];
          return x[2 * (row * n + ((column + n - shift) % n)) + (i % 2)];
        });
        const turned = fx.map((_, i) => {
          const k = Math.floor(i / 2) % n;
          const angle = (-2 * Math.PI * ((k * shift) % n)) / n;
          const [re, im] = [fx[i - (i % 2)], fx[i - (i % 2) + 1]];
          return i % 2 === 0
            ? re * Math.cos(angle) - im * Math.sin(angle)
            : re * Math.sin(angle) + im * Math.cos(angle);
        });
        expect(relativeDifference(fft(shifted, shape), turned)).toBeLessThan(1e-13);
      }),
      settings,
    );
  });

  it("are the same bits every time, whatever was transformed between", () => {
    const x = noise(60 * 77);
    const first = realFft(x, [60, 77]);
    fft(noise(2 * 40_000), [40_000]);
    inverseFft(noise(2 * 4099), [4099]);
    expect(realFft(x, [60, 77])).toEqual(first);
  });

  it("leave their arguments alone", () => {
    const x = noise(24);
    const before = x.slice();
    fft(x, [3, 4]);
    realFft(x, [4, 6]);
    inverseRealFft(x, [3, 6]);
    expect(x).toEqual(before);
  });

  it("survive more plans than are kept, and memory that is let go", () => {
    const x = noise(30);
    const first = realFft(x, [5, 6]);
    for (const n of [400_009, 600_011, 1_500_007]) realFft(new Float64Array(n), [n]);
    expect(realFft(x, [5, 6])).toEqual(first);
    realFft(new Float64Array(20_000_000), [20_000, 1000]);
    expect(realFft(x, [5, 6])).toEqual(first);
  });
});

describe("what does not fit is named", () => {
  it("sizes", () => {
    expect(() => fft(new Float64Array(12), [3, 4])).toThrow(ShapeError);
    expect(() => fft(new Float64Array(12), [3, 4])).toThrow(
      "fft: a 3 × 4 grid takes 24 numbers, 3 × 4 complex (re, im, re, im, …); got 12",
    );
    expect(() => inverseRealFft(new Float64Array(12), [3, 4])).toThrow(/takes 18 numbers, 3 × 3 complex .* got 12/);
    expect(() => realFft(new Float64Array(0), [0])).toThrow(/shape must be one to three whole numbers.*got \[0\]/);
    expect(() => realFft(new Float64Array(16), [2, 2, 2, 2])).toThrow(ShapeError);
    expect(() => fftShift(new Float64Array(7), [2, 3])).toThrow(/7 numbers do not fill a grid of shape \[2, 3\]/);
  });

  it("values", () => {
    const x = new Float64Array(12);
    x[7] = Number.NaN;
    expect(() => realFft(x, [3, 4])).toThrow(
      new DomainError("realFft: the value at [1, 3] (counted from 0) is NaN; expected finite numbers"),
    );
    expect(() => fft(x, [2, 3])).toThrow(/value at \[1, 0\]/);
    expect(() => inverseRealFft(x, [2, 5])).toThrow(/value at \[1, 0\]/);
    x[7] = Number.POSITIVE_INFINITY;
    for (const shape of [[12], [4, 3], [3, 2, 2]]) expect(() => realFft(x, shape)).toThrow(/is Infinity/);
    const prime = new Float64Array(62);
    prime[61] = Number.NEGATIVE_INFINITY;
    expect(() => fft(prime, [31])).toThrow(/value at \[30\] \(counted from 0\) is -Infinity/);
    expect(() => realFft(prime.fill(1e308), [62])).toThrow(/too large: their sum overflows/);
  });
});

describe("fftShift and fftFrequencies", () => {
  it("move the origin to the middle and back, for any shape and real or complex values", () => {
    expect(fftShift(Float64Array.of(0, 1, 2, 3), [4])).toEqual(Float64Array.of(2, 3, 0, 1));
    expect(fftShift(Float64Array.of(0, 1, 2, 3, 4, 5), [2, 3])).toEqual(Float64Array.of(5, 3, 4, 2, 0, 1));
    expect(fftShift(Float64Array.of(0, 1, 2, 3, 4, 5), [3])).toEqual(Float64Array.of(4, 5, 0, 1, 2, 3));
    const x = noise(2 * 3 * 4 * 5);
    expect(inverseFftShift(fftShift(x, [3, 4, 5]), [3, 4, 5])).toEqual(x);
  });

  it("give cycles per unit of length", () => {
    expect(fftFrequencies(5, 0.2)).toEqual(Float64Array.of(0, 1, 2, -2, -1));
    expect(fftFrequencies(4, 1)).toEqual(Float64Array.of(0, 0.25, -0.5, -0.25));
    expect(() => fftFrequencies(4, 0)).toThrow(DomainError);
  });
});
