import { createMatrix, createRandom, readTable, type Table, type TableModel } from "@materiome/core";
import { atomicFractions, compositionsOf } from "@materiome/core/composition";
import { createRandomForest, elementEffects, explainTable, trainPropertyModel } from "@materiome/forward";
import { describe, expect, it } from "vitest";

const amount = (alloy: ReadonlyMap<string, number>, element: string): number =>
  100 * (atomicFractions(alloy).get(element) ?? 0);

/** 10 a unit of Mo, 2 of Cr, and nothing else. */
function linear(training: Table): TableModel {
  return {
    module: "",
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    inputs: [{ name: "alloy", role: "composition", unit: "" }],
    targets: [{ name: "Hardness", unit: "HV" }],
    training,
    predict: async (table) => {
      const values = compositionsOf(table, table.column("alloy")).map((one) =>
        one === undefined ? Number.NaN : 10 * amount(one, "Mo") + 2 * amount(one, "Cr"),
      );
      return { kind: "regression", mean: createMatrix(values.length, 1, Float64Array.from(values)) };
    },
  };
}

const TRAINING: readonly (readonly [mo: number, cr: number])[] = [
  [0, 11],
  [1, 15],
  [2, 10],
];
const training = readTable(`alloy\n${TRAINING.map(([mo, cr]) => `Fe${100 - mo - cr}Cr${cr}Mo${mo}`).join("\n")}\n`);
const run = { random: createRandom(1), threads: 1 };

