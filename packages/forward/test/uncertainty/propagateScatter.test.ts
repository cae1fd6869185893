import {
  closeWorkers,
  createMatrix,
  createNumberColumn,
  createRandom,
  readTable,
  Table,
  type TableModel,
  takeTableRows,
} from "@materiome/core";
import { normalCdf, normalQuantile } from "@materiome/core/numerics";
import { propagateScatter, trainPropertyModel } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

const number = (name: string, value: number, unit = "") => createNumberColumn(name, [value], { role: "process", unit });
const row = new Table([number("a", 10), number("b", 4), number("c", 1)]);

/** y = 3 a − 2 b + 5 and z = a², with normal noise of standard deviation `noise`; c changes nothing. */
function linear(noise: number | undefined): TableModel {
  const inputs = ["a", "b", "c"].map((name) => ({ name, role: "process", unit: "" }) as const);
  return {
    module: import.meta.url,
    inputs: inputs as unknown as TableModel["inputs"],
    targets: [
      { name: "y", unit: "MPa" },
      { name: "z", unit: "" },
    ],
    training: row,
    toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
    predict: async (table) => {
      const [a, b] = ["a", "b"].map((name) => table.number(name).values);
      const n = table.nRows;
      const data = Float64Array.from({ length: 2 * n }, (_, at) => {
        const i = at >> 1;
        return at % 2 === 0 ? 3 * a[i] - 2 * b[i] + 5 : a[i] ** 2;
      });
      const mean = createMatrix(n, 2, data);
      if (noise === undefined) return { kind: "regression", mean };
      return {
        kind: "regression",
        mean,
        std: createMatrix(n, 2, new Float64Array(2 * n).fill(noise)),
        uncertainty: "total",
        distribution: {
          cdf: (i, t, value) => normalCdf((value - data[2 * i + t]) / noise),
          quantile: (i, t, p) => data[2 * i + t] + noise * normalQuantile(p),
        },
      };
    },
  };
}

