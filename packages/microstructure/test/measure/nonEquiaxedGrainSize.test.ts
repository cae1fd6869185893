import { DomainError } from "@materiome/core";
import { grainSizeFromIntercept, nonEquiaxedGrainSize } from "@materiome/microstructure/measure";
import { describe, expect, it } from "vitest";

describe("nonEquiaxedGrainSize", () => {
  it("gives bricks the intercept of the cube of their volume", () => {
    // Bricks of 40 × 20 × 10 µm (working, width, thickness): planes of 40 × 10, 20 × 10, 40 × 20.
    const perMm2 = (a: number, b: number): number => 1e6 / (a * b);
    const found = nonEquiaxedGrainSize({
      longitudinal: { grainsPerMm2: perMm2(40, 10), interceptsUm: [40, 10] },
      transverse: { grainsPerMm2: perMm2(20, 10), interceptsUm: [20, 10] },
      planar: { grainsPerMm2: perMm2(40, 20), interceptsUm: [40, 20] },
    });
    expect(found.grainsPerMm2).toBeCloseTo(2500, 8); // (2500 · 5000 · 1250)^⅓
    expect(found.meanInterceptUm).toBeCloseTo(20, 10);
    expect(found.interceptG).toBeCloseTo(grainSizeFromIntercept(20), 10);
    expect(found.anisotropyIndex).toBe(4);
  });

  it("refuses what is not positive", () => {
    const plane = { grainsPerMm2: 100, interceptsUm: [10, 10] } as const;
    const none = { grainsPerMm2: 0, interceptsUm: [10, 10] } as const;
    expect(() => nonEquiaxedGrainSize({ longitudinal: plane, transverse: none, planar: plane })).toThrow(DomainError);
  });
});
