import { ConvergenceError, createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { effectiveStiffness, elasticBounds, elasticField } from "../../src/fields/index.ts";
import { disc, fractionOf, mapOf, turned } from "./maps.ts";

const exact = { tolerance: 1e-11 };
const phases = { young: { 0: 3, 1: 40 }, poisson: { 0: 0.35, 1: 0.2 } };

/** λ + 2μ, λ and μ of each phase. */
const moduli = ([0, 1] as const).map((phase) => {
  const [e, nu] = [phases.young[phase], phases.poisson[phase]];
  const lambda = (e * nu) / ((1 + nu) * (1 - 2 * nu));
  const mu = e / (2 * (1 + nu));
  return { axial: lambda + 2 * mu, lambda, mu, bulk: lambda + mu };
}) as [Moduli, Moduli];
interface Moduli {
  readonly axial: number;
  readonly lambda: number;
  readonly mu: number;
  readonly bulk: number;
}

describe("effectiveStiffness", () => {
  it("of layers is the closed form", () => {
    // G. E. Backus, doi:10.1029/JZ067i011p04427, for isotropic layers whose normal is x.
    const share = 3 / 8;
    const mean = (of: (phase: Moduli) => number) => (1 - share) * of(moduli[0]) + share * of(moduli[1]);
    const axial = 1 / mean(({ axial }) => 1 / axial);
    const ratio = mean(({ lambda, axial }) => lambda / axial);
    const along = mean(({ lambda, axial }) => axial - lambda ** 2 / axial) + ratio ** 2 * axial;
    const shear = 1 / mean(({ mu }) => 1 / mu);
    const expected = [axial, ratio * axial, 0, ratio * axial, along, 0, 0, 0, shear];
    const layers = mapOf(8, 5, (x) => (x < 3 ? 1 : 0));
    const { stiffness } = effectiveStiffness(layers, { ...phases, ...exact });
    expect([...stiffness.data]).toEqual(expected.map((value) => expect.closeTo(value, 9)));
    const other = effectiveStiffness(turned(layers), { ...phases, ...exact }).stiffness.data;
    expect([other[0], other[4], other[8]]).toEqual([along, axial, shear].map((value) => expect.closeTo(value, 9)));
  });

  it("turns with the map", () => {
    const draw = createRandom(4);
    const map = mapOf(9, 8, () => (draw.next() < 0.4 ? 1 : 0));
    const c = effectiveStiffness(map, { ...phases, ...exact }).stiffness.data;
    const d = effectiveStiffness(turned(map), { ...phases, ...exact }).stiffness.data;
    const [c11, c12, c16, , c22, c26, , , c66] = c as unknown as number[];
    const expected = [c22, c12, -c26!, c12, c11, -c16!, -c26!, -c16!, c66];
    expect([...d]).toEqual(expected.map((value) => expect.closeTo(value!, 8)));
    expect(Math.abs(c16!)).toBeGreaterThan(1e-3);
  });

  it("of a disc in a square obeys the bounds of Hashin and Shtrikman; its bulk modulus is close to the lower", () => {
    const map = disc(33, 11);
    const fraction = fractionOf(map);
    const { stiffness } = effectiveStiffness(map, phases);
    const [c11, c12] = stiffness.data;
    const { bulk, shear } = elasticBounds([
      { fraction: 1 - fraction, young: 3, poisson: 0.35 },
      { fraction, young: 40, poisson: 0.2 },
    ]);
    const found = (c11! + c12!) / 2;
    expect(found).toBeGreaterThanOrEqual(bulk.lower);
    expect(found / bulk.lower - 1).toBeLessThan(0.03);
    // Of the two shear moduli of a square array one may lie below the bound for isotropic structures, their mean not.
    const mean = ((c11! - c12!) / 2 + stiffness.data[8]!) / 2;
    expect(mean).toBeGreaterThan(shear.lower);
    expect(mean).toBeLessThan(shear.upper);
  });
});

describe("elasticField", () => {
  const centreOf = (strain: { xx: number; yy: number; xy: number }): number[] => {
    const side = 96;
    const { strain: found } = elasticField(disc(side, 8), { ...phases, strain });
    return [...found.data.subarray(3 * 48 * (side + 1), 3 * 48 * (side + 1) + 3)];
  };

  it("in a disc far from others is uniform, as Eshelby found", () => {
    // J. D. Eshelby, doi:10.1098/rspa.1957.0133, for a circular cylinder in plane strain.
    const [matrix, inside] = moduli;
    const dilation = (matrix.bulk + matrix.mu) / (inside.bulk + matrix.mu);
    const beta = (matrix.bulk + 2 * matrix.mu) / (2 * (matrix.bulk + matrix.mu));
    const distortion = 1 / (1 + beta * (inside.mu / matrix.mu - 1));
    const [xx, yy, xy] = centreOf({ xx: 1, yy: 1, xy: 0 }) as [number, number, number];
    expect(Math.abs(xx / dilation - 1)).toBeLessThan(0.04);
    expect([yy, xy]).toEqual([expect.closeTo(xx, 6), expect.closeTo(0, 2)]);
    expect(Math.abs(centreOf({ xx: 0, yy: 0, xy: 1 })[2]! / distortion - 1)).toBeLessThan(0.06);
  });

  it("has the asked mean strain, the law of each phase, and as much work as the means", () => {
    const draw = createRandom(6);
    const map = mapOf(10, 7, () => (draw.next() < 0.5 ? 1 : 0));
    const mean = { xx: 1e-3, yy: -4e-4, xy: 7e-4 };
    const field = elasticField(map, { ...phases, strain: mean, ...exact });
    const total = [0, 0, 0];
    let work = 0;
    for (let i = 0; i < 70; i++) {
      const [xx, yy, xy] = field.strain.data.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
      const [sxx, syy, sxy, szz] = field.stress.data.subarray(4 * i, 4 * i + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      for (const [c, value] of [xx, yy, xy].entries()) total[c]! += value / 70;
      work += (sxx * xx + syy * yy + 2 * sxy * xy) / 70;
      // The inverse law, E ε = (1 + ν) σ − ν tr σ, knows nothing of λ and μ.
      const [e, nu] = [phases.young[map.data[i] as 0 | 1], phases.poisson[map.data[i] as 0 | 1]];
      const trace = sxx + syy + szz;
      expect(((1 + nu) * sxx - nu * trace) / e).toBeCloseTo(xx, 12);
      expect(((1 + nu) * szz - nu * trace) / e).toBeCloseTo(0, 12);
      expect(((1 + nu) * sxy) / e).toBeCloseTo(xy, 12);
      const deviator = [sxx, syy, szz].map((s) => s - trace / 3);
      const mises = Math.sqrt(1.5 * (deviator.reduce((sum, s) => sum + s * s, 0) + 2 * sxy * sxy));
      expect(field.vonMises.data[i]).toBeCloseTo(mises, 12);
    }
    expect(total).toEqual([mean.xx, mean.yy, mean.xy].map((value) => expect.closeTo(value, 12)));
    const { xx, yy, xy } = field.meanStress;
    expect(work).toBeCloseTo(xx * mean.xx + yy * mean.yy + 2 * xy * mean.xy, 10);
  });

  it("bears pores, and says where it does not converge", () => {
    const map = disc(24, 6.3);
    const porous = { young: { 0: 3, 1: 0 }, poisson: { 0: 0.3, 1: 0.3 } };
    const field = elasticField(map, { ...porous, strain: { xx: 0, yy: 0, xy: 1 } });
    for (let i = 0; i < map.data.length; i++) if (map.data[i] === 1) expect(field.vonMises.data[i]).toBe(0);
    const soft = () => elasticField(map, { ...porous, strain: { xx: 0, yy: 0, xy: 1 }, maxIterations: 3 });
    expect(soft).toThrow(ConvergenceError);
  });

  it("refuses impossible moduli and strains, with the reason", () => {
    const map = disc(8, 2);
    const strain = { xx: 1, yy: 0, xy: 0 };
    expect(() => elasticField(map, { ...phases, poisson: { 0: 0.3, 1: 0.5 }, strain })).toThrow(
      /poisson of phase 1 must be above −1 and below 0.5, got 0.5/,
    );
    expect(() => elasticField(map, { ...phases, young: { 0: 1 }, strain })).toThrow(/young names only 0/);
    expect(() => elasticField(map, { ...phases, young: { 0: 0, 1: 0 }, strain })).toThrow(
      /no pixel of the map is stiff/,
    );
    expect(() => elasticField(map, { ...phases, strain: { xx: 0, yy: 0, xy: 0 } })).toThrow(/mean strain/);
    expect(() => effectiveStiffness(map, { ...phases, tolerance: 2 })).toThrow(/tolerance/);
  });
});
