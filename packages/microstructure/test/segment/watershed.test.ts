import { readFileSync } from "node:fs";
import { createRaster, DomainError, type LabelMap, type Raster, ShapeError } from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { connectedComponents } from "../../src/kernels/index.ts";
import { distanceTransform, hMaxima, localMaxima, markerWatershed, thresholdImage } from "../../src/segment/index.ts";

const golden = JSON.parse(readFileSync(new URL("../fixtures/segment/watershed.json", import.meta.url), "utf8"));
const { width, height } = golden;
const relief = createRaster(Float32Array.from(golden.relief as number[]), width, height, { pixelSizeUm: 3 });
const markers = createRaster(Uint32Array.from(golden.markers as number[]), width, height);
const mask = createRaster(Uint8Array.from(golden.mask as number[]), width, height);

describe("distanceTransform", () => {
  const shapes = fc
    .record({
      width: fc.integer({ min: 1, max: 13 }),
      height: fc.integer({ min: 1, max: 9 }),
      share: fc.integer({ min: 1, max: 9 }),
    })
    .chain((size) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), {
          minLength: size.width * size.height,
          maxLength: size.width * size.height,
        })
        .map((values) =>
          createRaster(
            Uint8Array.from(values, (v) => (v < size.share ? 1 : 0)),
            size.width,
            size.height,
          ),
        ),
    );

  it("is the least of all distances, and names the pixel", () => {
    fc.assert(
      fc.property(shapes, (image) => {
        const { distance, nearest } = distanceTransform(image, { nearest: true });
        const w = image.width;
        for (const [i, value] of distance.data.entries()) {
          let best = Number.POSITIVE_INFINITY;
          for (const [j, on] of image.data.entries()) {
            if (on === 0) best = Math.min(best, Math.hypot((i % w) - (j % w), Math.floor(i / w) - Math.floor(j / w)));
          }
          expect(value).toBe(Math.fround(best));
          const at = nearest?.[i] ?? 0;
          if (best === Number.POSITIVE_INFINITY) expect(at).toBe(-1);
          else {
            expect(image.data[at]).toBe(0);
            expect(Math.hypot((i % w) - (at % w), Math.floor(i / w) - Math.floor(at / w))).toBe(best);
          }
        }
      }),
      { seed: 1, numRuns: 80 },
    );
  });

  it("refuses colour", () => {
    expect(() => distanceTransform(createRaster(new Uint8Array(6), 2, 1, { channels: 3 }))).toThrow(ShapeError);
  });
});