describe("elementEffects", () => {
  it("sets an element and scales the others, as computed by hand", async () => {
    const table = readTable("alloy\nFe80Cr15Mo5\nFe85Cr13Mo1Cu1\nMo\n\nFe99Mo1\n".replace("\n\n", '\n""\n'));
    const [found] = await elementEffects(linear(training), table, run);
    const of = (element: string) => found?.elements.find((one) => one.element === element);
    expect(found?.input).toBe("alloy");
    const mo = of("Mo");
    expect(mo?.reference).toBeCloseTo(1, 9);
    expect(mo?.changes[0]).toBeCloseTo(50 + 30 - (10 + (2 * 15 * 99) / 95), 6);
    expect(mo?.changes[1]).toBeCloseTo(0, 6);
    expect(mo?.changes[2]).toBeNaN(); // nothing to scale
    expect(of("Cr")?.changes[0]).toBeCloseTo(50 + 30 - ((10 * 5 * 89) / 85 + 22), 6);
    expect(of("Cu")?.reference).toBe(0);
    expect(of("Cu")?.changes[1]).toBeCloseTo(36 * (1 - 100 / 99), 6);
    expect(of("Cu")?.curves).toBeUndefined(); // no training row has any
    const sizes = found?.elements.map(({ meanAbsolute }) => meanAbsolute) ?? [];
    expect(sizes).toEqual(sizes.slice().sort((a, b) => b - a));
  });

  it("asks for no row that has the median amount, of which most have none of most elements", async () => {
    const model = linear(training);
    let asked = 0;
    const counting: TableModel = {
      ...model,
      predict: (table, own) => {
        asked += table.nRows;
        return model.predict(table, own);
      },
    };
    const table = readTable("alloy\nFe90Cu10\nFe90Al10\nFe90V10\nFe90Si10\n");
    const [found] = await elementEffects(counting, table, { ...run, nCurves: 0 });
    const changes = found?.elements.find(({ element }) => element === "Cu")?.changes ?? new Float64Array(0);
    expect(Array.from(changes, (change) => Math.abs(change))).toEqual([expect.closeTo(0, 9), 0, 0, 0]);
    // Fe, Cr and Mo in all four rows, each of the others in the row that has it, with and without.
    expect(asked).toBe(2 * (3 * 4 + 4));
  });

  it("knows nothing of pure elements, which is not that nothing changes", async () => {
    const [found] = await elementEffects(linear(training), readTable("alloy\nMo\nCr\n"), run);
    expect(found?.elements.length).toBe(3);
    for (const { meanAbsolute, curves } of found?.elements ?? []) {
      expect(meanAbsolute).toBeNaN();
      expect(curves).toBeUndefined();
    }
  });

  it("draws its curves along the same direction", async () => {
    const [found] = await elementEffects(linear(training), readTable("alloy\nFe80Cr15Mo5\n"), run);
    const { partial, local } = found?.elements.find((one) => one.element === "Mo")?.curves ?? {};
    expect(partial?.grid.length).toBe(3);
    for (const [k, a] of (partial?.grid ?? []).entries()) {
      const values = TRAINING.map(([mo, cr]) => 10 * a + (2 * cr * (100 - a)) / (100 - mo));
      expect(partial?.mean[k]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / 3, 6);
    }
    const { effect = new Float64Array(0) } = local ?? {};
    const first = 10 - ((2 * 11) / 100 + (2 * 15) / 99) / 2; // rows of 0 and 1 at%, from 0 to 1
    expect((effect.at(-1) ?? 0) - (effect[0] ?? 0)).toBeCloseTo(first + 10 - (2 * 10) / 98, 6);
  });

  it("takes designations and grades by their nominal composition, as it takes formulas", async () => {
    const designations = TRAINING.map(([mo, cr]) => `Fe-${cr}Cr-${mo}Mo at%`);
    const known = readTable(`alloy\n${designations.join("\n")}\n`);
    expect(known.column("alloy").kind).toBe("grade");
    const [formula] = await elementEffects(linear(training), readTable("alloy\nFe80Cr15Mo5\nFe90Cr10\n"), run);
    const asked = readTable("alloy\nFe-15Cr-5Mo at%\nFe-10Cr at%\n316L\n");
    const [grade] = await elementEffects(linear(known), asked, run);
    expect(grade?.input).toBe("alloy");
    for (const name of ["Mo", "Cr", "Fe"]) {
      const of = (found: typeof grade) => found?.elements.find(({ element }) => element === name);
      const [own, other] = [of(grade), of(formula)];
      expect(own?.reference).toBeCloseTo(other?.reference ?? Number.NaN, 6);
      for (const i of [0, 1]) expect(own?.changes[i]).toBeCloseTo(other?.changes[i] ?? Number.NaN, 6);
      expect(own?.curves?.partial.mean.length).toBe(other?.curves?.partial.mean.length);
    }
    const ni = grade?.elements.find(({ element }) => element === "Ni");
    expect(ni?.amounts[2]).toBeGreaterThan(9); // of 316L: nominal composition
    expect(ni?.changes[2]).toBeLessThan(0); // it thins Mo and Cr
  });

  it("stands in the explanation of a trained model; models without formulas have none", async () => {
    const random = createRandom(2);
    const lines = Array.from({ length: 30 }, () => {
      const [al, t] = [1 + random.int(5), 400 + 10 * random.int(10)];
      return `Al${al}Ni${8 - al}Co2,${t},${200 + 40 * al + 0.1 * t}`;
    });
    const table = readTable(`alloy,T (°C),Hardness (HV)\n${lines.join("\n")}\n`);
    const learner = createRandomForest({ nTrees: 10 });
    const { model } = await trainPropertyModel(table, { targets: ["Hardness"], learner, folds: 3 }, run);
    const { elements } = await explainTable(model, table, run);
    expect(elements.map(({ input }) => input)).toEqual(["alloy"]);
    const used = elements[0]?.elements.map(({ element }) => element) ?? [];
    expect(used.slice().sort()).toEqual(["Al", "Co", "Ni"]);
    const plain = readTable("T (°C),Hardness (HV)\n1,2\n2,3\n3,5\n4,6\n5,6.5\n6,8\n");
    const bare = await trainPropertyModel(plain, { targets: ["Hardness"], learner, folds: 3 }, run);
    expect((await explainTable(bare.model, plain, run)).elements).toEqual([]);
  });
});
