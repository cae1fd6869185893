import { createRaster, DataError, DomainError } from "@materiome/core";
import { layerThickness } from "@materiome/microstructure/segment";
import { describe, expect, it } from "vitest";

function maskOf(width: number, height: number, inside: (x: number, y: number) => boolean) {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return createRaster(data, width, height);
}

describe("layerThickness of shapes whose thickness is known", () => {
  it.each([20, 21])("is exact for a flat slab of %i rows", (rows) => {
    const { inPx, coverage, nInterruptions } = layerThickness(maskOf(200, 80, (_, y) => y >= 30 && y < 30 + rows));
    expect(inPx.mean).toBeCloseTo(rows, 3);
    expect(inPx.std).toBeLessThan(1e-3);
    expect(inPx.length).toBe(200);
    expect(Math.abs(inPx.meanInscribed - rows)).toBeLessThanOrEqual(1);
    expect(inPx.upperRa).toBeLessThan(1e-3);
    expect([coverage, nInterruptions]).toEqual([1, 0]);
  });

  it("does not depend on the direction of the layer", () => {
    const vertical = layerThickness(maskOf(80, 200, (x) => x >= 30 && x < 51)).inPx;
    expect(vertical.mean).toBeCloseTo(21, 3);
    const angle = Math.PI / 6;
    const inside = (x: number, y: number): boolean =>
      Math.abs((x - 150) * Math.sin(angle) + (y - 150) * Math.cos(angle)) < 12;
    const tilted = layerThickness(maskOf(300, 300, inside)).inPx;
    expect(Math.abs(tilted.mean - 24)).toBeLessThan(0.2);
    expect(tilted.std).toBeLessThan(0.4);
  });

  it("follows a wedge: perpendicular to the mid-line, not to one edge", () => {
    // Edges y = ±(10 + x/20) about y = 60: full thickness 20 … 50 over 300 px.
    const { inPx, profile } = layerThickness(maskOf(300, 120, (x, y) => Math.abs(y - 60) < 10 + x / 20));
    expect(Math.abs(inPx.mean - 35)).toBeLessThan(0.5);
    expect(Math.abs(inPx.min - 20)).toBeLessThan(1.5);
    expect(Math.abs(inPx.max - 50)).toBeLessThan(1.5);
    expect(profile.thicknessPx[200]! - profile.thicknessPx[100]!).toBeCloseTo(10, 0);
    expect(inPx.upperRa).toBeLessThan(0.3); // a slope is no roughness
  });

  it("finds Ra = 2A/π and Rq = A/√2 of a sinusoidal interface on a flat one", () => {
    const amplitude = 4;
    const wave = (x: number): number => 30 + amplitude * Math.sin((2 * Math.PI * x) / 40);
    const mask = maskOf(600, 110, (x, y) => y > wave(x) && y < 80.5);
    const { inPx } = layerThickness(mask, { cutoffPx: 400 });
    expect(Math.abs(inPx.mean / 50 - 1)).toBeLessThan(0.02);
    expect(Math.abs(inPx.upperRa / ((2 * amplitude) / Math.PI) - 1)).toBeLessThan(0.06);
    expect(Math.abs(inPx.upperRq / (amplitude / Math.SQRT2) - 1)).toBeLessThan(0.06);
    expect(inPx.lowerRa).toBeLessThan(0.25);
    expect(Math.abs(inPx.std / (amplitude / Math.SQRT2) - 1)).toBeLessThan(0.1);
  });

  it("counts a wave longer than the cut-off as shape", () => {
    const wave = (x: number): number => 60 + 10 * Math.sin((2 * Math.PI * x) / 300);
    const mask = maskOf(600, 140, (x, y) => Math.abs(y - wave(x)) < 10);
    const { inPx } = layerThickness(mask, { cutoffPx: 60 });
    expect(inPx.upperRa).toBeLessThan(0.7);
    const rough = layerThickness(mask, { cutoffPx: 580 }).inPx;
    expect(rough.upperRa).toBeGreaterThan(3);
    // Perpendicular thickness of a band 20 px high: 20 cos θ, θ up to 12°.
    expect(Math.abs(inPx.mean - 19.8)).toBeLessThan(0.25);
  });

  it("holds on a curved substrate: a ring sector of 24 px", () => {
    const inside = (x: number, y: number): boolean => {
      const r = Math.hypot(x - 150, y - 250);
      return r > 180 && r < 204 && y < 150;
    };
    const { inPx, profile } = layerThickness(maskOf(300, 200, inside));
    expect(Math.abs(inPx.mean - 24)).toBeLessThan(0.25);
    expect(inPx.std).toBeLessThan(0.5);
    expect(inPx.upperRa).toBeLessThan(0.3);
    const r = profile.x.map((x, k) => Math.hypot(x - 150, profile.y[k]! - 250));
    expect(Math.abs(r[100]! - 192)).toBeLessThan(0.6);
  });

  it("reports interruptions: 60 of 300 px are missing", () => {
    const mask = maskOf(300, 60, (x, y) => y >= 20 && y < 36 && (x < 120 || x >= 180));
    const { coverage, nPieces, nInterruptions, inPx } = layerThickness(mask);
    expect(Math.abs(coverage - 0.8)).toBeLessThan(0.02);
    expect([nPieces, nInterruptions]).toEqual([2, 1]);
    expect(inPx.mean).toBeCloseTo(16, 1);
  });

  it("counts an end that stops short of the border, unless told not to", () => {
    const mask = maskOf(300, 60, (x, y) => y >= 20 && y < 36 && x < 200);
    expect(Math.abs(layerThickness(mask).coverage - 2 / 3)).toBeLessThan(0.03);
    expect(layerThickness(mask, { spansField: false }).coverage).toBe(1);
  });

  it("takes one label of a map, closes holes, and gives µm beside px", () => {
    const data = new Uint32Array(200 * 60);
    for (let i = 0; i < data.length; i++) {
      const x = i % 200;
      const y = Math.floor(i / 200);
      data[i] = y < 20 ? 1 : y < 40 ? (Math.hypot(x - 100, y - 30) < 4 ? 0 : 2) : 3;
    }
    const { inPx, inUm } = layerThickness(createRaster(data, 200, 60, { pixelSizeUm: 0.5 }), { label: 2 });
    expect(inPx.mean).toBeCloseTo(20, 2);
    expect(inUm?.mean).toBeCloseTo(10, 2);
    expect(inUm?.upperRa).toBeCloseTo(inPx.upperRa / 2, 9);
  });
});

describe("layerThickness says what it cannot measure", () => {
  it("refuses an empty mask, a dot and bad options", () => {
    expect(() => layerThickness(maskOf(50, 50, () => false))).toThrow(DataError);
    expect(() => layerThickness(maskOf(50, 50, (x, y) => x === 20 && y === 20))).toThrow(DataError);
    expect(() =>
      layerThickness(
        maskOf(50, 50, () => true),
        { minPieceShare: 2 },
      ),
    ).toThrow(DomainError);
    expect(() =>
      layerThickness(
        maskOf(50, 50, () => true),
        { cutoffPx: 0 },
      ),
    ).toThrow(DomainError);
  });

  it("warns where an edge lies outside the image", () => {
    const mask = maskOf(300, 60, (x, y) => Math.abs(y - 5 - x / 12) < 12 && x < 290);
    const { warnings } = layerThickness(mask);
    expect(warnings.join()).toMatch(/edge outside the image/);
  });
});
