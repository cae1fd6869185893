import { createRaster, DomainError } from "@materiome/core";
import { measureCracks } from "@materiome/microstructure/segment";
import { describe, expect, it } from "vitest";

/** Capsules: straight cracks of the given half-width with round tips. */
function cracksAt(size: number, segments: readonly (readonly number[])[], halfWidth: number) {
  const data = Uint8Array.from({ length: size * size }, (_, i) => {
    const x = i % size;
    const y = Math.floor(i / size);
    return segments.some(([x0 = 0, y0 = 0, x1 = 0, y1 = 0]) => {
      const along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2);
      const t = Math.min(1, Math.max(0, along));
      return Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0)) <= halfWidth;
    })
      ? 1
      : 0;
  });
  return createRaster(data, size, size);
}

describe("measureCracks of drawn cracks", () => {
  it.each([0, 20, 45, 70, 90, 135])("finds length, opening and direction at %i°", (angle) => {
    const dx = 80 * Math.cos((angle * Math.PI) / 180);
    const dy = -80 * Math.sin((angle * Math.PI) / 180);
    const { cracks } = measureCracks(cracksAt(240, [[120 - dx, 120 - dy, 120 + dx, 120 + dy]], 3));
    const [crack] = cracks;
    expect(cracks).toHaveLength(1);
    expect(Math.abs(crack!.lengthPx - 166)).toBeLessThan(5);
    expect(Math.abs(crack!.totalLengthPx - crack!.lengthPx)).toBeLessThan(0.05 * crack!.lengthPx);
    expect(Math.abs(crack!.meanWidthPx - 6)).toBeLessThan(1.2);
    expect(crack!.straightness).toBeGreaterThan(0.97);
    expect(crack!.nBranchings).toBe(0);
    const wanted = angle > 90 ? angle - 180 : angle;
    expect(Math.abs(crack!.orientationDeg - wanted)).toBeLessThan(2);
  });

  it("counts branchings and all branches", () => {
    const three = [
      [20, 100, 180, 100],
      [100, 100, 150, 30],
    ];
    const { cracks, totalLengthPx } = measureCracks(cracksAt(200, three, 2));
    expect(cracks[0]!.nBranchings).toBe(1);
    expect(Math.abs(cracks[0]!.lengthPx - 164)).toBeLessThan(8);
    expect(Math.abs(totalLengthPx - 164 - 86)).toBeLessThan(10);
  });

  it("gives density per mm and leaves short parts out", () => {
    const mask = cracksAt(
      200,
      [
        [20, 50, 120, 50],
        [20, 150, 21, 150],
      ],
      1,
    );
    const result = measureCracks({ ...mask, pixelSizeUm: 2 });
    expect(result.cracks).toHaveLength(1);
    expect(result.densityPerMm).toBeCloseTo(result.totalLengthPx / 200 / 200 / 0.002, 9);
    expect(measureCracks(mask).densityPerMm).toBeUndefined();
  });

  it("cuts twigs that grow from a rough edge", () => {
    const mask = cracksAt(200, [[20, 100, 180, 100]], 5);
    for (let x = 40; x < 180; x += 20) mask.data[94 * 200 + x] = 1; // a pixel on the edge
    expect(measureCracks(mask).cracks[0]!.nBranchings).toBe(0);
  });

  it("follows a bend: straightness of a right angle is 1/√2", () => {
    const bend = [
      [40, 40, 40, 160],
      [40, 160, 160, 160],
    ];
    expect(Math.abs(measureCracks(cracksAt(200, bend, 1.5)).cracks[0]!.straightness - Math.SQRT1_2)).toBeLessThan(0.03);
  });

  it("finds none in an empty mask and refuses a negative length", () => {
    const mask = createRaster(new Uint8Array(100), 10, 10);
    expect(measureCracks(mask)).toMatchObject({ cracks: [], totalLengthPx: 0, areaFraction: 0 });
    expect(() => measureCracks(mask, { minLengthPx: -1 })).toThrow(DomainError);
  });
});
