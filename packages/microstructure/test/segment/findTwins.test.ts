import { createRandom, createRaster, DataError, DomainError, ShapeError } from "@materiome/core";
import { findTwins, mergeTwins } from "@materiome/microstructure/segment";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { insertTwins } from "./insertTwins.ts";

/** A square grain in a frame of two others, with an upright lamella of the given columns. */
function square(from: number, to: number) {
  const data = Uint32Array.from({ length: 80 * 80 }, (_, i) => {
    const x = i % 80;
    const y = Math.floor(i / 80);
    if (x < 15 || x >= 65 || y < 15 || y >= 65) return y < 40 ? 1 : 2;
    return x < from ? 3 : x < to ? 4 : 5;
  });
  return createRaster(data, 80, 80);
}

describe("findTwins", () => {
  it("finds a lamella across a grain: width, length, direction, parents", () => {
    const [twin, ...others] = findTwins(square(36, 44));
    expect(others).toEqual([]);
    expect(twin).toMatchObject({ label: 4, parents: [3, 5] });
    expect(twin!.widthPx).toBeCloseTo(8, 5);
    expect(Math.abs(twin!.lengthPx - 50)).toBeLessThan(3);
    expect(twin!.orientationDeg).toBeCloseTo(90, 5);
    expect(twin!.angleBetweenDeg).toBeCloseTo(0, 5);
  });

  it.each([0, 3])("recovers lamellae put into Voronoi grains (%i relaxations)", (relaxations) => {
    let nTrue = 0;
    let nFound = 0;
    let nMerges = 0;
    let nRight = 0;
    let nFalse = 0;
    for (let seed = 1; seed <= 3; seed++) {
      const mosaic = voronoiGrains({ width: 400, height: 400, nGrains: 100, relaxations }, createRandom(seed));
      nFalse += findTwins(mosaic).length;
      const { labels, twins, grainOf } = insertTwins(mosaic, 0.4, createRandom(seed + 100));
      const found = findTwins(labels);
      const marked = new Set(found.map(({ label }) => label));
      nTrue += twins.size;
      for (const label of twins) if (marked.has(label)) nFound++;
      nMerges += found.length;
      for (const twin of found) if (twin.parents.every((k) => grainOf[k] === grainOf[twin.label])) nRight++;
    }
    expect(nTrue).toBeGreaterThan(90);
    expect(nFound / nTrue).toBeGreaterThan(relaxations === 0 ? 0.85 : 0.94);
    expect(nRight / nMerges).toBeGreaterThan(0.9);
    expect(nFalse / 300).toBeLessThan(0.025);
  });

  it("asks with an image that both parts of the grain look the same", () => {
    const labels = square(36, 44);
    const greyOf = (right: number) =>
      createRaster(
        Float32Array.from(labels.data, (k) => [0, 0.2, 0.8, 0.5, 0.9, right][k]!),
        80,
        80,
      );
    expect(findTwins(labels, greyOf(0.5))).toHaveLength(1);
    expect(findTwins(labels, greyOf(0.9))).toHaveLength(0);
  });

  it("refuses a wedge, and an image or options that do not fit", () => {
    const wedge = createRaster(
      Uint32Array.from({ length: 80 * 80 }, (_, i) => {
        const x = i % 80;
        const y = Math.floor(i / 80);
        if (x < 15 || x >= 65 || y < 15 || y >= 65) return y < 40 ? 1 : 2;
        return x < 38 - (y - 15) / 6 ? 3 : x < 42 + (y - 15) / 6 ? 4 : 5;
      }),
      80,
      80,
    );
    expect(findTwins(wedge)).toEqual([]);
    expect(findTwins(wedge, undefined, { maxAngleDeg: 30 })).toHaveLength(1);
    expect(() => findTwins(wedge, createRaster(new Float32Array(4), 2, 2))).toThrow(ShapeError);
    expect(() => findTwins(wedge, undefined, { minAspect: 0 })).toThrow(DomainError);
  });
});

describe("mergeTwins", () => {
  it("makes one grain of a lamella and the parts beside it", () => {
    const labels = square(36, 44);
    const { labels: merged, nGrains, nMerged } = mergeTwins(labels, findTwins(labels));
    expect([nGrains, nMerged]).toEqual([3, 2]);
    expect(new Set([merged.data[40 * 80 + 20], merged.data[40 * 80 + 40], merged.data[40 * 80 + 60]]).size).toBe(1);
    expect(mergeTwins(labels, []).labels.data).toEqual(labels.data);
  });

  it("refuses twins of another map", () => {
    const twins = findTwins(square(36, 44)).map((twin) => ({ ...twin, label: 9 }));
    expect(() => mergeTwins(square(36, 44), twins)).toThrow(DataError);
  });
});
