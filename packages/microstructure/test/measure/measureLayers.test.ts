import { createRaster, DataError, DomainError } from "@materiome/core";
import { measureLayers } from "@materiome/microstructure";
import { describe, expect, it } from "vitest";

/** Flat layers of 30, 20 and 50 rows, the same side by side. */
function slabs(isVertical: boolean) {
  const [width, height] = isVertical ? [100, 150] : [150, 100];
  const data = Uint32Array.from({ length: width * height }, (_, i) => {
    const t = isVertical ? i % width : Math.floor(i / width);
    return t < 30 ? 1 : t < 50 ? 2 : 3;
  });
  return createRaster(data, width, height);
}

describe("measureLayers", () => {
  it.each([false, true])("measures a slab of 20 px between two that the border cuts (upright: %s)", (isVertical) => {
    const { measurement, regions } = measureLayers(slabs(isVertical), { pixelSizeUm: 0.5 });
    expect(measurement.nGrains).toBe(3);
    expect(regions.map(({ areaPx }) => areaPx)).toEqual([4500, 3000, 7500]);
    expect(measurement.phaseFractions.map(({ fraction }) => fraction)).toEqual([0.3, 0.2, 0.5]);
    expect(measurement.layers.map(({ isCut }) => isCut)).toEqual([true, false, true]);
    const [first, middle] = measurement.layers;
    expect(first).toMatchObject({ layer: 1, inPx: null, inUm: null, coverage: null, nInterruptions: null });
    expect(middle?.inPx?.mean).toBeCloseTo(20, 3);
    expect(middle?.inUm?.mean).toBeCloseTo(10, 3);
    expect(middle?.inUm?.length).toBeCloseTo(75, 6);
    expect(middle?.inPx?.std).toBeLessThan(1e-3);
    expect(middle?.inPx?.upperRa).toBeLessThan(1e-3);
    expect([middle?.coverage, middle?.nInterruptions]).toEqual([1, 0]);
    expect(measurement.warnings.join()).toMatch(/layers 1 and 3 reach the border/);
  });

  it("keeps pixels where nothing says how large they are", () => {
    const { measurement } = measureLayers(slabs(false));
    expect([measurement.pixelSizeUm, measurement.layers[1]?.inUm]).toEqual([null, null]);
    expect(measurement.layers[1]?.inPx?.mean).toBeCloseTo(20, 3);
    expect(measurement.warnings.join()).toMatch(/no calibration/);
  });

  it("counts the gap of a broken layer", () => {
    const map = slabs(false);
    for (let y = 30; y < 50; y++) map.data.fill(1, y * 150 + 60, y * 150 + 90);
    const layer = measureLayers(map).measurement.layers[1];
    expect(layer?.inPx?.mean).toBeCloseTo(20, 1);
    expect(layer?.nInterruptions).toBe(1);
    expect(Math.abs((layer?.coverage ?? 0) - 0.8)).toBeLessThan(0.02); // 120 of 150 columns
  });

  it("refuses a map without layers and a wrong pixel size", () => {
    expect(() => measureLayers(createRaster(new Uint32Array(400), 20, 20))).toThrow(DataError);
    expect(() => measureLayers(slabs(false), { pixelSizeUm: 0 })).toThrow(DomainError);
  });
});
