import { closeWorkers, createRandom, readTable, type Table } from "@materiome/core";
import { explainClasses, explainTable, trainClassModel, trainPropertyModel } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

/** Strength is 1000 times the chromium of the formula; the phase goes by it too. */
function alloys(n: number): Table {
  const random = createRandom(1);
  const lines = Array.from({ length: n }, () => {
    const [cr, mn] = [0.05 + 0.3 * random.next(), 0.1 * random.next()];
    const fe = 1 - cr - mn;
    const formula = `Fe${fe.toFixed(4)}Cr${cr.toFixed(4)}Mn${mn.toFixed(4)}`;
    return `${formula},${random.int(9)},${random.int(2) === 0 ? "cast" : "forged"},${(1000 * cr).toFixed(1)},${cr > 0.2 ? "ferrite" : "austenite"}`;
  });
  const columns = [
    { name: "alloy", role: "composition" as const, kind: "formula" as const },
    { name: "route", role: "process" as const, kind: "category" as const },
    { name: "strength", role: "property" as const },
    { name: "phase", role: "property" as const, kind: "category" as const },
  ];
  return readTable(`alloy,time,route,strength,phase\n${lines.join("\n")}\n`, { schema: { version: 1, columns } });
}

const run = { random: createRandom(1), threads: 1 };
const few = { ...run, nBackground: 20, nCurves: 0, nInteracting: 0 };

describe("derivedParts", () => {
  it("names the features of a formula that predictions move with, and none of numbers and categories", async () => {
    const table = alloys(40);
    const inputs = ["alloy", "time", "route"];
    for (const model of ["extra-trees", "ridge"] as const) {
      const trained = await trainPropertyModel(table, { targets: ["strength"], inputs, model, folds: 2 }, run);
      const { parts, inputs: players, meanAbsolute } = await explainTable(trained.model, table, few);
      expect(players).toHaveLength(3);
      expect(parts.map(({ input }) => input)).toEqual(["alloy"]);
      const all = parts[0]?.parts ?? [];
      expect(all.length).toBeGreaterThan(3);
      const changes = all.map(({ meanAbsoluteChange }) => meanAbsoluteChange);
      expect(changes).toEqual(changes.toSorted((a, b) => b - a));
      expect(changes.at(-1)).toBeGreaterThanOrEqual(0);
      // No single feature moves predictions more than the whole formula does, by much.
      expect(changes[0]).toBeLessThan(2 * Math.max(...meanAbsolute));
      if (model === "extra-trees") expect(all.slice(0, 4).some(({ feature }) => /Cr|Fe/.test(feature))).toBe(true);
      const again = await explainTable(trained.model, table, few);
      expect(again.parts).toEqual(parts);
    }
  });

  it("does so for the class that is explained", async () => {
    const table = alloys(40);
    const trained = await trainClassModel(
      table,
      { target: "phase", inputs: ["alloy", "time"], model: "extra-trees", folds: 2 },
      run,
    );
    const { parts } = await explainClasses(trained.model, table, few);
    expect(parts.map(({ input }) => input)).toEqual(["alloy"]);
    expect(parts[0]?.parts[0]?.meanAbsoluteChange).toBeGreaterThan(0);
  });
});
