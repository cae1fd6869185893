import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conductionBounds, elasticBounds, type PropertyBounds } from "../../src/fields/index.ts";

describe("conductionBounds", () => {
  it("are those of Maxwell for two phases, in the plane and in space", () => {
    const phases = [
      { fraction: 0.7, conductivity: 1 },
      { fraction: 0.3, conductivity: 10 },
    ];
    for (const dimension of [2, 3] as const) {
      // Maxwell's formula: inclusions of phase 2 in phase 1, and the other way round.
      const maxwell = (k1: number, k2: number, f2: number) =>
        k1 * (1 + (dimension * f2 * (k2 - k1)) / (k2 + (dimension - 1) * k1 - f2 * (k2 - k1)));
      const { lower, upper, voigt, reuss } = conductionBounds(phases, { dimension });
      expect(lower).toBeCloseTo(maxwell(1, 10, 0.3), 12);
      expect(upper).toBeCloseTo(maxwell(10, 1, 0.7), 12);
      expect([voigt, reuss]).toEqual([expect.closeTo(3.7, 12), expect.closeTo(1 / 0.73, 12)]);
    }
    expect(conductionBounds([...phases, { fraction: 0, conductivity: 0 }])).toMatchObject({ voigt: 3.7 });
  });

  it("are 0 below where a phase does not conduct", () => {
    const { lower, reuss, upper } = conductionBounds([
      { fraction: 0.8, conductivity: 2 },
      { fraction: 0.2, conductivity: 0 },
    ]);
    expect([lower, reuss]).toEqual([0, 0]);
    expect(upper).toBeCloseTo((2 * 0.8) / 1.2, 12);
  });

  it("refuse fractions that do not sum to 1", () => {
    expect(() => conductionBounds([{ fraction: 0.5, conductivity: 1 }])).toThrow(/sum to 1, got 0.5/);
    expect(() => conductionBounds([])).toThrow(/no phases/);
    expect(() => conductionBounds([{ fraction: 1, conductivity: -1 }])).toThrow(/at least 0 and finite, got -1/);
    expect(() => conductionBounds([{ fraction: 1, conductivity: 1 }], { dimension: 4 as 2 })).toThrow(/dimension/);
  });
});

describe("elasticBounds", () => {
  it("of two phases in space are the closed forms of Hashin and Shtrikman", () => {
    const [k1, g1, k2, g2, f2] = [10, 4, 30, 20, 0.4];
    const of = (k: number, g: number) => ({
      young: (9 * k * g) / (3 * k + g),
      poisson: (3 * k - 2 * g) / (6 * k + 2 * g),
    });
    const { bulk, shear } = elasticBounds(
      [
        { fraction: 1 - f2, ...of(k1, g1) },
        { fraction: f2, ...of(k2, g2) },
      ],
      { dimension: 3 },
    );
    expect(bulk.lower).toBeCloseTo(k1 + f2 / (1 / (k2 - k1) + (3 * (1 - f2)) / (3 * k1 + 4 * g1)), 10);
    expect(shear.lower).toBeCloseTo(
      g1 + f2 / (1 / (g2 - g1) + (6 * (k1 + 2 * g1) * (1 - f2)) / (5 * g1 * (3 * k1 + 4 * g1))),
      10,
    );
    expect(bulk.upper).toBeCloseTo(k2 + (1 - f2) / (1 / (k1 - k2) + (3 * f2) / (3 * k2 + 4 * g2)), 10);
  });

  it("stand in order, and are the modulus where there is one phase", () => {
    const phase = fc.record({
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      young: fc.double({ min: 0.1, max: 500, noNaN: true }),
      poisson: fc.double({ min: -0.4, max: 0.45, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(phase, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(2 as const, 3 as const),
        (list, dimension) => {
          const total = list.reduce((sum, { share }) => sum + share, 0);
          const found = elasticBounds(
            list.map(({ share, young, poisson }) => ({ fraction: share / total, young, poisson })),
            { dimension },
          );
          const inOrder = ({ reuss, lower, upper, voigt }: PropertyBounds): void => {
            const slack = 1e-9 * voigt;
            expect(reuss).toBeLessThanOrEqual(lower + slack);
            expect(lower).toBeLessThanOrEqual(upper + slack);
            expect(upper).toBeLessThanOrEqual(voigt + slack);
          };
          inOrder(found.bulk);
          inOrder(found.shear);
          if (list.length === 1) expect(found.shear.lower).toBeCloseTo(list[0]!.young / (2 + 2 * list[0]!.poisson), 9);
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  it("refuse moduli that are none", () => {
    expect(() => elasticBounds([{ fraction: 1, young: 0, poisson: 0.3 }])).toThrow(/above 0/);
    expect(() => elasticBounds([{ fraction: 1, young: 1, poisson: 0.5 }])).toThrow(/got 1 and 0.5/);
  });
});
