import { readFileSync } from "node:fs";
import { createRandom, createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  correctFlatField,
  gaussianBackground,
  polynomialBackground,
  removeBackground,
  rollingBall,
} from "../../src/enhance/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/enhance/enhance.json", import.meta.url), "utf8"));
const from = (width: number, height: number, value: (x: number, y: number) => number): Raster<Float32Array> =>
  createRaster(
    Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width))),
    width,
    height,
    { pixelSizeUm: 0.5 },
  );
const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

describe("correctFlatField", () => {
  const light = (x: number, y: number): number => 0.5 + 0.01 * x + 0.005 * y;
  it("recovers an image from light and dark current", () => {
    const truth = from(20, 12, (x, y) => 0.2 + ((x * 7 + y * 3) % 5) / 10);
    const dark = from(20, 12, (x) => 0.01 * (x % 3));
    const flat = from(20, 12, (x, y) => light(x, y) + dark.data[y * 20 + x]!);
    const image = from(20, 12, (x, y) => truth.data[y * 20 + x]! * light(x, y) + dark.data[y * 20 + x]!);
    const even = correctFlatField(image, { flat, dark });
    const mean = flat.data.reduce((sum, v, i) => sum + v - dark.data[i]!, 0) / 240;
    expect(
      largestDifference(
        even.data,
        truth.data.map((v) => v * mean),
      ),
    ).toBeLessThan(1e-6);
    expect(even.pixelSizeUm).toBe(0.5);
  });

  it("estimates the light of a textured field without a flat", () => {
    const random = createRandom(1);
    const image = from(128, 128, (x) => (0.4 + 0.003 * x) * (1 + 0.05 * random.normal()));
    const { data } = correctFlatField(image, { sigmaPx: 20 });
    const half = (x0: number): number =>
      data.reduce((sum, v, i) => (i % 128 >= x0 && i % 128 < x0 + 32 ? sum + v / (32 * 128) : sum), 0);
    expect(half(80) / half(16)).toBeCloseTo(1, 1);
    expect(Math.abs(half(80) / half(16) - 1)).toBeLessThan(0.03);
  });

  it("refuses what it cannot use", () => {
    const image = from(4, 4, () => 0.5);
    expect(() => correctFlatField(image, {})).toThrow(/sigmaPx/);
    expect(() => correctFlatField(image, { flat: image, sigmaPx: 3 })).toThrow(DomainError);
    expect(() => correctFlatField(image, { flat: from(3, 4, () => 1) })).toThrow(ShapeError);
    expect(() => correctFlatField(image, { flat: from(4, 4, (x) => x) })).toThrow(DataError);
    expect(() =>
      correctFlatField(
        from(2, 2, () => Number.NaN),
        { sigmaPx: 3 },
      ),
    ).toThrow(DomainError);
  });
});

describe("rollingBall", () => {
  const image = createRaster(Float32Array.from(golden.grey as number[]), golden.width, golden.height);
  const radiusPx = golden.ball.radius;

  it("has the apex surface of scikit-image", () => {
    const found = rollingBall(image, { radiusPx, greyPerPx: 1, surface: "apex" });
    expect(largestDifference(found.data, golden.ball.apex)).toBeLessThan(1e-4);
  });

  it("is SciPy's opening by the ball, and its dual from above", () => {
    const found = rollingBall(image, { radiusPx, greyPerPx: 1 });
    expect(largestDifference(found.data, golden.ball.opening)).toBeLessThan(1e-4);
    const inverse = { ...image, data: image.data.map((v) => 255 - v) };
    const above = rollingBall(inverse, { radiusPx, greyPerPx: 1, side: "above" });
    expect(
      largestDifference(
        above.data.map((v) => 255 - v),
        golden.ball.opening,
      ),
    ).toBeLessThan(1e-4);
  });

  it.each(["ball", "paraboloid"] as const)(
    "%s: never above the image, idempotent, follows added constants",
    (shape) => {
      const options = { radiusPx: 5, greyPerPx: 0.05, shape };
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 63, maxLength: 63 }), (levels) => {
          const small = createRaster(
            Float32Array.from(levels, (v) => v / 64),
            9,
            7,
          );
          const found = rollingBall(small, options);
          expect(found.data.every((v, i) => v <= small.data[i]!)).toBe(true);
          expect(largestDifference(rollingBall(found, options).data, found.data)).toBeLessThan(1e-5);
          const lifted = rollingBall({ ...small, data: small.data.map((v) => v + 1) }, options);
          expect(
            largestDifference(
              lifted.data.map((v) => v - 1),
              found.data,
            ),
          ).toBeLessThan(1e-5);
        }),
        { numRuns: 30, seed: 3 },
      );
    },
  );

  it("paraboloid and ball agree where the surface is much flatter than the ball", () => {
    const gentle = from(60, 40, (x, y) => 0.4 + 0.01 * Math.sin(x / 9) * Math.cos(y / 11) + (x === 30 ? 0.3 : 0));
    const ball = rollingBall(gentle, { radiusPx: 25 });
    const paraboloid = rollingBall(gentle, { radiusPx: 25, shape: "paraboloid" });
    expect(largestDifference(ball.data, paraboloid.data)).toBeLessThan(0.01);
  });

  it("takes thin bright lines off a slope, which stays", () => {
    const slope = from(80, 30, (x) => 0.2 + 0.002 * x + (x % 20 === 10 ? 0.4 : 0));
    const found = rollingBall(slope, { radiusPx: 15 });
    // Near the right border the ball's centre, which stays within the image, is too far to the left to touch.
    for (let x = 0; x < 72; x++) expect(found.data[15 * 80 + x]).toBeCloseTo(0.2 + 0.002 * x, 2);
  });

  it("refuses bad options", () => {
    expect(() => rollingBall(image, { radiusPx: 0 })).toThrow(DomainError);
    expect(() => rollingBall(image, { radiusPx: 5, greyPerPx: 0 })).toThrow(/greyPerPx/);
  });
});

