import { readFileSync } from "node:fs";
import { createRandom, createRaster, DomainError, ShapeError, writeTable } from "@materiome/core";
import { measureRegions, regionBoundaries, regionTable } from "@materiome/microstructure/regions";
import { voronoiGrains } from "@materiome/microstructure/synthesis";
import { describe, expect, it } from "vitest";
import { map } from "./labelText.ts";

const golden = JSON.parse(
  readFileSync(new URL("../fixtures/regions/region_properties.json", import.meta.url), "utf8"),
) as {
  tolerance: number;
  width: number;
  height: number;
  labels: number[];
  grey: number[];
  expected: { label: number; table: Record<string, number> }[];
};

describe("measureRegions", () => {
  it("agrees with Qhull, scikit-image and NumPy on hulls, Feret diameters, Euler numbers and greys", () => {
    const { width, height } = golden;
    const table = measureRegions(
      createRaster(Uint32Array.from(golden.labels), width, height),
      createRaster(Uint8Array.from(golden.grey), width, height),
    );
    expect([...table.number("label").values]).toEqual(golden.expected.map((r) => r.label));
    for (const [k, { label, table: columns }] of golden.expected.entries()) {
      for (const [name, value] of Object.entries(columns)) {
        const found = table.number(name).values[k];
        expect(Math.abs(found - value), `${name} of ${label}: ${found}, ${value}`).toBeLessThanOrEqual(
          golden.tolerance * Math.max(1, Math.abs(value)),
        );
      }
    }
  });

  it("knows a rectangle in µm", () => {
    const data = Uint32Array.from({ length: 20 * 12 }, (_, i) => {
      const [x, y] = [i % 20, Math.floor(i / 20)];
      return x >= 3 && x < 15 && y >= 2 && y < 7 ? 7 : 0;
    });
    const table = measureRegions(createRaster(data, 20, 12, { pixelSizeUm: 0.5 }), undefined, {
      measures: ["size", "hull", "circle"],
    });
    const at = (name: string): number => table.number(name).values[0];
    expect(at("area")).toBeCloseTo(15, 12);
    expect(table.number("area").unit).toBe("um2");
    expect(at("max Feret diameter")).toBeCloseTo(6.5, 12); // 12 × 5 pixels: diagonal 13
    expect(at("min Feret diameter")).toBeCloseTo(2.5, 12);
    expect(at("mean Feret diameter")).toBeCloseTo(17 / Math.PI, 12);
    expect(Math.abs(at("max Feret direction"))).toBeCloseTo((Math.atan2(5, 12) * 180) / Math.PI, 10);
    expect(at("solidity")).toBe(1);
    expect(at("inscribed diameter")).toBeCloseTo(2.5, 12); // the strip is 5 px wide
    expect(at("inscribed y")).toBe(4);
    expect(writeTable(table)).toMatch(/^label,area \(um2\),equivalent diameter \(um\),/);
  });

  it("counts holes and parts", () => {
    const table = measureRegions(map("1111022", "1011002", "1101020", "1111000", "3030333"), undefined, {
      measures: ["topology"],
    });
    // 1: a part with two holes that touch at a corner: 8-connected regions part them. 2: the corner joins. 3: three parts.
    expect([...table.number("Euler number").values]).toEqual([-1, 1, 3]);
  });

  it("lists neighbours with the lengths they share, which add up to perimeters", () => {
    const labels = voronoiGrains({ width: 120, height: 90, nGrains: 30 }, createRandom(5));
    const regions = regionTable(labels);
    const sums = new Map<number, number>();
    for (const { first, second, lengthPx } of regionBoundaries(labels)) {
      for (const label of [first, second]) sums.set(label, (sums.get(label) ?? 0) + lengthPx);
    }
    const inner = regions.filter((r) => !r.touchesEdge);
    expect(inner.length).toBeGreaterThan(5);
    for (const { label, perimeterPx } of inner) {
      expect(Math.abs((sums.get(label) as number) / perimeterPx - 1)).toBeLessThan(0.02); // corner contacts
    }
    const table = measureRegions(map("1122", "1122", "3333"), undefined, { measures: ["neighbours"] });
    expect([...table.number("neighbours").values]).toEqual([2, 2, 2]);
    expect([...table.number("junctions").values]).toEqual([1, 1, 1]);
    expect((table.column("neighbour labels") as { texts?: string[] }).texts).toEqual(["2 3", "1 3", "1 2"]);
  });

  it("names the channels of colours", () => {
    const table = measureRegions(
      map("11", "22"),
      createRaster(Float32Array.of(...Array(12).keys()), 2, 2, { channels: 3 }),
    );
    expect([...table.number("mean green").values]).toEqual([2.5, 8.5]);
    expect([...table.number("median blue").values]).toEqual([3.5, 9.5]);
  });

  it("takes an empty map; refuses what does not fit", () => {
    const labels = map("00", "00");
    expect(measureRegions(labels).nRows).toBe(0);
    expect(() => measureRegions(labels, createRaster(new Uint8Array(6), 3, 2))).toThrow(ShapeError);
    expect(() => measureRegions(labels, undefined, { measures: ["grey"] })).toThrow(/needs an image/);
    expect(() => measureRegions(labels, undefined, { measures: ["shape" as "size"] })).toThrow(DomainError);
    const wild = createRaster(Uint32Array.of(4_000_000_000), 1, 1);
    expect(() => measureRegions(wild)).toThrow(/relabelSequentially/);
  });
});
