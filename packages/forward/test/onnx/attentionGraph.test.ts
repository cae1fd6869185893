import { createElementAttention, exportOnnx } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { alloys } from "../attention/alloys.ts";
import { features } from "../data.ts";
import { differences, fit, TOLERANCE } from "./differences.ts";
import { runOnnx } from "./runOnnx.ts";

const small = { width: 8, heads: 2, layers: 2, hidden: 16, epochs: 4, folds: 2, nMembers: 2 } as const;

describe("attention over elements in an ONNX file", () => {
  it("gives what the model does: of few and many elements, and with a rest", async () => {
    const { x, y } = alloys(60, 3);
    const model = await fit(createElementAttention(small), x, y);
    // One element alone, and amounts that leave a fifth to what is no column.
    const pure = x.data.map((v, at) => (at % 7 === 6 ? v : at % 7 === 2 ? 1 : 0));
    const open = x.data.map((v, at) => (at % 7 === 6 ? v : 0.8 * v));
    for (const data of [x.data, pure, open]) {
      expect(Math.max(...(await differences(model, { ...x, data })))).toBeLessThan(TOLERANCE);
    }
  });

  it("predicts variances of rows for itself, compositions without further columns, amounts in wt%", async () => {
    const { x, y } = alloys(50, 5);
    const data = Float64Array.from({ length: 50 * 6 }, (_, i) => 100 * x.data[Math.floor(i / 6) * 7 + (i % 6)]);
    const columns = x.features.slice(0, 6).map(({ name }) => ({ name: name.slice(0, 2), unit: "wt%", source: [name] }));
    const alone = { ...features(50, 6, data), features: columns };
    const model = await fit(createElementAttention({ ...small, layers: 1, noise: "heteroscedastic" }), alone, y);
    expect(Math.max(...(await differences(model, alone)))).toBeLessThan(TOLERANCE);
  });

  it("gives NaN for an amount below 0, which the model refuses", async () => {
    const { x, y } = alloys(40, 6);
    const model = await fit(createElementAttention({ ...small, epochs: 1 }), x, y);
    const rows = { ...x, data: x.data.slice(), rows: 40 };
    rows.data[7] = -0.1;
    const { prediction } = await runOnnx(exportOnnx(model), rows);
    expect(prediction.data.map(Number.isFinite)).toEqual(Array.from({ length: 40 }, (_, i) => i !== 1));
    expect(() => model.predictSync(rows)).toThrow(/below 0|at least 0/);
  });
});
