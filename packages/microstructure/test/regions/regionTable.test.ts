import { readFileSync } from "node:fs";
import { createRandom, createRaster, ShapeError } from "@materiome/core";
import { type Region, regionTable } from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";

interface Golden {
  readonly tolerance: number;
  readonly width: number;
  readonly height: number;
  readonly labels: number[];
  readonly grey: number[];
  readonly expected: (Partial<Region> & { readonly table: Record<string, number> })[];
}
const golden = JSON.parse(
  readFileSync(new URL("../fixtures/regions/region_properties.json", import.meta.url), "utf8"),
) as Golden;

describe("regionTable", () => {
  it("agrees with scikit-image on mosaics, disc, ellipse, pixel and line", () => {
    const { width, height } = golden;
    const regions = regionTable(
      createRaster(Uint32Array.from(golden.labels), width, height),
      createRaster(Uint8Array.from(golden.grey), width, height),
    );
    expect(regions.map((r) => r.label)).toEqual(golden.expected.map((r) => r.label));
    for (const [k, expected] of golden.expected.entries()) {
      for (const [name, value] of Object.entries(expected) as [string, number][]) {
        if (name === "table") continue;
        const isTurn = name === "orientationDeg" && regions[k].majorAxisPx - regions[k].minorAxisPx < 1e-6;
        if (isTurn) continue; // no long axis, no direction
        const found = regions[k][name as keyof Region] as number;
        expect(Math.abs(found - value), `${name} of ${expected.label}: ${found}, ${value}`).toBeLessThanOrEqual(
          golden.tolerance * Math.max(1, Math.abs(value)),
        );
      }
    }
  });

  it("knows a rectangle", () => {
    const data = Uint32Array.from({ length: 20 * 10 }, (_, i) => {
      const [x, y] = [i % 20, Math.floor(i / 20)];
      return x >= 3 && x < 15 && y >= 2 && y < 6 ? 7 : 0;
    });
    const [region, ...rest] = regionTable(createRaster(data, 20, 10));
    expect(rest).toEqual([]);
    expect(region).toMatchObject({ label: 7, areaPx: 48, centroidX: 8.5, centroidY: 3.5, touchesEdge: false });
    expect(region.equivalentDiameterPx).toBeCloseTo(Math.sqrt((4 * 48) / Math.PI), 12);
    // Second moment of a rectangle a × b: a²/12 and b²/12.
    expect(region.majorAxisPx).toBeCloseTo((4 * 12) / Math.sqrt(12), 10);
    expect(region.minorAxisPx).toBeCloseTo((4 * 4) / Math.sqrt(12), 10);
    expect(region.aspectRatio).toBeCloseTo(3, 10);
    expect(region.orientationDeg).toBe(0);
  });

  it("shares out the whole area and finds the cut regions", () => {
    const labels = voronoiGrains({ width: 150, height: 110, nGrains: 60 }, createRandom(2));
    const regions = regionTable(labels);
    expect(regions.reduce((sum, r) => sum + r.areaPx, 0)).toBe(150 * 110);
    const edge = new Set<number>();
    for (let x = 0; x < 150; x++) edge.add(labels.data[x]).add(labels.data[109 * 150 + x]);
    for (let y = 0; y < 110; y++) edge.add(labels.data[y * 150]).add(labels.data[y * 150 + 149]);
    expect(regions.filter((r) => r.touchesEdge).map((r) => r.label)).toEqual([...edge].sort((a, b) => a - b));
  });

  it("refuses an image of another size, takes an empty map", () => {
    const labels = createRaster(new Uint32Array(6), 3, 2);
    expect(regionTable(labels)).toEqual([]);
    expect(() => regionTable(labels, createRaster(new Uint8Array(6), 2, 3))).toThrow(ShapeError);
  });
});
