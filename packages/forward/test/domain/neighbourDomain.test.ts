import { createMatrix, createRandom, DataError, DomainError, type Matrix, ShapeError } from "@materiome/core";
import { fitNeighbourDomain, readNeighbourDomain } from "@materiome/forward";
import { describe, expect, it } from "vitest";

/** Rows about a direction, of any length. */
function cone(n: number, axis: readonly number[], seed: number): Matrix {
  const random = createRandom(seed);
  const data = Array.from({ length: n }, () => {
    const length = 0.5 + 5 * random.next();
    return axis.map((value) => length * (value + 0.05 * random.normal()));
  });
  return createMatrix(n, axis.length, Float64Array.from(data.flat()));
}

describe("fitNeighbourDomain", () => {
  const training = cone(60, [1, 0, 0], 1);
  const domain = fitNeighbourDomain(training, cone(40, [1, 0, 0], 2));

  it("lets in rows of the directions that it knows, whatever their length, and no others", () => {
    const inside = [...domain.scores(cone(200, [3, 0, 0], 3))].filter((score) => score <= 1).length;
    expect(inside).toBeGreaterThan(170); // 95 % asked for
    expect(inside).toBeLessThanOrEqual(200);
    for (const score of domain.scores(cone(50, [1, 1, 0], 4))) expect(score).toBeGreaterThan(1);
    expect(domain.scores(createMatrix(1, 3, new Float64Array(3)))[0]).toBeGreaterThan(1); // no direction
  });

  it("has the distance to the k-th nearest at its limit: the quantile of the rows held out", () => {
    const axes = createMatrix(2, 2, Float64Array.from([2, 0, 0, 3]));
    const angles = [0.1, 0.2, 0.3, 0.4, 0.5];
    const held = createMatrix(5, 2, Float64Array.from(angles.flatMap((a) => [Math.cos(a), Math.sin(a)])));
    const found = fitNeighbourDomain(axes, held, { k: 1, share: 0.5 });
    expect(found.limit).toBeCloseTo(2 * Math.sin(0.15), 12); // chord of the middle angle
    expect(found.scores(held)[4]).toBeCloseTo(Math.sin(0.25) / Math.sin(0.15), 12);
    expect(fitNeighbourDomain(axes, held, { k: 2, share: 0.5 }).limit).toBeCloseTo(2 * Math.sin(Math.PI / 4 - 0.15), 7);
  });

  it("comes back from JSON bit for bit", () => {
    const again = readNeighbourDomain(JSON.parse(JSON.stringify(domain)));
    const rows = cone(20, [1, 0.2, 0], 5);
    expect(again.scores(rows)).toEqual(domain.scores(rows));
    expect(JSON.stringify(again)).toBe(JSON.stringify(domain));
    const damaged = JSON.parse(JSON.stringify(domain));
    damaged.params.rows = 59;
    expect(() => readNeighbourDomain(damaged)).toThrow(/damaged/);
  });

  it("refuses other columns, too few rows held out, values that are no numbers, options out of range", () => {
    expect(() => fitNeighbourDomain(training, cone(9, [1, 0], 1))).toThrow(ShapeError);
    expect(() => fitNeighbourDomain(training, cone(4, [1, 0, 0], 1))).toThrow(DataError);
    expect(() => domain.scores(createMatrix(1, 3, Float64Array.from([1, Number.NaN, 0])))).toThrow(DataError);
    expect(() => fitNeighbourDomain(training, training, { k: 61 })).toThrow(DomainError);
    expect(() => fitNeighbourDomain(training, training, { share: 1 })).toThrow(DomainError);
  });
});
