import { createRandom } from "@materiome/core";
import { type Constraint, checkFeasible, sampleSpace } from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import { findConflict } from "../../src/space/checkFeasible.ts";
import { choice, number, numbers, space, sumOf } from "./spaces.ts";

const total = (names: readonly string[], limits: object): Constraint => ({
  kind: "linear",
  terms: names.map((name) => ({ name, coefficient: 1 })),
  ...limits,
});

describe("checkFeasible", () => {
  it("is content with a space that has points", () => {
    expect(() => checkFeasible(space(numbers(4, 0, 1), { sums: [sumOf(4, 1)] }))).not.toThrow();
    expect(() => checkFeasible(space([choice("a", ["x", "y"])]))).not.toThrow();
  });

  it("names the constraints that exclude each other and no others", () => {
    const alloy = space(
      [
        number("Cr", 20, 30, { unit: "wt%" }),
        number("Ni", 15, 30, { unit: "wt%" }),
        number("Mn", 0, 10),
        number("Si", 0, 3),
      ],
      { constraints: [total(["Cr", "Ni"], { max: 30, unit: "wt%" }), total(["Mn", "Si"], { max: 8 })] },
    );
    expect(() => checkFeasible(alloy)).toThrow(
      "these cannot hold together: Cr >= 20 wt%; Ni >= 15 wt%; Cr + Ni <= 30 wt%; loosen one of them",
    );
  });

  it("leaves every set feasible without any one of its members", () => {
    const constraints = [
      total(["x0", "x1"], { min: 1.5 }),
      total(["x1", "x2"], { max: 0.4 }),
      total(["x0", "x3"], { max: 0.8 }),
      total(["x2", "x3"], { min: 0.1 }),
      { kind: "order", below: "x0", above: "x1" } as const,
    ];
    const conflict = findConflict(space(numbers(4, 0, 1), { constraints })) ?? [];
    expect(conflict).toContain("x0 + x1 >= 1.5");
    for (let k = 0; k < constraints.length; k++) {
      const others = constraints.filter((_, i) => i !== k);
      const text = findConflict(space(numbers(4, 0, 1), { constraints: [constraints[k] as Constraint] }));
      expect(text).toBeUndefined();
      if (findConflict(space(numbers(4, 0, 1), { constraints: others })) === undefined)
        expect(conflict.length).toBeGreaterThan(1);
    }
  });

  it("counts fixed inputs, orders in a circle, ratios, and grids that miss a total", () => {
    const fixed = [
      { name: "Fe", role: "composition", unit: "", columnKind: "number", value: 0.5, why: "fixed" },
    ] as const;
    const sums = [{ columns: ["x0", "x1", "Fe"], total: 1, tolerance: 1e-6 }];
    expect(findConflict(space(numbers(2, 0.3, 0.6), { fixed, sums }))).toEqual([
      "x0 >= 0.3",
      "x1 >= 0.3",
      "x0 + x1 + Fe = 1 (with Fe fixed at 0.5)",
    ]);
    const circle: Constraint[] = [0, 1, 2].map((i) => ({ kind: "order", below: `x${i}`, above: `x${(i + 1) % 3}` }));
    expect(findConflict(space(numbers(3, 0, 1), { constraints: circle }))).toEqual(["x0 < x1", "x1 < x2", "x2 < x0"]);
    const ratio: Constraint = { kind: "ratio", numerator: "x0", denominator: "x1", min: 3 };
    expect(findConflict(space(numbers(2, 0.5, 1), { constraints: [ratio] }))).toEqual([
      "x0 <= 1",
      "x1 >= 0.5",
      "x0 / x1 >= 3",
    ]);
    expect(findConflict(space(numbers(2, 0, 1, { step: 0.25 }), { sums: [sumOf(2, 0.9)] }))).toEqual([
      "x0 + x1 = 0.9",
      "x0 in steps of 0.25 from 0",
      "x1 in steps of 0.25 from 0",
    ]);
  });

  it("knows that few components cannot fill a total", () => {
    const names = sumOf(6, 1).columns;
    const constraints: Constraint[] = [{ kind: "presence", names, max: 3 }];
    const conflict = findConflict(space(numbers(6, 0, 0.3), { sums: [sumOf(6, 1)], constraints }));
    expect(conflict).toContain("at most 3 of x0, x1, x2, x3, x4, x5");
    expect(() =>
      sampleSpace(space(numbers(6, 0, 0.3), { sums: [sumOf(6, 1)], constraints }), 1, createRandom(1)),
    ).toThrow("cannot hold together");
  });

  it("goes through categories, conditions and forbidden combinations", () => {
    const variables = [
      choice("gas", ["Ar", "N2"]),
      choice("route", ["cast", "quenched"]),
      number("T", 20, 80, { when: { name: "route", in: ["quenched"] } }),
    ];
    const never = (...when: [string, string][]): Constraint => ({
      kind: "forbidden",
      when: when.map(([name, level]) => ({ name, in: [level] })),
    });
    const hot: Constraint = { kind: "linear", terms: [{ name: "T", coefficient: 1 }], min: 90 };
    // Without T the row is 0 >= 90, which nothing meets either.
    expect(findConflict(space(variables, { constraints: [never(["gas", "Ar"]), never(["gas", "N2"])] }))).toEqual([
      "never gas = Ar",
      "never gas = N2",
    ]);
    expect(
      findConflict(space(variables, { constraints: [never(["gas", "Ar"]), never(["gas", "N2"], ["route", "cast"])] })),
    ).toBeUndefined();
    expect(findConflict(space(variables, { constraints: [hot] }))).toEqual(["T <= 80", "T >= 90"]);
    // An interval that holds all of a range is always met, where there is the number.
    const warm = (min: number): Constraint => ({ kind: "forbidden", when: [{ name: "T", min, max: 80 }] });
    const cast = never(["route", "cast"]);
    expect(findConflict(space(variables, { constraints: [warm(10), cast] }))).toEqual([
      "T >= 20",
      "T <= 80",
      "never T >= 10 and T <= 80",
      "never route = cast",
    ]);
    expect(findConflict(space(variables, { constraints: [warm(10)] }))).toBeUndefined();
    expect(findConflict(space(variables, { constraints: [warm(30), cast] }))).toBeUndefined();
  });
});
