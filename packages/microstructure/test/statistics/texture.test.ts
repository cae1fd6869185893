import { createMatrix, createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import {
  greyCooccurrence,
  haralickFeatures,
  localBinaryPatterns,
  orientationTensor,
  structureTensorTexture,
} from "@materiome/microstructure/statistics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectClose, golden } from "./reference.ts";

const { width, height, levels, ...expected } = golden.texture;
const image = createRaster(Float32Array.from(expected.grey), width, height);
const distancesPx = [1, 3];

const waves = (directionDeg: number, size = 96): Raster<Float32Array> => {
  const angle = (directionDeg * Math.PI) / 180;
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const across = (i % size) * Math.sin(angle) + Math.floor(i / size) * Math.cos(angle); // y points down
    return 0.5 + 0.4 * Math.sin((2 * Math.PI * across) / 12);
  });
  return createRaster(data, size, size);
};

describe("greyCooccurrence and haralickFeatures", () => {
  it("agree with scikit-image", () => {
    const counts = greyCooccurrence(image, { levels, distancesPx, symmetric: false, normalised: false });
    expect(counts.map(({ matrix }) => [...matrix.data])).toEqual(expected.directed);
    const features = greyCooccurrence(image, { levels, distancesPx }).map(({ matrix }) => haralickFeatures(matrix));
    for (const [name, values] of Object.entries(expected.features)) {
      const key = (name === "ASM" ? "angularSecondMoment" : name) as keyof (typeof features)[number];
      expectClose(
        features.map((f) => f[key]),
        values,
        1e-12,
      );
    }
  });

  it("know a checkerboard and a constant image", () => {
    const board = createRaster(
      Float32Array.from({ length: 64 }, (_, i) => ((i % 8) + (i >> 3)) % 2),
      8,
      8,
    );
    const [side, corner] = greyCooccurrence(board, { levels: 2, anglesDeg: [0, 45] }).map((g) =>
      haralickFeatures(g.matrix),
    );
    expect(side).toMatchObject({
      contrast: 1,
      homogeneity: 0.5,
      angularSecondMoment: 0.5,
      entropy: 1,
      correlation: -1,
    });
    expect(corner.contrast).toBe(0);
    expect(corner.correlation).toBeCloseTo(1, 12);
    const [flat] = greyCooccurrence(createRaster(new Float32Array(16).fill(0.4), 4, 4));
    expect(haralickFeatures(flat.matrix)).toMatchObject({ contrast: 0, energy: 1, entropy: 0, correlation: 1 });
  });

  it("are symmetric, sum to 1, and keep their features when the image is turned by 180°", () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }), (grey) => {
        const [own] = greyCooccurrence(createRaster(Float32Array.from(grey), 6, 5), { levels: 4, anglesDeg: [45] });
        const [turned] = greyCooccurrence(createRaster(Float32Array.from(grey.toReversed()), 6, 5), {
          levels: 4,
          anglesDeg: [45],
        });
        expect(own.matrix.data.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        for (let i = 0; i < 4; i++)
          for (let j = 0; j < 4; j++) expect(own.matrix.data[4 * i + j]).toBe(own.matrix.data[4 * j + i]);
        expect(turned.matrix.data).toEqual(own.matrix.data);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("refuse what they cannot count", () => {
    expect(() => greyCooccurrence(image, { levels: 1 })).toThrow(DomainError);
    expect(() => greyCooccurrence(image, { distancesPx: [34] })).toThrow(DomainError);
    expect(() => greyCooccurrence(createRaster(Float32Array.of(0, 1.5), 2, 1))).toThrow(DataError);
    expect(() => greyCooccurrence(createRaster(Uint8Array.of(0, 1), 2, 1))).toThrow(DomainError);
    expect(() => haralickFeatures(createMatrix(2, 3))).toThrow(ShapeError);
    expect(() => haralickFeatures(createMatrix(2, 2))).toThrow(DataError);
  });
});

describe("localBinaryPatterns", () => {
  it("agree with scikit-image", () => {
    expect([...localBinaryPatterns(image).codes.data]).toEqual(expected.lbp8);
    expect([...localBinaryPatterns(image, { radiusPx: 2.5, nPoints: 16 }).codes.data]).toEqual(expected.lbp16);
  });

  it("do not see brightness and contrast; a flat image has all points not darker", () => {
    const { histogram } = localBinaryPatterns(image);
    expect(histogram.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    const dim = createRaster(
      image.data.map((v) => 0.5 * v + 0.25),
      width,
      height,
    ); // exact in binary
    const bits = localBinaryPatterns(dim).histogram;
    expectClose(bits, histogram, 0.01);
    expect(localBinaryPatterns(createRaster(new Float32Array(49).fill(0.5), 7, 7)).histogram[8]).toBeCloseTo(1, 12);
    expect(() => localBinaryPatterns(createRaster(new Float32Array(4), 2, 2))).toThrow(/does not fit/);
    expect(() => localBinaryPatterns(image, { nPoints: 2 })).toThrow(DomainError);
  });
});

describe("structureTensorTexture", () => {
  it("agrees with SciPy's filters", () => {
    const { coherence, orientationDeg } = structureTensorTexture(image, { windowSigmaPx: 2 });
    expectClose(coherence.data, expected.coherence, 2e-4);
    for (const [i, angle] of orientationDeg.data.entries()) {
      const apart = Math.abs(angle - expected.orientation[i]);
      if (coherence.data[i] > 0.05) expect(Math.min(apart, 180 - apart)).toBeLessThan(0.1);
    }
  });

  it("finds the direction of waves", () => {
    for (const angle of [0, 20, 45, 90, -30]) {
      const { meanDirectionDeg, alignmentIndex, meanCoherence, distribution } = structureTensorTexture(waves(angle));
      expect(Math.abs(meanDirectionDeg - angle), `${meanDirectionDeg}`).toBeLessThan(1.5);
      expect(alignmentIndex).toBeGreaterThan(0.97);
      expect(meanCoherence).toBeGreaterThan(0.97);
      expect(distribution.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    }
  });

  it("has no direction where there is none", () => {
    const flat = structureTensorTexture(createRaster(new Float32Array(400).fill(0.3), 20, 20));
    expect(flat).toMatchObject({ meanDirectionDeg: 0, alignmentIndex: 0, meanCoherence: 0 });
    const [across, along] = [waves(0), waves(90)];
    const both = createRaster(
      across.data.map((v, i) => (v + along.data[i]) / 2),
      96,
      96,
    );
    expect(structureTensorTexture(both).alignmentIndex).toBeLessThan(0.05);
    expect(() => structureTensorTexture(image, { windowSigmaPx: 0 })).toThrow(DomainError);
  });
});

describe("orientationTensor", () => {
  it("knows parallel, crossed and spread axes", () => {
    const parallel = orientationTensor([30, 30, -150]);
    expect(parallel.meanDirectionDeg).toBeCloseTo(30, 10);
    expect(parallel.alignmentIndex).toBeCloseTo(1, 12);
    expect(parallel.axx).toBeCloseTo(0.75, 12);
    expect(parallel.axy).toBeCloseTo(Math.sqrt(3) / 4, 12);
    expect(orientationTensor([0, 90])).toMatchObject({ alignmentIndex: 0, meanDirectionDeg: 0 });
    // Uniform over ±w: sin(2w) / 2w.
    const axes = Array.from({ length: 2000 }, (_, k) => 10 + (k - 999.5) * 0.03);
    expect(orientationTensor(axes).alignmentIndex).toBeCloseTo(Math.sin(Math.PI / 3) / (Math.PI / 3), 4);
    expect(orientationTensor([0, 90], [3, 1]).alignmentIndex).toBeCloseTo(0.5, 12);
    expect(() => orientationTensor([])).toThrow(DomainError);
    expect(() => orientationTensor([Number.NaN])).toThrow(DomainError);
    expect(() => orientationTensor([1], [1, 2])).toThrow(ShapeError);
  });
});