describe("large-scale backgrounds", () => {
  it("fits a polynomial of its degree exactly, also behind a mask", () => {
    const truth = from(37, 23, (x, y) => 0.3 + 0.01 * x - 0.002 * x * y + 0.0003 * y * y);
    const image = from(37, 23, (x, y) => truth.data[y * 37 + x]! + (x > 20 && y > 10 ? 5 : 0));
    const mask = createRaster(
      Uint8Array.from(image.data, (v, i) => (v > truth.data[i]! + 1 ? 0 : 1)),
      37,
      23,
    );
    expect(largestDifference(polynomialBackground(image, { degree: 2, mask }).data, truth.data)).toBeLessThan(1e-5);
    expect(largestDifference(polynomialBackground(truth, { degree: 2 }).data, truth.data)).toBeLessThan(1e-5);
    const few = createRaster(new Uint8Array(37 * 23), 37, 23);
    few.data.fill(1, 0, 37);
    expect(() => polynomialBackground(image, { degree: 2, mask: few })).toThrow(DataError);
    expect(() => polynomialBackground(image, { degree: 1.5 })).toThrow(/whole/);
  });

  it("normalised convolution keeps constants whatever is masked, and names the hole it cannot fill", () => {
    const image = from(40, 30, (x, y) => (x > 15 && x < 22 && y > 8 ? 0.9 : 0.25));
    const mask = createRaster(
      Uint8Array.from(image.data, (v) => (v > 0.5 ? 0 : 1)),
      40,
      30,
    );
    const { data } = gaussianBackground(image, { sigmaPx: 4, mask });
    expect(largestDifference(data, new Float32Array(1200).fill(0.25))).toBeLessThan(1e-5);
    const few = createRaster(new Uint8Array(1200), 40, 30);
    few.data[0] = 1;
    expect(() => gaussianBackground(image, { sigmaPx: 1, mask: few })).toThrow(/no pixel of the mask/);
  });

  it("subtracts and divides", () => {
    const image = from(10, 10, (x, y) => (0.5 + 0.02 * x) * (y % 2 === 0 ? 1 : 0.8));
    const background = from(10, 10, (x) => 0.5 + 0.02 * x);
    const mean = background.data.reduce((a, b) => a + b) / 100;
    const divided = removeBackground(image, background, { mode: "divide" });
    expect(
      largestDifference(divided.data, from(10, 10, (_, y) => (y % 2 === 0 ? mean : 0.8 * mean)).data),
    ).toBeLessThan(1e-6);
    const rest = removeBackground(image, background, { level: 0.3 });
    expect(rest.data[0]).toBeCloseTo(0.3, 6);
    expect(() =>
      removeBackground(
        image,
        from(10, 10, () => 0),
        { mode: "divide" },
      ),
    ).toThrow(DataError);
  });
});
