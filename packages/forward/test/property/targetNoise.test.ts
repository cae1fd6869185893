import { createRandom, readTable, type Table } from "@materiome/core";
import {
  createGaussianProcess,
  type ModelName,
  type TrainedPropertyModel,
  trainPropertyModel,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";

/** A line with exact rows and a few with errors of 40 HV that say so; one cell of the standard deviations is replaced. */
function hardness(header: string, cell: (sigma: number, i: number) => string = String): Table {
  const random = createRandom(4);
  const lines = [`T (degC),Hardness (HV),${header}`];
  for (let i = 0; i < 24; i++) {
    const sigma = i % 4 === 3 ? 40 : 1;
    const value = 200 + 10 * i + sigma * random.normal();
    lines.push(`${400 + 10 * i},${value.toFixed(2)},${cell(sigma, i)}`);
  }
  return readTable(`${lines.join("\n")}\n`, { file: "hardness.csv" });
}

const process = createGaussianProcess({ starts: 1, maxIterations: 30 });

function train(table: Table, model?: ModelName): Promise<TrainedPropertyModel> {
  const learner = model === undefined ? process : undefined;
  const options = { targets: ["Hardness"], inputs: ["T"], folds: 3, model, learner };
  return trainPropertyModel(table, options, { random: createRandom(1), threads: 1 });
}

describe("standard deviations of a target", () => {
  it("are the noise of their rows for a process, in folds and fit, in the target's unit", async () => {
    const known = await train(hardness("Hardness std (HV)"));
    expect(known.metrics.uncertainties).toEqual([
      { target: "Hardness", columns: ["Hardness std"], isUsed: true, nMissing: 0, median: 1 },
    ]);
    expect(known.metrics.leakage.warnings.join()).not.toContain("Hardness std");
    const unknown = await train(hardness("comment"));
    expect(unknown.metrics.uncertainties).toEqual([]);
    expect(known.outOfFold[0]?.predicted).not.toEqual(unknown.outOfFold[0]?.predicted);
    // Distance from the line without noise at the rows held out.
    const off = ({ outOfFold }: TrainedPropertyModel): number =>
      Math.max(...Array.from(outOfFold[0]?.predicted ?? [], (value, i) => Math.abs(value - 200 - 10 * i)).slice(3, -3));
    expect(off(known)).toBeLessThan(0.5 * off(unknown));
  });

  it("a factor of unit changes nothing but rounding", async () => {
    const stated = await train(hardness("Hardness std (HV)"));
    const bare = await train(hardness("Hardness std"));
    expect(bare.outOfFold).toEqual(stated.outOfFold);
    const strength = (unit: string, factor: number): Table => {
      const rows = Array.from({ length: 12 }, (_, i) => `${i},${100 + 7 * i + (i % 3)},${factor * (1 + (i % 3))}`);
      return readTable(`T (degC),Strength (MPa),Strength std (${unit})\n${rows.join("\n")}\n`, { file: "s.csv" });
    };
    const of = async (table: Table): Promise<number[]> => {
      const options = { targets: ["Strength"], inputs: ["T"], folds: 3, learner: process };
      const { outOfFold } = await trainPropertyModel(table, options, { random: createRandom(1), threads: 1 });
      return Array.from(outOfFold[0]?.predicted ?? []);
    };
    const inPascals = await of(strength("kPa", 1000));
    for (const [i, value] of (await of(strength("MPa", 1))).entries()) expect(inPascals[i]).toBeCloseTo(value, 6);
  });

  it("a model that uses none says so, and names those that do", async () => {
    const { metrics, outOfFold } = await train(hardness("Hardness std (HV)"), "ridge");
    expect(metrics.uncertainties).toEqual([
      { target: "Hardness", columns: ["Hardness std"], isUsed: false, nMissing: 0, median: null },
    ]);
    expect(metrics.leakage.warnings).toContainEqual(
      'Hardness: the standard deviations in "Hardness std" are not used by this model, all rows count alike; gaussian-process takes them as known noise of each row',
    );
    expect(outOfFold).toEqual((await train(hardness("comment"), "ridge")).outOfFold);
  });

  it("stated by some cells alone are not used, and the warning says so; by all they are", async () => {
    const cells = (every: number): Table => {
      const rows = Array.from(
        { length: 12 },
        (_, i) => `${i},${100 + 7 * i + (i % 3)}${i % every === 0 ? " ± 2" : ""}`,
      );
      return readTable(`T (degC),Hardness (HV)\n${rows.join("\n")}\n`);
    };
    const { metrics } = await train(cells(5));
    expect(metrics.uncertainties[0]).toMatchObject({ isUsed: false, nMissing: 9 });
    expect(metrics.leakage.warnings.join()).toContain(
      '"Hardness uncertainty", missing in 9 rows, are not used by this model',
    );
    expect((await train(cells(1))).metrics.uncertainties[0]).toMatchObject({ isUsed: true, median: 2 });
  });

  it("with two columns of them none is used, and a warning says which there are", async () => {
    const { metrics } = await train(hardness("Hardness std (HV),Hardness uncertainty (HV)", (s) => `${s},${s}`));
    expect(metrics.uncertainties[0]?.isUsed).toBe(false);
    expect(metrics.leakage.warnings.join()).toContain('"Hardness std" and "Hardness uncertainty" both say');
  });

  it.each([
    ["", /missing.*row 7|row 7.*missing/s],
    ["-3", /is -3.*row 7|row 7.*is -3/s],
  ])("refuses %o as one", async (text, message) => {
    const table = hardness("Hardness std (HV)", (sigma, i) => (i === 5 ? text : String(sigma)));
    await expect(train(table)).rejects.toThrow(message);
    await expect(train(table, "ridge")).resolves.toBeDefined();
  });

  it("refuses another kind of unit", async () => {
    await expect(train(hardness("Hardness std (%)"))).rejects.toThrow(/standard deviation of "Hardness".*note/s);
  });
});
