import { createRandom, readTable, type Table } from "@materiome/core";
import { classElementEffects, explainClasses, trainClassModel } from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";

const run = { random: createRandom(1), threads: 1 };

/** Ferritic from 16 at% of Cr on, whatever the Ni; every composition once. */
function steels(n: number, seed: number, text: (cr: number, ni: number) => string): Table {
  const random = createRandom(seed);
  const lines = Array.from({ length: n }, () => {
    const [cr, ni] = [10 + Math.round(120 * random.next()) / 10, Math.round(50 * random.next()) / 10];
    return `${text(cr, ni)},${400 + random.int(100)},${cr >= 16 ? "ferritic" : "martensitic"}`;
  });
  return readTable(`alloy,T (°C),structure\n${lines.join("\n")}\n`);
}

const TEXTS = {
  formula: (cr: number, ni: number) => `Fe${(100 - cr - ni).toFixed(1)}Cr${cr}Ni${ni}`,
  grade: (cr: number, ni: number) => `Fe-${cr.toFixed(1)}Cr-${ni.toFixed(1)}Ni at%`,
};

describe.each(["formula", "grade"] as const)("classElementEffects of a %s", (kind) => {
  const table = steels(60, 1, TEXTS[kind]);
  let model: Awaited<ReturnType<typeof trainClassModel>>["model"];
  beforeAll(async () => {
    const options = { target: "structure", model: "forest", folds: 2 } as const;
    ({ model } = await trainClassModel(table, options, run));
  });

  it("tells what an element does to the probability of each class", async () => {
    expect(table.column("alloy").kind).toBe(kind);
    const asked = steels(20, 2, TEXTS[kind]);
    const [found] = await classElementEffects(model, asked, run);
    expect(found?.input).toBe("alloy");
    const [cr] = found?.elements.filter(({ element }) => element === "Cr") ?? [];
    const ferritic = model.classes.indexOf("ferritic");
    const { data } = (await model.predict(asked)).probabilities;
    for (const [i, amount] of cr.amounts.entries()) {
      const [own, other] = [cr.changes[ferritic][i], cr.changes[1 - ferritic][i]];
      expect(own + other).toBeCloseTo(0, 9); // probabilities sum to 1
      // Against a median below 16 at%, more chromium makes ferrite, and less changes little.
      if (amount > 20) expect(own).toBeGreaterThan(0.1);
      if (amount < 12) expect(Math.abs(own)).toBeLessThan(0.2);
      expect(Math.abs(own)).toBeLessThanOrEqual(Math.max(data[2 * i], data[2 * i + 1]) + 1e-9);
    }
    expect(cr.meanAbsolute).toBeCloseTo(cr.classMeanAbsolute[0], 9); // two classes move alike
    const ni = found.elements.find(({ element }) => element === "Ni");
    expect(cr.meanAbsolute).toBeGreaterThan(2 * ni!.meanAbsolute);
    const { local } = cr.curves!;
    const curve = local.classes[ferritic].effect;
    expect(curve.at(-1)! - curve[0]).toBeGreaterThan(0.5);
    expect(local.grid.at(-1)).toBeGreaterThan(20);
  });

  it("stands in the explanation of the model, for the class explained", async () => {
    const asked = steels(5, 3, TEXTS[kind]);
    const { elements, predicted } = await explainClasses(model, asked, run);
    expect(elements.map(({ input }) => input)).toEqual(["alloy"]);
    const again = await classElementEffects(model, asked, { ...run, explained: predicted, nCurves: 0 });
    const sizes = (all: typeof elements) => all[0].elements.map(({ element, meanAbsolute }) => [element, meanAbsolute]);
    expect(sizes(elements)).toEqual(sizes(again));
  });
});
