import { closeWorkers, createRandom, readTable, type Table, type TableModel } from "@materiome/core";
import { createChain, reader, trainPropertyModel } from "@materiome/forward";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

const random = createRandom(1);

/** Grain size d = 10 + 0.1 (T − 900) µm ± noise. */
function processTable(): Table {
  const lines = Array.from({ length: 80 }, () => {
    const t = 900 + 200 * random.next();
    return `${t.toFixed(2)},${(10 + 0.1 * (t - 900) + 1.5 * random.normal()).toFixed(3)}`;
  });
  return readTable(`Anneal temperature (°C),Grain size (µm)\n${lines.join("\n")}\n`, {
    schema: {
      version: 1,
      columns: [
        { name: "Anneal temperature", role: "process" },
        { name: "Grain size", role: "property" },
      ],
    },
  });
}

/** Strength σ = 300 − 4 d MPa ± noise. */
function structureTable(unit = "µm"): Table {
  const lines = Array.from({ length: 80 }, () => {
    const d = 8 + 26 * random.next();
    return `${d.toFixed(3)},${(300 - 4 * d + 3 * random.normal()).toFixed(2)}`;
  });
  return readTable(`Grain size (${unit}),Yield strength (MPa)\n${lines.join("\n")}\n`, {
    schema: {
      version: 1,
      columns: [
        { name: "Grain size", role: "structure" },
        { name: "Yield strength", role: "property" },
      ],
    },
  });
}

const train = async (table: Table, target: string): Promise<TableModel> =>
  (
    await trainPropertyModel(
      table,
      { targets: [target], model: "ridge", folds: 5 },
      { random: createRandom(1), threads: 1 },
    )
  ).model;

describe("createChain", () => {
  let first: TableModel;
  let second: TableModel;
  const probe = readTable("Anneal temperature (°C)\n1000\n950\n1500\n", {
    schema: { version: 1, columns: [{ name: "Anneal temperature", role: "process" }] },
  });

  beforeAll(async () => {
    first = await train(processTable(), "Grain size");
    second = await train(structureTable(), "Yield strength");
  });

  it("carries both uncertainties: linear and Gaussian in closed form", async () => {
    const { mean, std, lower, upper, distribution } = await createChain(first, second).predict(probe);
    // d = 20 ± 1.5 µm, σ = 300 − 4 · 20 = 220 MPa, √((4 · 1.5)² + 3²) = 6.71 MPa.
    expect(mean.data[0]).toBeGreaterThan(217);
    expect(mean.data[0]).toBeLessThan(223);
    expect(std!.data[0]).toBeGreaterThan(6.71 * 0.8);
    expect(std!.data[0]).toBeLessThan(6.71 * 1.2);
    const width = (upper!.data[0] - lower!.data[0]) / (2 * 1.645 * 6.71);
    expect(width).toBeGreaterThan(0.8);
    expect(width).toBeLessThan(1.25);
    for (const p of [0.02, 0.3, 0.5, 0.97]) {
      expect(distribution!.cdf(0, 0, distribution!.quantile(0, 0, p))).toBeCloseTo(p, 6);
    }
  });

  it("takes the first model's inputs, gives the second's targets, and joins their domains", async () => {
    const chain = createChain(first, second);
    expect(chain.inputs.map((column) => column.name)).toEqual(["Anneal temperature"]);
    expect(chain.targets).toEqual([{ name: "Yield strength", unit: "MPa" }]);
    expect(chain.training.names).toEqual(
      expect.arrayContaining(["Anneal temperature", "Grain size", "Yield strength"]),
    );
    const { domain } = await chain.predict(probe);
    expect(Array.from(domain?.inDomain ?? [])).toEqual([1, 1, 0]);
    expect(domain?.reason(2)).toMatch(
      /Anneal temperature 1500 °C is outside .*predicted Grain size: Grain size .* is outside/,
    );
  });

  it("saves and loads with the same predictions", async () => {
    const chain = createChain(first, second, { nNodes: 7 });
    const again = (await reader.read(JSON.parse(JSON.stringify(chain)), reader)) as unknown as TableModel;
    const [a, b] = [await chain.predict(probe), await again.predict(probe)];
    expect(b.mean).toEqual(a.mean);
    expect(b.upper).toEqual(a.upper);
  });

  it("converts the unit between the models", async () => {
    const inMillimetres = await train(structureTable("mm"), "Yield strength");
    const { domain } = await createChain(first, inMillimetres).predict(probe);
    // 20 µm is 0.02 mm, far below the 8–34 mm of that table.
    expect(domain?.reason(0)).toMatch(/Grain size 0\.0\d+ mm is outside/);
  });

  it("refuses models that share no column, and too few nodes", () => {
    expect(() => createChain(second, first)).toThrow(
      /the first model predicts "Yield strength", the second takes "Anneal temperature"/,
    );
    expect(() => createChain(first, second, { nNodes: 1 })).toThrow(/at least 3/);
  });
});

describe("a chain of several targets", () => {
  const names = ["a", "b", "c"];
  const inputs = names.map((name) => ({ name, role: "structure", unit: "" }) as const);
  const domain = (n: number) => ({
    inDomain: new Uint8Array(n).fill(1),
    score: new Float64Array(n),
    reason: () => undefined,
  });
  const stored = { type: "test", version: 1, params: null, state: null };
  /** Each target uniform on 0 … 1 (standard deviation 1/√12). */
  const first: TableModel = {
    inputs: [{ name: "x", role: "process", unit: "" }],
    targets: names.map((name) => ({ name, unit: "" })),
    training: readTable("x,a,b,c\n1,0,0,0\n"),
    module: import.meta.url,
    toJSON: () => stored,
    predict: async (table) => ({
      kind: "regression",
      mean: { rows: table.nRows, columns: 3, data: new Float64Array(3 * table.nRows).fill(0.5) },
      distribution: { cdf: (_row, _target, value) => value, quantile: (_row, _target, p) => p },
      domain: domain(table.nRows),
    }),
  };
  /** σ = a + b + c without noise. */
  const second: TableModel = {
    inputs,
    targets: [{ name: "sum", unit: "" }],
    training: readTable("a,b,c,sum\n0,0,0,0\n"),
    module: import.meta.url,
    toJSON: () => stored,
    predict: async (table) => {
      const [a, b, c] = names.map((name) => table.number(name).values);
      const data = Float64Array.from(a!, (value, i) => value + b![i]! + c![i]!);
      return {
        kind: "regression",
        mean: { rows: table.nRows, columns: 1, data },
        std: { rows: table.nRows, columns: 1, data: new Float64Array(table.nRows) },
        distribution: { cdf: (row, _target, value) => (value < data[row]! ? 0 : 1), quantile: (row) => data[row]! },
        domain: domain(table.nRows),
      };
    },
  };

  it("takes them as independent: the variances of a sum of three add up", async () => {
    const probe = readTable("x,y\n1,1\n");
    const { mean, std } = await createChain(first, second).predict(probe);
    expect(mean.data[0]).toBeCloseTo(1.5, 9);
    expect(std!.data[0]).toBeGreaterThan(0.9 * Math.sqrt(3 / 12));
    expect(std!.data[0]).toBeLessThan(1.1 * Math.sqrt(3 / 12));
  });

  it("refuses fewer nodes than keep them apart", () => {
    expect(() => createChain(first, second, { nNodes: 5 })).toThrow(/3 targets are carried through.*at least 7/);
  });
});