describe("markerWatershed", () => {
  it("equals scikit-image", () => {
    const flood = (options: Parameters<typeof markerWatershed>[2]): number[] => [
      ...markerWatershed(relief, markers, options).data,
    ];
    expect(flood({})).toEqual(golden.four);
    expect(flood({ connectivity: 8 })).toEqual(golden.eight);
    expect(flood({ mask })).toEqual(golden.masked);
    expect(flood({ compactness: golden.compact.compactness })).toEqual(golden.compact.labels);
    expect(flood({ connectivity: 8, line: true })).toEqual(golden.line);
  });

  it("is the same for 16-bit levels as for grey", () => {
    const sixteen = createRaster(Uint16Array.from(relief.data), width, height);
    expect([...markerWatershed(sixteen, markers).data]).toEqual(golden.four);
    expect(markerWatershed(relief, markers).pixelSizeUm).toBe(3);
  });

  it("cuts a plane into Voronoi cells when compactness rules", () => {
    const flat = createRaster(new Float32Array(200), 20, 10);
    const two = createRaster(new Uint32Array(200), 20, 10);
    two.data[5 * 20 + 4] = 1;
    two.data[5 * 20 + 15] = 2;
    const { data } = markerWatershed(flat, two, { compactness: 1 });
    for (const [i, label] of data.entries()) expect(label).toBe(i % 20 < 10 ? 1 : 2);
  });

  it("labels every pixel from its own marker, connected, whatever the relief", () => {
    const levels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 120, maxLength: 120 });
    const ways = fc.constantFrom({}, { compactness: 0.7 }, { mask: true });
    fc.assert(
      fc.property(levels, ways, (values, way) => {
        const image = createRaster(Float32Array.from(values), 12, 10);
        const seeds = createRaster(new Uint32Array(120), 12, 10);
        for (const [k, i] of [3, 55, 118].entries()) seeds.data[i] = k + 1;
        const inside = createRaster(
          Uint8Array.from(values, (v, i) => (v > 0 || seeds.data[i] > 0 ? 1 : 0)),
          12,
          10,
        );
        const { data } = markerWatershed(image, seeds, { ...way, mask: "mask" in way ? inside : undefined });
        expect(connectedComponents(12, 10, data, 4, new Uint32Array(120))).toBe(3);
        if (!("mask" in way)) expect(data.includes(0)).toBe(false);
        else for (const [i, v] of inside.data.entries()) if (v === 0) expect(data[i]).toBe(0);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("does not let parts of the mask influence each other", () => {
    const whole = markerWatershed(relief, markers, { mask }).data;
    const parts = new Uint32Array(mask.data.length);
    const n = connectedComponents(width, height, mask.data, 4, parts);
    for (let k = 1; k <= n; k++) {
      const part = createRaster(
        Uint8Array.from(parts, (p) => (p === k ? 1 : 0)),
        width,
        height,
      );
      if (!markers.data.some((m, i) => m > 0 && part.data[i] === 1)) continue;
      const alone = markerWatershed(relief, markers, { mask: part }).data;
      for (const [i, p] of parts.entries()) if (p === k) expect(alone[i]).toBe(whole[i]);
    }
  });

  it("refuses markers outside the mask, other sizes and bad numbers", () => {
    const none = createRaster(new Uint32Array(width * height), width, height);
    expect(() => markerWatershed(relief, none)).toThrow(/no marker/);
    expect(() => markerWatershed(relief, createRaster(Uint32Array.of(1), 1, 1))).toThrow(ShapeError);
    expect(() => markerWatershed(relief, markers, { compactness: -1 })).toThrow(DomainError);
    expect(() => markerWatershed(relief, markers, { connectivity: 5 as 4 })).toThrow(DomainError);
    const broken = createRaster(relief.data.slice().fill(Number.NaN, 0, 1), width, height);
    expect(() => markerWatershed(broken, markers)).toThrow(/NaN/);
  });
});

describe("localMaxima", () => {
  it.each(golden.peaks as { minDistancePx: number; at: number[] }[])(
    "equals scikit-image at $minDistancePx px",
    ({ minDistancePx, at }) => {
      const found = localMaxima(relief, { minDistancePx });
      expect(found.n).toBe(at.length);
      expect(at.map((i) => found.markers.data[i])).toEqual(at.map((_, k) => k + 1));
    },
  );

  it("takes one pixel of a plateau, none below the threshold", () => {
    const flat = createRaster(new Float32Array(9).fill(2), 3, 3);
    expect([...localMaxima(flat, { minDistancePx: 3 }).markers.data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(localMaxima(flat, { threshold: 2 }).n).toBe(0);
    expect(() => localMaxima(flat, { minDistancePx: 0 })).toThrow(DomainError);
  });
});

describe("touching discs", () => {
  it("are parted at their necks", () => {
    const discs = [
      [20, 20, 14],
      [43, 24, 12],
      [32, 44, 13],
    ];
    const image = createRaster(
      Float32Array.from({ length: 64 * 64 }, (_, i) =>
        discs.some(([x, y, r]) => Math.hypot((i % 64) - x, Math.floor(i / 64) - y) <= r) ? 0.8 : 0.2,
      ),
      64,
      64,
    );
    const { mask: found } = thresholdImage(image);
    const { distance } = distanceTransform(found);
    const seeds: LabelMap = createRaster(new Uint32Array(64 * 64), 64, 64);
    const peaks: Raster<Uint8Array> = hMaxima(distance, 1);
    const n = connectedComponents(
      64,
      64,
      peaks.data.map((v, i) => v * found.data[i]),
      8,
      seeds.data,
    );
    expect(n).toBe(3);
    const negated = createRaster(
      distance.data.map((d) => -d),
      64,
      64,
    );
    const { data } = markerWatershed(negated, seeds, { mask: found });
    for (const [x, y, r] of discs) {
      const label = data[y * 64 + x];
      const area = data.reduce((sum, v) => sum + (v === label ? 1 : 0), 0);
      expect(Math.abs(area / (Math.PI * r * r) - 1)).toBeLessThan(0.08);
    }
  });
});