describe("propagateScatter", () => {
  const random = createRandom(1);

  it("of a linear model is the closed form: √(Σ (slope · sd)² + noise²)", async () => {
    const scatter = { a: { sd: 0.5 }, b: { halfWidth: 1.2 }, c: { sd: 3 } };
    const { properties, shareOutside } = await propagateScatter(linear(2), row, { scatter, random, nSamples: 2000 });
    const [y] = properties;
    const byA = 3 * 0.5;
    const byB = (2 * 1.2) / Math.sqrt(3);
    const expected = Math.hypot(byA, byB);
    expect([y.nominal, shareOutside]).toEqual([27, null]);
    expect(Math.abs(y.mean - 27)).toBeLessThan(0.01);
    expect(Math.abs(y.sdScatter / expected - 1)).toBeLessThan(0.03);
    expect(y.sdModel).toBeCloseTo(2, 12);
    expect(Math.abs(y.sd / Math.hypot(expected, 2) - 1)).toBeLessThan(0.02);
    expect(Math.abs(y.shareOfScatter! - expected ** 2 / (expected ** 2 + 4))).toBeLessThan(0.02);
    expect(y.inputs.map(({ input }) => input)).toEqual(["a", "b", "c"]);
    expect(Math.abs(y.inputs[0].sdAlone / byA - 1)).toBeLessThan(0.005);
    expect(y.inputs[2].sdAlone).toBeLessThan(1e-12);
    // Sum of normal, uniform and normal: quantiles of the mixture near the normal ones of the same deviation.
    for (const { p, value } of y.quantiles!) {
      expect(Math.abs(value - (27 + Math.hypot(expected, 2) * normalQuantile(p)))).toBeLessThan(0.12);
    }
  });

  it("of one normal input without noise gives its quantiles, and shows that a square bends: mean a² + sd²", async () => {
    const { properties } = await propagateScatter(linear(undefined), row, {
      scatter: { a: { relativeSd: 0.2 } },
      random,
    });
    const [y, z] = properties;
    expect(y).toMatchObject({ sdModel: null, shareOfScatter: null, quantiles: null });
    for (const { p, value } of y.scatterQuantiles)
      expect(Math.abs(value - (27 + 6 * normalQuantile(p)))).toBeLessThan(0.1);
    expect(z.nominal).toBe(100);
    expect(Math.abs(z.mean - 104)).toBeLessThan(0.1);
  });

  it("draws from measured values, from a distribution, and within bounds", async () => {
    const seen = async (scatter: Parameters<typeof propagateScatter>[2]["scatter"]): Promise<readonly number[]> => {
      const { properties } = await propagateScatter(linear(undefined), row, {
        scatter,
        random,
        probabilities: [0.001, 0.5, 0.999],
      });
      return properties[0].scatterQuantiles.map(({ value }) => (value - 5 + 8) / 3); // a again
    };
    expect(await seen({ a: { values: [7, 7, 9, 9] } })).toEqual([7, expect.closeTo(8, 9), 9]);
    const [low, , high] = await seen({ a: { quantile: (p) => 100 * p } });
    expect([low, high]).toEqual([expect.closeTo(0.1, 0), expect.closeTo(99.9, 0)]);
    const cut = await seen({ a: { sd: 5, min: 9.5, max: 10.5 } });
    expect(cut[0]).toBeGreaterThanOrEqual(9.5);
    expect(cut[2]).toBeLessThanOrEqual(10.5);
    expect(await seen({ a: { sd: 0 } })).toEqual([10, 10, 10]);
  });

  it("carries the unit of the row given, the model's intervals and domain through a trained model", async () => {
    const draw = createRandom(3);
    const lines = ["T (K),t (h),YS (MPa)"];
    for (let i = 0; i < 60; i++) {
      const [t, hours] = [700 + 200 * draw.next(), 1 + 5 * draw.next()];
      lines.push(`${t.toFixed(1)},${hours.toFixed(2)},${(1500 - t + 20 * hours + 4 * draw.normal()).toFixed(1)}`);
    }
    const table = readTable(`${lines.join("\n")}\n`, { file: "t.csv" });
    const { model } = await trainPropertyModel(
      table,
      { targets: ["YS"], model: "ridge", folds: 3 },
      { random: createRandom(1), threads: 1 },
    );
    const celsius = new Table([
      createNumberColumn("T", [800 - 273.15], { role: "process", unit: "degC" }),
      createNumberColumn("t", [3], { role: "process", unit: "h" }),
    ]);
    const { properties, shareOutside } = await propagateScatter(model, celsius, { scatter: { T: { sd: 10 } }, random });
    const [ys] = properties;
    expect(ys).toMatchObject({ target: "YS", unit: "MPa" });
    expect(Math.abs(ys.sdScatter - 10)).toBeLessThan(0.4); // slope −1 MPa/K
    expect(ys.sdModel!).toBeGreaterThan(2);
    expect(ys.sdModel!).toBeLessThan(8);
    expect(ys.quantiles![4].value - ys.quantiles![0].value).toBeGreaterThan(2 * 1.645 * 10);
    expect(shareOutside).toBeLessThan(0.1);
    const again = await propagateScatter(model, celsius, { scatter: { T: { sd: 10 } }, random: createRandom(1) });
    expect(again.properties[0].mean).toBe(
      (await propagateScatter(model, celsius, { scatter: { T: { sd: 10 } }, random: createRandom(1) })).properties[0]
        .mean,
    );
  });

  it("refuses what cannot scatter", async () => {
    const refuse = async (scatter: object, message: RegExp, given = row, more: object = {}): Promise<void> =>
      expect(propagateScatter(linear(1), given, { scatter: scatter as never, random, ...more })).rejects.toThrow(
        message,
      );
    await refuse({}, /no input scatters/);
    await refuse({ a: { sd: -1 } }, /"a": the scatter must be a finite number of at least 0, got -1/);
    await refuse({ a: { sd: 1, min: 11 } }, /value 10 lies outside min 11/);
    await refuse({ a: { values: [] } }, /at least one/);
    await refuse({ d: { sd: 1 } }, /no column "d"/);
    await refuse(
      { d: { sd: 1 } },
      /takes no input of this name; its inputs are a, b, c/,
      new Table([...row.columns, number("d", 1)]),
    );
    await refuse(
      { a: { sd: 1 } },
      /no value to scatter about/,
      new Table([number("a", Number.NaN), number("b", 1), number("c", 1)]),
    );
    await refuse({ a: { sd: 1 } }, /expected one row, got 2/, takeTableRows(row, [0, 0]));
    await refuse({ a: { sd: 1 } }, /nSamples/, row, { nSamples: 1 });
    await refuse({ a: { sd: 1 } }, /probabilities must lie between 0 and 1, got 1/, row, { probabilities: [1] });
  });
});
