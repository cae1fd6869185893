import { createRandom, createRaster, DataError, DomainError, type LabelMap, ShapeError } from "@materiome/core";
import {
  applyBorderRule,
  connectedRegions,
  expandRegions,
  fillRegionHoles,
  keepLargestRegions,
  relabelSequentially,
  removeSmallRegions,
} from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { map, rows } from "./labelText.ts";

describe("labels to labels", () => {
  it("finds connected parts of masks and labels", () => {
    const mask = map("101", "010", "002");
    expect(rows(connectedRegions(mask).labels)).toEqual(["102", "030", "004"]);
    expect(rows(connectedRegions(mask, { connectivity: 8 }).labels)).toEqual(["101", "010", "002"]);
    expect(connectedRegions(mask, { connectivity: 8 }).nRegions).toBe(2);
    expect(() => connectedRegions(mask, { connectivity: 6 as 4 })).toThrow(DomainError);
    expect(() => connectedRegions({ ...mask, channels: 2 })).toThrow(ShapeError);
  });

  it("relabels in the order of numbers, also very large ones", () => {
    const { labels, oldLabels } = relabelSequentially(map("907", "009", "220"));
    expect(rows(labels)).toEqual(["302", "003", "110"]);
    expect([...oldLabels]).toEqual([0, 2, 7, 9]);
    const wild = relabelSequentially(createRaster(Uint32Array.of(4e9, 0, 7), 3, 1));
    expect([...wild.labels.data]).toEqual([2, 0, 1]);
    expect([...wild.oldLabels]).toEqual([0, 7, 4e9]);
  });

  it("removes small regions and keeps large ones", () => {
    const labels = map("1122", "1133", "0000");
    expect(rows(removeSmallRegions(labels, 3))).toEqual(["1100", "1100", "0000"]);
    expect(rows(keepLargestRegions(labels, 2))).toEqual(["1122", "1100", "0000"]); // 2 and 3 are equal: the lower stays
    expect(() => keepLargestRegions(map("00"))).toThrow(DataError);
    expect(() => removeSmallRegions(labels, Number.NaN)).toThrow(DomainError);
  });

  it("fills holes inside one region only", () => {
    const labels = map("1111122", "1011102", "1111122", "1110022", "1111122");
    expect(rows(fillRegionHoles(labels))).toEqual(["1111122", "1111102", "1111122", "1110022", "1111122"]);
    expect(rows(fillRegionHoles(map("111", "101", "111"), { maxAreaPx: 0 }))).toEqual(["111", "101", "111"]);
  });

  it("expands regions by a Euclidean distance", () => {
    const labels = map("00000", "01000", "00000", "00002");
    expect(rows(expandRegions(labels, 1))).toEqual(["01000", "11100", "01002", "00022"]);
    expect(rows(expandRegions(labels, Math.SQRT2))).toEqual(["11100", "11100", "11122", "00022"]);
    expect(rows(expandRegions(map("000"), 2))).toEqual(["000"]);
  });
});

describe("applyBorderRule", () => {
  const labels = map("1100000", "1000440", "0000400", "0330000", "0000022");

  it("keeps, drops, halves", () => {
    expect([...applyBorderRule(labels, "keep").weights]).toEqual([0, 1, 1, 1, 1]);
    expect([...applyBorderRule(labels, "half").weights]).toEqual([0, 0.25, 0.25, 1, 1]);
    const dropped = applyBorderRule(labels, "drop");
    expect(dropped.nCut).toBe(2);
    expect(rows(dropped.labels)).toEqual(["0000000", "0000440", "0000400", "0330000", "0000000"]);
    const weights = applyBorderRule(labels, "milesLantuejoul").weights;
    expect(weights[3]).toBeCloseTo(35 / ((7 - 2 - 1) * (5 - 1 - 1)), 12);
    expect(() => applyBorderRule(labels, "disector")).toThrow(DomainError);
    expect(() => applyBorderRule(labels, "other" as "keep")).toThrow(/rules are keep/);
  });

  it("weights of Miles and Lantuéjoul give the true mean size of particles placed anywhere", () => {
    // Every place of two kinds of particles in a 12 × 10 window, once each: the exact expectation.
    const [width, height] = [12, 10];
    const estimate = (w: number, h: number): number => {
      let sum = 0;
      for (let y = -h + 1; y < height; y++) {
        for (let x = -w + 1; x < width; x++) {
          const data = new Uint32Array(width * height);
          for (let v = Math.max(0, y); v < Math.min(height, y + h); v++) {
            data.fill(1, v * width + Math.max(0, x), v * width + Math.min(width, x + w));
          }
          sum += applyBorderRule(createRaster(data, width, height), "milesLantuejoul").weights[1];
        }
      }
      return sum; // expected number per particle and area of the window
    };
    expect(estimate(2, 1)).toBeCloseTo(width * height, 9);
    expect(estimate(7, 5)).toBeCloseTo(width * height, 9);
  });

  it("the counting frame counts every region once when frames tile the plane", () => {
    const check = (field: LabelMap, size: number, guard: number): void => {
      const { width, data } = field;
      const total = new Map<number, number>();
      for (let y = 0; y + size <= field.height; y += size - 2 * guard) {
        for (let x = 0; x + size <= width; x += size - 2 * guard) {
          const part = new Uint32Array(size * size);
          for (let v = 0; v < size; v++)
            part.set(data.subarray((y + v) * width + x, (y + v) * width + x + size), v * size);
          const { weights } = applyBorderRule(createRaster(part, size, size), "disector", { guardPx: guard });
          for (const [k, w] of weights.entries()) if (w > 0) total.set(k, (total.get(k) ?? 0) + 1);
        }
      }
      const away = new Map<number, boolean>();
      for (const [i, label] of data.entries()) {
        const [px, py] = [i % width, Math.floor(i / width)];
        const isFar = px >= 14 && py >= 14 && px < width - 14 && py < field.height - 14;
        away.set(label, (away.get(label) ?? true) && isFar);
      }
      let n = 0;
      for (const [label, isFar] of away) {
        if (!isFar || label === 0) continue;
        n++;
        expect(total.get(label), `region ${label}`).toBe(1);
      }
      expect(n).toBeGreaterThan(8);
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        check(voronoiGrains({ width: 96, height: 96, nGrains: 280 }, createRandom(seed)), 32, 12);
      }),
      { numRuns: 4, seed: 3 },
    );
  });
});
