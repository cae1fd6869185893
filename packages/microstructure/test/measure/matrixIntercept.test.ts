import { createRaster, DataError, DomainError, type LabelMap } from "@materiome/core";
import { interceptGrainSize, matrixIntercept } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

const map = (width: number, height: number, label: (x: number, y: number) => number): LabelMap =>
  createRaster(
    Uint32Array.from({ length: width * height }, (_, i) => label(i % width, Math.floor(i / width))),
    width,
    height,
  );

describe("matrixIntercept", () => {
  it("gives stripes of matrix between stripes of second phase in closed form", () => {
    // Period 20: 15 px matrix, 5 px second phase. ℓ̄_α = λ = 15 px.
    const stripes = map(2000, 3, (x) => (x % 20 < 5 ? 0 : 1 + Math.floor(x / 20)));
    const found = matrixIntercept(stripes, { directionsDeg: [0], pixelSizeUm: 2 });
    expect(found.volumeFraction).toBe(0.75);
    expect(Math.abs(found.meanInterceptPx / 15 - 1)).toBeLessThan(0.01); // line ends, one in 200
    expect(found.meanFreePathUm).toBeCloseTo(2 * found.meanFreePathPx!, 12);
    expect(found.meanFreePathPx).toBeCloseTo(found.meanInterceptPx, 12);
    expect(found.nMatrixBoundaries).toBe(0);
  });

  it("counts a grain between a boundary and second phase as a whole one", () => {
    // Period 30: second phase 10, then two matrix grains of 10 each. ℓ̄_α = 10, λ = 20.
    const pairs = map(3000, 2, (x) => (x % 30 < 10 ? 0 : 1 + 2 * Math.floor(x / 30) + (x % 30 < 20 ? 0 : 1)));
    const found = matrixIntercept(pairs, { directionsDeg: [0] });
    expect(Math.abs(found.meanInterceptPx / 10 - 1)).toBeLessThan(0.01);
    expect(Math.abs(found.meanFreePathPx! / 20 - 1)).toBeLessThan(0.01);
  });

  it("is the plain lineal intercept without second phase", () => {
    const squares = map(200, 200, (x, y) => 1 + Math.floor((x + 5) / 20) + 100 * Math.floor((y + 5) / 20));
    const found = matrixIntercept(squares);
    expect(found.meanInterceptPx).toBeCloseTo(interceptGrainSize(squares).meanInterceptPx, 12);
    expect(found.meanFreePathPx).toBeNull();
    expect(found.G).toBeUndefined();
  });

  it("refuses what has no matrix or no boundary", () => {
    expect(() => matrixIntercept(map(4, 4, () => 0))).toThrow(DataError);
    expect(() => matrixIntercept(map(4, 4, () => 1))).toThrow(/only one/);
    expect(() =>
      matrixIntercept(
        map(4, 4, (x) => x),
        { directionsDeg: [30] },
      ),
    ).toThrow(DomainError);
  });
});
